//! Why a compressed message does not inflate, or says what no text says.

use super::{Fault, Inflated};
use crate::diagnosis::Finding;
use crate::diagnosis::catalogue::{self, RulePage};
use crate::diagnosis::stream::explain::FrameContext;
use crate::diagnosis::stream::foreign::is_readable;
use crate::diagnosis::stream::text::other_encoding;
use crate::diagnosis::stream::wording::excerpt;
use crate::ws::deflate::probe::{self, Container};
use crate::ws::deflate::{InflateError, InflateErrorKind};

/// The finding of what is wrong with a compressed message; `frame` is its last one, and
/// `payload` the compressed bytes, as far as they are in it.
pub(in crate::diagnosis::stream) fn explain(
    message: &Inflated,
    fault: Fault,
    is_known: bool,
    limit: usize,
    frame: &FrameContext<'_>,
) -> Finding {
    let payload = frame.payload();
    let at = frame.sighting.payload;
    let length = frame.header().payload_length.value();
    match fault {
        Fault::TooLong => Finding::new(
            &catalogue::MESSAGE_TOO_BIG,
            format!("the message of {length} bytes inflates to more than {limit}"),
        )
        .at(frame.location(at, length))
        .fixed_by("--max-message lets more pass"),
        Fault::NotUtf8(offset) => match not_compressed(&payload) {
            Some(found) => {
                found.certain_cause("the payload is readable as it is, and inflates to no text")
            }
            None => not_utf8(offset, message),
        }
        .at(frame.location(at, length)),
        Fault::Inflating(fault) => {
            let found = at_the_end(&fault, message, frame)
                .or_else(|| wrapped(&payload))
                .or_else(|| not_compressed(&payload))
                .unwrap_or_else(|| not_inflatable(&fault, message, is_known));
            let finding = match found.location {
                Some(_) => found,
                None => found.at(frame.location(at, length.max(1))),
            };
            if is_known {
                finding
            } else {
                finding.note(
                    "no handshake is here: RSV1 was taken for permessage-deflate with its \
                     default parameters",
                )
            }
        }
    }
}

/// Why the text that a message inflates to is not UTF-8.
fn not_utf8(offset: u64, message: &Inflated) -> Finding {
    let plain = |offset| {
        let sentence = format!("the text, inflated, is not UTF-8 from its byte {offset} on");
        Finding::new(&catalogue::TEXT_NOT_UTF8, sentence)
    };
    match std::str::from_utf8(&message.start).err() {
        Some(error) if error.error_len().is_some() => {
            let valid = error.valid_up_to();
            let wrong = message.start.get(valid..).unwrap_or_default();
            other_encoding(plain(valid as u64), &message.start, wrong)
        }
        Some(_) if message.is_all => Finding::new(
            &catalogue::TEXT_UTF8_CUT,
            "the text, inflated, ends inside a character",
        ),
        _ => plain(offset),
    }
}

/// The message can be read, but does not end as it should.
fn at_the_end(
    fault: &InflateError,
    message: &Inflated,
    frame: &FrameContext<'_>,
) -> Option<Finding> {
    let shown = excerpt(&message.start);
    let end = frame.sighting.end;
    // The last fragment may be shorter than that, or empty.
    let start = end.saturating_sub(4).max(frame.sighting.payload);
    let location = if start < end {
        frame.location(start, end - start)
    } else {
        frame.location(frame.start, end - frame.start)
    };
    let wrapped_in = |entry: &'static RulePage, sentence: String| {
        Some(Finding::new(entry, sentence).at(location.clone()))
    };
    match fault.kind {
        InflateErrorKind::TailKept => {
            let sentence = "the compressed message ends with 00 00 ff ff, which belongs cut off";
            let finding = wrapped_in(&catalogue::PMD_TAIL, sentence.to_owned())?;
            Some(
                finding
                    .label("the receiver appends these itself")
                    .certain_cause("the output of a sync flush was sent with its end"),
            )
        }
        InflateErrorKind::FinalBlock => {
            let finding = wrapped_in(&catalogue::PMD_FINAL_BLOCK, fault.to_string())?;
            Some(
                finding.label("the stream ends here").certain_cause(
                    "BFINAL is set on the last block: Z_FINISH instead of Z_SYNC_FLUSH",
                ),
            )
        }
        InflateErrorKind::Cut if !message.start.is_empty() && is_readable(&message.start) => {
            let sentence =
                format!("the compressed message ends inside a block, behind \"{shown}\"");
            let finding = wrapped_in(&catalogue::PMD_CUT, sentence)?;
            Some(finding.label("the DEFLATE stream goes on here"))
        }
        InflateErrorKind::EndMissing => {
            let sentence = "the compressed message lacks the empty block at its end";
            let finding = wrapped_in(&catalogue::PMD_CUT, sentence.to_owned())?;
            Some(
                finding
                    .possible_cause(
                        "more than 00 00 ff ff was cut off, or the stream was not flushed",
                    )
                    .fixed_by("flush with Z_SYNC_FLUSH, then cut off 00 00 ff ff and no more"),
            )
        }
        _ => None,
    }
}

