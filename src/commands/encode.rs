//! `wsctl encode`: makes frames, valid or invalid ones, and reports the rules they break.

use std::ffi::OsString;
use std::io;

use super::console::Console;
use super::decode::raw_on_a_terminal;
use super::deflate;
use crate::cli::EncodeArgs;
use crate::diagnosis::{Finding, Location, catalogue};
use crate::input::Source;
use crate::notation::Notation;
use crate::ws::deflate::Deflater;
use crate::ws::{
    CloseCode, ClosePayload, FrameHeader, FramePart, FrameReader, FrameValidator, InputBuf,
    LengthForm, MaskingKey, Opcode, PayloadLength, Role, Rsv, Rule,
};
use crate::{Error, Outcome};

pub(super) fn run(args: &EncodeArgs, console: &mut Console) -> Result<Outcome, Error> {
    if args.output == Notation::Raw && console.is_terminal() {
        return Err(raw_on_a_terminal("--output"));
    }
    let deflater = deflater(args)?;
    let payload = payload(args, console)?;
    let bytes = match deflater {
        Some(mut deflater) => frames(args, deflater.deflate(&payload), Rsv::RSV1)?,
        None => frames(args, &payload, Rsv::NONE)?,
    };
    let mut out = args.output.write(&bytes);
    if args.output != Notation::Raw {
        out.push(b'\n');
    }
    console.print(&mut out)?;
    let has_problem =
        report_violations(args, bytes, console) | report_invalid_text(args, &payload, console);
    Ok(Outcome::problem_if(has_problem))
}

/// The compressor of the message. None without `--deflate`, and for control frames and
/// continuations.
fn deflater(args: &EncodeArgs) -> Result<Option<Deflater>, Error> {
    /// The level of zlib that most peers use.
    const LEVEL: u8 = 6;
    let Some(text) = &args.deflate else {
        return Ok(None);
    };
    let parameters = deflate::parameters(text)?.of(sender(args));
    Ok(is_deflated(args).then(|| Deflater::new(parameters, LEVEL)))
}

fn is_deflated(args: &EncodeArgs) -> bool {
    args.deflate.is_some() && matches!(opcode(args), Opcode::TEXT | Opcode::BINARY)
}

/// The payload of the message.
fn payload(args: &EncodeArgs, console: &mut Console) -> Result<Vec<u8>, Error> {
    let bytes = match &args.bytes {
        Some(bytes) => bytes_in_notation(bytes)?,
        None => text(args, console)?,
    };
    Ok(match args.kind.close {
        Some(code) => ClosePayload::exactly(CloseCode(code), &bytes)
            .as_slice()
            .to_vec(),
        None => bytes,
    })
}

fn bytes_in_notation(text: &OsString) -> Result<Vec<u8>, Error> {
    let text = text.as_encoded_bytes();
    let notation = Notation::guess(text);
    let mut bytes = Vec::new();
    notation
        .read(text, &mut bytes)
        .map_err(|error| Error::Notation(format!("--bytes as {notation}"), Box::new(error)))?;
    Ok(bytes)
}

fn text(args: &EncodeArgs, console: &mut Console) -> Result<Vec<u8>, Error> {
    match args.text.as_slice() {
        [] if opcode(args).is_control() => return Ok(Vec::new()),
        [] => {}
        [word] if word == "-" => {}
        words => return Ok(words.join(" ".as_ref()).into_encoded_bytes()),
    }
    console.prompt_for_input(&Source::Stdin, "the text");
    let bytes = Source::Stdin.read_all()?;
    if opcode(args) == Opcode::BINARY {
        return Ok(bytes);
    }
    let line = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    Ok(line
        .strip_suffix(b"\r")
        .filter(|_| line.len() < bytes.len())
        .unwrap_or(line)
        .to_vec())
}

/// The sender of the frames: a client, if they are masked.
const fn sender(args: &EncodeArgs) -> Role {
    if args.mask || args.mask_key.is_some() {
        Role::Client
    } else {
        Role::Server
    }
}

