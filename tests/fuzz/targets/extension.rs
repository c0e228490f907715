//! The header `Sec-WebSocket-Extensions` and the negotiation.

use wsctl::ws::extension::{self, DeflateOffer, DeflateParameters, Extension};

/// Checks that a parsed header is parsed equally after writing it, and that each response fits its
/// offer.
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

/// The only extension in a header value.
fn reread(text: &impl ToString) -> Option<Extension> {
    let mut extensions = extension::parse(&text.to_string()).ok()?;
    extensions.pop().filter(|_| extensions.is_empty())
}

/// Checks that the client accepts the server's response, whatever the server is configured to.
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
