//! Who sent bytes, by the words and arrows before them. `envelope` and the readers of formats use it.

use crate::input::Direction;

/// Who sent something, by a mark or a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Sent {
    /// The program that wrote the log sent it (`send`, `TX`, `>`).
    Out,
    /// The program that wrote the log received it (`recv`, `RX`, `<`).
    In,
    /// The client sent it, no matter who wrote the log (`request`, `from client`).
    ByClient,
    /// The server sent it (`response`, `to client`).
    ByServer,
}

impl Sent {
    /// The direction seen from the client, if the log is a client's, or one of a server.
    pub(super) const fn direction(self, is_servers_log: bool) -> Direction {
        match (self, is_servers_log) {
            (Self::Out, false) | (Self::In, true) | (Self::ByClient, _) => Direction::Outgoing,
            (Self::In, false) | (Self::Out, true) | (Self::ByServer, _) => Direction::Incoming,
        }
    }

    /// Whether the sender depends on who wrote the log.
    pub(super) const fn is_relative(self) -> bool {
        matches!(self, Self::Out | Self::In)
    }
}

const OUT: &[&str] = &[
    "send",
    "sends",
    "sent",
    "sending",
    "write",
    "writes",
    "writing",
    "wrote",
    "written",
    "out",
    "outgoing",
    "outbound",
    "output",
    "tx",
    "transmit",
    "transmitted",
    "emit",
    "emitted",
    "sendall",
    "sendto",
    "ssl_write",
    "sent:",
    "snd",
    "upload",
    "gesendet",
    "sende",
    "sendet",
    "schickt",
    "geschickt",
    "отправлено",
    "отправил",
    "отправка",
    "послано",
    "envoyé",
    "envoyée",
    "enviado",
    "enviada",
    "inviato",
    "wysłano",
];
const IN: &[&str] = &[
    "recv",
    "recvs",
    "receive",
    "receives",
    "received",
    "receiving",
    "read",
    "reads",
    "reading",
    "in",
    "incoming",
    "inbound",
    "input",
    "rx",
    "rcv",
    "rcvd",
    "got",
    "recvfrom",
    "ssl_read",
    "onmessage",
    "download",
    "onreceivedata",
    "empfangen",
    "empfange",
    "erhalten",
    "получено",
    "получил",
    "принято",
    "приём",
    "reçu",
    "reçue",
    "recibido",
    "recibida",
    "recebido",
    "recebida",
    "ricevuto",
    "odebrano",
];

/// Who sent the bytes after words such as `recv 7 bytes from client`.
///
/// `from` and `to` before `client` or `server` decide; then an end that is said to send or receive
/// (`server received`); then an end alone (`client:`); then `send` or `recv` alone.
pub(super) fn of_words(words: &str) -> Option<Sent> {
    let mut verb = None;
    let mut end = None;
    let mut preposition = None;
    for word in words.split(|char: char| !char.is_alphanumeric() && char != '_') {
        let word = if word.is_ascii() {
            word.to_ascii_lowercase()
        } else {
            word.to_lowercase()
        };
        match word.as_str() {
            "from" | "by" | "来自" | "vom" | "von" | "от" => preposition = Some(true),
            "to" | "for" | "an" => preposition = Some(false),
            "client" | "browser" | "server" | "клиента" | "сервера" => {
                let is_client = !matches!(word.as_str(), "server" | "сервера");
                if let Some(is_sender) = preposition {
                    return Some(by(is_client == is_sender));
                }
                end.get_or_insert(is_client);
            }
            "c2s" | "s2c" => return Some(by(word == "c2s")),
            "c" | "s" => {
                if let Some(sent) = of_letters(words) {
                    return Some(sent);
                }
            }
            "request" | "peer0" => verb = verb.or(Some(Sent::ByClient)),
            "response" | "reply" | "peer1" => verb = verb.or(Some(Sent::ByServer)),
            _ if OUT.contains(&word.as_str()) => verb = verb.or(Some(Sent::Out)),
            _ if IN.contains(&word.as_str()) => verb = verb.or(Some(Sent::In)),
            _ => {
                verb = verb.or_else(|| chinese_verb(&word));
                end = end.or_else(|| chinese_end(&word));
            }
        }
    }
    match (end, verb) {
        (Some(is_client), Some(Sent::Out) | None) => Some(by(is_client)),
        (Some(is_client), Some(Sent::In)) => Some(by(!is_client)),
        (_, verb) => verb,
    }
}

/// Who sent the bytes after `C->S`, `S > C` or `[S→C]`: the letters stand for client and server.
fn of_letters(words: &str) -> Option<Sent> {
    let is_shaft = |char: char| matches!(char, '-' | '=' | ' ');
    let is_client = |end: &str| match end {
        "c" | "C" => Some(true),
        "s" | "S" => Some(false),
        _ => None,
    };
    let is_in_word = |char: char| char.is_alphanumeric() || char == '_';
    words
        .match_indices(['>', '<', '→', '←'])
        .find_map(|(at, tip)| {
            let left = words.get(..at)?.trim_end_matches(is_shaft);
            let right = words.get(at + tip.len()..)?.trim_start_matches(is_shaft);
            let left = left.rsplit(|char| !is_in_word(char)).next()?;
            let right = right.split(|char| !is_in_word(char)).next()?;
            let (left, right) = (is_client(left)?, is_client(right)?);
            let sender = if matches!(tip, ">" | "→") {
                left
            } else {
                right
            };
            (left != right).then(|| by(sender))
        })
}

