//! The exit status of `connect`.

use crate::Outcome;
use crate::cli::ConnectArgs;
use crate::commands::console::Console;
use crate::net::ClientEnd;
use crate::ws::session::{EndReason, SessionEnd, Side};
use crate::ws::{CloseBody, CloseCode};

/// The exit status. `interruption` is set if a signal ended the conversation: whether something
/// was wrong before.
pub(super) fn outcome(
    args: &ConnectArgs,
    end: &ClientEnd,
    has_fault: bool,
    interruption: Option<bool>,
    console: &mut Console,
) -> Outcome {
    match end {
        ClientEnd::Stopped => Outcome::Interrupted,
        ClientEnd::Refused => Outcome::ProblemFound,
        ClientEnd::Ended { end, unmet } => {
            if let Some(came) = unmet {
                console.notice(&unmet_words(args, *came));
            }
            let has_problem = match interruption {
                Some(had_problem) => had_problem,
                None => has_fault || !is_as_wished(end),
            };
            Outcome::problem_if(has_problem || unmet.is_some())
        }
    }
}

/// Whether a connection ended by a closing handshake. The server may begin it with 1000 or 1001, or
/// answer with one of them instead of the code of the client.
fn is_as_wished(end: &SessionEnd) -> bool {
    match end.reason {
        EndReason::ClosingHandshake(Side::Local) => end.other_answer().is_none_or(is_normal),
        EndReason::ClosingHandshake(Side::Peer) => matches!(
            CloseBody::parse(&end.close),
            CloseBody::Code(code, _) if is_normal(code)
        ),
        _ => false,
    }
}

/// Whether a close code says that nothing is wrong.
const fn is_normal(code: CloseCode) -> bool {
    matches!(code, CloseCode::NORMAL_CLOSURE | CloseCode::GOING_AWAY)
}

fn unmet_words(args: &ConnectArgs, came: u64) -> String {
    let count = args.expect.map(|count| match count {
        1 => "1 message".to_owned(),
        _ => format!("{count} messages"),
    });
    let text = args
        .until
        .as_ref()
        .map(|text| format!("a message with `{text}`"));
    let wanted: Vec<String> = [count, text].into_iter().flatten().collect();
    format!("expected {}, {came} came", wanted.join(" or "))
}
