//! Deviations in the opening handshake.

use super::{Deviation, Row};

/// Whether a request has a text, in any case.
fn has(request: &str, text: &str) -> bool {
    request.to_ascii_lowercase().contains(text)
}

fn count(request: &str, name: &str) -> usize {
    request.to_ascii_lowercase().matches(name).count()
}

/// What a server that conforms answers.
const NONE: Option<String> = None;

pub(super) fn rows() -> Vec<Row> {
    let mut rows = accepted();
    rows.extend(refused());
    rows.extend(response_lines());
    rows.extend(responses());
    rows.extend(extensions());
    rows
}

/// What the texts leave to a server. It fails no case.
pub(super) fn allowed() -> Vec<Deviation> {
    use Deviation::{Accepts, Refuses};
    vec![
        Accepts(|it| it.contains("Version: 7\r")),
        Accepts(|it| it.contains("Version: 8\r") && count(it, "-version:") == 1),
        Refuses(|it| it.contains("Upgrade: foo, websocket")),
        Refuses(|it| count(it, "\nupgrade:") == 2),
    ]
}

/// Requests that must be refused, and are accepted.
#[expect(clippy::too_many_lines, reason = "a table")]
fn accepted() -> Vec<Row> {
    use Deviation::Accepts;
    vec![
        (Accepts(|it| it.starts_with("POST ")), &["*/method-post"]),
        (Accepts(|it| it.starts_with("HEAD ")), &["*/method-head"]),
        (
            Accepts(|it| it.starts_with("get ")),
            &["*/method-lower-case-get"],
        ),
        (Accepts(|it| it.contains("HTTP/0.9")), &["*/http-0.9"]),
        (Accepts(|it| it.contains("HTTP/1.0")), &["*/http-1.0"]),
        (Accepts(|it| !has(it, "\nhost")), &["*/no-host"]),
        (Accepts(|it| count(it, "\nhost:") == 2), &["*/host-twice"]),
        (
            Accepts(|it| !has(it, "\nupgrade:") && has(it, "\nconnection:")),
            &["*/upgrade-none"],
        ),
        (
            Accepts(|it| it.contains("Upgrade: h2c")),
            &["*/upgrade-h2c"],
        ),
        (
            Accepts(|it| it.contains("Upgrade:\r\nC")),
            &["*/upgrade-empty"],
        ),
        (
            Accepts(|it| it.contains("Upgrade: websockets")),
            &["*/upgrade-websockets"],
        ),
        (
            Accepts(|it| !has(it, "\nconnection:") && has(it, "\nupgrade:")),
            &["*/connection-none"],
        ),
        (
            Accepts(|it| it.contains("Connection: keep-alive\r\nSec")),
            &["*/connection-keep-alive"],
        ),
        (
            Accepts(|it| it.contains("Connection: upgraded")),
            &["*/connection-upgraded"],
        ),
        (
            Accepts(|it| !has(it, "\nsec-websocket-key:") && has(it, "\nupgrade:")),
            &["*/key-none"],
        ),
        (Accepts(|it| it.contains("Key: \r\n")), &["*/key-empty"]),
        (
            Accepts(|it| it.contains("Key: dGhlIHNhbXBsZSBu\r")),
            &["*/key-12-bytes"],
        ),
        (Accepts(|it| it.contains("b25jZTE=")), &["*/key-17-bytes"]),
        (
            Accepts(|it| it.contains("b25jZTEyMzQ1Njc4")),
            &["*/key-24-bytes"],
        ),
        (Accepts(|it| it.contains("!!!!")), &["*/key-no-base64"]),
        (Accepts(|it| it.contains("b25jZQ\r")), &["*/key-no-padding"]),
        (
            Accepts(|it| count(it, "sec-websocket-key:") == 2),
            &["*/key-twice"],
        ),
        (
            Accepts(|it| !has(it, "\nsec-websocket-version:") && has(it, "\nupgrade:")),
            &["*/version-none"],
        ),
        (
            Accepts(|it| it.contains("Version:\r\n")),
            &["*/version-empty"],
        ),
        (
            Accepts(|it| it.contains("Version: 013")),
            &["*/version-leading-zero"],
        ),
        (
            Accepts(|it| it.contains("Version: 8, 13")),
            &["*/version-list"],
        ),
        (
            Accepts(|it| count(it, "sec-websocket-version:") == 2),
            &["*/version-twice*"],
        ),
        (Accepts(|it| it.contains("Version: 0\r")), &["*/version-0"]),
        (
            Accepts(|it| it.contains("Version: 99\r")),
            &["*/version-99"],
        ),
        (
            Accepts(|it| it.contains("Version: 256\r")),
            &["*/version-256"],
        ),
        (
            Accepts(|it| it.contains("Host : ")),
            &["*/space-before-colon"],
        ),
        (
            Accepts(|it| !has(it, "\nupgrade:") && !has(it, "\nconnection:")),
            &["*/plain-get"],
        ),
        (Accepts(|it| it.contains("Content-Length")), &["*/body"]),
        (
            Accepts(|it| it.contains("wsctl-a, wsctl-a")),
            &["*/protocol-doubled"],
        ),
        (
            Accepts(|it| it.contains("Protocol: \r\n")),
            &["*/protocol-empty"],
        ),
        (
            Accepts(|it| it.contains("wsctl(a)")),
            &["*/protocol-no-token"],
        ),
        (
            Accepts(|it| it.contains(";; a")),
            &["*/malformed-double-semicolon"],
        ),
        (
            Accepts(|it| it.contains("wsctl-unknown; =")),
            &["*/malformed-equals-alone"],
        ),
    ]
}

