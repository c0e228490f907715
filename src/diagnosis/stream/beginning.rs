//! How texts begin that may be odd: by their first bytes most are known not to be.

/// What may stand at each of the first three places of such a text; nothing for anything.
const KINDS: [[&[u8]; 3]; 16] = [
    // NUL, or a packet of MQTT.
    [b"\x00\x10", b"", b""],
    // UTF-16.
    [b"", b"\x00", b""],
    // A byte-order mark.
    [b"\xef", b"\xbb", b"\xbf"],
    // An object of JavaScript, SockJS, a literal of Python, SignalR.
    [b"[", b"o", b"b"],
    [b"a", b"[", b"\""],
    [b"b", b"'\"", b""],
    [b"{", b"\"", b"p"],
    // Engine.IO.
    [b"0", b"{", b"\""],
    [b"4", b"04", b"{"],
    [b"4", b"23", b""],
    // The commands of STOMP.
    [b"C", b"O", b"N"],
    [b"S", b"ETU", b"NOB"],
    [b"UN", b"NA", b"SC"],
    [b"MR", b"E", b"SC"],
    [b"DA", b"IC", b"SK"],
    [b"E", b"R", b"R"],
];

/// Whether a text that begins so may be one of them. A shorter text may have anything but NUL
/// behind it.
#[inline]
pub(super) fn may_be_odd([first, second, third]: [u8; 3]) -> bool {
    static AT: [[u16; 256]; 3] = [kinds_at(0), kinds_at(1), kinds_at(2)];
    let [at_first, at_second, at_third] = &AT;
    let kinds = |table: &[u16; 256], byte: u8| {
        let kinds = table.get(usize::from(byte));
        kinds.copied().unwrap_or_default()
    };
    kinds(at_first, first) & kinds(at_second, second) & kinds(at_third, third) != 0
}

/// Of each byte, in which kinds it may stand at this place: a bit for each.
const fn kinds_at(place: u8) -> [u16; 256] {
    let mut table = [0; 256];
    let mut rest: &mut [u16] = &mut table;
    let mut byte = 0_u8;
    while let [kinds, others @ ..] = rest {
        *kinds = kinds_with(byte, place);
        rest = others;
        byte = byte.wrapping_add(1);
    }
    table
}

const fn kinds_with(byte: u8, place: u8) -> u16 {
    let mut kinds: &[[&[u8]; 3]] = &KINDS;
    let (mut found, mut bit) = (0, 1_u16);
    while let [[first, second, third], others @ ..] = kinds {
        let bytes = match place {
            0 => first,
            1 => second,
            _ => third,
        };
        if bytes.is_empty() || contains(bytes, byte) {
            found |= bit;
        }
        kinds = others;
        bit = bit.wrapping_shl(1);
    }
    found
}

const fn contains(mut bytes: &[u8], byte: u8) -> bool {
    while let [first, others @ ..] = bytes {
        if *first == byte {
            return true;
        }
        bytes = others;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::application::judge;
    use super::*;
    use crate::ws::Opcode;

    #[test]
    fn what_is_odd_begins_so_and_most_texts_do_not() {
        let odd = [
            "\u{feff}text",
            "h\0i\0",
            "\0h\0i",
            "[object Object]",
            "b'text'",
            "b\"text\"",
            "a[\"text\"]",
            "0{\"sid\":\"a\"}",
            "40{\"sid\":\"a\"}",
            "44{\"message\":\"a\"}",
            "42[\"text\"]",
            "43/chat,7[\"text\"]",
            "{\"protocol\":\"json\",\"version\":1}",
            "\u{10}\u{c}\0\u{4}MQTT\u{4}\u{2}",
            "CONNECT\n\n",
            "CONNECTED\n\n",
            "STOMP\n\n",
            "SEND\na:b\n",
            "SUBSCRIBE\n\n",
            "UNSUBSCRIBE\n\n",
            "MESSAGE\n\n",
            "RECEIPT\n\n",
            "DISCONNECT\n\n",
            "ACK\n\n",
            "NACK\n\n",
            "ERROR\n\n",
        ];
        for text in odd {
            assert!(
                judge(Opcode::TEXT, text.as_bytes(), true).is_some(),
                "{text:?}"
            );
            let start = text.as_bytes().first_chunk().unwrap();
            assert!(may_be_odd(*start), "{text:?}");
        }
        for text in ["Hello", "{\"a\":1}", "[1]", "GET", "COMMIT", "12345", "äöü"] {
            let start = text.as_bytes().first_chunk().unwrap();
            assert!(!may_be_odd(*start), "{text:?}");
        }
    }
}
