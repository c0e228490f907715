//! The formats of tools that take several lines: dumps, traces, request heads.
//!
//! The reader of pastes calls [`read`] at the start of each line, before it looks for literals.

use super::chunk::{Chunk, Content, Taken};
use super::http_head::FoundHead;
use super::line_prefix::{LinePrefix, size_of_lines};
use super::{dumps, http_head, traces};

/// A reader of one format. `text` begins at the start of a line. Returns None if the first lines
/// are not of the format.
///
/// A text may come in pieces of whole lines. `is_end`: no more lines follow. If later lines may belong
/// to the format, or are needed to decide whether it is this format, the reader returns what it has
/// with [`Taken::is_open`] set. It is called again with more lines.
pub(super) type FormatReader = fn(text: &str, is_end: bool) -> Option<Taken>;

/// The formats, in the order of trying them.
const FORMATS: &[FormatReader] = &[
    read_plain_head,
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
    traces::tshark_json::read,
    traces::tshark_ek::read,
    traces::tshark_pdml::read,
    traces::tcpflow::read,
    traces::copied::read_curl,
    traces::copied::read_fetch,
    traces::copied::read_powershell,
    traces::okhttp::read,
    traces::mitmproxy::read_head,
    traces::mitmproxy::read_message,
    traces::proxies::read_haproxy,
    traces::proxies::read_nginx,
    traces::proxies::read_envoy,
    traces::tungstenite::read,
    traces::header_list::printed::read,
    traces::header_list::pseudo_headers::read,
    traces::header_list::rows::read,
    traces::java::read_jetty,
    traces::java::read_tls,
    traces::websocketpp::read,
    traces::tcpdump_ascii::read,
    traces::esp_idf::read,
    dumps::bare_packets::read,
    dumps::hexyl::read,
    dumps::netty::read,
    dumps::format_hex::read,
    dumps::od::read,
    dumps::hexdump::read,
    dumps::packet_list::read,
    traces::header_list::network_panel::read,
    read_head,
];

/// What the first format that fits reads at the start of a text. Each line may have a prefix that is
/// not part of the format.
pub(super) fn read(text: &str, is_end: bool) -> Option<Taken> {
    let Some(prefix) = LinePrefix::of(text) else {
        return read_lines(text, is_end);
    };
    if !prefix.is_quotation() {
        return read_lines(text, is_end).or_else(|| read_without(prefix, text, is_end));
    }
    let has_bytes = |taken: &Taken| {
        let is_head = |chunk: &Chunk| matches!(chunk.content, Content::Head(_));
        !taken.chunks.iter().all(is_head)
    };
    // A mark before a head says who sent it.
    match read_without(prefix, text, is_end) {
        Some(taken) if has_bytes(&taken) => Some(taken),
        heads => read_lines(text, is_end).or(heads),
    }
}

fn read_lines(text: &str, is_end: bool) -> Option<Taken> {
    FORMATS.iter().find_map(|format| format(text, is_end))
}

/// What a format reads of lines without their prefix.
fn read_without(prefix: LinePrefix<'_>, text: &str, is_end: bool) -> Option<Taken> {
    /// Enough bytes to decide whether they are of a format.
    const FIRST: usize = 2 << 10;
    let mut most = FIRST;
    loop {
        let lines = prefix.strip_all(text, most);
        let is_end_of_lines = is_end || most < text.len();
        let mut taken = read_lines(&lines, is_end_of_lines).or_else(|| {
            let words = LinePrefix::of(&lines).filter(|inner| inner.is_of_words())?;
            (!prefix.is_of_words()).then(|| read_without(words, &lines, is_end_of_lines))?
        })?;
        let is_all = taken.size >= lines.len();
        if is_all && most < text.len() {
            most *= 2;
            continue;
        }
        let taken_lines = lines.get(..taken.size)?;
        let count = memchr::memchr_iter(b'\n', taken_lines.as_bytes()).count();
        let is_last_open = !taken_lines.ends_with('\n');
        taken.size = size_of_lines(text, count + usize::from(is_last_open));
        taken.is_open &= taken.size >= text.len();
        return Some(taken);
    }
}

/// Reads a head of the usual form. Long texts of heads are read fast with it.
fn read_plain_head(text: &str, _is_end: bool) -> Option<Taken> {
    http_head::find_plain(text).map(taken_head)
}

pub(super) fn read_head(text: &str, _is_end: bool) -> Option<Taken> {
    http_head::find(text).map(taken_head)
}

fn taken_head(found: FoundHead<'_>) -> Taken {
    let chunk = Chunk::new(Content::Head(found.head), found.sent).at(found.time);
    Taken::new(vec![chunk], found.size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_head_is_of_no_other_format() {
        let heads = [
            "GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n",
            "POST / HTTP/1.1\nHost: a\nContent-Length: 2\n\n{}\n",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\nServer: a\r\n\r\n81 05 48 65 6c 6c 6f\n",
        ];
        for text in heads {
            let takes = |format: &&FormatReader| format(text, true).is_some();
            assert_eq!(FORMATS.iter().filter(takes).count(), 2, "{text}");
        }
    }
}
