//! Rules about the opening request.

rules! { REQUEST_RULES: Request
    REQ_NOT_GET "req-not-get" Violation, "RFC 6455 sections 4.1, 4.2.1" {
        title "the opening request has another method than GET"
        cause "an HTTP helper whose default is POST, or a form or `fetch` pointed at the WebSocket's URL"
        fix "open with `GET`, or through a WebSocket API instead of an HTTP one"
        seen "ws": "Invalid HTTP method (status 400)"
        seen "websockets": "unsupported HTTP method: POST (status 405)"
        seen "aiohttp": "accepts it with 101"
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
        example request { start "GET /chat HTTP/1.0" }
    }

    REQ_NO_HOST "req-no-host" Violation, "RFC 6455 sections 4.1, 4.2.1" {
        title "the request has no Host header"
        cause "a client on a raw socket that left it out, or a proxy that put the request together anew"
        fix "send `Host:` with the name, and with the port unless it is the usual one"
        seen "ws, websockets": "accept it with 101"
        seen "aiohttp": "Missing 'Host' header in request. (status 400)"
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
        example request { with "Sec-WebSocket-Extensions" "permessage-deflate; client_max_window_bits=16" }
    }

    REQ_EARLY_FRAMES "req-early-frames" Violation, "RFC 6455 section 4.1" {
        title "the client sends frames before it has the 101"
        cause "the client writes its first message together with the request, or does not wait for the answer"
        fix "send the first frame when the 101 is here and its accept value is right"
        seen "gorilla": "websocket: client sent data before handshake is complete"
        seen "ws, websockets, aiohttp": "accept it"
        example not_visible "one direction does not show it: in a capture of both, a frame of the client stands before the server's 101"
    }

    REQ_HEAD_TOO_LARGE "req-head-too-large" Violation, "RFC 6585 section 5" {
        title "a head larger than the server takes"
        cause "cookies that have piled up, or a token in a header that grew too long"
        fix "send fewer and shorter headers, or let the server take larger heads"
        seen "wsctl serve": "Request Header Fields Too Large (status 431)"
        example not_visible "the limit is the server's own: `wsctl serve` refuses a head of more than 16 KiB, or with too many headers"
    }

    REQ_HEAD_TOO_SLOW "req-head-too-slow" Violation, "RFC 9110 section 15.5.9" {
        title "a head that did not come to its end in time"
        cause "the empty line that ends the head is missing, or the client opened the connection and waits for the server to speak first"
        fix r"end the head with `\r\n\r\n`, and send it as soon as the connection is open"
        seen "wsctl serve": "Request Timeout (status 408)"
        seen "ws, aiohttp": "wait for more bytes"
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
