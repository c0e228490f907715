//! Many faults of one kind, of which a few tell as much as all of them.

use crate::diagnosis::Finding;

/// So many findings of one kind are told. Each shows its line, and one line may have
/// thousands of faults: all of them would be the square of it.
const MOST: usize = 10;

/// The findings of the first faults of each kind, in their order; the last that is told of
/// a kind says how many more there are.
pub(super) fn first_of_each<F: Copy, K: PartialEq>(
    faults: impl IntoIterator<Item = F>,
    kind_of: impl Fn(F) -> K,
    mut tell: impl FnMut(F) -> Finding,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut kinds: Vec<Told<K>> = Vec::new();
    for fault in faults {
        let kind = kind_of(fault);
        let at = kinds.iter().position(|known| known.kind == kind);
        let at = at.unwrap_or_else(|| {
            kinds.push(Told::new(kind));
            kinds.len() - 1
        });
        let Some(told) = kinds.get_mut(at) else {
            continue;
        };
        told.count += 1;
        if told.count <= MOST {
            told.last = findings.len();
            findings.push(tell(fault));
        }
    }
    for told in kinds.iter().filter(|told| told.count > MOST) {
        if let Some(finding) = findings.get_mut(told.last) {
            let more = format!("; {} more of this kind follow", told.count - MOST);
            finding.message.push_str(&more);
        }
    }
    findings
}

/// What is known of the faults of one kind.
struct Told<K> {
    kind: K,
    count: usize,
    /// Which finding is the last one of them.
    last: usize,
}

impl<K> Told<K> {
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
    use crate::diagnosis::judge_handshake;
    use crate::ws::handshake::{Handshake, LineEnds};

    const REQUEST: &str = "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\
        Connection: Upgrade\r\nSec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\r\n\
        Sec-WebSocket-Version: 13\r\n";
    const RESPONSE: &str = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\
        Connection: Upgrade\r\nSec-WebSocket-Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=\r\n";

    /// Enough items that whatever asks each of them about each other one, or shows each
    /// with the line it is in, needs minutes, or more memory than there is.
    const MANY: usize = 200_000;

    /// So many items, by their numbers.
    fn many(item: impl Fn(usize) -> String, separator: &str) -> String {
        (0..MANY).map(item).collect::<Vec<_>>().join(separator)
    }

    /// How many findings a handshake has that has these headers too, and what the last of
    /// them says behind its own sentence.
    fn told(asked: &str, answered: &str) -> (usize, String) {
        let request = format!("{REQUEST}{asked}\r\n");
        let response = format!("{RESPONSE}{answered}\r\n");
        let response = (!answered.is_empty()).then_some(response.as_bytes());
        let handshake = Handshake::read(Some(request.as_bytes()), response, LineEnds::OnTheWire);
        let findings = judge_handshake(&handshake);
        let message = findings.last().map(|finding| finding.message.clone());
        let behind = message.unwrap_or_default();
        let behind = behind
            .rsplit_once("; ")
            .map(|(_, behind)| behind.to_owned());
        (findings.len(), behind.unwrap_or_default())
    }

    #[test]
    fn a_few_of_each_kind_are_told_and_the_others_counted() {
        let tell = |fault: usize| {
            Finding::new(
                &crate::diagnosis::catalogue::HTTP_BAD_LINES,
                fault.to_string(),
            )
        };
        // Multiples of 20 are a kind of their own.
        let findings = first_of_each(0..MOST * 4, |fault| fault % 20 == 0, tell);
        let told: Vec<String> = findings
            .iter()
            .map(|finding| finding.message.clone())
            .collect();
        let mut expected: Vec<String> = (0..=MOST).map(|fault| fault.to_string()).collect();
        expected[MOST].push_str("; 28 more of this kind follow");
        expected.push("20".to_owned());
        assert_eq!(told, expected);
    }

    #[test]
    fn a_list_of_any_length_is_judged_in_one_pass() {
        let list = many(|number| format!("p{number}"), ", ");
        let protocols = format!("Sec-WebSocket-Protocol: {list}\r\n");
        assert_eq!(told(&protocols, ""), (0, String::new()));
        let extensions = format!("Sec-WebSocket-Extensions: {list}\r\n");
        assert_eq!(told(&extensions, &extensions), (0, String::new()));
    }

    #[test]
    fn faults_of_one_kind_do_not_each_show_the_line_they_are_in() {
        let expected = |count| (MOST, format!("{} more of this kind follow", count - MOST));
        let of = |name: &str, list: &str| told(&format!("{name}: {list}\r\n"), "");
        let twice = many(|number| format!("p{}", number / 2), ", ");
        assert_eq!(of("Sec-WebSocket-Protocol", &twice), expected(MANY / 2));
        let no_tokens = many(|number| format!("p/{number}"), ", ");
        assert_eq!(of("Sec-WebSocket-Protocol", &no_tokens), expected(MANY));
        let offers = many(|_| "permessage-deflate; a".to_owned(), ", ");
        assert_eq!(of("Sec-WebSocket-Extensions", &offers), expected(MANY));
        let answers = many(|number| format!("p{number}"), ", ");
        let answers = format!("Sec-WebSocket-Extensions: {answers}\r\n");
        assert_eq!(told("", &answers), expected(MANY));
        let lines = many(|number| format!("p{number}"), "\r\n");
        assert_eq!(told(&format!("{lines}\r\n"), ""), expected(MANY));
    }
}
