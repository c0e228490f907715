//! Deviations of a client: in the request, in what it checks of the response, and in its masks.

use wsctl::ws::handshake::ResponseError;
use wsctl::ws::{Opcode, Rule};

use super::{Deviation, Row};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = requests();
    rows.extend(responses());
    rows.extend(masks());
    rows
}

fn requests() -> Vec<Row> {
    use Deviation::Requests;
    vec![
        (
            Requests(|it| it.replace("GET ", "POST ")),
            &["*/request-method"],
        ),
        (
            Requests(|it| it.replace("HTTP/1.1", "HTTP/1.0")),
            &["*/request-http-version"],
        ),
        (
            Requests(|it| it.replace("Host: localhost\r\n", "")),
            &["*/request-host"],
        ),
        (
            Requests(|it| it.replace("Upgrade: websocket\r\n", "")),
            &["*/request-upgrade"],
        ),
        (
            Requests(|it| it.replace("Connection: Upgrade", "Connection: keep-alive")),
            &["*/request-connection"],
        ),
        (
            Requests(|it| it.replace("dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ=")),
            &["*/request-key"],
        ),
        (
            Requests(|it| it.replace("AQIDBAUGBwgJCgsMDQ4PEA==", "dGhlIHNhbXBsZSBub25jZQ==")),
            &["*/request-key-fresh"],
        ),
        (
            Requests(|it| it.replace("Version: 13", "Version: 8")),
            &["*/request-version-13"],
        ),
        (
            Requests(|it| it.replace("Host:", "Sec-WebSocket-Protocol: ,\r\nHost:")),
            &["*/request-offers"],
        ),
        (
            Requests(|it| it.replace("_bits\r\n", "_bits=16\r\n")),
            &["*/request-deflate-offer"],
        ),
        (
            Requests(|it| it.replace("\r\n", "\n")),
            &["*/request-line-ends"],
        ),
        (
            Requests(|it| it.replace("13\r\n", "13\n")),
            &["*/request-line-ends"],
        ),
    ]
}

