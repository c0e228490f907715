//! The catalogue: every mistake that has a name, in one table.

mod accept;
mod agreement;
mod application;
mod control;
mod extension;
mod frame;
mod head;
mod length;
mod message;
mod payload;
mod quotes;
mod request;
mod response;
mod transport;

pub use accept::*;
pub use agreement::*;
pub use application::*;
pub use control::*;
pub use extension::*;
pub use frame::*;
pub use head::*;
pub use length::*;
pub use message::*;
pub use payload::*;
pub use quotes::quotes;
pub use request::*;
pub use response::*;
pub use transport::*;

use super::Severity;

/// One mistake met in the wild: what it is, why it is made, what to change.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name, which is stable.
    pub id: &'static str,
    /// Where in a connection it is made.
    pub layer: Layer,
    /// How grave it is.
    pub severity: Severity,
    /// Whether it is something that was begun and not ended, which may only be a cut.
    pub is_cut: bool,
    /// Where the rule is written down.
    pub section: &'static str,
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// Why that is so as a rule: words that read well behind "perhaps".
    pub cause: &'static str,
    /// What to change, as a command.
    pub fix: &'static str,
    /// What peers print, as they print it, or what they do ("accepts it"): who, of which
    /// variant where there are several, and the words.
    pub seen: &'static [(&'static str, &'static str)],
    /// How to see it.
    pub example: Example,
}

/// Where in a connection a mistake is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// The opening request.
    Request,
    /// The opening request and the answer to it.
    Handshake,
    /// The answer to the opening request.
    Response,
    /// Octets that are no frames, and the order of those that are.
    Transport,
    /// The header of a frame.
    Frame,
    /// Control frames.
    Control,
    /// Fragments and messages.
    Message,
    /// What a payload says.
    Payload,
    /// permessage-deflate.
    Extension,
    /// What is spoken inside the messages.
    Application,
}

impl Layer {
    /// All of them, in the order of a connection.
    pub const ALL: [Self; 10] = [
        Self::Request,
        Self::Handshake,
        Self::Response,
        Self::Transport,
        Self::Frame,
        Self::Control,
        Self::Message,
        Self::Payload,
        Self::Extension,
        Self::Application,
    ];

    /// The words for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Request => "the opening request",
            Self::Handshake => "the opening request, or the answer to it",
            Self::Response => "the answer to the opening request",
            Self::Transport => "the stream of bytes",
            Self::Frame => "the header of a frame",
            Self::Control => "control frames",
            Self::Message => "fragments and messages",
            Self::Payload => "the payload of a text message",
            Self::Extension => "permessage-deflate",
            Self::Application => "what is spoken inside the messages",
        }
    }
}

