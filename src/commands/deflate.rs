//! What `--deflate` says.

use crate::Error;
use crate::ws::extension::{self, DeflateParameters};

/// Reads the parameters of permessage-deflate as a response has them, with the name of the
/// extension in front of them or without it.
pub(super) fn parameters(text: &str) -> Result<DeflateParameters, Error> {
    let name = DeflateParameters::EXTENSION;
    let prefix = match text.trim() {
        words if words.starts_with(name) => String::new(),
        "" => name.to_owned(),
        _ => format!("{name}; "),
    };
    let refusal = |why: String| Error::Usage(format!("--deflate: {why}"));
    let value = [&prefix, text].concat();
    let extensions = extension::parse(&value).map_err(|fault| {
        let before = value.get(prefix.len()..fault.offset).unwrap_or_default();
        let column = 1 + before.chars().count();
        refusal(format!("column {column}: {fault}"))
    })?;
    let [extension] = extensions.as_slice() else {
        return Err(refusal("expected one extension, found several".to_owned()));
    };
    DeflateParameters::parse(extension).map_err(|fault| refusal(fault.to_string()))
}
