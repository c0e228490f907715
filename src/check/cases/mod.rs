//! The tables of cases, a file for each group. Each function returns the cases of its group in
//! the order of the report.

mod client;
mod closing;
mod control;
mod deflate;
mod extensions;
mod fragments;
mod lengths;
mod masks;
mod opening;
mod reserved;
mod response;
mod sanity;
mod tcp;
mod utf8;

pub use client::{client_cases, client_sanity_cases, client_support_cases, harness_cases};
pub use sanity::{sanity_case_without_ping, sanity_cases, support_cases};

use super::case::{Case, CaseGroup};
use super::expectation::{EchoedMessage, Expect, text_message};

/// The connection is failed because of the protocol (RFC 6455 section 7.4.1).
const PROTOCOL_ERROR: Expect = Expect::Failed(&[1002]);

/// The connection is failed because of a text that is not UTF-8.
const NOT_UTF8: Expect = Expect::Failed(&[1007]);

/// A note of cases with a close frame that must not be accepted.
const CLOSED_EITHER_WAY: &str =
    "the connection is closed either way; only the close code tells whether the frame was checked";

/// All cases of servers, in the order of the report.
pub fn server_cases() -> Vec<Case> {
    let groups = [
        (CaseGroup::Request, opening::cases()),
        (CaseGroup::Response, response::cases()),
        (CaseGroup::Extensions, extensions::cases()),
        (CaseGroup::Masks, masks::cases()),
    ];
    in_groups(groups.into_iter().chain(connection_groups()))
}

/// The groups on the open connection, which servers and clients have in common.
fn connection_groups() -> [(CaseGroup, Vec<Case>); 9] {
    [
        (CaseGroup::Lengths, lengths::cases()),
        (CaseGroup::Reserved, reserved::cases()),
        (CaseGroup::Control, control::cases()),
        (CaseGroup::Fragments, fragments::cases()),
        (CaseGroup::Utf8, utf8::cases()),
        (CaseGroup::Closing, closing::cases()),
        (CaseGroup::Deflate, deflate::cases()),
        (CaseGroup::Tcp, tcp::cases()),
        (CaseGroup::Sanity, sanity_cases().to_vec()),
    ]
}

/// The cases of several groups, each with its group.
fn in_groups(groups: impl IntoIterator<Item = (CaseGroup, Vec<Case>)>) -> Vec<Case> {
    let cases = groups
        .into_iter()
        .flat_map(|(group, cases)| cases.into_iter().map(move |case| Case { group, ..case }));
    cases.collect()
}

/// Text that repeats itself after a distance somewhat longer than a window of `bits` bits, up to
/// 10 of them.
fn repeats(bits: u8) -> String {
    let half = (1_usize << bits.min(10)) + 100;
    let mut state = 0x9e37_79b9_u32;
    let mut text = String::with_capacity(2 * half);
    while text.len() < half {
        state = state.wrapping_mul(0x0019_660d).wrapping_add(0x3c6e_f35f);
        text.extend(
            (0..4).filter_map(|index| char::from_digit(state >> (16 + 4 * index) & 0xf, 16)),
        );
    }
    text.truncate(half);
    text.repeat(2)
}

/// The message that comes back for it.
fn echo_of_repeats(bits: u8) -> EchoedMessage {
    text_message(repeats(bits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn ids_are_unique_and_well_formed() {
        let cases = server_cases();
        let ids: BTreeSet<&str> = cases.iter().map(|case| case.id.as_str()).collect();
        assert_eq!(ids.len(), cases.len());
        for id in ids {
            let parts: Vec<&str> = id.split('/').collect();
            let [rfc, section, name] = parts[..] else {
                panic!("{id}");
            };
            assert!(["6455", "7692"].contains(&rfc), "{id}");
            assert!(
                section.chars().all(|c| c.is_ascii_digit() || c == '.'),
                "{id}"
            );
            let is_plain =
                |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
            assert!(name.chars().all(is_plain), "{id}");
        }
    }

    #[test]
    fn each_group_has_its_cases() {
        let mut counts = BTreeMap::new();
        for case in server_cases() {
            *counts.entry(case.group.name()).or_insert(0) += 1;
        }
        let expected = [
            ("TCP segments", 9),
            ("UTF-8", 33),
            ("closing", 39),
            ("control frames", 17),
            ("extensions", 35),
            ("fragments", 18),
            ("lengths", 29),
            ("masks", 12),
            ("opening request", 58),
            ("permessage-deflate", 38),
            ("reserved bits and opcodes", 25),
            ("response", 18),
            ("sanity", 2),
        ];
        assert_eq!(counts, BTreeMap::from(expected));
    }
}
