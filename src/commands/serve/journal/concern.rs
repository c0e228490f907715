//! What only the clock, or a whole conversation, shows: as findings.

use std::time::Duration;

use crate::diagnosis::{Finding, catalogue};
use crate::ws::session::PingError;

/// A ping was not answered, or with another payload.
pub(super) fn of_ping(fault: &PingError) -> Finding {
    match fault {
        PingError::Unanswered(ping, waited) => {
            let ping = hex(ping);
            let waited = seconds(*waited);
            Finding::new(
                &catalogue::PING_WITHOUT_PONG,
                format!("the ping {ping} has no pong after {waited}"),
            )
        }
        PingError::Mismatched(ping, answer) => {
            let found = Finding::new(
                &catalogue::PONG_WRONG_PAYLOAD,
                format!(
                    "the ping {} got a pong with {}",
                    hex(ping),
                    of_payload(answer)
                ),
            );
            let is_through_text = answer.windows(3).any(|three| three == b"\xef\xbf\xbd");
            match answer.as_slice() {
                [] => found.certain_cause("the pong is sent empty"),
                _ if is_through_text => {
                    found.certain_cause("the payload went through a text: ff became ef bf bd")
                }
                _ => found,
            }
        }
    }
}

/// Nothing came for so long.
pub(super) fn of_silence(time: Duration) -> Finding {
    let message = format!("nothing came for {}", seconds(time));
    Finding::new(&catalogue::IDLE_TIMEOUT, message)
        .certain_cause("`--idle-timeout` ends such a connection here, as proxies do")
        .fixed_by("ping every 20 to 30 seconds, or let the server ping: `--ping-interval`")
}

/// The connection ends without the client's close frame.
pub(super) fn of_missing_close(is_answer: bool) -> Finding {
    let message = if is_answer {
        "the server's close frame was not answered"
    } else {
        "the connection ended without a close frame"
    };
    let found = Finding::new(&catalogue::CLOSE_NOT_COMPLETED, message);
    if is_answer {
        return found;
    }
    found
        .possible_cause(
            "`sock.close()` and nothing before it, or the program was ended, or its network",
        )
        .fixed_by(
            "send a close frame (`88 82` and a masked code), wait for the answer, then hang up",
        )
}

fn of_payload(bytes: &[u8]) -> String {
    const MOST: usize = 16;
    match bytes {
        [] => "no payload".to_owned(),
        _ if bytes.len() > MOST => format!("{} other bytes", bytes.len()),
        _ => hex(bytes),
    }
}

fn hex(bytes: &[u8]) -> String {
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.join(" ")
}

fn seconds(time: Duration) -> String {
    let seconds = (time.as_secs_f64() * 1e3).round() / 1e3;
    format!("{seconds} s")
}