/// A way to see a mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Example {
    /// Words for the program that show it, as a shell takes them: `decode --from server 817e…`.
    Command(&'static str),
    /// A head or two to paste into `wsctl handshake`, with lines that end in LF.
    Handshake(&'static str),
    /// Octets alone do not show it; a sentence that says what does.
    Unseen(&'static str),
}

/// All entries, in the order of a connection.
pub static ALL: &[&Entry] = &[
    &REQ_NOT_GET,
    &HTTP_1_0,
    &REQ_NO_HOST,
    &REQ_NOT_UPGRADE,
    &REQ_CONNECTION_NO_UPGRADE,
    &CONNECTION_LIST_REFUSED,
    &HEADER_NAME_CASE,
    &REQ_KEY_BAD,
    &REQ_KEY_CONSTANT,
    &REQ_VERSION,
    &REQ_HIXIE76,
    &HTTP_BAD_LINES,
    &REQ_SUBPROTOCOL_BAD,
    &REQ_EXTENSIONS_BAD,
    &REQ_EARLY_FRAMES,
    &HEAD_LARGER_THAN_READ,
    &REQ_HEAD_TOO_LARGE,
    &REQ_HEAD_TOO_SLOW,
    &REQ_BODY,
    &RESP_STATUS,
    &RESP_UPGRADE_CONNECTION,
    &ACCEPT_MISSING,
    &ACCEPT_HEXDIGEST,
    &ACCEPT_WRONG_GUID,
    &ACCEPT_KEY_MANGLED,
    &ACCEPT_STALE,
    &ACCEPT_B64_NEWLINE,
    &RESP_SUBPROTOCOL_MISSING,
    &RESP_SUBPROTOCOL_WRONG,
    &RESP_EXTENSION_UNREQUESTED,
    &RESP_EXTENSION_PARAMS,
    &RESP_TRAILING_BYTES,
    &RESP_CONTENT_LENGTH,
    &RESP_CHUNKED,
    &RESP_DRAFT_HEADERS,
    &RESP_NOT_HTTP,
    &RESP_FRAME_GLUED,
    &ACCEPT_WRONG,
    &REQ_TLS_TO_PLAIN,
    &REQ_PLAIN_TO_TLS,
    &REQ_H2_PREFACE,
    &REQ_NOT_HTTP,
    &RAW_TEXT_UNFRAMED,
    &HTTP_IN_STREAM,
    &OTHER_PROTOCOL_IN_STREAM,
    &WRITES_INTERLEAVED,
    &DESYNC,
    &READ_IS_NOT_FRAME,
    &MANY_FRAMES_ONE_READ,
    &IDLE_TIMEOUT,
    &SERVER_MASKS,
    &CLIENT_UNMASKED,
    &MASK_BIT_NO_KEY,
    &PAYLOAD_NOT_XORED,
    &UNMASK_OFFSET,
    &MASK_KEY_WEAK,
    &RSV1_NOT_NEGOTIATED,
    &RSV23_OR_OPCODE,
    &DRAFT_FRAMING,
    &LEN16_NOT_MINIMAL,
    &LEN64_NOT_MINIMAL,
    &LEN7_OVERFLOW,
    &LEN_LITTLE_ENDIAN,
    &LEN_FIELD_WIDTH,
    &LEN64_MSB,
    &LEN_IN_CHARS,
    &LEN_BEYOND_DATA,
    &HEADER_CUT,
    &CONTROL_FRAGMENTED,
    &CONTROL_TOO_LONG,
    &CLOSE_1_BYTE,
    &CLOSE_RESERVED_CODE,
    &CLOSE_CODE_GARBLED,
    &CLOSE_REASON_UTF8,
    &CLOSE_NOT_COMPLETED,
    &DATA_AFTER_CLOSE,
    &PING_WITHOUT_PONG,
    &PONG_WRONG_PAYLOAD,
    &CONTINUATION_WITHOUT_START,
    &NEW_MESSAGE_MID_FRAGMENTS,
    &FIN_NEVER_SET,
    &FRAGMENTS_IGNORED_BY_RECEIVER,
    &MESSAGE_TOO_BIG,
    &TEXT_NOT_UTF8,
    &TEXT_UTF8_CUT,
    &TEXT_SURROGATE,
    &TEXT_ODD_CONTENT,
    &PMD_RSV1_NOT_FIRST,
    &PMD_TAIL,
    &PMD_FINAL_BLOCK,
    &PMD_ZLIB_GZIP,
    &PMD_CONTEXT,
    &PMD_CUT,
    &PMD_FLAG_MISMATCH,
    &APP_COMPRESSED,
    &APP_ENGINE_IO,
    &APP_SIGNALR,
    &APP_STOMP_MQTT_SOCKJS,
];

/// The entry of this name.
pub fn entry(id: &str) -> Option<&'static Entry> {
    ALL.iter().copied().find(|entry| entry.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::Finding;
    use crate::ws::handshake::{RequestHead, judge};
    use std::collections::BTreeSet;

    /// The mistakes that were met in the wild.
    const MET: &str = "
        req-not-get http-1.0 req-no-host req-not-upgrade req-connection-no-upgrade
        connection-list-refused header-name-case req-key-bad req-key-constant
        req-version req-hixie76 http-bad-lines req-subprotocol-bad
        req-extensions-bad req-early-frames head-larger-than-read req-tls-to-plain
        req-h2-preface req-not-http resp-status resp-upgrade-connection
        accept-missing accept-hexdigest accept-wrong-guid accept-key-mangled
        accept-stale accept-b64-newline resp-subprotocol-missing
        resp-subprotocol-wrong resp-extension-unrequested resp-extension-params
        resp-trailing-bytes resp-content-length resp-chunked resp-draft-headers
        resp-not-http resp-frame-glued server-masks client-unmasked mask-bit-no-key
        payload-not-xored unmask-offset mask-key-weak rsv1-not-negotiated
        rsv23-or-opcode draft-framing len16-not-minimal len64-not-minimal
        len7-overflow len-little-endian len-field-width len64-msb len-in-chars
        len-beyond-data raw-text-unframed http-in-stream other-protocol-in-stream
        writes-interleaved desync read-is-not-frame many-frames-one-read
        control-fragmented control-too-long close-1-byte close-reserved-code
        close-code-garbled close-reason-utf8 close-not-completed data-after-close
        ping-without-pong pong-wrong-payload idle-timeout continuation-without-start
        new-message-mid-fragments fin-never-set fragments-ignored-by-receiver
        text-not-utf8 text-utf8-cut text-surrogate text-odd-content
        pmd-rsv1-not-first pmd-tail pmd-final-block pmd-zlib-gzip pmd-context pmd-cut
        pmd-flag-mismatch app-compressed app-engine-io app-signalr
        app-stomp-mqtt-sockjs
    ";

    /// Those that only our own server and listing know of.
    const OWN: &str = "
        req-plain-to-tls req-head-too-large req-head-too-slow req-body accept-wrong header-cut
        message-too-big
    ";

    #[test]
    fn every_mistake_has_one_entry() {
        let names: BTreeSet<&str> = MET
            .split_whitespace()
            .chain(OWN.split_whitespace())
            .collect();
        let ids: BTreeSet<&str> = ALL.iter().map(|entry| entry.id).collect();
        assert_eq!(ids, names);
        assert_eq!((ALL.len(), MET.split_whitespace().count()), (98, 91));
        assert!(ALL.iter().all(|listed| entry(listed.id) == Some(*listed)));
    }

    #[test]
    fn every_entry_says_all_that_it_should() {
        for Entry {
            id,
            section,
            title,
            cause,
            fix,
            seen,
            ..
        } in ALL
        {
            for (words, most) in [(title, 60), (cause, 200), (fix, 160), (section, 80)] {
                let length = words.chars().count();
                assert!((1..=most).contains(&length), "{id}: {length}: {words}");
                assert!(!words.ends_with('.'), "{id}: {words}");
                assert_eq!(words.matches('`').count() % 2, 0, "{id}: {words}");
            }
            assert!(!seen.is_empty(), "{id}");
            for (who, words) in *seen {
                assert!(!who.is_empty() && !words.is_empty(), "{id}");
            }
        }
    }

    #[test]
    fn every_entry_can_be_seen() {
        for Entry { id, example, .. } in ALL {
            match example {
                Example::Command(words) => assert!(words.starts_with("decode "), "{id}"),
                Example::Handshake(heads) => assert!(heads.ends_with("\n\n"), "{id}"),
                Example::Unseen(sentence) => assert!(!sentence.ends_with('.'), "{id}"),
            }
        }
    }

    /// The request in an example breaks the rule it stands for and no other, and is right
    /// where the rule is about something else.
    #[test]
    fn an_example_shows_its_own_mistake() {
        for entry in ALL {
            let Example::Handshake(heads) = entry.example else {
                continue;
            };
            if heads.starts_with("HTTP/") {
                continue;
            }
            let octets = heads.replace('\n', "\r\n");
            let (head, _) = RequestHead::parse(octets.as_bytes()).unwrap().unwrap();
            let faults = judge(&head).err().unwrap_or_default();
            let rules = faults.iter().map(|fault| Finding::from(fault).rule());
            let expected: &[&str] = match entry.id {
                // These open a connection all the same.
                "req-key-constant"
                | "req-extensions-bad"
                | "header-name-case"
                | "connection-list-refused" => &[],
                // This has neither of what came after it.
                "req-hixie76" => &["req-key-bad", "req-version"],
                id if entry.layer == Layer::Request => &[id],
                _ => &[],
            };
            assert_eq!(rules.collect::<Vec<_>>(), expected, "{}", entry.id);
        }
    }
}
