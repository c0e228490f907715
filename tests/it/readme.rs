//! The examples of the README and of `docs` do what they show, byte for byte.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;

use serde_json::Value;

use crate::helpers::documents::document;
use crate::helpers::log::steady;
use crate::helpers::run::shell;
use crate::helpers::server::Server;

/// A command of an example, and what is shown below it.
struct Example {
    command: String,
    output: String,
}

/// Every `$ command` in a `console` block.
fn examples() -> Vec<Example> {
    let readme = document("README.md");
    let blocks = readme
        .split("```console\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap());
    let mut examples: Vec<Example> = Vec::new();
    for line in blocks.flat_map(str::lines) {
        if let Some(command) = line.strip_prefix("$ ") {
            examples.push(Example {
                command: command.to_owned(),
                output: String::new(),
            });
        } else {
            examples.last_mut().unwrap().output.extend([line, "\n"]);
        }
    }
    examples
}

/// What the README shows of a command: all but its status.
fn shown(command: &str) -> String {
    let shown = shell(command);
    let last = shown.lines().last().unwrap_or_default();
    match shown.strip_suffix(&format!("{last}\n")) {
        Some(rest) if last.starts_with("[status ") => rest.to_owned(),
        _ => shown,
    }
}

#[test]
fn every_example_prints_what_it_shows() {
    let mut count = 0;
    for Example { command, output } in examples() {
        let command = command.replace("cargo run --release --", "wsctl");
        if command == "cargo test" || command.starts_with("wsctl serve") {
            continue;
        }
        assert_eq!(shown(&command), output, "$ {command}");
        count += 1;
    }
    assert!(count > 12, "{count}");
}

#[test]
fn the_set_up_is_what_ci_runs() {
    let set_up = examples()
        .into_iter()
        .filter(|example| example.command.starts_with("cargo "));
    let commands: Vec<String> = set_up.map(|example| example.command).collect();
    assert_eq!(commands.len(), 2);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/.ci/run");
    // A packaged crate has the tests without the script.
    if let Ok(script) = fs::read_to_string(script) {
        assert_eq!(
            script.lines().last(),
            Some(format!("step {}", commands[1]).as_str())
        );
    }
}

#[test]
fn every_name_in_json_is_documented() {
    let section = document("src/render/json/README.md");
    let commands = [
        "wsctl decode -f json --from client 01820000000068 0d0a 8105 48656c6c6f f37e0001 8805 03e8 62",
        "wsctl decode -f json --file tests/data/conversation.txt",
        "wsctl decode -f json 810161 0d0a 810162",
        "wsctl decode -f json --max-message 3 8104 ffffffff 8204 01020304",
        "wsctl handshake -f json tests/data/handshake.txt",
        "wsctl handshake -f json tests/data/conversation.txt",
    ];
    let mut types = BTreeSet::new();
    for command in commands {
        for line in shell(command).lines().filter(|line| line.starts_with('{')) {
            let record: Value = serde_json::from_str(line).unwrap();
            types.insert(record["type"].to_string());
            for name in names(&record) {
                assert!(section.contains(&format!("`{name}`")), "{name} of {line}");
            }
        }
    }
    for name in &types {
        assert!(section.contains(&name.replace('"', "`")), "{name}");
    }
    assert_eq!(types.len(), 6);
}

/// All names in a record, but for those that are values: headers are pairs.
fn names(record: &Value) -> Vec<String> {
    let Value::Object(fields) = record else {
        return Vec::new();
    };
    let inner = fields.values().flat_map(names);
    fields.keys().cloned().chain(inner).collect()
}

#[test]
fn the_session_of_serve_is_a_real_one() {
    let shown = examples()
        .into_iter()
        .find(|example| example.command.starts_with("wsctl serve"));
    let Example { command, output } = shown.unwrap();
    assert_eq!(command, "wsctl serve --port 9527");
    let server = Server::start(&[]);
    let talk = |bytes: &[u8]| {
        let mut stream = server.open_with(bytes);
        stream.read_to_end(&mut Vec::new()).unwrap();
        server.log_until(" - ")
    };
    let frames: [&[u8]; 3] = [
        b"\x81\x87\x0e\xc3\xf3\xcd;\xf6\xc6\xf8;\xf6\xc6",
        b"\x89\x82\x37\xfa\x21\x3d\x5f\x93",
        b"\x88\x85\x91\xab\x02\xff\x92\x43\x60\x86\xf4",
    ];
    let mut log = talk(&frames.concat());
    log.extend(talk(b"\x81\x05Hello"));
    server.interrupt();
    log.push("^C".to_owned());
    log.extend(server.log_until("goodbye"));
    let mut shown = output.lines().map(steady);
    assert_eq!(shown.next(), Some(steady(server.greeting())));
    assert_eq!(shown.collect::<Vec<_>>(), log);
}
