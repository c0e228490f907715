//! Whether the peer works at all: the first and the last case, and the one after each silence.

use crate::check::case::{Case, CaseGroup, CaseStep, Grade};
use crate::check::expectation::{Answer, Expect, binary_message, text_message};
use crate::check::frame::{binary, ping, text};
use crate::check::request::extensions;
use crate::diagnosis::catalogue;

/// The first and the last case of a run.
pub fn sanity_cases() -> [Case; 2] {
    ["first", "last"].map(|name| {
        let id = format!("6455/5.5.2/sanity-{name}");
        let page = &catalogue::PING_WITHOUT_PONG;
        Case {
            group: CaseGroup::Sanity,
            ..Case::new(&id, Grade::Must, page, "a valid request, then a ping")
        }
        .send([ping("sanity")])
        .expect(Expect::Pong(b"sanity".to_vec()))
        .expect(Expect::Taken)
    })
}

/// The case after each silence, of a peer that does not answer pings.
pub fn sanity_case_without_ping(sanity: &Case) -> Case {
    Case {
        sends: "a valid request".to_owned(),
        steps: vec![CaseStep::Expect(Expect::Taken)],
        ..sanity.clone()
    }
}

/// Whether the peer sends texts back, sends binary messages back, and agrees to
/// permessage-deflate: cases that need it are skipped otherwise.
pub fn support_cases() -> [Case; 3] {
    let case = |id, sends: &str| Case::new(id, Grade::Must, &catalogue::RESP_STATUS, sends);
    [
        case("6455/5.6/sends-texts-back", "a text")
            .send([text("wsctl check")])
            .echo(vec![text_message("wsctl check")]),
        case("6455/5.6/sends-binary-back", "a binary message")
            .send([binary("wsctl check")])
            .echo(vec![binary_message("wsctl check")]),
        case("7692/7/agrees", "an offer of permessage-deflate")
            .request([extensions(["permessage-deflate"])])
            .answer(Answer::Deflate),
    ]
}
