//! Guesses about payloads that may or may not be compressed, for `diagnosis`.
//!
//! Each function takes one complete payload, and inflates no more than a limit.

use flate2::{Decompress, FlushDecompress, Status};

use super::{Inflater, TAIL};
use crate::ws::extension::SenderParameters;

/// The format around a DEFLATE stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// None, which permessage-deflate requires (RFC 7692 §7.2.1).
    Raw,
    /// The header and the checksum of zlib (RFC 1950).
    Zlib,
    /// The header and the trailer of gzip (RFC 1952).
    Gzip,
}

impl Container {
    /// zlib or gzip, if the payload begins with the header of one.
    ///
    /// CMF and FLG of zlib, "when viewed as a 16-bit unsigned integer stored in MSB order, is
    /// a multiple of 31" (RFC 1950 §2.2).
    pub fn of_header(payload: &[u8]) -> Option<Self> {
        match *payload {
            [0x1f, 0x8b, 0x08, ..] => Some(Self::Gzip),
            [cmf, flags, _, ..] => {
                let is_deflate = cmf & 0xf == 8 && cmf >> 4 <= 7;
                let has_dictionary = flags & 0x20 != 0;
                let is_checked = u16::from_be_bytes([cmf, flags]).is_multiple_of(31);
                (is_deflate && is_checked && !has_dictionary).then_some(Self::Zlib)
            }
            _ => None,
        }
    }
}

/// Whether a payload ends with the bytes that a sender must remove (RFC 7692 §7.2.1).
pub fn ends_with_tail(payload: &[u8]) -> bool {
    payload.ends_with(&TAIL)
}

/// The result of inflating a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inflated {
    /// The inflated bytes, up to the limit.
    pub bytes: Vec<u8>,
    /// Whether they are complete: raw DEFLATE ends as a message must, where 00 00 ff ff was
    /// removed; zlib and gzip end with the right checksum.
    pub is_whole: bool,
}

impl Inflated {
    /// The bytes as text, without a character that is cut at their end; None if they are not
    /// UTF-8.
    pub fn text(&self) -> Option<&str> {
        match std::str::from_utf8(&self.bytes) {
            Ok(text) => Some(text),
            Err(error) if error.error_len().is_none() => {
                let start = self.bytes.get(..error.valid_up_to())?;
                std::str::from_utf8(start).ok()
            }
            Err(_) => None,
        }
    }
}

/// Inflates a payload in this container, without earlier messages, to at most `limit` bytes.
/// Returns None if there is an error before the limit, or no byte comes out.
///
/// Almost any few bytes begin some raw DEFLATE stream. Only a complete result, or a readable
/// text, is evidence.
pub fn inflate(payload: &[u8], container: Container, limit: usize) -> Option<Inflated> {
    let inflated = match container {
        Container::Raw => inflate_raw(payload, limit),
        Container::Zlib => inflate_wrapped(payload, Decompress::new(true), limit),
        Container::Gzip => inflate_wrapped(payload, Decompress::new_gzip(15), limit),
    }?;
    (!inflated.bytes.is_empty()).then_some(inflated)
}

fn inflate_raw(mut payload: &[u8], limit: usize) -> Option<Inflated> {
    let mut inflater = Inflater::new(SenderParameters {
        no_context_takeover: true,
        window_bits: 15,
    });
    let mut bytes = Vec::new();
    while let Some(piece) = inflater.next(&mut payload).ok()? {
        let room = limit - bytes.len();
        if piece.len() > room {
            bytes.extend_from_slice(piece.get(..room)?);
            return Some(Inflated {
                bytes,
                is_whole: false,
            });
        }
        bytes.extend_from_slice(piece);
    }
    let is_whole = inflater.finish().is_ok();
    Some(Inflated { bytes, is_whole })
}

