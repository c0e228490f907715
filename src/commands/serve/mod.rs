//! `wsctl serve`.

mod journal;
mod secret;

use std::io::{self, Write as _};

use super::deflate;
use super::screen::Screen;
use crate::cli::{LogFormat, ServeArgs};
use crate::net::{Config, Server};
use crate::render::serve::{self as log, Certificate, Whereabouts};
use crate::render::{json, web};
use crate::ws::handshake::{Abilities, is_token_word};
use crate::{Error, Verdict};

pub(super) fn run(args: &ServeArgs, screen: &Screen) -> Result<Verdict, Error> {
    let place = format!("{}:{}", args.host, args.port);
    let config = Config {
        max_message: args.max_message,
        abilities: abilities(args)?,
        page: (!args.no_page).then(web::page),
        tls: secret::of(args)?,
        ..Config::default()
    };
    let fingerprint = config.tls.as_ref().map(|tls| tls.fingerprint().to_owned());
    let cannot_listen = |error| Error::System(format!("listen on {place}"), error);
    let server = Server::bind(&args.host, args.port, config).map_err(cannot_listen)?;
    let url = server.url().map_err(cannot_listen)?;
    let (is_json, style) = (args.format == LogFormat::Json, screen.style());
    let hello = greeting(args, screen, &url, fingerprint.as_deref());
    let start = || {
        let stop = stop()?;
        // The reader of the log may be gone already; clients are still served.
        let _ = io::stdout()
            .write_all(&hello)
            .and_then(|()| io::stdout().flush());
        Ok(stop)
    };
    let (is_quiet, to_terminal) = (screen.is_quiet(), screen.is_terminal());
    let farewell = |connections| {
        let mut out = Vec::new();
        match (is_quiet, is_json) {
            (true, _) => {}
            (false, true) => json::push_stopped(&mut out, connections),
            (false, false) => log::push_goodbye(&mut out, connections, to_terminal),
        }
        out
    };
    let journal = (!is_quiet).then(|| journal::of(args, style));
    server
        .run(journal, io::stdout(), start, farewell)
        .map_err(|error| Error::System("start the server".to_owned(), error))?;
    Ok(Verdict::Clean)
}

/// What is said when clients may come: where to, and what they may trust.
fn greeting(args: &ServeArgs, screen: &Screen, url: &str, fingerprint: Option<&str>) -> Vec<u8> {
    let page = (!args.no_page && !screen.is_quiet()).then(|| url.replacen("ws", "http", 1));
    let file = args.cert.as_ref().map(|file| file.display().to_string());
    let certificate = fingerprint.map(|fingerprint| Certificate {
        file: file.as_deref(),
        fingerprint,
    });
    let whereabouts = Whereabouts {
        url,
        page: page.as_deref(),
        certificate,
    };
    let mut hello = Vec::new();
    if args.format == LogFormat::Json {
        json::push_listening(&mut hello, whereabouts);
    } else {
        log::push_listening(&mut hello, screen.style(), whereabouts);
    }
    hello
}

fn abilities(args: &ServeArgs) -> Result<Abilities, Error> {
    if let Some(name) = args.subprotocol.iter().find(|name| !is_token_word(name)) {
        let why = format!("--subprotocol: `{name}` is no token, as a header needs it");
        return Err(Error::Usage(why));
    }
    let deflate = args.deflate.as_deref().map(deflate::parameters);
    Ok(Abilities {
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
