//! The rows of the table: what is decoded, and by whom.

use std::env;
use std::path::Path;
use std::process::Command;

use super::Fallible;
use super::inputs::Input;
use super::program;

/// A program that reads the file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tool {
    Cat,
    Bare,
    Wsctl,
    Tungstenite,
    TokioWebsockets,
    Fastwebsockets,
}

impl Tool {
    pub(crate) const ALL: [Self; 6] = [
        Self::Cat,
        Self::Bare,
        Self::Wsctl,
        Self::Tungstenite,
        Self::TokioWebsockets,
        Self::Fastwebsockets,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Cat => "cat",
            Self::Bare => "bare",
            Self::Wsctl => "wsctl",
            Self::Tungstenite => "tungstenite",
            Self::TokioWebsockets => "tokio-websockets",
            Self::Fastwebsockets => "fastwebsockets",
        }
    }

    /// What decodes this file as a row says: `cat`, wsctl, or this program again.
    pub(crate) fn command(self, row: &Row, file: &Path) -> Fallible<Command> {
        let mut command = match self {
            Self::Cat => Command::new("cat"),
            Self::Wsctl => {
                let mut command = Command::new(program::wsctl());
                command.arg("decode").args(row.arguments).arg("--file");
                command
            }
            peer => {
                let mut command = Command::new(env::current_exe()?);
                command.args(["peer", peer.name()]);
                command
            }
        };
        command.arg(file);
        Ok(command)
    }
}

/// Something to decode.
#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) input: Input,
    /// What is said to wsctl.
    pub(crate) arguments: &'static [&'static str],
    pub(crate) tools: &'static [Tool],
}

/// Those that can do no more than print payloads.
const OURS: &[Tool] = &[Tool::Cat, Tool::Wsctl];

impl Row {
    /// Every row, in the order of the table.
    pub(crate) const ALL: [Self; 11] = [
        Self::text("ascii", Input::Ascii),
        Self::text("mixed", Input::Mixed),
        Self::text("64KiB", Input::Medium),
        Self::text("512MiB", Input::One),
        Self::ours("hex", Input::Hex, &[]),
        Self::ours("hex-run", Input::HexRun, &[]),
        Self::ours("hex-pairs", Input::HexPairs, &[]),
        Self::ours("frames-ascii", Input::Ascii, &["--format", "frames"]),
        Self::ours("frames-mixed", Input::Mixed, &["--format", "frames"]),
        Self::ours("json-ascii", Input::Ascii, &["--format", "json"]),
        Self::ours("json-mixed", Input::Mixed, &["--format", "json"]),
    ];

    const fn text(name: &'static str, input: Input) -> Self {
        Self {
            name,
            input,
            arguments: &[],
            tools: &Tool::ALL,
        }
    }

    const fn ours(name: &'static str, input: Input, arguments: &'static [&'static str]) -> Self {
        Self {
            name,
            input,
            arguments,
            tools: OURS,
        }
    }

    /// Whether the payloads are printed and nothing else.
    pub(crate) fn is_text(&self) -> bool {
        self.arguments.is_empty()
    }
}