fn inflate_wrapped(payload: &[u8], mut decoder: Decompress, limit: usize) -> Option<Inflated> {
    const STEP: usize = 4096;
    let mut bytes = Vec::new();
    loop {
        let read = usize::try_from(decoder.total_in()).ok()?;
        let rest = payload.get(read..).unwrap_or_default();
        let room = limit - bytes.len();
        bytes.reserve_exact(room.min(STEP));
        let before = bytes.len();
        let status = decoder.decompress_vec(rest, &mut bytes, FlushDecompress::Sync);
        let is_whole = matches!(status, Ok(Status::StreamEnd)) && bytes.len() <= limit;
        // The vector may have more room than was requested.
        bytes.truncate(limit);
        let is_stuck = bytes.len() == before && decoder.total_in() == read as u64;
        if status.is_err() {
            return None;
        }
        if is_whole || is_stuck || bytes.len() == limit {
            return Some(Inflated { bytes, is_whole });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hexadecimal: &str) -> Vec<u8> {
        hex::decode(hexadecimal).unwrap()
    }

    /// "Hello", compressed by Python's `zlib` and `gzip`.
    const ZLIB: &str = "789cf348cdc9c90700058c01f5";
    const GZIP: &str = "1f8b0800000000000203f348cdc9c907008289d1f705000000";

    #[test]
    fn headers_of_zlib_and_gzip_are_recognized() {
        for (start, container) in [
            ("7801f3", Some(Container::Zlib)),
            ("785e", None),
            ("785e00", Some(Container::Zlib)),
            ("789cf3", Some(Container::Zlib)),
            ("78da00", Some(Container::Zlib)),
            ("28cf00", Some(Container::Zlib)),
            ("281500", Some(Container::Zlib)),
            ("789d00", None),
            ("78bb00", None),
            ("889800", None),
            ("1f8b08", Some(Container::Gzip)),
            ("1f8b00", None),
            ("f248cd", None),
            ("", None),
        ] {
            assert_eq!(Container::of_header(&bytes(start)), container, "{start}");
        }
    }

    #[test]
    fn hello_is_inflated_from_each_container() {
        for (payload, container) in [
            (ZLIB, Container::Zlib),
            (GZIP, Container::Gzip),
            ("f248cdc9c90700", Container::Raw),
        ] {
            let payload = bytes(payload);
            let inflated = inflate(&payload, container, 100).unwrap();
            assert_eq!((inflated.text(), inflated.is_whole), (Some("Hello"), true));
            let cut = inflate(&payload[..payload.len() - 1], container, 100).unwrap();
            assert_eq!((cut.text(), cut.is_whole), (Some("Hello"), false));
            let start = inflate(&payload, container, 3).unwrap();
            assert_eq!((start.text(), start.is_whole), (Some("Hel"), false));
            let all = inflate(&payload, container, 5).unwrap();
            assert_eq!((all.text(), all.is_whole), (Some("Hello"), true));
            for other in [Container::Raw, Container::Zlib, Container::Gzip] {
                let is_same = other == container;
                assert_eq!(
                    inflate(&payload, other, 100).is_some(),
                    is_same,
                    "{other:?}"
                );
            }
        }
    }

    #[test]
    fn uncompressed_bytes_are_not_a_complete_stream() {
        for payload in ["Hello", r#"{"a":1}"#, "", "\0", "null", "GET / HTTP/1.1"] {
            let payload = payload.as_bytes();
            for container in [Container::Zlib, Container::Gzip] {
                assert_eq!(inflate(payload, container, 100), None, "{payload:?}");
            }
            let inflated = inflate(payload, Container::Raw, 100);
            assert!(inflated.is_none_or(|inflated| !inflated.is_whole));
        }
    }

    #[test]
    fn text_leaves_out_a_character_cut_by_the_limit() {
        let inflated = |bytes: &[u8]| Inflated {
            bytes: bytes.to_vec(),
            is_whole: false,
        };
        assert_eq!(inflated("今天".as_bytes()).text(), Some("今天"));
        assert_eq!(inflated(&"今天".as_bytes()[..5]).text(), Some("今"));
        assert_eq!(inflated(b"a\xffb").text(), None);
    }

    #[test]
    fn a_decompression_bomb_stops_at_the_limit() {
        // A mebibyte of these zeros is a gibibyte.
        let mut bomb = bytes("ecc101010000008090feafee080a");
        bomb.resize(1 << 20, 0);
        for container in [Container::Raw, Container::Zlib] {
            let inflated = inflate(&bomb, container, 1000);
            assert!(inflated.is_none_or(|inflated| inflated.bytes.len() <= 1000));
        }
        assert!(ends_with_tail(b"\x00\x00\xff\xff") && !ends_with_tail(b"\x00\xff\xff"));
    }
}
