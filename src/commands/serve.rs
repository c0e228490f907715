//! `wsctl serve`.

use std::io::{self, Write as _};
use std::time::SystemTime;

use super::screen::Screen;
use crate::cli::{LogFormat, ServeArgs};
use crate::diagnosis::{Finding, Place};
use crate::net::{Config, Happening, Journal, Server};
use crate::render::json::{self, Circumstance};
use crate::render::serve::{self as log, End, Stamp};
use crate::render::{Clock, Direction, Excerpt, ShownFrame, Style};
use crate::ws::{Message, Opcode};
use crate::{Error, Verdict};

pub(super) fn run(args: &ServeArgs, screen: &Screen) -> Result<Verdict, Error> {
    let place = format!("{}:{}", args.host, args.port);
    let config = Config {
        max_message: args.max_message,
        ..Config::default()
    };
    let cannot_listen = |error| Error::System(format!("listen on {place}"), error);
    let server = Server::bind(&args.host, args.port, config).map_err(cannot_listen)?;
    let url = server.url().map_err(cannot_listen)?;
    let (is_json, style) = (args.format == LogFormat::Json, screen.style());
    let start = || {
        let stop = stop()?;
        let mut hello = Vec::new();
        if is_json {
            json::push_listening(&mut hello, &url);
        } else {
            log::push_listening(&mut hello, style, &url);
        }
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
    let journal = (!is_quiet).then(|| journal(args, style));
    server
        .run(journal, io::stdout(), start, farewell)
        .map_err(|error| Error::System("start the server".to_owned(), error))?;
    Ok(Verdict::Clean)
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

fn journal(args: &ServeArgs, style: Style) -> Box<dyn Journal> {
    match args.format {
        LogFormat::Json => Box::new(JsonLog {
            limit: if args.full { usize::MAX } else { JSON_LIMIT },
        }),
        LogFormat::Frames => Box::new(TextLog {
            clock: Clock::local(),
            style,
            all_headers: args.verbose,
            full: args.full,
        }),
    }
}

/// The log as lines for a person.
struct TextLog {
    clock: Clock,
    style: Style,
    all_headers: bool,
    full: bool,
}

impl Journal for TextLog {
    fn record(
        &self,
        moment: SystemTime,
        connection: u64,
        happening: &Happening<'_>,
        out: &mut Vec<u8>,
    ) {
        let time = self.clock.time_of_day(moment);
        let stamp = Stamp {
            time: &time,
            connection,
        };
        let style = self.style;
        match happening {
            Happening::Answered {
                peer,
                asked,
                response,
            } => {
                let peer = peer.to_string();
                let all = self.all_headers;
                log::push_handshake(out, style, stamp, &peer, *asked, response, all);
            }
            Happening::Received {
                header,
                payload,
                is_text,
            } => {
                let payload = Excerpt::whole(payload);
                let shown = ShownFrame {
                    header,
                    payload,
                    is_text: *is_text,
                    full: self.full,
                };
                log::push_frame(out, style, stamp, Direction::Incoming, &shown);
            }
            Happening::Sent { header, payload } => {
                let payload = Excerpt::whole(payload);
                let is_text = header.opcode == Opcode::TEXT;
                let shown = ShownFrame {
                    header,
                    payload,
                    is_text,
                    full: self.full,
                };
                log::push_frame(out, style, stamp, Direction::Outgoing, &shown);
            }
            Happening::Message(_) => {}
            Happening::Ended { .. } => {
                if let Some(end) = end_of(happening) {
                    log::push_end(out, style, stamp, &end);
                }
            }
            _ => {
                if let Some(finding) = finding_of(happening) {
                    log::push_finding(out, style, stamp, &finding);
                }
            }
        }
    }
}

/// The log as JSON for a program.
struct JsonLog {
    /// How many octets of a payload are shown.
    limit: usize,
}

/// Unless all is asked for: writing tens of MiB takes its time, in which others wait.
const JSON_LIMIT: usize = 256 << 10;

impl Journal for JsonLog {
    fn record(
        &self,
        moment: SystemTime,
        connection: u64,
        happening: &Happening<'_>,
        out: &mut Vec<u8>,
    ) {
        let circumstance = Circumstance::live(moment, connection);
        let mut push_frame = |direction, header, payload, is_text| {
            let circumstance = circumstance.clone().going(direction);
            let payload = Excerpt::beginning(payload, self.limit);
            let shown = ShownFrame {
                header,
                payload,
                is_text,
                full: true,
            };
            json::push_frame(out, &circumstance, None, None, &shown);
        };
        match happening {
            Happening::Received {
                header,
                payload,
                is_text,
            } => {
                push_frame(Direction::Incoming, header, payload, *is_text);
            }
            Happening::Sent { header, payload } => {
                push_frame(
                    Direction::Outgoing,
                    header,
                    payload,
                    header.opcode == Opcode::TEXT,
                );
            }
            Happening::Answered {
                peer,
                asked,
                response,
            } => {
                let peer = peer.to_string();
                json::push_handshake(out, &circumstance, &peer, *asked, response);
            }
            Happening::Message(message) => {
                let circumstance = circumstance.going(Direction::Incoming);
                let payload = message.payload.get(..self.limit).unwrap_or(message.payload);
                json::push_message(
                    out,
                    &circumstance,
                    &Message {
                        payload,
                        ..**message
                    },
                );
            }
            Happening::Ended { .. } => {
                if let Some(end) = end_of(happening) {
                    json::push_closed(out, &circumstance, &end);
                }
            }
            _ => {
                if let Some(finding) = finding_of(happening) {
                    json::push_finding(out, &circumstance, &finding);
                }
            }
        }
    }
}

fn finding_of(happening: &Happening<'_>) -> Option<Finding> {
    match happening {
        Happening::RequestFault(fault) => Some((*fault).into()),
        Happening::Failure(failure) => Some((*failure).into()),
        Happening::Cut(cut, frame) => Some(Finding::of_cut(cut, *frame)),
        Happening::MessageCut(frame, offset) => {
            let place = Place {
                frame: *frame,
                offset: *offset,
                length: 0,
            };
            Some(Finding::of_open_message(place))
        }
        _ => None,
    }
}

fn end_of<'a>(happening: &Happening<'a>) -> Option<End<'a>> {
    match *happening {
        Happening::Ended {
            ending,
            close,
            duration,
            frames_in,
            frames_out,
        } => Some(End {
            ending,
            close,
            duration,
            frames_in,
            frames_out,
        }),
        _ => None,
    }
}
