//! Compressed messages (RFC 7692 sections 6 and 7.2).

use flate2::{Compress, Compression, FlushCompress};

use super::script::{head, noise, text};
use super::{BINARY, Case, FIN, PING, PONG, RSV1, TEXT, check_cases};

const PLAIN: &str = "permessage-deflate";

/// "Hello" compressed without an earlier message.
const HELLO: &[u8] = b"\xf2\x48\xcd\xc9\xc9\x07\x00";

/// The client's compressor. It is zlib, and not the server's code.
struct Deflater {
    stream: Compress,
    resets_context: bool,
}

impl Deflater {
    /// zlib's windows have 9 bits at least. With 9 bits it uses no distance over 256, since the last 262
    /// bytes are its lookahead; so this is valid for 8 bits too.
    fn new(bits: u8, resets_context: bool) -> Self {
        Self {
            stream: Compress::new_with_window_bits(Compression::new(6), false, bits.max(9)),
            resets_context,
        }
    }

    fn deflate(&mut self, message: &[u8]) -> Vec<u8> {
        if message.is_empty() {
            return vec![0x00];
        }
        if self.resets_context {
            self.stream.reset();
        }
        let mut bytes = Vec::with_capacity(message.len() + message.len() / 8 + 100);
        let flush = FlushCompress::Sync;
        self.stream
            .compress_vec(message, &mut bytes, flush)
            .unwrap();
        bytes.strip_suffix(b"\x00\x00\xff\xff").unwrap().to_vec()
    }
}

/// A compressed message in fragments of `size` bytes.
fn in_fragments(mut case: Case, first: u8, payload: &[u8], size: usize) -> Case {
    let count = payload.chunks(size).len();
    for (number, fragment) in payload.chunks(size).enumerate() {
        let opcode = if number == 0 {
            first & 0x0f | RSV1
        } else {
            0x00
        };
        let fin = if number + 1 == count { FIN } else { 0x00 };
        case = case.frame(opcode | fin, fragment);
    }
    case.receives(first | RSV1, &[])
}

/// Messages of these sizes, compressed and fragmented; each is echoed.
fn conversation(mut case: Case, deflater: &mut Deflater, sizes: &[usize], fragment: usize) -> Case {
    for (number, size) in sizes.iter().enumerate() {
        let (first, message) = match number % 3 {
            2 => (BINARY, noise(*size)),
            _ => (TEXT, text(*size)),
        };
        case = in_fragments(case, first, &deflater.deflate(&message), fragment);
        case.received.last_mut().unwrap().payload = message;
    }
    case.closed_normally()
}

#[test]
fn messages_are_echoed_with_each_window_takeover_and_fragment_size() {
    let mut cases = Vec::new();
    for bits in 8..=15 {
        for (server_resets, client_resets) in
            [(false, false), (false, true), (true, false), (true, true)]
        {
            let word = |is_named: bool, word| if is_named { word } else { "" };
            let agreed = [
                PLAIN,
                word(server_resets, "; server_no_context_takeover"),
                word(client_resets, "; client_no_context_takeover"),
                &word(
                    bits < 15,
                    "; server_max_window_bits=#; client_max_window_bits=#",
                )
                .replace('#', &bits.to_string()),
            ]
            .concat();
            for fragment in [usize::MAX, 256, 11] {
                let name = format!("{agreed} in fragments of {fragment}");
                let case = Case::new(name).negotiating(&agreed, &agreed);
                let mut deflater = Deflater::new(bits, client_resets);
                let sizes = [5, 0, 125, 126, 1000, 5, 8192, 0, 3000, 40000];
                cases.push(conversation(case, &mut deflater, &sizes, fragment));
            }
        }
    }
    check_cases(&["--deflate"], &cases, 96);
}

#[test]
fn compressed_messages_of_each_size_are_echoed() {
    let mut cases = Vec::new();
    for size in [16, 64, 256, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 128 << 10] {
        for agreed in [
            PLAIN,
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
        ] {
            let case = Case::new(format!("ten of {size}, {agreed}")).negotiating(agreed, agreed);
            let mut deflater = Deflater::new(15, agreed != PLAIN);
            cases.push(conversation(case, &mut deflater, &[size; 10], usize::MAX));
        }
    }
    let case = Case::new("4 MiB").negotiating(PLAIN, PLAIN);
    cases.push(conversation(
        case,
        &mut Deflater::new(15, false),
        &[4 << 20],
        usize::MAX,
    ));
    let case = Case::new("byte by byte").negotiating(PLAIN, PLAIN);
    cases.push(
        conversation(case, &mut Deflater::new(15, false), &[500; 3], usize::MAX).in_pieces_of(1),
    );
    check_cases(&["--deflate"], &cases, 18);
}

