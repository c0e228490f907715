//! The picture of a terminal in the README shows what the program prints, in its colors.
//! `SNAPSHOTS=overwrite` draws it anew.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::path::Path;

use crate::helpers::run::shell;
use crate::helpers::server::Server;
use crate::helpers::snapshots::check_file;

const PICTURE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/data/screens/terminal.svg"
);

const COMMANDS: [&str; 2] = [
    r#"wsctl decode "b'\x81\x87\x0e\xc3\xf3\xcd;\xf6\xc6\xf8;\xf6\xc6'""#,
    "wsctl decode -f frames --from server 817e0500 48656c6c6f 8103 627965",
];

/// Headers of Firefox: for an address that was typed, and for the WebSocket of the page.
const USER_AGENT: &str = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 \
    Firefox/145.0\r\n";
const FOR_THE_PAGE: &str =
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n";
const FOR_THE_SOCKET: &str = "Sec-WebSocket-Version: 13\r\nOrigin: http://127.0.0.1:9527\r\n\
    Sec-WebSocket-Extensions: permessage-deflate\r\n\
    Sec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\r\nConnection: keep-alive, Upgrade\r\n\
    Upgrade: websocket\r\n";

#[test]
fn the_picture_is_what_the_program_prints() {
    let mut lines = Vec::new();
    for command in COMMANDS {
        lines.push(prompt(command));
        let coloured = command.replace("decode", "decode --color always");
        lines.extend(shell(&coloured).lines().map(spans));
        // A terminal does not show the exit status.
        lines.pop_if(|line| text(line).starts_with("[status "));
        lines.push(Vec::new());
    }
    lines.push(prompt("wsctl serve"));
    lines.extend(session());
    let picture = svg(&lines);
    assert!(picture.len() < 50_000, "{}", picture.len());
    check_file(Path::new(PICTURE), &picture);
}

/// The log of a browser that opens the page, sends messages and leaves.
fn session() -> Vec<Vec<Span>> {
    let server = Server::start(&["--color", "always"]);
    let opened = |lines: &str, bytes: &[u8]| {
        let mut stream = server.connect();
        let head =
            format!("GET /ws/alice HTTP/1.1\r\nHost: 127.0.0.1:9527\r\n{USER_AGENT}{lines}\r\n");
        stream
            .write_all(&[head.as_bytes(), bytes].concat())
            .unwrap();
        stream.read_to_end(&mut Vec::new()).unwrap();
    };
    let mut log = vec![server.listening_line().to_owned()];
    let mut log_until = |end: &str| {
        while !log.last().unwrap().contains(end) {
            log.push(server.line());
        }
    };
    opened(FOR_THE_PAGE, b"");
    log_until("answered with");
    let frames = [
        masked(0x81, [0x2f, 0x6a, 0x91, 0xc4], b"hello from a browser"),
        masked(0x82, [0x8b, 0xe1, 0x03, 0xd7], b"\x00\x01\xfe\xff"),
        masked(0x88, [0x37, 0xfa, 0x21, 0x3d], b"\x03\xe8bye"),
    ];
    opened(FOR_THE_SOCKET, &frames.concat());
    log_until(" after ");
    let port = server.address().rsplit(':').next().unwrap();
    let mut times = TIMES.into_iter();
    let with_time = |line: &String| with_time(&line.replace(port, "9527"), &mut times);
    log.iter().map(with_time).collect()
}

/// A short frame as a client sends it.
fn masked(first: u8, key: [u8; 4], payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).unwrap();
    let pairs = payload.iter().zip(key.iter().cycle());
    let payload: Vec<u8> = pairs.map(|(byte, key)| byte ^ key).collect();
    [&[first, 0x80 | length], &key[..], &payload].concat()
}

/// A line of the log with its time and port replaced by realistic constants.
fn with_time(line: &str, times: &mut impl Iterator<Item = &'static str>) -> Vec<Span> {
    let port = if line.contains("#1 ") {
        "51034"
    } else {
        "51036"
    };
    let mut line = spans(line);
    for span in &mut line {
        if span.text.len() == 12 && span.text.matches(':').count() == 2 {
            times.next().unwrap().clone_into(&mut span.text);
        }
        if let Some((before, after)) = span.text.split_once(" 127.0.0.1:") {
            let (_, rest) = after.split_once(' ').unwrap();
            span.text = format!("{before} 127.0.0.1:{port} {rest}");
        }
        if let Some((before, rest)) = span.text.split_once(" s; ") {
            let (before, _) = before.rsplit_once(' ').unwrap();
            span.text = format!("{before} 7.9 s; {rest}");
        }
    }
    line
}

