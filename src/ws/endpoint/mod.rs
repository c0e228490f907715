//! One end of an open connection as a state machine (RFC 6455 §5–§7), sans I/O.
//!
//! Whoever drives it has these duties, in this order:
//!
//! 1. give the octets that came to [`Receiver::next`], and take its events one by one;
//! 2. hand each event to [`Sender::react`], which answers what the RFC wants answered: a
//!    ping, a close, a violation;
//! 3. send what the application wants to send, through [`Sender`];
//! 4. write out [`Sender::output`] and clear it;
//! 5. when [`Endpoint::is_finished`], close the TCP connection (the server first, §7.1.1).

mod ending;
mod receiver;
mod sender;

pub use ending::Ending;
pub use receiver::{Event, Failure, ReceivedFrame, Receiver};
pub use sender::Sender;

use super::{MaskingKey, Role};

/// Both halves of one end. They are apart so that an event, which borrows from the
/// receiver, can be answered by the sender.
#[derive(Debug)]
pub struct Endpoint {
    /// What comes in.
    pub receiver: Receiver,
    /// What goes out.
    pub sender: Sender,
}

impl Endpoint {
    /// A server, which takes messages of up to `max_message` octets.
    pub fn server(max_message: usize) -> Self {
        Self {
            receiver: Receiver::new(Role::Client, max_message),
            sender: Sender::server(),
        }
    }

    /// A client; `keys` makes a fresh, unpredictable masking key for each frame
    /// (RFC 6455 §5.3).
    pub fn client(max_message: usize, keys: impl FnMut() -> MaskingKey + Send + 'static) -> Self {
        Self {
            receiver: Receiver::new(Role::Server, max_message),
            sender: Sender::client(keys),
        }
    }

    /// True when nothing more is to be said: both close frames have passed, or this end
    /// has failed the connection.
    pub const fn is_finished(&self) -> bool {
        let heard = self.receiver.close_received() || self.receiver.has_failed();
        heard && self.sender.close_sent()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ws::{CloseCode, Opcode, Unread};
    use proptest::prelude::*;

    fn pair() -> (Endpoint, Endpoint) {
        let mut count = 0_u32;
        let keys = move || {
            count += 0x0102_0304;
            MaskingKey(count.to_be_bytes())
        };
        (Endpoint::client(1 << 20, keys), Endpoint::server(1 << 20))
    }

    /// Carries what one end wrote to the other, in pieces of `size` octets; what it heard.
    fn carry(from: &mut Endpoint, to: &mut Endpoint, size: usize) -> Vec<String> {
        let mut octets = std::mem::take(from.sender.output());
        let mut heard = Vec::new();
        for piece in octets.chunks_mut(size) {
            let mut unread = Unread::new(piece);
            while let Some(event) = to.receiver.next(&mut unread) {
                to.sender.react(&event);
                heard.push(match event {
                    Event::Frame(frame) => {
                        let message = frame.message.map(|message| message.payload.len());
                        let payload = String::from_utf8_lossy(frame.payload);
                        format!("{} {payload:.20} {message:?}", frame.header.opcode)
                    }
                    Event::Failure(failure) => format!("{} {failure}", failure.close_code().0),
                });
            }
        }
        heard
    }

    #[test]
    fn a_conversation_ends_when_both_have_said_close() {
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
            ["pong are you there? None", "close \u{3}\u{fffd} None"]
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
    fn a_message_over_the_limit_is_refused_before_it_came() {
        let mut server = Endpoint::server(4);
        let mut octets = *b"\x01\x83\0\0\0\0abc\x80\xff\x00\x00\x00\x01\0\0\0\0\0\0\0\0";
        let mut unread = Unread::new(&mut octets);
        let mut last = String::new();
        while let Some(event) = server.receiver.next(&mut unread) {
            server.sender.react(&event);
            if let Event::Failure(failure) = event {
                last = format!("{} {failure}", failure.close_code().0);
            }
        }
        assert_eq!(
            last,
            "1009 a message of 4294967299 bytes, at most 4 are taken"
        );
        assert!(server.is_finished());
    }

    #[test]
    fn a_message_is_forgotten_when_it_was_handed_on() {
        let mut server = Endpoint::server(1 << 20);
        let mut octets = [
            &b"\x82\xff\0\0\0\0\0\x0f\xff\xff\0\0\0\0"[..],
            &vec![7; 0xf_ffff],
        ]
        .concat();
        let (first, second) = octets.split_at_mut(100);
        for piece in [first, second] {
            let mut unread = Unread::new(piece);
            while server.receiver.next(&mut unread).is_some() {}
        }
        assert!(
            server.receiver.held() <= 64 << 10,
            "{}",
            server.receiver.held()
        );
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
            let mut octets = std::mem::take(client.sender.output());
            let mut heard = Vec::new();
            for piece in octets.chunks_mut(size) {
                let mut unread = Unread::new(piece);
                while let Some(Event::Frame(frame)) = server.receiver.next(&mut unread) {
                    heard.extend(frame.message.map(|message| message.payload.to_vec()));
                }
            }
            prop_assert_eq!(heard, payloads);
        }

        #[test]
        fn no_octets_make_it_panic(mut octets in prop::collection::vec(any::<u8>(), 0..500)) {
            let mut server = Endpoint::server(100);
            let mut unread = Unread::new(&mut octets);
            while let Some(event) = server.receiver.next(&mut unread) {
                server.sender.react(&event);
            }
        }
    }
}
