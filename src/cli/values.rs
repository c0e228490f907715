//! The values that options take, where they are words.

use std::num::IntErrorKind;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ValueEnum, builder::PossibleValue};

use crate::notation::Notation;
use crate::render::Format;
use crate::reply::Recipients;

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
pub enum SenderArg {
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

impl ValueEnum for Recipients {
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
    let is_too_large = number
        .as_ref()
        .is_err_and(|why| *why.kind() == IntErrorKind::PosOverflow);
    let number = number.ok().filter(|number| (least..=most).contains(number));
    number
        .and_then(|number| N::try_from(number).ok())
        .ok_or_else(|| match most {
            u64::MAX if is_too_large => format!("expected a number up to {most}"),
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

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn a_number_in_decimal_or_hexadecimal() {
        assert_eq!(number::<u8>("15", 0, 15), Ok(15));
        assert_eq!(number::<u16>("0xffff", 0, 65535), Ok(65535));
        assert_eq!(
            number::<u64>("18446744073709551615", 1, u64::MAX),
            Ok(u64::MAX)
        );
    }

    #[test]
    fn what_was_expected_fits_what_was_found() {
        for text in ["16", "-1", "", "x", "0x", "99999999999999999999"] {
            let expected = Err("expected a number from 0 to 15".to_owned());
            assert_eq!(number::<u8>(text, 0, 15), expected, "{text}");
        }
        for text in ["0", "-1", "x"] {
            let expected = Err("expected a number, at least 1".to_owned());
            assert_eq!(number::<u64>(text, 1, u64::MAX), expected, "{text}");
        }
        for text in ["18446744073709551616", "0x10000000000000000"] {
            let expected = "expected a number up to 18446744073709551615".to_owned();
            assert_eq!(number::<u64>(text, 1, u64::MAX), Err(expected), "{text}");
        }
    }
}
