use super::*;
use std::ffi::OsString;
use std::io;

use proptest::prelude::*;

/// A judge that knows no frames.
fn nothing_fits(_: &[u8]) -> Evidence {
    Evidence::default()
}

/// All octets of the words, and the error at their end.
fn open(words: &[&str], notation: Option<Notation>) -> (Notation, Vec<u8>, Option<String>) {
    let words = words.iter().map(OsString::from).collect();
    let mut input = Input::open(Source::Arguments(words), notation, nothing_fits).unwrap();
    let mut octets = Vec::new();
    loop {
        match input.next_chunk() {
            Ok(Some(piece)) => octets.extend_from_slice(piece.bytes),
            Ok(None) => return (input.notation(), octets, None),
            Err(error) => return (input.notation(), octets, Some(error.to_string())),
        }
    }
}

#[test]
fn words_are_joined() {
    let octets = vec![0x81, 2, b'h', b'i'];
    assert_eq!(
        open(&["8102", "68 69"], None),
        (Notation::Hex, octets.clone(), None)
    );
    assert_eq!(
        open(&[r"b\x81\x02hi"], None),
        (Notation::Python, octets, None)
    );
}

#[test]
fn a_notation_that_is_said_is_not_guessed() {
    let octets = b"8102".to_vec();
    assert_eq!(
        open(&["8102"], Some(Notation::Escaped)),
        (Notation::Escaped, octets, None)
    );
    assert_eq!(
        open(&["81"], Some(Notation::Raw)),
        (Notation::Raw, b"81".to_vec(), None)
    );
}

#[test]
fn octets_before_an_error_are_given() {
    let error = "the arguments as hex, \
                 column 3: expected a hexadecimal digit, found `z`";
    assert_eq!(
        open(&["81zz"], None),
        (Notation::Hex, vec![0x81], Some(error.into()))
    );
}

#[test]
fn arguments_are_never_raw_by_themselves() {
    let error = "the arguments as hex, \
                 column 1: expected a hexadecimal digit, found `’`";
    assert_eq!(
        open(&["’81"], None),
        (Notation::Hex, vec![], Some(error.into()))
    );
}

#[test]
fn nothing_is_an_error() {
    let error = "expected frames in the arguments, found no bytes";
    assert_eq!(
        open(&[" "], None),
        (Notation::Hex, vec![], Some(error.into()))
    );
}

#[test]
fn a_large_raw_source_comes_in_pieces_and_whole() {
    let octets: Vec<u8> = (0..=255).cycle().take(PIECE * 3 + 7).collect();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    io::Write::write_all(&mut file, &octets).unwrap();
    let mut input = Input::open(Source::of_path(file.path().into()), None, nothing_fits).unwrap();
    let mut read = Vec::new();
    while let Some(piece) = input.next_chunk().unwrap() {
        read.extend_from_slice(piece.bytes);
    }
    assert_eq!(input.notation(), Notation::Raw);
    assert!(read == octets);
}

/// Gives so many octets a time, and again from the first size on.
struct Trickle {
    octets: Vec<u8>,
    at: usize,
    sizes: Vec<usize>,
    turn: usize,
}

impl Read for Trickle {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = &self.octets[self.at..];
        let size = self.sizes[self.turn % self.sizes.len()];
        let size = size.min(rest.len()).min(buffer.len());
        buffer[..size].copy_from_slice(&rest[..size]);
        self.at += size;
        self.turn += 1;
        Ok(size)
    }
}

/// All octets, and all that is told of the error at their end.
fn drain(mut input: Input) -> (Vec<u8>, Option<[String; 4]>) {
    let mut octets = Vec::new();
    loop {
        match input.next_chunk() {
            Ok(Some(piece)) => {
                assert!(!piece.bytes.is_empty());
                octets.extend_from_slice(piece.bytes);
            }
            Ok(None) => return (octets, None),
            Err(error) => {
                let [excerpt, caret] = error.picture().unwrap();
                let hint = error.hint().unwrap_or_default().to_owned();
                let told = [error.to_string(), excerpt, caret, hint];
                return (octets, Some(told));
            }
        }
    }
}

/// Checks that a text, which comes in pieces of these sizes, is what it is as whole hexadecimal.
#[track_caller]
fn check_in_pieces(text: &[u8], sizes: &[usize], source: Source, said: Option<Notation>) {
    // A long text is taken for hexadecimal by its beginning, whatever follows.
    let as_hexadecimal = Some(Notation::Hex);
    let mut whole = drain(Input::of_text(
        source.clone(),
        as_hexadecimal,
        text,
        nothing_fits,
    ));
    if let (Some([.., hint]), None) = (&mut whole.1, said) {
        "--input raw takes these bytes as they are".clone_into(hint);
    }
    let reader = Trickle {
        octets: text.to_vec(),
        at: 0,
        sizes: sizes.to_vec(),
        turn: 0,
    };
    let input = Input::read(source, Box::new(reader), said, nothing_fits).unwrap();
    assert!(matches!(input.octets, Octets::Hex { .. }));
    assert_eq!(input.notation(), Notation::Hex);
    let (octets, error) = drain(input);
    assert!(octets == whole.0);
    assert_eq!(error, whole.1);
}

