//! Standard output and standard error, as the user wants them.

use std::io::{self, IsTerminal as _, Stderr, Write as _};

use super::stdout::Stdout;
use crate::Error;
use crate::cli::ColorChoice;
use crate::diagnosis::Finding;
use crate::input::Source;
use crate::render::{Style, escape, finding};

/// The two streams a command writes to: data to one, everything else to the other.
#[derive(Debug)]
pub(super) struct Console {
    /// None until something is written.
    stdout: Option<Stdout>,
    stderr: Stderr,
    is_terminal: bool,
    style: Style,
    stderr_style: Style,
    is_quiet: bool,
    /// The rules whose findings were drawn.
    told: Vec<&'static str>,
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
            told: Vec::new(),
        }
    }

    /// Whether only results are to be printed.
    pub(super) const fn is_quiet(&self) -> bool {
        self.is_quiet
    }

    /// Whether data goes to a terminal.
    pub(super) const fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// Colours for data.
    pub(super) const fn style(&self) -> Style {
        self.style
    }

    /// Writes data, and removes it.
    pub(super) fn print(&mut self, out: &mut Vec<u8>) -> Result<(), Error> {
        self.print_bytes(out)?;
        out.clear();
        Ok(())
    }

    /// Writes data that stays.
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

    /// Tells of a finding, unless the screen is quiet: the first of its kind with all that
    /// is to be said about it, the others on a line each.
    pub(super) fn report(&mut self, found: &Finding) {
        let mut text = Vec::new();
        if self.told.contains(&found.rule()) {
            finding::push_brief_line(&mut text, self.stderr_style, found);
        } else {
            self.told.push(found.rule());
            finding::push_in_full(&mut text, self.stderr_style, found);
        }
        self.say(&text);
    }

    /// Tells of a finding on one line, unless the screen is quiet.
    pub(super) fn report_line(&mut self, found: &Finding) {
        let mut line = Vec::new();
        finding::push_line(&mut line, self.stderr_style, found);
        self.say(&line);
    }

    /// Lines below a finding, unless the screen is quiet.
    pub(super) fn aside(&mut self, lines: &[String]) {
        for line in lines {
            self.say(format!("  {}\n", escape::text(line)).as_bytes());
        }
    }

    /// A remark beside the matter, unless the screen is quiet.
    pub(super) fn note(&mut self, sentence: &str) {
        self.say(format!("wsctl: {}\n", escape::text(sentence)).as_bytes());
    }

    /// Tells a person at a terminal that it is their turn to type.
    pub(super) fn invite(&mut self, source: &Source, what: &str) {
        if *source == Source::Stdin && io::stdin().is_terminal() {
            self.note(&format!("reading {what} from the terminal; Ctrl-D ends it"));
        }
    }

    fn say(&mut self, text: &[u8]) {
        if !self.is_quiet {
            // Where standard error is closed, nobody wants to read it.
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
