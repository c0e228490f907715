//! A list of packets without their bytes, as tcpdump and tshark print it without `-x`.
//!
//! The information of a packet may have a request line or numbers, which are no bytes. `formats` calls
//! [`read`] for lines that no dump follows, and the reader of pastes asks [`name`] where no bytes were
//! found.

use super::packet_lines::PacketLine;
use crate::input::paste::chunk::Taken;

/// Takes the lines of packets at the start of a text, which have no bytes.
pub(in crate::input::paste) fn read(text: &str, _is_end: bool) -> Option<Taken> {
    let mut size = 0;
    for line in text.split_inclusive('\n') {
        if !is_packet(line) && (size == 0 || !line.trim().is_empty()) {
            break;
        }
        size += line.len();
    }
    (size > 0).then(|| Taken::new(Vec::new(), size))
}

/// What a text is that begins with a list of packets, for a sentence.
pub(in crate::input::paste) fn name(text: &str) -> Option<&'static str> {
    const LIST: &str =
        "a list of packets without their bytes: `tcpdump -X` and `tshark -x` print them";
    let first = text.lines().find(|line| !line.trim().is_empty())?;
    let is_list = is_packet(first) || text.contains("<psml ");
    is_list.then_some(LIST)
}

fn is_packet(line: &str) -> bool {
    PacketLine::parse(line.trim_end()).is_some_and(|it| it.is_captured && it.time.is_some())
}
