//! Logs of programs that tell the heads of a connection, or its messages, in their own way.

use crate::helpers::run::wsctl_reading;

/// Checks what `decode -f frames` prints: standard output and standard error.
#[track_caller]
fn check(log: &str, stdout: &str, stderr: &str) {
    let outcome = wsctl_reading(["decode", "-f", "frames"], log.as_bytes());
    let printed = (outcome.text(), outcome.stderr.as_str(), outcome.status);
    assert_eq!(printed, (stdout, stderr, 0), "{log}");
}

const HEADS: &str = "> GET /chat HTTP/1.1 [request, 157 bytes]\n\
                     < HTTP/1.1 101 Switching Protocols [response, 129 bytes]\n";

/// The lines of `HttpLoggingInterceptor`.
const OKHTTP: &str = "\
--> GET http://localhost:9527/chat
Upgrade: websocket
Connection: Upgrade
Sec-WebSocket-Key: 2r8Tn0kQ7m1WJ4cXyUe5fA==
Sec-WebSocket-Version: 13
--> END GET
<-- 101 Switching Protocols http://localhost:9527/chat (12ms)
Upgrade: websocket
Connection: Upgrade
Sec-WebSocket-Accept: 5wzMkKkwHXWPu4XO/nJpaY4rWrU=
<-- END HTTP
";

#[test]
fn okhttp_logs_heads() {
    check(OKHTTP, HEADS, "");
    let with_host = OKHTTP.replace(
        "Sec-WebSocket-Version",
        "Host: localhost:9527\nSec-WebSocket-Version",
    );
    check(&with_host, HEADS, "");
    for prefix in [
        "D/OkHttp: ",
        "11-26 10:49:21.331  1234  5678 I okhttp.OkHttpClient: ",
        "2026-11-26 10:49:21.331  1234-5678  okhttp.OkHttpClient     com.example.app     I  ",
        "Nov 26, 2026 10:49:21 AM okhttp3.internal.platform.Platform log INFO: ",
        "I/flutter (12345): ",
    ] {
        let lines = OKHTTP.lines().zip(31..);
        let log =
            lines.map(|(line, at)| format!("{}{line}\n", prefix.replace("331", &format!("3{at}"))));
        check(&log.collect::<String>(), HEADS, "");
    }
}

#[test]
fn reverse_proxies_log_heads() {
    let haproxy = "\
00000000:front.accept(0004)=0009 from [127.0.0.1:34572] ALPN=<none>
00000000:front.clireq[0009:ffffffff]: GET /chat HTTP/1.1
00000000:front.clihdr[0009:ffffffff]: host: localhost:9527
00000000:front.clihdr[0009:ffffffff]: upgrade: websocket
00000000:front.clihdr[0009:ffffffff]: connection: Upgrade
00000000:front.clihdr[0009:ffffffff]: sec-websocket-key: 2r8Tn0kQ7m1WJ4cXyUe5fA==
00000000:front.clihdr[0009:ffffffff]: sec-websocket-version: 13
00000000:back.srvrep[0009:000a]: HTTP/1.1 101 Switching Protocols
00000000:back.srvhdr[0009:000a]: upgrade: websocket
00000000:back.srvhdr[0009:000a]: connection: Upgrade
00000000:back.srvhdr[0009:000a]: sec-websocket-accept: 5wzMkKkwHXWPu4XO/nJpaY4rWrU=
00000000:back.srvcls[0009:000a]
";
    check(haproxy, HEADS, "");
    let nginx = "\
2026/11/26 14:24:08 [debug] 12#12: *1 recv: fd:3 157 of 1024
2026/11/26 14:24:08 [debug] 12#12: *1 http request line: \"GET /chat HTTP/1.1\"
2026/11/26 14:24:08 [debug] 12#12: *1 http uri: \"/chat\"
2026/11/26 14:24:08 [debug] 12#12: *1 http process request header line
2026/11/26 14:24:08 [debug] 12#12: *1 http header: \"Host: localhost:9527\"
2026/11/26 14:24:08 [debug] 12#12: *1 http header: \"Upgrade: websocket\"
2026/11/26 14:24:08 [debug] 12#12: *1 http header: \"Connection: Upgrade\"
2026/11/26 14:24:08 [debug] 12#12: *2 http header: \"Connection: close\"
2026/11/26 14:24:08 [debug] 12#12: *1 http header: \"Sec-WebSocket-Key: 2r8Tn0kQ7m1WJ4cXyUe5fA==\"
2026/11/26 14:24:08 [debug] 12#12: *1 http header: \"Sec-WebSocket-Version: 13\"
2026/11/26 14:24:08 [debug] 12#12: *1 http header done
2026/11/26 14:24:08 [debug] 12#12: *1 http proxy status 101 \"101 Switching Protocols\"
2026/11/26 14:24:08 [debug] 12#12: *1 http proxy header: \"Upgrade: websocket\"
2026/11/26 14:24:08 [debug] 12#12: *1 http proxy header: \"Connection: Upgrade\"
2026/11/26 14:24:08 [debug] 12#12: *1 http proxy header: \"Sec-WebSocket-Accept: 5wzMkKkwHXWPu4XO/nJpaY4rWrU=\"
2026/11/26 14:24:08 [debug] 12#12: *1 http proxy header done
";
    check(nginx, HEADS, "");
    let envoy = "\
[2026-11-26 14:24:08.123][18][debug][http] [source/common/http/conn_manager_impl.cc:1049] [C0][S1] request headers complete (end_stream=false):
':authority', 'localhost:9527'
':path', '/chat'
':method', 'GET'
'upgrade', 'websocket'
'connection', 'Upgrade'
'sec-websocket-key', '2r8Tn0kQ7m1WJ4cXyUe5fA=='
'sec-websocket-version', '13'

[2026-11-26 14:24:08.125][18][debug][http] [source/common/http/conn_manager_impl.cc:1687] [C0][S1] encoding headers via codec (end_stream=false):
':status', '101'
'upgrade', 'websocket'
'connection', 'Upgrade'
'sec-websocket-accept', '5wzMkKkwHXWPu4XO/nJpaY4rWrU='

";
    check(envoy, HEADS, "");
}

