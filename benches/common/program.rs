//! The program that is measured, and where what it needs is kept.

use std::env;
use std::path::{Path, PathBuf};

/// wsctl as Cargo built it for this run, or what `WSCTL` in the environment names.
pub(crate) fn wsctl() -> PathBuf {
    env::var_os("WSCTL").map_or(env!("CARGO_BIN_EXE_wsctl").into(), PathBuf::from)
}

/// The folder for files: one of the build, or of the system if that is elsewhere.
pub(crate) fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    if folder.is_dir() {
        folder.to_owned()
    } else {
        env::temp_dir()
    }
}
