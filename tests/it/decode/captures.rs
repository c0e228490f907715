//! Recorded connections of other libraries. All of them are valid.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::helpers::run::wsctl;

/// The paths of the captures: a client of each library and an echo server of websockets or ws.
fn captures() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/captures");
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path().display().to_string());
    paths.collect()
}

fn messages<'a>(records: &'a [Value], direction: &str) -> Vec<&'a Value> {
    let messages = records.iter().filter(|record| record["type"] == "message");
    let messages = messages.filter(|record| record["direction"] == direction);
    messages
        .map(|record| match &record["text"] {
            Value::Null => &record["hex"],
            text => text,
        })
        .collect()
}

#[test]
fn captures_have_no_findings_and_each_message_has_its_echo() {
    let captures = captures();
    assert!(captures.len() >= 7);
    for capture in captures {
        let outcome = wsctl(["decode", "-f", "json", "--file", &capture]);
        let records: Vec<Value> = outcome
            .text()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let findings: Vec<&Value> = records
            .iter()
            .filter(|record| ["finding", "gap"].contains(&record["type"].as_str().unwrap()))
            .collect();
        assert_eq!(findings, [&Value::Null; 0], "{capture}");
        assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""));
        let sent = messages(&records, "out");
        assert_eq!(sent, messages(&records, "in"), "{capture}");
        assert_eq!(sent[..2], ["Hello", "你好, 😀"], "{capture}");
        assert!(sent.len() >= 4);
        let is_compressed = |record: &Value| record.get("inflated_length").is_some();
        assert_eq!(
            records.iter().any(is_compressed),
            capture.ends_with("-deflate.txt"),
            "{capture}"
        );
    }
}
