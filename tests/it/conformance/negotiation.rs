//! Offers of permessage-deflate, and what comes of them (RFC 7692 §5, §7.1).

use super::{Case, TEXT, play};

/// Offers and their answers, where the server wants nothing in particular.
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
    // The first one that is acceptable, whatever stands around it.
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
    // Those that must be declined, and other extensions.
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
fn offers_are_answered_or_declined() {
    let cases = OFFERS.iter().map(|(offer, answer)| {
        let case = Case::new(*offer).agreeing(offer, answer);
        if answer.is_empty() {
            // Then RSV1 has no meaning, and plain messages are answered as they are.
            let case = case.echoed(TEXT, b"plain");
            return case
                .frame(0xc1, b"\xf2\x48\xcd\xc9\xc9\x07\x00")
                .fails(1002);
        }
        // Then the server compresses, whether or not the client does.
        let case = case.frame(TEXT, b"plain").hear(0xc1, b"plain");
        case.frame(0xc1, b"\xf2\x48\xcd\xc9\xc9\x07\x00")
            .hear(0xc1, b"Hello")
            .fine()
    });
    play(&["--deflate"], &cases.collect::<Vec<_>>(), 24);
}

#[test]
fn what_the_server_wants_is_asked_for_where_it_may_be() {
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
        let case = Case::new(offer).agreeing(offer, &answer);
        case.frame(TEXT, b"plain").hear(first, b"plain").fine()
    });
    play(&[&format!("--deflate={wanted}")], &cases, 4);
}
