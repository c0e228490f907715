//! Files that hold expected output. With `SNAPSHOTS=overwrite` in the environment, the tests write
//! them instead of comparing them.

use std::env;
use std::fs;
use std::path::Path;

/// Compares a file with the actual output, or writes the output to it.
#[track_caller]
pub(crate) fn check_file(path: &Path, actual: &str) {
    if env::var("SNAPSHOTS").is_ok_and(|action| action == "overwrite") {
        fs::write(path, actual).unwrap();
        return;
    }
    let expected = fs::read_to_string(path).unwrap();
    assert_eq!(actual, expected, "{}", path.display());
}
