//! What a text says of one connection several times, in part, or in contradiction.

use std::fmt::Write as _;

use crate::helpers::run::{check_reading, wsctl_reading};

/// What Node prints of a request, several times, of its response, and of a frame.
const NODE_PRINTS: &str = "\
[Object: null prototype] {
  host: '127.0.0.1:9527',
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'kJXuOKsrl3AR1KeFngRElQ=='
}
req.rawHeaders [
  'Host',                  '127.0.0.1:9527',
  'Connection',            'Upgrade',
  'Upgrade',               'websocket',
  'Sec-WebSocket-Version', '13',
  'Sec-WebSocket-Key',     'kJXuOKsrl3AR1KeFngRElQ=='
]
headers: { host: '127.0.0.1:9527', connection: 'Upgrade', upgrade: 'websocket', \
'sec-websocket-version': '13', 'sec-websocket-key': 'kJXuOKsrl3AR1KeFngRElQ==' }
head: <Buffer >
Response: [
  'HTTP/1.1 101 Switching Protocols',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc='
]
<Buffer 81 05 48 65 6c 6c 6f>
{ type: 'Buffer', data: [ 129, 5, 72, 101, 108, 108, 111 ] }
";

#[test]
fn several_prints_of_a_head_are_one_head() {
    check_reading(
        "decode -f frames",
        NODE_PRINTS.as_bytes(),
        "> GET / HTTP/1.1 [request, 153 bytes]\n\
         < HTTP/1.1 101 Switching Protocols [response, 129 bytes]\n\
         < text \"Hello\" [5 bytes]\n\
         < text \"Hello\" [5 bytes]\n\
         --- stderr\n\
         wsctl: these are header lines without a first line, which is taken to be `GET / HTTP/1.1`\n",
    );
    check_reading(
        "handshake",
        NODE_PRINTS.as_bytes(),
        "request   GET / HTTP/1.1\n\
         \x20 ok       host                      127.0.0.1:9527\n\
         \x20 ok       connection                Upgrade\n\
         \x20 ok       upgrade                   websocket\n\
         \x20 ok       sec-websocket-version     13\n\
         \x20 ok       sec-websocket-key         kJXuOKsrl3AR1KeFngRElQ==\n\
         \n\
         response  HTTP/1.1 101 Switching Protocols\n\
         \x20 ok       Upgrade                   websocket\n\
         \x20 ok       Connection                Upgrade\n\
         \x20 ok       Sec-WebSocket-Accept      lCaWI6ZCGd5I25+0bJrVqBOcDYc=\n\
         \x20          no empty line, as pasted\n\
         \n\
         accept        lCaWI6ZCGd5I25+0bJrVqBOcDYc= is right for kJXuOKsrl3AR1KeFngRElQ==\n\
         --- stderr\n\
         wsctl: read as a Buffer of Node\n\
         wsctl: these are header lines alone: the first line of the request is not there\n",
    );
    check_reading(
        "accept",
        NODE_PRINTS.as_bytes(),
        "lCaWI6ZCGd5I25+0bJrVqBOcDYc=\n",
    );
}

/// A log of a connection with this header in both heads, a frame that is cut, and a compressed one.
fn cut_frame(extensions: [&str; 2]) -> String {
    let [offer, answer] = extensions.map(|value| match value {
        "" => String::new(),
        value => format!("Sec-WebSocket-Extensions: {value}\n"),
    });
    format!(
        "GET / HTTP/1.1\nHost: a\nUpgrade: websocket\nConnection: Upgrade\n\
         Sec-WebSocket-Version: 13\nSec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\n{offer}\n\
         HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\nConnection: Upgrade\n\
         Sec-WebSocket-Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=\n{answer}\n\
         recv <Buffer 82 7e 00 c8 78 78 78 ... 197 more bytes>\n\
         recv <Buffer c1 07 f2 48 cd c9 c9 07 00>\n"
    )
}

