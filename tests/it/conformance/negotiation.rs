//! Offers of permessage-deflate and their responses (RFC 7692 sections 5 and 7.1).

use super::{Case, TEXT, check_cases};

/// Offers and the responses of a server with `--deflate` without parameters.
const OFFERS: &[(&str, &str)] = &[
    ("permessage-deflate", "permessage-deflate"),
    (
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate",
    ),
    (
        "permessage-deflate; client_no_context_takeover; server_no_context_takeover",
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
    ),
    (
        "permessage-deflate; server_max_window_bits=15",
        "permessage-deflate",
    ),
    (
        "permessage-deflate; server_max_window_bits=\"10\"",
        "permessage-deflate; server_max_window_bits=10",
    ),
    (
        "permessage-deflate; client_max_window_bits=8; server_max_window_bits=8",
        "permessage-deflate; server_max_window_bits=8; client_max_window_bits=8",
    ),
    // The first acceptable offer is accepted.
    (
        "foo, permessage-deflate; server_max_window_bits=9, permessage-deflate",
        "permessage-deflate; server_max_window_bits=9",
    ),
    (
        "permessage-deflate; server_max_window_bits=7, permessage-deflate",
        "permessage-deflate",
    ),
    (
        "permessage-deflate; foo, permessage-deflate; server_no_context_takeover",
        "permessage-deflate; server_no_context_takeover",
    ),
    // Offers that must be declined, and other extensions.
    ("permessage-deflate; server_max_window_bits", ""),
    ("permessage-deflate; server_max_window_bits=7", ""),
    ("permessage-deflate; server_max_window_bits=16", ""),
    ("permessage-deflate; server_max_window_bits=010", ""),
    ("permessage-deflate; server_max_window_bits=ten", ""),
    ("permessage-deflate; client_max_window_bits=7", ""),
    ("permessage-deflate; client_max_window_bits=16", ""),
    ("permessage-deflate; client_max_window_bits=+9", ""),
    ("permessage-deflate; client_no_context_takeover=1", ""),
    ("permessage-deflate; server_no_context_takeover=true", ""),
    (
        "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
        "",
    ),
    (
        "permessage-deflate; server_max_window_bits=9; server_max_window_bits=9",
        "",
    ),
    ("permessage-deflate; max_window_bits=9", ""),
    ("x-webkit-deflate-frame", ""),
    ("permessage-bzip2", ""),
];

#[test]
fn offers_are_accepted_or_declined() {
    let cases = OFFERS.iter().map(|(offer, answer)| {
        let case = Case::new(*offer).negotiating(offer, answer);
        if answer.is_empty() {
            // Without compression, messages are echoed as they are.
            let case = case.echoed(TEXT, b"plain");
            return case
                .frame(0xc1, b"\xf2\x48\xcd\xc9\xc9\x07\x00")
                .fails(1002);
        }
        // With compression, the server compresses also if the client does not.
        let case = case.frame(TEXT, b"plain").receives(0xc1, b"plain");
        case.frame(0xc1, b"\xf2\x48\xcd\xc9\xc9\x07\x00")
            .receives(0xc1, b"Hello")
            .closed_normally()
    });
    check_cases(&["--deflate"], &cases.collect::<Vec<_>>(), 24);
}

#[test]
fn the_server_s_parameters_are_negotiated_where_allowed() {
    let wanted = "server_no_context_takeover; client_max_window_bits=10; server_max_window_bits=12";
    let answered = |bits: &str| format!("permessage-deflate; server_no_context_takeover; {bits}");
    let cases = [
        ("permessage-deflate", String::new()),
        (
            "permessage-deflate; client_max_window_bits",
            answered("server_max_window_bits=12; client_max_window_bits=10"),
        ),
        (
            "permessage-deflate; client_max_window_bits=9; server_max_window_bits=14",
            answered("server_max_window_bits=12; client_max_window_bits=9"),
        ),
        (
            "permessage-deflate, permessage-deflate; client_max_window_bits=15; server_max_window_bits=8",
            answered("server_max_window_bits=8; client_max_window_bits=10"),
        ),
    ]
    .map(|(offer, answer)| {
        let first = if answer.is_empty() { TEXT } else { 0xc1 };
        let case = Case::new(offer).negotiating(offer, &answer);
        case.frame(TEXT, b"plain").receives(first, b"plain").closed_normally()
    });
    check_cases(&[&format!("--deflate={wanted}")], &cases, 4);
}
