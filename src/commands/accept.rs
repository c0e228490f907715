//! `wsctl accept`: prints the accept value for a key, or checks a given one.

use std::ffi::OsString;

use super::console::Console;
use crate::cli::AcceptArgs;
use crate::diagnosis::{Finding, diagnose_accept};
use crate::input::Source;
use crate::ws::handshake::{Response, accept_value, check_key, find_keys, without_guid};
use crate::{Error, Outcome};

pub(super) fn run(args: &AcceptArgs, console: &mut Console) -> Result<Outcome, Error> {
    let keys = keys(args, console)?;
    match &args.check {
        Some(given) => {
            let value = value_of(given.as_bytes(), ACCEPT);
            // A line end after a header line belongs to the paste; after a bare value it was sent.
            let is_bare = value == given.as_bytes().trim_ascii();
            let end = if is_bare && given.ends_with('\n') {
                "\n"
            } else {
                ""
            };
            let given = String::from_utf8_lossy(value) + end;
            check(&keys, &given, console)
        }
        None => print(&keys, args.response, console),
    }
}

fn print(keys: &[Vec<u8>], whole_response: bool, console: &mut Console) -> Result<Outcome, Error> {
    let mut has_problem = false;
    for key in keys {
        let accept = accept_value(key);
        let mut out = if whole_response {
            Response::switching_protocols(&accept).encode()
        } else {
            format!("{accept}\n").into_bytes()
        };
        console.print(&mut out)?;
        has_problem |= report_if_invalid(key, console);
    }
    Ok(Outcome::problem_if(has_problem))
}

fn check(keys: &[Vec<u8>], given: &str, console: &mut Console) -> Result<Outcome, Error> {
    let [key] = keys else {
        let sentence = format!("--check takes one key, found {}", keys.len());
        return Err(Error::Usage(sentence));
    };
    let is_bad_key = report_if_invalid(key, console);
    let expected = accept_value(key);
    let Some(finding) = diagnose_accept(key, given) else {
        console.print(&mut format!("{expected}\n").into_bytes())?;
        return Ok(Outcome::problem_if(is_bad_key));
    };
    console.report_line(&finding);
    console.detail_lines(&[
        format!("expected  {expected}"),
        format!("got       {}", given.replace('\n', "\\n")),
    ]);
    console.detail_lines(&[format!("fix       {}", finding.fix())]);
    Ok(Outcome::ProblemFound)
}

/// Reports a text that is not a key. Returns whether it is none.
fn report_if_invalid(key: &[u8], console: &mut Console) -> bool {
    match check_key(key) {
        Ok(()) => false,
        Err(error) => {
            console.report_line(&Finding::from(&error));
            true
        }
    }
}

/// The keys in the arguments, or in standard input for `-` or without arguments.
fn keys(args: &AcceptArgs, console: &mut Console) -> Result<Vec<Vec<u8>>, Error> {
    let stdin = [OsString::from("-")];
    let words = if args.keys.is_empty() {
        &stdin[..]
    } else {
        &args.keys
    };
    let mut keys = Vec::new();
    for word in words {
        let word = word.as_encoded_bytes();
        if word == b"-" {
            keys.extend(keys_of_stdin(console)?);
        } else if word.contains(&b'\n') {
            keys.extend(keys_in(word));
        } else if !is_only_the_name(word) {
            keys.push(value_of(word, KEY).to_vec());
        }
    }
    Ok(keys
        .into_iter()
        .map(|key| split_guid(key, console))
        .collect())
}

fn keys_of_stdin(console: &mut Console) -> Result<Vec<Vec<u8>>, Error> {
    console.prompt_for_input(&Source::Stdin, "keys");
    let keys = keys_in(&Source::Stdin.read_all()?);
    if keys.is_empty() {
        return Err(Error::Usage(
            "expected keys in standard input, found none".to_owned(),
        ));
    }
    Ok(keys)
}

/// The keys in a text: one on each line, alone or after the header's name. Of a text with other
/// lines, such as a head or a log, the keys that are found in it, each once.
fn keys_in(text: &[u8]) -> Vec<Vec<u8>> {
    let lines = text
        .split(|byte| *byte == b'\n')
        .map(|line| (line, value_of(line, KEY)))
        .filter(|(_, value)| !value.is_empty());
    let lines: Vec<_> = lines.collect();
    let is_other = |(line, value): &(&[u8], &[u8])| {
        let is_header = line.trim_ascii() != *value;
        !is_header && value.iter().any(|byte| matches!(byte, b' ' | b':' | b'\t'))
    };
    let found = find_keys(text);
    if lines.iter().any(is_other) && !found.is_empty() {
        return found;
    }
    lines.into_iter().map(|(_, value)| value.to_vec()).collect()
}

/// A key without the GUID that was appended to it, which is said.
fn split_guid(word: Vec<u8>, console: &mut Console) -> Vec<u8> {
    let Some(key) = without_guid(&word).map(<[u8]>::to_vec) else {
        return word;
    };
    console.notice(&format!(
        "the word ends with the GUID, which is added anyway; the key is `{}`",
        String::from_utf8_lossy(&key)
    ));
    key
}

const KEY: &str = "Sec-WebSocket-Key";
const ACCEPT: &str = "Sec-WebSocket-Accept";

/// Whether a word is the name of a header line that the shell split at its space.
fn is_only_the_name(word: &[u8]) -> bool {
    word.strip_suffix(b":")
        .is_some_and(|name| name.eq_ignore_ascii_case(KEY.as_bytes()))
}

/// The value of a header line, or a bare value, without the white space around it.
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
