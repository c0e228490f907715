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

/// The same connection over IPv4, whose `Host` is longer.
fn over_ipv4() -> String {
    IPV6.replace("154 bytes", "158 bytes")
}

/// The frames of `over_ipv4` without the handshake.
fn frames_alone() -> String {
    IPV6.split_inclusive('\n').skip(2).collect()
}

const HEADS: &str = "> GET /echo HTTP/1.1 [request, 158 bytes]\n\
                     < HTTP/1.1 101 Switching Protocols [response, 129 bytes]\n";

/// The notice about bytes that are printed as characters.
fn characters(count: u64) -> String {
    format!(
        "wsctl: {count} bytes are shown as characters, which do not tell all of them: they are left out\n"
    )
}

#[test]
fn follow_stream_has_other_forms() {
    check(&trace("tshark-follow-raw.txt"), IPV6, "", 0);
    check(&trace("tshark-follow-yaml.txt"), IPV6, "", 0);
    let heads: String = IPV6.split_inclusive('\n').take(2).collect();
    check(
        &trace("tshark-follow-ascii.txt"),
        &heads,
        &characters(42),
        0,
    );
    let frames =
        "< text \"Hello\" [5 bytes]\n> close 1000 (normal closure) [2 bytes, masked fedcba98]\n";
    let outcome = wsctl_reading(
        ["decode", "-q", "-f", "frames"],
        trace("wireshark-c-arrays.txt").as_bytes(),
    );
    assert_eq!((outcome.text(), outcome.status), (frames, 0));
}

/// `tshark -z follow,websocket` prints payloads: they are no frames, even if they look like some.
#[test]
fn follow_websocket_has_messages_without_frames() {
    let text = "
===================================================================
Follow: websocket,raw
Filter: tcp.stream eq 0
Node 0: 127.0.0.1:47152
Node 1: 127.0.0.1:8765
48656c6c6f
\t81054869
===================================================================
";
    let frames = "> text \"Hello\" [5 bytes without a frame]\n< binary 81 05 48 69 [4 bytes without a frame]\n";
    let notice =
        "wsctl: Follow Stream tells messages without their frames: only their text is shown\n";
    check(text, frames, notice, 0);
}

#[test]
fn strace_prints_what_sockets_send_and_receive() {
    check(&trace("strace-yy-x.txt"), &over_ipv4(), "", 0);
    check(&trace("strace-e.txt"), &over_ipv4(), "", 0);
    // Strings are cut at 32 characters: of the request and the response too little is there.
    let cut = "wsctl: text with escapes that is cut short: 287 more bytes are missing\n";
    check(&trace("strace.txt"), &frames_alone(), cut, 0);
    let calls = r#"[pid 12] 14:43:43.1 recvfrom(4,  <unfinished ...>
[pid 13] write(2, "\201\5ABCDE", 7) = 7
[pid 12] <... recvfrom resumed>"\201\5Hello", 4096, 0, NULL, NULL) = 7
[pid 12] writev(4, [{iov_base="\201\2", iov_len=2}, {iov_base="hi", iov_len=2}], 2) = 4
[pid 12] read(4, 0x7ffd, 4096) = -1 EAGAIN (Resource temporarily unavailable)
SSL_write(0x55d0, "\212\0", 2) = 2
"#;
    let outcome = wsctl_reading(["decode"], calls.as_bytes());
    assert_eq!(
        (outcome.text(), outcome.status),
        ("Hello\nhi\n", 0),
        "{outcome}"
    );
}

/// The files that a program reads at its start are no frames.
#[test]
fn strace_of_files_has_no_frames() {
    let trace = trace("strace.txt");
    let files: String = trace.split_inclusive('\n').take(6).collect();
    let outcome = wsctl_reading(["decode", "-f", "frames"], files.as_bytes());
    assert_eq!((outcome.text(), outcome.status), ("", 2), "{outcome}");
}

#[test]
fn a_payload_that_strace_cut_does_not_swallow_the_next_frame() {
    let calls = r#"recvfrom(3, "\201~\0\310xxxxxxxxxxxxxxxxxxxxxxxxxxxx"..., 4096, 0, NULL, NULL) = 204
recvfrom(3, "\211\0", 4096, 0, NULL, NULL) = 2
"#;
    let outcome = wsctl_reading(["decode", "-f", "frames"], calls.as_bytes());
    let frames = "< text \"xxxxxxxxxxxxxxxxxxxxxxxxxxxx\" [28 of 200 bytes]\n< ping [0 bytes]\n";
    assert_eq!(outcome.text(), frames, "{outcome}");
}

