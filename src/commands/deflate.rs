//! The parameters of `--deflate`: those of a response for `decode`, `encode` and `serve`, those of
//! an offer for commands that open connections.

use crate::Error;
use crate::ws::extension::{self, DeflateOffer, DeflateParameters, Extension};

/// Parses the parameters of permessage-deflate as the header of a response lists them, with
/// or without the name of the extension in front.
pub(super) fn parameters(text: &str) -> Result<DeflateParameters, Error> {
    DeflateParameters::parse(&extension(text)?).map_err(|error| usage_error(&error.to_string()))
}

/// Whether a text begins with the name of permessage-deflate or of a parameter of it.
pub(super) fn names_parameters(text: &str) -> bool {
    let ends = [';', '=', ',', ' '];
    let name = text.split(ends).next().unwrap_or_default();
    let parameters = ["_no_context_takeover", "_max_window_bits"];
    name == DeflateParameters::EXTENSION || parameters.iter().any(|end| name.ends_with(end))
}

/// Parses an offer of permessage-deflate as the header of a request lists it, with or without
/// the name of the extension in front.
pub(super) fn offer(text: &str) -> Result<DeflateOffer, Error> {
    DeflateOffer::parse(&extension(text)?).map_err(|error| usage_error(&error.to_string()))
}

fn extension(text: &str) -> Result<Extension, Error> {
    let name = DeflateParameters::EXTENSION;
    let prefix = match text.trim() {
        words if words.starts_with(name) => String::new(),
        "" => name.to_owned(),
        _ => format!("{name}; "),
    };
    let value = [&prefix, text].concat();
    let extensions = extension::parse(&value).map_err(|error| {
        let before = value.get(prefix.len()..error.offset).unwrap_or_default();
        let column = 1 + before.chars().count();
        usage_error(&format!("column {column}: {error}"))
    })?;
    let mut extensions = extensions.into_iter();
    match (extensions.next(), extensions.next()) {
        (Some(extension), None) => Ok(extension),
        _ => Err(usage_error("expected one extension, found several")),
    }
}

fn usage_error(why: &str) -> Error {
    Error::Usage(format!("--deflate: {why}"))
}
