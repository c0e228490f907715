//! The documents of the repository.

use std::fs;
use std::path::Path;

/// A document of the repository.
pub(crate) fn document(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}
