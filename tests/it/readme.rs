//! The README's examples do what they show, byte for byte.

use std::fs;
use std::io::Read as _;

use super::runner::shell;
use super::serve::{Server, steady};

/// A command of an example, and what is shown below it.
struct Example {
    command: String,
    output: String,
}

fn readme() -> String {
    fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap()
}

/// Every `$ command` in a `console` block.
fn examples() -> Vec<Example> {
    let readme = readme();
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
fn the_session_of_serve_is_a_real_one() {
    let shown = examples()
        .into_iter()
        .find(|example| example.command.starts_with("wsctl serve"));
    let Example { command, output } = shown.unwrap();
    assert_eq!(command, "wsctl serve --port 9527");
    let server = Server::start(&[]);
    let talk = |octets: &[u8]| {
        let mut stream = server.open_with(octets);
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