#[test]
fn valid_forms_of_a_compressed_message_are_inflated() {
    let case = |name: &str| Case::new(name).negotiating(PLAIN, PLAIN);
    let inflated_to = |name: &str, payload: &[u8], text: &[u8]| {
        case(name)
            .frame(0xc1, payload)
            .receives(0xc1, text)
            .closed_normally()
    };
    let cases = [
        inflated_to("one block", HELLO, b"Hello"),
        inflated_to("a stored block", b"\x00\x05\x00\xfa\xffHello\x00", b"Hello"),
        inflated_to(
            "two blocks",
            b"\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00",
            b"Hello",
        ),
        inflated_to(
            "a final block",
            b"\xf3\x48\xcd\xc9\xc9\x07\x00\x00",
            b"Hello",
        ),
        inflated_to("empty", b"\x00", b""),
        inflated_to("empty, a block with fixed codes", b"\x02\x00", b""),
        inflated_to("empty, of no bytes", b"", b""),
        case("the context is kept")
            .frame(0xc1, HELLO)
            .frame(0xc1, b"\xf2\x00\x11\x00\x00")
            .receives(0xc1, b"Hello")
            .receives(0xc1, b"Hello")
            .closed_normally(),
        case("fragments, the first empty")
            .frame(0x41, b"")
            .frame(0x00, b"")
            .frame(0x80, HELLO)
            .receives(0xc1, b"Hello")
            .closed_normally(),
        case("fragments, the last empty")
            .frame(0x42, HELLO)
            .frame(0x80, b"")
            .receives(0xc2, b"Hello")
            .closed_normally(),
        case("a ping in between")
            .frame(0x41, &HELLO[..3])
            .frame(PING, b"\xff")
            .frame(0x80, &HELLO[3..])
            .receives(PONG, b"\xff")
            .receives(0xc1, b"Hello")
            .closed_normally(),
        case("plain messages in between")
            .frame(0xc1, HELLO)
            .frame(TEXT, b"plain")
            .frame(0x01, b"pl")
            .frame(0x80, b"ain")
            .frame(0xc1, b"\xf2\x00\x11\x00\x00")
            .receives(0xc1, b"Hello")
            .receives(0xc1, b"plain")
            .receives(0xc1, b"plain")
            .receives(0xc1, b"Hello")
            .closed_normally(),
        case("a close inside a message")
            .frame(0x41, &HELLO[..3])
            .close_echoed(b""),
    ];
    check_cases(&["--deflate"], &cases, 13);
}

#[test]
fn invalid_reserved_bits_are_refused() {
    let case = |name: &str| Case::new(name).negotiating(PLAIN, PLAIN);
    let mut cases = vec![
        case("on a ping").frame(0xc9, b"").fails(1002),
        case("on a pong").frame(0xca, b"").fails(1002),
        case("on a close").frame(0xc8, b"\x03\xe8").fails(1002),
        case("on a continuation")
            .frame(0x41, b"")
            .frame(0xc0, HELLO)
            .fails(1002),
        case("on a continuation of a plain message")
            .frame(0x01, b"")
            .frame(0xc0, HELLO)
            .fails(1002),
        case("on a continuation of nothing")
            .frame(0xc0, HELLO)
            .fails(1002),
        case("on a reserved opcode").frame(0xc3, HELLO).fails(1002),
        case("on a text inside a text")
            .frame(0x41, b"")
            .frame(0xc1, HELLO)
            .fails(1002),
    ];
    for bits in [0x10, 0x20, 0x30, 0x50, 0x60, 0x70] {
        let name = format!("RSV {} on a text", bits >> 4);
        cases.push(case(&name).frame(TEXT | bits, HELLO).fails(1002));
    }
    check_cases(&["--deflate"], &cases, 14);
}