/// zlib or gzip where raw DEFLATE belongs.
fn wrapped(payload: &[u8]) -> Option<Finding> {
    const SOME: usize = 64;
    let wrapping = Container::of_header(payload)?;
    let inflated = probe::inflate(payload, wrapping, SOME);
    let (name, header) = match wrapping {
        Container::Zlib => ("zlib", 2),
        Container::Gzip => ("gzip", 10),
        Container::Raw => return None,
    };
    let message = format!("the message is {name} data, where raw DEFLATE belongs");
    let finding = Finding::new(&catalogue::PMD_ZLIB_GZIP, message);
    let text = inflated.as_ref().and_then(|inflated| inflated.text());
    Some(match text {
        Some(text) => finding.certain_cause(format!(
            "it begins with the {header} bytes of a {name} header, and inflates as such to \
             \"{}\"",
            excerpt(text.as_bytes())
        )),
        None => finding.possible_cause(format!("it begins like a {name} header")),
    })
}

/// RSV1 on what can be read without inflating.
fn not_compressed(payload: &[u8]) -> Option<Finding> {
    if payload.len() < 2 || !is_readable(payload) {
        return None;
    }
    let message = format!(
        "RSV1 says that the message is compressed, and it is plain text: \"{}\"",
        excerpt(payload)
    );
    let finding = Finding::new(&catalogue::PMD_FLAG_MISMATCH, message);
    Some(
        finding
            .certain_cause("the payload is readable as it is, and does not inflate")
            .fixed_by("set RSV1 on the messages that are compressed, and on no others"),
    )
}

fn not_inflatable(fault: &InflateError, message: &Inflated, is_known: bool) -> Finding {
    match fault.kind {
        InflateErrorKind::TooFarBack { context: 0 } => {
            let finding = Finding::new(&catalogue::PMD_CONTEXT, fault.to_string());
            if message.count == 1 && is_known {
                finding.possible_cause(
                    "the sender gave its compressor something that it did not send compressed, \
                     or uses one compressor for several connections",
                )
            } else if message.count == 1 {
                finding.possible_cause(
                    "the messages before this one are not here, or the sender kept a context \
                     that the other end does not have",
                )
            } else {
                finding.possible_cause(
                    "the sender keeps its context between messages though \
                     no_context_takeover was agreed on",
                )
            }
        }
        InflateErrorKind::TooFarBack { .. } => {
            Finding::new(&catalogue::PMD_CONTEXT, fault.to_string())
        }
        InflateErrorKind::Cut => Finding::new(
            &catalogue::PMD_CUT,
            "the compressed message ends inside a block",
        ),
        _ if is_known => Finding::new(&catalogue::PMD_FLAG_MISMATCH, fault.to_string()),
        _ => Finding::new(
            &catalogue::RSV1_NOT_NEGOTIATED,
            format!("RSV1 is set, and the payload is not compressed: {fault}"),
        ),
    }
}

/// A text that is not UTF-8, because it is compressed and its frame does not say so.
pub(in crate::diagnosis::stream) fn without_flag(payload: &[u8]) -> Option<Finding> {
    const SOME: usize = 64;
    let inflated = probe::inflate(payload, Container::Raw, SOME)?;
    let text = inflated.text().filter(|_| inflated.is_whole)?;
    if text.chars().count() < 3 || !is_readable(text.as_bytes()) {
        return None;
    }
    let message = format!(
        "the message is compressed, and RSV1 does not say so: \"{}\"",
        excerpt(text.as_bytes())
    );
    let finding = Finding::new(&catalogue::PMD_FLAG_MISMATCH, message);
    Some(
        finding
            .certain_cause("the payload is no text, and inflates to one")
            .fixed_by("set RSV1 on the first frame of a compressed message: c1"),
    )
}
