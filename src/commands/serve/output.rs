//! Where the log goes.

use std::io::{self, ErrorKind, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::input::cause;

/// Standard output. That it cannot be written is told once, on standard error; a reader who
/// has gone away needs no telling.
#[derive(Clone, Default)]
pub(super) struct Output {
    is_told: Arc<AtomicBool>,
}

impl Output {
    fn tell(&self, error: io::Error) -> io::Error {
        let is_news = !matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::Interrupted)
            && !self.is_told.swap(true, Ordering::Relaxed);
        if is_news {
            let line = format!(
                "wsctl: cannot write the log: {}; the server goes on without it\n",
                cause(&error)
            );
            // Where standard error is closed, nobody wants to read it.
            let _ = io::stderr().write_all(line.as_bytes());
        }
        error
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        io::stdout().write(bytes).map_err(|error| self.tell(error))
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stdout().flush().map_err(|error| self.tell(error))
    }
}
