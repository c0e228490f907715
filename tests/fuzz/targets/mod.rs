//! The fuzz targets: functions that take any bytes and panic if a property does not hold.
//!
//! `tests/fuzz/libfuzzer` runs them with libFuzzer, and `cargo test` with the kept corpus.
#![allow(
    unreachable_pub,
    reason = "a library for libFuzzer, a module for the tests"
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

/// A fuzz target.
pub type Target = fn(&[u8]);

/// All targets with their names, which are also those of their corpora.
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
