//! The load: one thread drives all connections.
//!
//! Each connection writes its batch of messages at once, waits for all echoes, and starts again.
//! The time from the start of a batch to its last echo counts as the latency of each of its
//! messages.

use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

use super::client::Client;
use super::common::Fallible;
use super::handshake;
use super::messages;
use super::programs::Workload;
use super::scenarios::Scenario;
use super::server::Server;

/// The result of a measurement.
pub(crate) struct LoadResult {
    pub(crate) messages_per_second: f64,
    /// The median latency.
    pub(crate) p50: Duration,
    /// The latency that 99 % of the messages do not exceed.
    pub(crate) p99: Duration,
}

/// The extension offer of the workload `deflate`. The client compresses without context
/// takeover, so that it can send the same frames again.
const OFFER: &str = "permessage-deflate; client_no_context_takeover";

/// Puts a server under load for `time`, after a warm-up of a tenth of that, and of 100 ms at
/// least.
///
/// # Errors
///
/// A connection that fails, or an echo that differs from its message.
pub(crate) fn run(server: &Server, scenario: &Scenario, time: Duration) -> Fallible<LoadResult> {
    let batches = messages::batches(scenario)?;
    let is_compressed = scenario.workload == Workload::Deflate;
    let mut poll = Poll::new()?;
    let mut clients = Vec::new();
    let offer = if is_compressed { OFFER } else { "" };
    for (number, batch) in batches
        .iter()
        .cycle()
        .take(scenario.connections)
        .enumerate()
    {
        let stream = handshake::open(server.address, offer)?;
        stream.set_nonblocking(true)?;
        let mut stream = TcpStream::from_std(stream);
        let interest = Interest::READABLE | Interest::WRITABLE;
        poll.registry()
            .register(&mut stream, Token(number), interest)?;
        clients.push(Client::new(stream, batch, is_compressed));
    }
    for client in &mut clients {
        client.start_batch()?;
    }
    let warm_up_end = Instant::now() + (time / 10).max(Duration::from_millis(100));
    let mut latencies = Vec::new();
    let end = drive(&mut poll, &mut clients, warm_up_end + time, |start, end| {
        if end >= warm_up_end {
            latencies.push(end - start);
        }
    })?;
    summarize(latencies, scenario.in_flight, end - warm_up_end)
}

/// Drives the clients until the deadline, and returns when they stopped. Calls `on_batch` with
/// the start and the end of each batch.
fn drive(
    poll: &mut Poll,
    clients: &mut [Client<'_>],
    deadline: Instant,
    mut on_batch: impl FnMut(Instant, Instant),
) -> Fallible<Instant> {
    let mut events = Events::with_capacity(1024);
    let mut buffer = vec![0; 1 << 18];
    loop {
        poll.poll(&mut events, Some(Duration::from_secs(5)))?;
        if events.is_empty() {
            return Err("no event for five seconds".into());
        }
        for event in &events {
            let Some(client) = clients.get_mut(event.token().0) else {
                continue;
            };
            if event.is_writable() {
                client.write()?;
            }
            if event.is_readable() {
                client.read(&mut buffer, &mut on_batch)?;
            }
        }
        let now = Instant::now();
        if now >= deadline {
            return Ok(now);
        }
    }
}

/// Computes the result from the latency of each batch; `time` is how long they took together.
fn summarize(
    mut latencies: Vec<Duration>,
    in_flight: usize,
    time: Duration,
) -> Fallible<LoadResult> {
    latencies.sort_unstable();
    let batches = latencies.len();
    let at = |index: usize| {
        let latency = latencies.get(index).copied();
        latency.ok_or("no batch was completed in time")
    };
    let messages = u32::try_from(batches * in_flight)?;
    Ok(LoadResult {
        messages_per_second: f64::from(messages) / time.as_secs_f64(),
        p50: at(batches / 2)?,
        p99: at(batches * 99 / 100)?,
    })
}
