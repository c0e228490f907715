//! Findings that time or the end of a connection shows: pings without pongs, an idle
//! connection, a missing close frame.

use std::time::Duration;

use crate::diagnosis::{Finding, catalogue};
use crate::render::words::hex;
use crate::ws::Role;
use crate::ws::session::PingError;

/// A ping without a pong, or a pong with another payload.
pub(super) fn of_ping(error: &PingError) -> Finding {
    match error {
        PingError::Unanswered(ping, waited) => {
            let ping = hex(ping);
            let waited = seconds(*waited);
            Finding::new(
                &catalogue::PING_WITHOUT_PONG,
                format!("the ping {ping} has no pong after {waited}"),
            )
        }
        PingError::Mismatched(ping, answer) => {
            let finding = Finding::new(
                &catalogue::PONG_WRONG_PAYLOAD,
                format!(
                    "the ping {} got a pong with {}",
                    hex(ping),
                    payload_words(answer)
                ),
            );
            let is_through_text = answer.windows(3).any(|three| three == b"\xef\xbf\xbd");
            match answer.as_slice() {
                [] => finding.certain_cause("the pong is sent empty"),
                _ if is_through_text => {
                    finding.certain_cause("the payload went through a text: ff became ef bf bd")
                }
                _ => finding,
            }
        }
    }
}

/// Nothing was received for the idle time-out.
pub(super) fn of_idle(time: Duration) -> Finding {
    let message = format!("nothing was received for {}", seconds(time));
    Finding::new(&catalogue::IDLE_TIMEOUT, message)
        .certain_cause("`--idle-timeout` ends such a connection here, as proxies do")
        .fixed_by("ping every 20 to 30 seconds, or let the server ping: `--ping-interval`")
}

/// The connection ended without a close frame from the peer of `local`.
pub(super) fn of_missing_close(local: Role, is_answer: bool, has_disconnected: bool) -> Finding {
    let message = if is_answer {
        format!("the {local}'s close frame was not answered")
    } else {
        "the connection ended without a close frame".to_owned()
    };
    let finding = Finding::new(&catalogue::CLOSE_NOT_COMPLETED, message);
    if is_answer {
        return finding.possible_cause(if has_disconnected {
            "the program closes the TCP connection when it receives a close frame, without an answer"
        } else {
            "the program is busy, or treats a close frame as text and does not answer it"
        });
    }
    finding
        .possible_cause(
            "`sock.close()` without a close frame before it, or the program or its network failed",
        )
        .fixed_by(match local {
            Role::Server => {
                "send a close frame (`88 82` and a masked code), wait for the answer, then close"
            }
            Role::Client => "send a close frame (`88 02 03 e8`), wait for the answer, then close",
        })
}

fn payload_words(bytes: &[u8]) -> String {
    const MOST: usize = 16;
    match bytes {
        [] => "no payload".to_owned(),
        _ if bytes.len() > MOST => format!("{} other bytes", bytes.len()),
        _ => hex(bytes),
    }
}

fn seconds(time: Duration) -> String {
    let seconds = (time.as_secs_f64() * 1e3).round() / 1e3;
    format!("{seconds} s")
}
