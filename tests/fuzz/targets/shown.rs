//! Checks of what is printed about a peer's bytes.

/// Checks that an output has no control characters but line feeds.
pub(crate) fn drives_nothing(shown: &[u8]) {
    let text = std::str::from_utf8(shown).expect("what is shown is UTF-8");
    let is_plain = |char| char == '\n' || !wsctl::render::escape::is_unsafe(char);
    assert!(text.chars().all(is_plain), "{text:?}");
}

/// Checks that each line is a JSON object with a `type`.
pub(crate) fn is_json_lines(shown: &[u8]) {
    for line in shown.split_inclusive(|byte| *byte == b'\n') {
        let value: serde_json::Value = serde_json::from_slice(line).unwrap();
        assert!(value["type"].is_string());
    }
}
