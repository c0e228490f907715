//! A long run under full load: connections that end in all possible ways. One server has a log, one
//! has none, and one has faults.
//!
//! `SOAK_SECONDS=600 cargo test --release --test it soak:: -- --ignored --nocapture`
#![cfg(target_os = "linux")]

use std::collections::VecDeque;
use std::fs;
use std::io::{self, BufRead as _, Read as _, Write as _};
use std::net::TcpStream;
use std::process::Child;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::net::sockopt::set_socket_linger;
use wsctl::ws::endpoint::{Endpoint, EndpointEvent};
use wsctl::ws::extension::DeflateParameters;
use wsctl::ws::handshake::ResponseHead;
use wsctl::ws::{CloseCode, InputBuf, MaskingKey, Opcode};

use crate::helpers::client::{REQUEST, frame};
use crate::helpers::run::memory;
use crate::helpers::server::{TIMEOUT, start_unread, url_in};

/// Faults, each with a probability that makes it occur at least once per minute.
const FAULTS: [&str; 14] = [
    "bad-accept%2",
    "glue%10",
    "delay=1%20",
    "split=7%3",
    "fragment=50%20",
    "mask%2",
    "rsv1%2",
    "bad-utf8%2",
    "long-length%20",
    "http%2",
    "wrong-pong%5",
    "no-close%5",
    "reset-after=5%5",
    "stall%2",
];

#[test]
#[ignore = "takes SOAK_SECONDS seconds, by default 600"]
fn memory_and_descriptors_stay_constant_and_each_byte_is_correct() {
    let seconds = std::env::var("SOAK_SECONDS").map_or(600, |text| text.parse().unwrap());
    let logging = ServerUnderLoad::start(&["--deflate", "--idle-timeout", "10s"]);
    let quiet = ServerUnderLoad::start(&["-q", "--deflate", "--idle-timeout", "10s"]);
    let wrong = FAULTS.iter().flat_map(|fault| ["--fault", fault]);
    let options = ["--idle-timeout", "2s", "--seed", "1"];
    let faulty = ServerUnderLoad::start(&options.into_iter().chain(wrong).collect::<Vec<_>>());
    let end = Instant::now() + Duration::from_secs(seconds);
    let count = Count::default();
    // The server ends the connections of clients that stay silent, after its idle time-out.
    let held: Vec<_> = thread::scope(|scope| {
        let clients = [(1, &logging), (2, &quiet), (3, &logging)].map(|(seed, server)| {
            let count = &count;
            scope.spawn(move || run_valid_clients(end, server, &mut Random(seed), count))
        });
        for seed in 11..=12 {
            let (faulty, count) = (&faulty, &count);
            scope
                .spawn(move || run_clients_of_faulty_server(end, faulty, &mut Random(seed), count));
        }
        let mut watched = [&logging, &quiet, &faulty].map(|server| (server, Vec::new()));
        while Instant::now() < end {
            thread::sleep(Duration::from_secs(1));
            for (server, samples) in &mut watched {
                samples.push(memory(server.process.id(), "VmRSS"));
            }
        }
        for (server, samples) in &watched {
            assert_constant(server, samples);
        }
        clients
            .into_iter()
            .flat_map(|client| client.join().unwrap())
            .collect()
    });
    print_figures(&format!("{count:?}"));
    for server in [&logging, &quiet, &faulty] {
        server.wait_until_released();
    }
    drop(held);
}

/// A server, and how many descriptors it had open before the first connection.
struct ServerUnderLoad {
    process: Child,
    address: String,
    descriptors: usize,
}

impl ServerUnderLoad {
    fn start(options: &[&str]) -> Self {
        let (process, greeting, mut log) = start_unread(options);
        // The log is read and discarded.
        thread::spawn(move || while log.skip_until(b'\n').is_ok_and(|size| size > 0) {});
        let address = url_in(&greeting)["ws://".len()..]
            .trim_end_matches('/')
            .to_owned();
        let descriptors = descriptors(process.id());
        Self {
            process,
            address,
            descriptors,
        }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(TIMEOUT)).unwrap();
        stream
    }

    /// Waits until it has as many descriptors open as at the start.
    fn wait_until_released(&self) {
        let end = Instant::now() + 3 * TIMEOUT;
        while descriptors(self.process.id()) != self.descriptors {
            assert!(
                Instant::now() < end,
                "{} open",
                descriptors(self.process.id())
            );
            thread::sleep(Duration::from_millis(100));
        }
        let rss = memory(self.process.id(), "VmRSS");
        print_figures(&format!(
            "{} descriptors as before, {rss} KiB at the end",
            self.descriptors
        ));
    }
}

