//! One end of an open connection (RFC 6455 sections 5 to 7), sans I/O: a receiver and a sender of
//! frames. `ws::session` drives it, in this order:
//!
//! 1. it gives received bytes to [`Receiver::next`], and takes the events one by one;
//! 2. it answers each event: a ping by [`FrameSender::answer_ping`], a close frame or a violation
//!    by [`FrameSender::close_reply`] and [`FrameSender::send_close_payload`];
//! 3. it sends the messages of the application through [`FrameSender`];
//! 4. it writes [`FrameSender::output`] and clears it;
//! 5. when [`Endpoint::is_finished`], it closes the TCP connection, the server first
//!    (section 7.1.1).
//!
//! Where each message is echoed, [`Endpoint::echo`] does the first three for most messages.

mod echo;
mod event;
mod receiver;
mod sender;

pub use event::{CompressedFailure, EndpointEvent, Failure, ReceivedFrame};
pub use receiver::Receiver;
pub use sender::FrameSender;

use super::extension::DeflateParameters;
use super::{MaskingKey, Role};

/// Both halves of one end. They are apart so that an event, which borrows from the
/// receiver, can be answered by the sender.
#[derive(Debug)]
pub struct Endpoint {
    /// Decodes and validates what the peer sends.
    pub receiver: Receiver,
    /// Encodes what this end sends.
    pub sender: FrameSender,
}

impl Endpoint {
    /// A server, which takes messages of up to `max_message` bytes; with permessage-deflate
    /// if the handshake agreed on it.
    pub fn server(max_message: usize, deflate: Option<DeflateParameters>) -> Self {
        let of = |role| deflate.map(|agreed| agreed.of(role));
        Self {
            receiver: Receiver::new(Role::Client, max_message, of(Role::Client)),
            sender: FrameSender::new(of(Role::Server)),
        }
    }

    /// A client; `keys` makes a fresh, unpredictable masking key for each frame
    /// (RFC 6455 section 5.3).
    pub fn client(
        max_message: usize,
        deflate: Option<DeflateParameters>,
        keys: impl FnMut() -> MaskingKey + Send + 'static,
    ) -> Self {
        let of = |role| deflate.map(|agreed| agreed.of(role));
        Self {
            receiver: Receiver::new(Role::Server, max_message, of(Role::Server)),
            sender: FrameSender::new(of(Role::Client)).masking(keys),
        }
    }

