//! The fast path of an echo server: plain frames are sent back without becoming events.

use super::Endpoint;
use crate::ws::plain::{PlainFrame, peek};
use crate::ws::utf8::is_utf8;
use crate::ws::{FrameHeader, InputBuf, Opcode};

impl Endpoint {
    /// Sends the messages at the front of `input` back, as long as each is a valid [plain
    /// frame](crate::ws::plain). Returns how many there were. The first frame of another kind
    /// stays in `input`, for [`Receiver::next`](super::Receiver::next).
    ///
    /// The result is the same as that of receiving and sending the messages one by one.
    // In a function of its own the loop has the registers for itself.
    #[inline(never)]
    pub fn echo(&mut self, input: &mut InputBuf<'_>) -> u64 {
        let Self { receiver, sender } = self;
        let (Some(expected), true) = (receiver.expected_plain(), sender.sends_plain()) else {
            return 0;
        };
        let output = sender.output();
        let (mut count, mut last) = (0, None);
        let mut offset = receiver.offset();
        while let Some(plain) = peek(input.as_slice(), expected) {
            let PlainFrame {
                header,
                key,
                body,
                length,
            } = plain;
            let start = output.len();
            let head = FrameHeader {
                masking_key: None,
                ..header
            };
            output.extend_from_slice(&head.encode());
            let payload = output.len();
            key.append(body, length, output);
            let payload = output.get(payload..).unwrap_or_default();
            if header.opcode == Opcode::TEXT && !is_utf8(payload) {
                output.truncate(start);
                break;
            }
            let size = header.size() + payload.len();
            input.take(size);
            last = Some((offset, header));
            offset += size as u64;
            count += 1;
        }
        if let Some((offset, header)) = last {
            receiver.accept_plain(count, offset, &header);
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::super::EndpointEvent;
    use super::*;
    use crate::ws::{MaskingKey, Rsv};
    use proptest::prelude::*;

    /// What an echo server sends for these bytes, read in pieces of `size`; its events; and its
    /// counts of frames and bytes afterwards. It echoes messages one by one, or all plain ones of
    /// a read at once.
    fn serve(bytes: &[u8], size: usize, at_once: bool) -> (Vec<u8>, Vec<String>, [u64; 2]) {
        let mut server = Endpoint::server(1000, None);
        let mut events = Vec::new();
        for piece in bytes.to_vec().chunks_mut(size) {
            let mut unread = InputBuf::new(piece);
            loop {
                if at_once {
                    for _ in 0..server.echo(&mut unread) {
                        events.push("a message of one frame".to_owned());
                    }
                }
                let Endpoint { receiver, sender } = &mut server;
                let Some(event) = receiver.next(&mut unread) else {
                    break;
                };
                sender.answer_control(&event);
                events.push(match event {
                    EndpointEvent::Frame(frame) => match frame.message {
                        Some(message) => {
                            sender.message(message.opcode, message.payload);
                            match message.frames {
                                1 => "a message of one frame".to_owned(),
                                count => format!("a message of {count} frames"),
                            }
                        }
                        None => frame.header.opcode.to_string(),
                    },
                    EndpointEvent::Failure(failure) => failure.to_string(),
                });
            }
        }
        let counts = [server.receiver.frames(), server.receiver.offset()];
        (std::mem::take(server.sender.output()), events, counts)
    }

    fn frame(header: FrameHeader, payload: &[u8]) -> Vec<u8> {
        let mut payload = payload.to_vec();
        if let Some(key) = header.masking_key {
            key.apply(0, &mut payload);
        }
        [&*header.encode(), &payload].concat()
    }

    /// Frames of a client: mostly valid texts, with all other kinds among them.
    fn some_frame() -> impl Strategy<Value = Vec<u8>> {
        let payload = prop_oneof![
            4 => "[a-z é]{0,200}".prop_map(String::into_bytes),
            1 => prop::collection::vec(any::<u8>(), 0..1100),
        ];
        let opcode = prop_oneof![
            8 => Just(Opcode::TEXT),
            2 => Just(Opcode::BINARY),
            1 => (0_u8..16).prop_filter_map("four bits", Opcode::new),
        ];
        let bits = prop_oneof![
            12 => Just((true, true, 0)),
            1 => (any::<bool>(), any::<bool>(), 0_u8..8),
        ];
        (payload, opcode, bits, any::<[u8; 4]>()).prop_map(
            |(payload, opcode, (fin, is_masked, rsv), key)| {
                let header = FrameHeader {
                    fin,
                    rsv: Rsv::new(rsv).unwrap(),
                    masking_key: is_masked.then_some(MaskingKey(key)),
                    ..FrameHeader::new(opcode, payload.len() as u64)
                };
                frame(header, &payload)
            },
        )
    }

    #[test]
    fn plain_messages_of_a_read_are_echoed_at_once() {
        let mut bytes = b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58".repeat(3);
        let mut server = Endpoint::server(5, None);
        let mut unread = InputBuf::new(&mut bytes);
        assert_eq!(server.echo(&mut unread), 3);
        assert!(unread.is_empty());
        assert_eq!(*server.sender.output(), b"\x81\x05Hello".repeat(3));
    }

    #[test]
    fn other_frames_stay_in_the_input() {
        let masked = |opcode, payload: &[u8]| {
            let header = FrameHeader {
                masking_key: Some(MaskingKey([1, 2, 3, 4])),
                ..FrameHeader::new(opcode, payload.len() as u64)
            };
            frame(header, payload)
        };
        let ping = masked(Opcode::PING, b"");
        let no_text = masked(Opcode::TEXT, b"\xff");
        let too_long = masked(Opcode::BINARY, &[0; 6]);
        let unmasked = b"\x81\x05Hello".to_vec();
        let cut = b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51".to_vec();
        for mut bytes in [ping, no_text, too_long, unmasked, cut] {
            let mut server = Endpoint::server(5, None);
            let before = bytes.clone();
            let mut unread = InputBuf::new(&mut bytes);
            assert_eq!(server.echo(&mut unread), 0);
            assert_eq!(unread.as_slice(), before);
            assert!(server.sender.output().is_empty());
        }
    }

    proptest! {
        #[test]
        fn echoing_at_once_gives_the_same_as_one_by_one(
            frames in prop::collection::vec(some_frame(), 0..20),
            size in prop_oneof![1_usize..50, 1000_usize..100_000],
        ) {
            let bytes = frames.concat();
            prop_assert_eq!(serve(&bytes, size, true), serve(&bytes, size, false));
        }
    }
}
