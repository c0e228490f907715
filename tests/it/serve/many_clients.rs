//! `wsctl serve` with a thousand clients that are slow, never read or send nothing.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;

use rustix::net::sockopt::set_socket_recv_buffer_size;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tungstenite::Message;
use tungstenite::protocol::frame::coding::CloseCode;

use crate::helpers::client::{Client, REQUEST, RESPONSE, frame};
#[cfg(target_os = "linux")]
use crate::helpers::run::memory;
use crate::helpers::server::Server;

const THOUSAND: usize = 1000;

/// Starts a server, after raising the limit of open files for this process.
fn start(arguments: &[&str]) -> Server {
    const FILES: u64 = 4096;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current.is_some_and(|current| current < FILES) {
        let current = Some(FILES);
        let limit = Rlimit { current, maximum };
        setrlimit(Resource::Nofile, limit).expect("this test needs 4096 files");
    }
    Server::start(arguments)
}

/// The peak of a server's memory so far, in MiB.
#[cfg(target_os = "linux")]
fn most_memory(server: &Server) -> u64 {
    memory(server.id(), "VmHWM") >> 10
}

/// Without `/proc`, the memory is not known.
#[cfg(not(target_os = "linux"))]
const fn most_memory(_server: &Server) -> u64 {
    0
}

fn echo(client: &mut Client) {
    client.send(Message::text("hello")).unwrap();
    assert_eq!(client.read().unwrap(), Message::text("hello"));
}

/// A client that reads nothing after the handshake, with a small receive buffer.
fn client_that_never_reads(server: &Server) -> TcpStream {
    let stream = server.connect();
    set_socket_recv_buffer_size(&stream, 4096).unwrap();
    open(&stream);
    stream.set_nonblocking(true).unwrap();
    stream
}

fn open(mut stream: &TcpStream) {
    stream.write_all(REQUEST.as_bytes()).unwrap();
    let mut head = vec![0; RESPONSE.len()];
    stream.read_exact(&mut head).unwrap();
    assert_eq!(head, RESPONSE.as_bytes());
}

/// An incomplete request does not count for `--max-connections`.
#[test]
fn a_thousand_incomplete_requests_do_not_count_as_connections() {
    let server = start(&["-q", "--max-connections", "1"]);
    let mut slow: Vec<TcpStream> = (0..THOUSAND).map(|_| server.connect()).collect();
    let mut client = server.client();
    for byte in &REQUEST.as_bytes()[..30] {
        for stream in &mut slow {
            // A server on a slow machine may have refused it after the timeout.
            let _ = stream.write_all(&[*byte]);
        }
        echo(&mut client);
    }
    let memory = most_memory(&server);
    assert!(memory < 64, "{memory} MiB");
}

/// Each client sends messages and never reads the echoes, until the server reads no more.
#[test]
fn a_thousand_clients_that_never_read_need_bounded_memory() {
    const EACH: usize = 1 << 20;
    let server = start(&["-q", "--max-connections", "1001"]);
    let message = frame(0x82, &vec![0; 50_000]).repeat(EACH / 50_000);
    let mut client_that_never_reads: Vec<(TcpStream, &[u8])> = (0..THOUSAND)
        .map(|_| (client_that_never_reads(&server), message.as_slice()))
        .collect();
    let mut client = server.client();
    let mut full = server.connect();
    full.write_all(REQUEST.as_bytes()).unwrap();
    let mut answer = String::new();
    full.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    // Until three rounds in which no byte was accepted.
    let mut idle = 0;
    while idle < 3 {
        let taken: usize = client_that_never_reads
            .iter_mut()
            .map(write_until_full)
            .sum();
        idle = if taken == 0 { idle + 1 } else { 0 };
        echo(&mut client);
    }
    let memory = most_memory(&server);
    assert!(memory < 200, "{memory} MiB");
    // When they leave, others can connect.
    drop(client_that_never_reads);
    let mut others: Vec<Client> = (0..10)
        .filter_map(|_| connect_if_admitted(&server))
        .collect();
    while others.is_empty() {
        others.extend(connect_if_admitted(&server));
    }
    echo(&mut others[0]);
}

/// Writes until the socket would block. Returns how many bytes were written.
fn write_until_full((stream, rest): &mut (TcpStream, &[u8])) -> usize {
    let mut taken = 0;
    while !rest.is_empty() {
        match stream.write(rest) {
            Ok(size) => {
                *rest = &rest[size..];
                taken += size;
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            Err(error) => panic!("{error}"),
        }
    }
    taken
}

/// A client; `None` if the server refuses it.
fn connect_if_admitted(server: &Server) -> Option<Client> {
    let connected = tungstenite::connect(server.url());
    connected.ok().map(|(client, _)| client)
}

/// A message for many clients is in memory once.
#[test]
fn a_large_message_for_many_clients_is_in_memory_once() {
    const SIZE: usize = 4 << 20;
    let server = start(&["-q", "--to", "all"]);
    let client_that_never_reads: Vec<TcpStream> =
        (0..100).map(|_| client_that_never_reads(&server)).collect();
    let mut client = server.client();
    let payload = vec![7; SIZE];
    for _ in 0..3 {
        client.send(Message::binary(payload.clone())).unwrap();
        let received = client.read().unwrap();
        assert!(received.into_data() == payload);
    }
    let memory = most_memory(&server);
    assert!(
        memory < 100,
        "{memory} MiB for {} of {SIZE}",
        client_that_never_reads.len()
    );
}

#[test]
fn a_thousand_idle_clients_get_a_close_frame() {
    let server = start(&["-q", "--idle-timeout", "500ms"]);
    let silent: Vec<TcpStream> = (0..THOUSAND).map(|_| server.connect()).collect();
    for mut stream in &silent {
        stream.write_all(REQUEST.as_bytes()).unwrap();
    }
    let close_frame = b"\x88\x26\x03\xe9the connection was idle for too long";
    for mut stream in &silent {
        let mut received = Vec::new();
        stream.read_to_end(&mut received).unwrap();
        assert_eq!(received, [RESPONSE.as_bytes(), close_frame].concat());
    }
    echo(&mut server.client());
}

#[test]
fn three_hundred_connections_are_echoed_and_closed() {
    let server = Server::start(&[]);
    let mut clients: Vec<Client> = (0..300).map(|_| server.client()).collect();
    for (number, client) in clients.iter_mut().enumerate() {
        client
            .send(Message::text(format!("I am {number}")))
            .unwrap();
    }
    for (number, client) in clients.iter_mut().enumerate() {
        assert_eq!(
            client.read().unwrap(),
            Message::text(format!("I am {number}"))
        );
    }
    server.interrupt();
    for client in &mut clients {
        assert!(
            matches!(client.read().unwrap(), Message::Close(Some(frame)) if frame.code == CloseCode::Away)
        );
    }
    assert_eq!(
        server.log_until("stopped: ").last().unwrap(),
        "stopped: 300 connections closed with 1001"
    );
}
