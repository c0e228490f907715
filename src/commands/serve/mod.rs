//! `wsctl serve`.

mod journal;
mod output;
mod record;
mod secret;

use std::io::{self, Write as _};
use std::net::IpAddr;

use self::output::Output;
use super::console::Console;
use super::deflate;
use crate::cli::{LogFormat, ServeArgs};
use crate::net::{Config, ReplyPolicy, Server};
use crate::render::serve::{self as log, Certificate, ListenAddress};
use crate::render::{json, web};
use crate::reply::Recipients;
use crate::ws::fault::InjectedFault;
use crate::ws::handshake::{ServerSupport, is_token_word};
use crate::{Error, Outcome};

pub(super) fn run(args: &ServeArgs, console: &mut Console) -> Result<Outcome, Error> {
    let config = config(args)?;
    let seed = config.seed;
    let fingerprint = config.tls.as_ref().map(|tls| tls.fingerprint().to_owned());
    let mut server = bind(args, config)?;
    let url = server.url().map_err(|error| cannot_listen(args, error))?;
    if let Some(path) = &args.record {
        let whereabouts = ListenAddress {
            url: &url,
            page: None,
            certificate: None,
        };
        server = server.recording(record::to(path, whereabouts, console)?);
    }
    warn_of_strangers(args, console);
    let (is_json, style) = (args.chosen_format() == LogFormat::Json, console.style());
    let hello = greeting(args, console, &url, fingerprint.as_deref());
    let output = Output::default();
    let mut first = output.clone();
    let start = || {
        let stop = stop()?;
        // A log that cannot be written ends nothing: clients are still served.
        let _ = first.write_all(&hello).and_then(|()| first.flush());
        Ok(stop)
    };
    if args.seed.is_none() && args.fault.iter().any(InjectedFault::is_random) {
        console.notice(&format!(
            "--seed {seed} makes the choices of the faults again"
        ));
    }
    let (is_quiet, to_terminal) = (console.is_quiet(), console.is_terminal());
    let farewell = |connections| {
        let mut out = Vec::new();
        match (is_quiet, is_json) {
            (true, _) => {}
            (false, true) => json::push_stopped(&mut out, connections),
            (false, false) => log::push_goodbye(&mut out, connections, to_terminal),
        }
        out
    };
    let journal = journal::of(args, style, is_quiet);
    server
        .run(journal, output, start, farewell)
        .map_err(|error| Error::System("start the server".to_owned(), error))?;
    Ok(Outcome::Clean)
}

/// What is said when clients may come: where to, and what they may trust.
fn greeting(args: &ServeArgs, console: &Console, url: &str, fingerprint: Option<&str>) -> Vec<u8> {
    let page = (!args.no_page && !console.is_quiet()).then(|| url.replacen("ws", "http", 1));
    let file = args.cert.as_ref().map(|file| file.display().to_string());
    let whereabouts = ListenAddress {
        url,
        page: page.as_deref(),
        certificate: fingerprint.map(|fingerprint| Certificate {
            file: file.as_deref(),
            fingerprint,
        }),
    };
    let mut hello = Vec::new();
    if args.chosen_format() == LogFormat::Json {
        json::push_listening(&mut hello, whereabouts);
    } else {
        log::push_listening(&mut hello, console.style(), whereabouts);
    }
    hello
}

/// The replies, and their recipients.
fn replies(args: &ServeArgs) -> Result<ReplyPolicy, Error> {
    if args.addressee_field.is_some() && args.to != Recipients::Addressee {
        let why = "--addressee-field is for --to addressee, which was not asked for";
        return Err(Error::Usage(why.to_owned()));
    }
    let plain = ReplyPolicy::default();
    Ok(ReplyPolicy {
        to: args.to,
        reply: args.reply.clone(),
        recipient_fields: args
            .addressee_field
            .as_ref()
            .map_or(plain.recipient_fields, |field| vec![field.clone()]),
        exec: args.exec.clone(),
        ..plain
    })
}

fn config(args: &ServeArgs) -> Result<Config, Error> {
    let seed = match args.seed {
        Some(seed) => seed,
        None if args.fault.is_empty() => 0,
        None => random_seed()?,
    };
    Ok(Config {
        max_message: args.max_message,
        replies: replies(args)?,
        page: (!args.no_page).then(web::page),
        tls: secret::of(args)?,
        server_support: server_support(args)?,
        faults: args.fault.clone(),
        seed,
        origins: args.origin.clone(),
        max_connections: args.max_connections,
        ping_interval: args.ping_interval,
        idle_timeout: args.idle_timeout,
        ..Config::default()
    })
}

/// A seed that is short enough to be typed again.
fn random_seed() -> Result<u64, Error> {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::Usage(format!("cannot make a random seed: {error}")))?;
    Ok(u32::from_be_bytes(bytes).into())
}

fn bind(args: &ServeArgs, config: Config) -> Result<Server, Error> {
    Server::bind(&args.host, args.chosen_port(), config).map_err(|error| cannot_listen(args, error))
}

fn cannot_listen(args: &ServeArgs, error: io::Error) -> Error {
    let (host, port) = (&args.host, args.chosen_port());
    if error.kind() == io::ErrorKind::AddrInUse {
        return Error::Usage(format!(
            "cannot listen on {host}:{port}: another program has the port; end that, or take \
             another port (--port 0 finds a free one)"
        ));
    }
    Error::System(format!("listen on {host}:{port}"), error)
}

/// What it means to listen where others can come from.
fn warn_of_strangers(args: &ServeArgs, console: &mut Console) {
    let host = &args.host;
    let address: Option<IpAddr> = host.parse().ok();
    let is_private = address.map_or(host == "localhost", |address| address.is_loopback());
    if !is_private {
        let whose = match address {
            Some(address) if address.is_unspecified() => "on any network of this machine",
            _ => "who reaches that address",
        };
        console.notice(&format!(
            "listening on {host}: everyone {whose} can connect, and is in this log"
        ));
    }
}

/// What it agrees to.
fn server_support(args: &ServeArgs) -> Result<ServerSupport, Error> {
    if let Some(name) = args.subprotocol.iter().find(|name| !is_token_word(name)) {
        let why = format!("--subprotocol: `{name}` is not a token, as a header needs it");
        return Err(Error::Usage(why));
    }
    let deflate = args.deflate.as_deref().map(deflate::parameters);
    Ok(ServerSupport {
        subprotocols: args.subprotocol.clone(),
        deflate: deflate.transpose()?,
    })
}

/// Done when the user, or the system, wants the server to stop. That is heard from now on,
/// before anybody is told that the server is ready.
#[cfg(unix)]
fn stop() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Done when the user wants the server to stop.
#[cfg(not(unix))]
fn stop() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
