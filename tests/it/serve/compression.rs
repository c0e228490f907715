//! What compression and large messages cost `wsctl serve`, and the other clients.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::mpsc::channel;

use wsctl::ws::endpoint::{Endpoint, EndpointEvent};
use wsctl::ws::extension::DeflateParameters;
use wsctl::ws::{CloseBody, CloseCode, InputBuf, MaskingKey, Opcode};

#[cfg(target_os = "linux")]
use crate::helpers::client::frame;
#[cfg(target_os = "linux")]
use crate::helpers::run::memory;
use crate::helpers::server::Server;

/// A client that has negotiated permessage-deflate.
struct Client {
    stream: TcpStream,
    endpoint: Endpoint,
}

impl Client {
    fn connect(server: &Server) -> Self {
        let stream = server.open_offering("permessage-deflate");
        let parameters = DeflateParameters::default();
        let endpoint = Endpoint::client(64 << 20, Some(parameters), || MaskingKey([1, 2, 3, 4]));
        Self { stream, endpoint }
    }

    fn send(&mut self, payload: &[u8]) {
        let bytes = self.compressed(payload);
        self.stream.write_all(&bytes).unwrap();
    }

    /// The bytes of a message, to be sent later.
    fn compressed(&mut self, payload: &[u8]) -> Vec<u8> {
        assert!(self.endpoint.sender.message(Opcode::BINARY, payload));
        self.endpoint.sender.take_output()
    }

    /// The next message, or the code and the reason of a close frame.
    fn read(&mut self) -> Result<Vec<u8>, (CloseCode, String)> {
        let mut bytes = vec![0; 64 << 10];
        loop {
            let size = match self.stream.read(&mut bytes) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                size => size.unwrap(),
            };
            assert!(size > 0, "the stream ended");
            let mut input = InputBuf::new(&mut bytes[..size]);
            while let Some(event) = self.endpoint.receiver.next(&mut input) {
                let EndpointEvent::Frame(frame) = event else {
                    panic!("{event:?}");
                };
                if frame.header.opcode == Opcode::CLOSE
                    && let CloseBody::Code(code, reason) = CloseBody::parse(frame.payload)
                {
                    return Err((code, String::from_utf8_lossy(reason).into_owned()));
                }
                if let Some(message) = frame.message {
                    return Ok(message.payload.to_vec());
                }
            }
        }
    }
}

/// Bytes that cannot be compressed: the numbers of an xorshift generator.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_be_bytes()[0]
    };
    (0..length).map(|_| next()).collect()
}

/// Each has sent and received more than the 32 KiB that a later message may refer to.
#[cfg(target_os = "linux")]
#[test]
fn an_idle_compressing_connection_takes_less_than_80_kib() {
    const COUNT: u64 = 200;
    let server = Server::start(&["-q", "--deflate"]);
    let message = noise(50_000);
    let connect = || {
        let mut client = Client::connect(&server);
        client.send(&message);
        assert_eq!(client.read().unwrap(), message);
        client
    };
    // What all connections share is allocated.
    let mut clients = vec![connect()];
    let before = memory(server.id(), "VmRSS");
    clients.extend((0..COUNT).map(|_| connect()));
    let each = (memory(server.id(), "VmRSS") - before) / COUNT;
    assert!(each <= 80, "{each} KiB");
    for client in &mut clients {
        client.send(&message[..30_000]);
        assert_eq!(client.read().unwrap(), &message[..30_000]);
    }
}

/// Each sends messages in turn with all others, so that no compressor is idle.
#[cfg(target_os = "linux")]
#[test]
fn connections_that_compress_at_the_same_time_take_less_than_16_mib() {
    let server = Server::start(&["-q", "--deflate"]);
    let message = noise(1000);
    let mut clients: Vec<_> = (0..64).map(|_| Client::connect(&server)).collect();
    clients[0].send(&message);
    assert_eq!(clients[0].read().unwrap(), message);
    let before = memory(server.id(), "VmRSS");
    for _ in 0..5 {
        for client in &mut clients {
            client.send(&message);
        }
        for client in &mut clients {
            assert_eq!(client.read().unwrap(), message);
        }
    }
    let grown = (memory(server.id(), "VmHWM") - before) >> 10;
    assert!(grown < 16, "{grown} MiB");
}