/// The times of the lines of the session.
const TIMES: [&str; 9] = [
    "10:07:31.116",
    "10:07:33.402",
    "10:07:36.950",
    "10:07:36.950",
    "10:07:38.204",
    "10:07:38.204",
    "10:07:41.287",
    "10:07:41.287",
    "10:07:41.288",
];

/// Characters of the same style.
#[derive(Clone, Default)]
struct Span {
    text: String,
    bold: bool,
    dim: bool,
    /// The SGR parameters, as 31 for red.
    colour: u8,
}

fn prompt(command: &str) -> Vec<Span> {
    let dollar = Span {
        text: "$ ".to_owned(),
        colour: 32,
        ..Span::default()
    };
    let typed = Span {
        text: command.to_owned(),
        bold: true,
        ..Span::default()
    };
    vec![dollar, typed]
}

fn text(line: &[Span]) -> String {
    line.iter().map(|span| span.text.as_str()).collect()
}

/// Splits a line at its SGR sequences.
fn spans(line: &str) -> Vec<Span> {
    let mut pieces = line.split("\x1b[");
    let mut dress = Span::default();
    let mut spans = vec![Span {
        text: pieces.next().unwrap().to_owned(),
        ..Span::default()
    }];
    for piece in pieces {
        let (codes, text) = piece.split_once('m').unwrap();
        for code in codes.split(';') {
            match code.parse().unwrap() {
                0 => dress = Span::default(),
                1 => dress.bold = true,
                2 => dress.dim = true,
                colour => dress.colour = colour,
            }
        }
        let text = text.to_owned();
        spans.push(Span {
            text,
            ..dress.clone()
        });
    }
    spans.retain(|span| !span.text.is_empty());
    spans
}

// The size of a character, of the title bar and of the margin, in pixels.
const WIDTH: usize = 8;
const HEIGHT: usize = 19;
const BAR: usize = 36;
const MARGIN: usize = 16;

/// Draws a terminal. It has a dark background of its own, so that it looks the same on a light page and
/// on a dark one.
fn svg(lines: &[Vec<Span>]) -> String {
    let columns = lines.iter().map(|line| text(line).chars().count()).max();
    let width = columns.unwrap() * WIDTH + 2 * MARGIN;
    let height = lines.len() * HEIGHT + BAR + MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-1 -1 {} {}\" \
         width=\"{0}\" height=\"{1}\">\n{STYLE}\
         <rect class=\"window\" width=\"{width}\" height=\"{height}\" rx=\"9\"/>\n\
         <g class=\"dots\"><circle cx=\"20\" cy=\"18\" r=\"5.5\"/>\
         <circle cx=\"39\" cy=\"18\" r=\"5.5\"/><circle cx=\"58\" cy=\"18\" r=\"5.5\"/></g>\n\
         <text class=\"title\" x=\"{}\" y=\"22\">wsctl</text>\n",
        width + 2,
        height + 2,
        width / 2,
    );
    for (row, line) in lines.iter().enumerate() {
        let (mut x, y) = (MARGIN, BAR + row * HEIGHT + 14);
        for span in line {
            let length = span.text.chars().count() * WIDTH;
            push_text(&mut svg, span, x, y, length);
            x += length;
        }
    }
    svg + "</svg>\n"
}

/// Draws a span. `textLength` keeps the width independent of the font.
fn push_text(svg: &mut String, span: &Span, x: usize, y: usize, length: usize) {
    if span.text.trim().is_empty() {
        return;
    }
    let mut classes = Vec::new();
    if span.bold {
        classes.push("b".to_owned());
    }
    if span.dim {
        classes.push("d".to_owned());
    }
    if span.colour > 0 {
        classes.push(format!("c{}", span.colour));
    }
    let class = match classes.join(" ") {
        none if none.is_empty() => none,
        some => format!(" class=\"{some}\""),
    };
    let text = span
        .text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let _ = writeln!(
        svg,
        "<text{class} x=\"{x}\" y=\"{y}\" textLength=\"{length}\">{text}</text>"
    );
}

const STYLE: &str = "<style>
.window { fill: #171a21; stroke: #6b7280; stroke-opacity: .45 }
.dots { fill: #3d4451 }
text { fill: #d5d9e0; font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, \
'DejaVu Sans Mono', 'Liberation Mono', monospace; white-space: pre }
.title { fill: #8b93a1; font: 13px system-ui, sans-serif; text-anchor: middle }
.b { font-weight: bold } .d { fill: #8b93a1 }
.c31 { fill: #f47067 } .c91 { fill: #ff7b72 } .c32 { fill: #6bc46d } .c33 { fill: #daaa3f }
.c35 { fill: #d39ae8 } .c36 { fill: #56d4dd } .c94 { fill: #6cb6ff }
</style>
";
