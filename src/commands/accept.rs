//! `wsctl accept`.

use std::ffi::OsString;

use super::screen::Console;
use crate::cli::AcceptArgs;
use crate::diagnosis::{Finding, diagnose_accept};
use crate::input::Source;
use crate::ws::handshake::{Response, accept_value, check_key};
use crate::{Error, Outcome};

pub(super) fn run(args: &AcceptArgs, screen: &mut Console) -> Result<Outcome, Error> {
    let keys = keys(args, screen)?;
    match &args.check {
        Some(given) => {
            let value = value_of(given.as_bytes(), ACCEPT);
            // The end of a pasted line is its own; one behind the bare value was sent.
            let is_bare = value == given.as_bytes().trim_ascii();
            let end = if is_bare && given.ends_with('\n') {
                "\n"
            } else {
                ""
            };
            let given = String::from_utf8_lossy(value) + end;
            check(&keys, &given, screen)
        }
        None => print(&keys, args.response, screen),
    }
}

fn print(keys: &[Vec<u8>], whole_response: bool, screen: &mut Console) -> Result<Outcome, Error> {
    let mut is_faulty = false;
    for key in keys {
        let accept = accept_value(key);
        let mut out = if whole_response {
            Response::switching_protocols(&accept).encode()
        } else {
            format!("{accept}\n").into_bytes()
        };
        screen.print(&mut out)?;
        is_faulty |= judge(key, screen);
    }
    Ok(Outcome::faulty_if(is_faulty))
}

fn check(keys: &[Vec<u8>], given: &str, screen: &mut Console) -> Result<Outcome, Error> {
    let [key] = keys else {
        let sentence = format!("--check takes one key, found {}", keys.len());
        return Err(Error::Usage(sentence));
    };
    let is_bad_key = judge(key, screen);
    let expected = accept_value(key);
    let Some(finding) = diagnose_accept(key, given) else {
        screen.print(&mut format!("{expected}\n").into_bytes())?;
        return Ok(Outcome::faulty_if(is_bad_key));
    };
    screen.report_line(&finding);
    screen.aside(&[
        format!("expected  {expected}"),
        format!("got       {}", given.replace('\n', "\\n")),
    ]);
    screen.aside(&[format!("fix       {}", finding.fix())]);
    Ok(Outcome::Faulty)
}

/// Reports a key that is none; whether it is.
fn judge(key: &[u8], screen: &mut Console) -> bool {
    match check_key(key) {
        Ok(()) => false,
        Err(fault) => {
            screen.report_line(&Finding::from(&fault));
            true
        }
    }
}

/// The keys that were given, in words or, where `-` or nothing stands, a line each on
/// standard input.
fn keys(args: &AcceptArgs, screen: &mut Console) -> Result<Vec<Vec<u8>>, Error> {
    let stdin = [OsString::from("-")];
    let words = if args.keys.is_empty() {
        &stdin[..]
    } else {
        &args.keys
    };
    let mut keys = Vec::new();
    for word in words {
        if word == "-" {
            keys.extend(keys_of_stdin(screen)?);
        } else if !is_only_the_name(word.as_encoded_bytes()) {
            keys.push(value_of(word.as_encoded_bytes(), KEY).to_vec());
        }
    }
    Ok(keys)
}

fn keys_of_stdin(screen: &mut Console) -> Result<Vec<Vec<u8>>, Error> {
    screen.invite(&Source::Stdin, "keys");
    let bytes = Source::Stdin.read_all()?;
    let lines = bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.trim_ascii().is_empty());
    let keys: Vec<Vec<u8>> = lines.map(|line| value_of(line, KEY).to_vec()).collect();
    if keys.is_empty() {
        return Err(Error::Usage(
            "expected keys in standard input, found none".to_owned(),
        ));
    }
    Ok(keys)
}

const KEY: &str = "Sec-WebSocket-Key";
const ACCEPT: &str = "Sec-WebSocket-Accept";

/// Whether a word is the first half of a header line that was not quoted.
fn is_only_the_name(word: &[u8]) -> bool {
    word.strip_suffix(b":")
        .is_some_and(|name| name.eq_ignore_ascii_case(KEY.as_bytes()))
}

/// The value of a pasted header line, or of a bare value, without the space around it.
fn value_of<'a>(line: &'a [u8], name: &str) -> &'a [u8] {
    let mut parts = line.splitn(2, |byte| *byte == b':');
    match (parts.next(), parts.next()) {
        (Some(before), Some(value))
            if before.trim_ascii().eq_ignore_ascii_case(name.as_bytes()) =>
        {
            value.trim_ascii()
        }
        _ => line.trim_ascii(),
    }
}
