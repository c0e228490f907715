//! The header `Sec-WebSocket-Extensions`, and what is agreed on by it.

use wsctl::ws::extension::{self, DeflateOffer, DeflateParameters, Extension};

/// What was read is read again from what is written, and an answer to an offer fits it.
pub fn holds(bytes: &[u8]) {
    let value = String::from_utf8_lossy(bytes);
    let Ok(extensions) = extension::parse(&value) else {
        let fault = extension::parse(&value).unwrap_err();
        assert_eq!(value[fault.offset..].chars().next(), fault.found);
        assert!(!fault.to_string().is_empty());
        return;
    };
    assert!(!extensions.is_empty());
    for extension in &extensions {
        assert_eq!(reread(extension), Some(extension.clone()));
        answers(extension, &extensions);
        if let Ok(parameters) = DeflateParameters::parse(extension) {
            let again = reread(&parameters).unwrap();
            assert_eq!(DeflateParameters::parse(&again), Ok(parameters));
        }
    }
}

/// The one extension that a text says.
fn reread(text: &impl ToString) -> Option<Extension> {
    let mut extensions = extension::parse(&text.to_string()).ok()?;
    extensions.pop().filter(|_| extensions.is_empty())
}

/// Whatever a server prefers, its answer to an offer is one that the client takes.
fn answers(offer: &Extension, others: &[Extension]) {
    let Ok(offer) = DeflateOffer::parse(offer) else {
        return;
    };
    let again = reread(&offer).unwrap();
    assert_eq!(DeflateOffer::parse(&again), Ok(offer));
    let preferred = others
        .iter()
        .filter_map(|other| DeflateParameters::parse(other).ok());
    for preferred in preferred.chain([DeflateParameters::default()]) {
        if let Some(agreed) = offer.accept(&preferred) {
            let answer = reread(&agreed).unwrap();
            assert_eq!(offer.answered_by(&answer), Ok(agreed));
        }
    }
    for answer in others {
        let _ = offer.answered_by(answer);
    }
}
