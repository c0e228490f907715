//! The last line of a connection: who ended it, how, and after how many frames.

use super::client::silence_words;
use super::{LinePrefix, push_prefix};
use crate::render::style::{Style, StyleRole};
use crate::render::wrap::{columns, push_lines, wrap};
use crate::ws::session::{EndReason, SessionEnd};
use crate::ws::{CloseBody, CloseCode, Role};

/// Appends the end of a connection: one line, or several if the terminal is narrower.
pub(in crate::render) fn push_end(
    out: &mut Vec<u8>,
    style: Style,
    prefix: LinePrefix<'_>,
    end: &SessionEnd,
) {
    push_prefix(out, style, prefix);
    style.push(out, StyleRole::Outgoing, "-");
    out.push(b' ');
    let frames = if end.frames_in == 1 {
        "frame"
    } else {
        "frames"
    };
    let sentence = format!(
        "{} after {:.1} s{};",
        end_sentence(end),
        end.duration.as_secs_f64(),
        silence_words(end),
    );
    let counts = format!("{} {frames} in, {} out", end.frames_in, end.frames_out);
    let line = format!("{sentence} {counts}");
    let lines = if columns(&line) <= prefix.room() {
        vec![line]
    } else {
        let mut lines = wrap(&sentence, prefix.room());
        lines.push(counts);
        lines
    };
    push_lines(out, &lines, prefix.indent());
}

/// How a connection ended. Both sides are named by their roles.
fn end_sentence(end: &SessionEnd) -> String {
    let code = match CloseBody::parse(&end.close) {
        CloseBody::Code(code, _) => format!("with {code}"),
        CloseBody::Empty | CloseBody::OneByte(_) => "without a code".to_owned(),
    };
    let (local, peer) = (end.local, end.local.peer());
    if let Some(answer) = end.other_answer().filter(|_| local == Role::Client) {
        return format!("the {local} closed {code}, the {peer} answered with {answer},");
    }
    match &end.reason {
        EndReason::ClosingHandshake(side) => format!("the {} closed {code}", side.role(local)),
        EndReason::Failed => format!("the {local} failed the connection {code}"),
        EndReason::FailedAfterClose(why) => {
            format!(
                "the {local} closed {code}, then failed the connection ({}),",
                named(*why)
            )
        }
        EndReason::Fin => format!("the {peer} ended the stream (FIN) without a close frame"),
        EndReason::NoRequest => "the client disconnected without sending a request".to_owned(),
        EndReason::PeerDoesNotRead => {
            format!("the {local} disconnected: the {peer} did not read what was sent,")
        }
        EndReason::Reset => format!("the {peer} reset the connection (RST)"),
        EndReason::CloseUnanswered => {
            format!("the {local} closed {code}, the {peer} did not answer,")
        }
        EndReason::CloseWithheld => {
            format!("the {local} sent no close frame on purpose, the {peer} did not close,")
        }
        EndReason::EndedOnPurpose { reset: false } => {
            format!("the {local} ended the stream on purpose (FIN)")
        }
        EndReason::EndedOnPurpose { reset: true } => {
            format!("the {local} reset the connection on purpose (RST)")
        }
        EndReason::IoError(error) => format!("the connection failed ({error})"),
    }
}

/// A close code and its name, inside parentheses.
fn named(code: CloseCode) -> String {
    match code.name() {
        Some(name) => format!("{}, {name}", code.0),
        None => code.0.to_string(),
    }
}