impl Drop for ServerUnderLoad {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn descriptors(id: u32) -> usize {
    fs::read_dir(format!("/proc/{id}/fd")).unwrap().count()
}

/// Checks that the memory in the last quarter of the run is about that in the second quarter.
fn assert_constant(server: &ServerUnderLoad, samples: &[u64]) {
    const SLACK: u64 = 4 << 10;
    let quarter = samples.len() / 4;
    let most = |samples: &[u64]| samples.iter().copied().max().unwrap_or_default();
    let (early, late) = (&samples[quarter..2 * quarter], &samples[3 * quarter..]);
    let quarters = samples.chunks(quarter.max(1)).map(most).collect::<Vec<_>>();
    let peak = memory(server.process.id(), "VmHWM");
    print_figures(&format!(
        "KiB at most in each quarter: {quarters:?}, ever: {peak}"
    ));
    assert!(most(late) <= most(early) + most(early) / 10 + SLACK);
}

#[expect(clippy::print_stdout, reason = "the figures are the result of the run")]
fn print_figures(figures: &str) {
    println!("{figures}");
}

/// How much the clients did.
#[derive(Debug, Default)]
struct Count {
    connections: AtomicU64,
    messages: AtomicU64,
    bytes: AtomicU64,
    resets: AtomicU64,
    half_open: AtomicU64,
    faulty: AtomicU64,
}

fn add(counter: &AtomicU64, count: usize) {
    counter.fetch_add(count as u64, Ordering::Relaxed);
}

/// Pseudo-random numbers (Knuth's MMIX), the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    /// A message, usually small, sometimes larger than all buffers of the server.
    fn message(&mut self) -> (Opcode, Vec<u8>) {
        let most = [20, 200, 2_000, 20_000, 100_000][self.below(5)];
        let size = self.below(most);
        let opcode = [Opcode::TEXT, Opcode::BINARY, Opcode::PING][self.below(3)];
        let size = if opcode == Opcode::PING {
            size.min(125)
        } else {
            size
        };
        let letters = self.below(25) + 1;
        let letter = |_| b'a' + u8::try_from(self.below(letters)).unwrap();
        (opcode, (0..size).map(letter).collect())
    }
}

/// Runs connections one after the other until `end`; they end in different ways. Some are kept open
/// without further messages.
fn run_valid_clients(
    end: Instant,
    server: &ServerUnderLoad,
    random: &mut Random,
    count: &Count,
) -> VecDeque<TcpStream> {
    const HELD: usize = 20;
    let mut held = VecDeque::new();
    while Instant::now() < end {
        let mut client = EchoClient::open(server, random.below(2) == 1);
        add(&count.connections, 1);
        for _ in 0..random.below(40) {
            // This is not read by the server, so that it must fit into the socket buffers.
            for _ in 0..=random.below(4) {
                let (opcode, payload) = random.message();
                add(&count.messages, 1);
                add(&count.bytes, payload.len());
                client.send(opcode, payload);
            }
            client.read_all_echoes();
        }
        match random.below(5) {
            0 => drop(client),
            1 => {
                add(&count.resets, 1);
                let (opcode, payload) = random.message();
                client.send(opcode, payload);
                reset(&client.stream);
            }
            2 => {
                add(&count.half_open, 1);
                let mut stream = client.stream;
                stream.write_all(&[0x82, 0xfe, 0x40]).unwrap();
                held.push_back(stream);
                held.drain(..held.len().saturating_sub(HELD));
            }
            _ => client.close(),
        }
    }
    held
}

/// Makes the connection end with a TCP reset.
fn reset(stream: &TcpStream) {
    set_socket_linger(stream, Some(Duration::ZERO)).unwrap();
}

/// A client after its handshake, which checks that each message is echoed.
struct EchoClient {
    stream: TcpStream,
    endpoint: Endpoint,
    /// The messages and pings without an answer yet, oldest first.
    awaited: VecDeque<(Opcode, Vec<u8>)>,
}

