//! The parameters of `--deflate`, for `decode`, `encode` and `serve`.

use crate::Error;
use crate::ws::extension::{self, DeflateParameters};

/// Parses the parameters of permessage-deflate as the header of a response lists them, with
/// or without the name of the extension in front.
pub(super) fn parameters(text: &str) -> Result<DeflateParameters, Error> {
    let name = DeflateParameters::EXTENSION;
    let prefix = match text.trim() {
        words if words.starts_with(name) => String::new(),
        "" => name.to_owned(),
        _ => format!("{name}; "),
    };
    let error = |why: String| Error::Usage(format!("--deflate: {why}"));
    let value = [&prefix, text].concat();
    let extensions = extension::parse(&value).map_err(|fault| {
        let before = value.get(prefix.len()..fault.offset).unwrap_or_default();
        let column = 1 + before.chars().count();
        error(format!("column {column}: {fault}"))
    })?;
    let [extension] = extensions.as_slice() else {
        return Err(error("expected one extension, found several".to_owned()));
    };
    DeflateParameters::parse(extension).map_err(|fault| error(fault.to_string()))
}
