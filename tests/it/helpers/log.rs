//! Compares lines of the log although times and ports differ from run to run.

/// A line of the log with its times, durations and ports replaced by constants.
pub(crate) fn normalized(line: &str) -> String {
    let is_time = |text: &str| {
        text.len() == 12
            && text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || b":.".contains(&byte))
    };
    let words = line
        .split(' ')
        .map(|word| match word.split_once("127.0.0.1:") {
            _ if is_time(word) => "10:02:12.003".to_owned(),
            Some((before, _)) => format!("{before}127.0.0.1:51034"),
            None => word.to_owned(),
        });
    let line = words.collect::<Vec<_>>().join(" ");
    match line.split_once(" after ") {
        Some((before, after)) if after.contains(" s; ") => {
            format!(
                "{before} after 3.6 s; {}",
                after.split_once(" s; ").unwrap().1
            )
        }
        _ => line,
    }
}

/// A line that `wsctl connect` prints, with its times, ports, keys and masks replaced by constants.
pub(crate) fn normalized_of_client(line: &str) -> String {
    let mut line = line.to_owned();
    let is_time = |text: &str| {
        let shape = text
            .bytes()
            .map(|byte| if byte.is_ascii_digit() { b'0' } else { byte });
        shape.eq(*b"00:00:00.000")
    };
    if line.get(..12).is_some_and(is_time) {
        line.replace_range(..12, "10:02:12.003");
    }
    for (before, constant) in [
        ("127.0.0.1:", "51034"),
        ("localhost:", "51034"),
        (", masked ", "0ec3f3cd"),
        (" key ", "KEY"),
        (", accept ", "ACCEPT"),
        ("Sec-WebSocket-Key: ", "KEY"),
        ("Sec-WebSocket-Accept: ", "ACCEPT"),
        (" after ", "3.6"),
        ("dns ", "2"),
        ("tcp ", "2"),
        ("tls ", "2"),
        ("upgrade ", "2"),
    ] {
        // `after 1 message` is not a time.
        let is_time = before != " after " || line.contains(" in, ");
        if is_time {
            line = with_constant(&line, before, constant);
        }
    }
    line
}

/// Replaces the word after `before` by a constant, where it is a number or a key.
fn with_constant(line: &str, before: &str, constant: &str) -> String {
    let Some(at) = line.find(before) else {
        return line.to_owned();
    };
    let start = at + before.len();
    let rest = &line[start..];
    let end = rest
        .find([' ', ',', ']', '/', ')', ';'])
        .filter(|_| !constant.starts_with(char::is_uppercase))
        .or_else(|| rest.find([' ', ',']))
        .unwrap_or(rest.len());
    let is_value = constant.starts_with(char::is_uppercase)
        || rest.starts_with(|char: char| char.is_ascii_hexdigit());
    if !is_value {
        return line.to_owned();
    }
    [&line[..start], constant, &rest[end..]].concat()
}