fn responses() -> Vec<Row> {
    use Deviation::{DropsGlued, IgnoresResponse, NeedsWholeHead, Refuses};
    macro_rules! ignores {
        ($pattern:pat) => {
            IgnoresResponse(|it| matches!(it, $pattern))
        };
    }
    macro_rules! refuses {
        ($text:literal) => {
            Refuses(|it| it.contains($text))
        };
    }
    vec![
        (ignores!(ResponseError::Status(200)), &["*/status-200"]),
        (ignores!(ResponseError::Status(400)), &["*/status-400"]),
        (ignores!(ResponseError::Status(404)), &["*/status-404"]),
        (ignores!(ResponseError::Status(500)), &["*/status-500"]),
        (
            IgnoresResponse(|it| it.header() == Some("Upgrade")),
            &[
                "*/response-upgrade-none",
                "*/response-upgrade-h2c",
                "*/response-upgrade-websockets",
            ],
        ),
        (
            IgnoresResponse(|it| it.header() == Some("Connection")),
            &[
                "*/response-connection-none",
                "*/response-connection-close",
                "*/response-connection-upgraded",
            ],
        ),
        (
            IgnoresResponse(|it| it.header() == Some("Sec-WebSocket-Accept")),
            &["6455/4.1/accept-*"],
        ),
        (ignores!(ResponseError::AcceptCount(0)), &["*/accept-none"]),
        (
            IgnoresResponse(|it| it.header() == Some("Sec-WebSocket-Protocol")),
            &["*/protocol-not-offered", "*/protocol-twice"],
        ),
        (
            IgnoresResponse(|it| it.header() == Some("Sec-WebSocket-Extensions")),
            &[
                "*/extension-not-offered",
                "7692/7.1/unknown-parameter",
                "7692/7.1/*-bits-*",
                "7692/7.1/no-context-takeover-with-value",
            ],
        ),
        (
            refuses!("WebSocket\r\nC"),
            &["*/response-upgrade-mixed-case"],
        ),
        (
            refuses!("Connection: upgrade\r"),
            &["*/response-connection-mixed-case"],
        ),
        (
            refuses!("keep-alive, Upgrade"),
            &["*/response-connection-list"],
        ),
        (
            refuses!("sec-websocket-accept"),
            &["*/names-lower-case", "*/response-names-lower-case"],
        ),
        (refuses!("X-Unknown"), &["*/response-unknown-headers"]),
        (refuses!(" 101 \r"), &["*/response-no-reason"]),
        // A client that accepts no response without extensions.
        (
            Refuses(|it| !it.contains("Sec-WebSocket-Extensions")),
            &[
                "*/response-valid",
                "*/response-chopped",
                "*/response-connection-list",
                "*/response-connection-mixed-case",
                "*/response-names-lower-case",
                "*/response-no-reason",
                "*/response-unknown-headers",
                "*/response-upgrade-mixed-case",
                "*/frame-glued",
                "*/answers-masked-*",
                "6455/5.2/answers-valid-echo",
                "6455/5.5/answers-valid-pong",
                "6455/5.5.1/answers-valid-*",
                "*/keys-*",
                "6455/5.2/*-binary",
                "6455/5.2/*-text",
                "*/byte-by-byte-ping",
                "*/byte-by-byte-fragments",
                "*/echo-minimal-*",
                "*/header-split-*",
                "*/many-in-one-write",
                "6455/5.4/*-fragments*",
                "6455/5.4/*-empty",
                "*/close-in-message",
                "*/ping-in-message*",
                "6455/5.5.2/*",
                "6455/5.5.3/*",
                "6455/5.5.1/close-code",
                "6455/5.5.1/close-empty",
                "6455/5.5.1/close-reason*",
                "*/echo-of-code",
                "6455/7.4/*",
                "6455/8.1/binary-any",
                "6455/8.1/split-*",
                "6455/8.1/valid-*",
            ],
        ),
        (NeedsWholeHead(|_| true), &["*/response-chopped"]),
        (DropsGlued, &["*/frame-glued"]),
    ]
}

fn masks() -> Vec<Row> {
    use Deviation::{Ignores, Keys, Masks};
    macro_rules! masked {
        ($condition:expr) => {
            Ignores(|rule, header, _| {
                let condition: fn(Opcode, u64) -> bool = $condition;
                rule == Rule::ServerMasks && condition(header.opcode, header.payload_length.value())
            })
        };
    }
    vec![
        (
            masked!(|opcode, length| opcode == Opcode::TEXT && length > 0),
            &["*/masked-text"],
        ),
        (
            masked!(|opcode, length| opcode == Opcode::TEXT && length == 0),
            &["*/masked-empty-text"],
        ),
        (
            masked!(|opcode, _| opcode == Opcode::PING),
            &["*/masked-ping"],
        ),
        (
            masked!(|opcode, _| opcode == Opcode::CLOSE),
            &["*/masked-close"],
        ),
        (
            masked!(|opcode, _| opcode == Opcode::CONTINUATION),
            &["*/masked-continuation"],
        ),
        (
            Masks(|it| it.opcode == Opcode::TEXT),
            &["*/answers-masked-echo"],
        ),
        (
            Masks(|it| it.opcode == Opcode::PONG),
            &["*/answers-masked-pong", "*/answers-masked-empty-pong"],
        ),
        (
            Masks(|it| it.opcode == Opcode::PONG && it.payload_length.value() == 0),
            &["*/answers-masked-empty-pong"],
        ),
        (
            Masks(|it| it.opcode == Opcode::CLOSE),
            &["*/answers-masked-close"],
        ),
        (Keys(|_| [1, 2, 3, 4]), &["*/keys-fresh"]),
        (
            Keys(|number| {
                if number == 1 {
                    [0; 4]
                } else {
                    [9, 9, 9, number]
                }
            }),
            &["*/keys-not-zero"],
        ),
    ]
}
