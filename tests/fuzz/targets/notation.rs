//! The notations: what is written is read back, and any text is read or refused.

use wsctl::input::{Evidence, Input, InputError, Source};
use wsctl::notation::{Notation, NotationError};

use super::Choices;

/// Checks that bytes written in a notation are read back; that any text gives bytes or the position of
/// an error; and that the number of bytes is limited by the size of the text.
pub fn holds(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let notation = Notation::ALL[usize::from(choices.up_to(7))];
    let text = choices.rest();
    is_read_or_refused(notation, text);
    is_read_or_refused(Notation::guess(text), text);
    is_pasted(text);
    for notation in Notation::WRITABLE {
        comes_back(*notation, text);
    }
}

/// Checks that the reader of pastes gives chunks, none empty, or the position of an error.
fn is_pasted(text: &[u8]) {
    let mut input = Input::of_bytes(Source::Stdin, text, |_| Evidence::default()).unwrap();
    loop {
        match input.advance() {
            Ok(true) => assert!(!input.chunk().bytes.is_empty()),
            Ok(false) | Err(InputError::Empty { .. } | InputError::Unreadable { .. }) => break,
            Err(InputError::Notation { error, .. }) => {
                has_its_place(&error);
                break;
            }
        }
        for notice in input.notices() {
            assert!(!notice.to_string().is_empty());
        }
    }
}

fn is_read_or_refused(notation: Notation, text: &[u8]) {
    let mut bytes = b"before".to_vec();
    if let Err(fault) = notation.read(text, &mut bytes) {
        has_its_place(&fault);
    }
    assert!(bytes.starts_with(b"before"));
    notation.omitted_bytes(text);
    notation.other_reading(text);
}

fn has_its_place(fault: &NotationError) {
    assert!(fault.line > 0 && fault.column > 0);
    assert!(fault.caret <= fault.excerpt.chars().count());
    for line in fault.caret_lines() {
        assert!(!line.contains(wsctl::render::escape::is_unsafe), "{line:?}");
    }
}

/// Checks that bytes written in a notation are read back, with the notation named; and without, where
/// no other notation fits.
fn comes_back(notation: Notation, bytes: &[u8]) {
    let text = notation.write(bytes);
    let read = |notation: Notation| {
        let mut again = Vec::new();
        notation.read(&text, &mut again).map(|()| again)
    };
    assert_eq!(read(notation), Ok(bytes.to_vec()), "{notation:?}");
    let is_plain = matches!(
        notation,
        Notation::Raw | Notation::Escaped | Notation::Base64
    );
    if !is_plain && !bytes.is_empty() {
        assert_eq!(
            read(Notation::guess(&text)),
            Ok(bytes.to_vec()),
            "{notation:?}"
        );
    }
}
