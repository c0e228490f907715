//! The table of `wsctl handshake`: each head with its headers and a mark for each, then what
//! both heads agree on. [`finding`](super::finding) draws the findings.

mod rows;

use super::escape;
use super::style::{Style, StyleRole};
use super::wrap::wrap;
use crate::diagnosis::{Finding, LocationScope};
use crate::ws::handshake::{
    Handshake, HeadLines, LineEnds, ParsedHead, RequestHead, ResponseHead, accept_value,
    offered_subprotocols,
};
use rows::{HeaderMark, HeaderRow};

/// The width of the table, in columns.
const WIDTH: usize = 80;

/// The column of the values of headers.
const VALUE: usize = 37;

/// The column of the texts in the summary.
const SUMMARY: usize = 14;

/// Appends the table. The marks of the headers are those of the findings.
pub fn push_handshake(
    out: &mut Vec<u8>,
    style: Style,
    handshake: &Handshake,
    findings: &[Finding],
) {
    let mut table = HeadTable { out, style };
    let ends = handshake.ends;
    if let Some(request) = &handshake.request {
        let rows = rows::of_head(LocationScope::Request, &request.lines, findings, |_| true);
        table.head("request", &request.lines, &rows);
        table.remarks(&request.lines, &rows, ends, after_request(request));
    }
    if let Some(response) = &handshake.response {
        let is_checked = |name: &str| {
            response.head.status == 101
                && (name != "sec-websocket-accept" || handshake.key().is_some())
        };
        let rows = rows::of_head(
            LocationScope::Response,
            &response.lines,
            findings,
            is_checked,
        );
        table.head("response", &response.lines, &rows);
        table.remarks(&response.lines, &rows, ends, after_response(response));
    }
    table.summary([
        ("accept", accept(handshake)),
        ("subprotocol", subprotocol(handshake)),
        ("extensions", extensions(handshake)),
    ]);
}

struct HeadTable<'a> {
    out: &'a mut Vec<u8>,
    style: Style,
}

impl HeadTable<'_> {
    fn head(&mut self, what: &str, lines: &HeadLines, rows: &[HeaderRow]) {
        if !self.out.is_empty() {
            self.text("\n");
        }
        self.style.push(self.out, StyleRole::Name, what);
        let first = lines.lines().first().map(|line| line.bytes.as_slice());
        let first = String::from_utf8_lossy(first.unwrap_or_default()).into_owned();
        let indent = "response  ".len();
        self.pad(what.len(), indent);
        self.text(&elided(&escape::text(&first), WIDTH - indent));
        self.text("\n");
        for row in rows {
            self.row(row);
        }
    }

    /// `  WRONG    Sec-WebSocket-Version     8  13 is needed`.
    fn row(&mut self, row: &HeaderRow) {
        let (word, meaning) = match row.mark {
            HeaderMark::None => ("", StyleRole::Aside),
            HeaderMark::Right => ("ok", StyleRole::Aside),
            HeaderMark::Odd => ("odd", StyleRole::Suspicion),
            HeaderMark::Wrong => ("WRONG", StyleRole::Violation),
            HeaderMark::Missing => ("MISSING", StyleRole::Violation),
        };
        let (name, value) = (escape::text(&row.name), escape::text(&row.value));
        let name = elided(&name, VALUE - 13);
        self.text("  ");
        if !word.is_empty() {
            self.style.push(self.out, meaning, word);
        }
        let mut column = 2 + word.len();
        for (text, next) in [(name, 11), (elided(&value, WIDTH - VALUE), VALUE)] {
            if !text.is_empty() {
                self.pad(column, next);
                self.text(&text);
                column = next + text.chars().count();
            }
        }
        if let Some(remark) = &row.remark {
            self.remark(&escape::text(remark), column);
        }
        self.text("\n");
    }

    /// Appends what is wrong: after the value if there is room, otherwise in the next line.
    fn remark(&mut self, remark: &str, column: usize) {
        let beside = column + 2;
        if beside <= VALUE && VALUE + remark.chars().count() <= WIDTH {
            self.pad(column, VALUE);
        } else if beside > VALUE && beside + remark.chars().count() <= WIDTH {
            self.text("  ");
        } else {
            self.text("\n");
            self.pad(0, VALUE);
        }
        let remark = wrap(remark, WIDTH - VALUE).join("\n");
        let remark = remark.replace('\n', &format!("\n{}", " ".repeat(VALUE)));
        self.style.push(self.out, StyleRole::Name, &remark);
    }

    /// Appends a line with the number of headers left out and of bytes after the head.
    fn remarks(
        &mut self,
        lines: &HeadLines,
        rows: &[HeaderRow],
        ends: LineEnds,
        after: Option<String>,
    ) {
        let more = rows::count(lines) - rows.iter().filter(|row| row.is_header).count();
        let mut remarks = Vec::new();
        match more {
            0 => {}
            1 => remarks.push("1 more header".to_owned()),
            more => remarks.push(format!("{more} more headers")),
        }
        if ends == LineEnds::AsPasted && lines.are_lf_only() && !lines.has_blank_line() {
            remarks.push("no empty line, as pasted".to_owned());
        }
        remarks.extend(after);
        if !remarks.is_empty() {
            let line = format!("           {}", remarks.join("; "));
            self.style.push(self.out, StyleRole::Aside, &line);
            self.text("\n");
        }
    }

    fn summary(&mut self, parts: [(&str, Option<String>); 3]) {
        let parts = parts.into_iter();
        let parts: Vec<_> = parts
            .filter_map(|(name, text)| Some((name, text?)))
            .collect();
        if !parts.is_empty() {
            self.text("\n");
        }
        for (name, text) in parts {
            self.part_of_summary(name, &text);
        }
    }

    fn part_of_summary(&mut self, name: &str, text: &str) {
        self.style.push(self.out, StyleRole::Name, name);
        self.pad(name.len(), SUMMARY);
        for (at, part) in text.lines().enumerate() {
            if at > 0 {
                self.pad(0, SUMMARY);
            }
            let part = wrap(&escape::text(part), WIDTH - SUMMARY).join("\n");
            self.text(&part.replace('\n', &format!("\n{}", " ".repeat(SUMMARY))));
            self.text("\n");
        }
    }

    /// Appends spaces up to a column, at least one.
    fn pad(&mut self, from: usize, to: usize) {
        let count = to.saturating_sub(from).max(1);
        self.out.extend(std::iter::repeat_n(b' ', count));
    }

    fn text(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }
}

