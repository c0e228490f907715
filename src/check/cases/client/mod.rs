//! The cases of clients: the request, the [`response`] that they must check, [`masks`], and the
//! groups of servers from the other side.

mod masks;
mod response;

use super::{connection_groups, in_groups, sanity_cases, support_cases};
use crate::check::case::{Case, CaseGroup, CaseStep, Grade};
use crate::check::expectation::{Answer, Expect, RequestRule};
use crate::check::reply::ReplyChange;
use crate::check::request::{Change, EXTENSIONS};
use crate::diagnosis::catalogue;

/// All cases of clients, in the order of the report.
pub fn client_cases() -> Vec<Case> {
    let groups = [
        (CaseGroup::Request, requests()),
        (CaseGroup::Response, response::cases()),
        (CaseGroup::Masks, masks::cases()),
    ];
    let of_clients = |cases: Vec<Case>| cases.into_iter().filter_map(from_the_other_side).collect();
    let groups = groups.into_iter().chain(connection_groups());
    in_groups(groups.map(|(group, cases)| (group, of_clients(cases))))
}

/// The cases of clients that begin after the handshake: the test harness of a client may end at a
/// connection that is refused.
pub fn harness_cases() -> Vec<Case> {
    let is_about_handshake = |case: &Case| {
        matches!(
            case.group,
            CaseGroup::Request | CaseGroup::Response | CaseGroup::Sanity
        )
    };
    let cases = client_cases().into_iter();
    cases.filter(|case| !is_about_handshake(case)).collect()
}

/// The first and the last case of a run.
pub fn client_sanity_cases() -> [Case; 2] {
    sanity_cases()
}

/// Whether the client sends texts back, sends binary messages back, and offers
/// permessage-deflate: cases that need it are skipped otherwise.
pub fn client_support_cases() -> [Case; 3] {
    support_cases().map(|case| from_the_other_side(case.clone()).unwrap_or(case))
}

/// A case of a server as one of a client. None if it has no counterpart.
fn from_the_other_side(mut case: Case) -> Option<Case> {
    const OF_SERVERS: [&str; 6] = [
        "6455/7.1.1/server-ends-tcp",
        "6455/7.1.5/rst-without-close",
        "6455/5.5.1/answer-to-own-close",
        "7692/7.2.1/echo-within-window",
        "7692/7.2.2/window-15-of-the-other-side",
        "6455/10.4/bomb-1-gib",
    ];
    if OF_SERVERS.contains(&case.id.as_str()) {
        return None;
    }
    // What a client would offer, a server answers: with the parameters of the other side.
    for change in std::mem::take(&mut case.opening.changes) {
        if let Change::Lines(EXTENSIONS, lines) = change {
            let line = lines.first()?;
            let (_, parameters) = line.split_once("permessage-deflate")?;
            let mirrored = with_sides_swapped(parameters);
            case.opening.reply.push(ReplyChange::Deflate(mirrored));
        }
    }
    // The server closes the TCP connection (RFC 6455 section 7.1.1).
    let waits_for_end = |step: &CaseStep| {
        matches!(
            step,
            CaseStep::Expect(Expect::TcpEnd | Expect::NothingAfterClose(_))
        )
    };
    if let Some(at) = case.steps.iter().position(waits_for_end) {
        case.steps.insert(at, CaseStep::Fin);
    }
    Some(case)
}

/// Parameters of the client in place of those of the server, and the other way round.
fn with_sides_swapped(parameters: &str) -> String {
    let swapped = parameters.split("; ").map(|parameter| {
        match (
            parameter.strip_prefix("client_"),
            parameter.strip_prefix("server_"),
        ) {
            (Some(rest), _) => format!("server_{rest}"),
            (_, Some(rest)) => format!("client_{rest}"),
            _ => parameter.to_owned(),
        }
    });
    swapped.collect::<Vec<String>>().join("; ")
}

/// The request (RFC 6455 section 4.1).
fn requests() -> Vec<Case> {
    let rule = |section: &str, name, page, rule| {
        let id = format!("6455/{section}/request-{name}");
        Case::new(&id, Grade::Must, page, "nothing before the request")
            .answer(Answer::Request(rule))
    };
    let mut fresh = rule(
        "4.1",
        "key-fresh",
        &catalogue::REQ_KEY_CONSTANT,
        RequestRule::FreshKey,
    );
    fresh.connections = 2;
    vec![
        rule(
            "4.1",
            "method",
            &catalogue::REQ_NOT_GET,
            RequestRule::Method,
        ),
        rule(
            "4.1",
            "http-version",
            &catalogue::HTTP_1_0,
            RequestRule::HttpVersion,
        ),
        rule("4.1", "host", &catalogue::REQ_NO_HOST, RequestRule::Host),
        rule(
            "4.1",
            "upgrade",
            &catalogue::REQ_NOT_UPGRADE,
            RequestRule::Upgrade,
        ),
        rule(
            "4.1",
            "connection",
            &catalogue::REQ_CONNECTION_NO_UPGRADE,
            RequestRule::Connection,
        ),
        rule("4.1", "key", &catalogue::REQ_KEY_BAD, RequestRule::Key),
        rule(
            "4.1",
            "version-13",
            &catalogue::REQ_VERSION,
            RequestRule::Version,
        ),
        rule(
            "9.1",
            "offers",
            &catalogue::REQ_EXTENSIONS_BAD,
            RequestRule::Offers,
        ),
        rule(
            "4.1",
            "line-ends",
            &catalogue::HTTP_BAD_LINES,
            RequestRule::LineEnds,
        )
        .grade(Grade::Consensus)
        .note("RFC 9112 section 2.2 lets a server accept LF alone, and many servers wait for CRLF"),
        rule(
            "7.1",
            "deflate-offer",
            &catalogue::REQ_EXTENSIONS_BAD,
            RequestRule::DeflateOffer,
        )
        .id_of("7692"),
        fresh,
    ]
}
