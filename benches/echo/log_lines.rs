//! The log line that a server prints for a message, in the workload `print`.

/// Appends the line for a received text message.
pub(crate) fn push_log_line(lines: &mut Vec<u8>, text: &[u8]) {
    lines.extend_from_slice(b"< text \"");
    lines.extend_from_slice(text);
    lines.extend_from_slice(b"\"\n");
}
