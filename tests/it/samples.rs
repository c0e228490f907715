//! Frames that servers printed and keys that browsers sent, with each command that can read them.

use crate::helpers::run::{wsctl, wsctl_reading};

/// The lines of a file, split at the tab.
fn pairs(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    text.lines().map(|line| line.split_once('\t').unwrap())
}

#[test]
fn the_samples_are_all_there() {
    assert_eq!(frames().count(), 4);
    assert_eq!(pairs(include_str!("../data/keys.txt")).count(), 7);
}

fn frames() -> impl Iterator<Item = (&'static str, &'static str)> {
    pairs(include_str!("../data/frames.txt")).filter(|(_, text)| !text.starts_with("cut: "))
}

#[test]
fn decode_gives_the_text() {
    for (bytes, text) in frames() {
        let shell_ate_the_quotes = format!("b{}", &bytes[2..bytes.len() - 1]);
        for written in [bytes, &shell_ate_the_quotes] {
            assert_eq!(wsctl(["decode", written]).to_string(), format!("{text}\n"));
            let outcome = wsctl_reading(["decode"], written.as_bytes());
            assert_eq!(outcome.to_string(), format!("{text}\n"));
        }
        assert_eq!(wsctl(["decode", "--from", "client", bytes]).status, 0);
    }
}

#[test]
fn encode_gives_the_bytes_back() {
    for (bytes, text) in frames() {
        let hex = wsctl(["decode", "-f", "json", bytes]).to_string();
        let frame: serde_json::Value = serde_json::from_str(hex.lines().next().unwrap()).unwrap();
        let key = frame["masking_key"].as_str().unwrap();
        let outcome = wsctl(["encode", "--mask-key", key, "--output", "python", text]);
        assert_eq!(outcome.to_string(), format!("{bytes}\n"));
    }
}

#[test]
fn an_incomplete_frame_is_shown_in_part() {
    let cut = pairs(include_str!("../data/frames.txt")).find(|(_, text)| text.starts_with("cut: "));
    let (bytes, _) = cut.unwrap();
    let outcome = wsctl(["decode", bytes]);
    assert_eq!(
        outcome.stdout,
        b"\xe5\x85\x88\xe5\xb8\x9d\xe5\x88\x9b\xe4\xb8\x9a\xe6\x9c\xaa\xe5\x8d\x8a\xe8\x80\n"
    );
    let first = outcome.stderr.lines().next();
    assert_eq!(
        first,
        Some("warning[len-beyond-data]: 712 of 732 payload bytes missing")
    );
    assert_eq!(outcome.status, 1);
    assert_eq!(
        wsctl(["decode", "-q", "-v", bytes]).to_string(),
        "> text \"先帝创业未半\\xe8\\x80\" [20 of 732 bytes, masked 5d9e7e3a]\n--- status 1\n"
    );
}

#[test]
fn accept_computes_the_values_that_browsers_accepted() {
    for (key, accept) in pairs(include_str!("../data/keys.txt")) {
        assert_eq!(wsctl(["accept", key]).to_string(), format!("{accept}\n"));
        assert_eq!(wsctl(["accept", "--check", accept, key]).status, 0);
    }
}
