//! Rules about the opening request.

rules! { REQUEST_RULES: Request
    REQ_NOT_GET "req-not-get" Violation, "RFC 6455 sections 4.1, 4.2.1" {
        title "the opening request has another method than GET"
        cause "an HTTP helper whose default is POST, or a form or `fetch` pointed at the WebSocket's URL"
        fix "open with `GET`, or through a WebSocket API instead of an HTTP one"
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
        example request { start "POST /chat HTTP/1.1" }
    }

    HTTP_1_0 "http-1.0" Violation, "RFC 6455 section 4.1; RFC 9110 section 7.8" {
        title "a head of HTTP/1.0, which knows no upgrade"
        cause "nginx, which speaks HTTP/1.0 to what is behind `proxy_pass` unless told otherwise, or a client written by hand"
        fix "say HTTP/1.1 in the first line; in nginx, `proxy_http_version 1.1;`"
        seen "ws, aiohttp, of a request": "accept it with 101"
        seen "websockets, of a request": "unsupported HTTP version: HTTP/1 (status 505)"
        seen "gobwas, of a request": "answers with status 505"
        seen "websockets, of a response": "did not receive a valid HTTP response … ValueError: unsupported protocol; expected HTTP/1.1: HTTP/1.0 101 …"
        seen "ws, websocket-client, aiohttp, of a response": "accept it"
        quoted "tungstenite": "HTTP version must be 1.1 or higher"
        quoted "coder/websocket": r#"WebSocket protocol violation: handshake request must be at least HTTP/1.1: "HTTP/1.0""#
        quoted "Boost.Beast": "The HTTP version is not HTTP/1.1"
        quoted "websocketpp": "Invalid HTTP version."
        quoted "Java-WebSocket": "Invalid status line received: HTTP/1.0 Status line: HTTP/1.0 101 Switching Protocols"
        example request { start "GET /chat HTTP/1.0" }
    }

    REQ_NO_HOST "req-no-host" Violation, "RFC 6455 sections 4.1, 4.2.1" {
        title "the request has no Host header"
        cause "a client on a raw socket that left it out, or a proxy that put the request together anew"
        fix "send `Host:` with the name, and with the port unless it is the usual one"
        seen "ws, websockets": "accept it with 101"
        seen "aiohttp": "Missing 'Host' header in request. (status 400)"
        quoted "Boost.Beast": "The HTTP Host field is missing"
        quoted "Go": "malformed HTTP request: missing required Host header"
        quoted "nginx": r#"client sent HTTP/1.1 request without "Host" header"#
        example request { without "Host" }
    }

    REQ_NOT_UPGRADE "req-not-upgrade" Violation, "RFC 6455 sections 4.1, 4.2.1; RFC 9110 section 7.6.1" {
        title "no upgrade to websocket is asked for"
        cause "a proxy that drops `Upgrade`, as it must unless it is set up to pass it on, or a browser or `fetch` opening the address as a page"
        fix r#"in a proxy, pass `Upgrade $http_upgrade` and `Connection "upgrade"` on; elsewhere, use a WebSocket client"#
        seen "Chrome": "Unexpected response code: 426"
        seen "Chrome, of a server that says 400": "Unexpected response code: 400"
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
        example request { without "Upgrade" }
    }

    REQ_CONNECTION_NO_UPGRADE "req-connection-no-upgrade" Violation, "RFC 6455 sections 4.1, 4.2.1" {
        title "the Connection header does not list Upgrade"
        cause "nginx, which sends `Connection: close` unless told otherwise, or an HTTP library that wrote its own value over it"
        fix "send `Connection: Upgrade`; other words may stand beside it, after a comma"
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
        example request { with "Connection" "keep-alive" }
    }

    CONNECTION_LIST_REFUSED "connection-list-refused" PeerBug, "RFC 6455 section 4.2.1" {
        title "a list in Connection, and a peer that refuses it"
        cause r#"the peer compares all of the value with `Upgrade`, as in `headers["Connection"] == "Upgrade"`, where Firefox sends a list"#
        fix "split the value at its commas, trim the parts, and look for `upgrade` in any case"
        seen "Firefox": "fails with 400 or 426 at such a server, where other browsers get through"
        seen "ws, websockets, aiohttp, of a request": "accept it"
        seen "aiohttp, of a response": "Invalid connection header"
        seen "ws, websockets, websocket-client, of a response": "accept it"
        example request { with "Connection" "keep-alive, Upgrade" }
            response { only "HTTP/1.1 400 Bad Request", with "Content-Length" "0" }
    }

    REQ_KEY_BAD "req-key-bad" Violation, "RFC 6455 sections 4.1, 4.2.1, 11.3.1" {
        title "a Sec-WebSocket-Key not of 16 bytes, none, or two"
        cause "base64 of the text of a UUID, of hexadecimal digits or of a random number, or its padding was cut off"
        fix "take 16 random bytes, and send base64 of them: `base64(os.urandom(16))`, 24 characters"
        seen "ws": "Missing or invalid Sec-WebSocket-Key header (status 400)"
        seen "websockets, of a wrong one": "invalid Sec-WebSocket-Key header: JCMCrKJENqcrTU9erFxGoiP5… (status 400)"
        seen "websockets, of none": "missing Sec-WebSocket-Key header (status 400)"
        seen "websockets, of two": "invalid Sec-WebSocket-Key header: multiple values (status 400)"
        seen "aiohttp, of a wrong one": "Handshake error: 'JCMCrKJENqcrTU9erFxGoiP5… (status 400)"
        seen "aiohttp, of none": "Handshake error: None (status 400)"
        seen "aiohttp, of two": "accepts them with 101"
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
        example request { with "Sec-WebSocket-Key" "YWFhYWFhYWFhYWFh" }
    }

    REQ_KEY_CONSTANT "req-key-constant" Suspicious, "RFC 6455 section 4.1" {
        title "a key that is the same for every connection"
        cause "the key was copied from the RFC or a tutorial, or the random generator starts alike each time"
        fix "draw a new key for each connection"
        seen "libraries": "accept it, and print nothing"
        example request { with "Sec-WebSocket-Key" "dGhlIHNhbXBsZSBub25jZQ==" }
    }

    REQ_VERSION "req-version" Violation, "RFC 6455 sections 4.1, 4.2.1, 4.4" {
        title "a Sec-WebSocket-Version other than 13, or none"
        cause "a client of the time before the RFC, or one that leaves the header out"
        fix "send `Sec-WebSocket-Version: 13`; a server answers others with 426 and the versions it knows"
        seen "ws, of none": "Missing or invalid Sec-WebSocket-Version header (status 400)"
        seen "websockets, of none": "missing Sec-WebSocket-Version header (status 400)"
        seen "aiohttp, of none": "Unsupported version: (status 400)"
        seen "websockets, of 8": "invalid Sec-WebSocket-Version header: 8 (status 400)"
        seen "ws, aiohttp, of 8": "accept it with 101"
        quoted "gorilla": "websocket: unsupported version: 13 not found in 'Sec-Websocket-Version' header"
        quoted "coder/websocket": r#"unsupported WebSocket protocol version (only 13 is supported): "8""#
        quoted "tungstenite": r#"No "Sec-WebSocket-Version: 13" header"#
        quoted "Spring": "Handshake failed due to unsupported WebSocket version: 8. Supported versions: [13]"
        quoted ".NET": "Unsupported WebSocket version."
        quoted "Jetty": "Unsupported websocket version specification: 8"
        quoted "ws": "Unsupported protocol version: 14 (supported versions: 8, 13)"
        quoted "Boost.Beast": "The HTTP Sec-WebSocket-Version field is missing"
        quoted "fastwebsockets": "Sec-Websocket-Version must be 13"
        example request { with "Sec-WebSocket-Version" "8" }
    }

    REQ_HIXIE76 "req-hixie76" Violation, "RFC 6455 section 4.2.1" {
        title "a request of the Hixie-76 draft, with Key1 and Key2"
        cause "a client of 2010: an old iOS, a Flash bridge, or an old library for Arduino"
        fix "replace the client by one that speaks RFC 6455; servers have given the draft up"
        seen "ws": "Missing or invalid Sec-WebSocket-Key header (status 400)"
        seen "websockets": "closes the connection without a word"
        seen "aiohttp": "Invalid HTTP header: 'Sec-WebSocket-Key1' (status 400)"
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
        title "subprotocols that are empty, doubled, or no tokens"
        cause "`new WebSocket(url, null)`, a setting that was empty, or a version after a slash in the name"
        fix "leave the argument out, or pass `[]`; name each subprotocol once, in letters, digits and `-._`"
        seen "ws": "Invalid Sec-WebSocket-Protocol header (status 400)"
        seen "websockets, of an empty one": "invalid Sec-WebSocket-Protocol header: expected token at 0 in (status 400)"
        seen "websockets, of a slash": "invalid Sec-WebSocket-Protocol header: expected comma at 3 in foo/bar (status 400)"
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
        title "an offer of extensions that breaks their grammar"
        cause "the header was put together by hand"
        fix "offer `permessage-deflate; client_max_window_bits`, window bits from 8 to 15, or no extension at all"
        seen "ws": "Invalid or unacceptable Sec-WebSocket-Extensions header (status 400)"
        seen "websockets, of an empty one": "invalid Sec-WebSocket-Extensions header: expected token at 0 in (status 400)"
        seen "websockets, of 16 window bits": "accepts it with 101"
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
        title "the client sends frames before it has the 101"
        cause "the client writes its first message together with the request, or does not wait for the answer"
        fix "send the first frame when the 101 is here and its accept value is right"
        seen "gorilla": "websocket: client sent data before handshake is complete"
        seen "ws, websockets, aiohttp": "accept it"
        quoted "tungstenite": "Junk after client request"
        example not_visible "one direction does not show it: in a capture of both, a frame of the client stands before the server's 101"
    }

    REQ_HEAD_TOO_LARGE "req-head-too-large" Violation, "RFC 6585 section 5" {
        title "a head larger than the server takes"
        cause "cookies that have piled up, or a token in a header that grew too long"
        fix "send fewer and shorter headers, or let the server take larger heads"
        seen "wsctl serve": "Request Header Fields Too Large (status 431)"
        quoted "Node": "HPE_HEADER_OVERFLOW: Header overflow (status 431)"
        quoted "nginx": "400 Bad Request: Request Header Or Cookie Too Large"
        quoted "Tomcat": "Request header is too large"
        quoted "Netty": "TooLongHttpHeaderException: HTTP header is larger than 8192 bytes"
        example not_visible "the limit is the server's own: `wsctl serve` refuses a head of more than 16 KiB, or with too many headers"
    }

    REQ_HEAD_TOO_SLOW "req-head-too-slow" Violation, "RFC 9110 section 15.5.9" {
        title "a head that did not come to its end in time"
        cause "the empty line that ends the head is missing, or the client opened the connection and waits for the server to speak first"
        fix r"end the head with `\r\n\r\n`, and send it as soon as the connection is open"
        seen "wsctl serve": "Request Timeout (status 408)"
        seen "ws, aiohttp": "wait for more bytes"
        quoted "Node": "ERR_HTTP_REQUEST_TIMEOUT: Request timeout (status 408)"
        example not_visible "bytes do not tell the time: `wsctl serve` refuses a head that takes more than ten seconds"
    }

    REQ_BODY "req-body" Violation, "RFC 9110 section 7.8" {
        title "a request with a body, where frames would begin"
        cause "an HTTP library that adds `Content-Length` or `Transfer-Encoding` by itself, or a body handed to it by mistake"
        fix "send neither a body nor `Content-Length` or `Transfer-Encoding`"
        seen "wsctl serve": "Bad Request (status 400)"
        example request { with "Content-Length" "5" }
    }
}
