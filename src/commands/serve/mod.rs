//! `wsctl serve`: configures the server of `net`, its log and its record, and runs it.

mod certificate;
mod output;
mod record;

use std::io::{self, Write as _};
use std::net::IpAddr;

use self::output::ServeOutput;
use super::console::Console;
use super::deflate;
use super::live_log::{self, LogOptions, LoggedEvents};
use super::stop;
use crate::cli::{LogFormat, ServeArgs};
use crate::net::{Config, ReplyPolicy, Server};
use crate::render::live_log::{Certificate, ListenAddress, push_listening_line, push_stopped_line};
use crate::render::{json, talk_page};
use crate::reply::Recipients;
use crate::ws::Role;
use crate::ws::handshake::{AdmissionPolicy, ServerSupport, is_token_word};
use crate::{Error, Outcome};

/// Runs the server until Ctrl-C or SIGTERM.
pub(super) fn run(args: &ServeArgs, console: &mut Console) -> Result<Outcome, Error> {
    let config = config(args)?;
    let seed = config.seed;
    let fingerprint = config.tls.as_ref().map(|tls| tls.fingerprint().to_owned());
    let mut server = bind(args, config)?;
    let url = server.url().map_err(|error| cannot_listen(args, error))?;
    if let Some(path) = &args.record {
        let address = ListenAddress {
            url: &url,
            page: None,
            certificate: None,
        };
        server = server.recording(record::to(path, address, console)?);
    }
    warn_of_other_machines(args, console);
    if let Some(notice) = super::faults::seed_notice(&args.fault, args.seed, seed) {
        console.notice(&notice);
    }
    let listening_line = listening_line(args, console, &url, fingerprint.as_deref());
    let output = ServeOutput::default();
    let mut first = output.clone();
    let start = || {
        let stop = stop::signal()?;
        // The server also serves clients if the log cannot be written.
        let _ = first
            .write_all(&listening_line)
            .and_then(|()| first.flush());
        Ok(stop)
    };
    let (log, _) = live_log::new(log_options(args, console));
    let last_line = |connections| stopped_line(args, console, connections);
    server
        .run(log, output, start, last_line)
        .map_err(|error| Error::System("start the server".to_owned(), error))?;
    Ok(Outcome::Clean)
}

/// What is logged, and how.
fn log_options(args: &ServeArgs, console: &Console) -> LogOptions {
    LogOptions {
        local: Role::Server,
        format: (!console.is_quiet()).then_some(args.chosen_format()),
        events: LoggedEvents::All,
        messages: None,
        is_recorded: args.record.is_some(),
        style: console.style(),
        width: console.width(),
        full: args.full,
        all_headers: args.verbose,
        shows_secrets: true,
    }
}

/// The last line of the log: how many connections were open. Empty with `-q`.
fn stopped_line(args: &ServeArgs, console: &Console, connections: usize) -> Vec<u8> {
    let mut line = Vec::new();
    match (console.is_quiet(), args.chosen_format()) {
        (true, _) => {}
        (false, LogFormat::Json) => json::push_stopped(&mut line, connections),
        (false, LogFormat::Frames) => {
            push_stopped_line(&mut line, connections, console.is_terminal());
        }
    }
    line
}

/// The first line of the log: the address, and the certificate that clients may trust.
fn listening_line(
    args: &ServeArgs,
    console: &Console,
    url: &str,
    fingerprint: Option<&str>,
) -> Vec<u8> {
    let page = (!args.no_page && !console.is_quiet()).then(|| url.replacen("ws", "http", 1));
    let file = args.cert.as_ref().map(|file| file.display().to_string());
    let address = ListenAddress {
        url,
        page: page.as_deref(),
        certificate: fingerprint.map(|fingerprint| Certificate {
            file: file.as_deref(),
            fingerprint,
        }),
    };
    let mut line = Vec::new();
    if args.chosen_format() == LogFormat::Json {
        json::push_listening(&mut line, address);
    } else {
        push_listening_line(&mut line, console.style(), address);
    }
    line
}

/// What the server replies, and to which connections.
fn replies(args: &ServeArgs) -> Result<ReplyPolicy, Error> {
    if args.addressee_field.is_some() && args.to != Recipients::Addressee {
        let why = "--addressee-field is for --to addressee, which was not asked for";
        return Err(Error::Usage(why.to_owned()));
    }
    let default = ReplyPolicy::default();
    Ok(ReplyPolicy {
        to: args.to,
        reply: args.reply.clone(),
        recipient_fields: args
            .addressee_field
            .as_ref()
            .map_or(default.recipient_fields, |field| vec![field.clone()]),
        exec: args.exec.clone(),
        ..default
    })
}

fn config(args: &ServeArgs) -> Result<Config, Error> {
    super::faults::check(&args.fault, args.deflate.is_some())?;
    let seed = super::faults::seed(&args.fault, args.seed)?;
    Ok(Config {
        max_message: args.max_message,
        replies: replies(args)?,
        page: (!args.no_page).then(talk_page::page),
        tls: certificate::of(args)?,
        server_support: server_support(args)?,
        faults: args.fault.clone(),
        seed,
        admission: admission(args),
        max_connections: args.max_connections,
        ping_interval: args.ping_interval,
        idle_timeout: args.idle_timeout,
        ..Config::default()
    })
}

/// Which pages are admitted. Where a page could see what others send, or what the program or the
/// file of the user gets, foreign pages are refused.
fn admission(args: &ServeArgs) -> AdmissionPolicy {
    let reaches_others = matches!(
        args.to,
        Recipients::Others | Recipients::All | Recipients::Addressee
    );
    AdmissionPolicy {
        own_host: args.host.clone(),
        origins: args.origin.clone(),
        refuses_foreign: reaches_others || args.exec.is_some() || args.record.is_some(),
    }
}

fn bind(args: &ServeArgs, config: Config) -> Result<Server, Error> {
    Server::bind(&args.host, args.chosen_port(), config).map_err(|error| cannot_listen(args, error))
}

fn cannot_listen(args: &ServeArgs, error: io::Error) -> Error {
    let (host, port) = (&args.host, args.chosen_port());
    if error.kind() == io::ErrorKind::AddrInUse {
        return Error::Usage(format!(
            "cannot listen on {host}:{port}: another program uses the port; end it, or choose \
             another port (--port 0 chooses a free one)"
        ));
    }
    Error::System(format!("listen on {host}:{port}"), error)
}

/// Warns if other machines can connect.
fn warn_of_other_machines(args: &ServeArgs, console: &mut Console) {
    let host = &args.host;
    let address: Option<IpAddr> = host.parse().ok();
    let is_private = address.map_or(host == "localhost", |address| address.is_loopback());
    if !is_private {
        let whose = match address {
            Some(address) if address.is_unspecified() => "on all networks of this machine",
            _ => "that reach this address",
        };
        console.notice(&format!(
            "listening on {host}: machines {whose} can connect"
        ));
    }
}

/// The subprotocols and the compression that the server supports.
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
