//! Rules about the lines and the size of a request or response head.

rules! { HANDSHAKE_RULES: Handshake
    HTTP_BAD_LINES "http-bad-lines" Violation, "RFC 9112 sections 2.2, 3, 5.1, 5.2; RFC 6455 sections 4.1, 4.2.2" {
        title "head lines without CRLF, or that are not headers"
        cause r"the lines end in `\n` instead of `\r\n`, the empty line at the end is missing, or a value contains a line end"
        fix r"end each line with `\r\n` and the head with an empty line; write no space before a colon"
        seen "ws, for LF in a request": "HPE_INVALID_VERSION (status 400)"
        seen "websockets, for a request": "closes the connection without a message"
        seen "aiohttp, for LF in a request": "Bad status line: Expected CRLF after version: b'GET / … (status 400)"
        seen "ws, aiohttp, for a request without its empty line": "wait for more bytes"
        seen "ws, for LF in a response": "Parse Error: Missing expected CR after response line"
        seen "websockets, for LF in a response": "did not receive a valid HTTP response … EOFError: connection closed while reading HTTP status line"
        seen "websocket-client, aiohttp, for LF in a response": "accept it"
        seen "ws, for a response without its empty line": "socket hang up"
        seen "websockets, for a response without its empty line": "did not receive a valid HTTP response … EOFError: connection closed while reading HTTP headers"
        seen "websocket-client, for a response without its empty line": "reports a lost connection"
        seen "browsers, for a response without its empty line": "stay CONNECTING"
        quoted "Node": "HPE_CR_EXPECTED: Missing expected CR after response line"
        quoted "Node": "HPE_INVALID_HEADER_TOKEN: Invalid header token"
        quoted "Tomcat": "Unable to parse HTTP header as no colon is present to delimit header name and header value"
        quoted "Java-WebSocket": "not an http header"
        quoted "tungstenite": "httparse error: invalid HTTP header"
        quoted "nginx": "client sent invalid header line"
        quoted "websocketpp": "Error parsing HTTP header"
        quoted "Chrome": "Invalid UTF-8 sequence in header value"
        quoted "Chrome": "Invalid UTF-8 sequence in header name"
        quoted "Safari": "CR doesn't follow LF after header value at a"
        quoted "Safari": "Unexpected LF in header value at a"
        example command r#"decode --from client "b'GET /chat HTTP/1.1\nHost: localhost:9527\nUpgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\nSec-WebSocket-Version: 13\n\n'""#
    }

    HEAD_LARGER_THAN_READ "head-larger-than-read" PeerBug, "RFC 6455 section 4.2.1" {
        title "a head larger than one read of the peer"
        cause "the peer calls `recv(1024)` once and treats the result as the whole head; cookies make heads longer, and TCP may split them anywhere"
        fix r"read until `\r\n\r\n`, and pass the bytes after it to the frame parser"
        seen "servers after tutorials": "TypeError, because the key is None"
        seen "Chrome, for a server that reads too little": "Connection closed before receiving a handshake response"
        seen "Chrome, for a server that goes away": "net::ERR_CONNECTION_RESET"
        seen "Chrome, for a server that refuses long heads": "Unexpected response code: 413"
        seen "websocket-php, for the rest as frames": "Bad opcode in websocket frame: 3"
        seen "Chrome, for the rest as frames": "One or more reserved bits are on: reserved1 = 1, reserved2 = 0, reserved3 = 1"
        seen "ws, for the rest as frames": "RSV2 and RSV3 must be clear (1002)"
        seen "websockets, for the rest as frames": "invalid opcode"
        seen "aiohttp, for the rest as frames": "Received frame with non-zero reserved bits"
        seen "tungstenite, for the rest as frames": "Encountered invalid opcode: 3"
        example command r#"decode --from server "b'Server: nginx/1.18.0\r\nDate: Sat, 21 Nov 2026 10:02:11 GMT\r\n\r\n\x81\x05Hello'""#
    }

    HEADER_NAME_CASE "header-name-case" PeerBug, "RFC 9110 section 5.1" {
        title "header names in unusual case that some peers reject"
        cause "a proxy or library writes `Sec-Websocket-Accept` or `sec-websocket-key`, and the peer compares names with `startswith` or in a dictionary"
        fix "ignore case when you compare header names; for peers that do not, send `Sec-WebSocket-Accept` in the usual case"
        seen "android-websockets, websocketpp before 2013, Defold before 2020": "refuse such a response"
        seen "current libraries": "accept any case"
        seen "servers after tutorials": "KeyError, or TypeError of None + str"
        seen "Chrome, for such a server": "Connection closed before receiving a handshake response"
        example request {
            with "host" "localhost:9527",
            with "upgrade" "websocket",
            with "connection" "Upgrade",
            with "sec-websocket-key" "kJXuOKsrl3AR1KeFngRElQ==",
            with "sec-websocket-version" "13"
        } response { with "Sec-WebSocket-Accept" "Kfh9QIsMVZcl6xEPYxPHzW8SZ8w=" }
    }

    HEADER_REPEATED "header-repeated" PeerBug, "RFC 9110 section 5.3; RFC 6455 section 4.1" {
        title "Connection or Upgrade on more than one line"
        cause "a proxy or a library adds its own `Connection` or `Upgrade` line to the existing one"
        fix "send each of the two headers on one line: `Connection: keep-alive, Upgrade`"
        seen "ws, for Upgrade twice in a request": "Invalid Upgrade header (status 400)"
        seen "Chrome, for Upgrade twice in a response": "'Upgrade' header must not appear more than once in a response"
        example request { also "Connection" "keep-alive" }
    }
}
