//! A value of `--fault`, and its parser: `close-after=3:1011%50`.

use std::fmt;

use super::kinds::InjectedFaultKind;
use super::table::{FaultInfo, ParseKind, faults_of};
use crate::ws::Role;

/// A value of `--fault`: a kind, its argument and a probability.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InjectedFault {
    /// What it does.
    pub kind: InjectedFaultKind,
    /// In how many of 100 cases it acts, from 1 to 100.
    pub percent: u8,
    /// The value as the user wrote it.
    words: String,
}

impl InjectedFault {
    /// The fault `no-pong`: no ping is answered.
    pub fn no_pong() -> Self {
        Self {
            kind: InjectedFaultKind::NoPong,
            percent: 100,
            words: "no-pong".to_owned(),
        }
    }

    /// Parses a fault of what a `sender` sends.
    ///
    /// # Errors
    ///
    /// What was expected instead.
    pub fn parse(words: &str, sender: Role) -> Result<Self, String> {
        let (rest, percent) = match words.rsplit_once('%') {
            None => (words, 100),
            Some((rest, percent)) => (rest, percentage(percent)?),
        };
        let (name, argument) = match rest.split_once('=') {
            None => (rest, None),
            Some((name, argument)) => (name, Some(argument)),
        };
        let info = faults_of(sender).find(|info| info.name == name);
        let info = info.ok_or_else(|| unknown_name(sender))?;
        let kind = match (&info.parse, argument) {
            (ParseKind::NoArgument(kind), None) => *kind,
            (ParseKind::NoArgument(_), Some(_)) => {
                return Err(format!("`{name}` takes no argument"));
            }
            (ParseKind::Argument(parse, expected), argument) => argument
                .and_then(parse)
                .ok_or_else(|| format!("expected {name}{}: {expected}", info.argument))?,
        };
        let words = words.to_owned();
        Ok(Self {
            kind,
            percent,
            words,
        })
    }

    /// Why it has no effect on compressed messages; None if it has one.
    pub const fn useless_with_deflate(&self) -> Option<&'static str> {
        match self.kind {
            InjectedFaultKind::Rsv1 => Some("each compressed message has RSV1"),
            InjectedFaultKind::BadUtf8 => {
                Some("it replaces a byte of a text that is not compressed")
            }
            _ => None,
        }
    }

    /// Whether it makes random choices, so that the seed matters.
    pub const fn is_random(&self) -> bool {
        self.percent < 100
            || matches!(
                self.kind,
                InjectedFaultKind::Mask | InjectedFaultKind::BadUtf8
            )
    }
}

impl fmt::Display for InjectedFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

/// The error for a name that no fault of this sender has.
fn unknown_name(sender: Role) -> String {
    let all = faults_of(sender).map(FaultInfo::form);
    format!("the faults are {}", all.collect::<Vec<_>>().join(", "))
}

/// Parses the text after `%`.
fn percentage(text: &str) -> Result<u8, String> {
    let percent = text.parse().ok();
    percent
        .filter(|percent| (1..=100).contains(percent))
        .ok_or_else(|| "expected a number from 1 to 100 after `%`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ws::{CloseCode, MaskingKey};

    fn kind(words: &str) -> InjectedFaultKind {
        InjectedFault::parse(words, Role::Server).unwrap().kind
    }

    #[test]
    fn a_fault_has_a_name_an_argument_and_a_percentage() {
        assert_eq!(kind("mask"), InjectedFaultKind::Mask);
        assert_eq!(kind("reject=503"), InjectedFaultKind::Reject(503));
        assert_eq!(
            kind("close-after=3"),
            InjectedFaultKind::CloseAfter(3, CloseCode::GOING_AWAY)
        );
        assert_eq!(
            kind("close-after=0:1011"),
            InjectedFaultKind::CloseAfter(0, CloseCode(1011))
        );
        assert_eq!(kind("opcode=0xb"), kind("opcode=11"));
        let fault = InjectedFault::parse("delay=200%5", Role::Client).unwrap();
        assert_eq!(
            (fault.kind, fault.percent),
            (InjectedFaultKind::Delay(200), 5)
        );
        assert_eq!(fault.to_string(), "delay=200%5");
    }

    #[test]
    fn an_invalid_fault_has_an_error_that_lists_what_is_valid() {
        let error = |words: &str| InjectedFault::parse(words, Role::Server).unwrap_err();
        assert!(error("maks").starts_with("the faults are reject=STATUS, bad-accept, "));
        assert_eq!(error("mask=1"), "`mask` takes no argument");
        assert_eq!(
            error("split=0"),
            "expected split=N: a number of bytes, at least 1"
        );
        assert_eq!(
            error("reject"),
            "expected reject=STATUS: a status from 200 to 599"
        );
        assert_eq!(error("reject=101"), error("reject=x"));
        assert_eq!(error("mask%0"), "expected a number from 1 to 100 after `%`");
    }

    #[test]
    fn a_client_has_faults_of_its_own() {
        let kind = |words| InjectedFault::parse(words, Role::Client).map(|fault| fault.kind);
        assert_eq!(kind("no-mask%50"), Ok(InjectedFaultKind::NoMask));
        assert_eq!(
            kind("wrong-version=8"),
            Ok(InjectedFaultKind::WrongVersion(8))
        );
        let key = InjectedFaultKind::ConstantKey(MaskingKey([0, 0, 0xfa, 0xff]));
        assert_eq!(kind("constant-key=0000FAff"), Ok(key));
        for wrong in ["constant-key=0", "constant-key=+0000000", "constant-key"] {
            assert_eq!(
                kind(wrong),
                Err("expected constant-key=KEY: 8 hexadecimal digits".to_owned())
            );
        }
        let server = kind("mask").unwrap_err();
        assert!(server.starts_with("the faults are wrong-version=N, short-key, early-frames, "));
        assert!(!server.contains("reject"), "{server}");
    }
}
