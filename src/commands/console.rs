//! Standard output and standard error, with the colours and the silence that the user
//! chose. All commands write through the [`Console`].

use std::io::{self, IsTerminal as _, Stderr, Write};

use crate::Error;
use crate::cli::ColorChoice;
use crate::diagnosis::Finding;
use crate::input::Source;
use crate::render::{Style, escape, finding};

/// The width of a line on a terminal, whatever its size, as that of the findings.
const WIDTH: usize = 80;

/// The streams a command writes to: results to standard output, everything else to standard
/// error.
#[derive(Debug)]
pub(super) struct Console {
    /// None until the first write.
    stdout: Option<Stdout>,
    stderr: Stderr,
    is_terminal: bool,
    style: Style,
    stderr_style: Style,
    is_quiet: bool,
    /// The rules of which a finding has been printed in full.
    explained: Vec<&'static str>,
}

impl Console {
    pub(super) fn new(color: ColorChoice, is_quiet: bool) -> Self {
        let stderr = io::stderr();
        let is_terminal = io::stdout().is_terminal();
        let style = Style::new(is_coloured(color, is_terminal));
        let stderr_style = Style::new(is_coloured(color, stderr.is_terminal()));
        Self {
            stdout: None,
            stderr,
            is_terminal,
            style,
            stderr_style,
            is_quiet,
            explained: Vec::new(),
        }
    }

    /// Whether only results are printed.
    pub(super) const fn is_quiet(&self) -> bool {
        self.is_quiet
    }

    /// Whether standard output is a terminal.
    pub(super) const fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// The colours for standard output.
    pub(super) const fn style(&self) -> Style {
        self.style
    }

    /// The colours for standard error.
    pub(super) const fn stderr_style(&self) -> Style {
        self.stderr_style
    }

    /// The width of the lines on standard output; None if it is no terminal.
    pub(super) fn width(&self) -> Option<usize> {
        self.is_terminal.then_some(WIDTH)
    }

    /// The width of the lines on standard error; None if it is no terminal.
    pub(super) fn stderr_width(&self) -> Option<usize> {
        self.stderr.is_terminal().then_some(WIDTH)
    }

    /// Writes a buffer to standard output, and clears it.
    pub(super) fn print(&mut self, out: &mut Vec<u8>) -> Result<(), Error> {
        self.print_bytes(out)?;
        out.clear();
        Ok(())
    }

    /// Writes bytes to standard output.
    pub(super) fn print_bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        if bytes.is_empty() {
            return Ok(());
        }
        let stdout = match &mut self.stdout {
            Some(stdout) => stdout,
            none => none.insert(Stdout::open().map_err(Error::Output)?),
        };
        let written = stdout.write_all(bytes).and_then(|()| stdout.flush());
        written.map_err(Error::Output)
    }

    /// Prints a finding, unless quiet: the first one of its rule in full, further ones on a
    /// line each.
    pub(super) fn report(&mut self, found: &Finding) {
        let mut text = Vec::new();
        if self.explained.contains(&found.rule()) {
            finding::push_brief_line(&mut text, self.stderr_style, found);
        } else {
            self.explained.push(found.rule());
            finding::push_in_full(&mut text, self.stderr_style, found);
        }
        self.print_stderr(&text);
    }

    /// Prints a finding on one line, unless quiet.
    pub(super) fn report_line(&mut self, found: &Finding) {
        let mut line = Vec::new();
        finding::push_line(&mut line, self.stderr_style, found);
        self.print_stderr(&line);
    }

    /// Prints lines below a finding, unless quiet.
    pub(super) fn detail_lines(&mut self, lines: &[String]) {
        for line in lines {
            self.print_stderr(format!("  {}\n", escape::text(line)).as_bytes());
        }
    }

    /// Prints a notice, unless quiet.
    pub(super) fn notice(&mut self, sentence: &str) {
        self.print_stderr(format!("wsctl: {}\n", escape::text(sentence)).as_bytes());
    }

    /// Prompts for input, if that is typed at a terminal.
    pub(super) fn prompt_for_input(&mut self, source: &Source, what: &str) {
        if *source == Source::Stdin && io::stdin().is_terminal() {
            self.notice(&format!("reading {what} from the terminal; Ctrl-D ends it"));
        }
    }

    fn print_stderr(&mut self, text: &[u8]) {
        if !self.is_quiet {
            // An error on standard error cannot be reported anywhere.
            let _ = self.stderr.write_all(text);
        }
    }
}

fn is_coloured(choice: ColorChoice, is_terminal: bool) -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => is_terminal && !is_set("NO_COLOR") && !is_dumb(),
    }
}

/// Standard output without the line buffer of the standard library, which would search all
/// output for line ends. Commands write large batches.
#[derive(Debug)]
struct Stdout {
    #[cfg(unix)]
    file: std::fs::File,
    #[cfg(not(unix))]
    file: io::Stdout,
}

impl Stdout {
    /// # Errors
    ///
    /// The error of the system if standard output is closed.
    #[cfg(unix)]
    fn open() -> io::Result<Self> {
        use std::os::fd::AsFd as _;
        let file = io::stdout().as_fd().try_clone_to_owned()?.into();
        Ok(Self { file })
    }

    #[cfg(not(unix))]
    fn open() -> io::Result<Self> {
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