    /// Whether no frame is left to send or to receive: both ends have sent a close frame, or this
    /// end has failed the connection.
    pub const fn is_finished(&self) -> bool {
        let is_receiver_done = self.receiver.close_received() || self.receiver.has_failed();
        is_receiver_done && self.sender.close_sent()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ws::{CloseCode, InputBuf, Opcode};
    use proptest::prelude::*;

    fn pair() -> (Endpoint, Endpoint) {
        pair_with(None)
    }

    fn pair_with(deflate: Option<DeflateParameters>) -> (Endpoint, Endpoint) {
        let mut count = 0_u32;
        let keys = move || {
            count += 0x0102_0304;
            MaskingKey(count.to_be_bytes())
        };
        (
            Endpoint::client(1 << 20, deflate, keys),
            Endpoint::server(1 << 20, deflate),
        )
    }

    /// Carries what one end wrote to the other, in pieces of `size` bytes; returns what that received.
    fn carry(from: &mut Endpoint, to: &mut Endpoint, size: usize) -> Vec<String> {
        let mut bytes = std::mem::take(from.sender.output());
        let mut received = Vec::new();
        for piece in bytes.chunks_mut(size) {
            let mut unread = InputBuf::new(piece);
            while let Some(event) = to.receiver.next(&mut unread) {
                to.sender.answer_control(&event);
                received.push(match event {
                    EndpointEvent::Frame(frame) => {
                        let message = frame.message.map(|message| message.payload.len());
                        let payload = String::from_utf8_lossy(frame.payload);
                        format!("{} {payload:.20} {message:?}", frame.header.opcode)
                    }
                    EndpointEvent::Failure(failure) => {
                        format!("{} {failure}", failure.close_code().0)
                    }
                });
            }
        }
        received
    }

    #[test]
    fn a_connection_is_finished_when_both_ends_sent_a_close_frame() {
        let (mut client, mut server) = pair();
        client.sender.message(Opcode::TEXT, b"Hello");
        client.sender.ping(b"are you there?");
        client.sender.close(Some(CloseCode::NORMAL_CLOSURE), "bye");
        assert_eq!(
            carry(&mut client, &mut server, 3),
            [
                "text Hello Some(5)",
                "ping are you there? None",
                "close \u{3}\u{fffd}bye None"
            ]
        );
        assert!(server.is_finished());
        assert!(!client.is_finished());
        assert!(!client.sender.message(Opcode::TEXT, b"too late"));
        assert_eq!(
            carry(&mut server, &mut client, 100),
            ["pong are you there? None", "close \u{3}\u{fffd}bye None"]
        );
        assert!(client.is_finished());
    }

    #[test]
    fn a_frame_a_server_must_not_send_fails_the_client() {
        let (mut client, mut server) = pair();
        server
            .sender
            .output()
            .extend_from_slice(b"\x8a\x80abcd\x81\x05Hello");
        assert_eq!(
            carry(&mut server, &mut client, 100),
            ["pong  None", "1002 a frame from the server is masked"]
        );
        assert!(client.is_finished());
        assert_eq!(
            carry(&mut client, &mut server, 100),
            ["close \u{3}\u{fffd}a frame from the s None"]
        );
    }

    #[test]
    fn a_message_over_the_limit_is_refused_at_its_header() {
        let mut server = Endpoint::server(4, None);
        let mut bytes = *b"\x01\x83\0\0\0\0abc\x80\xff\x00\x00\x00\x01\0\0\0\0\0\0\0\0";
        let mut unread = InputBuf::new(&mut bytes);
        let mut last = String::new();
        while let Some(event) = server.receiver.next(&mut unread) {
            server.sender.answer_control(&event);
            if let EndpointEvent::Failure(failure) = event {
                last = format!("{} {failure}", failure.close_code().0);
            }
        }
        assert_eq!(
            last,
            "1009 a message of 4294967299 bytes, at most 4 are taken"
        );
        assert!(server.is_finished());
    }

    /// Receives these frames with permessage-deflate, cut at each place: the messages, or the
    /// last failure.
    fn hear_compressed(max_message: usize, bytes: &[u8]) -> Vec<String> {
        let mut server = Endpoint::server(max_message, Some(DeflateParameters::default()));
        let mut received = Vec::new();
        for piece in bytes.to_vec().chunks_mut(1) {
            let mut unread = InputBuf::new(piece);
            while let Some(event) = server.receiver.next(&mut unread) {
                received.push(match event {
                    EndpointEvent::Frame(frame) => {
                        let inflated = frame.inflated.map(String::from_utf8_lossy);
                        let message = frame.message.map(|message| message.payload.len());
                        format!("{} {inflated:?} {message:?}", frame.header.opcode)
                    }
                    EndpointEvent::Failure(failure) => {
                        format!("{} {failure}", failure.close_code().0)
                    }
                });
            }
        }
        received
    }

    #[test]
    fn a_compressed_message_is_inflated_frame_by_frame() {
        let bytes = b"\x41\x83\0\0\0\0\xf2\x48\xcd\x89\x80\0\0\0\0\x80\x84\0\0\0\0\xc9\xc9\x07\x00\
            \x81\x81\0\0\0\0!\xc2\x85\0\0\0\0\xf2\x00\x11\x00\x00\xc1\x80\0\0\0\0";
        assert_eq!(
            hear_compressed(5, bytes),
            [
                r#"text Some("He") None"#,
                "ping None None",
                r#"continuation Some("llo") Some(5)"#,
                "text None Some(1)",
                r#"binary Some("Hello") Some(5)"#,
                r#"text Some("") Some(0)"#,
            ]
        );
    }

    #[test]
    fn an_error_in_a_compressed_message_is_reported_at_its_piece() {
        let hello = b"\xc1\x87\0\0\0\0\xf2\x48\xcd\xc9\xc9\x07\x00";
        assert_eq!(
            hear_compressed(4, hello).last().unwrap(),
            "1009 the message inflates to more than 4 bytes"
        );
        assert_eq!(
            hear_compressed(4, b"\xc1\xfe\x7f\xff\0\0\0\0")
                .last()
                .unwrap(),
            "1009 a message of 32767 bytes, at most 4 are taken"
        );
        assert_eq!(
            hear_compressed(9, b"\xc1\x85\0\0\0\0\xf2\x00\x11\x00\x00")
                .last()
                .unwrap(),
            "1007 the message refers to data before its beginning, and there is none"
        );
        assert_eq!(
            hear_compressed(9, b"\xc1\x84\0\0\0\0\xf2\x48\xcd\xc9")
                .last()
                .unwrap(),
            "1007 the compressed message ends inside a block"
        );
        // "é" in Latin-1, in a stored block; the frame goes on.
        assert_eq!(
            hear_compressed(900, b"\x41\xfe\x02\x58\0\0\0\0\x00\xf4\x01\x0b\xfea\xe9a"),
            [
                "text Some(\"a\u{fffd}a\") None",
                "1007 the text, inflated, is not UTF-8 from its byte 1 on"
            ]
        );
    }

    #[test]
    fn a_message_is_cleared_after_it_was_returned() {
        let mut server = Endpoint::server(1 << 20, None);
        let mut bytes = [
            &b"\x82\xff\0\0\0\0\0\x0f\xff\xff\0\0\0\0"[..],
            &vec![7; 0xf_ffff],
        ]
        .concat();
        let (first, second) = bytes.split_at_mut(100);
        for piece in [first, second] {
            let mut unread = InputBuf::new(piece);
            while server.receiver.next(&mut unread).is_some() {}
        }
        assert!(
            server.receiver.buffered() <= 64 << 10,
            "{}",
            server.receiver.buffered()
        );
    }

    #[test]
    fn the_compressed_payload_of_a_returned_message_can_be_freed() {
        let deflate = Some(DeflateParameters::default());
        let mut client = Endpoint::client(1 << 20, deflate, || MaskingKey([1, 2, 3, 4]));
        let mut server = Endpoint::server(1 << 20, deflate);
        // Bytes that do not get smaller.
        let mut state = 1_u32;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .take(40_000)
        .collect();
        client.sender.message(Opcode::BINARY, &noise);
        let mut bytes = std::mem::take(client.sender.output());
        // The payload of a frame in two pieces is kept.
        let (first, second) = bytes.split_at_mut(100);
        assert!(server.receiver.next(&mut InputBuf::new(first)).is_none());
        let mut unread = InputBuf::new(second);
        let is_message = |event: &EndpointEvent<'_>| match event {
            EndpointEvent::Frame(frame) => frame.message.is_some(),
            EndpointEvent::Failure(_) => false,
        };
        while !is_message(&server.receiver.next(&mut unread).unwrap()) {}
        let buffered = server.receiver.buffered();
        server.receiver.release_compressed_payload();
        assert!(buffered - server.receiver.buffered() >= noise.len());
    }