#[test]
fn socat_prints_what_it_passes_on() {
    check(&trace("socat-x.txt"), &over_ipv4(), "", 0);
    check(&trace("socat-x-v.txt"), &over_ipv4(), "", 0);
    check(&trace("socat-v.txt"), HEADS, &characters(42), 0);
}

#[test]
fn ngrep_prints_packets() {
    check(&trace("ngrep-x.txt"), TWO, TWO_NOTICES, 0);
    let heads = HEADS.repeat(2);
    check(
        &trace("ngrep.txt"),
        &heads,
        &format!("{}{TWO_NOTICES}", characters(78)),
        0,
    );
    let heads: String = IPV6.split_inclusive('\n').take(2).collect();
    check(&trace("ngrep-byline.txt"), &heads, &characters(42), 0);
}

#[test]
fn curl_prints_headers_and_data() {
    let heads = HEADS.replace("158 bytes", "196 bytes");
    let frames =
        "< text \"Welcome\" [7 bytes]\n< ping [0 bytes]\n< close 1000 (normal closure) [2 bytes]\n";
    check(&trace("curl-trace.txt"), &format!("{heads}{frames}"), "", 0);
    check(&trace("curl-trace-ascii.txt"), &heads, "", 0);
    check(&trace("curl-v.txt"), &heads, "", 0);
    // The bytes of TLS are no frames.
    let tls = "=> Send SSL data, 5 bytes (0x5)\n0000: 16 03 01 02 00                                  .....\n\
               <= Recv SSL data, 2 bytes (0x2)\n0000: 89 00                                           ..\n";
    let outcome = wsctl_reading(["decode", "-f", "frames"], tls.as_bytes());
    assert_eq!((outcome.text(), outcome.status), ("", 2), "{outcome}");
}

#[test]
fn python_clients_print_handshakes_and_frames() {
    let outcome = wsctl_reading(
        ["decode", "-f", "text"],
        trace("websocket-client.txt").as_bytes(),
    );
    let long = "x".repeat(200);
    let texts = format!("Hello\nHello\n你好，世界\n你好，世界\n{long}\n{long}\n");
    assert_eq!(
        (outcome.text(), outcome.status),
        (texts.as_str(), 0),
        "{outcome}"
    );
    let heads = "> GET / HTTP/1.1 [request, 180 bytes]\n\
                 < HTTP/1.1 101 Switching Protocols [response, 203 bytes]\n";
    check(&trace("http-client.txt"), heads, "", 0);
}

/// websockets tells frames in words: their text is shown, and that it is no more than that.
#[test]
fn the_log_of_websockets_has_messages_without_frames() {
    let frames = "\
> GET / HTTP/1.1 [request, 264 bytes]
< HTTP/1.1 101 Switching Protocols [response, 203 bytes]
> text \"Hello\" [5 bytes without a frame]
< text \"Hello\" [5 bytes without a frame]
> binary 00 01 02 [3 bytes without a frame]
< binary 00 01 02 [3 bytes without a frame]
> close 1000 (normal closure) [2 bytes without a frame]
< close 1000 (normal closure) [2 bytes without a frame]
";
    let notice = "wsctl: the log of websockets tells messages without their frames: only their text \
                  is shown\n";
    check(&trace("websockets.log"), frames, notice, 0);
    let outcome = wsctl_reading(["decode", "--json"], trace("websockets.log").as_bytes());
    let line = "{\"type\":\"message\",\"direction\":\"out\",\"opcode\":1,\"name\":\"text\",\"frames\":0,\
                \"length\":5,\"text\":\"Hello\"}\n";
    assert!(outcome.text().contains(line), "{outcome}");
}

