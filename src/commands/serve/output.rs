//! The output of the log.

use std::io::{self, ErrorKind, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::input::cause;

/// Standard output. Its first error goes to standard error, unless the reader has closed it.
#[derive(Clone, Default)]
pub(super) struct ServeOutput {
    is_reported: Arc<AtomicBool>,
}

impl ServeOutput {
    fn report(&self, error: io::Error) -> io::Error {
        let is_news = !matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::Interrupted)
            && !self.is_reported.swap(true, Ordering::Relaxed);
        if is_news {
            let line = format!(
                "wsctl: cannot write the log: {}; the server continues without it\n",
                cause(&error)
            );
            // An error on standard error cannot be reported anywhere.
            let _ = io::stderr().write_all(line.as_bytes());
        }
        error
    }
}

impl Write for ServeOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        io::stdout()
            .write(bytes)
            .map_err(|error| self.report(error))
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stdout().flush().map_err(|error| self.report(error))
    }
}
