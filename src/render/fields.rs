//! A frame as a table: each field of its header with its octets and bits, as a tutorial
//! would draw it, then its payload.

use super::escape;
use super::excerpt::{Excerpt, octets_of_cut_character};
use super::frame::{ShownFrame, bytes};
use super::style::{Meaning, Style};
use crate::ws::{CloseBody, FrameHeader, LengthForm, MaskingKey, Opcode};

/// Appends the table of the frame that is the `number`th and begins at byte `offset`.
pub fn push_table(
    out: &mut Vec<u8>,
    style: Style,
    number: u64,
    offset: u64,
    frame: &ShownFrame<'_>,
) {
    let mut table = Table { out, style };
    table.style.push(
        table.out,
        Meaning::Name,
        &format!("frame {number} at byte {offset}"),
    );
    table.line(&format!(": {}\n", summary(frame.header)));
    table.style.push(
        table.out,
        Meaning::Aside,
        "  byte  octets        bits       field",
    );
    table.line("");
    let payload_at = header_rows(&mut table, offset, frame.header);
    payload_rows(&mut table, payload_at, frame);
}

/// `text, final, masked, 7 bytes of payload`.
fn summary(header: &FrameHeader) -> String {
    format!(
        "{}, {}, {}, {} of payload",
        header.opcode,
        if header.fin { "final" } else { "not final" },
        if header.masking_key.is_some() {
            "masked"
        } else {
            "not masked"
        },
        bytes(header.payload_length.value()),
    )
}

/// The rows of the header; where the payload begins.
fn header_rows(table: &mut Table<'_>, offset: u64, header: &FrameHeader) -> u64 {
    let octets = header.encode();
    let (first_two, rest) = octets.split_first_chunk::<2>().unwrap_or((&[0, 0], &[]));
    let [first, second] = *first_two;
    let fin = if header.fin {
        "1, the end of its message"
    } else {
        "0, more frames follow"
    };
    let rsv = match header.rsv.value() {
        0 => "0".to_owned(),
        value => format!("{value}: {}", header.rsv),
    };
    let opcode = match header.opcode.name() {
        Some(name) => format!("{}, {name}", header.opcode.value()),
        None => format!("{}, reserved", header.opcode.value()),
    };
    let mask = if header.masking_key.is_some() {
        "1, a client's frame"
    } else {
        "0, a server's frame"
    };
    let form = header.payload_length.form();
    let length = header.payload_length.value();
    let seven_bits = match form {
        LengthForm::Seven => length.to_string(),
        _ => format!(
            "{}: the next {} bytes",
            second & 0x7f,
            form.extended_octets()
        ),
    };
    table.bits_row(Some((offset, first)), &bits(first, 0x80), "FIN", fin);
    table.bits_row(None, &bits(first, 0x70), "RSV1-3", &rsv);
    table.bits_row(None, &bits(first, 0x0f), "opcode", &opcode);
    table.bits_row(
        Some((offset + 1, second)),
        &bits(second, 0x80),
        "MASK",
        mask,
    );
    table.bits_row(None, &bits(second, 0x7f), "payload length", &seven_bits);
    let (extended, key) = rest.split_at(form.extended_octets());
    let mut at = offset + 2;
    if !extended.is_empty() {
        table.octets_row(Some(at), extended, "payload length", &length.to_string());
        at += extended.len() as u64;
    }
    if !key.is_empty() {
        table.octets_row(Some(at), key, "masking key", "");
    }
    at + key.len() as u64
}

/// A part of the payload that is shown below a name of its own.
struct Part<'a> {
    name: &'static str,
    /// The octets that are there of the part, some more behind them perhaps.
    octets: &'a [u8],
    /// How many of them are shown.
    shown: usize,
    /// Where in the payload they begin.
    start: u64,
    /// How many of them end a character that was cut away.
    cut: usize,
    /// What they say, if that is not their text.
    meaning: Option<String>,
}

fn payload_rows(table: &mut Table<'_>, at: u64, frame: &ShownFrame<'_>) {
    let key = frame.header.masking_key;
    let payload = &frame.payload;
    let (head, tail) = shown_ends(payload, frame.full);
    for part in parts(frame.header.opcode, payload.head, head) {
        table.payload(at, key, &part);
    }
    let present = payload.length;
    let left_out = present - (head + tail.len()) as u64;
    if left_out > 0 {
        table.note(&format!("… {} more, --full shows them", bytes(left_out)));
    }
    if !tail.is_empty() {
        let start = present - tail.len() as u64;
        let shown = tail.len();
        table.payload(
            at,
            key,
            &Part {
                name: "",
                octets: tail,
                shown,
                start,
                cut: octets_of_cut_character(tail),
                meaning: None,
            },
        );
    }
    let declared = frame.header.payload_length.value();
    if present < declared {
        table.note(&format!(
            "{} of {} missing",
            declared - present,
            bytes(declared)
        ));
    }
}

/// As much as a table can show of a payload: all of it, or its two ends; how much of its
/// head, and the tail.
fn shown_ends<'a>(payload: &Excerpt<'a>, full: bool) -> (usize, &'a [u8]) {
    const WHOLE: u64 = 96;
    const HEAD: usize = 64;
    const TAIL: usize = 16;
    if full || (payload.left_out() == 0 && payload.length <= WHOLE) {
        return (payload.head.len(), payload.tail);
    }
    let end = if payload.tail.is_empty() {
        payload.head
    } else {
        payload.tail
    };
    let tail = end
        .get(end.len().saturating_sub(TAIL)..)
        .unwrap_or_default();
    (payload.head.len().min(HEAD), tail)
}

