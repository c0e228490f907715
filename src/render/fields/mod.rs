//! A frame as a table, for `decode -vv`: each header field with its bytes and bits, then the
//! payload.

mod payload;
mod table;

use super::excerpt::Excerpt;
use super::frame::ShownFrame;
use super::printer::FramePosition;
use super::style::Style;
use super::words::byte_count;
use crate::ws::{FrameHeader, LengthForm};
use table::{Table, bits};

/// Appends the table of the frame at this position.
pub fn push_table(
    out: &mut Vec<u8>,
    style: Style,
    position: FramePosition,
    frame: &ShownFrame<'_>,
) {
    let FramePosition { number, offset } = position;
    let mut table = Table { out, style };
    table.heading(
        &format!("frame {number} at byte {offset}"),
        &summary(frame.header),
    );
    let payload_at = header_rows(&mut table, offset, frame.header);
    payload::push_rows(&mut table, payload_at, frame);
}

/// Appends the table of bytes that are not a frame and begin at `offset`.
pub fn push_gap(out: &mut Vec<u8>, style: Style, offset: u64, bytes: &Excerpt<'_>, full: bool) {
    let mut table = Table { out, style };
    table.heading(
        &format!("byte {offset}"),
        &format!("{}, not a frame", byte_count(bytes.length)),
    );
    payload::push_plain_rows(&mut table, offset, bytes, full);
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
        byte_count(header.payload_length.value()),
    )
}

/// Appends the rows of the header. Returns the offset of the payload.
fn header_rows(table: &mut Table<'_>, offset: u64, header: &FrameHeader) -> u64 {
    let bytes = header.encode();
    let mut at = offset;
    if let Some(([first, second], rest)) = bytes.split_first_chunk::<2>() {
        first_byte(table, at, *first, header);
        second_byte(table, at + 1, *second, header);
        let (extended, key) = rest.split_at(header.payload_length.form().extended_bytes());
        at += 2;
        if !extended.is_empty() {
            let length = header.payload_length.value().to_string();
            table.bytes_row(Some(at), extended, "payload length", &length);
            at += extended.len() as u64;
        }
        if !key.is_empty() {
            table.bytes_row(Some(at), key, "masking key", "");
            at += key.len() as u64;
        }
    }
    at
}

fn first_byte(table: &mut Table<'_>, at: u64, byte: u8, header: &FrameHeader) {
    let fin = if header.fin {
        "1, the end of the message"
    } else {
        "0, more frames follow"
    };
    let rsv = match header.rsv.value() {
        0 => "0".to_owned(),
        value => format!("{value}: {}", header.rsv),
    };
    let name = header.opcode.name().unwrap_or("reserved");
    let opcode = format!("{}, {name}", header.opcode.value());
    table.bits(Some((at, byte)), &bits(byte, 0x80), "FIN", fin);
    table.bits(None, &bits(byte, 0x70), "RSV1-3", &rsv);
    table.bits(None, &bits(byte, 0x0f), "opcode", &opcode);
}

fn second_byte(table: &mut Table<'_>, at: u64, byte: u8, header: &FrameHeader) {
    let is_masked = header.masking_key.is_some();
    let mask = if is_masked {
        "1, a client's frame"
    } else {
        "0, a server's frame"
    };
    let length = header.payload_length;
    let seven_bits = match length.form() {
        LengthForm::Seven => length.value().to_string(),
        form => format!("{}: the next {} bytes", byte & 0x7f, form.extended_bytes()),
    };
    table.bits(Some((at, byte)), &bits(byte, 0x80), "MASK", mask);
    table.bits(None, &bits(byte, 0x7f), "payload length", &seven_bits);
}
