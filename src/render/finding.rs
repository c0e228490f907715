//! A finding on one line.

use super::escape;
use super::style::{Meaning, Style};
use crate::diagnosis::{Finding, Severity};

/// Appends the finding's line:
/// `error[len16-not-minimal]: frame 1, byte 1: payload length 5 is in 16 bits, … (RFC …)`.
pub fn push_line(out: &mut Vec<u8>, style: Style, finding: &Finding) {
    let (meaning, word) = match finding.severity {
        Severity::Violation => (Meaning::Violation, "error"),
        Severity::Suspicious => (Meaning::Suspicion, "warning"),
    };
    style.push(out, meaning, &format!("{word}[{}]", finding.rule));
    out.extend_from_slice(b": ");
    if let Some(place) = finding.place {
        let place = format!("frame {}, byte {}: ", place.frame, place.offset);
        out.extend_from_slice(place.as_bytes());
    }
    escape::push_text(out, finding.message.as_bytes());
    if let Some(reference) = finding.reference {
        style.push(out, Meaning::Aside, &format!(" ({reference})"));
    }
    out.push(b'\n');
}
