//! `wsctl handshake`: checks a pasted request, response, or both.

use std::path::Path;

use super::console::Console;
use super::pasted_heads;
use crate::cli::{HandshakeArgs, HandshakeFormat, SenderArg};
use crate::diagnosis::{Finding, diagnose_handshake, diagnose_other_bytes};
use crate::input::Source;
use crate::notation::{Notation, Panel, Transcript};
use crate::render::handshake as page;
use crate::render::json;
use crate::render::printer::EventContext;
use crate::ws::Role;
use crate::ws::handshake::{Handshake, LineEnds, OtherBytes};
use crate::{Error, Outcome};

pub(super) fn run(args: &HandshakeArgs, console: &mut Console) -> Result<Outcome, Error> {
    if let Some(head) = args.file.as_deref().and_then(pasted) {
        return Err(Error::Usage(format!(
            "expected the name of a file, found the text `{head}`: paste it into standard input"
        )));
    }
    let source = args.file.clone().map_or(Source::Stdin, Source::of_path);
    console.prompt_for_input(&source, "a handshake");
    let bytes = source.read_all()?;
    let (handshake, findings) = match best_reading(&bytes, console) {
        Ok(reading) => (Some(reading.handshake), reading.findings),
        Err(bytes) => (None, vec![foreign(&bytes, &source, args.from)?]),
    };
    match args.chosen_format() {
        HandshakeFormat::Text => print_text(handshake.as_ref(), &findings, console)?,
        HandshakeFormat::Json => print_json(handshake.as_ref(), &findings, console)?,
    }
    let is_faulty = findings.iter().any(Finding::is_fault);
    Ok(Outcome::faulty_if(is_faulty))
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

/// One way to read a text as a handshake.
struct Reading {
    handshake: Handshake,
    findings: Vec<Finding>,
    notes: Vec<String>,
}

impl Reading {
    fn new(handshake: Handshake, notes: Vec<String>) -> Self {
        let findings = diagnose_handshake(&handshake);
        Self {
            handshake,
            findings,
            notes,
        }
    }

    fn heads(&self) -> usize {
        let handshake = &self.handshake;
        usize::from(handshake.request.is_some()) + usize::from(handshake.response.is_some())
    }

    /// Whether something else than a head stands where one belongs, and no log around a head.
    fn has_another_protocol(&self) -> bool {
        let prefix = OtherBytes::of(&self.handshake.prefix);
        let is_text = matches!(prefix, None | Some(OtherBytes::Text(_)));
        let has = |rule: &str| self.findings.iter().any(|finding| finding.rule() == rule);
        let is_other = has("resp-not-http") && !has("http-bad-lines");
        !is_text || is_other || self.handshake.ends == LineEnds::OnTheWire
    }

    fn faults(&self) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.is_fault())
            .count()
    }
}

/// Bytes that begin no head, and what is to be told of how they were read.
struct NoHead {
    bytes: Vec<u8>,
    notes: Vec<String>,
}

impl NoHead {
    fn new(text: &[u8]) -> Self {
        Self {
            bytes: text.to_vec(),
            notes: Vec::new(),
        }
    }
}

/// The reading of a text with the fewest errors: of the text as it is, or of the heads that are
/// found in it line by line; else the bytes.
fn best_reading(text: &[u8], console: &mut Console) -> Result<Reading, Vec<u8>> {
    let as_it_is = heads_in(text);
    let is_right = matches!(&as_it_is, Ok(reading) if reading.findings.is_empty());
    let by_lines = if is_right {
        None
    } else {
        pasted_heads::read(text)
    };
    let reading = match (as_it_is, by_lines) {
        (Ok(reading), Some((handshake, notes))) => {
            let other = by_line(handshake, notes);
            let is_better = other.heads() > reading.heads()
                || other.heads() == reading.heads()
                    && other.faults() < reading.faults()
                    && !reading.has_another_protocol();
            if is_better { other } else { reading }
        }
        (Err(_), Some((handshake, notes))) => by_line(handshake, notes),
        (Ok(reading), None) => reading,
        (Err(none), None) => {
            for note in &none.notes {
                console.notice(note);
            }
            return Err(none.bytes);
        }
    };
    for note in &reading.notes {
        console.notice(note);
    }
    Ok(reading)
}