#[test]
fn what_was_negotiated_holds_after_a_frame_that_is_cut() {
    let check = |extensions, frame: &str, rules: &str| {
        let log = cut_frame(extensions);
        let outcome = wsctl_reading(["decode", "-f", "frames"], log.as_bytes());
        let lines: Vec<&str> = outcome.text().lines().skip(2).collect();
        assert_eq!(
            lines,
            ["< binary \"xxx\" [3 of 200 bytes]", frame],
            "{outcome}"
        );
        let found = outcome.stderr.lines().filter_map(|line| {
            let (kind, rest) = line.split_once('[')?;
            let (rule, _) = rest.split_once("]: ")?;
            matches!(kind, "error" | "warning" | "note").then_some(rule)
        });
        assert_eq!(found.collect::<Vec<_>>().join(" "), rules, "{outcome}");
    };
    let inflated = "< text \"Hello\" [7 bytes, compressed, 5 bytes inflated]";
    let without_context =
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    check([without_context; 2], inflated, "len-beyond-data");
    // The message may refer to the one that is cut.
    let not_inflated = "< text f2 48 cd c9 c9 07 00 [7 bytes, RSV1]";
    check(["permessage-deflate"; 2], not_inflated, "len-beyond-data");
    check([""; 2], inflated, "len-beyond-data rsv1-not-negotiated");
}

/// A packet as `tcpdump -x` prints it, between the ports 51034 and 9527.
fn packet(is_of_client: bool, sequence: u32, payload: &[u8]) -> String {
    let size = u16::try_from(40 + payload.len()).unwrap();
    let mut ports = [51034_u16, 9527];
    if !is_of_client {
        ports.reverse();
    }
    let packet = [
        &[0x45, 0][..],
        &size.to_be_bytes(),
        &[0, 0, 0x40, 0, 0x40, 6, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1],
        &ports.map(u16::to_be_bytes).concat(),
        &sequence.to_be_bytes(),
        &[0, 0, 0, 1, 0x50, 0x18, 2, 0, 0, 0, 0, 0],
        payload,
    ]
    .concat();
    let [from, to] = ports;
    let mut text =
        format!("12:00:00.000200 IP 127.0.0.1.{from} > 127.0.0.1.{to}: Flags [P.], length 9\n");
    for (row, bytes) in packet.chunks(16).enumerate() {
        let pairs: Vec<String> = bytes.chunks(2).map(hex::encode).collect();
        writeln!(text, "\t0x{:04x}:  {}", row * 16, pairs.join(" ")).unwrap();
    }
    text
}

/// A masked frame in a packet from the server's port.
#[test]
fn addresses_that_contradict_the_mask_bit_are_told() {
    let masked = |key: u8| [&[0x81, 0x82][..], &[key, 0, 0, 0], &[b'h' ^ key, b'i']].concat();
    let of_server = packet(false, 1, &masked(1));
    let line = |direction: &str, key: u8| {
        format!("{direction} text \"hi\" [2 bytes, masked {key:02x}000000]\n")
    };
    let told = |end: &str| {
        format!(
            "wsctl: the log says that the server sent these bytes, but they are like those of a client{end}\n"
        )
    };
    check_reading(
        "decode -f frames",
        of_server.as_bytes(),
        &format!(
            "{}--- stderr\n{}",
            line(">", 1),
            told(", and are taken as such")
        ),
    );
    // Three packets of the client agree with their addresses.
    let of_client: String = [(1, 2), (9, 3), (17, 4)]
        .iter()
        .map(|(sequence, key)| packet(true, *sequence, &masked(*key)))
        .collect();
    let outcome = wsctl_reading(
        ["decode", "-f", "frames"],
        format!("{of_server}{of_client}").as_bytes(),
    );
    assert!(outcome.text().starts_with(&line("<", 1)), "{outcome}");
    let believed = told("; the log is right elsewhere, and is believed");
    assert!(outcome.stderr.starts_with(&believed), "{outcome}");
    // A request shows who the client is, so that the frame is wrong.
    let request = b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\r\n\r\n";
    let outcome = wsctl_reading(
        ["decode", "-f", "frames"],
        format!("{}{of_server}", packet(true, 1, request)).as_bytes(),
    );
    assert!(outcome.text().ends_with(&line("<", 1)), "{outcome}");
    assert!(
        outcome.stderr.starts_with("error[server-masks]: "),
        "{outcome}"
    );
    assert_eq!(outcome.status, 1, "{outcome}");
}
