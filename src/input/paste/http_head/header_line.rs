//! Header lines: `name: value`. All readers of heads use it.

/// The name of a header line; None if the line is no header.
pub(super) fn header_name(line: &str) -> Option<&str> {
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    let size = line.bytes().take_while(is_token).count();
    let value = line.get(size..)?.strip_prefix(':')?;
    let is_name = size > 0 && !value.starts_with("//");
    is_name.then(|| line.get(..size)).flatten()
}

/// Whether a word before a colon is probably the name of a header, not the end of a value.
pub(super) fn is_plausible(name: &str) -> bool {
    name.contains('-') || KNOWN.iter().any(|known| known.eq_ignore_ascii_case(name))
}

const KNOWN: &[&str] = &[
    "Host",
    "Upgrade",
    "Connection",
    "Origin",
    "Pragma",
    "Cookie",
    "Accept",
    "Server",
    "Date",
    "Via",
    "Vary",
    "Referer",
    "Authorization",
    "DNT",
    "Location",
    "Age",
    "Allow",
    "Expires",
];

/// The name and the value of a header line, also as a line of an object: `'host': 'a',`.
pub(super) fn header_line(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let (name, value) = line.split_once(':')?;
    let name = name.trim();
    let bare = name.trim_matches(['\'', '"']);
    let value = value.trim();
    let is_quoted = value.starts_with(['\'', '"']);
    let value = if is_quoted {
        let value = value.trim_end_matches([',', '}', ' ']);
        value.trim_matches(['\'', '"'])
    } else {
        value
    };
    let is_token = |char: char| char.is_ascii_alphanumeric() || "-_".contains(char);
    let is_name = !bare.is_empty()
        && bare.len() < 64
        && bare.starts_with(|char: char| char.is_ascii_alphabetic())
        && bare.chars().all(is_token);
    let is_bytes = value.contains("\\x");
    (is_name && !is_bytes && !value.starts_with("//")).then_some((bare, value))
}
