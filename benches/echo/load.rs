//! The load: turns on many connections at once, from one thread that never waits for one
//! of them.
//!
//! A turn writes all the messages in flight at once, and ends when all their echoes are
//! there; the next one begins at once. Its time is the latency of each of its messages.

use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

use super::Fallible;
use super::client::Client;
use super::opening;
use super::rows::{Duty, Row};
use super::script;
use super::server::Server;

/// What a server did under load.
pub(crate) struct Load {
    /// Messages a second.
    pub(crate) rate: f64,
    /// The latency that half of the messages kept.
    pub(crate) middle: Duration,
    /// The latency that 99 of 100 messages kept.
    pub(crate) worst_of_100: Duration,
}

/// What this client offers if messages are to be compressed: it forgets each of them, so
/// that it can send them again.
const OFFER: &str = "permessage-deflate; client_no_context_takeover";

/// Loads a server for so long, behind a warm-up of a tenth of a second at least.
///
/// # Errors
///
/// A connection that fails, or an echo that is not what was sent.
pub(crate) fn run(server: &Server, row: &Row, time: Duration) -> Fallible<Load> {
    let scripts = script::scripts(row)?;
    let is_compressed = row.duty == Duty::Deflate;
    let mut poll = Poll::new()?;
    let mut clients = Vec::new();
    let offer = if is_compressed { OFFER } else { "" };
    for (number, script) in scripts.iter().cycle().take(row.connections).enumerate() {
        let stream = opening::open(server.address, offer)?;
        stream.set_nonblocking(true)?;
        let mut stream = TcpStream::from_std(stream);
        let interest = Interest::READABLE | Interest::WRITABLE;
        poll.registry()
            .register(&mut stream, Token(number), interest)?;
        clients.push(Client::new(stream, script, is_compressed));
    }
    for client in &mut clients {
        client.begin()?;
    }
    let warm = Instant::now() + (time / 10).max(Duration::from_millis(100));
    let mut times = Times::default();
    let end = turn(&mut poll, &mut clients, warm + time, |began, ended| {
        if ended >= warm {
            times.0.push(ended - began);
        }
    })?;
    times.load(row.in_flight, end - warm)
}

/// Lets the clients take their turns until the deadline, and says when they stopped.
fn turn(
    poll: &mut Poll,
    clients: &mut [Client<'_>],
    deadline: Instant,
    mut done: impl FnMut(Instant, Instant),
) -> Fallible<Instant> {
    let mut events = Events::with_capacity(1024);
    let mut buffer = vec![0; 1 << 18];
    loop {
        poll.poll(&mut events, Some(Duration::from_secs(5)))?;
        if events.is_empty() {
            return Err("nothing came for five seconds".into());
        }
        for event in &events {
            let Some(client) = clients.get_mut(event.token().0) else {
                continue;
            };
            if event.is_writable() {
                client.write()?;
            }
            if event.is_readable() {
                client.read(&mut buffer, &mut done)?;
            }
        }
        let now = Instant::now();
        if now >= deadline {
            return Ok(now);
        }
    }
}

/// How long the turns took.
#[derive(Default)]
struct Times(Vec<Duration>);

impl Times {
    fn load(mut self, in_flight: usize, time: Duration) -> Fallible<Load> {
        self.0.sort_unstable();
        let turns = self.0.len();
        let at = |place: usize| {
            self.0
                .get(place)
                .copied()
                .ok_or("not one turn ended in time")
        };
        let messages = u32::try_from(turns * in_flight)?;
        Ok(Load {
            rate: f64::from(messages) / time.as_secs_f64(),
            middle: at(turns / 2)?,
            worst_of_100: at(turns * 99 / 100)?,
        })
    }
}