/// `logging.basicConfig()` prints the name of the logger and a colon in front of each line.
#[test]
fn the_log_of_websockets_may_have_the_usual_prefix_of_python() {
    let log = "\
DEBUG:websockets.client:> GET /chat HTTP/1.1
DEBUG:websockets.client:> Host: localhost:8765
DEBUG:websockets.client:> Upgrade: websocket
DEBUG:websockets.client:> Connection: Upgrade
DEBUG:websockets.client:> Sec-WebSocket-Key: q4xkcO32u266gldTuKaSOw==
DEBUG:websockets.client:> Sec-WebSocket-Version: 13
DEBUG:websockets.client:< HTTP/1.1 101 Switching Protocols
DEBUG:websockets.client:< Upgrade: websocket
DEBUG:websockets.client:< Connection: Upgrade
DEBUG:websockets.client:< Sec-WebSocket-Accept: fA9dggdnMPU79lJgAE3W4TRnyDM=
DEBUG:websockets.client:= connection is OPEN
DEBUG:websockets.client:> TEXT 'ping me' [7 bytes]
DEBUG:websockets.client:< CLOSE 1011 (internal error) keepalive ping timeout [24 bytes]
";
    let frames = "\
> GET /chat HTTP/1.1 [request, 157 bytes]
< HTTP/1.1 101 Switching Protocols [response, 129 bytes]
> text \"ping me\" [7 bytes without a frame]
< close 1011 (internal error) \"keepalive ping timeout\" [24 bytes without a frame]
";
    let notice = "wsctl: the log of websockets tells messages without their frames: only their text \
                  is shown\n";
    check(log, frames, notice, 0);
}

#[test]
fn the_tree_of_wireshark_tells_the_fields_of_frames() {
    check(&trace("tshark-V.txt"), IPV6, "", 0);
    let tree = "\
WebSocket
    1... .... = Fin: True
    .000 .... = Reserved: 0x0
    .... 1001 = Opcode: Ping (9)
    0... .... = Mask: False
    .000 0000 = Payload length: 0
";
    let outcome = wsctl_reading(["decode", "-f", "frames"], tree.as_bytes());
    assert_eq!((outcome.text(), outcome.status), ("< ping [0 bytes]\n", 0));
    let note = "note[client-unmasked]: a ping frame that is not masked: right from a server,\n";
    assert!(outcome.stderr.starts_with(note), "{outcome}");
    // A title alone, and a tree of something else.
    for text in ["WebSocket\n", "WebSocket\n    connected = Fin: True\n"] {
        let outcome = wsctl_reading(["decode", "-f", "frames"], text.as_bytes());
        assert_eq!((outcome.text(), outcome.status), ("", 2), "{outcome}");
    }
}

/// The log of `serve` is turned round: what it received went out of the client.
#[test]
fn wsctl_reads_its_own_records_and_its_own_log() {
    check(&trace("wsctl-record.jsonl"), &over_ipv4(), "", 0);
    check(&trace("wsctl-serve.log"), &frames_alone(), "", 0);
    check(
        &over_ipv4().lines().skip(2).collect::<Vec<_>>().join("\n"),
        &frames_alone(),
        "",
        0,
    );
    let cut = "18:05:36.457 #1 < text \"Hello \" … \" World\" [900 bytes, masked 01234567]\n";
    let outcome = wsctl_reading(["decode", "-f", "frames"], cut.as_bytes());
    let told =
        "wsctl: the log of wsctl tells messages without their frames: only their text is shown\n";
    assert_eq!(
        (outcome.stderr.as_str(), outcome.status),
        (told, 0),
        "{outcome}"
    );
    // Other JSON lines with a type.
    let json = "{\"type\":\"frame\",\"data\":\"8105\"}\n";
    let outcome = wsctl_reading(["decode", "-f", "frames"], json.as_bytes());
    assert!(!outcome.text().contains("text \""), "{outcome}");
}

/// A HAR file has messages, and no frames.
#[test]
fn har_has_heads_and_messages_without_frames() {
    let frames = "\
> GET /chat?room=1 HTTP/1.1 [request, 191 bytes]
< HTTP/1.1 101 Switching Protocols [response, 129 bytes]
> text \"Hello\" [5 bytes without a frame]
< binary 81 05 48 [3 bytes without a frame]
";
    let notice =
        "wsctl: a HAR file tells messages without their frames: only their text is shown\n";
    check(&trace("har.json"), frames, notice, 0);
}

#[test]
fn tcpdump_in_ascii_has_heads() {
    let heads: String = IPV6.split_inclusive('\n').take(2).collect();
    check(&trace("tcpdump-A.txt"), &heads, &characters(42), 0);
}

