//! The header of a frame.

use super::{Entry, Example, Layer};
use crate::diagnosis::Severity;

/// `server-masks`
pub static SERVER_MASKS: Entry = Entry {
    id: "server-masks",
    layer: Layer::Frame,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.1",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `client-unmasked`
pub static CLIENT_UNMASKED: Entry = Entry {
    id: "client-unmasked",
    layer: Layer::Frame,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 5.1, 5.3",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `mask-bit-no-key`
pub static MASK_BIT_NO_KEY: Entry = Entry {
    id: "mask-bit-no-key",
    layer: Layer::Frame,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 5.2, 5.3",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `payload-not-xored`
pub static PAYLOAD_NOT_XORED: Entry = Entry {
    id: "payload-not-xored",
    layer: Layer::Frame,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.3",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `unmask-offset`
pub static UNMASK_OFFSET: Entry = Entry {
    id: "unmask-offset",
    layer: Layer::Frame,
    severity: Severity::PeerBug,
    is_cut: false,
    section: "RFC 6455 section 5.3",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `mask-key-weak`
pub static MASK_KEY_WEAK: Entry = Entry {
    id: "mask-key-weak",
    layer: Layer::Frame,
    severity: Severity::Suspicious,
    is_cut: false,
    section: "RFC 6455 section 5.3",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `rsv1-not-negotiated`
pub static RSV1_NOT_NEGOTIATED: Entry = Entry {
    id: "rsv1-not-negotiated",
    layer: Layer::Frame,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.2; RFC 7692 section 6",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `rsv23-or-opcode`
pub static RSV23_OR_OPCODE: Entry = Entry {
    id: "rsv23-or-opcode",
    layer: Layer::Frame,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 5.2, 5.8",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `draft-framing`
pub static DRAFT_FRAMING: Entry = Entry {
    id: "draft-framing",
    layer: Layer::Frame,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.2",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `len16-not-minimal`
pub static LEN16_NOT_MINIMAL: Entry = Entry {
    id: "len16-not-minimal",
    layer: Layer::Frame,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.2",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `len64-not-minimal`
pub static LEN64_NOT_MINIMAL: Entry = Entry {
    id: "len64-not-minimal",
    layer: Layer::Frame,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.2",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `len7-overflow`
pub static LEN7_OVERFLOW: Entry = Entry {
    id: "len7-overflow",
    layer: Layer::Frame,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.2",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `len-little-endian`
pub static LEN_LITTLE_ENDIAN: Entry = Entry {
    id: "len-little-endian",
    layer: Layer::Frame,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.2",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `len-field-width`
pub static LEN_FIELD_WIDTH: Entry = Entry {
    id: "len-field-width",
    layer: Layer::Frame,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.2",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `len64-msb`
pub static LEN64_MSB: Entry = Entry {
    id: "len64-msb",
    layer: Layer::Frame,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.2",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `len-in-chars`
pub static LEN_IN_CHARS: Entry = Entry {
    id: "len-in-chars",
    layer: Layer::Frame,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 5.2, 5.6",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `len-beyond-data`
pub static LEN_BEYOND_DATA: Entry = Entry {
    id: "len-beyond-data",
    layer: Layer::Frame,
    severity: Severity::Suspicious,
    is_cut: true,
    section: "RFC 6455 section 5.2",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `header-cut`
pub static HEADER_CUT: Entry = Entry {
    id: "header-cut",
    layer: Layer::Frame,
    severity: Severity::Suspicious,
    is_cut: true,
    section: "RFC 6455 section 5.2",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};
