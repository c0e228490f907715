//! Splits texts into words that can be compared: case, punctuation, addresses and the
//! spelling of a few words do not matter.

/// The words and numbers of a text, in lower case. URLs are left out: an address is another
/// one each time. `camelCase` is two words, `WebSocket` is one. A reserved bit that is set
/// is one word: `reserved1 = 1, reserved2 = 0`, `RSV1` and `RSV_1` are `rsv1`.
pub(super) fn words(text: &str) -> Vec<String> {
    let text = without_urls(text).replace('\u{2019}', "'");
    let separated = separate_camel_case(&text).to_lowercase();
    let parts = separated.split(|char: char| !char.is_alphanumeric() && char != '\'');
    let parts = parts
        .map(|part| part.trim_matches('\''))
        .filter(|part| !part.is_empty());
    let mut parts = parts.peekable();
    let mut words: Vec<String> = Vec::new();
    while let Some(part) = parts.next() {
        match part {
            "utf8" => words.extend(["utf".to_owned(), "8".to_owned()]),
            "socket" if words.last().is_some_and(|last| last == "web") => {
                words.pop();
                words.push("websocket".to_owned());
            }
            "rsv" | "rsv1" | "rsv2" | "rsv3" | "reserved1" | "reserved2" | "reserved3" => {
                let digit = part.trim_start_matches(char::is_alphabetic);
                let digit = if digit.is_empty() {
                    parts.next_if(|next| matches!(*next, "1" | "2" | "3"))
                } else {
                    Some(digit)
                };
                let value = parts.next_if(|next| matches!(*next, "0" | "1"));
                match digit {
                    Some(digit) if value != Some("0") => words.push(format!("rsv{digit}")),
                    Some(_) => {}
                    None => words.push(part.to_owned()),
                }
            }
            _ => words.push(part.to_owned()),
        }
    }
    words
}

/// The text with a blank in place of each URL, and without the `' failed:` after it.
fn without_urls(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::with_capacity(text.len());
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at);
        let scheme = before.trim_end_matches(|char: char| char.is_ascii_alphanumeric());
        let end = after.find(|char: char| char.is_whitespace() || "'\"`()<>,".contains(char));
        let (url, after) = after.split_at(end.unwrap_or(after.len()));
        kept.push_str(scheme);
        kept.push(' ');
        // A scheme alone, as in `ws://`, is a word of the text.
        if url == "://" {
            kept.push_str(before.get(scheme.len()..).unwrap_or_default());
        }
        rest = after;
    }
    kept + rest
}

/// The text with a blank where a small letter or a digit meets a capital: `camel Case`.
fn separate_camel_case(text: &str) -> String {
    let mut separated = String::with_capacity(text.len() + 16);
    let mut last = ' ';
    for char in text.chars() {
        if last.is_lowercase() && char.is_uppercase() {
            separated.push(' ');
        }
        separated.push(char);
        last = char;
    }
    separated
}

/// Whether a word is a number.
pub(super) fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a word can be a close code: a number of four digits.
pub(super) fn is_close_code(word: &str) -> bool {
    is_number(word) && word.len() == 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_bit_is_one_word_and_a_clear_one_is_none() {
        assert_eq!(
            words("Reserved1 = 1, reserved2 = 0, RSV3 must be 'UTF8' (1002)"),
            ["rsv1", "rsv3", "must", "be", "utf", "8", "1002"]
        );
        assert_eq!(
            words("WS_ERR_UNEXPECTED_RSV_1"),
            ["ws", "err", "unexpected", "rsv1"]
        );
    }

    #[test]
    fn camel_case_is_split_and_websocket_is_not() {
        assert_eq!(
            words("Protocol(UnmaskedFrameFromClient)"),
            ["protocol", "unmasked", "frame", "from", "client"]
        );
        assert_eq!(words("WebSocket: websocket"), ["websocket", "websocket"]);
    }

    #[test]
    fn urls_are_left_out() {
        let text = "WebSocket connection to 'ws://localhost:9527/a' failed: closed";
        assert_eq!(
            words(text),
            ["websocket", "connection", "to", "failed", "closed"]
        );
        assert_eq!(words("starting with 'ws://'"), ["starting", "with", "ws"]);
    }
}
