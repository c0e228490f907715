//! `wsctl serve` with a client of fastwebsockets, which does not compress.

use std::time::Duration;

use fastwebsockets::{FragmentCollector, Frame, OpCode, Payload, Role, WebSocket, WebSocketError};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime;
use tokio::time::timeout;

use crate::helpers::server::Server;

const REQUEST: &[u8] = b"GET /ws/bob HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\
    Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
    Sec-WebSocket-Version: 13\r\n\r\n";

type Client = WebSocket<TcpStream>;

/// Runs a future with a server, for up to 60 seconds.
fn with_server(talk: impl AsyncFnOnce(&Server)) {
    const TIMEOUT: Duration = Duration::from_secs(60);
    let server = Server::start(&["-q"]);
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let talk = async { timeout(TIMEOUT, talk(&server)).await.unwrap() };
    runtime.unwrap().block_on(talk);
}

/// A client after its handshake. It does not answer pings and close frames itself.
async fn open(server: &Server) -> Client {
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    stream.write_all(REQUEST).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    assert!(head.starts_with(b"HTTP/1.1 101 "));
    let mut client = WebSocket::after_handshake(stream, Role::Client);
    client.set_auto_close(false);
    client
}

async fn send(client: &mut Client, fin: bool, opcode: OpCode, payload: &[u8]) {
    let frame = Frame::new(fin, opcode, None, Payload::Owned(payload.to_vec()));
    client.write_frame(frame).await.unwrap();
}

async fn receive(client: &mut Client) -> (OpCode, Vec<u8>) {
    let frame = client.read_frame().await.unwrap();
    assert!(frame.fin);
    (frame.opcode, frame.payload.to_vec())
}

#[test]
fn messages_of_each_size_are_echoed() {
    with_server(async |server| {
        let mut client = open(server).await;
        for size in [0, 1, 125, 126, 65535, 65536, 1 << 20] {
            let text = "é".repeat(size / 2).into_bytes();
            send(&mut client, true, OpCode::Text, &text).await;
            assert_eq!(receive(&mut client).await, (OpCode::Text, text));
            let binary: Vec<u8> = (0..=255).cycle().take(size).collect();
            send(&mut client, true, OpCode::Binary, &binary).await;
            assert_eq!(receive(&mut client).await, (OpCode::Binary, binary));
        }
    });
}

#[test]
fn fragments_are_joined_around_a_ping() {
    with_server(async |server| {
        let mut client = open(server).await;
        send(&mut client, false, OpCode::Text, b"\xe4\xbd").await;
        send(&mut client, true, OpCode::Ping, b"hi").await;
        send(&mut client, false, OpCode::Continuation, b"").await;
        send(&mut client, true, OpCode::Continuation, b"\xa0").await;
        assert_eq!(receive(&mut client).await, (OpCode::Pong, b"hi".to_vec()));
        let mut client = FragmentCollector::new(client);
        let frame = client.read_frame().await.unwrap();
        assert_eq!(&*frame.payload, "你".as_bytes());
    });
}

#[test]
fn close_codes_are_echoed_and_the_connection_ends() {
    with_server(async |server| {
        for code in [1000_u16, 1001, 3000, 4999] {
            let mut client = open(server).await;
            client
                .write_frame(Frame::close(code, b"bye"))
                .await
                .unwrap();
            let answer = receive(&mut client).await;
            let expected = [&code.to_be_bytes()[..], b"bye"].concat();
            assert_eq!(answer, (OpCode::Close, expected));
            let end = client.read_frame().await;
            assert!(matches!(end, Err(WebSocketError::UnexpectedEOF)));
        }
    });
}

#[test]
fn violations_are_answered_with_a_close_code() {
    with_server(async |server| {
        let mut client = open(server).await;
        send(&mut client, true, OpCode::Text, b"caf\xe9").await;
        let (opcode, payload) = receive(&mut client).await;
        assert_eq!(opcode, OpCode::Close);
        assert_eq!(payload[..2], 1007_u16.to_be_bytes());
    });
}