/// `mitmdump --mode reverse:http://127.0.0.1:9527 --flow-detail 4`, as it was printed.
#[test]
fn mitmproxy_prints_heads_and_messages() {
    let log = "\
[21:41:53.257] reverse proxy to http://127.0.0.1:9527 listening at *:9528.
[21:41:59.131][127.0.0.1:47140] client connect
[21:41:59.132][127.0.0.1:47140] server connect 127.0.0.1:9527
127.0.0.1:47140: GET http://127.0.0.1:9527/chat
    Host: localhost:9527
    Upgrade: websocket
    Connection: Upgrade
    Sec-WebSocket-Key: 2r8Tn0kQ7m1WJ4cXyUe5fA==
    Sec-WebSocket-Version: 13

 << 101 Switching Protocols 0b
    Upgrade: websocket
    Connection: Upgrade
    Sec-WebSocket-Accept: 5wzMkKkwHXWPu4XO/nJpaY4rWrU=

127.0.0.1:47140 -> WebSocket text message -> 127.0.0.1:9527/chat

    Hello

127.0.0.1:47140 <- WebSocket binary message <- 127.0.0.1:9527/chat

    0000000000 81 05 48                                          ..H

[21:41:59.213][127.0.0.1:47140] server disconnect 127.0.0.1:9527
WebSocket connection closed by client: 1000 
[21:41:59.214][127.0.0.1:47140] client disconnect
";
    let messages = "> text \"Hello\" [5 bytes without a frame]\n\
                    < binary 81 05 48 [3 bytes without a frame]\n";
    let notice = "wsctl: the log of mitmproxy tells messages without their frames: only their text \
                  is shown\n";
    check(log, &format!("{HEADS}{messages}"), notice);
}

#[test]
fn tungstenite_traces_frames_by_their_fields() {
    let frame = |words: &str, opcode: &str, payload: &str| {
        let size = payload.len() / 2;
        format!(
            "2026-11-26T14:24:08.123Z TRACE tungstenite::protocol::frame::frame: Parsed headers [129, 133]\n\
             2026-11-26T14:24:08.123Z TRACE tungstenite::protocol::frame::frame: First: 10000001\n\
             2026-11-26T14:24:08.123Z TRACE tungstenite::protocol::frame::frame: Second: 10000101\n\
             2026-11-26T14:24:08.123Z TRACE tungstenite::protocol::frame: {words} \n\
             <FRAME>\nfinal: true\nreserved: false false false\nopcode: {opcode}\nlength: {}\n\
             payload length: {size}\npayload: 0x{payload}\n            \n",
            size + 2
        )
    };
    let log = frame("writing frame", "TEXT", "48656c6c6f")
        + &frame("received frame", "TEXT", "48656c6c6f")
        + &frame("writing frame", "PING", "")
        + &frame("received frame", "CLOSE", "03e8");
    let messages = "> text \"Hello\" [5 bytes without a frame]\n\
                    < text \"Hello\" [5 bytes without a frame]\n\
                    > ping [0 bytes without a frame]\n\
                    < close 1000 (normal closure) [2 bytes without a frame]\n";
    let notice = "wsctl: the log of tungstenite tells messages without their frames: only their \
                  text is shown\n";
    check(&log, messages, notice);
}