fn opcode(args: &EncodeArgs) -> Opcode {
    let kind = args.kind;
    match kind.opcode.and_then(Opcode::new) {
        Some(opcode) => opcode,
        None if kind.binary => Opcode::BINARY,
        None if kind.ping => Opcode::PING,
        None if kind.pong => Opcode::PONG,
        None if kind.close.is_some() => Opcode::CLOSE,
        None => Opcode::TEXT,
    }
}

/// The encoded frames. The first one has the reserved bits of `--rsv`, or else these.
fn frames(args: &EncodeArgs, payload: &[u8], default_rsv: Rsv) -> Result<Vec<u8>, Error> {
    let size = args.fragment.unwrap_or(usize::MAX);
    let mut pieces: Vec<&[u8]> = payload.chunks(size).collect();
    if pieces.is_empty() {
        pieces.push(&[]);
    }
    let last = pieces.len() - 1;
    let rsv = args.rsv.and_then(Rsv::new).unwrap_or(default_rsv);
    let mut bytes = Vec::with_capacity(payload.len() + 14 * pieces.len());
    for (number, piece) in pieces.into_iter().enumerate() {
        let header = FrameHeader {
            fin: number == last && !args.no_fin,
            // RSV1 marks a message on its first frame; so do the other bits here.
            rsv: if number == 0 { rsv } else { Rsv::NONE },
            opcode: if number == 0 {
                opcode(args)
            } else {
                Opcode::CONTINUATION
            },
            masking_key: key(args)?,
            payload_length: length(args, piece)?,
        };
        bytes.extend_from_slice(&header.encode());
        let start = bytes.len();
        bytes.extend_from_slice(piece);
        if let (Some(key), Some(payload)) = (header.masking_key, bytes.get_mut(start..)) {
            key.apply(0, payload);
        }
    }
    Ok(bytes)
}

fn key(args: &EncodeArgs) -> Result<Option<MaskingKey>, Error> {
    if !args.mask {
        return Ok(args.mask_key.map(MaskingKey));
    }
    let mut key = [0; 4];
    getrandom::fill(&mut key)
        .map_err(|error| Error::System("make a random key".to_owned(), io::Error::other(error)))?;
    Ok(Some(MaskingKey(key)))
}

fn length(args: &EncodeArgs, piece: &[u8]) -> Result<PayloadLength, Error> {
    let value = piece.len() as u64;
    let form = match args.length_form {
        None => return Ok(PayloadLength::shortest(value)),
        Some(7) => LengthForm::Seven,
        Some(16) => LengthForm::Sixteen,
        Some(_) => LengthForm::SixtyFour,
    };
    PayloadLength::in_form(value, form).ok_or_else(|| {
        let most = form.largest();
        let bits = form.bits();
        Error::Usage(format!(
            "--length-form {bits} holds at most {most}, the payload has {value} bytes"
        ))
    })
}

/// Reports every rule that the frames break, as a receiver would see it; whether any is.
fn report_violations(args: &EncodeArgs, mut bytes: Vec<u8>, console: &mut Console) -> bool {
    let validator = FrameValidator::new(Some(sender(args))).with_deflate(args.deflate.is_some());
    let mut reader = FrameReader::new(validator, 0);
    let mut unread = InputBuf::new(&mut bytes);
    let mut found = Vec::new();
    while let Some(part) = reader.next(&mut unread, &mut found) {
        if let FramePart::Header { offset, header } = part {
            reader.begin_frame(offset, &header);
        }
    }
    for violation in &found {
        console.report_line(&violation.into());
    }
    let validator = reader.validator();
    if validator.message_is_open() {
        let (frame, offset) = (validator.frames(), reader.offset());
        let location = Location::in_frame(frame, offset, 0);
        console.report_line(&Finding::of_open_message(location));
        return true;
    }
    !found.is_empty()
}

/// Reports a compressed text that is none, which the frames do not show; whether it is so.
fn report_invalid_text(args: &EncodeArgs, payload: &[u8], console: &mut Console) -> bool {
    let is_text = is_deflated(args) && opcode(args) == Opcode::TEXT;
    let has_problem = is_text && std::str::from_utf8(payload).is_err();
    if has_problem {
        let rule = Rule::TextNotUtf8;
        let finding = Finding::new(&catalogue::TEXT_NOT_UTF8, rule.to_string());
        console.report_line(&finding.reference(rule.reference()));
    }
    has_problem
}
