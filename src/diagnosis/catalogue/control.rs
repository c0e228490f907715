//! Control frames.

use super::{Entry, Example, Layer};
use crate::diagnosis::Severity;

/// `control-fragmented`
pub static CONTROL_FRAGMENTED: Entry = Entry {
    id: "control-fragmented",
    layer: Layer::Control,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.5",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `control-too-long`
pub static CONTROL_TOO_LONG: Entry = Entry {
    id: "control-too-long",
    layer: Layer::Control,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.5",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `close-1-byte`
pub static CLOSE_1_BYTE: Entry = Entry {
    id: "close-1-byte",
    layer: Layer::Control,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.5.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `close-reserved-code`
pub static CLOSE_RESERVED_CODE: Entry = Entry {
    id: "close-reserved-code",
    layer: Layer::Control,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 7.4.1, 7.4.2",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `close-code-garbled`
pub static CLOSE_CODE_GARBLED: Entry = Entry {
    id: "close-code-garbled",
    layer: Layer::Control,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.5.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `close-reason-utf8`
pub static CLOSE_REASON_UTF8: Entry = Entry {
    id: "close-reason-utf8",
    layer: Layer::Control,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 5.5.1, 8.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `close-not-completed`
pub static CLOSE_NOT_COMPLETED: Entry = Entry {
    id: "close-not-completed",
    layer: Layer::Control,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 5.5.1, 7.1.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `data-after-close`
pub static DATA_AFTER_CLOSE: Entry = Entry {
    id: "data-after-close",
    layer: Layer::Control,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.5.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `ping-without-pong`
pub static PING_WITHOUT_PONG: Entry = Entry {
    id: "ping-without-pong",
    layer: Layer::Control,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.5.2",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `pong-wrong-payload`
pub static PONG_WRONG_PAYLOAD: Entry = Entry {
    id: "pong-wrong-payload",
    layer: Layer::Control,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.5.3",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};
