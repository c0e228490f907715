//! The endpoint of a server, which receives any bytes and sends any messages.

use wsctl::ws::deflate::Deflater;
use wsctl::ws::endpoint::{Endpoint, EndpointEvent};
use wsctl::ws::extension::DeflateParameters;
use wsctl::ws::{
    CloseCode, FrameHeader, InputBuf, LengthForm, MaskingKey, Opcode, PayloadLength, Role, Rsv,
};

use super::Choices;

/// Checks that a strict client accepts everything that the server sends; that no frame follows its
/// close frame; that no message exceeds the limit; and that the output depends neither on the pieces
/// in which bytes arrive nor on the way of echoing (one message, or all at once).
pub fn holds(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let deflate = choices.flag().then(|| DeflateParameters {
        server_no_context_takeover: choices.flag(),
        client_no_context_takeover: choices.flag(),
        server_max_window_bits: 8 + choices.up_to(7),
        client_max_window_bits: 8 + choices.up_to(7),
    });
    let limit = choices.size();
    let mut server = Server::new(limit, deflate, true);
    let mut twin = Server::new(limit, deflate, false);
    let mut client = Client::new(deflate);
    let mut peer = Peer::new(deflate);
    while !choices.is_empty() && !server.endpoint.is_finished() {
        match choices.up_to(7) {
            0 => {
                let text = "sent by the server ".repeat(choices.byte().into());
                server
                    .endpoint
                    .sender
                    .message(Opcode::TEXT, text.as_bytes());
                twin.endpoint.sender.message(Opcode::TEXT, text.as_bytes());
            }
            1 => {
                let code = choices.flag().then_some(CloseCode::GOING_AWAY);
                let reason = "ä".repeat(choices.byte().into());
                let sent = server.endpoint.sender.close(code, &reason);
                assert_eq!(sent, twin.endpoint.sender.close(code, &reason));
            }
            kind => {
                let bytes = peer.next_bytes(kind, &mut choices);
                server.receive(&bytes);
                bytes.chunks(1).for_each(|byte| twin.receive(byte));
            }
        }
        let sent = std::mem::take(server.endpoint.sender.output());
        assert_eq!(sent, std::mem::take(twin.endpoint.sender.output()));
        client.receive(sent);
    }
    assert_eq!(server.endpoint.is_finished(), twin.endpoint.is_finished());
}

/// The tested endpoint, which echoes.
struct Server {
    endpoint: Endpoint,
    limit: usize,
    echoes_at_once: bool,
}

impl Server {
    fn new(limit: usize, deflate: Option<DeflateParameters>, echoes_at_once: bool) -> Self {
        Self {
            endpoint: Endpoint::server(limit, deflate),
            limit,
            echoes_at_once,
        }
    }

    fn receive(&mut self, bytes: &[u8]) {
        let mut bytes = bytes.to_vec();
        let mut unread = InputBuf::new(&mut bytes);
        loop {
            if self.echoes_at_once {
                self.endpoint.echo(&mut unread);
            }
            let Endpoint { receiver, sender } = &mut self.endpoint;
            let Some(event) = receiver.next(&mut unread) else {
                break;
            };
            sender.answer_control(&event);
            let EndpointEvent::Frame(frame) = event else {
                continue;
            };
            if let Some(message) = frame.message {
                assert!(frame.accepted && message.payload.len() <= self.limit);
                let is_text = message.opcode == Opcode::TEXT;
                assert!(!is_text || std::str::from_utf8(message.payload).is_ok());
                sender.message(message.opcode, message.payload);
            }
        }
    }
}

/// A strict client that receives what the server sends.
struct Client {
    endpoint: Endpoint,
    is_closed: bool,
}

impl Client {
    fn new(deflate: Option<DeflateParameters>) -> Self {
        Self {
            endpoint: Endpoint::client(usize::MAX, deflate, || MaskingKey([0; 4])),
            is_closed: false,
        }
    }

    fn receive(&mut self, mut bytes: Vec<u8>) {
        let mut unread = InputBuf::new(&mut bytes);
        while let Some(event) = self.endpoint.receiver.next(&mut unread) {
            match event {
                EndpointEvent::Frame(frame) => {
                    assert!(!self.is_closed, "a frame after the close frame");
                    self.is_closed = frame.header.opcode == Opcode::CLOSE;
                }
                EndpointEvent::Failure(failure) => panic!("{failure}"),
            }
        }
        assert_eq!(self.endpoint.receiver.incomplete(), None);
    }
}

/// A peer that sends any bytes.
struct Peer {
    deflater: Option<Deflater>,
}

impl Peer {
    fn new(deflate: Option<DeflateParameters>) -> Self {
        let deflater =
            |negotiated: DeflateParameters| Deflater::new(negotiated.of(Role::Client), 6);
        Self {
            deflater: deflate.map(deflater),
        }
    }

    fn next_bytes(&mut self, kind: u8, choices: &mut Choices<'_>) -> Vec<u8> {
        let (first, times) = (choices.byte(), choices.byte());
        let size = choices.size();
        let payload = choices.bytes(size);
        match kind {
            2 => payload.to_vec(),
            3 => frame(first, LengthForm::SixtyFour, payload),
            4 => frame(0x82, LengthForm::Seven, &payload.repeat(times.into())),
            5 => match &mut self.deflater {
                Some(deflater) => {
                    let payload = deflater.deflate(&payload.repeat(times.into())).to_vec();
                    frame(0xc0 | first & 3, LengthForm::Seven, &payload)
                }
                None => frame(0x81, LengthForm::Seven, payload),
            },
            _ => frame(first, LengthForm::Seven, payload),
        }
    }
}

/// A masked frame with this first byte. The length is in the given form if that can hold it.
fn frame(first: u8, form: LengthForm, payload: &[u8]) -> Vec<u8> {
    let key = MaskingKey([first, 2, 3, 4]);
    let length = payload.len() as u64;
    let header = FrameHeader {
        fin: first & 0x80 != 0,
        rsv: Rsv::new(first >> 4 & 7).unwrap(),
        opcode: Opcode::of_first_byte(first),
        masking_key: Some(key),
        payload_length: PayloadLength::in_form(length, form)
            .unwrap_or(PayloadLength::shortest(length)),
    };
    let mut bytes = header.encode().to_vec();
    let start = bytes.len();
    bytes.extend_from_slice(payload);
    key.apply(0, &mut bytes[start..]);
    bytes
}