#[test]
fn netty_prints_a_table() {
    let log = "\
14:24:08.123 [nioEventLoopGroup-3-1] DEBUG LoggingHandler - [id: 0x81058105, L:/127.0.0.1:9527 - R:/127.0.0.1:51034] READ: 11B
         +-------------------------------------------------+
         |  0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f |
+--------+-------------------------------------------------+----------------+
|00000000| 81 85 37 fa 21 3d 7f 9f 4d 51 58                |..7.!=..MQX     |
+--------+-------------------------------------------------+----------------+
14:24:08.124 [nioEventLoopGroup-3-1] DEBUG LoggingHandler - [id: 0x81058105, L:/127.0.0.1:9527 - R:/127.0.0.1:51034] WRITE: 20B
         +-------------------------------------------------+
         |  0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f |
+--------+-------------------------------------------------+----------------+
|00000000| 81 12 48 65 6c 6c 6f 7c 57 6f 72 6c 64 7c 61 62 |..Hello|World|ab|
|00000010| 63 64 65 66                                     |cdef            |
+--------+-------------------------------------------------+----------------+
14:24:08.125 [nioEventLoopGroup-3-1] DEBUG LoggingHandler - [id: 0x81058105, L:/127.0.0.1:9527 - R:/127.0.0.1:51034] FLUSH
";
    let frames =
        "> text \"Hello\" [5 bytes, masked 37fa213d]\n< text \"Hello|World|abcdef\" [18 bytes]\n";
    check(log, frames, "", 0);
    // A table of something else.
    let table = "+--------+-------------------------------------------------+----------------+\n\
                 | name   | bytes                                           | characters     |\n";
    let outcome = wsctl_reading(["decode", "-f", "frames"], table.as_bytes());
    assert_eq!((outcome.text(), outcome.status), ("", 2), "{outcome}");
}

#[test]
fn logs_of_java_and_of_websocketpp_have_bytes() {
    let jetty = r"14:24:08.123 DEBUG read HeapByteBuffer@1a2b3c4d[p=0,l=11,c=4096,r=11]={<<<\x81\x857\xFa!=\x7f\x9fMQX>>>\x00\x00\x00...\x00\x00}
";
    check(
        jetty,
        "> text \"Hello\" [5 bytes, masked 37fa213d]\n",
        "",
        0,
    );
    let websocketpp = "\
[2026-11-26 14:43:43] [devel] Processing Bytes: 81 85 37 FA 21 3D 7F 9F 4D 51 58
[2026-11-26 14:43:43] [frame_header] Header Bytes: 
[0] (2) 81 05 

[2026-11-26 14:43:43] [frame_payload] Payload Bytes: 
[0] (5) [1] Hello

";
    let frames = "> text \"Hello\" [5 bytes, masked 37fa213d]\n< text \"Hello\" [5 bytes]\n";
    check(websocketpp, frames, "", 0);
}

/// ESP-IDF prints 16 bytes a line (`ESP_LOG_BUFFER_HEX`).
#[test]
fn lines_of_esp_idf_go_on() {
    let log = "\
I (8105) ws: 81 92 00 00 00 00 48 65 6c 6c 6f 20 57 6f 72 6c 
I (8105) ws: 64 20 61 62 63 64 65 66 
I (8106) ws: 89 80 00 00 00 00 
";
    let outcome = wsctl_reading(["decode"], log.as_bytes());
    assert_eq!(outcome.text(), "Hello World abcdef\n", "{outcome}");
    let dump =
        "I (8105) ws: 0x3ffb4280   81 05 48 65 6c 6c 6f                              |..Hello|\n";
    check(dump, "< text \"Hello\" [5 bytes]\n", "", 0);
    let other = "I (8105) adc: 12 34 56 78\n";
    let outcome = wsctl_reading(["decode", "-f", "frames"], other.as_bytes());
    assert_eq!((outcome.text(), outcome.status), ("", 2), "{outcome}");
}

