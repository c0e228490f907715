//! Fragments and messages.

use super::{Entry, Example, Layer};
use crate::diagnosis::Severity;

/// A continuation frame of a message that was not begun.
pub static CONTINUATION_WITHOUT_START: Entry = Entry {
    id: "continuation-without-start",
    layer: Layer::Message,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.4",
    title: "a continuation frame, but no message was begun",
    cause: "opcode 0 is used for every frame, or a message that had ended already is ended once more by an empty continuation",
    fix: "begin a message with opcode 1 or 2; opcode 0 is for its later fragments",
    seen: &[
        ("Chrome", "Received unexpected continuation frame."),
        ("ws", "invalid opcode 0 (1002)"),
        ("websockets", "unexpected continuation frame"),
        ("aiohttp", "Continuation frame for non started message"),
        ("tungstenite", "Continue frame but nothing to continue"),
        ("websocket-client", "Illegal frame"),
    ],
    example: Example::Command("decode --from server 800548656c6c6f"),
};

/// A new message before the last one ended.
pub static NEW_MESSAGE_MID_FRAGMENTS: Entry = Entry {
    id: "new-message-mid-fragments",
    layer: Layer::Message,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.4",
    title: "a new message while another one is unfinished",
    cause: "all fragments carry opcode 1 or 2, or two tasks send their messages over one connection at once",
    fix: "give the later fragments opcode 0, the last one FIN, and send one message after the other",
    seen: &[
        (
            "Chrome",
            "Received start of new message but previous message is unfinished.",
        ),
        ("ws", "invalid opcode 1 (1002)"),
        ("websockets", "expected a continuation frame"),
        (
            "aiohttp",
            "The opcode in non-fin frame is expected to be zero, got 1",
        ),
        (
            "tungstenite",
            "While waiting for more fragments received: TEXT",
        ),
        ("websocket-client", "Illegal frame"),
    ],
    example: Example::Command("decode --from server 010348656c81026c6f"),
};

/// A message whose last fragment does not come.
pub static FIN_NEVER_SET: Entry = Entry {
    id: "fin-never-set",
    layer: Layer::Message,
    severity: Severity::Suspicious,
    is_cut: true,
    section: "RFC 6455 section 5.4",
    title: "a message without an end: no frame with FIN",
    cause: "the first byte is the bare opcode, without 0x80, or the last fragment has not come yet",
    fix: "send 81 for a text and 82 for octets as the first byte of a message in one frame",
    seen: &[
        (
            "Chrome, ws, aiohttp, tungstenite",
            "wait for more bytes, and no message arrives",
        ),
        ("websockets", "accepts it, and waits for the rest"),
    ],
    example: Example::Command("decode --from server 010548656c6c6f"),
};

/// Fragments, which are right, and a peer that does not join them.
pub static FRAGMENTS_IGNORED_BY_RECEIVER: Entry = Entry {
    id: "fragments-ignored-by-receiver",
    layer: Layer::Message,
    severity: Severity::PeerBug,
    is_cut: false,
    section: "RFC 6455 sections 5.4, 5.6",
    title: "fragments, and a peer that does not join them",
    cause: "the receiver does not look at FIN, decodes each fragment as UTF-8 by itself, or takes a ping between fragments for data",
    fix: "collect payloads until FIN and decode then; treat control frames in between by themselves",
    seen: &[
        ("such peers", "Invalid frame continuation"),
        ("such peers, of a character cut in two", "fail with 1007"),
    ],
    example: Example::Unseen(
        "the bytes are right: send 01 04 e4 bd a0 e5, then 80 02 a5 bd, with a ping between them, and see whether the peer reads one text",
    ),
};

/// A message larger than the receiver takes.
pub static MESSAGE_TOO_BIG: Entry = Entry {
    id: "message-too-big",
    layer: Layer::Message,
    severity: Severity::Suspicious,
    is_cut: false,
    section: "RFC 6455 section 10.4",
    title: "a message larger than the receiver takes",
    cause: "a limit that is lower than the largest message, or a length that was written wrongly and reads as a huge one",
    fix: "raise the limit of the receiver, or send the data in several messages",
    seen: &[
        ("ws", "Max payload size exceeded (1009)"),
        (
            "websockets",
            "frame with 300649344491873 bytes exceeds limit of 1048576 bytes",
        ),
        (
            "aiohttp",
            "Message size 300649344491873 exceeds limit 4194304",
        ),
        (
            "tungstenite",
            "Space limit exceeded: Message too long: 300649344491873 > 16777216",
        ),
    ],
    example: Example::Unseen(
        "the limit is the receiver's own: `wsctl serve --max-message 4` fails a message of 5 bytes with 1009",
    ),
};