/// Who sent the bytes after a line that ends with a method: `Data from Socket#2383799::Send`.
pub(super) fn of_method(line: &str) -> Option<Sent> {
    let (_, name) = line.trim_end().rsplit_once("::")?;
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    of_words(name).filter(|_| is_name)
}

const fn by(is_client: bool) -> Sent {
    if is_client {
        Sent::ByClient
    } else {
        Sent::ByServer
    }
}

fn chinese_verb(word: &str) -> Option<Sent> {
    let has = |words: &[&str]| words.iter().any(|part| word.contains(part));
    if has(&["发送", "发出", "發送", "送信", "보낸"]) {
        Some(Sent::Out)
    } else if has(&["收到", "接收", "接受", "受信", "받은"]) {
        Some(Sent::In)
    } else {
        None
    }
}

fn chinese_end(word: &str) -> Option<bool> {
    if word.contains("客户端") || word.contains("浏览器") {
        Some(true)
    } else if word.contains("服务器") || word.contains("服务端") {
        Some(false)
    } else {
        None
    }
}

/// Who sent the bytes after the arrow at the start of a text, and the length of the arrow.
pub(super) fn of_arrow(text: &str) -> Option<(Sent, usize)> {
    if text.starts_with(['c', 'C', 's', 'S']) {
        let ends = |char: char| char.is_whitespace() || char == ':';
        let word = text.split(ends).next()?;
        let sent = match word {
            "c2s" | "C2S" => Some(Sent::ByClient),
            "s2c" | "S2C" => Some(Sent::ByServer),
            _ => of_letters(word),
        };
        return sent.map(|sent| (sent, word.len()));
    }
    let arrows = [
        ("-->", Sent::Out),
        ("==>", Sent::Out),
        (">>>", Sent::Out),
        ("<--", Sent::In),
        ("<==", Sent::In),
        ("<<<", Sent::In),
        ("->", Sent::Out),
        ("=>", Sent::Out),
        (">>", Sent::Out),
        ("<-", Sent::In),
        ("<=", Sent::In),
        ("<<", Sent::In),
        (">", Sent::Out),
        ("<", Sent::In),
        ("→", Sent::Out),
        ("⇒", Sent::Out),
        ("»", Sent::Out),
        ("←", Sent::In),
        ("⇐", Sent::In),
        ("«", Sent::In),
        ("↑", Sent::Out),
        ("↓", Sent::In),
    ];
    let (arrow, sent) = arrows.iter().find(|(arrow, _)| text.starts_with(arrow))?;
    let after = text.get(arrow.len()..)?;
    let stands_alone = after.is_empty() || after.starts_with([' ', '\t', '\r', '\n', ':']);
    stands_alone.then_some((*sent, arrow.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_say_who_sent_it() {
        for (words, sent) in [
            ("send", Some(Sent::Out)),
            ("recv 7 bytes", Some(Sent::In)),
            ("TX", Some(Sent::Out)),
            ("[WS] RX", Some(Sent::In)),
            ("received from client", Some(Sent::ByClient)),
            ("Sending to client", Some(Sent::ByServer)),
            ("client", Some(Sent::ByClient)),
            ("server received", Some(Sent::ByClient)),
            ("server sent", Some(Sent::ByServer)),
            ("服务器收到", Some(Sent::ByClient)),
            ("12:00:01 [C->S] 7 bytes", Some(Sent::ByClient)),
            ("S → C:", Some(Sent::ByServer)),
            ("C <- S", Some(Sent::ByServer)),
            ("s2c", Some(Sent::ByServer)),
            ("S.C", None),
            ("C->X", None),
            ("发送", Some(Sent::Out)),
            ("Получено от клиента", Some(Sent::ByClient)),
            ("отправлено клиенту", Some(Sent::Out)),
            ("vom Client empfangen", Some(Sent::ByClient)),
            ("gesendet", Some(Sent::Out)),
            ("peer1_0", None),
            ("peer1", Some(Sent::ByServer)),
            ("data", None),
        ] {
            assert_eq!(of_words(words), sent, "{words}");
        }
    }

    #[test]
    fn arrows_stand_alone() {
        assert_eq!(of_arrow("-> 81"), Some((Sent::Out, 2)));
        assert_eq!(of_arrow("<< 81"), Some((Sent::In, 2)));
        assert_eq!(of_arrow("← 81"), Some((Sent::In, 3)));
        assert_eq!(of_arrow("<<129, 5>>"), None);
        assert_eq!(of_arrow("<Buffer 81>"), None);
    }

    #[test]
    fn a_servers_log_is_turned_round() {
        assert_eq!(Sent::In.direction(true), Direction::Outgoing);
        assert_eq!(Sent::In.direction(false), Direction::Incoming);
        assert_eq!(Sent::ByServer.direction(true), Direction::Incoming);
    }
}