    proptest! {
        #[test]
        fn messages_arrive_as_they_were_sent_wherever_the_stream_is_cut(
            payloads in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 1..5),
            size in 1_usize..200,
        ) {
            let (mut client, mut server) = pair();
            for payload in &payloads {
                client.sender.message(Opcode::BINARY, payload);
            }
            let mut bytes = std::mem::take(client.sender.output());
            let mut received = Vec::new();
            for piece in bytes.chunks_mut(size) {
                let mut unread = InputBuf::new(piece);
                while let Some(EndpointEvent::Frame(frame)) = server.receiver.next(&mut unread) {
                    received.extend(frame.message.map(|message| message.payload.to_vec()));
                }
            }
            prop_assert_eq!(received, payloads);
        }

        #[test]
        fn compressed_messages_arrive_as_they_were_sent(
            texts in prop::collection::vec("[a-f]{0,40}|.{0,40}", 1..6),
            server_no_context_takeover: bool,
            client_no_context_takeover: bool,
            server_max_window_bits in 8_u8..=15,
            client_max_window_bits in 8_u8..=15,
            size in 1_usize..200,
        ) {
            let agreed = DeflateParameters {
                server_no_context_takeover,
                client_no_context_takeover,
                server_max_window_bits,
                client_max_window_bits,
            };
            let (mut client, mut server) = pair_with(Some(agreed));
            for text in &texts {
                client.sender.message(Opcode::TEXT, text.as_bytes());
            }
            let mut echoes = Vec::new();
            for (from, to) in [(&mut client, &mut server)] {
                let mut bytes = std::mem::take(from.sender.output());
                for piece in bytes.chunks_mut(size) {
                    let mut unread = InputBuf::new(piece);
                    while let Some(EndpointEvent::Frame(frame)) = to.receiver.next(&mut unread) {
                        let message = frame.message.map(|message| message.payload.to_vec());
                        echoes.extend(message);
                    }
                }
            }
            let sent: Vec<&[u8]> = texts.iter().map(String::as_bytes).collect();
            prop_assert_eq!(&echoes, &sent);
        }

        #[test]
        fn no_bytes_make_it_panic(
            mut bytes in prop::collection::vec(any::<u8>(), 0..500),
            deflates: bool,
        ) {
            let deflate = deflates.then(DeflateParameters::default);
            let mut server = Endpoint::server(100, deflate);
            let mut unread = InputBuf::new(&mut bytes);
            while let Some(event) = server.receiver.next(&mut unread) {
                server.sender.answer_control(&event);
            }
        }
    }
}
