//! Rules about the stream of bytes: other protocols, frames and reads, silence.

rules! { TRANSPORT_RULES: Transport
    REQ_TLS_TO_PLAIN "req-tls-to-plain" Violation, "RFC 6455 sections 3, 4.1" {
        title "TLS, sent to a port without TLS"
        cause "the URL begins with `wss://` but the server has no TLS, or a proxy passes TLS on instead of ending it"
        fix "use `ws://`, or enable TLS on this port"
        seen "OpenSSL, for the answer": "SSL WRONG_VERSION_NUMBER"
        seen "Chrome, for the answer": "net::ERR_SSL_PROTOCOL_ERROR"
        seen "ws": "HPE_INVALID_METHOD (status 400)"
        seen "websockets": "closes the connection without a message"
        seen "aiohttp": "Received HTTPS traffic on an HTTP port (status 400)"
        quoted "Python": "ssl.SSLError: [SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)"
        quoted "Python, newer": "ssl.SSLError: [SSL] record layer failure"
        quoted "Node": "EPROTO: SSL routines:ssl3_get_record:wrong version number"
        quoted "Go": "http: server gave HTTP response to HTTPS client"
        quoted "Go": "tls: first record does not look like a TLS handshake"
        quoted "rustls": "received corrupt message of type InvalidContentType"
        quoted "tungstenite": "TLS error: native-tls error: wrong version number"
        quoted "Java": "javax.net.ssl.SSLException: Unsupported or unrecognized SSL message"
        quoted ".NET": "Cannot determine the frame size or a corrupted frame was received."
        quoted ".NET": "The handshake failed due to an unexpected packet format."
        quoted "Dart": "HandshakeException: Handshake error in client (OS Error: WRONG_VERSION_NUMBER)"
        quoted "Tomcat": "Invalid character found in method name [0x16 0x03 0x01]. HTTP method names must be tokens"
        quoted "uvicorn": "WARNING: Invalid HTTP request received."
        quoted "Firefox": "SSL_ERROR_RX_RECORD_TOO_LONG"
        quoted "curl": "error:0A00010B:SSL routines::wrong version number"
        quoted "curl": "TLS connect error: error:0A0000C6:SSL routines::packet length too long"
        example command "decode --from client 1603010200010001fc0303"
    }

    REQ_PLAIN_TO_TLS "req-plain-to-tls" Violation, "RFC 6455 sections 3, 4.1" {
        title "a plain request, sent to a port with TLS"
        cause "the URL begins with `ws://` but the server uses TLS, or a proxy ends TLS and sends plain HTTP to a TLS port"
        fix "use `wss://`, or disable TLS on this port"
        seen "wsctl serve": "this port needs it: use `wss://` (status 400)"
        seen "nginx": "The plain HTTP request was sent to HTTPS port (status 400)"
        seen "Go": "Client sent an HTTP request to an HTTPS server. (status 400)"
        seen "OpenSSL, for the request": "http request"
        quoted "OpenSSL": "SSL routines:ssl3_get_record:http request"
        quoted "Apache": "You're speaking plain HTTP to an SSL-enabled server port."
        quoted "Tomcat": "This combination of host and port requires TLS."
        quoted "Netty": "NotSslRecordException: not an SSL/TLS record"
        quoted "Java": "javax.net.ssl.SSLException: Unrecognized SSL message, plaintext connection?"
        quoted "Go": "http: TLS handshake error: client sent an HTTP request to an HTTPS server"
        example not_visible "send `curl http://127.0.0.1:9527/` to `wsctl serve --tls`"
    }

    REQ_H2_PREFACE "req-h2-preface" Violation, "RFC 9113 section 3.4; RFC 8441" {
        title "HTTP/2 where an HTTP/1.1 upgrade is expected"
        cause "the client negotiated `h2` in the TLS handshake, or uses HTTP/2 without negotiation"
        fix "offer only `http/1.1` in ALPN, or use WebSocket over HTTP/2 (RFC 8441) on both sides"
        seen "ws": "HPE_PAUSED_H2_UPGRADE (status 400)"
        seen "websockets": "closes the connection without a message"
        seen "aiohttp": "Pause on PRI/Upgrade: b'' (status 400)"
        quoted "Node": "HPE_PAUSED_H2_UPGRADE: Pause on PRI/Upgrade"
        example command r#"decode --from client "b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'""#
    }

    REQ_NOT_HTTP "req-not-http" Violation, "RFC 6455 sections 4.1, 4.2.1" {
        title "the connection does not begin with an HTTP request"
        cause "the client sends text or frames without a handshake, or a load balancer with `send-proxy` sends its PROXY line first"
        fix "send an HTTP request before frames; disable `send-proxy`, or let the server read it"
        seen "ws": "HPE_INVALID_METHOD (status 400)"
        seen "websockets": "closes the connection without a message"
        seen "aiohttp, for a PROXY line": "Invalid method encountered: b'PROXY TCP4 10.0.0.1 10.0.0… (status 400)"
        seen "aiohttp, for a frame": r"Invalid method encountered: b'\x81\x857\xfa!=\x7f\x9fMQX… (status 400)"
        seen "aiohttp, for JSON": r#"Invalid method encountered: b'{"type":"hello"}\n' (status 400)"#
        quoted "Node": "HPE_INVALID_METHOD: Parse Error: Invalid method encountered"
        quoted "tungstenite": "httparse error: invalid token"
        quoted "tungstenite, as a debug text": "Protocol(HttparseError(Token))"
        quoted "Tomcat": "Invalid character found in method name. HTTP method names must be tokens"
        quoted "websockets": "opening handshake failed: did not receive a valid HTTP request"
        quoted "websockets": "connection rejected (400 Bad Request): invalid HTTP request line"
        quoted "nginx": "client sent invalid request while reading client request line"
        example command r#"decode --from client "b'PROXY TCP4 10.0.0.1 10.0.0.2 51034 9527\r\n'""#
    }

    RAW_TEXT_UNFRAMED "raw-text-unframed" Violation, "RFC 6455 sections 5.2, 6.1" {
        title "text sent without a frame"
        cause "the program calls `sock.send(text)` after the handshake, or the output of `print` or of a logger goes to the socket"
        fix "send each message in a frame"
        seen "Chrome": "Invalid frame header"
        seen "ws": "RSV1 must be clear (1002)"
        seen "aiohttp": "Received frame with non-zero reserved bits"
        seen "websockets, tungstenite": "wait for more bytes"
        seen "Chrome, for JSON": "One or more reserved bits are on: reserved1 = 1, reserved2 = 1, reserved3 = 1"
        seen "ws, for JSON": "RSV2 and RSV3 must be clear (1002)"
        seen "websockets, for JSON": "invalid opcode"
        seen "tungstenite, for JSON": "Encountered invalid opcode: 11"
        example command "decode --from server 48656c6c6f"
    }

    HTTP_IN_STREAM "http-in-stream" Violation, "RFC 6455 section 5.2" {
        title r#"HTTP among the frames ("H" is 48: RSV1 and opcode 8)"#
        cause "two handlers answer the same upgrade, as two `WebSocketServer({server})` do, or a route still ends its HTTP response"
        fix "let one handler answer the upgrade (`noServer: true` in ws), and write no HTTP to the socket after it"
        seen "Chrome": "Invalid frame header"
        seen "ws": "RSV1 must be clear (1002)"
        seen "aiohttp": "Received frame with non-zero reserved bits"
        seen "websockets, tungstenite": "wait for more bytes"
        seen "ws, where compression was agreed": "FIN must be set (1002)"
        seen "aiohttp, where compression was agreed": "Received fragmented control frame"
        seen "websocket-client, for a second 101": "rsv is not implemented, yet"
        seen "websockets, for a second 101": "opens, and no message arrives"
        seen "websockets, for a GET": "invalid opcode"
        seen "tungstenite, for a GET": "Encountered invalid opcode: 7"
        seen "ws, for a GET where compression was agreed": "invalid opcode 7 (1002)"
        seen "aiohttp, for a GET where compression was agreed": "Unexpected opcode=7"
        quoted "gorilla, for a GET": "websocket: RSV1 set, bad opcode 7"
        quoted "Go": "http: response.Write on hijacked connection"
        quoted "Go": "http: response.WriteHeader on hijacked connection"
        quoted "Go": "http: connection has been hijacked"
        example command r#"decode --from server "b'\x81\x05HelloHTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'""#
    }

    OTHER_PROTOCOL_IN_STREAM "other-protocol-in-stream" Violation, "RFC 6455 section 5.2" {
        title "TLS, HTTP/2 or SSH where frames should be"
        cause "only one side ends TLS, or a tunnel goes to the wrong port"
        fix "connect the tunnel or the proxy to the port of the WebSocket server"
        seen "Chrome, for TLS": "One or more reserved bits are on: reserved1 = 0, reserved2 = 0, reserved3 = 1"
        seen "ws, for TLS": "RSV2 and RSV3 must be clear (1002)"
        seen "websockets, for TLS": "invalid opcode"
        seen "aiohttp, for TLS": "Received frame with non-zero reserved bits"
        seen "tungstenite, for TLS": "Encountered invalid opcode: 5"
        seen "websocket-client, for TLS": "rsv is not implemented, yet"
        seen "Chrome, for HTTP/2": "Received unexpected continuation frame."
        seen "ws, for HTTP/2": "invalid opcode 0 (1002)"
        seen "websockets, for HTTP/2": "unexpected continuation frame"
        seen "aiohttp, for HTTP/2": "Continuation frame for non started message"
        seen "tungstenite, for HTTP/2": "Continue frame but nothing to continue"
        seen "websocket-client, for HTTP/2": "Illegal frame"
        example command "decode --from server 15030300020228"
    }

    WRITES_INTERLEAVED "writes-interleaved" Violation, "RFC 6455 section 5.4" {
        title "a frame in the middle of another frame"
        cause "two threads write to one socket without a lock, or a timer sends a ping between a header and its payload"
        fix "let one task write, or use a lock, and send the header and the payload in one call"
        seen "Chrome": "Could not decode a text frame as UTF-8."
        seen "ws": "invalid UTF-8 sequence (1007)"
        seen "websockets": "invalid opcode"
        seen "aiohttp": "Invalid UTF-8 text message"
        seen "tungstenite": "UTF-8 encoding error: invalid utf-8 sequence of 1 bytes from index 2"
        seen "websocket-client": r"cannot decode: b'He\x89\x00l'"
        quoted "gorilla": "concurrent write to websocket connection"
        quoted "Tomcat": "The remote endpoint was in state [TEXT_FULL_WRITING] which is an invalid state for called method"
        quoted "Tomcat": "Messages may not be sent concurrently even when using the asynchronous send messages."
        quoted "Tomcat": "Concurrent write operations are not permitted"
        quoted ".NET": "There is already one outstanding 'SendAsync' call for this WebSocket instance. ReceiveAsync and SendAsync can be called simultaneously, but at most one outstanding operation for each of them is allowed at the same time."
        quoted "Jetty": "Blocking message pending 10000 for BLOCKING"
        quoted "java.net.http": "java.lang.IllegalStateException: Send pending"
        quoted "websockets": "ConcurrencyError: cannot call recv while another coroutine is already running recv or recv_streaming"
        quoted "aiohttp": "Concurrent call to receive() is not allowed"
        quoted "aiohttp": "RuntimeError: read() called while another coroutine is already waiting for incoming data"
        example command "decode -f frames --from server 8105486589006c6c6f"
    }

    DESYNC "desync" Violation, "RFC 6455 section 5.2" {
        title "no valid frame starts here"
        cause "`send()` wrote only a part, a byte was read and discarded, or the length of an earlier frame is wrong"
        fix "use `sendall`, keep unread bytes in a buffer, and check the length of the frame before"
        seen "Chrome": "Unrecognized frame opcode: …"
        seen "ws": "invalid opcode … (1002)"
        seen "websockets": "invalid opcode"
        seen "aiohttp": "Unexpected opcode=…"
        seen "tungstenite": "Encountered invalid opcode: …"
        quoted "gobwas": "header error: unexpected payload length bits"
        quoted "coder/websocket": "failed to read frame header"
        example command "decode --from server 0548656c6c6f810548656c6c6f"
    }

    READ_IS_NOT_FRAME "read-is-not-frame" PeerBug cut, "no rule: TCP has no message boundaries; see RFC 6455 section 5.2" {
        title "a frame in several reads, of which one is used"
        cause "the receiver treats one `recv()` as one frame, but TCP may deliver a frame in any number of pieces"
        fix "append each read to a buffer, and parse a frame when its header and payload are complete"
        seen "servers after tutorials": "UnicodeDecodeError, or wrong characters from the second read on"
        example command "decode --from client 81"
    }

    MANY_FRAMES_ONE_READ "many-frames-one-read" PeerBug, "no rule: TCP has no message boundaries" {
        title "several frames in one read, of which one is used"
        cause "the receiver uses `decoded = data[6:]`, which ignores the length, or discards the rest of its buffer"
        fix "take each frame by its header and length, and continue with the rest in a loop"
        seen "servers after tutorials": "UnicodeDecodeError at the header of the second frame"
        seen "others": "lose messages when they come fast"
        example not_visible "the bytes are valid; send two frames in one write, and check whether both messages arrive"
    }

    IDLE_TIMEOUT "idle-timeout" Suspicious, "no rule: RFC 6455 section 7.1.5 reports such an end as 1006" {
        title "a connection closed after a time without data"
        cause "a proxy closed the idle connection, as nginx and AWS load balancers do after 60 s and Cloudflare after 100 s, and neither side sends pings"
        fix "send a ping every 20 to 30 seconds, and raise the limit of the proxy (`proxy_read_timeout` in nginx)"
        seen "browsers": "onclose 1006 after a round number of seconds"
        quoted "nginx": "upstream timed out (110: Connection timed out) while proxying upgraded connection"
        quoted "Tomcat": "The WebSocket session [0] idle timeout expired"
        quoted "Jetty": "java.util.concurrent.TimeoutException: Idle timeout expired: 300000/300000 ms"
        quoted "Jetty": "Connection Idle Timeout"
        quoted "Netty": "io.netty.handler.timeout.ReadTimeoutException"
        quoted "coder/websocket": "failed to read frame header: context deadline exceeded"
        quoted "gorilla": "read tcp 127.0.0.1:8080->127.0.0.1:51034: i/o timeout"
        quoted "AWS": "Endpoint request timed out"
        example not_visible "the time shows it: the TCP connection ends without a close frame 60 or 100 seconds after the last frame"
    }

    FRAME_WITH_101 "frame-with-101" Note, "RFC 6455 section 4.1" {
        title "a frame in one packet with the 101"
        cause "the server sends its first message at once, and TCP puts it into the packet of the response"
        fix "nothing is wrong; a client must keep the bytes after the empty line of the head, and read frames from them first"
        seen "libraries": "deliver the message"
        seen "clients that drop what they read with the head": "lose the first message"
        example not_visible "paste the packet of a 101 that has bytes after its head"
    }

    PAYLOAD_ALONE "payload-alone" Note, "no rule: RFC 6455 section 5.2 describes the header" {
        title "a payload without the header of its frame"
        cause "the bytes come from a log or from developer tools, which show a payload without its frame header"
        fix "nothing is wrong; to check the frame, capture the bytes on the socket"
        seen "logs of libraries": "show payloads"
        example command "decode f248cdc9c90700"
    }

    TEXT_DAMAGED "text-damaged" Violation, "no rule: RFC 3629 has no such bytes in binary data" {
        title "bytes that were lost in a conversion to text"
        cause "binary data was decoded as UTF-8 text, and each invalid byte became U+FFFD (`ef bf bd`), or printing removed control characters"
        fix "copy the bytes as hexadecimal, base64 or a `b'…'` literal; the lost bytes cannot be restored"
        seen "terminals, editors, logs": "show U+FFFD, the replacement character"
        example command "decode efbfbdefbfbd37efbfbd213d7fefbfbd4d5158"
    }
}