#[test]
fn data_that_does_not_inflate_is_refused() {
    let mut cases = Vec::new();
    for (name, payload) in [
        ("no such block", &b"\x07\x00"[..]),
        (
            "lengths of a stored block",
            b"\x00\x05\x00\x00\x00Hello\x00",
        ),
        ("plain text", b"Hello"),
        (
            "zlib's wrapper",
            b"\x78\x9c\xf3\x48\xcd\xc9\xc9\x07\x00\x05\x8c\x01\xf5",
        ),
        ("a context that was never there", b"\xf2\x00\x11\x00\x00"),
        ("code lengths", b"\x05\xff\xff\xff\xff\xff\xff"),
        ("all ones", &[0xff; 64]),
    ] {
        let case = |how| {
            Case::new(format!("{name}, {how}"))
                .negotiating(PLAIN, PLAIN)
                .fails(1007)
        };
        cases.push(case("alone").frame(0xc2, payload));
        cases.push(case("byte by byte").frame(0xc2, payload).in_pieces_of(1));
        // The rest of the message is not sent.
        let begun = case("at the beginning of a fragment").frame(0x42, payload);
        cases.push(begun);
    }
    for (name, payload) in [
        ("cut inside a block", &HELLO[..4]),
        (
            "with its tail",
            b"\xf2\x48\xcd\xc9\xc9\x07\x00\x00\x00\xff\xff",
        ),
    ] {
        let case = Case::new(name).negotiating(PLAIN, PLAIN);
        cases.push(case.frame(0xc2, payload).fails(1007));
    }
    let resets_context = "permessage-deflate; client_no_context_takeover";
    let case =
        Case::new("a context that must be reset").negotiating(resets_context, resets_context);
    let case = case.frame(0xc1, HELLO).receives(0xc1, b"Hello");
    cases.push(case.frame(0xc1, b"\xf2\x00\x11\x00\x00").fails(1007));
    check_cases(&["--deflate"], &cases, 24);
}

#[test]
fn inflated_text_fails_at_its_first_invalid_byte() {
    let mut cases = Vec::new();
    for (name, text) in [
        ("ff", &b"ab\xff"[..]),
        ("a surrogate", b"\xed\xa0"),
        ("overlong", b"\xc0"),
        ("beyond the last character", b"\xf4\x90"),
        ("Latin-1", b"caf\xe9!"),
    ] {
        let payload = Deflater::new(15, false).deflate(text);
        let case = |how| {
            Case::new(format!("{name}, {how}"))
                .negotiating(PLAIN, PLAIN)
                .fails(1007)
        };
        cases.push(case("whole").frame(0xc1, &payload));
        cases.push(case("a fragment").frame(0x41, &payload));
        let stored = [&b"\x00\xff\xff\x00\x00"[..], text].concat();
        let begun = case("in 1 MiB of a frame")
            .bytes(&head(0xc1, 1 << 20))
            .bytes(&[0; 4]);
        cases.push(begun.bytes(&stored));
    }
    let cut = Deflater::new(15, false).deflate(b"a\xe4\xbd");
    let case = Case::new("cut").negotiating(PLAIN, PLAIN);
    cases.push(case.frame(0xc1, &cut).fails(1007));
    let case = Case::new("binary is not checked as UTF-8").negotiating(PLAIN, PLAIN);
    cases.push(
        case.frame(0xc2, &cut)
            .receives(0xc2, b"a\xe4\xbd")
            .closed_normally(),
    );
    check_cases(&["--deflate"], &cases, 17);
}

#[test]
fn a_message_that_inflates_beyond_the_limit_is_refused() {
    let zeros = |size: usize| Deflater::new(15, false).deflate(&vec![0; size]);
    let case = |name: &str| Case::new(name).negotiating(PLAIN, PLAIN);
    let limit = 1 << 20;
    let bomb = zeros(8 << 20);
    let fits = case("as large as may be").frame(0xc2, &zeros(limit));
    let cases = [
        fits.receives(0xc2, &vec![0; limit]).closed_normally(),
        case("one byte more")
            .frame(0xc2, &zeros(limit + 1))
            .fails(1009),
        case("8 MiB in 8 KiB").frame(0xc2, &bomb).fails(1009),
        case("8 MiB in fragments").frame(0x42, &bomb).fails(1009),
        case("8 MiB, of which the beginning came")
            .bytes(&head(0xc2, 8000))
            .bytes(&[0; 4])
            .bytes(&bomb[..4000])
            .fails(1009),
        case("a frame larger than what it could say")
            .bytes(&head(0xc2, 1 << 40))
            .bytes(&[0; 4])
            .fails(1009),
        case("noise, which grows")
            .frame(0xc2, &Deflater::new(15, false).deflate(&noise(limit)))
            .receives(0xc2, &noise(limit))
            .closed_normally(),
    ];
    check_cases(&["--deflate", "--max-message", "1M"], &cases, 7);
}
