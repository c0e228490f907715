//! The formats of whole tools, which take several lines: dumps, traces, request heads.
//!
//! The reader of lines asks [`read`] at the start of each line, before it looks for literals.

use super::chunk::{Chunk, Content, Taken};
use super::{dumps, http_head, traces};

/// A reader of one format. `text` begins at the start of a line; `is_end` says that nothing follows
/// it. None unless the first lines are of the format.
///
/// A text may come in pieces, always whole lines. Where the lines that are still to come could
/// belong to the format, or are needed to tell whether it is the format, and `is_end` is not set,
/// the reader returns what it has with [`Taken::is_open`] set, and is asked again with more lines.
pub(super) type Format = fn(text: &str, is_end: bool) -> Option<Taken>;

/// The formats, in the order in which they are tried.
const FORMATS: &[Format] = &[
    traces::follow::read,
    traces::follow::read_yaml,
    traces::follow::read_c_arrays,
    traces::strace::read,
    traces::socat::read,
    traces::ngrep::read,
    traces::curl::read,
    traces::python::read_websocket_client,
    traces::python::read_http_client,
    traces::python::read_websockets,
    traces::python::read_websockets_head,
    traces::wireshark_tree::read,
    traces::wsctl::read_record,
    traces::wsctl::read_log,
    traces::har::read,
    traces::copied::read_curl,
    traces::copied::read_fetch,
    traces::headers::read,
    traces::java::read_jetty,
    traces::java::read_tls,
    traces::websocketpp::read,
    traces::tcpdump_ascii::read,
    traces::esp_idf::read,
    dumps::netty::read,
    dumps::format_hex::read,
    dumps::hexdump::read,
    traces::devtools::read,
    read_head,
];

/// What the first format takes that a text begins with.
pub(super) fn read(text: &str, is_end: bool) -> Option<Taken> {
    FORMATS.iter().find_map(|format| format(text, is_end))
}

pub(super) fn read_head(text: &str, _is_end: bool) -> Option<Taken> {
    let found = http_head::find(text)?;
    let chunk = Chunk::new(Content::Head(found.head), found.sent).at(found.time);
    Some(Taken::new(vec![chunk], found.size))
}
