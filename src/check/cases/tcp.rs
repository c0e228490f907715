//! How the bytes are cut into segments: TCP has no message boundaries. And other protocols in
//! the stream.

use super::PROTOCOL_ERROR;
use super::fragments::fragments;
use crate::check::case::{Case, CaseStep, Grade, Need};
use crate::check::deflate::deflated;
use crate::check::expectation::{Answer, Expect, binary_message, text_message};
use crate::check::frame::{binary, ping, text};
use crate::check::request::{Delivery, extensions};
use crate::diagnosis::catalogue;

/// Long enough for the payload that its second byte claims.
const HTTP: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: wsctl\r\nAccept: */*\r\n\
    Connection: close\r\n\r\n";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = byte_by_byte();
    cases.push(many_in_one_write());
    cases.extend(split_headers());
    cases.push(
        Case::new(
            "6455/5.2/http-in-stream",
            Grade::Must,
            &catalogue::HTTP_IN_STREAM,
            "an HTTP request on the open connection",
        )
        .step(CaseStep::Bytes(HTTP.to_vec()))
        .expect(PROTOCOL_ERROR),
    );
    cases
}

fn byte_by_byte() -> Vec<Case> {
    let case = |name: &str, frames| {
        let sends = format!("{name}, each byte in a segment of its own");
        Case::new(
            &format!(
                "6455/5.2/byte-by-byte-{}",
                name.split(' ').next_back().unwrap_or_default()
            ),
            Grade::Must,
            &catalogue::READ_IS_NOT_FRAME,
            sends,
        )
        .step(CaseStep::Send(frames, Delivery::Bytewise))
    };
    vec![
        case("a text", vec![text("byte by byte")]).echo(vec![text_message("byte by byte")]),
        case("a ping", vec![ping("byte by byte")]).expect(Expect::Pong(b"byte by byte".to_vec())),
        case(
            "a text in fragments",
            fragments(&text(""), &["by", "te by", " byte"]),
        )
        .echo(vec![text_message("byte by byte")]),
        case(
            "a text that is compressed by deflate",
            vec![text("").with(deflated(b"byte by byte")).compressed()],
        )
        .needs(Need::Deflate)
        .request([extensions(["permessage-deflate"])])
        .answer(Answer::Deflate)
        .echo(vec![text_message("byte by byte")]),
    ]
}

fn many_in_one_write() -> Case {
    let payloads: Vec<String> = (0..100).map(|number| format!("message {number}")).collect();
    Case::new(
        "6455/5.2/many-in-one-write",
        Grade::Must,
        &catalogue::MANY_FRAMES_ONE_READ,
        "100 text frames in one segment",
    )
    .send(payloads.iter().map(|payload| text(payload)))
    .echo(
        payloads
            .iter()
            .map(|payload| text_message(payload.as_str()))
            .collect(),
    )
}

/// A write ends at each byte inside the header. The sizes are those without the masking key.
fn split_headers() -> Vec<Case> {
    let case = |size: usize, length: usize| {
        let mut case = Case::new(
            &format!("6455/5.2/header-split-{size}-byte-header"),
            Grade::Must,
            &catalogue::HEADER_CUT,
            format!(
                "binary frames of {length} bytes in two segments, cut at each byte of the header"
            ),
        );
        // The header of a client has four bytes more.
        for at in 1..size + 4 {
            let frame = binary(vec![b'h'; length]);
            case.steps
                .push(CaseStep::Send(vec![frame], Delivery::SplitAt(at)));
        }
        case.echo(vec![binary_message(vec![b'h'; length]); size + 3])
    };
    vec![case(2, 5), case(4, 300), case(10, 65536)]
}