/// Half of the messages are compressed at once, and half in slices.
#[cfg(target_os = "linux")]
#[test]
fn connections_with_short_and_long_messages_take_less_than_16_mib() {
    let server = Server::start(&["-q", "--deflate"]);
    let message = noise(40_000);
    let mut clients: Vec<_> = (0..64).map(|_| Client::connect(&server)).collect();
    clients[0].send(&message);
    assert_eq!(clients[0].read().unwrap(), message);
    let before = memory(server.id(), "VmRSS");
    for round in 0..6 {
        let sizes = [1000, 3000, 10_000, 40_000].map(|size| &message[..size]);
        let of = |index: usize| sizes[(index + round) % sizes.len()];
        for (index, client) in clients.iter_mut().enumerate() {
            client.send(of(index));
        }
        for (index, client) in clients.iter_mut().enumerate() {
            assert_eq!(client.read().unwrap(), of(index));
        }
    }
    let grown = (memory(server.id(), "VmHWM") - before) >> 10;
    assert!(grown < 16, "{grown} MiB");
}

/// A compressor is not kept while the rest of a message waits.
#[cfg(target_os = "linux")]
#[test]
fn messages_that_are_compressed_in_slices_need_few_compressors() {
    const COUNT: u64 = 200;
    let server = Server::start(&["-q", "--deflate"]);
    let message = vec![b'x'; 60_000];
    let mut clients: Vec<_> = (0..COUNT).map(|_| Client::connect(&server)).collect();
    clients[0].send(&message);
    assert_eq!(clients[0].read().unwrap(), message);
    let before = memory(server.id(), "VmRSS");
    for client in &mut clients {
        let bytes = client.compressed(&message).repeat(4);
        client.stream.write_all(&bytes).unwrap();
    }
    for client in &mut clients {
        assert_eq!(client.read().unwrap(), message);
    }
    let each = (memory(server.id(), "VmHWM") - before) / COUNT;
    assert!(each < 200, "{each} KiB");
}

/// A message of zeros that is compressed to a thousandth of its size.
const BOMB: usize = 16 << 20;

/// All bombs are answered, one after the other.
#[cfg(target_os = "linux")]
#[test]
fn bombs_of_many_clients_take_the_memory_of_one() {
    let server = Server::start(&["-q", "--deflate", "--max-message", "16M"]);
    let mut clients: Vec<_> = (0..20).map(|_| Client::connect(&server)).collect();
    let before = memory(server.id(), "VmRSS");
    for client in &mut clients {
        client.send(&vec![0; BOMB]);
    }
    for client in &mut clients {
        assert_eq!(client.read().unwrap().len(), BOMB);
    }
    let grown = (memory(server.id(), "VmHWM") - before) >> 10;
    assert!(grown <= 16 + 8, "{grown} MiB");
}

/// The compressed payload is freed before the reply is compressed, and the reply is not copied.
#[cfg(target_os = "linux")]
#[test]
fn a_message_that_is_not_made_smaller_takes_its_size_twice() {
    const SIZE: usize = 12 << 20;
    let server = Server::start(&["-q", "--deflate", "--max-message", "16M"]);
    let mut client = Client::connect(&server);
    let message = noise(SIZE);
    let bytes = client.compressed(&message);
    let before = memory(server.id(), "VmRSS");
    let writer = client.stream.try_clone().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| (&writer).write_all(&bytes).unwrap());
        assert!(client.read().unwrap() == message);
    });
    let grown = (memory(server.id(), "VmHWM") - before) >> 10;
    assert!(grown <= 2 * 12 + 8, "{grown} MiB");
}

/// Skips a reply, which is not inflated.
fn skip_reply(mut stream: &TcpStream) {
    let mut header = [0; 2];
    stream.read_exact(&mut header).unwrap();
    let size = match header[1] {
        126 => 2,
        127 => 8,
        _ => panic!("{header:?}"),
    };
    let mut length = [0; 8];
    stream.read_exact(&mut length[8 - size..]).unwrap();
    let mut payload = stream.take(u64::from_be_bytes(length));
    std::io::copy(&mut payload, &mut std::io::sink()).unwrap();
}

