//! The file of `--record`. `serve` and `connect` use it.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::console::Console;
use crate::Error;
use crate::input::cause;

/// The file. Its errors name it, and go to standard error if there is no log.
pub(super) struct RecordFile {
    path: PathBuf,
    file: File,
    has_log: bool,
}

/// Creates the file, or replaces it.
pub(super) fn create(path: &Path, console: &Console) -> Result<RecordFile, Error> {
    let cannot = |error| Error::System(format!("write {}", path.display()), error);
    Ok(RecordFile {
        path: path.to_owned(),
        file: File::create(path).map_err(cannot)?,
        has_log: !console.is_quiet(),
    })
}

impl Write for RecordFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes).map_err(|error| {
            let error = match error.kind() {
                io::ErrorKind::Interrupted => return error,
                kind => io::Error::new(kind, format!("{}: {}", self.path.display(), cause(&error))),
            };
            if !self.has_log {
                let line = format!("wsctl: cannot write the record: {error}\n");
                // An error on standard error cannot be reported anywhere.
                let _ = io::stderr().write_all(line.as_bytes());
            }
            error
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
