//! A finding on one line.

use super::escape;
use super::style::{Meaning, Style};
use crate::diagnosis::{Finding, Place, Severity, Within};

/// Appends the finding's line:
/// `error[len16-not-minimal]: frame 1, byte 1: payload length 5 is in 16 bits, … (RFC …)`.
pub fn push_line(out: &mut Vec<u8>, style: Style, finding: &Finding) {
    let (meaning, word) = match finding.severity {
        Severity::Violation => (Meaning::Violation, "error"),
        Severity::Suspicious => (Meaning::Suspicion, "warning"),
        Severity::PeerBug => (Meaning::Aside, "note"),
    };
    style.push(out, meaning, &format!("{word}[{}]", finding.rule()));
    out.extend_from_slice(b": ");
    if let Some(place) = &finding.place {
        out.extend_from_slice(where_it_is(place).as_bytes());
        out.extend_from_slice(b": ");
    }
    escape::push_text(out, finding.message.as_bytes());
    style.push(out, Meaning::Aside, &format!(" ({})", finding.section()));
    out.push(b'\n');
}

/// `frame 1, byte 5`.
fn where_it_is(place: &Place) -> String {
    let offset = place.offset;
    match place.within {
        Within::Frame(number) => format!("frame {number}, byte {offset}"),
        Within::Stream => format!("byte {offset}"),
        Within::Request => format!("request, byte {offset}"),
        Within::Response => format!("response, byte {offset}"),
    }
}