fn file() -> Source {
    Source::of_path("frames.hex".into())
}

/// How long hexadecimal is written, in each of the forms that stream.
const FORMS: &[fn(&[u8]) -> String] = &[
    digits,
    |octets| written(octets, |octet| format!("{octet:02X} ")),
    |octets| written(octets, |octet| format!("{octet:02x}:")),
    |octets| written(octets, |octet| format!("0x{octet:02x}, ")),
    |octets| {
        let line = |line: &[u8]| digits(line) + "\r\n";
        octets.chunks(67).map(line).collect()
    },
    |octets| {
        let word = |word: &[u8]| digits(word) + " ";
        octets.chunks(2).map(word).collect()
    },
];

fn digits(octets: &[u8]) -> String {
    written(octets, |octet| format!("{octet:02x}"))
}

fn written(octets: &[u8], octet: fn(&u8) -> String) -> String {
    octets.iter().map(octet).collect()
}

/// So many octets of all kinds.
fn many_octets(count: usize) -> Vec<u8> {
    let octets = (0..count).map(|at| (at * at / 7 + 0x81) % 256);
    octets.map(|octet| u8::try_from(octet).unwrap()).collect()
}

#[test]
fn long_hexadecimal_in_pieces_is_what_it_is_whole() {
    let octets = many_octets(PIECE / 3);
    for form in FORMS {
        let text = form(&octets);
        let sizes = [70_001, 1, 2, 3, 4093];
        check_in_pieces(text.as_bytes(), &[usize::MAX], file(), None);
        check_in_pieces(text.as_bytes(), &sizes, Source::Stdin, None);
    }
    let marked = ["\u{feff}", &digits(&octets)].concat();
    check_in_pieces(marked.as_bytes(), &[4099], Source::Stdin, None);
    // Without a letter it could be decimals, but not if it is said to be hexadecimal.
    let (text, said) = (b"31 ".repeat(PIECE / 2), Some(Notation::Hex));
    check_in_pieces(&text, &[65_537], file(), said);
}

#[test]
fn a_long_text_that_could_be_something_else_is_taken_whole() {
    let decimals = "10, 11, 12, 13, ".repeat(PIECE / 8) + "129";
    let dump = Notation::Hexdump.write(&many_octets(PIECE / 4));
    let escapes = r"\x81 \xfe ".repeat(PIECE / 8).into_bytes();
    for text in [decimals.into_bytes(), dump, escapes] {
        let reader = Box::new(io::Cursor::new(text.clone()));
        let input = Input::read(Source::Stdin, reader, None, nothing_fits).unwrap();
        assert!(matches!(input.octets, Octets::Read { .. }));
        let whole = Input::of_text(Source::Stdin, None, &text, nothing_fits);
        assert_eq!(input.notation(), whole.notation());
        assert_eq!(input.alternative(), whole.alternative());
        assert!(drain(input) == drain(whole));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn an_error_far_behind_tells_what_it_tells_of_a_whole_text(
        form in prop::sample::select(FORMS),
        end in "[0-9a-fz,é \t\r\n\\\\x😀]{0,90}",
        far in prop_oneof![Just(0_usize), 0..PIECE / 2],
        behind in prop_oneof![Just(""), Just("\n"), Just(" \r\n81\n"), Just("81\u{2028}")],
        sizes in prop::collection::vec(1_usize..200_000, 1..6),
        source in prop::sample::select(vec![Source::Stdin, file()]),
        is_said: bool,
    ) {
        let text = form(&many_octets(PIECE / 7)) + &end + &" ".repeat(far) + behind;
        let said = is_said.then_some(Notation::Hex);
        check_in_pieces(text.as_bytes(), &sizes, source, said);
    }
}

#[test]
fn a_live_pipe_is_not_kept_waiting() {
    let lines = "810548656c6c6f\n".repeat(10_000);
    let reader = Trickle {
        octets: lines.clone().into_bytes(),
        at: 0,
        sizes: vec![15],
        turn: 0,
    };
    let mut input = Input::read(Source::Stdin, Box::new(reader), None, nothing_fits).unwrap();
    let first = input.next_chunk().unwrap().unwrap().bytes.len();
    assert!(first < (64 << 10), "{first}");
    for _ in 0..100 {
        let piece = input.next_chunk().unwrap().unwrap();
        assert_eq!((piece.bytes, piece.is_last), (&b"\x81\x05Hello"[..], false));
    }
}
