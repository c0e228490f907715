//! The file of `--record`. `serve` and `connect` use it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::console::Console;
use crate::Error;
use crate::input::cause;

/// The file. Its errors name it, and go to standard error if there is no log.
pub(super) struct RecordFile {
    path: PathBuf,
    /// None for a FIFO that was not written yet.
    file: Option<File>,
    has_log: bool,
}

/// Creates the file, or replaces it. A FIFO is opened when it is first written, by the thread that
/// writes: that takes until it has a reader.
pub(super) fn create(path: &Path, console: &Console) -> Result<RecordFile, Error> {
    let cannot = |error| Error::System(format!("write {}", path.display()), error);
    let file = (!is_fifo(path)).then(|| File::create(path)).transpose();
    Ok(RecordFile {
        path: path.to_owned(),
        file: file.map_err(cannot)?,
        has_log: !console.is_quiet(),
    })
}

#[cfg(unix)]
fn is_fifo(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    fs::metadata(path).is_ok_and(|metadata| metadata.file_type().is_fifo())
}

#[cfg(not(unix))]
const fn is_fifo(_path: &Path) -> bool {
    false
}

impl RecordFile {
    fn file(&mut self) -> io::Result<&mut File> {
        let file = match self.file.take() {
            Some(file) => file,
            None => File::create(&self.path)?,
        };
        Ok(self.file.insert(file))
    }
}

impl Write for RecordFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file()
            .and_then(|file| file.write(bytes))
            .map_err(|error| {
                let error = match error.kind() {
                    io::ErrorKind::Interrupted => return error,
                    kind => {
                        io::Error::new(kind, format!("{}: {}", self.path.display(), cause(&error)))
                    }
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
        self.file.as_mut().map_or(Ok(()), File::flush)
    }
}
