//! Large messages, and messages over the limit (RFC 6455 section 10.4).

use super::script::{head, noise, text};
use super::{BINARY, Case, FIN, TEXT, check_cases};

#[test]
fn large_messages_are_echoed() {
    let mut cases = Vec::new();
    for size in [256 << 10, 1 << 20, 4 << 20, 16 << 20] {
        let whole = |kind| Case::new(format!("{kind} of {size}"));
        cases.push(whole("text").echoed(TEXT, &text(size)).closed_normally());
        cases.push(
            whole("binary")
                .echoed(BINARY, &noise(size))
                .closed_normally(),
        );
    }
    let message = text(1 << 20);
    for size in [64, 256, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10] {
        cases.push(in_fragments(TEXT, &message, size));
    }
    for (first, message) in [(TEXT, text(4 << 20)), (BINARY, noise(16 << 20))] {
        cases.push(in_fragments(first, &message, 64));
        cases.push(in_fragments(first, &message, 1 << 20));
    }
    for piece in [64, 1000, 64 << 10] {
        let case = Case::new(format!("1 MiB in pieces of {piece}"));
        cases.push(
            case.echoed(TEXT, &message)
                .closed_normally()
                .in_pieces_of(piece),
        );
    }
    for size in [0, 16, 125, 4 << 10, 64 << 10] {
        let mut case = Case::new(format!("a thousand of {size}"));
        for _ in 0..1000 {
            case = case.echoed(BINARY, &noise(size));
        }
        cases.push(case.closed_normally());
    }
    check_cases(&[], &cases, 27);
}

/// A message in fragments of `size` bytes, with an empty first and last fragment.
fn in_fragments(first: u8, message: &[u8], size: usize) -> Case {
    let name = format!("{} in fragments of {size}", message.len());
    let mut case = Case::new(name).frame(first & 0x0f, b"");
    for fragment in message.chunks(size) {
        case = case.frame(0x00, fragment);
    }
    case.frame(FIN, b"")
        .receives(first, message)
        .closed_normally()
}

#[test]
fn a_message_over_the_limit_is_refused_as_soon_as_possible() {
    let fits = noise(1000);
    let cases = [
        Case::new("as large as may be")
            .echoed(BINARY, &fits)
            .closed_normally(),
        Case::new("and in fragments")
            .frame(0x02, &fits[..500])
            .frame(FIN, &fits[500..])
            .receives(BINARY, &fits)
            .closed_normally(),
        Case::new("one byte more")
            .frame(BINARY, &noise(1001))
            .fails(1009),
        Case::new("only its header")
            .bytes(&head(TEXT, 1001))
            .bytes(&[0; 4])
            .fails(1009),
        Case::new("2 GiB")
            .bytes(&head(TEXT, 1 << 31))
            .bytes(&[0; 4])
            .fails(1009),
        Case::new("2^63 - 1")
            .bytes(&head(TEXT, u64::MAX >> 1))
            .bytes(&[0; 4])
            .fails(1009),
        Case::new("in two fragments")
            .frame(0x02, &fits)
            .frame(FIN, b"!")
            .fails(1009),
        Case::new("only its header by the second fragment")
            .frame(0x02, b"!")
            .bytes(&head(0x00, 1000))
            .bytes(&[0; 4])
            .fails(1009),
    ];
    check_cases(&["--max-message", "1000"], &cases, 8);
}
