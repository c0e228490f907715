use super::*;
use std::ffi::OsString;
use std::io;

use proptest::prelude::*;

/// The evidence of a caller that knows no frames.
fn nothing_fits(_: &[u8]) -> Evidence {
    Evidence::default()
}

/// All bytes of the words, and the error at their end.
fn open(words: &[&str], named: Option<Notation>) -> (Vec<u8>, Option<String>) {
    let words = words.iter().map(OsString::from).collect();
    let mut input = Input::open(Source::Arguments(words), named, nothing_fits).unwrap();
    let mut bytes = Vec::new();
    loop {
        match input.advance() {
            Ok(true) => bytes.extend_from_slice(input.chunk().bytes),
            Ok(false) => return (bytes, None),
            Err(error) => return (bytes, Some(error.to_string())),
        }
    }
}

#[test]
fn words_are_joined() {
    let bytes = vec![0x81, 2, b'h', b'i'];
    assert_eq!(open(&["8102", "68 69"], None), (bytes.clone(), None));
    assert_eq!(open(&[r"b\x81\x02hi"], None), (bytes, None));
}

#[test]
fn a_notation_that_is_named_is_not_guessed() {
    let bytes = b"8102".to_vec();
    assert_eq!(open(&["8102"], Some(Notation::Escaped)), (bytes, None));
    assert_eq!(open(&["81"], Some(Notation::Raw)), (b"81".to_vec(), None));
}

#[test]
fn bytes_before_an_error_are_given() {
    let error = "the arguments as hex, \
                 column 7: expected a hexadecimal digit, found `z`";
    assert_eq!(
        open(&["81 05 zz"], Some(Notation::Hex)),
        (vec![0x81, 5], Some(error.into()))
    );
}

#[test]
fn arguments_are_never_raw_by_themselves() {
    let error = "the arguments as hex, \
                 column 1: expected a hexadecimal digit, found `’`";
    assert_eq!(open(&["’81"], None), (vec![], Some(error.into())));
}

#[test]
fn nothing_is_an_error() {
    let error = "expected frames in the arguments, found no bytes";
    assert_eq!(open(&[" "], None), (vec![], Some(error.into())));
}

#[test]
fn a_large_raw_source_comes_in_pieces_and_whole() {
    let bytes: Vec<u8> = (0..=255).cycle().take(PIECE * 3 + 7).collect();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    io::Write::write_all(&mut file, &bytes).unwrap();
    let mut input = Input::open(Source::of_path(file.path().into()), None, nothing_fits).unwrap();
    let mut read = Vec::new();
    while input.advance().unwrap() {
        read.extend_from_slice(input.chunk().bytes);
    }
    assert!(input.is_raw());
    assert!(read == bytes);
}

/// Gives so many bytes a time, and again from the first size on.
struct Trickle {
    bytes: Vec<u8>,
    at: usize,
    sizes: Vec<usize>,
    turn: usize,
}

impl Read for Trickle {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = &self.bytes[self.at..];
        let size = self.sizes[self.turn % self.sizes.len()];
        let size = size.min(rest.len()).min(buffer.len());
        buffer[..size].copy_from_slice(&rest[..size]);
        self.at += size;
        self.turn += 1;
        Ok(size)
    }
}

/// All bytes, and all that is told of the error at their end.
fn drain(mut input: Input) -> (Vec<u8>, Option<[String; 4]>) {
    let mut bytes = Vec::new();
    loop {
        match input.advance() {
            Ok(true) => {
                assert!(!input.chunk().bytes.is_empty());
                bytes.extend_from_slice(input.chunk().bytes);
            }
            Ok(false) => return (bytes, None),
            Err(error) => {
                let [excerpt, caret] = error.caret_lines().unwrap();
                let hint = error.hint().unwrap_or_default().to_owned();
                let told = [error.to_string(), excerpt, caret, hint];
                return (bytes, Some(told));
            }
        }
    }
}

/// Checks that a text, which comes in pieces of these sizes, is what it is as whole hexadecimal.
#[track_caller]
fn check_in_pieces(text: &[u8], sizes: &[usize], source: Source, named: Option<Notation>) {
    let mut whole = Vec::new();
    let error = Notation::Hex.read(without_mark(text), &mut whole).err();
    let error = error.map(|error| {
        let [excerpt, caret] = error.caret_lines();
        let hint = "--input raw takes these bytes as they are";
        let hint = if named.is_none() { hint } else { "" };
        [
            format!("{source} as hex, {error}"),
            excerpt,
            caret,
            hint.to_owned(),
        ]
    });
    let reader = Trickle {
        bytes: text.to_vec(),
        at: 0,
        sizes: sizes.to_vec(),
        turn: 0,
    };
    let is_file = source.is_file();
    let mut input = Input::read(source, Box::new(reader), is_file, named, nothing_fits).unwrap();
    let is_long = |input: &Input| matches!(input.bytes, ByteSource::Hexadecimal(_));
    assert!(is_long(&input) || input.advance().is_ok() && is_long(&input));
    let before = input.chunk().bytes.to_vec();
    let (rest, told) = drain(input);
    assert!([before, rest].concat() == whole);
    assert_eq!(told, error);
}

