//! The values of options: words, notations, numbers, sizes, durations, origins and faults.

use std::num::{IntErrorKind, ParseIntError};
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ValueEnum, builder::PossibleValue};

use crate::notation::Notation;
use crate::render::Format;
use crate::reply::Recipients;
use crate::ws::Role;
use crate::ws::fault::{InjectedFault, faults_of};

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

/// The format of a server's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// A line for each frame.
    Frames,
    /// JSON lines.
    Json,
}

/// The format of the report of `check`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// What failed, and counts.
    Text,
    /// JSON lines.
    Json,
}

/// The format of a handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum HandshakeFormat {
    /// A table of the headers that matter.
    Text,
    /// JSON lines.
    Json,
}

/// An end of a connection, as the value of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SenderArg {
    /// The client, which must mask.
    Client,
    /// The server, which must not.
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
            Self::Text => ("text", "The text of each message, one per line"),
            Self::Frames => ("frames", "A line for each frame (as -v)"),
            Self::Fields => (
                "fields",
                "Each header field with its bytes and bits (as -vv)",
            ),
            Self::Json => (
                "json",
                "Frames, messages and findings as JSON, an object a line",
            ),
            Self::Raw => ("raw", "The payloads of the messages, unchanged"),
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
            Self::Sender => ("sender", "The connection that sent the message"),
            Self::Others => ("others", "All connections but the sender"),
            Self::All => ("all", "All connections"),
            Self::None => ("none", "No connection"),
            Self::Addressee => ("addressee", "The connections that the JSON message names"),
        };
        Some(PossibleValue::new(name).help(help))
    }
}

/// A parser for the names of these notations.
pub(super) fn one_of(notations: &'static [Notation]) -> impl TypedValueParser<Value = Notation> {
    let values = notations.iter().map(|notation| {
        PossibleValue::new(notation.name()).help(capitalised(notation.description()))
    });
    PossibleValuesParser::new(values).try_map(|name| name.parse::<Notation>())
}

/// Parses a TCP port.
///
/// # Errors
///
/// A phrase that says what was expected.
pub(super) fn port(text: &str) -> Result<u16, String> {
    number(text, 0, 65535)
}

/// Parses the number of connections at a time.
///
/// # Errors
///
/// A phrase that says what was expected.
pub(super) fn jobs(text: &str) -> Result<usize, String> {
    number(text, 1, 1000)
}

/// Parses an integer of up to 64 bits: a seed, or a count.
pub(super) fn any_number(text: &str) -> Result<u64, String> {
    number(text, 0, u64::MAX)
}

/// Parses an integer from `least` to `most`, in decimal or, after `0x`, in hexadecimal.
///
/// # Errors
///
/// A phrase that says what was expected.
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

/// Parses a size in bytes: `65536`, `64k`, `64M`, `64MiB` or `1G`. The units are powers of
/// 1024.
///
/// # Errors
///
/// A phrase that says what was expected.
pub(super) fn size(text: &str) -> Result<usize, String> {
    const EXPECTED: &str = "expected a number of bytes, as 65536, 64k, 64M or 1G";
    let end = text
        .find(|char: char| !char.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let factor: usize = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        _ => return Err(EXPECTED.to_owned()),
    };
    let too_large = || format!("expected at most {} bytes", usize::MAX);
    let number: usize = digits
        .parse()
        .map_err(|why: ParseIntError| match why.kind() {
            IntErrorKind::PosOverflow => too_large(),
            _ => EXPECTED.to_owned(),
        })?;
    number.checked_mul(factor).ok_or_else(too_large)
}

/// Parses a duration from 1 ms to 24 h: `500ms`, `30s`, `2m`, `1h`, or a number of seconds.
///
/// # Errors
///
/// A phrase that says what was expected.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    const EXPECTED: &str =
        "expected a duration, as 500ms, 30s, 2m or 1h; a number without a unit is in seconds";
    const SHORTEST: Duration = Duration::from_millis(1);
    const LONGEST: Duration = Duration::from_secs(24 * 3600);
    let end = text
        .find(|char: char| !char.is_ascii_digit() && char != '.')
        .unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let factor = match unit {
        "ms" => 1e-3,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return Err(EXPECTED.to_owned()),
    };
    let number: f64 = digits.parse().map_err(|_| EXPECTED.to_owned())?;
    let duration = Duration::try_from_secs_f64(number * factor).ok();
    duration
        .filter(|duration| (SHORTEST..=LONGEST).contains(duration))
        .ok_or_else(|| "expected a duration from 1ms to 24h".to_owned())
}

