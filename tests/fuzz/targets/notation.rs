//! The ways to write bytes: what is written is read again, and any text is read or refused.

use wsctl::notation::{Notation, NotationError, Paste};

use super::Choices;

/// Any bytes come back from any notation, and any text gives bytes or a place where it is
/// wrong, and no more bytes than a text of its size can say.
pub fn holds(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let notation = Notation::ALL[usize::from(choices.up_to(7))];
    let text = choices.rest();
    is_read_or_refused(notation, text);
    is_read_or_refused(Notation::guess(text), text);
    for said in [None, Some(notation)] {
        let paste = Paste::read(text, said);
        if let Some((_, fault)) = &paste.fault {
            has_its_place(fault);
        }
    }
    for notation in Notation::WRITABLE {
        comes_back(*notation, text);
    }
}

fn is_read_or_refused(notation: Notation, text: &[u8]) {
    let mut bytes = b"before".to_vec();
    if let Err(fault) = notation.read(text, &mut bytes) {
        has_its_place(&fault);
    }
    assert!(bytes.starts_with(b"before"));
    notation.left_out(text);
    notation.alternative(text);
}

fn has_its_place(fault: &NotationError) {
    assert!(fault.line > 0 && fault.column > 0);
    assert!(fault.caret <= fault.excerpt.chars().count());
    for line in fault.picture() {
        assert!(!line.contains(wsctl::render::escape::is_unsafe), "{line:?}");
    }
}

/// These bytes are read from what they are written as, by whoever is told the notation; and by
/// whoever is not, where it cannot be another one.
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
