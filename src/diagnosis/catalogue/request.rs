//! Rules about the opening request.

rules! { REQUEST_RULES: Request
    REQ_NOT_GET "req-not-get" Violation, "RFC 6455 sections 4.1, 4.2.1" {
        title "the request method is not GET"
        cause "an HTTP library sent its default method, POST, or a form or `fetch` was pointed at the WebSocket URL"
        fix "send `GET`, or use a WebSocket API instead of an HTTP one"
        seen "ws": "Invalid HTTP method (status 400)"
        seen "websockets": "unsupported HTTP method: POST (status 405)"
        seen "aiohttp": "accepts it with 101"
        quoted "tungstenite": "Unsupported HTTP method used - only GET is allowed"
        quoted "gorilla": "websocket: the client is not using the websocket protocol: request method is not GET"
        quoted "coder/websocket": r#"WebSocket protocol violation: handshake request method is not GET but "POST""#
        quoted "Spring": "Handshake failed due to unexpected HTTP method: POST"
        quoted "Boost.Beast": "The HTTP method is not GET"
        quoted "websocketpp": "Invalid HTTP method."
        quoted "Java-WebSocket": "Invalid request method received: POST Status line: POST / HTTP/1.1"
        quoted "tungstenite, as a debug text": "Protocol(WrongHttpMethod)"
        example request { start "POST /chat HTTP/1.1" }
    }

    HTTP_1_0 "http-1.0" Violation, "RFC 6455 section 4.1; RFC 9110 section 7.8" {
        title "HTTP/1.0 or older in the start line has no Upgrade"
        cause "a proxy sends HTTP/1.0 to the server, as nginx does by default in `proxy_pass`, or the client is written by hand"
        fix "write HTTP/1.1 in the start line; in nginx, set `proxy_http_version 1.1;`"
        seen "ws, aiohttp, for a request": "accept it with 101"
        seen "websockets, for a request": "unsupported HTTP version: HTTP/1 (status 505)"
        seen "gobwas, for a request": "answers with status 505"
        seen "websockets, for a response": "did not receive a valid HTTP response … ValueError: unsupported protocol; expected HTTP/1.1: HTTP/1.0 101 …"
        seen "ws, websocket-client, aiohttp, for a response": "accept it"
        quoted "tungstenite": "HTTP version must be 1.1 or higher"
        quoted "coder/websocket": r#"WebSocket protocol violation: handshake request must be at least HTTP/1.1: "HTTP/1.0""#
        quoted "Boost.Beast": "The HTTP version is not HTTP/1.1"
        quoted "websocketpp": "Invalid HTTP version."
        quoted "Java-WebSocket": "Invalid status line received: HTTP/1.0 Status line: HTTP/1.0 101 Switching Protocols"
        quoted "tungstenite, as a debug text": "Protocol(WrongHttpVersion)"
        quoted "Beast": "The WebSocket handshake was not HTTP/1.1"
        example request { start "GET /chat HTTP/1.0" }
    }

    REQ_NO_HOST "req-no-host" Violation, "RFC 6455 sections 4.1, 4.2.1" {
        title "the request has no Host header"
        cause "a client on a raw socket does not send the header, or a proxy wrote a new request without it"
        fix "send `Host:` with the name of the server; add the port unless it is 80 for ws or 443 for wss"
        seen "ws, websockets": "accept it with 101"
        seen "aiohttp": "Missing 'Host' header in request. (status 400)"
        quoted "Boost.Beast": "The HTTP Host field is missing"
        quoted "Go": "malformed HTTP request: missing required Host header"
        quoted "nginx": r#"client sent HTTP/1.1 request without "Host" header"#
        quoted "WebSocket-Node": "Client must provide a Host header."
        quoted "Autobahn": "HTTP Host header missing in opening handshake request"
        example request { without "Host" }
    }

    REQ_HOST_BAD "req-host-bad" Violation, "RFC 9112 section 3.2; RFC 9110 section 7.2" {
        title "a Host header that is empty, or no host and port"
        cause "the host comes from an empty setting, or the whole address was written into the header"
        fix "send the host, and the port unless it is the default one: `Host: example.com:9527`"
        seen "wsctl serve": "Bad Request (status 400)"
        quoted "Go": "malformed Host header"
        quoted "nginx": "client sent invalid host header"
        quoted "Autobahn": "HTTP Host header appears more than once in opening handshake request"
        example request { with "Host" "http://localhost:9527" }
    }

    REQ_ORIGIN_TWICE "req-origin-twice" Violation, "RFC 6454 section 7.3" {
        title "the request has several Origin headers"
        cause "a proxy or a library adds an `Origin` to the one that the browser sent"
        fix "pass on the browser's `Origin`, and add none"
        seen "wsctl serve": "Bad Request (status 400)"
        quoted "Autobahn": "HTTP Origin header appears more than once in opening handshake request"
        example request { with "Origin" "http://localhost:3000", also "Origin" "https://app.example" }
    }

    ORIGIN_FOREIGN "origin-foreign" Suspicious, "RFC 6455 section 10.2" {
        title "a page of another site connects to this machine"
        cause "a browser lets every page connect to a server on the user's machine, and sends the page's site as `Origin`; it is `null` for a file and a sandboxed frame"
        fix "if the page is yours, name its origin: `wsctl serve --origin https://app.example`"
        seen "browsers, for a refusal": "close event 1006"
        seen "ws, websockets, aiohttp": "admit all origins unless they are told not to"
        example not_visible "open `wsctl serve` with the request header `Origin: https://app.example`"
    }

    HOST_FOREIGN "host-foreign" Suspicious, "RFC 9110 section 7.2; RFC 6455 section 10.2" {
        title "a request for another host than this server"
        cause "a name that the server does not know resolves to this machine: by a hosts file, a tunnel, or a page that attacks it (DNS rebinding)"
        fix "if the name is yours, admit it: `wsctl serve --origin http://NAME`, or `--host NAME`"
        seen "Vite": r#"Blocked request. This host ("app.example") is not allowed."#
        seen "webpack-dev-server": "Invalid Host header"
        seen "Django": "Invalid HTTP_HOST header"
        example not_visible "open `wsctl serve` with the request header `Host: app.example`"
    }

    REQ_TARGET_BAD "req-target-bad" Violation, "RFC 9112 section 3.2; RFC 6455 section 4.1" {
        title "a request target that is no path, or has a fragment"
        cause "the client writes the whole `ws://` address, a path without its slash, or the part after `#` into the request line"
        fix "send the path and the query: `GET /chat?room=1 HTTP/1.1`"
        seen "wsctl serve": "Bad Request (status 400)"
        example request { start "GET ws://localhost:9527/chat HTTP/1.1" }
    }

    REQ_NOT_UPGRADE "req-not-upgrade" Violation, "RFC 6455 sections 4.1, 4.2.1; RFC 9110 section 7.6.1" {
        title "the request asks for no upgrade to websocket"
        cause "a proxy removed the `Upgrade` header, which proxies do by default, or a browser or `fetch` opened the URL as a page"
        fix r#"in the proxy, pass on `Upgrade $http_upgrade` and `Connection "upgrade"`; otherwise use a WebSocket client"#
        seen "Chrome": "Unexpected response code: 426"
        seen "Chrome, for a server that says 400": "Unexpected response code: 400"
        seen "ws": "Upgrade Required (status 426)"
        seen "websockets": "missing Upgrade header (status 426)"
        seen "aiohttp": r#"No WebSocket UPGRADE hdr: None Can "Upgrade" only to "WebS… (status 400)"#
        seen "gorilla": "'websocket' token not found in 'Upgrade' header"
        quoted "gorilla": "websocket: the client is not using the websocket protocol: 'websocket' token not found in 'Upgrade' header"
        quoted "coder/websocket": r#"WebSocket protocol violation: Upgrade header "" does not contain websocket"#
        quoted "tungstenite": r#"No "Upgrade: websocket" header"#
        quoted "ws": "Invalid Upgrade header (status 400)"
        quoted "Spring": r#"Can "Upgrade" only to "WebSocket"."#
        quoted "Spring": "Handshake failed due to invalid Upgrade header: null"
        quoted "Netty": "WebSocketHandshakeException: not a WebSocket handshake request: missing upgrade"
        quoted "Jetty": "Not a WebSocket Upgrade"
        quoted "Boost.Beast": "The HTTP Upgrade field is missing the websocket token"
        quoted ".NET": "A WebSocket operation was called on a request or response that is not a WebSocket."
        quoted "Dart": "WebSocketException: Invalid WebSocket upgrade request"
        quoted "aiohttp": r#"Can "Upgrade" only to "WebSocket"."#
        quoted "fastwebsockets": "Invalid upgrade header"
        quoted "tungstenite, as a debug text": "Protocol(MissingUpgradeWebSocketHeader)"
        quoted "Ratchet": "Upgrade header MUST be provided"
        quoted "faye": "Not a WebSocket request"
        quoted "lua-resty-websocket": "bad \"upgrade\" request header: nil"
        example request { without "Upgrade" }
    }

    REQ_CONNECTION_NO_UPGRADE "req-connection-no-upgrade" Violation, "RFC 6455 sections 4.1, 4.2.1" {
        title "the Connection header does not contain Upgrade"
        cause "a proxy sends `Connection: close`, as nginx does by default, or an HTTP library replaced the value with its own"
        fix "send `Connection: Upgrade`; a list such as `keep-alive, Upgrade` is allowed"
        seen "ws": "Upgrade Required (status 426)"
        seen "websockets": "invalid Connection header: keep-alive (status 426)"
        seen "aiohttp": "No CONNECTION upgrade hdr: keep-alive (status 400)"
        seen "gorilla": "'upgrade' token not found in 'Connection' header"
        quoted "gorilla": "websocket: the client is not using the websocket protocol: 'upgrade' token not found in 'Connection' header"
        quoted "coder/websocket": r#"WebSocket protocol violation: Connection header "keep-alive" does not contain Upgrade"#
        quoted "tungstenite": r#"No "Connection: upgrade" header"#
        quoted "Spring": r#""Connection" must be "upgrade"."#
        quoted "Spring": "Handshake failed due to invalid Connection header keep-alive"
        quoted "Boost.Beast": "The HTTP Connection field is missing the upgrade token"
        quoted "fastwebsockets": "Invalid connection header"
        quoted "tungstenite, as a debug text": "Protocol(MissingConnectionUpgradeHeader)"
        quoted "Ratchet": "Connection Upgrade MUST be requested"
        quoted "lua-resty-websocket": "bad \"connection\" request header"
        example request { with "Connection" "keep-alive" }
    }

    CONNECTION_LIST_REFUSED "connection-list-refused" PeerBug, "RFC 6455 section 4.2.1" {
        title "a list in Connection that some peers refuse"
        cause r#"the server compares the whole value, as in `headers["Connection"] == "Upgrade"`, but Firefox sends a list"#
        fix "split the value at the commas, trim each part, and compare it with `upgrade` in any case"
        seen "Firefox": "fails with 400 or 426 at such a server, where other browsers get through"
        seen "ws, websockets, aiohttp, for a request": "accept it"
        seen "aiohttp, for a response": "Invalid connection header"
        seen "ws, websockets, websocket-client, for a response": "accept it"
        example request { with "Connection" "keep-alive, Upgrade" }
            response { only "HTTP/1.1 400 Bad Request", with "Content-Length" "0" }
    }

    REQ_KEY_BAD "req-key-bad" Violation, "RFC 6455 sections 4.1, 4.2.1, 11.3.1" {
        title "a Sec-WebSocket-Key not of 16 bytes, none, or two"
        cause "the value is base64 of a UUID's text, of hexadecimal digits or of a random number, or its padding is missing"
        fix "send base64 of 16 random bytes: `base64.b64encode(os.urandom(16))`, 24 characters"
        seen "ws": "Missing or invalid Sec-WebSocket-Key header (status 400)"
        seen "websockets, for a wrong one": "invalid Sec-WebSocket-Key header: JCMCrKJENqcrTU9erFxGoiP5… (status 400)"
        seen "websockets, for none": "missing Sec-WebSocket-Key header (status 400)"
        seen "websockets, for two": "invalid Sec-WebSocket-Key header: multiple values (status 400)"
        seen "aiohttp, for a wrong one": "Handshake error: 'JCMCrKJENqcrTU9erFxGoiP5… (status 400)"
        seen "aiohttp, for none": "Handshake error: None (status 400)"
        seen "aiohttp, for two": "accepts them with 101"
        quoted "gorilla": "websocket: not a websocket handshake: 'Sec-WebSocket-Key' header must be Base64 encoded value of 16-byte in length"
        quoted "gorilla, old": "websocket: not a websocket handshake: 'Sec-WebSocket-Key' header is missing or blank"
        quoted "coder/websocket": "WebSocket protocol violation: missing Sec-WebSocket-Key"
        quoted "coder/websocket": "WebSocket protocol violation: multiple Sec-WebSocket-Key headers"
        quoted "coder/websocket": r#"WebSocket protocol violation: invalid Sec-WebSocket-Key "abc", must be a 16 byte base64 encoded string"#
        quoted "tungstenite": r#"No "Sec-WebSocket-Key" header"#
        quoted "Spring": r#"Missing "Sec-WebSocket-Key" header"#
        quoted "Netty": "not a WebSocket request: missing key"
        quoted "Jetty": "Missing Sec-WebSocket-Key header"
        quoted "Java-WebSocket": "missing Sec-WebSocket-Key"
        quoted "Boost.Beast": "The HTTP Sec-WebSocket-Key field is missing"
        quoted "fastwebsockets": "Sec-WebSocket-Key is missing"
        quoted "tungstenite, as a debug text": "Protocol(MissingSecWebSocketKey)"
        quoted "Autobahn": "HTTP Sec-WebSocket-Key header appears more than once in opening handshake request"
        example request { with "Sec-WebSocket-Key" "YWFhYWFhYWFhYWFh" }
    }

    REQ_KEY_CONSTANT "req-key-constant" Suspicious, "RFC 6455 section 4.1" {
        title "a key that is the same for every connection"
        cause "the key was copied from the RFC or a tutorial, or the random generator has a fixed seed"
        fix "generate a new random key for each connection"
        seen "libraries": "accept it without a message"
        example request { with "Sec-WebSocket-Key" "dGhlIHNhbXBsZSBub25jZQ==" }
    }

    REQ_VERSION "req-version" Violation, "RFC 6455 sections 4.1, 4.2.1, 4.4" {
        title "Sec-WebSocket-Version is not 13, or is missing"
        cause "the client is older than RFC 6455, or it does not send the header"
        fix "send `Sec-WebSocket-Version: 13`; a server answers other versions with status 426 and the versions it supports"
        seen "ws, for none": "Missing or invalid Sec-WebSocket-Version header (status 400)"
        seen "websockets, for none": "missing Sec-WebSocket-Version header (status 400)"
        seen "aiohttp, for none": "Unsupported version: (status 400)"
        seen "websockets, for 8": "invalid Sec-WebSocket-Version header: 8 (status 400)"
        seen "ws, aiohttp, for 8": "accept it with 101"
        quoted "gorilla": "websocket: unsupported version: 13 not found in 'Sec-Websocket-Version' header"
        quoted "coder/websocket": r#"unsupported WebSocket protocol version (only 13 is supported): "8""#
        quoted "tungstenite": r#"No "Sec-WebSocket-Version: 13" header"#
        quoted "Spring": "Handshake failed due to unsupported WebSocket version: 8. Supported versions: [13]"
        quoted ".NET": "Unsupported WebSocket version."
        quoted "Jetty": "Unsupported websocket version specification: 8"
        quoted "ws": "Unsupported protocol version: 14 (supported versions: 8, 13)"
        quoted "Boost.Beast": "The HTTP Sec-WebSocket-Version field is missing"
        quoted "fastwebsockets": "Sec-Websocket-Version must be 13"
        quoted "tungstenite, as a debug text": "Protocol(MissingSecWebSocketVersionHeader)"
        quoted "Java-WebSocket": "no draft matches"
        example request { with "Sec-WebSocket-Version" "8" }
    }

    REQ_HIXIE76 "req-hixie76" Violation, "RFC 6455 section 4.2.1" {
        title "a request of the Hixie-76 draft, with Key1 and Key2"
        cause "the client dates from 2010: an old iOS, a Flash bridge, or an old Arduino library"
        fix "replace the client with one that supports RFC 6455; servers no longer support the draft"
        seen "ws": "Missing or invalid Sec-WebSocket-Key header (status 400)"
        seen "websockets": "closes the connection without a message"
        seen "aiohttp": "Invalid HTTP header: 'Sec-WebSocket-Key1' (status 400)"
        quoted "Autobahn": "WebSocket connection denied - Hixie76 protocol not supported."
        example request {
            without "Sec-WebSocket-Key",
            without "Sec-WebSocket-Version",
            with "Upgrade" "WebSocket",
            with "Origin" "http://localhost",
            with "Sec-WebSocket-Key1" "4 @1  46546xW%0l 1 5",
            with "Sec-WebSocket-Key2" "12998 5 Y3 1  .P00"
        }
    }

    REQ_SUBPROTOCOL_BAD "req-subprotocol-bad" Violation, "RFC 6455 section 4.1" {
        title "subprotocols that are empty, repeated or not tokens"
        cause "the program calls `new WebSocket(url, null)`, a setting is empty, or a name contains a slash and a version"
        fix "omit the argument or pass `[]`; use each name once, with letters, digits and `-._`"
        seen "ws": "Invalid Sec-WebSocket-Protocol header (status 400)"
        seen "websockets, for an empty one": "invalid Sec-WebSocket-Protocol header: expected token at 0 in (status 400)"
        seen "websockets, for a slash": "invalid Sec-WebSocket-Protocol header: expected comma at 3 in foo/bar (status 400)"
        seen "aiohttp": "accepts it with 101"
        quoted "Chrome": "Failed to construct 'WebSocket': The subprotocol 'foo/bar' is invalid."
        quoted "Chrome": "Failed to construct 'WebSocket': The subprotocol 'chat' is duplicated."
        quoted "ws": "An invalid or duplicated subprotocol was specified"
        quoted "ws": r#"The "chat" subprotocol is duplicated"#
        quoted ".NET": "The WebSocket protocol 'foo/bar' is invalid because it contains the invalid character '/'."
        quoted ".NET": "Duplicate protocols are not allowed: 'chat'."
        quoted ".NET": r#"Empty string is not a valid subprotocol value. Please use "null" to specify no value."#
        example request { with "Sec-WebSocket-Protocol" "foo/bar" }
    }

    REQ_EXTENSIONS_BAD "req-extensions-bad" Violation, "RFC 7692 section 7.1.2; RFC 6455 section 9.1" {
        title "an extension offer that is not valid"
        cause "the header was written by hand"
        fix "offer `permessage-deflate; client_max_window_bits`, with window bits from 8 to 15, or send no such header"
        seen "ws": "Invalid or unacceptable Sec-WebSocket-Extensions header (status 400)"
        seen "websockets, for an empty one": "invalid Sec-WebSocket-Extensions header: expected token at 0 in (status 400)"
        seen "websockets, for 16 window bits": "accepts it with 101"
        seen "aiohttp": "accepts it with 101"
        quoted "ws": r#"Invalid value for parameter "client_max_window_bits": 16"#
        quoted "ws": r#"Unknown parameter "foo""#
        quoted "ws": r#"Parameter "client_max_window_bits" must have only a single value"#
        quoted "ws": "None of the extension offers can be accepted"
        quoted "ws, as a client error": "Sec-WebSocket-Extensions header: invalid parameter client_max_window_bits"
        quoted "Tomcat": "An invalid windows of [16] size was specified for [client_max_window_bits]. Valid values are whole numbers from 8 to 15 inclusive."
        quoted "Tomcat": "An unknown extension parameter [foo] was defined"
        quoted "coder/websocket": r#"unsupported permessage-deflate parameter: "foo""#
        example request { with "Sec-WebSocket-Extensions" "permessage-deflate; client_max_window_bits=16" }
    }

    REQ_EARLY_FRAMES "req-early-frames" Violation, "RFC 6455 section 4.1" {
        title "the client sends frames before the 101 arrives"
        cause "the client sends its first message together with the request, or does not wait for the response"
        fix "send the first frame after the 101 has arrived and its accept value is correct"
        seen "gorilla": "websocket: client sent data before handshake is complete"
        seen "ws, websockets, aiohttp": "accept it"
        quoted "tungstenite": "Junk after client request"
        quoted "tungstenite, as a debug text": "Protocol(JunkAfterRequest)"
        example not_visible "one direction does not show it; a capture of both directions shows a frame of the client before the server's 101"
    }

    REQ_HEAD_TOO_LARGE "req-head-too-large" Violation, "RFC 6585 section 5" {
        title "a request head larger than the server accepts"
        cause "the browser sends many cookies, or a header contains a long token"
        fix "send fewer or shorter headers, or raise the limit of the server"
        seen "wsctl serve": "Request Header Fields Too Large (status 431)"
        quoted "Node": "HPE_HEADER_OVERFLOW: Header overflow (status 431)"
        quoted "nginx": "400 Bad Request: Request Header Or Cookie Too Large"
        quoted "Tomcat": "Request header is too large"
        quoted "Netty": "TooLongHttpHeaderException: HTTP header is larger than 8192 bytes"
        quoted "tungstenite": "Attack attempt detected"
        quoted "tungstenite, as a debug text": "AttackAttempt"
        example not_visible "each server has its own limit; `wsctl serve` refuses a head of more than 16 KiB or with too many headers"
    }

    REQ_HEAD_TOO_SLOW "req-head-too-slow" Violation, "RFC 9110 section 15.5.9" {
        title "a request head that is not complete in time"
        cause "the empty line at the end of the head is missing, or the client waits for the server to send first"
        fix r"end the head with `\r\n\r\n`, and send it as soon as the connection is open"
        seen "wsctl serve": "Request Timeout (status 408)"
        seen "ws, aiohttp": "wait for more bytes"
        quoted "Node": "ERR_HTTP_REQUEST_TIMEOUT: Request timeout (status 408)"
        example not_visible "bytes do not show the time; `wsctl serve` refuses a head that takes more than ten seconds"
    }

    REQ_BODY "req-body" Violation, "RFC 9110 section 7.8" {
        title "a request with a body, where frames would begin"
        cause "an HTTP library adds `Content-Length` or `Transfer-Encoding`, or the program passes it a body by mistake"
        fix "send no body, no `Content-Length` and no `Transfer-Encoding`"
        seen "wsctl serve": "Bad Request (status 400)"
        example request { with "Content-Length" "5" }
    }
}
