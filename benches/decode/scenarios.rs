//! The scenarios, which are the rows of the table, and the programs that decode them.

use std::env;
use std::path::Path;
use std::process::Command;

use super::common::{Fallible, paths};
use super::inputs::Input;

/// A program that decodes a file; `cat` copies it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decoder {
    Cat,
    Bare,
    Wsctl,
    Tungstenite,
    TokioWebsockets,
    Fastwebsockets,
}

impl Decoder {
    pub(crate) const ALL: [Self; 6] = [
        Self::Cat,
        Self::Bare,
        Self::Wsctl,
        Self::Tungstenite,
        Self::TokioWebsockets,
        Self::Fastwebsockets,
    ];

    /// The name on the command line and in the table.
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

    /// The command that decodes `file`: `cat`, wsctl, or this benchmark with the argument `peer`.
    pub(crate) fn command(self, scenario: &Scenario, file: &Path) -> Fallible<Command> {
        let mut command = match self {
            Self::Cat => Command::new("cat"),
            Self::Wsctl => {
                let mut command = Command::new(paths::wsctl());
                command.arg("decode").args(scenario.arguments).arg("--file");
                command
            }
            library => {
                let mut command = Command::new(env::current_exe()?);
                command.args(["peer", library.name()]);
                command
            }
        };
        command.arg(file);
        Ok(command)
    }
}

/// An input, and the options with which wsctl decodes it.
#[derive(Clone)]
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) input: Input,
    /// Options of `wsctl decode`.
    pub(crate) arguments: &'static [&'static str],
    pub(crate) decoders: &'static [Decoder],
}

impl Scenario {
    /// Every scenario, in the order of the table.
    pub(crate) const ALL: [Self; 11] = [
        Self::text("ascii", Input::Ascii),
        Self::text("mixed", Input::Mixed),
        Self::text("64KiB", Input::Medium),
        Self::text("512MiB", Input::One),
        Self::wsctl_only("hex", Input::Hex, &[]),
        Self::wsctl_only("hex-run", Input::HexRun, &[]),
        Self::wsctl_only("hex-pairs", Input::HexPairs, &[]),
        Self::wsctl_only("frames-ascii", Input::Ascii, &["--format", "frames"]),
        Self::wsctl_only("frames-mixed", Input::Mixed, &["--format", "frames"]),
        Self::wsctl_only("json-ascii", Input::Ascii, &["--format", "json"]),
        Self::wsctl_only("json-mixed", Input::Mixed, &["--format", "json"]),
    ];

    /// A scenario in which every program prints the payloads.
    const fn text(name: &'static str, input: Input) -> Self {
        Self {
            name,
            input,
            arguments: &[],
            decoders: &Decoder::ALL,
        }
    }

    /// A scenario of which only wsctl is capable.
    const fn wsctl_only(
        name: &'static str,
        input: Input,
        arguments: &'static [&'static str],
    ) -> Self {
        Self {
            name,
            input,
            arguments,
            decoders: &[Decoder::Cat, Decoder::Wsctl],
        }
    }

    /// Whether wsctl prints the payloads alone, as the other programs do.
    pub(crate) fn is_text(&self) -> bool {
        self.arguments.is_empty()
    }
}
