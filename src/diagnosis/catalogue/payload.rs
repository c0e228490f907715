//! What a payload says.

use super::{Entry, Example, Layer};
use crate::diagnosis::Severity;

/// `text-not-utf8`
pub static TEXT_NOT_UTF8: Entry = Entry {
    id: "text-not-utf8",
    layer: Layer::Payload,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 5.6, 8.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `text-utf8-cut`
pub static TEXT_UTF8_CUT: Entry = Entry {
    id: "text-utf8-cut",
    layer: Layer::Payload,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 5.6, 8.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `text-surrogate`
pub static TEXT_SURROGATE: Entry = Entry {
    id: "text-surrogate",
    layer: Layer::Payload,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 3629 section 3; RFC 6455 section 8.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `text-odd-content`
pub static TEXT_ODD_CONTENT: Entry = Entry {
    id: "text-odd-content",
    layer: Layer::Payload,
    severity: Severity::Suspicious,
    is_cut: false,
    section: "legal UTF-8",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};
