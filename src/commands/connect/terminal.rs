//! The line editor of a terminal, which keeps what is typed apart from what is printed meanwhile.
//!
//! `rustyline` edits the line, keeps the history, and prints above the line while it is edited.
//! Its thread is never joined: the process ends in the middle of a line if the server closes. So
//! [`TerminalMode`] restores the terminal.

use std::io::{self, IsTerminal as _, Write};

use rustyline::config::Config;
use rustyline::error::ReadlineError;
use rustyline::history::MemHistory;
use rustyline::{Editor, ExternalPrinter};

/// What precedes the line that is edited.
const PROMPT: &str = "> ";

/// The line editor.
pub(super) struct LineEditor(Editor<(), MemHistory>);

/// A line that was typed, or why there is none.
pub(super) enum TypedLine {
    /// A line, without its end.
    Line(String),
    /// Ctrl-C.
    Interrupted,
    /// Ctrl-D, or an error.
    End,
}

impl LineEditor {
    /// An editor; None unless standard input and output are a terminal that can edit lines.
    pub(super) fn open() -> Option<Self> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return None;
        }
        let config = Config::builder()
            .auto_add_history(true)
            .bracketed_paste(false)
            .build();
        let history = MemHistory::with_config(&config);
        let editor = Editor::with_history(config, history);
        let mut editor = Self(editor.ok()?);
        // A terminal without cursor movement has no printer.
        editor.0.create_external_printer().ok()?;
        Some(editor)
    }

    /// An output that prints above the line; None if the system has no pipe for it.
    pub(super) fn output(&mut self) -> Option<Box<dyn Write + Send>> {
        let printer = self.0.create_external_printer().ok()?;
        Some(Box::new(AboveLine(printer)))
    }

    /// Reads a line.
    pub(super) fn read(&mut self) -> TypedLine {
        loop {
            match self.0.readline(PROMPT) {
                Ok(line) => return TypedLine::Line(line),
                Err(ReadlineError::Interrupted) => return TypedLine::Interrupted,
                // The size of the terminal has changed.
                Err(ReadlineError::Signal(_)) => {}
                Err(_) => return TypedLine::End,
            }
        }
    }
}

/// Prints whole lines above the line that is edited.
struct AboveLine<P: ExternalPrinter>(P);

impl<P: ExternalPrinter> Write for AboveLine<P> {
    /// Takes all bytes. The log writes whole lines of UTF-8.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes).into_owned();
        self.0.print(text).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<P: ExternalPrinter> Drop for AboveLine<P> {
    /// Waits until the editor has printed all. Its queue has room for one text: when it takes
    /// the second of these, which leave the cursor where it is, all before is printed.
    fn drop(&mut self) {
        const NOTHING: &str = "\x1b[A\n";
        for _ in 0..2 {
            let _ = self.0.print(NOTHING.to_owned());
        }
    }
}

/// Restores the mode of the terminal when it is dropped.
pub(super) struct TerminalMode {
    #[cfg(unix)]
    mode: Option<rustix::termios::Termios>,
}

impl TerminalMode {
    /// The mode that the terminal has now.
    pub(super) fn save() -> Self {
        Self {
            #[cfg(unix)]
            mode: rustix::termios::tcgetattr(io::stdin()).ok(),
        }
    }
}

impl Drop for TerminalMode {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(mode) = &self.mode {
            let _ = rustix::termios::tcsetattr(
                io::stdin(),
                rustix::termios::OptionalActions::Now,
                mode,
            );
        }
        // The line that is edited is removed.
        let mut stdout = io::stdout();
        let _ = stdout.write_all(b"\r\x1b[J").and_then(|()| stdout.flush());
    }
}
