//! Lines that are not as HTTP/1.1 wants them.

use std::mem::discriminant;

use super::heading::HeaderLocator;
use super::kinds::first_of_each;
use crate::diagnosis::catalogue;
use crate::diagnosis::{Finding, Severity};
use crate::ws::handshake::{HeadLine, HeadLines, HeaderLineError, LineEnds, LineError};

/// The fault of a first line that is of HTTP/2 or 3.
pub(super) fn later_version(lines: &HeadLines) -> Option<LineError> {
    let mut faults = lines.faults(LineEnds::AsPasted).into_iter();
    let fault = faults.find(|fault| fault.breach == HeaderLineError::Version)?;
    let version = lines.line(1)?.bytes.get(fault.offset..)?;
    let is_later = version.starts_with(b"HTTP/2") || version.starts_with(b"HTTP/3");
    is_later.then_some(fault)
}

/// A finding for each fault of the lines, but for what is explained in another way.
pub(super) fn judge(
    lines: &HeadLines,
    heading: &HeaderLocator<'_>,
    ends: LineEnds,
    is_explained: impl Fn(&HeaderLineError) -> bool,
) -> Vec<Finding> {
    let faults = lines.faults(ends);
    let told = faults.iter().filter(|fault| !is_explained(&fault.breach));
    let kind_of = |fault: &LineError| discriminant(&fault.breach);
    first_of_each(told, kind_of, |fault| of_fault(fault, lines, heading, ends))
}

fn of_fault(
    fault: &LineError,
    lines: &HeadLines,
    heading: &HeaderLocator<'_>,
    ends: LineEnds,
) -> Finding {
    let line = lines.line(fault.line);
    let name = line.and_then(HeadLine::name).unwrap_or_default();
    let name = String::from_utf8_lossy(name);
    let number = fault.line;
    let (message, label) = match fault.breach {
        HeaderLineError::BareLf { bare, right: 0 } => (
            format!("all {bare} lines end in LF alone"),
            "CR LF is needed".to_owned(),
        ),
        HeaderLineError::BareLf { bare, right } => (
            format!("{} in LF alone, and {right} in CR LF", lines_end(bare)),
            "CR LF is needed".to_owned(),
        ),
        HeaderLineError::SpaceBeforeColon => (
            format!("there is space between `{name}` and its colon"),
            "no space here".to_owned(),
        ),
        HeaderLineError::Folded => (
            format!("line {number} goes on with the header above it"),
            "begins with a space".to_owned(),
        ),
        HeaderLineError::NotAHeader => (
            format!("line {number} is no header"),
            "`Name: value` is needed".to_owned(),
        ),
        HeaderLineError::Control(byte) => (
            format!("there is the control character {byte:02x} in the value of `{name}`"),
            "a control character".to_owned(),
        ),
        HeaderLineError::FirstLine => (
            "the first line is not made of three words, a space between them".to_owned(),
            "malformed".to_owned(),
        ),
        HeaderLineError::Version => (
            "the version of HTTP is not 1.1".to_owned(),
            "HTTP/1.1 is needed".to_owned(),
        ),
        HeaderLineError::NoBlankLine => (
            "the head ends without its blank line".to_owned(),
            "a blank line is needed".to_owned(),
        ),
    };
    let mut finding = Finding::new(&catalogue::HTTP_BAD_LINES, message)
        .reference(fault.breach.reference())
        .label(label);
    finding.location = heading.of_fault(fault);
    let cause_and_fix = line
        .filter(|line| is_indented_header(&line.bytes))
        .map_or_else(|| cause_and_fix(fault.breach), |_| Some(INDENTED));
    if let Some((cause, fix)) = cause_and_fix {
        finding = finding.possible_cause(cause).fixed_by(fix);
    }
    if fault.breach == HeaderLineError::NoBlankLine {
        finding = finding.fixed_by("end the head in CR LF CR LF");
        if ends == LineEnds::AsPasted {
            finding.severity = Severity::Suspicious;
            finding = finding.possible_cause("the blank line was not copied");
        }
    }
    finding
}

/// A head as it stands in a function, spaces and all.
const INDENTED: (&str, &str) = (
    "the head is a string over several lines of the source, with the indentation of those",
    "let each line begin with its name, as `textwrap.dedent` or `trimIndent` makes them",
);

/// Whether a line would be `Name: value`, or the first line of a head, without the space in
/// front of it.
fn is_indented_header(line: &[u8]) -> bool {
    let text = line.trim_ascii_start();
    let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    let name = text.iter().take_while(|byte| is_of_name(byte)).count();
    let is_header = name > 0 && text.get(name..).is_some_and(|rest| rest.starts_with(b": "));
    text.len() < line.len()
        && (is_header || text.starts_with(b"HTTP/1") || text.starts_with(b"GET /"))
}

/// Why a line is so, and what to change.
const fn cause_and_fix(breach: HeaderLineError) -> Option<(&'static str, &'static str)> {
    Some(match breach {
        HeaderLineError::BareLf { .. } => (
            r"`\n` was written where `\r\n` belongs",
            r"end each line with `\r\n`",
        ),
        HeaderLineError::SpaceBeforeColon => (
            "the line was put together by hand",
            "write the colon right behind the name",
        ),
        HeaderLineError::Folded => (
            "a long value was broken over two lines, as HTTP allowed once",
            "write the value on one line",
        ),
        HeaderLineError::NotAHeader => (
            "a value brought its own line end along, or this belongs behind the blank line",
            "write `Name: value` on each line, and strip the values",
        ),
        HeaderLineError::Control(_) => (
            "the value was put in as it came, and never checked",
            "strip the value, and refuse control characters in it",
        ),
        HeaderLineError::FirstLine | HeaderLineError::Version | HeaderLineError::NoBlankLine => {
            return None;
        }
    })
}

fn lines_end(count: usize) -> String {
    if count == 1 {
        "1 line ends".to_owned()
    } else {
        format!("{count} lines end")
    }
}