fn parts(opcode: Opcode, head: &[u8], shown: usize) -> Vec<Part<'_>> {
    let whole = Part {
        name: "payload",
        octets: head,
        shown,
        start: 0,
        cut: 0,
        meaning: None,
    };
    if opcode != Opcode::CLOSE {
        return vec![whole];
    }
    let CloseBody::Code(code, reason) = CloseBody::parse(head) else {
        return vec![whole];
    };
    let meaning = Some(code.to_string());
    let code = Part {
        name: "close code",
        octets: head,
        shown: 2,
        start: 0,
        cut: 0,
        meaning,
    };
    let shown = shown - 2;
    let reason = Part {
        name: "close reason",
        octets: reason,
        shown,
        start: 2,
        cut: 0,
        meaning: None,
    };
    vec![code, reason]
}

/// The rows of a table, one column beside the other.
struct Table<'a> {
    out: &'a mut Vec<u8>,
    style: Style,
}

impl Table<'_> {
    fn line(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
        self.out.push(b'\n');
    }

    fn bits_row(&mut self, octet: Option<(u64, u8)>, bits: &str, name: &str, meaning: &str) {
        let place = octet.map_or(String::new(), |(offset, _)| offset.to_string());
        let octet = octet.map_or(String::new(), |(_, octet)| format!("{octet:02x}"));
        self.row(&place, &format!("{octet:<14}{bits}"), name, meaning);
    }

    fn octets_row(&mut self, offset: Option<u64>, octets: &[u8], name: &str, meaning: &str) {
        let place = offset.map_or(String::new(), |offset| offset.to_string());
        let octets: Vec<String> = octets.iter().map(|octet| format!("{octet:02x}")).collect();
        self.row(&place, &octets.join(" "), name, meaning);
    }

    fn row(&mut self, place: &str, octets: &str, name: &str, meaning: &str) {
        let columns = format!("{place:>6}  {octets:<23}  ");
        if name.is_empty() && meaning.is_empty() {
            return self.line(columns.trim_end());
        }
        self.out.extend_from_slice(columns.as_bytes());
        if meaning.is_empty() {
            self.style.push(self.out, Meaning::Name, name);
        } else {
            self.style
                .push(self.out, Meaning::Name, &format!("{name:<14}"));
            self.out.extend_from_slice(b"  ");
            self.out.extend_from_slice(meaning.as_bytes());
        }
        self.out.push(b'\n');
    }

    fn note(&mut self, text: &str) {
        self.out.extend_from_slice(b"        ");
        self.style.push(self.out, Meaning::Aside, text);
        self.out.push(b'\n');
    }

    /// Rows of eight octets, as on the wire, then unmasked if they were masked; beside
    /// them the characters that begin in them.
    fn payload(&mut self, at: u64, key: Option<MaskingKey>, part: &Part<'_>) {
        let shown = part.octets.get(..part.shown).unwrap_or(part.octets);
        for (number, row) in shown.chunks(OCTETS_A_ROW).enumerate() {
            let start = number * OCTETS_A_ROW;
            let in_payload = part.start + start as u64;
            let name = if number == 0 { part.name } else { "" };
            let meaning = match &part.meaning {
                Some(meaning) => meaning.clone(),
                None => {
                    characters_beginning(part.octets, start.max(part.cut), start + OCTETS_A_ROW)
                }
            };
            let offset = Some(at + in_payload);
            let Some(key) = key else {
                self.octets_row(offset, row, name, &meaning);
                continue;
            };
            let mut masked = row.to_vec();
            key.apply(in_payload, &mut masked);
            self.octets_row(offset, &masked, name, "");
            self.octets_row(None, row, "unmasked", &meaning);
        }
    }
}

const OCTETS_A_ROW: usize = 8;

/// The characters that begin between two places, made visible.
fn characters_beginning(octets: &[u8], start: usize, end: usize) -> String {
    let mut out = Vec::new();
    let mut at = 0;
    for chunk in octets.utf8_chunks() {
        for char in chunk.valid().chars() {
            if (start..end).contains(&at) {
                escape::push_text(&mut out, char.encode_utf8(&mut [0; 4]).as_bytes());
            }
            at += char.len_utf8();
        }
        for octet in chunk.invalid() {
            if (start..end).contains(&at) {
                escape::push_text(&mut out, &[*octet]);
            }
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The bits of an octet that a field has, the others as dots: `.000 ....`.
fn bits(octet: u8, field: u8) -> String {
    let mut text = String::with_capacity(9);
    for place in (0..8).rev() {
        text.push(match (field >> place & 1, octet >> place & 1) {
            (0, _) => '.',
            (_, 0) => '0',
            _ => '1',
        });
        if place == 4 {
            text.push(' ');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_of_a_field() {
        assert_eq!(bits(0x87, 0x80), "1... ....");
        assert_eq!(bits(0x87, 0x7f), ".000 0111");
    }

    #[test]
    fn a_character_stands_in_the_row_where_it_begins() {
        let octets = "1234567天a".as_bytes();
        assert_eq!(characters_beginning(octets, 0, 8), "1234567天");
        assert_eq!(characters_beginning(octets, 8, 16), "a");
    }
}