fn file() -> Source {
    Source::of_path("frames.hex".into())
}

/// How long hexadecimal is written, in each of the forms that stream.
const FORMS: &[fn(&[u8]) -> String] = &[
    digits,
    |bytes| written(bytes, |byte| format!("{byte:02X} ")),
    |bytes| written(bytes, |byte| format!("{byte:02x}:")),
    |bytes| written(bytes, |byte| format!("0x{byte:02x}, ")),
    |bytes| {
        let line = |line: &[u8]| digits(line) + "\r\n";
        bytes.chunks(67).map(line).collect()
    },
    |bytes| {
        let word = |word: &[u8]| digits(word) + " ";
        bytes.chunks(2).map(word).collect()
    },
];

fn digits(bytes: &[u8]) -> String {
    written(bytes, |byte| format!("{byte:02x}"))
}

fn written(bytes: &[u8], byte: fn(&u8) -> String) -> String {
    bytes.iter().map(byte).collect()
}

/// This many bytes of all kinds.
fn many_bytes(count: usize) -> Vec<u8> {
    let bytes = (0..count).map(|at| (at * at / 7 + 0x81) % 256);
    bytes.map(|byte| u8::try_from(byte).unwrap()).collect()
}

#[test]
fn long_hexadecimal_in_pieces_is_what_it_is_whole() {
    let bytes = many_bytes(PIECE / 3);
    for form in FORMS {
        let text = form(&bytes);
        let sizes = [70_001, 1, 2, 3, 4093];
        check_in_pieces(text.as_bytes(), &[usize::MAX], file(), None);
        check_in_pieces(text.as_bytes(), &sizes, Source::Stdin, None);
    }
    let marked = ["\u{feff}", &digits(&bytes)].concat();
    check_in_pieces(marked.as_bytes(), &[4099], Source::Stdin, None);
    // Without a letter it could be decimals, but not if it is named hexadecimal.
    let (text, named) = (b"31 ".repeat(PIECE / 2), Some(Notation::Hex));
    check_in_pieces(&text, &[65_537], file(), named);
}

#[test]
fn a_long_text_that_could_be_something_else_does_not_stream() {
    let decimals = "10, 11, 12, 13, ".repeat(PIECE / 8) + "129";
    let dump = Notation::Hexdump.write(&many_bytes(PIECE / 4));
    let escapes = r"\x81 \xfe ".repeat(PIECE / 8).into_bytes();
    for text in [decimals.into_bytes(), dump, escapes] {
        let read = |is_file| {
            let reader = Box::new(io::Cursor::new(text.clone()));
            Input::read(Source::Stdin, reader, is_file, None, nothing_fits).unwrap()
        };
        let input = read(false);
        assert!(matches!(input.bytes, ByteSource::Pasted(_)));
        assert!(drain(input) == drain(read(true)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn an_error_after_long_hexadecimal_is_that_of_the_whole_text(
        form in prop::sample::select(FORMS),
        end in "[0-9a-fz,é \t\r\n\\\\x😀]{0,90}",
        far in prop_oneof![Just(0_usize), 0..PIECE / 2],
        end_of_text in prop_oneof![Just(""), Just("\n"), Just(" \r\n81\n"), Just("81\u{2028}")],
        sizes in prop::collection::vec(1_usize..200_000, 1..6),
        source in prop::sample::select(vec![Source::Stdin, file()]),
        is_named: bool,
    ) {
        let text = form(&many_bytes(PIECE / 7)) + &end + &" ".repeat(far) + end_of_text;
        let named = is_named.then_some(Notation::Hex);
        check_in_pieces(text.as_bytes(), &sizes, source, named);
    }
}

#[test]
fn a_live_pipe_is_not_kept_waiting() {
    let lines = "810548656c6c6f\n".repeat(10_000);
    let reader = Trickle {
        bytes: lines.into_bytes(),
        at: 0,
        sizes: vec![15],
        turn: 0,
    };
    let begins_frames = |_: &[u8]| Evidence {
        fit: Fit::Whole,
        ..Evidence::default()
    };
    let reader = Box::new(reader);
    let mut input = Input::read(Source::Stdin, reader, false, None, begins_frames).unwrap();
    for _ in 0..100 {
        assert!(input.advance().unwrap());
        let chunk = input.chunk();
        assert_eq!((chunk.bytes, chunk.is_last), (&b"\x81\x05Hello"[..], false));
    }
}
