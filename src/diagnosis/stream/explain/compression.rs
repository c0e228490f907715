//! Causes of compressed messages that do not decompress, or not to UTF-8.

use super::context::FrameContext;
use super::encoding::other_encoding;
use super::words::{excerpt, is_readable};
use crate::diagnosis::Finding;
use crate::diagnosis::catalogue::{self, RulePage};
use crate::diagnosis::stream::compression::{BeyondWindow, InflatedMessage};
use crate::ws::Role;
use crate::ws::deflate::probe::{self, Container};
use crate::ws::deflate::{CompressedMessageError, InflateError, InflateErrorKind};

/// The finding for a compressed message with an error. `frame` is the last one of the message;
/// `is_known` says whether the parameters were negotiated, not assumed.
pub(in crate::diagnosis::stream) fn explain(
    message: &InflatedMessage,
    error: CompressedMessageError,
    is_known: bool,
    limit: usize,
    frame: &FrameContext<'_>,
) -> Finding {
    let payload = frame.payload();
    let length = frame.header().payload_length.value();
    match error {
        CompressedMessageError::TooLarge(_) => Finding::new(
            &catalogue::MESSAGE_TOO_BIG,
            format!("the message of {length} bytes decompresses to more than {limit}"),
        )
        .at(frame.payload_location())
        .fixed_by("raise the limit with --max-message"),
        CompressedMessageError::NotUtf8(offset) => match not_compressed(&payload) {
            Some(found) => found.certain_cause(
                "the payload is readable on the wire, and does not decompress to text",
            ),
            None => not_utf8(offset, message),
        }
        .at(frame.payload_location()),
        CompressedMessageError::Inflate(error) => {
            let found = at_the_end(&error, message, frame)
                .or_else(|| wrapped(&payload))
                .or_else(|| not_compressed(&payload))
                .unwrap_or_else(|| not_inflatable(&error, message, is_known));
            let finding = match found.location {
                Some(_) => found,
                None => found.at(frame.location(frame.candidate.payload, length.max(1))),
            };
            if is_known {
                finding
            } else {
                finding.note(
                    "there is no handshake: RSV1 was taken for permessage-deflate with default \
                     parameters",
                )
            }
        }
    }
}

/// The finding for a message that refers back beyond the window that was negotiated for the
/// messages of `sender`.
pub(in crate::diagnosis::stream) fn beyond_window(
    found: BeyondWindow,
    sender: Option<Role>,
    frame: &FrameContext<'_>,
) -> Finding {
    const SMALLEST_OF_ZLIB: u8 = 9;
    let BeyondWindow { distance, bits } = found;
    let window = 1_u32 << bits;
    let message =
        format!("the message refers {distance} bytes back, and the window is {window} bytes");
    let name = sender.map_or("max_window_bits", |sender| match sender {
        Role::Client => "client_max_window_bits",
        Role::Server => "server_max_window_bits",
    });
    let fix = if bits < SMALLEST_OF_ZLIB {
        format!("agree to {SMALLEST_OF_ZLIB} bits or more: zlib has no raw compressor with {bits}")
    } else {
        format!("create the compressor with {bits} bits: `deflateInit2(…, -{bits}, …)`")
    };
    Finding::new(&catalogue::PMD_WINDOW, message)
        .label(format!("{name}={bits}"))
        .possible_cause(format!(
            "the compressor uses its default window of 32 KiB, not `{name}={bits}`"
        ))
        .fixed_by(fix)
        .at(frame.payload_location())
}

/// The cause of a decompressed text that is not UTF-8.
fn not_utf8(offset: u64, message: &InflatedMessage) -> Finding {
    let plain = |offset| {
        let sentence = format!("the decompressed text is not UTF-8 from byte {offset} on");
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
            "the decompressed text ends inside a character",
        ),
        _ => plain(offset),
    }
}

