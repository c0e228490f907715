//! The values that options take, where they are words.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ValueEnum, builder::PossibleValue};

use crate::notation::Notation;
use crate::render::Format;
use crate::reply::To;

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    #[value(help = "On a terminal, unless NO_COLOR is set")]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What the log of a server looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// A line for each frame.
    Frames,
    /// JSON lines.
    Json,
}

/// What a handshake looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum HandshakeFormat {
    /// A table of the headers that matter.
    Text,
    /// JSON lines.
    Json,
}

/// One end of a connection, as an option names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Sender {
    /// The client, who must mask.
    Client,
    /// The server, who must not.
    Server,
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &[
            Self::Text,
            Self::Frames,
            Self::Fields,
            Self::Json,
            Self::Raw,
        ]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, help) = match self {
            Self::Text => ("text", "The text of each message, a line each"),
            Self::Frames => ("frames", "A line for each frame (as -v)"),
            Self::Fields => (
                "fields",
                "Each header field with its octets and bits (as -vv)",
            ),
            Self::Json => ("json", "Frames, messages and findings as JSON lines"),
            Self::Raw => ("raw", "The payload of the messages and nothing else"),
        };
        Some(PossibleValue::new(name).help(help))
    }
}

impl ValueEnum for To {
    fn value_variants<'a>() -> &'a [Self] {
        &[
            Self::Sender,
            Self::Others,
            Self::All,
            Self::None,
            Self::Addressee,
        ]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, help) = match self {
            Self::Sender => ("sender", "Who sent the message"),
            Self::Others => ("others", "Everyone else"),
            Self::All => ("all", "Everyone"),
            Self::None => ("none", "Nobody"),
            Self::Addressee => ("addressee", "Whom the message, which is JSON, names"),
        };
        Some(PossibleValue::new(name).help(help))
    }
}

/// A parser for the names of some notations.
pub(super) fn one_of(notations: &'static [Notation]) -> impl TypedValueParser<Value = Notation> {
    let values = notations.iter().map(|notation| {
        PossibleValue::new(notation.name()).help(capitalised(notation.description()))
    });
    PossibleValuesParser::new(values).try_map(|name| name.parse::<Notation>())
}

/// Reads a whole number from `least` to `most`, in decimal or, behind `0x`, hexadecimal.
///
/// # Errors
///
/// A sentence that says what was expected.
pub(super) fn number<N: TryFrom<u64>>(text: &str, least: u64, most: u64) -> Result<N, String> {
    let number = match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => text.parse(),
    };
    let number = number.ok().filter(|number| (least..=most).contains(number));
    number
        .and_then(|number| N::try_from(number).ok())
        .ok_or_else(|| match most {
            u64::MAX => format!("expected a number, at least {least}"),
            _ => format!("expected a number from {least} to {most}"),
        })
}

fn capitalised(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}
