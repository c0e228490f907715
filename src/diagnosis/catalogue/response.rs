//! The answer to it.

use super::{Entry, Example, Layer};
use crate::diagnosis::Severity;

/// `resp-status`
pub static RESP_STATUS: Entry = Entry {
    id: "resp-status",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 4.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `resp-upgrade-connection`
pub static RESP_UPGRADE_CONNECTION: Entry = Entry {
    id: "resp-upgrade-connection",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 4.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `accept-missing`
pub static ACCEPT_MISSING: Entry = Entry {
    id: "accept-missing",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 4.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `accept-hexdigest`
pub static ACCEPT_HEXDIGEST: Entry = Entry {
    id: "accept-hexdigest",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 4.2.2",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `accept-wrong-guid`
pub static ACCEPT_WRONG_GUID: Entry = Entry {
    id: "accept-wrong-guid",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 1.3, 4.2.2",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `accept-key-mangled`
pub static ACCEPT_KEY_MANGLED: Entry = Entry {
    id: "accept-key-mangled",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 4.2.2",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `accept-stale`
pub static ACCEPT_STALE: Entry = Entry {
    id: "accept-stale",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 4.2.2",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `accept-b64-newline`
pub static ACCEPT_B64_NEWLINE: Entry = Entry {
    id: "accept-b64-newline",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 9112 section 2.2; RFC 6455 section 5.2",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `resp-subprotocol-missing`
pub static RESP_SUBPROTOCOL_MISSING: Entry = Entry {
    id: "resp-subprotocol-missing",
    layer: Layer::Response,
    severity: Severity::Suspicious,
    is_cut: false,
    section: "RFC 6455 section 4.2.2",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `resp-subprotocol-wrong`
pub static RESP_SUBPROTOCOL_WRONG: Entry = Entry {
    id: "resp-subprotocol-wrong",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 4.1, 11.3.4",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `resp-extension-unrequested`
pub static RESP_EXTENSION_UNREQUESTED: Entry = Entry {
    id: "resp-extension-unrequested",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 4.1, 9.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `resp-extension-params`
pub static RESP_EXTENSION_PARAMS: Entry = Entry {
    id: "resp-extension-params",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 7692 sections 7.1, 7.1.2.1, 7.1.2.2",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `resp-trailing-bytes`
pub static RESP_TRAILING_BYTES: Entry = Entry {
    id: "resp-trailing-bytes",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 4.2.2, 5.2",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `resp-content-length`
pub static RESP_CONTENT_LENGTH: Entry = Entry {
    id: "resp-content-length",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 9110 section 8.6",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `resp-chunked`
pub static RESP_CHUNKED: Entry = Entry {
    id: "resp-chunked",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 9112 section 6.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `resp-draft-headers`
pub static RESP_DRAFT_HEADERS: Entry = Entry {
    id: "resp-draft-headers",
    layer: Layer::Response,
    severity: Severity::Suspicious,
    is_cut: false,
    section: "not in 6455; Hixie-76 draft",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `resp-not-http`
pub static RESP_NOT_HTTP: Entry = Entry {
    id: "resp-not-http",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 4.1; RFC 9112 section 4",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `resp-frame-glued`
pub static RESP_FRAME_GLUED: Entry = Entry {
    id: "resp-frame-glued",
    layer: Layer::Response,
    severity: Severity::PeerBug,
    is_cut: false,
    section: "RFC 6455 section 4.2.2",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `accept-wrong`
pub static ACCEPT_WRONG: Entry = Entry {
    id: "accept-wrong",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 4.2.2",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};
