//! Payload lengths: all three forms, the shortest form, and lengths that a receiver must not
//! believe (RFC 6455 sections 5.2 and 10.4).

use super::PROTOCOL_ERROR;
use crate::check::case::{Case, CaseStep, Grade, Need};
use crate::check::expectation::{Expect, FrameRule, binary_message, text_message};
use crate::check::frame::{CaseFrame, binary, ping, text};
use crate::check::request::Delivery;
use crate::diagnosis::catalogue::{self, RulePage};
use crate::ws::{LengthForm, Opcode};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = valid();
    cases.extend(echoes());
    cases.extend(not_shortest());
    cases.extend(highest_bit());
    cases.extend(claims());
    cases
}

fn valid() -> Vec<Case> {
    let lengths = [0, 125, 126, 127, 65535, 65536];
    let case = |length: usize, name, opcode, message| {
        Case::new(
            &format!("6455/5.2/{length}-{name}"),
            Grade::Must,
            page_of(length),
            format!("a {name} message of {length} bytes"),
        )
        .send([CaseFrame::new(opcode, payload(length))])
        .echo(vec![message])
    };
    let texts = lengths.map(|it| case(it, "text", Opcode::TEXT, text_message(payload(it))));
    let binaries =
        lengths.map(|it| case(it, "binary", Opcode::BINARY, binary_message(payload(it))));
    texts.into_iter().chain(binaries).collect()
}

const fn page_of(length: usize) -> &'static RulePage {
    match length {
        0..=125 => &catalogue::LEN_BEYOND_DATA,
        126..=65535 => &catalogue::LEN_LITTLE_ENDIAN,
        _ => &catalogue::LEN_FIELD_WIDTH,
    }
}

/// "The minimal number of bytes MUST be used to encode the length" (section 5.2).
fn echoes() -> Vec<Case> {
    let case = |length: usize| {
        let page = if length > 125 {
            &catalogue::LEN64_NOT_MINIMAL
        } else {
            &catalogue::LEN16_NOT_MINIMAL
        };
        Case::new(
            &format!("6455/5.2/echo-minimal-{length}"),
            Grade::Must,
            page,
            format!("a text message of {length} bytes"),
        )
        .send([text(&payload(length))])
        .echo(vec![text_message(payload(length))])
        .expect(Expect::Frames(FrameRule::ShortestLength))
    };
    vec![case(125), case(126), case(65535), case(65536)]
}

fn not_shortest() -> Vec<Case> {
    let case = |form: LengthForm, length: usize| {
        let page = match form {
            LengthForm::SixtyFour => &catalogue::LEN64_NOT_MINIMAL,
            LengthForm::Sixteen | LengthForm::Seven => &catalogue::LEN16_NOT_MINIMAL,
        };
        let bits = form.bits();
        Case::new(
            &format!("6455/5.2/len{bits}-{length}"),
            Grade::Sender,
            page,
            format!("a text frame of {length} bytes with its length in {bits} bits"),
        )
        .send([text(&payload(length)).length_in(form)])
        .expect(PROTOCOL_ERROR)
    };
    let sixteen = [0, 5, 125].map(|length| case(LengthForm::Sixteen, length));
    let sixty_four = [5, 126, 65535].map(|length| case(LengthForm::SixtyFour, length));
    let ping = Case::new(
        "6455/5.5/ping-len16",
        Grade::Sender,
        &catalogue::LEN16_NOT_MINIMAL,
        "a ping of 4 bytes with its length in 16 bits",
    )
    .send([ping("ping").length_in(LengthForm::Sixteen)])
    .expect(PROTOCOL_ERROR);
    sixteen
        .into_iter()
        .chain(sixty_four)
        .chain([ping])
        .collect()
}

/// "The most significant bit MUST be 0" (section 5.2). A signed number would be negative.
fn highest_bit() -> Vec<Case> {
    let case = |name: &str, length: u64| {
        Case::new(
            &format!("6455/5.2/len64-{name}"),
            Grade::Consensus,
            &catalogue::LEN64_MSB,
            format!("the header of a binary frame of {length} bytes, and 5 bytes"),
        )
        .send([binary("12345").claiming(length)])
        .expect(Expect::Failed(&[1002, 1009]))
    };
    vec![case("msb", (1 << 63) + 5), case("all-ones", u64::MAX)]
}

/// Lengths that a peer only claims (section 10.4).
fn claims() -> Vec<Case> {
    let case = |name: &str, length: u64| {
        let header = binary("").claiming(length);
        let mut case = Case::new(
            &format!("6455/10.4/claims-{name}"),
            Grade::Should,
            &catalogue::MESSAGE_TOO_BIG,
            format!("the header of a binary frame of {length} bytes, and nothing else"),
        )
        .needs(Need::Limits);
        case.steps
            .push(CaseStep::Send(vec![header], Delivery::AtOnce));
        case.expect(Expect::ClosedOrWaits)
    };
    vec![
        case("2-31", 1 << 31),
        case("2-32-plus-5", (1 << 32) + 5),
        case("2-53", 1 << 53),
        case("2-62", 1 << 62),
    ]
}

/// Text of this length in which no two places look the same.
fn payload(length: usize) -> String {
    let mut text: String = (0..)
        .map(|number| format!("{number} "))
        .take(length)
        .collect();
    text.truncate(length);
    text
}
