//! The negotiation of extensions (RFC 6455 section 9.1), above all of permessage-deflate (RFC
//! 7692 sections 5 and 7.1).

use super::{echo_of_repeats, repeats};
use crate::check::case::{Case, Grade, Need};
use crate::check::deflate::{deflated, deflated_after};
use crate::check::expectation::{Answer, Expect, FrameRule, text_message};
use crate::check::frame::text;
use crate::check::request::{EXTENSIONS, extensions, without};
use crate::diagnosis::catalogue::{self, RulePage};

/// The headers of a response that names extensions, valid.
const VALID: Answer = Answer::Valid(&[EXTENSIONS]);

pub(super) fn cases() -> Vec<Case> {
    let mut cases = offers();
    cases.extend(declined());
    cases.extend(parameters());
    cases.extend(windows());
    cases
}

fn offers() -> Vec<Case> {
    let unasked = &catalogue::RESP_EXTENSION_UNREQUESTED;
    let bad = &catalogue::REQ_EXTENSIONS_BAD;
    let case = |id: &str, grade, page, sends: &str| {
        Case::new(&format!("6455/9.1/{id}"), grade, page, sends)
    };
    let syntax = |name, sends: &str| {
        case(&format!("syntax-{name}"), Grade::Consensus, unasked, sends)
            .answer(Answer::NoExtension)
    };
    let malformed = |name, value| {
        case(
            &format!("malformed-{name}"),
            Grade::Sender,
            bad,
            &format!("the offer `{value}`"),
        )
        .request([extensions([value])])
        .answer(Answer::Refused)
    };
    vec![
        case(
            "none-unasked",
            Grade::Must,
            unasked,
            "no offer of an extension",
        )
        .request([without(EXTENSIONS)])
        .answer(Answer::NoExtension),
        case(
            "unknown",
            Grade::Must,
            unasked,
            "the offer of an extension that no server knows",
        )
        .request([extensions(["wsctl-unknown"])])
        .answer(Answer::NoExtension),
        syntax("quoted", "an unknown extension with a quoted value")
            .request([extensions(["wsctl-unknown; a=\"b\""])]),
        syntax(
            "spaces",
            "an unknown extension with blanks around its parameters",
        )
        .request([extensions(["wsctl-unknown ;  a = 1 ;b"])]),
        syntax("two-lines", "two unknown extensions in two headers")
            .request([extensions(["wsctl-unknown; a=1", "wsctl-other"])]),
        malformed("double-semicolon", "wsctl-unknown;; a"),
        malformed("equals-alone", "wsctl-unknown; ="),
    ]
}

/// Offers that a server must decline (RFC 7692 section 7.1).
fn declined() -> Vec<Case> {
    let page = &catalogue::REQ_EXTENSIONS_BAD;
    let declined = |id: String, parameters: String| {
        let offer = format!("permessage-deflate; {parameters}");
        must(&id, page, &format!("the offer `{offer}`"))
            .needs(Need::Deflate)
            .request([extensions([offer.as_str()])])
            .answer(Answer::DeflateDeclined)
    };
    let bits = |section: &str, side: &str, name: &str, value: &str| {
        let parameter = format!("{side}_max_window_bits");
        let parameters = match name {
            "twice" => format!("{parameter}=10; {parameter}=10"),
            _ => format!("{parameter}{value}"),
        };
        let case = declined(format!("{section}/{side}-bits-{name}"), parameters);
        if name == "08" {
            case.note("RFC 7692 section 7.1.2 says without leading zeros; a server that reads a number does not see them")
        } else {
            case
        }
    };
    let mut cases = vec![declined(
        "7.1/unknown-parameter".to_owned(),
        "wsctl_unknown".to_owned(),
    )];
    let server = [
        ("7", "=7"),
        ("16", "=16"),
        ("08", "=08"),
        ("none", ""),
        ("x", "=x"),
        ("twice", ""),
    ];
    cases.extend(server.map(|(name, value)| bits("7.1.2.1", "server", name, value)));
    let client = [
        ("7", "=7"),
        ("16", "=16"),
        ("08", "=08"),
        ("x", "=x"),
        ("twice", ""),
    ];
    cases.extend(client.map(|(name, value)| bits("7.1.2.2", "client", name, value)));
    for side in ["server", "client"] {
        let parameter = format!("{side}_no_context_takeover");
        let id = format!("7.1.1/{side}-no-context-takeover");
        cases.push(declined(
            format!("{id}-with-value"),
            format!("{parameter}=1"),
        ));
        cases.push(declined(
            format!("{id}-twice"),
            format!("{parameter}; {parameter}"),
        ));
    }
    cases
}

