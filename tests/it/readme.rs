//! The examples in the documents print what they show. `SNAPSHOTS=overwrite` writes the documents
//! anew.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;

use serde_json::Value;

use crate::helpers::documents::{DOCUMENTS, check_document, document};
use crate::helpers::log::{normalized, normalized_of_client};
use crate::helpers::run::shell;
use crate::helpers::server::Server;

/// A document with the output of each `$ command` in its `console` blocks replaced by that of
/// `run`, which takes the command and the old output.
fn with_outputs(document: &str, mut run: impl FnMut(&str, &str) -> String) -> String {
    let mut parts = document.split("```console\n");
    let mut text = parts.next().unwrap().to_owned();
    for part in parts {
        let (block, rest) = part.split_once("```").unwrap();
        text += "```console\n";
        for example in format!("\n{block}").split("\n$ ").skip(1) {
            let (command, output) = example.split_once('\n').unwrap_or((example, ""));
            let output = match output {
                "" => String::new(),
                output => format!("{}\n", output.trim_end_matches('\n')),
            };
            text.extend(["$ ", command, "\n", &run(command, &output)]);
        }
        text += "```";
        text += rest;
    }
    text
}

/// The commands of a document, with the output that it shows.
fn examples(path: &str) -> Vec<(String, String)> {
    let mut examples = Vec::new();
    with_outputs(&document(path), |command, output| {
        examples.push((command.to_owned(), output.to_owned()));
        String::new()
    });
    examples
}

/// What a command prints, without its exit status.
fn printed(command: &str) -> String {
    let printed = shell(command);
    let last = printed.lines().last().unwrap_or_default();
    match printed.strip_suffix(&format!("{last}\n")) {
        Some(rest) if last.starts_with("[status ") => rest.to_owned(),
        _ => printed,
    }
}

#[test]
fn examples_print_what_the_documents_show() {
    let mut count = 0;
    for path in DOCUMENTS {
        let expected = with_outputs(&document(path), |command, output| {
            count += 1;
            match command {
                "cargo test" => String::new(),
                "wsctl serve --port 9527" => with_times_of(output, &session_of_serve(), normalized),
                command if command.starts_with("wsctl connect ") => {
                    with_times_of(output, &session_of_connect(command), normalized_of_client)
                }
                command => printed(&command.replace("cargo run --release --", "wsctl")),
            }
        });
        check_document(path, &expected);
    }
    assert!(count > 12, "{count}");
}

#[test]
fn the_set_up_is_what_ci_runs() {
    let examples = examples("README.md").into_iter();
    let commands = examples.map(|(command, _)| command);
    let commands: Vec<String> = commands
        .filter(|command| command.starts_with("cargo "))
        .collect();
    assert_eq!(commands.len(), 2);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/.ci/run");
    // The packaged crate has no script.
    if let Ok(script) = fs::read_to_string(script) {
        let last = format!("step {}", commands[1]);
        assert_eq!(script.lines().last(), Some(last.as_str()));
    }
}

#[test]
fn the_readme_is_short() {
    let words = document("README.md").split_whitespace().count();
    assert!(words < 2000, "{words} words");
}

#[test]
fn each_link_to_a_file_leads_to_one() {
    for path in ["CHANGELOG.md", "benches/README.md", "tests/README.md"]
        .iter()
        .chain(&DOCUMENTS)
    {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for link in document(path).split("](").skip(1) {
            let target = link.split(')').next().unwrap();
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            if file.contains("://") {
                continue;
            }
            let linked = match file {
                "" => (*path).to_owned(),
                file => format!("{folder}/{file}"),
            };
            let linked = document(linked.trim_start_matches('/'));
            let headings = linked.lines().filter(|line| line.starts_with('#'));
            let anchors: Vec<String> = headings.map(anchor).collect();
            let is_found = heading.is_empty() || anchors.iter().any(|it| it == heading);
            assert!(is_found, "{path}: {target}");
        }
    }
}

/// The anchor that GitHub gives to a heading.
fn anchor(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text
        .chars()
        .filter(|char| char.is_alphanumeric() || " -_".contains(*char));
    kept.collect::<String>().replace(' ', "-")
}

#[test]
fn each_name_in_json_is_documented() {
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

/// All names in an object. Headers are arrays of two strings, whose names are not included.
fn names(object: &Value) -> Vec<String> {
    let Value::Object(fields) = object else {
        return Vec::new();
    };
    let inner = fields.values().flat_map(names);
    fields.keys().cloned().chain(inner).collect()
}

/// The log of the session that the README shows, without what differs from run to run.
fn session_of_serve() -> Vec<String> {
    let server = Server::start(&[]);
    let connection = |bytes: &[u8]| {
        let mut stream = server.open_with(bytes);
        stream.read_to_end(&mut Vec::new()).unwrap();
        server.log_until(" - ")
    };
    let frames: [&[u8]; 3] = [
        b"\x81\x87\x0e\xc3\xf3\xcd;\xf6\xc6\xf8;\xf6\xc6",
        b"\x89\x82\x37\xfa\x21\x3d\x5f\x93",
        b"\x88\x85\x91\xab\x02\xff\x92\x43\x60\x86\xf4",
    ];
    let mut log = vec![normalized(server.listening_line())];
    log.extend(connection(&frames.concat()));
    log.extend(connection(b"\x81\x05Hello"));
    server.interrupt();
    log.push("^C".to_owned());
    log.extend(server.remaining_lines());
    log
}

/// What a command prints that connects to a server on port 9527, without what differs from run to
/// run. The server has the fault that a comment of the command names.
fn session_of_connect(command: &str) -> Vec<String> {
    let (command, options) = command
        .split_once("  # wsctl serve")
        .unwrap_or((command, ""));
    let server = Server::start(&options.split_whitespace().collect::<Vec<_>>());
    let command = command.replace("127.0.0.1:9527", server.address());
    // Two threads write the two outputs: their order is not that of the lines.
    let printed = printed(&format!(
        "exec 3>&1; errors=$({command} 2>&1 >&3); status=$?; \
         [ -z \"$errors\" ] || printf '%s\\n' \"$errors\"; exit $status"
    ));
    printed.lines().map(normalized_of_client).collect()
}

/// The lines of a log, with the times and ports of the same lines in an earlier log.
fn with_times_of(earlier: &str, log: &[String], normalized: fn(&str) -> String) -> String {
    let mut earlier = earlier.lines();
    let lines = log.iter().map(|line| {
        let mut rest = earlier.clone();
        let same = rest.find(|it| normalized(it) == *line);
        if same.is_some() {
            earlier = rest;
        }
        format!("{}\n", same.unwrap_or(line))
    });
    lines.collect()
}
