//! Packets in the formats of tshark with named fields, and as tcpflow prints them. The files are in
//! `tests/data/traces`.

use std::fs;
use std::path::Path;

use crate::helpers::run::wsctl_reading;

fn trace(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/traces");
    fs::read_to_string(folder.join(name)).unwrap()
}

#[track_caller]
fn check(text: &str, stdout: &str, stderr: &str, status: i32) {
    let outcome = wsctl_reading(["decode", "-f", "frames"], text.as_bytes());
    let printed = (outcome.text(), outcome.stderr.as_str(), outcome.status);
    assert_eq!(printed, (stdout, stderr, status), "{text}");
}

const HEADS: &str = "\
> GET /a HTTP/1.1 [request, 154 bytes]
< HTTP/1.1 101 Switching Protocols [response, 129 bytes]
";

const FRAMES: &str = "\
> text \"one\" [3 bytes, masked 9a2f4b66]
< text \"one\" [3 bytes]
";

#[test]
fn named_fields_of_tshark_are_read() {
    check(&trace("tshark-ek.txt"), &(HEADS.to_owned() + FRAMES), "", 0);
    check(&trace("tshark-pdml.txt"), FRAMES, "", 0);
    check(&trace("tshark-jsonraw.txt"), FRAMES, "", 0);
}

#[test]
fn connections_of_tcpflow_are_told_apart() {
    let text = trace("tcpflow-Dc.txt");
    let first = "\
> text \"zwei äöü\" [11 bytes, masked eea05b91]
< text \"zwei äöü\" [11 bytes]
> close 1000 (normal closure) [2 bytes, masked ebd2b524]
< close 1000 (normal closure) [2 bytes]
";
    let second = "\
> GET /b HTTP/1.1 [request, 154 bytes]
< HTTP/1.1 101 Switching Protocols [response, 129 bytes]
> text \"uno\" [3 bytes, masked bf11168c]
< text \"uno\" [3 bytes]
> text \"dos dos dos\" [11 bytes, masked 98639068]
< text \"dos dos dos\" [11 bytes]
> close 1000 (normal closure) [2 bytes, masked 642e37ac]
< close 1000 (normal closure) [2 bytes]
";
    let notices = "wsctl: connection 1 of the input:\nwsctl: connection 2 of the input:\n";
    let frames = [HEADS, FRAMES, first, second].concat();
    check(&text, &frames, notices, 0);
}

/// The request lines in the information of packets are no heads.
#[test]
fn lists_of_packets_have_no_bytes() {
    let name = "wsctl: expected frames in standard input, found a list of packets without their bytes: \
                `tcpdump -X` and `tshark -x` print them\n";
    for text in [
        "    4   0.000213    127.0.0.1 → 127.0.0.1    HTTP 220 GET /a HTTP/1.1 \n    \
         5   0.000220    127.0.0.1 → 127.0.0.1    TCP 66 9527 → 50980 [ACK] Seq=1 Ack=155\n    \
         6   0.000849    127.0.0.1 → 127.0.0.1    HTTP 195 HTTP/1.1 101 Switching Protocols \n",
        "03:49:07.909975 IP 127.0.0.1.50980 > 127.0.0.1.9527: Flags [P.], seq 1:155, ack 1, win 64, \
         length 154\n",
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<psml version=\"0\" creator=\"wireshark/4.0.17\">\n\
         <structure>\n<section>No.</section>\n</structure>\n\n<packet>\n<section>4</section>\n\
         <section>GET /a HTTP/1.1 </section>\n</packet>\n\n</psml>\n",
    ] {
        check(text, "", name, 2);
    }
}

/// People change addresses before they show a dump: the checksum of the header is then wrong.
#[test]
fn a_packet_of_tcpdump_may_have_a_wrong_checksum() {
    let dump = "\
18:22:41.118712 IP 10.0.0.5.8080 > 10.0.0.9.51824: Flags [P.], seq 1:10, ack 1, win 502, length 9
\t0x0000:  4500 0031 1c46 4000 4006 0a78 0a00 0005  E..1.F@.@..x....
\t0x0010:  0a00 0009 1f90 ca70 0000 0001 0000 0001  .......p........
\t0x0020:  5018 01f6 0000 0000 8107 7463 7064 756d  P.........tcpdum
\t0x0030:  70                                       p
";
    check(dump, "< text \"tcpdump\" [7 bytes]\n", "", 0);
}