/// The first client sends a bomb as soon as the reply to another one begins: the server then still
/// frees the memory of that one, which takes long enough if it is much.
#[test]
fn a_client_with_many_bombs_lets_others_have_the_memory_between_two_of_them() {
    let server = Server::start(&["-q", "--deflate"]);
    let mut clients = [(); 2].map(|()| Client::connect(&server));
    let bomb = vec![0; 3 * BOMB];
    let [bytes, other_bytes] = clients.each_mut().map(|client| client.compressed(&bomb));
    let [mut first, mut other] = clients.map(|client| client.stream);
    first.write_all(&bytes).unwrap();
    other.write_all(&other_bytes).unwrap();
    let (sender, answered) = channel();
    std::thread::scope(|scope| {
        let of_other = sender.clone();
        scope.spawn(move || {
            skip_reply(&other);
            of_other.send("other").unwrap();
        });
        for is_last in [false, false, true] {
            first.peek(&mut [0]).unwrap();
            if !is_last {
                first.write_all(&bytes).unwrap();
            }
            skip_reply(&first);
            sender.send("first").unwrap();
        }
    });
    drop(sender);
    let order: Vec<&str> = answered.iter().collect();
    assert_eq!(order.last(), Some(&"first"), "{order:?}");
}

/// Each sends the first fragment of a message and nothing more. The one that has the memory is
/// failed when it has sent nothing for five seconds.
#[cfg(target_os = "linux")]
#[test]
fn clients_that_leave_large_messages_open_take_the_memory_of_one() {
    let server = Server::start(&["--max-message", "16M"]);
    let before = memory(server.id(), "VmRSS");
    let fragment = frame(0x02, &vec![0; 15 << 20]);
    let clients: Vec<TcpStream> = (0..20).map(|_| server.open_with(b"")).collect();
    let mut other = server.client();
    std::thread::scope(|scope| {
        for mut client in &clients {
            let fragment = &fragment;
            // It blocks until the server reads, or closes the connection.
            scope.spawn(move || client.write_all(fragment));
        }
        let log = server.log_until("[message-too-big]");
        let refused = log.last().unwrap();
        assert!(
            refused.contains("the messages of all clients together take more than 19922944 bytes"),
            "{refused}"
        );
        other.send(tungstenite::Message::text("hello")).unwrap();
        assert_eq!(other.read().unwrap().into_text().unwrap().as_str(), "hello");
        let grown = (memory(server.id(), "VmHWM") - before) >> 10;
        assert!(grown <= 16 + 8, "{grown} MiB");
        for client in &clients {
            let _ = client.shutdown(std::net::Shutdown::Both);
        }
    });
}

/// Three messages for seven clients.
#[cfg(target_os = "linux")]
#[test]
fn a_large_message_for_all_is_in_memory_once() {
    const SIZE: usize = 12 << 20;
    let server = Server::start(&["-q", "--to", "others", "--max-message", "16M"]);
    let before = memory(server.id(), "VmRSS");
    let message = frame(0x82, &vec![7; SIZE]);
    let readers: Vec<TcpStream> = (0..5).map(|_| server.open_with(b"")).collect();
    let senders: Vec<TcpStream> = (0..3).map(|_| server.open_with(b"")).collect();
    std::thread::scope(|scope| {
        for sender in &senders {
            let (message, mut writer, mut reader) = (&message, sender, sender);
            scope.spawn(move || writer.write_all(message).unwrap());
            scope.spawn(move || std::io::copy(&mut reader, &mut std::io::sink()));
        }
        let reading: Vec<_> = readers
            .iter()
            .map(|mut reader| {
                scope.spawn(move || {
                    let mut payload = vec![0; 10 + SIZE];
                    for _ in 0..3 {
                        reader.read_exact(&mut payload).unwrap();
                        assert!(payload.ends_with(&[7]));
                    }
                })
            })
            .collect();
        for thread in reading {
            thread.join().unwrap();
        }
        let grown = (memory(server.id(), "VmHWM") - before) >> 10;
        assert!(grown <= 16 + 8, "{grown} MiB");
        for client in senders.iter().chain(&readers) {
            let _ = client.shutdown(std::net::Shutdown::Both);
        }
    });
}
