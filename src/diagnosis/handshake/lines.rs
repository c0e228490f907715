//! Diagnoses the lines of a head that HTTP/1.1 does not allow.

use std::mem::discriminant;

use super::locate::HeaderLocator;
use super::repeated::first_of_each;
use crate::diagnosis::catalogue;
use crate::diagnosis::{Finding, Severity};
use crate::ws::handshake::{HeadLine, HeadLines, HeaderLineError, LineEnds, LineError, StartLine};

/// The error of a start line with HTTP/2 or HTTP/3. None for another start line.
pub(super) fn later_version(lines: &HeadLines) -> Option<LineError> {
    let mut errors = lines.errors(LineEnds::AsPasted).into_iter();
    let error = errors.find(|error| error.kind == HeaderLineError::Version)?;
    lines.is_http_2_or_3().then_some(error)
}

/// Diagnoses the lines. An error that `is_explained` accepts gets its finding elsewhere.
pub(super) fn diagnose(
    lines: &HeadLines,
    locate: &HeaderLocator<'_>,
    ends: LineEnds,
    is_explained: impl Fn(&HeaderLineError) -> bool,
) -> Vec<Finding> {
    let errors = lines.errors(ends);
    let reported = errors.iter().filter(|error| !is_explained(&error.kind));
    let kind_of = |error: &LineError| discriminant(&error.kind);
    first_of_each(reported, kind_of, |error| {
        finding(error, lines, locate, ends)
    })
}

/// The finding for an error, at its line.
fn finding(
    error: &LineError,
    lines: &HeadLines,
    locate: &HeaderLocator<'_>,
    ends: LineEnds,
) -> Finding {
    let line = lines.line(error.line);
    let (message, label) = message_and_label(error, line);
    let page = match error.kind {
        HeaderLineError::Version => &catalogue::HTTP_1_0,
        _ => &catalogue::HTTP_BAD_LINES,
    };
    let mut finding = Finding::new(page, message)
        .reference(error.kind.reference())
        .label(label);
    finding.location = locate.line_error(error);
    let is_indented = line.is_some_and(|line| is_indented_header(&line.bytes));
    let cause_and_fix = match error.kind {
        _ if is_indented => Some(INDENTED),
        kind => cause_and_fix(kind),
    };
    if let Some((cause, fix)) = cause_and_fix {
        finding = finding.possible_cause(cause).fixed_by(fix);
    }
    if error.kind == HeaderLineError::NoBlankLine {
        finding = finding.fixed_by("end the head with CR LF CR LF");
        if ends == LineEnds::AsPasted {
            finding.severity = Severity::Suspicious;
            finding = finding.possible_cause("the empty line was not copied");
        }
    }
    finding
}

/// The message of an error, and the label of its bytes.
fn message_and_label(error: &LineError, line: Option<&HeadLine>) -> (String, &'static str) {
    let name = line.and_then(HeadLine::name).unwrap_or_default();
    let name = String::from_utf8_lossy(name);
    let number = error.line;
    match error.kind {
        HeaderLineError::BareLf { bare, right: 0 } => (
            format!("all {bare} lines end in LF alone"),
            "CR LF is needed",
        ),
        HeaderLineError::BareLf { bare, right } => (
            format!("{} in LF alone, and {right} in CR LF", lines_end(bare)),
            "CR LF is needed",
        ),
        HeaderLineError::SpaceBeforeColon => (
            format!("there is white space between `{name}` and its colon"),
            "no space here",
        ),
        HeaderLineError::Folded => (
            format!("line {number} continues the header above it"),
            "begins with a space",
        ),
        HeaderLineError::NotAHeader => (
            format!("line {number} is not a header"),
            "`Name: value` is needed",
        ),
        HeaderLineError::Control(byte) => (
            format!("the value of `{name}` contains the control character {byte:02x}"),
            "a control character",
        ),
        HeaderLineError::FirstLine => (
            "the first line is not three words with one space between them".to_owned(),
            "malformed",
        ),
        HeaderLineError::Version => (version_message(line), "HTTP/1.1 is needed"),
        HeaderLineError::NoBlankLine => (
            "the head ends without its empty line".to_owned(),
            "an empty line is needed",
        ),
    }
}

/// What is wrong with the version in a start line.
fn version_message(line: Option<&HeadLine>) -> String {
    let start = line.and_then(|line| StartLine::parse(&line.bytes));
    match start.map(|start| String::from_utf8_lossy(start.version())) {
        Some(version) if !version.is_empty() => {
            format!("the version of HTTP is `{version}` instead of `HTTP/1.1`")
        }
        _ => "the first line has no version of HTTP".to_owned(),
    }
}

/// The cause and the fix of a head that is indented like source code.
const INDENTED: (&str, &str) = (
    "the head is a multi-line string in the source, and its lines are indented like the code",
    "remove the indentation, as `textwrap.dedent` or `trimIndent` does",
);

/// Whether a line begins with white space, and is `Name: value` or a first line after it.
fn is_indented_header(line: &[u8]) -> bool {
    let text = line.trim_ascii_start();
    let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    let name = text.iter().take_while(|byte| is_of_name(byte)).count();
    let is_header = name > 0 && text.get(name..).is_some_and(|rest| rest.starts_with(b": "));
    text.len() < line.len()
        && (is_header || text.starts_with(b"HTTP/1") || text.starts_with(b"GET /"))
}

/// The probable cause of an error, and the fix.
const fn cause_and_fix(kind: HeaderLineError) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        HeaderLineError::BareLf { .. } => (
            r"the program writes `\n` instead of `\r\n`",
            r"end each line with `\r\n`",
        ),
        HeaderLineError::SpaceBeforeColon => (
            "the line is built by hand",
            "write the colon directly after the name",
        ),
        HeaderLineError::Folded => (
            "a long value is folded over two lines, as older versions of HTTP allowed",
            "write the value on one line",
        ),
        HeaderLineError::NotAHeader => (
            "a value ends with a line end of its own, or the line belongs after the empty line",
            "write `Name: value` on each line, and strip the values",
        ),
        HeaderLineError::Control(_) => (
            "the value was inserted without a check",
            "strip the value, and refuse control characters in it",
        ),
        HeaderLineError::Version => (
            "the program builds the first line by hand",
            "write `HTTP/1.1` in the first line",
        ),
        HeaderLineError::FirstLine | HeaderLineError::NoBlankLine => return None,
    })
}

fn lines_end(count: usize) -> String {
    if count == 1 {
        "1 line ends".to_owned()
    } else {
        format!("{count} lines end")
    }
}
