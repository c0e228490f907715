//! One connection of a case: dialled, or opened by a client program.

use std::time::Duration;

use tokio::process::Child;
use tokio::time::timeout;

use crate::Error;
use crate::check::{
    Case, CheckedCase, Expect, Observation, Probe, ProbeOptions, RequestBase, Timing, Verdict,
};
use crate::net::dial::{DialError, DialOptions, Target, dial};
use crate::net::{NotConnected, Transport, run_probe, start_client};
use crate::ws::Role;

/// What all connections of a run share.
#[derive(Clone, Debug)]
pub(in crate::commands::check) struct Settings {
    pub(in crate::commands::check) peer: Peer,
    pub(in crate::commands::check) base: RequestBase,
    pub(in crate::commands::check) server_closes: Option<String>,
    pub(in crate::commands::check) case_timeout: Duration,
    pub(in crate::commands::check) slow_head: Option<Duration>,
    /// Whether the peer answers pings, which the first case finds out.
    pub(in crate::commands::check) answers_pings: bool,
    pub(in crate::commands::check) limits: bool,
    pub(in crate::commands::check) strict: bool,
    pub(in crate::commands::check) jobs: usize,
}

/// What is checked.
#[derive(Clone, Debug)]
pub(in crate::commands::check) enum Peer {
    /// A server, which is dialled.
    Server(Box<(Target, DialOptions)>),
    /// A client: the command that runs it.
    Client(String),
}

impl Peer {
    pub(super) const fn role(&self) -> Role {
        match self {
            Self::Server(_) => Role::Server,
            Self::Client(_) => Role::Client,
        }
    }
}

/// Why a run could not begin.
pub(in crate::commands::check) enum CannotRun {
    /// No connection.
    Dial(DialError),
    /// No connection of the client program; why.
    Program(String),
    /// The sanity case failed.
    SanityFailed(Box<CheckedCase>),
    /// The system.
    Other(Error),
}

/// One of the connections of a case.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct CaseConnectionInfo<'a> {
    pub(super) number: usize,
    /// Whether no other connection is open.
    pub(super) is_alone: bool,
    /// The keys of the connections before, of a client.
    pub(super) keys: &'a [String],
}

/// Opens a connection. The program of a client is killed when it is dropped.
async fn open(peer: &Peer, start: Duration) -> Result<(Transport, Option<Child>), CannotRun> {
    match peer {
        Peer::Server(server) => {
            let dialed = dial(&server.0, &server.1).await.map_err(CannotRun::Dial)?;
            Ok((dialed.transport, None))
        }
        Peer::Client(command) => match start_client(command, start).await {
            Ok((transport, program)) => Ok((transport, Some(program))),
            Err(NotConnected::Program(why)) => Err(CannotRun::Program(why)),
            Err(NotConnected::System(what, error)) => {
                Err(CannotRun::Other(Error::System(what.to_owned(), error)))
            }
        },
    }
}

pub(super) async fn connect(
    settings: &Settings,
    timing: Timing,
    case: &Case,
    place: CaseConnectionInfo<'_>,
) -> Result<Observation, CannotRun> {
    let (mut transport, _program) = open(&settings.peer, timing.start).await?;
    let probe = probe(settings, timing, case, place);
    Ok(run_probe(&mut transport, probe).await)
}

/// Whether the peer answers the sanity case while another connection is open. A server that handles
/// one connection after the other does not. One that takes longer than a silence counts as such.
///
/// # Errors
///
/// [`CannotRun`] if the first of the two connections cannot be opened.
pub(super) async fn answers_beside(
    settings: &Settings,
    timing: Timing,
    sanity: &Case,
) -> Result<bool, CannotRun> {
    let (mut transport, _program) = open(&settings.peer, timing.start).await?;
    let held_case = held_open(sanity);
    let place = CaseConnectionInfo::default();
    let held = probe(settings, timing.patient(), &held_case, place);
    let held = run_probe(&mut transport, held);
    let second = timeout(timing.silence, connect(settings, timing, sanity, place));
    tokio::pin!(second);
    let second = tokio::select! {
        biased;
        second = &mut second => second,
        _ = held => second.await,
    };
    Ok(matches!(second, Ok(Ok(observed)) if observed.verdict == Verdict::Passed))
}

/// The sanity case, with a wait for a pong that does not come: its connection stays open.
fn held_open(sanity: &Case) -> Case {
    sanity.clone().expect(Expect::Pong(b"never sent".to_vec()))
}

fn probe<'a>(
    settings: &'a Settings,
    timing: Timing,
    case: &'a Case,
    place: CaseConnectionInfo<'a>,
) -> Probe<'a> {
    let options = ProbeOptions {
        own: settings.peer.role().peer(),
        base: &settings.base,
        keys_before: place.keys,
        timing,
        server_closes: settings.server_closes.as_deref(),
        number: place.number,
        answers_pings: settings.answers_pings,
        is_alone: place.is_alone,
        closes: false,
    };
    Probe::new(case, options, std::time::Instant::now())
}
