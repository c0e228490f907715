//! The file of `--record`.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::Error;
use crate::commands::console::Console;
use crate::input::cause;
use crate::net::RecordOutput;
use crate::render::json;
use crate::render::live_log::ListenAddress;

/// Creates the file of the record, or replaces it.
pub(super) fn to(
    path: &Path,
    address: ListenAddress<'_>,
    console: &Console,
) -> Result<RecordOutput, Error> {
    let cannot = |error| Error::System(format!("write {}", path.display()), error);
    let output = RecordFile {
        path: path.to_owned(),
        file: File::create(path).map_err(cannot)?,
        has_log: !console.is_quiet(),
    };
    let mut first = Vec::new();
    json::push_listening(&mut first, address);
    Ok(RecordOutput {
        output: Box::new(output),
        first,
        last: Box::new(|connections| {
            let mut last = Vec::new();
            json::push_stopped(&mut last, connections);
            last
        }),
    })
}

/// The file. Its errors name it, and go to standard error if there is no log.
struct RecordFile {
    path: PathBuf,
    file: File,
    has_log: bool,
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