/// Parses an origin as browsers send it: a scheme, a host and optionally a port (RFC 6454
/// section 6.2).
///
/// # Errors
///
/// A phrase that says what was expected.
pub(super) fn origin(text: &str) -> Result<String, String> {
    let origin = text.trim_end_matches('/');
    let is_origin = origin.split_once("://").is_some_and(|(scheme, host)| {
        !scheme.is_empty() && !host.is_empty() && !host.contains(['/', '?', '#', '@'])
    });
    if is_origin || origin == "null" {
        Ok(origin.to_owned())
    } else {
        Err("expected an origin, as http://localhost:3000, without a path".to_owned())
    }
}

/// Parses a fault that a server can inject.
pub(super) fn server_fault(words: &str) -> Result<InjectedFault, String> {
    InjectedFault::parse(words, Role::Server)
}

/// Parses a fault that a client can inject.
pub(super) fn client_fault(words: &str) -> Result<InjectedFault, String> {
    InjectedFault::parse(words, Role::Client)
}

/// The long help of `--fault`: a table of the faults of a sender and their effects.
pub(super) fn fault_help(sender: Role) -> String {
    let receiver = sender.peer();
    let mut help = format!(
        "\
Inject a fault into what the {sender} sends, to test how the {receiver} handles it; repeatable.

KIND is a name, for some faults with an argument. With %P after it, the fault acts in P of 100 \
cases: drop-after=3%20. The log reports each time that a fault acts. The second line of a fault \
is the effect in the {receiver}:
"
    );
    for fault in faults_of(sender) {
        let effect = fault.effect(sender).unwrap_or_default();
        let row = format!(
            "\n  {:21} {}\n  {:21} {effect}",
            fault.form(),
            fault.does,
            ""
        );
        help.push_str(&row);
    }
    help
}

fn capitalised(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_in_decimal_or_hexadecimal() {
        assert_eq!(number::<u8>("15", 0, 15), Ok(15));
        assert_eq!(number::<u16>("0xffff", 0, 65535), Ok(65535));
        assert_eq!(
            number::<u64>("18446744073709551615", 1, u64::MAX),
            Ok(u64::MAX)
        );
    }

    #[test]
    fn the_error_for_an_invalid_number_names_the_range() {
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

    #[test]
    fn the_units_of_a_size_are_powers_of_1024() {
        assert_eq!(size("0"), Ok(0));
        assert_eq!(size("65536"), Ok(65536));
        assert_eq!(size("64k"), Ok(65536));
        assert_eq!(size("64MiB"), Ok(64 << 20));
        assert_eq!(size("1G"), Ok(1 << 30));
    }

    #[test]
    fn the_error_for_an_invalid_size_names_the_form() {
        for text in ["", "k", "-1", "1.5M", "64X"] {
            let why = size(text).unwrap_err();
            assert!(why.starts_with("expected a number"), "{text}");
        }
        for text in ["9999999999999G", "99999999999999999999"] {
            assert!(size(text).unwrap_err().contains("at most"), "{text}");
        }
    }

    #[test]
    fn a_duration_has_a_number_and_a_unit() {
        let seconds = |text| duration(text).unwrap().as_secs_f64();
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("1.5s"), Ok(Duration::from_millis(1_500)));
        assert_eq!(duration("30"), duration("30s"));
        assert!((seconds("2m") - 120.0).abs() < 1e-9);
        assert!((seconds("1h") - 3600.0).abs() < 1e-9);
    }

    #[test]
    fn the_error_for_an_invalid_duration_names_the_form_or_the_range() {
        for text in ["", "s", "-1s", "5 s", "1d", "1.2.3s", "."] {
            let why = duration(text).unwrap_err();
            assert!(why.starts_with("expected a duration, as"), "{text}");
        }
        for text in ["0", "0ms", "25h", "99999999999999999999"] {
            let why = duration(text).unwrap_err();
            assert!(why.contains("from 1ms to 24h"), "{text}");
        }
    }

    #[test]
    fn an_origin_has_a_scheme_and_a_host_and_no_path() {
        assert_eq!(origin("http://a:1/"), Ok("http://a:1".to_owned()));
        assert_eq!(origin("null"), Ok("null".to_owned()));
        for text in ["", "localhost", "http://", "http://a/b", "*"] {
            assert!(origin(text).unwrap_err().contains("an origin"), "{text}");
        }
    }
}
