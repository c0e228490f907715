//! The documents of the repository.

use std::fs;
use std::path::PathBuf;

use super::snapshots;

/// The documents with examples.
pub(crate) const DOCUMENTS: [&str; 6] = [
    "README.md",
    "src/commands/README.md",
    "src/commands/check/README.md",
    "src/commands/serve/README.md",
    "src/commands/connect/README.md",
    "src/notation/README.md",
];

/// The text of a document; its path is relative to the repository.
pub(crate) fn document(path: &str) -> String {
    let text = fs::read_to_string(full_path(path));
    text.unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Compares a document with what it should be, or writes it.
#[track_caller]
pub(crate) fn check_document(path: &str, expected: &str) {
    snapshots::check_file(&full_path(path), expected);
}

fn full_path(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}