/// Requests that must be accepted, and are refused.
fn refused() -> Vec<Row> {
    use Deviation::{NeedsWholeHead, Refuses};
    vec![
        (
            Refuses(|it| it.contains("dGhlIHNhbXBsZSBub25jZQ==")),
            &["6455/4.2.1/valid"],
        ),
        (
            Refuses(|it| it.contains("Upgrade: WebSocket")),
            &["*/upgrade-mixed-case"],
        ),
        (
            Refuses(|it| it.contains("keep-alive, Upgrade")),
            &["*/connection-list"],
        ),
        (
            Refuses(|it| it.contains("keep-alive,Upgrade")),
            &["*/connection-list-without-blank"],
        ),
        (
            Refuses(|it| it.contains("uPgRaDe")),
            &["*/connection-mixed-case"],
        ),
        (
            Refuses(|it| count(it, "\nconnection:") == 2),
            &["*/connection-two-lines"],
        ),
        (
            Refuses(|it| it.contains("\nupgrade: ")),
            &["*/names-lower-case"],
        ),
        (
            Refuses(|it| it.contains("\nUPGRADE: ")),
            &["*/names-upper-case"],
        ),
        (
            Refuses(|it| it.contains("Key:   ")),
            &["*/key-blanks-around"],
        ),
        (
            Refuses(|it| it.contains("X-Unknown")),
            &["*/unknown-headers"],
        ),
        (
            Refuses(|it| it.starts_with("GET / HTTP/1.1\r\nSec-")),
            &["*/order-reversed"],
        ),
        (NeedsWholeHead(|first| first.len() == 5), &["*/chopped"]),
        (
            NeedsWholeHead(|first| first.ends_with(b"\r\n\r")),
            &["*/chopped-between-cr-and-lf"],
        ),
        (Refuses(|it| it.contains("\"b\"")), &["*/syntax-quoted"]),
        (Refuses(|it| it.contains("a = 1")), &["*/syntax-spaces"]),
        (
            Refuses(|it| it.contains("wsctl-unknown; a=1")),
            &["*/syntax-two-lines"],
        ),
        (Refuses(|it| it.contains("=99")), &["*/second-offer-good"]),
    ]
}

