//! What stands where frames should be.

use super::{Entry, Example, Layer};
use crate::diagnosis::Severity;

/// `req-tls-to-plain`
pub static REQ_TLS_TO_PLAIN: Entry = Entry {
    id: "req-tls-to-plain",
    layer: Layer::Transport,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 3, 4.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `req-h2-preface`
pub static REQ_H2_PREFACE: Entry = Entry {
    id: "req-h2-preface",
    layer: Layer::Transport,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 9113 section 3.4",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `req-not-http`
pub static REQ_NOT_HTTP: Entry = Entry {
    id: "req-not-http",
    layer: Layer::Transport,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 4.1, 4.2.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `raw-text-unframed`
pub static RAW_TEXT_UNFRAMED: Entry = Entry {
    id: "raw-text-unframed",
    layer: Layer::Transport,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 5.2, 6.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `http-in-stream`
pub static HTTP_IN_STREAM: Entry = Entry {
    id: "http-in-stream",
    layer: Layer::Transport,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.2",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `other-protocol-in-stream`
pub static OTHER_PROTOCOL_IN_STREAM: Entry = Entry {
    id: "other-protocol-in-stream",
    layer: Layer::Transport,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.2",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `writes-interleaved`
pub static WRITES_INTERLEAVED: Entry = Entry {
    id: "writes-interleaved",
    layer: Layer::Transport,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.4",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `desync`
pub static DESYNC: Entry = Entry {
    id: "desync",
    layer: Layer::Transport,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.2",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `read-is-not-frame`
pub static READ_IS_NOT_FRAME: Entry = Entry {
    id: "read-is-not-frame",
    layer: Layer::Transport,
    severity: Severity::PeerBug,
    is_cut: false,
    section: "RFC 6455 section 5.2",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `many-frames-one-read`
pub static MANY_FRAMES_ONE_READ: Entry = Entry {
    id: "many-frames-one-read",
    layer: Layer::Transport,
    severity: Severity::PeerBug,
    is_cut: false,
    section: "TCP",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `idle-timeout`
pub static IDLE_TIMEOUT: Entry = Entry {
    id: "idle-timeout",
    layer: Layer::Transport,
    severity: Severity::Suspicious,
    is_cut: false,
    section: "RFC 6455 section 7.1.5",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};
