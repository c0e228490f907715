//! Plain frames: the shape that most frames have, and that the fast paths take at once.
//!
//! A plain frame is a message of its own: FIN is set, the opcode is text or binary, no RSV bit
//! is set, the length has its shortest form, and all of the frame is at hand. [`peek`] is the
//! only definition of it. Three fast paths use it, and leave every other frame to the decoder
//! and the validator:
//!
//! - [`Endpoint::echo`](super::endpoint::Endpoint::echo) writes each payload back after a
//!   header of its own.
//! - [`Receiver`](super::endpoint::Receiver) returns a plain frame without reading its parts.
//! - The analyzer of `decode` unmasks a batch of them into one buffer, a line each.
//!
//! They check UTF-8 differently, on purpose. Echo and the receiver check each payload, since
//! headers stand between the payloads in their buffers; the batch checks all its lines at
//! once. Property tests compare the fast paths with the general ones, here for echo and receiver,
//! in the tests of `decode` for the batch.

use super::{FrameHeader, LengthForm, MaskingKey, Opcode, Rsv};

/// What a plain frame must be like to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlainRequirement {
    /// Whether it is masked.
    pub is_masked: bool,
    /// The largest payload length, in bytes.
    pub max_payload: usize,
}

/// A plain frame at the front of some bytes.
#[derive(Clone, Copy, Debug)]
pub struct PlainFrame<'a> {
    /// Its header.
    pub header: FrameHeader,
    /// Its masking key; zero if it is not masked.
    pub key: MaskingKey,
    /// The payload as it is on the wire, and all bytes after it. A short payload is unmasked
    /// as a block of constant size, which may reach into those.
    pub body: &'a [u8],
    /// The payload length in bytes, at most that of `body`.
    pub length: usize,
}

/// Returns the plain frame at the front of `bytes`; None if there is none, or not all of it.
#[expect(
    clippy::inline_always,
    reason = "three hot loops call it; a call costs an echo a tenth of its instructions"
)]
#[inline(always)]
pub fn peek(bytes: &[u8], expected: PlainRequirement) -> Option<PlainFrame<'_>> {
    let (header, size) = FrameHeader::parse(bytes).ok()?;
    let body = bytes.get(size..)?;
    let length = usize::try_from(header.payload_length.value()).ok()?;
    let is_plain = has_plain_header(&header)
        && header.masking_key.is_some() == expected.is_masked
        && length <= expected.max_payload.min(body.len());
    let key = header.masking_key.unwrap_or(MaskingKey([0; 4]));
    is_plain.then_some(PlainFrame {
        header,
        key,
        body,
        length,
    })
}

/// Whether the frame is a message of its own, and its header breaks no rule at any place of a
/// stream and needs no extension.
fn has_plain_header(header: &FrameHeader) -> bool {
    let length = header.payload_length;
    header.fin
        && header.rsv == Rsv::NONE
        && matches!(header.opcode, Opcode::TEXT | Opcode::BINARY)
        && length.form() == LengthForm::shortest(length.value())
        && !length.has_highest_bit()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MASKED: PlainRequirement = PlainRequirement {
        is_masked: true,
        max_payload: 5,
    };
    const UNMASKED: PlainRequirement = PlainRequirement {
        is_masked: false,
        max_payload: 5,
    };

    #[test]
    fn returns_the_payload_with_the_bytes_after_it() {
        let plain = peek(
            b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58\x81\x00",
            MASKED,
        )
        .unwrap();
        assert_eq!(plain.key, MaskingKey([0x37, 0xfa, 0x21, 0x3d]));
        assert_eq!(plain.body, b"\x7f\x9f\x4d\x51\x58\x81\x00");
        assert_eq!(plain.length, 5);
        let plain = peek(b"\x82\x00", UNMASKED).unwrap();
        assert_eq!((plain.header.opcode, plain.length), (Opcode::BINARY, 0));
        assert_eq!(plain.key, MaskingKey([0; 4]));
    }

    #[test]
    fn rejects_every_other_frame() {
        for (bytes, reason) in [
            (&b"\x81\x01a"[..], "not masked"),
            (b"\x01\x81\0\0\0\0a", "fragment"),
            (b"\x80\x81\0\0\0\0a", "continuation"),
            (b"\x89\x81\0\0\0\0a", "ping"),
            (b"\xc1\x81\0\0\0\0a", "RSV1"),
            (b"\x83\x81\0\0\0\0a", "reserved opcode"),
            (b"\x81\xfe\x00\x01\0\0\0\0a", "length in 16 bits"),
            (b"\x81\x86\0\0\0\0abcdef", "longer than the limit"),
            (b"\x81\x82\0\0\0\0a", "payload incomplete"),
            (b"\x81\x81\0\0\0", "header incomplete"),
            (b"", "no bytes"),
        ] {
            assert!(peek(bytes, MASKED).is_none(), "{reason}");
        }
        assert!(peek(b"\x81\x81\0\0\0\0a", UNMASKED).is_none(), "masked");
        let endless = [&b"\x82\x7f"[..], &[0xff; 8]].concat();
        let expected = PlainRequirement {
            max_payload: usize::MAX,
            ..UNMASKED
        };
        assert!(peek(&endless, expected).is_none());
    }
}
