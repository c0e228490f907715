//! Fragments: one message, in order, not interleaved with another (RFC 6455 section 5.4).

use super::PROTOCOL_ERROR;
use crate::check::case::{Case, Grade, Need};
use crate::check::expectation::{Expect, binary_message, text_message};
use crate::check::frame::{CaseFrame, binary, close, continuation, text};
use crate::diagnosis::catalogue;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = joined();
    cases.extend(empty());
    cases.extend(wrong());
    cases.push(many());
    cases.push(closed_inside());
    cases
}

/// A message in fragments with these payloads.
pub(super) fn fragments(first: &CaseFrame, payloads: &[&str]) -> Vec<CaseFrame> {
    let last = payloads.len().saturating_sub(1);
    let frames = payloads.iter().enumerate().map(|(index, payload)| {
        let frame = if index == 0 {
            first.clone()
        } else {
            continuation("")
        };
        let frame = frame.with(*payload);
        if index == last {
            frame
        } else {
            frame.not_final()
        }
    });
    frames.collect()
}

fn joined() -> Vec<Case> {
    let payloads = |count: usize| -> Vec<String> {
        (0..count).map(|number| format!("part {number} ")).collect()
    };
    let texts = [2, 3, 100].map(|count| {
        let parts = payloads(count);
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        valid(
            &format!("{count}-fragments-text"),
            &format!("a text message in {count} fragments"),
        )
        .send(fragments(&text(""), &parts))
        .echo(vec![text_message(parts.concat())])
    });
    let binaries = [2, 3, 100].map(|count| {
        let parts = payloads(count);
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        valid(
            &format!("{count}-fragments-binary"),
            &format!("a binary message in {count} fragments"),
        )
        .send(fragments(&binary(""), &parts))
        .echo(vec![binary_message(parts.concat())])
    });
    texts.into_iter().chain(binaries).collect()
}

fn empty() -> Vec<Case> {
    let case = |name, sends: &str, parts: [&str; 3]| {
        valid(&format!("{name}-empty"), sends)
            .send(fragments(&text(""), &parts))
            .echo(vec![text_message(parts.concat())])
    };
    vec![
        case(
            "all",
            "a text message in three empty fragments",
            ["", "", ""],
        ),
        case(
            "first",
            "a text message whose first fragment is empty",
            ["", "middle ", "last"],
        ),
        case(
            "last",
            "a text message whose last fragment is empty",
            ["first ", "middle", ""],
        ),
        case(
            "middle",
            "a text message whose middle fragment is empty",
            ["first ", "", "last"],
        ),
    ]
}

fn wrong() -> Vec<Case> {
    let start = &catalogue::CONTINUATION_WITHOUT_START;
    let inside = &catalogue::NEW_MESSAGE_MID_FRAGMENTS;
    let case = |name, page, sends: &str, frames: Vec<CaseFrame>| {
        Case::new(&format!("6455/5.4/{name}"), Grade::Consensus, page, sends)
            .send(frames)
            .expect(PROTOCOL_ERROR)
    };
    vec![
        case(
            "continuation-first-fin",
            start,
            "a continuation with FIN, although no message has begun",
            vec![continuation("first")],
        ),
        case(
            "continuation-first-not-fin",
            start,
            "a continuation without FIN, although no message has begun",
            vec![continuation("first").not_final()],
        ),
        case(
            "continuation-after-message",
            start,
            "a whole text message, then a continuation",
            vec![text("whole"), continuation("more")],
        ),
        case(
            "new-message-inside-text",
            inside,
            "a text frame without FIN, then another text frame",
            vec![text("begun").not_final(), text("new")],
        ),
        case(
            "new-message-inside-binary",
            inside,
            "a text frame without FIN, then a binary frame",
            vec![text("begun").not_final(), binary("new")],
        ),
        case(
            "new-message-inside-empty-text",
            inside,
            "an empty text frame without FIN, then another text frame",
            vec![text("").not_final(), text("new")],
        ),
    ]
}

/// Time and memory must grow with the bytes, not with the square of the fragments.
fn many() -> Case {
    let parts = vec!["x"; 10_000];
    Case::new(
        "6455/5.4/10000-fragments",
        Grade::Should,
        &catalogue::FRAGMENTS_IGNORED_BY_RECEIVER,
        "a text message in 10000 fragments of a byte each",
    )
    .needs(Need::Limits)
    .needs(Need::EchoText)
    .send(fragments(&text(""), &parts))
    .expect(Expect::EchoOrClosed(10_000))
}

fn closed_inside() -> Case {
    Case::new(
        "6455/5.4/close-in-message",
        Grade::Must,
        &catalogue::CLOSE_NOT_COMPLETED,
        "a text frame without FIN, a close frame, and a continuation",
    )
    .send([
        text("begun").not_final(),
        close(1000, ""),
        continuation("more"),
    ])
    .expect(Expect::PeerCloses)
}

fn valid(name: &str, sends: &str) -> Case {
    let page = &catalogue::FRAGMENTS_IGNORED_BY_RECEIVER;
    Case::new(&format!("6455/5.4/{name}"), Grade::Must, page, sends)
}
