//! `wsctl handshake`: checks a pasted request, response, or both.

use std::path::Path;

use super::console::Console;
use super::pasted_heads::{self, PastedHandshake};
use crate::cli::{HandshakeArgs, HandshakeFormat, SenderArg};
use crate::diagnosis::{Finding, diagnose_handshake, diagnose_other_bytes};
use crate::input::Source;
use crate::render::handshake as page;
use crate::render::json;
use crate::render::printer::EventContext;
use crate::ws::Role;
use crate::ws::handshake::{Handshake, OtherBytes};
use crate::{Error, Outcome};

pub(super) fn run(args: &HandshakeArgs, console: &mut Console) -> Result<Outcome, Error> {
    if let Some(head) = args.file.as_deref().and_then(pasted) {
        return Err(Error::Usage(format!(
            "expected the name of a file, found the text `{head}`: paste it into standard input"
        )));
    }
    let source = args.file.clone().map_or(Source::Stdin, Source::of_path);
    console.prompt_for_input(&source, "a handshake");
    let pasted = pasted_heads::read(source.clone())?;
    for note in &pasted.notes {
        console.notice(note);
    }
    let handshake = &pasted.handshake;
    let findings = match handshake {
        Some(handshake) => {
            let mut findings = diagnose_handshake(handshake);
            findings.retain(|finding| !pasted.not_copied.contains(&finding.rule()));
            findings
        }
        None => vec![no_head(&pasted, &source, args.from)?],
    };
    match args.chosen_format() {
        HandshakeFormat::Text => print_text(handshake.as_ref(), &findings, console)?,
        HandshakeFormat::Json => print_json(handshake.as_ref(), &findings, console)?,
    }
    let has_problem = findings.iter().any(Finding::is_problem);
    Ok(Outcome::problem_if(has_problem))
}

/// The first line of a head that stands where the name of a file belongs.
fn pasted(file: &Path) -> Option<&str> {
    let words = file.to_str()?;
    let line = words.split(['\r', '\n', '\\']).next()?;
    (line.starts_with("HTTP/1") || line.contains(" HTTP/1")).then_some(line)
}

fn print_text(
    handshake: Option<&Handshake>,
    findings: &[Finding],
    console: &mut Console,
) -> Result<(), Error> {
    let mut out = Vec::new();
    if let Some(handshake) = handshake {
        page::push_handshake(&mut out, console.style(), handshake, findings);
    }
    console.print(&mut out)?;
    for finding in findings {
        console.report(finding);
    }
    Ok(())
}

fn print_json(
    handshake: Option<&Handshake>,
    findings: &[Finding],
    console: &mut Console,
) -> Result<(), Error> {
    let mut out = Vec::new();
    if let Some(handshake) = handshake {
        json::push_pasted(&mut out, handshake);
    }
    for finding in findings.iter().filter(|_| !console.is_quiet()) {
        json::push_finding(&mut out, &EventContext::default(), finding);
    }
    console.print(&mut out)
}

/// The finding for bytes without a head, if they are something that is known.
fn no_head(
    pasted: &PastedHandshake,
    source: &Source,
    from: Option<SenderArg>,
) -> Result<Finding, Error> {
    let bytes = pasted.other_bytes.as_slice();
    let sender = from.map(|sender| match sender {
        SenderArg::Client => Role::Client,
        SenderArg::Server => Role::Server,
    });
    diagnose_other_bytes(bytes, sender).ok_or_else(|| {
        let found = match OtherBytes::of(bytes) {
            Some(other) => other.to_string(),
            None if bytes.trim_ascii().is_empty() => "nothing".to_owned(),
            None => format!("{} other bytes", pasted.other_size),
        };
        Error::Usage(format!(
            "expected the head of a request or a response in {source}, found {found}"
        ))
    })
}
