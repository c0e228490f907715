//! Limits the findings of one kind: the first ones are reported, the others counted.

use crate::diagnosis::Finding;

/// The limit. Each finding shows its line, and one line may have thousands of errors: output
/// without a limit would grow with the square of the line's length.
const LIMIT: usize = 10;

/// The findings for the first errors of each kind, in the order of the errors. The last finding
/// of a kind gives the number of errors left out.
pub(super) fn first_of_each<F: Copy, K: PartialEq>(
    errors: impl IntoIterator<Item = F>,
    kind_of: impl Fn(F) -> K,
    mut finding_of: impl FnMut(F) -> Finding,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut kinds: Vec<Reported<K>> = Vec::new();
    for error in errors {
        let kind = kind_of(error);
        let at = kinds.iter().position(|known| known.kind == kind);
        let at = at.unwrap_or_else(|| {
            kinds.push(Reported::new(kind));
            kinds.len() - 1
        });
        let Some(reported) = kinds.get_mut(at) else {
            continue;
        };
        reported.count += 1;
        if reported.count <= LIMIT {
            reported.last = findings.len();
            findings.push(finding_of(error));
        }
    }
    for reported in kinds.iter().filter(|reported| reported.count > LIMIT) {
        if let Some(finding) = findings.get_mut(reported.last) {
            let more = format!("; {} more of this kind follow", reported.count - LIMIT);
            finding.message.push_str(&more);
        }
    }
    findings
}

/// The findings of one kind so far.
struct Reported<K> {
    kind: K,
    count: usize,
    /// The index of the last finding of this kind.
    last: usize,
}

impl<K> Reported<K> {
    const fn new(kind: K) -> Self {
        Self {
            kind,
            count: 0,
            last: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::diagnose_handshake;
    use crate::ws::handshake::{Handshake, LineEnds};

    const REQUEST: &str = "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\
        Connection: Upgrade\r\nSec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\r\n\
        Sec-WebSocket-Version: 13\r\n";
    const RESPONSE: &str = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\
        Connection: Upgrade\r\nSec-WebSocket-Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=\r\n";

    /// Enough elements that an algorithm of quadratic time or output needs minutes, or more
    /// memory than a computer has.
    const MANY: usize = 200_000;

    /// That many elements, made from their indices.
    fn many(item: impl Fn(usize) -> String, separator: &str) -> String {
        (0..MANY).map(item).collect::<Vec<_>>().join(separator)
    }

    /// The number of findings for a handshake with these additional headers, and what the last
    /// finding says after its own sentence.
    fn findings_and_rest(asked: &str, answered: &str) -> (usize, String) {
        let request = format!("{REQUEST}{asked}\r\n");
        let response = format!("{RESPONSE}{answered}\r\n");
        let response = (!answered.is_empty()).then_some(response.as_bytes());
        let handshake = Handshake::read(Some(request.as_bytes()), response, LineEnds::OnTheWire);
        let findings = diagnose_handshake(&handshake);
        let message = findings.last().map(|finding| finding.message.clone());
        let message = message.unwrap_or_default();
        let added = message.rsplit_once("; ").map(|(_, added)| added.to_owned());
        (findings.len(), added.unwrap_or_default())
    }

    #[test]
    fn the_first_of_each_kind_are_reported_and_the_others_counted() {
        let finding = |error: usize| {
            Finding::new(
                &crate::diagnosis::catalogue::HTTP_BAD_LINES,
                error.to_string(),
            )
        };
        // Multiples of 20 are a kind of their own.
        let findings = first_of_each(0..LIMIT * 4, |error| error % 20 == 0, finding);
        let messages: Vec<String> = findings
            .iter()
            .map(|finding| finding.message.clone())
            .collect();
        let mut expected: Vec<String> = (0..=LIMIT).map(|error| error.to_string()).collect();
        expected[LIMIT].push_str("; 28 more of this kind follow");
        expected.push("20".to_owned());
        assert_eq!(messages, expected);
    }

    #[test]
    fn a_long_list_is_validated_in_linear_time() {
        let list = many(|number| format!("p{number}"), ", ");
        let protocols = format!("Sec-WebSocket-Protocol: {list}\r\n");
        assert_eq!(findings_and_rest(&protocols, ""), (0, String::new()));
        let extensions = format!("Sec-WebSocket-Extensions: {list}\r\n");
        assert_eq!(
            findings_and_rest(&extensions, &extensions),
            (0, String::new())
        );
    }

    #[test]
    fn many_errors_in_one_line_give_few_findings() {
        let expected = |count| (LIMIT, format!("{} more of this kind follow", count - LIMIT));
        let of = |name: &str, list: &str| findings_and_rest(&format!("{name}: {list}\r\n"), "");
        let twice = many(|number| format!("p{}", number / 2), ", ");
        assert_eq!(of("Sec-WebSocket-Protocol", &twice), expected(MANY / 2));
        let no_tokens = many(|number| format!("p/{number}"), ", ");
        assert_eq!(of("Sec-WebSocket-Protocol", &no_tokens), expected(MANY));
        let offers = many(|_| "permessage-deflate; a".to_owned(), ", ");
        assert_eq!(of("Sec-WebSocket-Extensions", &offers), expected(MANY));
        let answers = many(|number| format!("p{number}"), ", ");
        let answers = format!("Sec-WebSocket-Extensions: {answers}\r\n");
        assert_eq!(findings_and_rest("", &answers), expected(MANY));
        let lines = many(|number| format!("p{number}"), "\r\n");
        assert_eq!(
            findings_and_rest(&format!("{lines}\r\n"), ""),
            expected(MANY)
        );
    }
}
