//! Fragments and messages.

use super::{Entry, Example, Layer};
use crate::diagnosis::Severity;

/// `continuation-without-start`
pub static CONTINUATION_WITHOUT_START: Entry = Entry {
    id: "continuation-without-start",
    layer: Layer::Message,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.4",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `new-message-mid-fragments`
pub static NEW_MESSAGE_MID_FRAGMENTS: Entry = Entry {
    id: "new-message-mid-fragments",
    layer: Layer::Message,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.4",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `fin-never-set`
pub static FIN_NEVER_SET: Entry = Entry {
    id: "fin-never-set",
    layer: Layer::Message,
    severity: Severity::Suspicious,
    is_cut: true,
    section: "RFC 6455 section 5.4",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `fragments-ignored-by-receiver`
pub static FRAGMENTS_IGNORED_BY_RECEIVER: Entry = Entry {
    id: "fragments-ignored-by-receiver",
    layer: Layer::Message,
    severity: Severity::PeerBug,
    is_cut: false,
    section: "RFC 6455 sections 5.4, 5.6",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `message-too-big`
pub static MESSAGE_TOO_BIG: Entry = Entry {
    id: "message-too-big",
    layer: Layer::Message,
    severity: Severity::Suspicious,
    is_cut: false,
    section: "RFC 6455 section 10.4",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};