/// Lines that only look like the first line of a trace.
#[test]
fn near_misses_are_not_read_as_a_trace() {
    for text in [
        "read(3) = 7 items\n",
        "> 2026/11/26 14:43:43  length=11 items\n",
        "T minus 10:05 -> 8:00 [AP]\n  81 05 48\n",
        "=> Send header, later\n0000: GET\n",
        "Follow: the white rabbit\n",
        "peers:\n  - alice\n",
        "++Sent 12 mails\n",
        "> TEXT me [soon]\n",
    ] {
        let outcome = wsctl_reading(["decode", "-f", "frames"], text.as_bytes());
        assert!(
            !outcome.text().contains("without a frame"),
            "{text}\n{outcome}"
        );
        assert!(!outcome.text().contains("text "), "{text}\n{outcome}");
    }
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

/// Wireshark copies a packet as a hex stream, as an escaped string, as an array or in base64.
#[test]
fn packets_in_other_notations_have_headers_too() {
    let packets = packets(&trace("tcpdump-xx.txt"));
    let digits: Vec<String> = packets.iter().map(|packet| digits_of(packet)).collect();
    check(
        &digits
            .iter()
            .map(|digits| format!("{digits}\n"))
            .collect::<Vec<_>>()
            .concat(),
        LONG,
        "",
        0,
    );
    let escaped = |digits: &String| {
        let pairs = digits.as_bytes().chunks(2);
        let pairs = pairs.flat_map(|pair| ["\\x", std::str::from_utf8(pair).unwrap()]);
        format!("\"{}\"\n", pairs.collect::<String>())
    };
    check(&digits.iter().map(escaped).collect::<String>(), LONG, "", 0);
    let array = |digits: &String| {
        let pairs = digits.as_bytes().chunks(2);
        let pairs = pairs.map(|pair| format!("0x{}", std::str::from_utf8(pair).unwrap()));
        format!("packet = {{ {} }};\n", pairs.collect::<Vec<_>>().join(", "))
    };
    check(&digits.iter().map(array).collect::<String>(), LONG, "", 0);
}

/// The digits of the rows of a packet.
fn digits_of(packet: &str) -> String {
    let rows = packet.lines().skip(1);
    let digits = rows.map(|row| row.split_once(":  ").unwrap().1.replace(' ', ""));
    digits.collect()
}

#[test]
fn tshark_prints_payloads_as_json_and_as_columns() {
    let packet = |is_sent: bool, sequence: u32, payload: &str| {
        let [source, destination] = if is_sent {
            [47152, 8765]
        } else {
            [8765, 47152]
        };
        let payload = match payload {
            "" => String::new(),
            payload => format!(",\"tcp.payload\":\"{payload}\""),
        };
        format!(
            "{{\"_index\":\"packets\",\"_source\":{{\"layers\":{{\"frame\":{{\"frame.time_relative\":\"0.1\"}},\
             \"ip\":{{\"ip.src\":\"127.0.0.1\",\"ip.dst\":\"127.0.0.1\"}},\"tcp\":{{\
             \"tcp.srcport\":\"{source}\",\"tcp.dstport\":\"{destination}\",\"tcp.seq\":\"{sequence}\"{payload}}}}}}}}}"
        )
    };
    let packets = [
        packet(true, 1, ""),
        packet(true, 1, "81:85:37:fa:21:3d:7f:9f:4d:51:58"),
        packet(false, 1, "81:05:48:65:6c:6c:6f"),
        // Sent again.
        packet(true, 1, "81:85:37:fa:21:3d:7f:9f:4d:51:58"),
        packet(true, 12, "88:82:fe:dc:ba:98:fd:34"),
    ];
    let frames = "> text \"Hello\" [5 bytes, masked 37fa213d]\n< text \"Hello\" [5 bytes]\n\
                  > close 1000 (normal closure) [2 bytes, masked fedcba98]\n";
    check(
        &format!("[\n  {}\n]\n", packets.join(",\n  ")),
        frames,
        "",
        0,
    );
    // `-T fields -e ip.src -e tcp.srcport -e tcp.payload`
    let columns = "127.0.0.1\t47152\t818537fa213d7f9f4d5158\n127.0.0.1\t8765\t810548656c6c6f\n\
                   127.0.0.1\t47152\t8882fedcba98fd34\n";
    let outcome = wsctl_reading(["decode", "-q", "-f", "text"], columns.as_bytes());
    assert_eq!(
        (outcome.text(), outcome.status),
        ("Hello\nHello\n", 0),
        "{outcome}"
    );
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