/// A text, cut at its end to a width in columns.
fn elided(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{kept}…")
}

fn after_request(request: &ParsedHead<RequestHead>) -> Option<String> {
    bytes_after(request, "follow")
}

/// After a 101 come frames, after another response its body.
fn after_response(response: &ParsedHead<ResponseHead>) -> Option<String> {
    let verb = if response.head.status == 101 {
        "follow"
    } else {
        "of a body follow"
    };
    bytes_after(response, verb)
}

fn bytes_after<H>(parsed: &ParsedHead<H>, verb: &str) -> Option<String> {
    let rest = &parsed.rest;
    let is_blank = rest.trim_ascii().is_empty() && (parsed.lines.are_lf_only() || rest.is_empty());
    (!is_blank).then(|| match parsed.rest_size {
        1 => format!("1 byte {}", verb.replace("follow", "follows")),
        count => format!("{count} bytes {verb}"),
    })
}

fn accept(handshake: &Handshake) -> Option<String> {
    let response = handshake
        .response_head()
        .filter(|response| response.status == 101);
    let given = response.and_then(|response| response.headers.first("Sec-WebSocket-Accept"));
    Some(match (handshake.key(), given) {
        (Some(key), given) => {
            let expected = accept_value(key.as_bytes());
            if given.as_deref() == Some(&expected) {
                format!("{expected} is right for {key}")
            } else if key.is_empty() {
                format!("{expected} belongs to an empty key")
            } else {
                format!("{expected} belongs to {key}")
            }
        }
        (None, Some(given)) if handshake.request.is_none() => {
            format!("{given} cannot be checked without the request")
        }
        (None, _) => return None,
    })
}

fn subprotocol(handshake: &Handshake) -> Option<String> {
    let offered = handshake.request_head().map(offered_subprotocols);
    let offered = offered.filter(|offered| !offered.is_empty());
    let chosen = joined(handshake.response_head(), "Sec-WebSocket-Protocol");
    let offered = offered.map(|offered| offered.join(", "));
    offered_and_chosen(handshake, offered, chosen, "; ")
}

fn extensions(handshake: &Handshake) -> Option<String> {
    let name = "Sec-WebSocket-Extensions";
    let request = handshake.request_head();
    let offered = request.and_then(|request| request.headers.joined(name));
    let chosen = joined(handshake.response_head(), name);
    offered_and_chosen(handshake, offered, chosen, "\n")
}

fn joined(head: Option<&ResponseHead>, name: &str) -> Option<String> {
    let head = head.filter(|head| head.status == 101)?;
    head.headers.joined(name)
}

/// `offered chat, superchat; chosen chat`.
fn offered_and_chosen(
    handshake: &Handshake,
    offered: Option<String>,
    chosen: Option<String>,
    between: &str,
) -> Option<String> {
    let is_answered = handshake
        .response_head()
        .is_some_and(|response| response.status == 101);
    let offered = match offered {
        Some(offered) => Some(format!("offered {offered}")),
        None if handshake.request.is_some() && chosen.is_some() => Some("none offered".to_owned()),
        None => None,
    };
    let chosen = match chosen {
        Some(chosen) => Some(format!("chosen {chosen}")),
        None if is_answered && offered.is_some() => Some("none chosen".to_owned()),
        None => None,
    };
    let parts: Vec<String> = offered.into_iter().chain(chosen).collect();
    (!parts.is_empty()).then(|| parts.join(between))
}