fn response_lines() -> Vec<Row> {
    use Deviation::Responds;
    vec![
        (
            Responds(|_, head| *head = head.replace("HTTP/1.1 101", "HTTP/1.0 101")),
            &["6455/4.2.2/http-version"],
        ),
        (
            Responds(|_, head| *head = head.replace("\r\n", "\n")),
            &["*/line-ends"],
        ),
    ]
}

fn responses() -> Vec<Row> {
    use Deviation::Responds;
    const VALID: &str = "6455/4.2.1/valid";
    vec![
        (
            Responds(|_, head| *head = head.replace("Upgrade: websocket\r\n", "")),
            &[VALID, "*/upgrade-token"],
        ),
        (
            Responds(|_, head| *head = head.replace("Connection: Upgrade", "Connection: close")),
            &[VALID, "*/connection-token"],
        ),
        (
            Responds(|_, head| *head = head.replace("Accept: ", "Accept: x")),
            &[VALID, "*/key-blanks-around", "6455/4.2.2/accept"],
        ),
        // One in four keys ends so.
        (
            Responds(|request, head| {
                if request.contains("w==") {
                    *head = head.replace("Accept: ", "Accept: x");
                }
            }),
            &["6455/4.2.2/accept"],
        ),
        (
            Responds(|_, head| {
                *head = head.replace(
                    " 101 Switching Protocols\r\n",
                    " 101 x\r\nContent-Length: 0\r\n",
                );
            }),
            &["*/no-content-length"],
        ),
        (
            Responds(|_, head| {
                *head = head.replace(
                    " 101 Switching Protocols\r\n",
                    " 101 x\r\nTransfer-Encoding: chunked\r\n",
                );
            }),
            &["*/no-transfer-encoding"],
        ),
        (
            Responds(|request, head| {
                if !request.contains("Protocol:") {
                    *head =
                        head.replace("Upgrade: w", "Sec-WebSocket-Protocol: chat\r\nUpgrade: w");
                }
            }),
            &["*/no-protocol-unasked"],
        ),
        (
            Responds(|request, head| {
                if request.contains("Protocol: wsctl-unknown\r\n\r\n") || !request.contains("chat")
                {
                    *head =
                        head.replace("Upgrade: w", "Sec-WebSocket-Protocol: soap\r\nUpgrade: w");
                }
            }),
            &[
                "*/protocol-unknown*",
                "*/no-protocol-unasked",
                "*/protocol-doubled",
            ],
        ),
        (
            Responds(|request, head| {
                if request.contains("wsctl-a, wsctl-b") {
                    *head = head.replace(
                        "Upgrade: w",
                        "Sec-WebSocket-Protocol: wsctl-a, wsctl-b\r\nUpgrade: w",
                    );
                }
            }),
            &["*/protocol-unknown-list"],
        ),
        (
            Responds(|request, head| {
                if request.contains("wsctl-unknown, chat") {
                    *head = head.replace("Protocol: chat", "Protocol: wsctl-unknown");
                }
            }),
            &["*/protocol-order"],
        ),
        (
            Responds(|request, head| {
                if request.contains("Protocol: wsctl-unknown\r\n") {
                    *head = head.replace("Sec-WebSocket-Protocol: chat\r\n", "");
                }
            }),
            &["*/protocol-two-lines"],
        ),
        (
            Responds(|_, head| *head = head.replace("Sec-WebSocket-Version: 13\r\n", "")),
            &["*/version-0", "*/version-99"],
        ),
    ]
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn extensions() -> Vec<Row> {
    use Deviation::Negotiates;
    const DEFLATE: &str = "permessage-deflate";
    macro_rules! accepts {
        ($text:literal) => {
            Negotiates(|offer| {
                if offer.contains($text) {
                    Some(DEFLATE.to_owned())
                } else {
                    NONE
                }
            })
        };
    }
    macro_rules! answers {
        ($offer:literal, $answer:literal) => {
            Negotiates(|offer| {
                if offer == $offer {
                    Some($answer.to_owned())
                } else {
                    NONE
                }
            })
        };
    }
    vec![
        (
            Negotiates(|offer| {
                if offer.is_empty() {
                    Some("foo".to_owned())
                } else {
                    NONE
                }
            }),
            &["*/none-unasked"],
        ),
        (
            answers!("wsctl-unknown", "wsctl-unknown"),
            &["6455/9.1/unknown"],
        ),
        (accepts!("wsctl_unknown"), &["*/unknown-parameter"]),
        (accepts!("server_max_window_bits=7"), &["*/server-bits-7"]),
        (accepts!("server_max_window_bits=16"), &["*/server-bits-16"]),
        (accepts!("server_max_window_bits=08"), &["*/server-bits-08"]),
        (
            answers!(
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate"
            ),
            &["*/server-bits-none"],
        ),
        (accepts!("server_max_window_bits=x"), &["*/server-bits-x"]),
        (
            accepts!("server_max_window_bits=10; s"),
            &["*/server-bits-twice"],
        ),
        (accepts!("client_max_window_bits=7"), &["*/client-bits-7"]),
        (accepts!("client_max_window_bits=16"), &["*/client-bits-16"]),
        (accepts!("client_max_window_bits=08"), &["*/client-bits-08"]),
        (accepts!("client_max_window_bits=x"), &["*/client-bits-x"]),
        (
            accepts!("client_max_window_bits=10; c"),
            &["*/client-bits-twice"],
        ),
        (
            accepts!("server_no_context_takeover=1"),
            &["*/server-no-context-takeover-with-value"],
        ),
        (
            accepts!("client_no_context_takeover=1"),
            &["*/client-no-context-takeover-with-value"],
        ),
        (
            accepts!("server_no_context_takeover; s"),
            &["*/server-no-context-takeover-twice"],
        ),
        (
            accepts!("client_no_context_takeover; c"),
            &["*/client-no-context-takeover-twice"],
        ),
        (
            answers!(
                "permessage-deflate; server_no_context_takeover",
                "permessage-deflate"
            ),
            &["*/server-nct-answered"],
        ),
        (
            answers!(
                "permessage-deflate; server_max_window_bits=8",
                "permessage-deflate; server_max_window_bits=9"
            ),
            &["*/server-bits-8"],
        ),
        (
            answers!(
                "permessage-deflate; server_max_window_bits=9",
                "permessage-deflate; server_max_window_bits=10"
            ),
            &["*/server-bits-9", "*/echo-within-window"],
        ),
        (
            answers!(
                "permessage-deflate; server_max_window_bits=10",
                "permessage-deflate"
            ),
            &["*/server-bits-10"],
        ),
        (
            answers!(
                "permessage-deflate; server_max_window_bits=15",
                "permessage-deflate; server_max_window_bits=16"
            ),
            &["*/server-bits-15"],
        ),
        (
            answers!(
                "permessage-deflate",
                "permessage-deflate; client_max_window_bits=15"
            ),
            &["*/client-bits-unasked"],
        ),
        (
            answers!(
                "permessage-deflate; client_max_window_bits=8",
                "permessage-deflate; client_max_window_bits=9"
            ),
            &["7692/7.1.2.2/client-bits-8"],
        ),
        (
            answers!(
                "permessage-deflate; client_max_window_bits=10",
                "permessage-deflate; client_max_window_bits=11"
            ),
            &["7692/7.1.2.2/client-bits-10"],
        ),
        (
            answers!(
                "permessage-deflate, permessage-deflate; client_max_window_bits",
                "permessage-deflate, permessage-deflate"
            ),
            &["*/answered-twice"],
        ),
    ]
}
