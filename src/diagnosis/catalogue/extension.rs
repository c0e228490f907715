//! permessage-deflate (RFC 7692).

use super::{Entry, Example, Layer};
use crate::diagnosis::Severity;

/// `pmd-rsv1-not-first`
pub static PMD_RSV1_NOT_FIRST: Entry = Entry {
    id: "pmd-rsv1-not-first",
    layer: Layer::Extension,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 7692 section 6.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `pmd-tail`
pub static PMD_TAIL: Entry = Entry {
    id: "pmd-tail",
    layer: Layer::Extension,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 7692 section 7.2.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `pmd-zlib-gzip`
pub static PMD_ZLIB_GZIP: Entry = Entry {
    id: "pmd-zlib-gzip",
    layer: Layer::Extension,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 7692 section 7.2.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `pmd-context`
pub static PMD_CONTEXT: Entry = Entry {
    id: "pmd-context",
    layer: Layer::Extension,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 7692 sections 7.1.1, 7.2.2",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `pmd-cut`
pub static PMD_CUT: Entry = Entry {
    id: "pmd-cut",
    layer: Layer::Extension,
    severity: Severity::Suspicious,
    is_cut: true,
    section: "RFC 7692 section 7.2.2",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `pmd-flag-mismatch`
pub static PMD_FLAG_MISMATCH: Entry = Entry {
    id: "pmd-flag-mismatch",
    layer: Layer::Extension,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 7692 sections 6, 7.2.3",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};