impl EchoClient {
    fn open(server: &ServerUnderLoad, is_compressed: bool) -> Self {
        let mut stream = server.connect();
        let offer = "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n";
        let request = if is_compressed {
            REQUEST.replace("\r\n\r\n", offer)
        } else {
            REQUEST.to_owned()
        };
        stream.write_all(request.as_bytes()).unwrap();
        let head = read_head(&mut stream).unwrap();
        let negotiated = head.headers.first("Sec-WebSocket-Extensions");
        assert_eq!((head.status, negotiated.is_some()), (101, is_compressed));
        let mut key = 0_u32;
        let keys = move || {
            key = key.wrapping_add(0x9e37_79b9);
            MaskingKey(key.to_be_bytes())
        };
        let deflate = is_compressed.then(DeflateParameters::default);
        Self {
            stream,
            endpoint: Endpoint::client(1 << 20, deflate, keys),
            awaited: VecDeque::new(),
        }
    }

    fn send(&mut self, opcode: Opcode, payload: Vec<u8>) {
        if opcode == Opcode::PING {
            self.endpoint.sender.ping(&payload);
            self.awaited.push_back((Opcode::PONG, payload));
        } else {
            self.endpoint.sender.message(opcode, &payload);
            self.awaited.push_back((opcode, payload));
        }
        self.write();
    }

    fn write(&mut self) {
        let output = self.endpoint.sender.output();
        self.stream.write_all(output).unwrap();
        output.clear();
    }

    /// Reads until each message has its echo, in order.
    fn read_all_echoes(&mut self) {
        while !self.awaited.is_empty() {
            assert!(self.read_once(), "the server ended the connection");
        }
    }

    /// Reads the next bytes and handles them; false at the end of the stream.
    fn read_once(&mut self) -> bool {
        let mut bytes = [0; 16 * 1024];
        let size = self.stream.read(&mut bytes).unwrap();
        let mut unread = InputBuf::new(&mut bytes[..size]);
        let Endpoint { receiver, sender } = &mut self.endpoint;
        while let Some(event) = receiver.next(&mut unread) {
            sender.answer_control(&event);
            match event {
                EndpointEvent::Failure(failure) => panic!("{failure}"),
                EndpointEvent::Frame(frame) if frame.header.opcode == Opcode::CLOSE => {}
                EndpointEvent::Frame(frame) => {
                    let payload = frame
                        .message
                        .map_or(frame.payload, |message| message.payload);
                    let (opcode, awaited) = self.awaited.pop_front().unwrap();
                    assert_eq!(
                        (frame.header.opcode, payload.len()),
                        (opcode, awaited.len())
                    );
                    assert!(payload == awaited, "an echo differs from its message");
                }
            }
        }
        size > 0
    }

    /// Performs the closing handshake and waits until the server ends the connection.
    fn close(mut self) {
        self.endpoint
            .sender
            .close(Some(CloseCode::NORMAL_CLOSURE), "");
        self.write();
        while self.read_once() {}
        assert!(self.endpoint.is_finished());
    }
}

/// Reads the response to the request, and no byte after it.
fn read_head(stream: &mut TcpStream) -> io::Result<ResponseHead> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        bytes.extend(byte);
    }
    let head = ResponseHead::parse(&bytes).map_err(|fault| io::Error::other(fault.to_string()))?;
    Ok(head.unwrap().0)
}

/// Runs connections to the server with faults until `end`; the clients make mistakes too.
fn run_clients_of_faulty_server(
    end: Instant,
    server: &ServerUnderLoad,
    random: &mut Random,
    count: &Count,
) {
    while Instant::now() < end {
        add(&count.faulty, 1);
        // Errors are expected.
        let _ = run_faulty_connection(server, random);
    }
}

fn run_faulty_connection(server: &ServerUnderLoad, random: &mut Random) -> io::Result<()> {
    let mut stream = server.connect();
    stream.set_read_timeout(Some(Duration::from_millis(200)))?;
    if random.below(10) == 0 {
        return stream.write_all(&REQUEST.as_bytes()[..random.below(100)]);
    }
    stream.write_all(REQUEST.as_bytes())?;
    read_head(&mut stream)?;
    for _ in 0..random.below(20) {
        let (opcode, payload) = random.message();
        stream.write_all(&frame(0x80 | opcode.value(), &payload))?;
        let _ = stream.read(&mut [0; 16 * 1024])?;
    }
    if random.below(4) == 0 {
        reset(&stream);
        return Ok(());
    }
    stream.write_all(&frame(0x88, b"\x03\xe8"))?;
    stream.read_to_end(&mut Vec::new()).map(|_| ())
}
