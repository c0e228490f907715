//! Where the program under test and the temporary files are.

use std::env;
use std::path::{Path, PathBuf};

/// The `wsctl` that Cargo built for this run, or the one that the variable `WSCTL` names.
pub(crate) fn wsctl() -> PathBuf {
    env::var_os("WSCTL").map_or(env!("CARGO_BIN_EXE_wsctl").into(), PathBuf::from)
}

/// A folder for temporary files: the one in Cargo's target folder, or the system's if that
/// does not exist (when the benchmark was copied to another machine).
pub(crate) fn temporary_folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    if folder.is_dir() {
        folder.to_owned()
    } else {
        env::temp_dir()
    }
}