/// The message decompresses, but its DEFLATE stream does not end as RFC 7692 section 7.2.1
/// requires.
fn at_the_end(
    error: &InflateError,
    message: &InflatedMessage,
    frame: &FrameContext<'_>,
) -> Option<Finding> {
    let shown = excerpt(&message.start);
    let end = frame.candidate.end;
    // The last fragment may have less than four bytes of payload.
    let start = end.saturating_sub(4).max(frame.candidate.payload);
    let location = if start < end {
        frame.location(start, end - start)
    } else {
        frame.location(frame.start, end - frame.start)
    };
    let finding_of = |page: &'static RulePage, sentence: String| {
        Some(Finding::new(page, sentence).at(location.clone()))
    };
    match error.kind {
        InflateErrorKind::TailKept => {
            let sentence =
                "the compressed message ends with 00 00 ff ff, which the sender must remove";
            let finding = finding_of(&catalogue::PMD_TAIL, sentence.to_owned())?;
            Some(
                finding
                    .label("the receiver appends these bytes itself")
                    .certain_cause(
                        "the output of Z_SYNC_FLUSH was sent without removing its last bytes",
                    ),
            )
        }
        InflateErrorKind::FinalBlock => {
            let finding = finding_of(&catalogue::PMD_FINAL_BLOCK, error.to_string())?;
            Some(finding.label("the stream ends here").certain_cause(
                "BFINAL is set on the last block: Z_FINISH was used in place of Z_SYNC_FLUSH",
            ))
        }
        InflateErrorKind::Cut if !message.start.is_empty() && is_readable(&message.start) => {
            let sentence = format!("the compressed message ends inside a block, after \"{shown}\"");
            let finding = finding_of(&catalogue::PMD_CUT, sentence)?;
            Some(finding.label("the DEFLATE stream is not at its end here"))
        }
        InflateErrorKind::EndMissing => {
            let sentence = "the compressed message lacks the empty block at its end";
            let finding = finding_of(&catalogue::PMD_CUT, sentence.to_owned())?;
            Some(
                finding
                    .possible_cause(
                        "more than 00 00 ff ff was removed, or the stream was not flushed",
                    )
                    .fixed_by("flush with Z_SYNC_FLUSH, then remove 00 00 ff ff and no more"),
            )
        }
        _ => None,
    }
}

/// The payload is zlib or gzip data, not raw DEFLATE.
fn wrapped(payload: &[u8]) -> Option<Finding> {
    const LIMIT: usize = 64;
    let container = Container::of_header(payload)?;
    let inflated = probe::inflate(payload, container, LIMIT);
    let (name, header) = match container {
        Container::Zlib => ("zlib", 2),
        Container::Gzip => ("gzip", 10),
        Container::Raw => return None,
    };
    let message = format!("the message is {name} data, not raw DEFLATE");
    let finding = Finding::new(&catalogue::PMD_ZLIB_GZIP, message);
    let text = inflated.as_ref().and_then(|inflated| inflated.text());
    Some(match text {
        Some(text) => finding.certain_cause(format!(
            "it begins with the {header} bytes of a {name} header, and decompresses as {name} to \
             \"{}\"",
            excerpt(text.as_bytes())
        )),
        None => finding.possible_cause(format!("it begins with a {name} header")),
    })
}

/// RSV1 is set on a message that is readable without decompression.
fn not_compressed(payload: &[u8]) -> Option<Finding> {
    if payload.len() < 2 || !is_readable(payload) {
        return None;
    }
    let message = format!(
        "RSV1 says that the message is compressed, but it is plain text: \"{}\"",
        excerpt(payload)
    );
    let finding = Finding::new(&catalogue::PMD_FLAG_MISMATCH, message);
    Some(
        finding
            .certain_cause("the payload is readable on the wire, and does not decompress")
            .fixed_by("set RSV1 on compressed messages only"),
    )
}

fn not_inflatable(error: &InflateError, message: &InflatedMessage, is_known: bool) -> Finding {
    match error.kind {
        InflateErrorKind::TooFarBack { context: 0 } => {
            let finding = Finding::new(&catalogue::PMD_CONTEXT, error.to_string());
            if message.count == 1 && is_known {
                finding.possible_cause(
                    "the sender compressed something that it did not send, or uses one compressor \
                     for several connections",
                )
            } else if message.count == 1 {
                finding.possible_cause(
                    "earlier messages are missing here, or the sender kept a compression context \
                     that the receiver does not have",
                )
            } else {
                finding.possible_cause(
                    "the sender keeps its compression context between messages, and \
                     no_context_takeover was negotiated",
                )
            }
        }
        InflateErrorKind::TooFarBack { .. } => {
            Finding::new(&catalogue::PMD_CONTEXT, error.to_string())
        }
        InflateErrorKind::Cut => Finding::new(
            &catalogue::PMD_CUT,
            "the compressed message ends inside a block",
        ),
        _ if is_known => Finding::new(&catalogue::PMD_FLAG_MISMATCH, error.to_string()),
        _ => Finding::new(
            &catalogue::RSV1_NOT_NEGOTIATED,
            format!("RSV1 is set, and the payload is not compressed: {error}"),
        ),
    }
}

/// A text that is not UTF-8 because it is compressed, without RSV1.
pub(super) fn without_rsv1(payload: &[u8]) -> Option<Finding> {
    const LIMIT: usize = 64;
    let inflated = probe::inflate(payload, Container::Raw, LIMIT)?;
    let text = inflated.text().filter(|_| inflated.is_whole)?;
    if text.chars().count() < 3 || !is_readable(text.as_bytes()) {
        return None;
    }
    let message = format!(
        "the message is compressed, but RSV1 is not set: \"{}\"",
        excerpt(text.as_bytes())
    );
    let finding = Finding::new(&catalogue::PMD_FLAG_MISMATCH, message);
    Some(
        finding
            .certain_cause("the payload is not UTF-8, and decompresses to text")
            .fixed_by("set RSV1 on the first frame of a compressed message: c1"),
    )
}
