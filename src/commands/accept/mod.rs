//! `wsctl accept`: prints the accept value for a key, or checks a given one.

mod pasted_keys;

use std::ffi::{OsStr, OsString};

use super::console::Console;
use super::key_search::FoundKey;
use crate::cli::AcceptArgs;
use crate::diagnosis::{Finding, diagnose_accept};
use crate::input::Source;
use crate::notation::Notation;
use crate::ws::handshake::{Response, accept_value, check_key, without_guid};
use crate::{Error, Outcome};
use pasted_keys::PastedKeys;

pub(super) fn run(args: &AcceptArgs, console: &mut Console) -> Result<Outcome, Error> {
    let keys = keys(args, console)?;
    let Some(given) = &args.check else {
        return print(&keys, args.response, console);
    };
    let value = value_after(given.as_bytes(), ACCEPT);
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

/// Keys of which the output is written at once.
const MOST_UNPRINTED: usize = 64 << 10;

/// Prints the accept value of each key, or the whole response.
fn print(
    keys: &[PastedKeys],
    whole_response: bool,
    console: &mut Console,
) -> Result<Outcome, Error> {
    let mut has_problem = false;
    let mut out = Vec::new();
    each(keys, |found| {
        let key = told_key(&found, console);
        let accept = accept_value(&key);
        if whole_response {
            out.extend(Response::switching_protocols(&accept).encode());
        } else {
            out.extend(format!("{accept}\n").into_bytes());
        }
        let is_right = found.wrong_accept.is_none() && check_key(&key).is_ok();
        if !is_right || out.len() > MOST_UNPRINTED {
            console.print(&mut out)?;
        }
        has_problem |= report_if_invalid(&key, console);
        if let Some(given) = &found.wrong_accept {
            has_problem |= report_if_wrong(&key, &String::from_utf8_lossy(given), console);
        }
        Ok(())
    })?;
    console.print(&mut out)?;
    Ok(Outcome::problem_if(has_problem))
}

/// Compares a given accept value with that of the only key.
fn check(keys: &[PastedKeys], given: &str, console: &mut Console) -> Result<Outcome, Error> {
    let mut all = Vec::new();
    let mut count = 0_usize;
    each(keys, |found| {
        count += 1;
        if count == 1 {
            all.push(found);
        }
        Ok(())
    })?;
    let ([found], 1) = (all.as_slice(), count) else {
        return Err(Error::Usage(format!(
            "--check takes one key, found {count}"
        )));
    };
    let key = told_key(found, console);
    let is_bad_key = report_if_invalid(&key, console);
    if report_if_wrong(&key, given, console) {
        return Ok(Outcome::ProblemFound);
    }
    console.print(&mut format!("{}\n", accept_value(&key)).into_bytes())?;
    Ok(Outcome::problem_if(is_bad_key))
}

/// Reports an accept value that is not the one of a key. Returns whether it is not.
fn report_if_wrong(key: &[u8], given: &str, console: &mut Console) -> bool {
    let Some(finding) = diagnose_accept(key, given) else {
        return false;
    };
    console.report_line(&finding);
    console.detail_lines(&[
        format!("expected  {}", accept_value(key)),
        format!("got       {}", given.replace('\n', "\\n")),
        format!("fix       {}", finding.fix()),
    ]);
    true
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
fn keys(args: &AcceptArgs, console: &mut Console) -> Result<Vec<PastedKeys>, Error> {
    let stdin = [OsString::from("-")];
    let words = if args.keys.is_empty() {
        &stdin[..]
    } else {
        &args.keys
    };
    let mut keys = Vec::new();
    for word in words {
        if let Some(value) = accept_value_of_word(word)
            && answer(&mut keys, value)
        {
            continue;
        }
        let pasted = if word == "-" {
            console.prompt_for_input(&Source::Stdin, "keys");
            let pasted = pasted_keys::read(Source::Stdin)?;
            if pasted.is_empty() {
                let sentence = "expected keys in standard input, found none";
                return Err(Error::Usage(sentence.to_owned()));
            }
            pasted
        } else {
            keys_of_word(word)?
        };
        if let PastedKeys::Found(found) = &pasted {
            tell_several(found, console);
        }
        keys.push(pasted);
    }
    Ok(keys)
}

/// The accept value that a word is: of the header line, or one by its length. Empty if the word is
/// the name of the header, which the shell split from its value.
fn accept_value_of_word(word: &OsStr) -> Option<&[u8]> {
    let bytes = word.as_encoded_bytes();
    let value = value_after(bytes, ACCEPT);
    let is_header = value != bytes.trim_ascii();
    (is_header || is_accept_value(value)).then_some(value)
}

/// Whether a word has the length of an accept value and not of a key: base64 of a SHA-1, or what people
/// send in its place, a SHA-1 in hexadecimal, base64 of that, base64 of a SHA-256.
fn is_accept_value(word: &[u8]) -> bool {
    const SHA1: usize = 20;
    const SHA256: usize = 32;
    let is_hexadecimal = word.len() == 2 * SHA1 && word.iter().all(u8::is_ascii_hexdigit);
    let mut bytes = Vec::new();
    let is_base64 = Notation::Base64.read(word, &mut bytes).is_ok();
    is_hexadecimal || is_base64 && matches!(bytes.len(), SHA1 | SHA256 | 40)
}

/// Compares an accept value with the right one of the key in front of it. Whether there is a key.
fn answer(keys: &mut [PastedKeys], value: &[u8]) -> bool {
    let Some(PastedKeys::Found(found)) = keys.last_mut() else {
        return false;
    };
    let Some(found) = found.last_mut() else {
        return false;
    };
    found.answer(value);
    true
}

/// The keys in a word of the command line.
fn keys_of_word(word: &OsStr) -> Result<PastedKeys, Error> {
    let bytes = word.as_encoded_bytes();
    let value = value_of_key(bytes);
    let has_more = value
        .iter()
        .any(|byte| byte.is_ascii_whitespace() || *byte == b'\\');
    if has_more {
        return pasted_keys::read(Source::Arguments(vec![word.to_owned()]));
    }
    let keys = if is_only_the_name(bytes) {
        Vec::new()
    } else {
        vec![FoundKey::alone(value.to_vec())]
    };
    Ok(PastedKeys::Found(keys))
}

/// Gives all keys in their order.
fn each(
    keys: &[PastedKeys],
    mut on_key: impl FnMut(FoundKey) -> Result<(), Error>,
) -> Result<(), Error> {
    for pasted in keys {
        match pasted {
            PastedKeys::Lines(lines) => pasted_keys::each_in_lines(lines, &mut on_key)?,
            PastedKeys::Found(found) => found.iter().cloned().try_for_each(&mut on_key)?,
        }
    }
    Ok(())
}

/// Tells that a head or a log has several keys.
fn tell_several(found: &[FoundKey], console: &mut Console) {
    const MOST_SHOWN: usize = 4;
    if found.len() < 2 {
        return;
    }
    let shown = found.iter().take(MOST_SHOWN);
    let shown: Vec<_> = shown
        .map(|found| format!("`{}`", String::from_utf8_lossy(&found.key)))
        .collect();
    let more = if found.len() > MOST_SHOWN {
        ", …"
    } else {
        ""
    };
    console.notice(&format!(
        "{} different keys are in the input, and each gets its value in this order: {}{more}",
        found.len(),
        shown.join(", ")
    ));
}

/// A key without the GUID that was appended to it. Tells that, and that a key was put together.
fn told_key(found: &FoundKey, console: &mut Console) -> Vec<u8> {
    if found.is_joined {
        console.notice(&format!(
            "the key stands on two lines, and is read as `{}`",
            String::from_utf8_lossy(&found.key)
        ));
    }
    let Some(key) = without_guid(&found.key) else {
        return found.key.clone();
    };
    console.notice(&format!(
        "the word ends with the GUID, which is added anyway; the key is `{}`",
        String::from_utf8_lossy(key)
    ));
    key.to_vec()
}

const KEY: &str = "Sec-WebSocket-Key";
const ACCEPT: &str = "Sec-WebSocket-Accept";

/// Whether a word is the name of a header line that the shell split at its space.
fn is_only_the_name(word: &[u8]) -> bool {
    word.strip_suffix(b":")
        .is_some_and(|name| name.eq_ignore_ascii_case(KEY.as_bytes()))
}

/// The key in a line, which may stand after the name of the header.
fn value_of_key(line: &[u8]) -> &[u8] {
    value_after(line, KEY)
}

/// The value of a header line, or a bare value, without the white space around it.
fn value_after<'a>(line: &'a [u8], name: &str) -> &'a [u8] {
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
