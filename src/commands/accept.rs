//! `wsctl accept`.

use super::screen::Screen;
use crate::cli::AcceptArgs;
use crate::diagnosis::Finding;
use crate::input::Source;
use crate::ws::handshake::{Response, accept_value, check_key};
use crate::{Error, Verdict};

pub(super) fn run(args: &AcceptArgs, screen: &mut Screen) -> Result<Verdict, Error> {
    let keys = keys(args, screen)?;
    match &args.check {
        Some(given) => check(&keys, value_of(given, "Sec-WebSocket-Accept"), screen),
        None => print(&keys, args.response, screen),
    }
}

fn print(keys: &[String], whole_response: bool, screen: &mut Screen) -> Result<Verdict, Error> {
    let mut is_faulty = false;
    for key in keys {
        let accept = accept_value(key.as_bytes());
        let mut out = if whole_response {
            Response::switching_protocols(&accept).encode()
        } else {
            format!("{accept}\n").into_bytes()
        };
        screen.print(&mut out)?;
        is_faulty |= judge(key, screen);
    }
    Ok(Verdict::faulty_if(is_faulty))
}

fn check(keys: &[String], given: &str, screen: &mut Screen) -> Result<Verdict, Error> {
    let [key] = keys else {
        let sentence = format!("--check takes one key, found {}", keys.len());
        return Err(Error::Usage(sentence));
    };
    let is_bad_key = judge(key, screen);
    let expected = accept_value(key.as_bytes());
    if given == expected {
        screen.print(&mut format!("{expected}\n").into_bytes())?;
        return Ok(Verdict::faulty_if(is_bad_key));
    }
    screen.report(&Finding::of_wrong_accept());
    screen.aside(&[
        format!("expected  {expected}"),
        format!("got       {given}"),
    ]);
    Ok(Verdict::Faulty)
}

/// Reports a key that is none; whether it is.
fn judge(key: &str, screen: &mut Screen) -> bool {
    match check_key(key.as_bytes()) {
        Ok(()) => false,
        Err(fault) => {
            screen.report(&Finding::from(&fault));
            true
        }
    }
}

/// The keys that were given, or a line each from standard input.
fn keys(args: &AcceptArgs, screen: &mut Screen) -> Result<Vec<String>, Error> {
    let lines = match args.keys.as_slice() {
        [] => lines_of_stdin(screen)?,
        [dash] if dash == "-" => lines_of_stdin(screen)?,
        keys => keys.to_vec(),
    };
    Ok(lines
        .iter()
        .map(|line| value_of(line, "Sec-WebSocket-Key").to_owned())
        .collect())
}

fn lines_of_stdin(screen: &mut Screen) -> Result<Vec<String>, Error> {
    screen.invite(&Source::Stdin, "keys");
    let octets = Source::Stdin.read_all()?;
    let text = String::from_utf8_lossy(&octets);
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let lines: Vec<String> = lines.map(str::to_owned).collect();
    if lines.is_empty() {
        return Err(Error::Usage(
            "expected keys in standard input, found none".to_owned(),
        ));
    }
    Ok(lines)
}

/// The value of a pasted header line, or of a bare value, without the space around it.
fn value_of<'a>(line: &'a str, name: &str) -> &'a str {
    let line = line.trim();
    match line.split_once(':') {
        Some((before, value)) if before.trim().eq_ignore_ascii_case(name) => value.trim(),
        _ => line,
    }
}
