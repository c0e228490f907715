//! Standard output, as it is.

use std::io::{self, Write};

/// Standard output without the buffer of the standard library, which looks for the end of the
/// last line in whatever it is given. What is written here is a batch already.
#[derive(Debug)]
pub(super) struct Stdout {
    #[cfg(unix)]
    file: std::fs::File,
    #[cfg(not(unix))]
    file: io::Stdout,
}

impl Stdout {
    /// Opens it.
    ///
    /// # Errors
    ///
    /// What the system says if there is none.
    #[cfg(unix)]
    pub(super) fn open() -> io::Result<Self> {
        use std::os::fd::AsFd as _;
        let file = io::stdout().as_fd().try_clone_to_owned()?.into();
        Ok(Self { file })
    }

    /// Opens it.
    #[cfg(not(unix))]
    pub(super) fn open() -> io::Result<Self> {
        Ok(Self { file: io::stdout() })
    }
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