fn by_line(handshake: pasted_heads::PastedHandshake, notes: Vec<String>) -> Reading {
    let mut reading = Reading::new(handshake.handshake, notes);
    reading.findings.retain(|finding| {
        !handshake
            .not_copied
            .iter()
            .any(|rule| *rule == finding.rule())
    });
    reading
}

/// The handshake that a text shows, in itself or in the bytes it is a notation of; else
/// the bytes.
fn heads_in(text: &[u8]) -> Result<Reading, NoHead> {
    let transcript = Transcript::read(text);
    if transcript.has_head() {
        let ends = if transcript.is_marked || is_text(text) {
            LineEnds::AsPasted
        } else {
            LineEnds::OnTheWire
        };
        return reading_of(&transcript, ends, Vec::new()).ok_or_else(|| NoHead::new(text));
    }
    if let Some(panel) = Panel::read(text) {
        let notes = vec![read_as(&panel).to_owned()];
        let handshake = handshake_of(&panel.transcript, LineEnds::AsPasted);
        let handshake = handshake.map(|handshake| Handshake {
            has_exact_names: false,
            ..handshake
        });
        return handshake
            .map(|handshake| Reading::new(handshake, notes))
            .ok_or_else(|| NoHead::new(text));
    }
    let notation = Notation::guess(text);
    let mut bytes = Vec::new();
    if !is_text(text) || notation.read(text, &mut bytes).is_err() {
        return Err(NoHead::new(text));
    }
    let transcript = Transcript::read(&bytes);
    let is_known =
        matches!(OtherBytes::of(&bytes), Some(foreign) if !matches!(foreign, OtherBytes::Text(_)));
    if transcript.has_head() || (is_known && notation != Notation::Base64) {
        let notes = vec![format!("read as {}", notation.description())];
        return reading_of(&transcript, LineEnds::OnTheWire, notes.clone())
            .ok_or(NoHead { bytes, notes });
    }
    Err(NoHead::new(text))
}

fn reading_of(transcript: &Transcript, ends: LineEnds, notes: Vec<String>) -> Option<Reading> {
    handshake_of(transcript, ends).map(|handshake| Reading::new(handshake, notes))
}

const fn read_as(panel: &Panel) -> &'static str {
    if panel.is_provisional {
        "read as what a browser's network panel lists; its provisional headers are not what was \
         sent, and are left out"
    } else {
        "read as what a browser's network panel lists, which shows no first lines"
    }
}

fn handshake_of(transcript: &Transcript, ends: LineEnds) -> Option<Handshake> {
    let (request, response) = (&transcript.request, &transcript.response);
    let mut handshake = Handshake::read(request.as_deref(), response.as_deref(), ends);
    handshake.prefix.clone_from(&transcript.lead);
    let has_head = handshake.request.is_some() || handshake.response.is_some();
    has_head.then_some(handshake)
}

/// Whether bytes could have been typed or copied as a text.
fn is_text(bytes: &[u8]) -> bool {
    let is_plain = |char: char| !char.is_control() || matches!(char, '\t' | '\n' | '\r');
    std::str::from_utf8(bytes).is_ok_and(|text| text.chars().all(is_plain))
}

/// The finding for bytes without a head, if they are something that is known.
fn foreign(bytes: &[u8], source: &Source, from: Option<SenderArg>) -> Result<Finding, Error> {
    let sender = from.map(|sender| match sender {
        SenderArg::Client => Role::Client,
        SenderArg::Server => Role::Server,
    });
    diagnose_other_bytes(bytes, sender).ok_or_else(|| {
        let found = match OtherBytes::of(bytes) {
            Some(foreign) => foreign.to_string(),
            None if bytes.trim_ascii().is_empty() => "nothing".to_owned(),
            None => format!("{} other bytes", bytes.len()),
        };
        Error::Usage(format!(
            "expected the head of a request or a response in {source}, found {found}"
        ))
    })
}
