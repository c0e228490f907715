//! The opening request.

use super::{Entry, Example, Layer};
use crate::diagnosis::Severity;

/// `req-not-get`
pub static REQ_NOT_GET: Entry = Entry {
    id: "req-not-get",
    layer: Layer::Request,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 4.1, 4.2.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `http-1.0`
pub static HTTP_1_0: Entry = Entry {
    id: "http-1.0",
    layer: Layer::Request,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 4.1; RFC 9110 section 7.8",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `req-no-host`
pub static REQ_NO_HOST: Entry = Entry {
    id: "req-no-host",
    layer: Layer::Request,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 4.1, 4.2.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `req-not-upgrade`
pub static REQ_NOT_UPGRADE: Entry = Entry {
    id: "req-not-upgrade",
    layer: Layer::Request,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 4.1, 4.2.1; RFC 9110 section 7.6.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `req-connection-no-upgrade`
pub static REQ_CONNECTION_NO_UPGRADE: Entry = Entry {
    id: "req-connection-no-upgrade",
    layer: Layer::Request,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 4.1, 4.2.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `connection-list-refused`
pub static CONNECTION_LIST_REFUSED: Entry = Entry {
    id: "connection-list-refused",
    layer: Layer::Request,
    severity: Severity::PeerBug,
    is_cut: false,
    section: "RFC 6455 section 4.2.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `header-name-case`
pub static HEADER_NAME_CASE: Entry = Entry {
    id: "header-name-case",
    layer: Layer::Request,
    severity: Severity::PeerBug,
    is_cut: false,
    section: "RFC 9110 section 5.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `req-key-bad`
pub static REQ_KEY_BAD: Entry = Entry {
    id: "req-key-bad",
    layer: Layer::Request,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 4.1, 4.2.1, 11.3.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `req-key-constant`
pub static REQ_KEY_CONSTANT: Entry = Entry {
    id: "req-key-constant",
    layer: Layer::Request,
    severity: Severity::Suspicious,
    is_cut: false,
    section: "RFC 6455 section 4.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `req-version`
pub static REQ_VERSION: Entry = Entry {
    id: "req-version",
    layer: Layer::Request,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 4.1, 4.2.1, 4.4",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `req-hixie76`
pub static REQ_HIXIE76: Entry = Entry {
    id: "req-hixie76",
    layer: Layer::Request,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 4.2.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `http-bad-lines`
pub static HTTP_BAD_LINES: Entry = Entry {
    id: "http-bad-lines",
    layer: Layer::Handshake,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 9112 sections 2.2, 3, 5.1, 5.2; RFC 6455 sections 4.1, 4.2.2",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `req-subprotocol-bad`
pub static REQ_SUBPROTOCOL_BAD: Entry = Entry {
    id: "req-subprotocol-bad",
    layer: Layer::Request,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 4.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `req-extensions-bad`
pub static REQ_EXTENSIONS_BAD: Entry = Entry {
    id: "req-extensions-bad",
    layer: Layer::Request,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 7692 section 7.1.2; RFC 6455 section 9.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `req-early-frames`
pub static REQ_EARLY_FRAMES: Entry = Entry {
    id: "req-early-frames",
    layer: Layer::Request,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 4.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `head-larger-than-read`
pub static HEAD_LARGER_THAN_READ: Entry = Entry {
    id: "head-larger-than-read",
    layer: Layer::Handshake,
    severity: Severity::PeerBug,
    is_cut: false,
    section: "RFC 6455 section 4.2.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `req-head-too-large`
pub static REQ_HEAD_TOO_LARGE: Entry = Entry {
    id: "req-head-too-large",
    layer: Layer::Request,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6585 section 5",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `req-head-too-slow`
pub static REQ_HEAD_TOO_SLOW: Entry = Entry {
    id: "req-head-too-slow",
    layer: Layer::Request,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 9110 section 15.5.9",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `req-body`
pub static REQ_BODY: Entry = Entry {
    id: "req-body",
    layer: Layer::Request,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 9110 section 7.8",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};
