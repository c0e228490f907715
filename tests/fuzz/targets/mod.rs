//! What must hold whatever the bytes, for a fuzzer to try: each target takes some and panics
//! where it does not hold.
//!
//! libFuzzer drives them from `tests/fuzz/libfuzzer`; `cargo test` gives them the corpus, which
//! is what once went wrong, and a few bytes that reach far.
#![allow(
    unreachable_pub,
    reason = "to libFuzzer it is a library, to the tests a module"
)]

mod choices;
pub mod decoder;
pub mod endpoint;
pub mod extension;
pub mod fault;
pub mod head;
pub mod header;
pub mod inflate;
pub mod notation;
mod shown;
pub mod stream;
pub mod template;

use choices::Choices;

/// Something that must hold for these bytes.
pub type Target = fn(&[u8]);

/// All of them, by the names of their corpora.
pub const TARGETS: &[(&str, Target)] = &[
    ("decoder", decoder::holds),
    ("endpoint", endpoint::holds),
    ("extension", extension::holds),
    ("fault", fault::holds),
    ("head", head::holds),
    ("header", header::holds),
    ("inflate", inflate::holds),
    ("notation", notation::holds),
    ("stream", stream::holds),
    ("template", template::holds),
];
