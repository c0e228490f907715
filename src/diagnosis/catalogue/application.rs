//! What is spoken inside the messages.

use super::{Entry, Example, Layer};
use crate::diagnosis::Severity;

/// A message that the application compressed by itself.
pub static APP_COMPRESSED: Entry = Entry {
    id: "app-compressed",
    layer: Layer::Application,
    severity: Severity::Suspicious,
    is_cut: false,
    section: "no rule: RFC 6455 leaves payloads to the application",
    title: "a message that is gzip or zlib inside",
    cause: "the service packs its data into binary messages itself, as exchanges do, apart from permessage-deflate",
    fix: "unpack the payload in the application, with gunzip or inflate",
    seen: &[(
        "all libraries",
        "accept it, and the application sees garbage",
    )],
    example: Example::Command(
        "decode -f frames --from server 82191f8b0800000000000203f348cdc9c907008289d1f705000000",
    ),
};

/// Packets of Engine.IO, on which Socket.IO stands.
pub static APP_ENGINE_IO: Entry = Entry {
    id: "app-engine-io",
    layer: Layer::Application,
    severity: Severity::Suspicious,
    is_cut: false,
    section: "no rule of RFC 6455: the protocol of Engine.IO",
    title: "Socket.IO (Engine.IO), which is not plain WebSocket",
    cause: "a plain client talks to a Socket.IO server, or a Socket.IO client to a plain server",
    fix: "use a client of Socket.IO, or send `40` after `0{…}` and answer each `2` with `3`",
    seen: &[
        ("the server", r#"never fires "connection", or closes"#),
        ("Chrome", "Unexpected response code: 400"),
    ],
    example: Example::Command("decode --from server 810e307b22736964223a22616263227d"),
};

/// A record of `SignalR` without its separator.
pub static APP_SIGNALR: Entry = Entry {
    id: "app-signalr",
    layer: Layer::Application,
    severity: Severity::Suspicious,
    is_cut: false,
    section: "no rule of RFC 6455: the hub protocol of SignalR",
    title: "a SignalR record without the 1e at its end",
    cause: "the record separator behind the JSON was forgotten",
    fix: "append the byte 0x1e to each record",
    seen: &[
        ("SignalR, after 15 s", "Handshake was canceled."),
        (
            "SignalR",
            "Unable to parse payload as a negotiation message",
        ),
    ],
    example: Example::Command(
        "decode --from client 819f37fa213d4cd8514f588e4e5e589603071590525259d80d1f419f534e5e954f1f0dcb5c",
    ),
};

/// STOMP, MQTT, `SockJS` or `GraphQL`, spoken wrongly.
pub static APP_STOMP_MQTT_SOCKJS: Entry = Entry {
    id: "app-stomp-mqtt-sockjs",
    layer: Layer::Application,
    severity: Severity::Suspicious,
    is_cut: false,
    section: "STOMP 1.2; MQTT 5.0 section 6; SockJS; not RFC 6455",
    title: "STOMP, MQTT, SockJS or GraphQL, but spoken wrongly",
    cause: "STOMP without the NUL at its end, MQTT in a text message or without its subprotocol, or SockJS without `/websocket`",
    fix: "end STOMP with 00; send MQTT with opcode 2 and subprotocol `mqtt`; append `/websocket`; ask for `graphql-transport-ws`",
    seen: &[
        ("STOMP broker", "never sends CONNECTED"),
        ("MQTT broker", "closes the connection"),
        ("Chrome, of SockJS", "Unexpected response code: 200"),
        ("GraphQL server", "close 4406 Subprotocol not acceptable"),
    ],
    example: Example::Command(
        "decode --from client 81ab37fa213d74b56f7372b9753756994258478e0c4b5288525458941b0c19c82b55588955075b95425c5b924e4e43f02b",
    ),
};
