//! Traces and dumps of whole tools, as the tools print them. The files are in `tests/data/traces`.

use std::fs;
use std::path::Path;

use crate::helpers::run::wsctl_reading;

fn trace(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/traces");
    fs::read_to_string(folder.join(name)).unwrap()
}

/// Checks what `decode -f frames` prints of a trace: standard output, standard error, exit status.
#[track_caller]
fn check(trace: &str, stdout: &str, stderr: &str, status: i32) {
    let outcome = wsctl_reading(["decode", "-f", "frames"], trace.as_bytes());
    let printed = (outcome.text(), outcome.stderr.as_str(), outcome.status);
    assert_eq!(printed, (stdout, stderr, status), "{trace}");
}

/// A connection over IPv6.
const IPV6: &str = "\
> GET /echo HTTP/1.1 [request, 154 bytes]
< HTTP/1.1 101 Switching Protocols [response, 129 bytes]
> text \"Grüße\" [7 bytes, masked 01234567]
< text \"Grüße\" [7 bytes]
> ping [0 bytes, masked 89abcdef]
< pong [0 bytes]
> close 1000 (normal closure) [2 bytes, masked fedcba98]
< close 1000 (normal closure) [2 bytes]
";

/// The second of two connections at the same time; the first one is in `TWO`.
const TWO: &str = "\
> GET /echo HTTP/1.1 [request, 158 bytes]
< HTTP/1.1 101 Switching Protocols [response, 129 bytes]
> text \"one\" [3 bytes, masked 37fa213d]
< text \"one\" [3 bytes]
> text \"two\" [3 bytes, masked 11223344]
< text \"two\" [3 bytes]
> close 1001 (going away) [2 bytes, masked fedcba98]
< close 1001 (going away) [2 bytes]
> GET /echo HTTP/1.1 [request, 158 bytes]
< HTTP/1.1 101 Switching Protocols [response, 129 bytes]
> text \"uno\" [3 bytes, masked a1a2a3a4]
< text \"uno\" [3 bytes]
> binary 00 01 [2 bytes, masked b1b2b3b4]
< binary 00 01 [2 bytes]
> close 1000 (normal closure) [2 bytes, masked c1c2c3c4]
< close 1000 (normal closure) [2 bytes]
";

const TWO_NOTICES: &str = "wsctl: connection 1 of the input:\nwsctl: connection 2 of the input:\n";

/// A message that is longer than a segment.
const LONG: &str = "\
> GET /echo HTTP/1.1 [request, 158 bytes]
< HTTP/1.1 101 Switching Protocols [response, 129 bytes]
> binary 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13 … 6f 81 05 48 65 6c 6c 6f \
[536 bytes, masked 37fa213d]
< binary 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13 … 6f 81 05 48 65 6c 6c 6f \
[536 bytes]
> close 1000 (normal closure) [2 bytes, masked fedcba98]
< close 1000 (normal closure) [2 bytes]
";

#[test]
fn tcpdump_and_tshark_print_packets() {
    check(&trace("tcpdump-x.txt"), IPV6, "", 0);
    check(&trace("tcpdump-eXX.txt"), IPV6, "", 0);
    check(&trace("tcpdump-vX.txt"), TWO, TWO_NOTICES, 0);
    check(&trace("tcpdump-xx.txt"), LONG, "", 0);
    check(&trace("tshark-x.txt"), IPV6, "", 0);
    check(&trace("tshark-Px.txt"), TWO, TWO_NOTICES, 0);
}

#[test]
fn follow_stream_as_a_hex_dump_has_two_directions() {
    check(&trace("tshark-follow-hex.txt"), IPV6, "", 0);
}

/// Each packet with its header line.
fn packets(trace: &str) -> Vec<String> {
    let mut packets: Vec<String> = Vec::new();
    for line in trace.lines() {
        if !line.starts_with('\t') {
            packets.push(String::new());
        }
        let packet = packets.last_mut().unwrap();
        packet.push_str(line);
        packet.push('\n');
    }
    packets
}

#[test]
fn segments_are_put_in_order_and_sent_again_only_once() {
    let mut packets = packets(&trace("tcpdump-xx.txt"));
    let with_payload = |packet: &String| !packet.contains("length 0\n");
    let long: Vec<usize> = (0..packets.len())
        .filter(|at| with_payload(&packets[*at]))
        .collect();
    // The two parts of the long message, and the first of them a second time.
    packets.swap(long[2], long[3]);
    let again = packets[long[3]].clone();
    packets.push(again);
    check(&packets.concat(), LONG, "", 0);
}

#[test]
fn other_lines_among_the_rows_change_nothing() {
    let dump = trace("tcpdump-x.txt");
    let at = dump.find("\t0x0020").unwrap();
    for line in [
        "$ \n",
        "# the interesting one\n",
        "\n",
        "^C18 packets captured\n",
    ] {
        let text = format!("{}{line}{}", &dump[..at], &dump[at..]);
        check(&text, IPV6, "", 0);
    }
    let header = "14:43:43.273464 ARP, Request who-has 192.0.2.1 tell 192.0.2.2, length 28\n\
                  \t0x0000:  0001 0800 0604 0001 0200 0000 0001 c000\n\
                  \t0x0010:  0202 0000 0000 0000 c000 0201\n";
    check(&format!("{header}{dump}"), IPV6, "", 0);
}

#[test]
fn a_row_that_was_cut_is_told() {
    let dump = "\
00000000  81 11 48 65 6c 6c 6f 20  57 6f 72 6c 64 20 61 62  |..Hello World ab|
00000010  63 64 65 81 05 48                                |cde..H|
00000020  88 02 03 e8                                       |....|
";
    let outcome = wsctl_reading(["decode", "-f", "frames"], dump.as_bytes());
    assert!(
        outcome
            .stderr
            .starts_with("wsctl: a hexdump that is cut short: 10 more bytes are missing\n"),
        "{outcome}"
    );
    let first = outcome.text().lines().next();
    assert_eq!(first, Some("< text \"Hello World abcde\" [17 bytes]"));
}

/// Header lines of packets without their bytes, and dumps of other protocols, have no frames.
#[test]
fn packets_without_tcp_have_no_frames() {
    for text in [
        "14:43:43.273464 IP 127.0.0.1.47152 > 127.0.0.1.8765: Flags [P.], seq 1:12, ack 1, win 64, length 11\n",
        "14:43:43.273464 IP 127.0.0.1.53 > 127.0.0.1.40000: 8105 1/0/0 A 129.5.72.101 (44)\n\
         \t0x0000:  4500 0028 0000 4000 4011 3cc3 7f00 0001\n\
         \t0x0010:  7f00 0001 0035 9c40 0014 fe27 8105 8180\n\
         \t0x0020:  0001 0001 0000 0000\n",
        "    8 0.002500    127.0.0.1 → 127.0.0.1    WebSocket 77 WebSocket Text [FIN] [MASKED]\n",
    ] {
        let outcome = wsctl_reading(["decode", "-f", "frames"], text.as_bytes());
        assert_eq!(
            (outcome.text(), outcome.status),
            ("", 2),
            "{text}\n{outcome}"
        );
    }
}

#[test]
fn json_names_the_connection() {
    let outcome = wsctl_reading(["decode", "-f", "json"], trace("tcpdump-vX.txt").as_bytes());
    let count = |text: &str| outcome.text().matches(text).count();
    assert_eq!(outcome.status, 0);
    assert_eq!(count("\"type\":\"frame\",\"connection\":1,"), 6);
    assert_eq!(count("\"type\":\"frame\",\"connection\":2,"), 6);
}
