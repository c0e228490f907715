//! Logs and dumps with the colours of a terminal.

use crate::helpers::run::{shell, wsctl_reading};

const FRAME: &str = "> text \"Hello\" [5 bytes, masked 37fa213d]\n";

#[track_caller]
fn check(text: &str) {
    let outcome = wsctl_reading(["decode", "-f", "frames"], text.as_bytes());
    let printed = (outcome.text(), outcome.stderr.as_str(), outcome.status);
    assert_eq!(printed, (FRAME, "", 0), "{text}");
}

#[test]
fn colours_of_a_log_are_left_out() {
    for text in [
        "\x1b[32m[DEBUG]\x1b[0m recv \x1b[33m81 85 37 fa 21 3d 7f 9f 4d 51 58\x1b[0m\n",
        "\x1b[2m2026-11-26T14:24:08.123Z\x1b[0m \x1b[34mDEBUG\x1b[0m frame=\x1b[1m<Buffer 81 85 37 fa \
         21 3d 7f 9f 4d 51 58>\x1b[22m\n",
        "\x1b[?2004h$ \x1b[Kwsdump\n\x1b[38;5;208mdata\x1b[m: b'\\x81\\x857\\xfa!=\\x7f\\x9fMQX'\n",
        "[32mDEBUG[0m data: [129, 133, 55, 250, 33, 61, 127, 159, 77, 81, 88]\n",
        "^[[32mDEBUG^[[0m data: gYU3+iE9f59NUVg=\n",
    ] {
        check(text);
    }
}

#[test]
fn colours_in_a_dump_are_left_out() {
    check(
        "00000000: \x1b[1;31m81\x1b[0m\x1b[1;31m85\x1b[0m \x1b[1;32m37\x1b[0m\x1b[1;31mfa\x1b[0m \
         \x1b[1;32m21\x1b[0m\x1b[1;32m3d\x1b[0m \x1b[1;31m7f\x1b[0m\x1b[1;31m9f\x1b[0m \
         \x1b[1;32m4d51\x1b[0m \x1b[1;32m58\x1b[0m                 \x1b[1;31m..\x1b[0m7\x1b[1;31m.\
         \x1b[0m!=\x1b[1;31m..\x1b[0mMQX\n",
    );
    // hexyl
    check(
        "┌────────┬─────────────────────────┬─────────────────────────┬────────┬────────┐\n\
         │\x1b[38;5;242m00000000\x1b[0m│ \x1b[33m81 \x1b[0m\x1b[33m85 \x1b[0m\x1b[36m37 \x1b[0m\
         \x1b[33mfa \x1b[0m\x1b[36m21 \x1b[0m\x1b[36m3d \x1b[0m\x1b[35m7f \x1b[0m\x1b[33m9f \x1b[0m┊ \
         \x1b[36m4d \x1b[0m\x1b[36m51 \x1b[0m\x1b[36m58 \x1b[0m               \
         │\x1b[33m×\x1b[0m\x1b[33m×\x1b[0m7\x1b[33m×\x1b[0m!=•×┊MQX     │\n\
         └────────┴─────────────────────────┴─────────────────────────┴────────┴────────┘\n",
    );
}

#[test]
fn colours_of_utf_16_are_left_out() {
    let text = "\x1b[32mrecv\x1b[0m 81 85 37 fa 21 3d 7f 9f 4d 51 58\r\n";
    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
    let bytes: Vec<u8> = [0xff, 0xfe].into_iter().chain(units).collect();
    let outcome = wsctl_reading(["decode", "-f", "frames"], &bytes);
    assert_eq!((outcome.text(), outcome.status), (FRAME, 0), "{outcome}");
}

/// Colours in a payload belong to it.
#[test]
fn raw_bytes_stay_as_they_are() {
    let text = "\x1b[32mok\x1b[0m";
    let frame = [&b"\x81\x0b"[..], text.as_bytes()].concat();
    let outcome = wsctl_reading(["decode"], &frame);
    assert_eq!((outcome.text(), outcome.status), (&*format!("{text}\n"), 0));
    let outcome = wsctl_reading(["decode"], br"b'\x81\x0b\x1b[32mok\x1b[0m'");
    assert_eq!((outcome.text(), outcome.status), (&*format!("{text}\n"), 0));
}

#[test]
fn heads_and_keys_may_have_colours() {
    let line = |text: &str| format!(r"\033[36m> \033[0m\033[1m{text}\033[0m\n");
    let head = ["GET / HTTP/1.1", "Host: a", "Upgrade: websocket"]
        .map(line)
        .concat();
    assert_eq!(
        shell(&format!(
            "printf '{head}' | wsctl decode -q -f frames; printf '\\033[32mdGhlIHNhbXBsZSBub25jZQ==\\033[0m\\n' | \
             wsctl accept -"
        )),
        "> GET / HTTP/1.1 [request, 47 bytes]\ns3pPLMBiTxaQ9kYGzzhZRbK+xOo=\n"
    );
}