/// What a server that accepts an offer answers, and that it then does so.
/// A good offer after a bad one, context takeover, and several offers.
fn parameters() -> Vec<Case> {
    let hello = text_message("Hello Hello Hello");
    vec![
        must(
            "5.1/second-offer-good",
            PARAMETERS,
            "an offer that must be declined, then a good one",
        )
        .grade(Grade::Consensus)
        .note("RFC 7692 section 7.1 declines an offer and not the request; a server may refuse any request")
        .needs(Need::Deflate)
        .request([extensions([
            "permessage-deflate; server_max_window_bits=99, permessage-deflate",
        ])])
        .answer(VALID),
        offer(
            "7.1.1.1/server-nct-answered",
            "permessage-deflate; server_no_context_takeover",
        )
        .answer(Answer::DeflateValid),
        offer(
            "7.1.1.1/server-nct-kept",
            "permessage-deflate; server_no_context_takeover",
        )
        .answer(Answer::Deflate)
        .send([text("Hello Hello Hello"), text("Hello Hello Hello")])
        .echo(vec![hello.clone(), hello.clone()]),
        offer("7.1.1.2/client-nct-unasked", "permessage-deflate")
            .answer(Answer::Deflate)
            .send([
                text("").with(deflated(b"Hello Hello Hello")).compressed(),
                text("")
                    .with(deflated_after(b"Hello Hello Hello", b"Hello Hello Hello"))
                    .or_without_context(deflated(b"Hello Hello Hello"))
                    .compressed(),
            ])
            .echo(vec![hello.clone(), hello]),
    ]
}

/// The sizes of the windows.
fn windows() -> Vec<Case> {
    let server_bits = |bits: u8| {
        offer(
            &format!("7.1.2.1/server-bits-{bits}"),
            &format!("permessage-deflate; server_max_window_bits={bits}"),
        )
        .answer(Answer::DeflateValid)
        .send([text(&repeats(bits))])
        .echo(vec![echo_of_repeats(bits)])
        .expect(Expect::Frames(FrameRule::Window(bits)))
    };
    let client_bits = |bits: u8| {
        offer(
            &format!("7.1.2.2/client-bits-{bits}"),
            &format!("permessage-deflate; client_max_window_bits={bits}"),
        )
        .answer(Answer::DeflateValid)
    };
    vec![
        server_bits(8),
        server_bits(9),
        server_bits(10),
        server_bits(15),
        offer("7.1.2.2/client-bits-unasked", "permessage-deflate").answer(Answer::DeflateValid),
        client_bits(8),
        client_bits(10),
        offer(
            "5/answered-twice",
            "permessage-deflate, permessage-deflate; client_max_window_bits",
        )
        .answer(Answer::DeflateValid),
    ]
}

/// An offer of permessage-deflate, to a server that agrees to it.
fn offer(id: &str, offer: &str) -> Case {
    must(id, PARAMETERS, &format!("the offer `{offer}`"))
        .needs(Need::Deflate)
        .request([extensions([offer])])
}

/// The page on the parameters of a response.
const PARAMETERS: &RulePage = &catalogue::RESP_EXTENSION_PARAMS;

fn must(id: &str, page: &'static RulePage, sends: &str) -> Case {
    Case::new(&format!("7692/{id}"), Grade::Must, page, sends)
}
