//! A session in the role of a client, over a socket: with `wsctl serve`, and with the server of
//! another project, tungstenite. The client is a stub of these tests.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use wsctl::ws::extension::DeflateOffer;
use wsctl::ws::handshake::{ClientRequest, ClientSupport, Negotiated, ResponseHead};
use wsctl::ws::session::{
    ConnectionEvent, Disconnect, EndReason, EventSink, Session, SessionConfig, Side, Transmit,
};
use wsctl::ws::{CloseCode, MaskingKey, Opcode};

use crate::helpers::server::Server;

/// The texts that are sent: an empty one, one for each form of the length, one of many bytes.
fn texts() -> Vec<String> {
    [0, 5, 125, 126, 65_535, 65_536, 100_000]
        .map(|size| "ab".repeat(size)[..size].to_owned())
        .into()
}

/// Keeps the messages that come back.
#[derive(Default)]
struct Received(Vec<String>);

impl EventSink for Received {
    fn event(&mut self, event: &ConnectionEvent<'_>) {
        match event {
            ConnectionEvent::Message(message) => {
                self.0
                    .push(String::from_utf8(message.payload.to_vec()).unwrap());
            }
            ConnectionEvent::Failure(failure) => panic!("{failure}"),
            _ => {}
        }
    }
}

/// Connects, sends the texts, closes when all are back, and returns them with the end.
fn talk(address: &str, deflate: Option<DeflateOffer>) -> (Vec<String>, EndReason) {
    let mut stream = TcpStream::connect(address).unwrap();
    let support = ClientSupport {
        deflate,
        ..ClientSupport::default()
    };
    let request = ClientRequest {
        target: "/".to_owned(),
        host: address.to_string(),
        nonce: *b"the sample nonce",
        extra: Vec::new(),
    }
    .head(&support);
    stream.write_all(&request.encode()).unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    let (response, _) = ResponseHead::parse(&head).unwrap().unwrap();
    let negotiated = Negotiated::for_client(&request, &response).unwrap();
    assert_eq!(negotiated.deflate.is_some(), support.deflate.is_some());
    let config = SessionConfig {
        max_message: 1 << 20,
        deflate: negotiated.deflate,
        ping_interval: None,
        idle_timeout: None,
        close_timeout: Duration::from_secs(20),
    };
    let mut key = 0_u32;
    let keys = move || {
        key = key.wrapping_add(0x0102_0304);
        MaskingKey(key.to_be_bytes())
    };
    let session = Session::client(&config, keys, None, Instant::now());
    run(session, stream)
}

fn run(mut session: Session, mut stream: TcpStream) -> (Vec<String>, EndReason) {
    let mut received = Received::default();
    let texts = texts();
    for text in &texts {
        assert!(session.send(Opcode::TEXT, text.as_bytes(), &mut received));
    }
    let mut buffer = vec![0; 1000];
    let mut is_closing = false;
    loop {
        if received.0.len() == texts.len() && !is_closing {
            is_closing = true;
            session.close(
                Instant::now(),
                CloseCode::NORMAL_CLOSURE,
                "bye",
                &mut received,
            );
        }
        while let Some(transmit) = session.poll_transmit(Instant::now(), &mut received) {
            let written = match transmit {
                Transmit::Bytes(bytes, _) => stream.write_all(&bytes),
                Transmit::Shared(payload) => stream.write_all(&payload),
                Transmit::Free(_) => Ok(()),
            };
            session.handle_written(Instant::now(), written.map_err(|_| Disconnect::Reset));
        }
        if let Some(end) = session.poll_end() {
            return (received.0, end.clone());
        }
        match stream.read(&mut buffer).unwrap() {
            0 => session.handle_eof(Instant::now(), Disconnect::Fin, &mut received),
            size => session.handle_bytes(Instant::now(), &mut buffer[..size], &mut received),
        }
    }
}

#[test]
fn a_client_session_talks_to_our_server() {
    let server = Server::start(&["-q"]);
    let (received, end) = talk(server.address(), None);
    assert_eq!(received, texts());
    assert_eq!(end, EndReason::ClosingHandshake(Side::Local));
}

#[test]
fn a_client_session_compresses_with_our_server() {
    let server = Server::start(&["-q", "--deflate"]);
    let (received, end) = talk(server.address(), Some(DeflateOffer::default()));
    assert_eq!(received, texts());
    assert_eq!(end, EndReason::ClosingHandshake(Side::Local));
}

#[test]
fn a_client_session_talks_to_the_server_of_another_project() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let server = thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut socket = tungstenite::accept(stream).unwrap();
        // It ends with an error when the closing handshake is complete.
        while let Ok(message) = socket.read() {
            if message.is_text() {
                socket.send(message).unwrap();
            }
        }
    });
    let (received, end) = talk(&address, None);
    server.join().unwrap();
    assert_eq!(received, texts());
    assert_eq!(end, EndReason::ClosingHandshake(Side::Local));
}
