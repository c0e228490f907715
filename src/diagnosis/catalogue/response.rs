//! Rules about the response to the opening request.

use super::PeerMessage;

/// What clients print for any wrong `Sec-WebSocket-Accept`.
const WRONG_ACCEPT: &[PeerMessage] = &[
    ("Chrome", "Incorrect 'Sec-WebSocket-Accept' header value"),
    ("ws", "Invalid Sec-WebSocket-Accept header"),
    ("websockets", "invalid Sec-WebSocket-Accept header: …"),
    ("websocket-client", "Invalid WebSocket Header"),
    ("aiohttp", "Invalid challenge response"),
];

rules! { RESPONSE_RULES: Response
    RESP_STATUS "resp-status" Violation, "RFC 6455 section 4.1" {
        title "the response status is not 101"
        cause "the server refused the path, the `Origin` or a cookie, or a web page or a proxy answered instead of the WebSocket server"
        fix "read the body and the `Location` and `Server` headers, then correct the path, the proxy or the allowed origins"
        seen "Chrome": "Unexpected response code: 400"
        seen "Chrome, for a page or SockJS in its place": "Unexpected response code: 200"
        seen "Chrome, for another status": "Unexpected response code: …"
        seen "ws": "Unexpected server response: 400"
        seen "ws, for another status": "Unexpected server response: …"
        seen "websockets": "server rejected WebSocket connection: HTTP 400"
        seen "websocket-client": "Handshake status 400 Bad Request -+-+- {'content-length': '0'} -+-+- None"
        seen "aiohttp": "Invalid response status"
        seen "websockets, websocket-client, aiohttp, for 301": "follow the redirect"
        seen "gorilla, in the body of its 403": "'Origin' header value not allowed"
        quoted ".NET": "The server returned status code '200' when status code '101' was expected."
        quoted ".NET": "Unable to connect to the remote server"
        quoted "OkHttp": "Expected HTTP 101 response but was '403 Forbidden'"
        quoted "gorilla": "websocket: bad handshake"
        quoted "gorilla, for its own 403": "websocket: request origin not allowed by Upgrader.CheckOrigin"
        quoted "Firefox": "Firefox can’t establish a connection to the server at ws://localhost:8080/."
        quoted "Safari": "There was a bad response from the server."
        quoted "Java-WebSocket": "Invalid status code received: 403 Status line: HTTP/1.1 403 Forbidden"
        quoted "java.net.http": "WebSocketHandshakeException: Unexpected HTTP response status code 403"
        quoted "Tomcat": "The HTTP response from the server [200] did not permit the HTTP upgrade to WebSocket"
        quoted "Tyrus": "Response code was not 101: 404."
        quoted "tungstenite": "HTTP error: 403 Forbidden"
        quoted "tungstenite": "HTTP error: 404 Not Found"
        quoted "tungstenite": "HTTP error: 200 OK"
        quoted "coder/websocket": "failed to WebSocket dial: expected handshake response status code 101 but got 403"
        quoted "coder/websocket": r#"request Origin "https://a.example" is not authorized for Host "b.example""#
        quoted "gobwas": "unexpected HTTP response status: 403"
        quoted "Netty": "WebSocketClientHandshakeException: Invalid handshake response getStatus: 403 Forbidden"
        quoted "Netty": "Invalid handshake response status: 404 Not Found"
        quoted "Jetty": "Unexpected HTTP Response Status Code: 404 Not Found"
        quoted "Jetty": "org.eclipse.jetty.websocket.api.UpgradeException: Failed to upgrade to websocket: Unexpected HTTP Response Status Code"
        quoted "Tomcat": "Failed to handle HTTP response code [401]. Authentication header was not accepted by server."
        quoted "Dart": "WebSocketException: Connection to 'http://localhost:8080#' was not upgraded to websocket"
        quoted "Dart": "WebSocketException: Connection to 'http://localhost:8080/' was not upgraded to websocket, HTTP status code: 404"
        quoted "websocketpp": "Invalid HTTP status."
        quoted "Boost.Beast": "The WebSocket handshake was declined by the remote peer"
        quoted "undici": "Received network error or non-101 status code."
        quoted "Starscream": "WSError: Invalid HTTP upgrade (notAnUpgrade 403)"
        quoted "SocketRocket": "Received bad response code from server: 403."
        quoted "Apple": r#"NSURLErrorDomain Code=-1011 "There was a bad response from the server.""#
        quoted "reqwest-websocket": "unexpected status code: 403 Forbidden"
        quoted "websockets, legacy": "InvalidStatusCode: server rejected WebSocket connection: HTTP 403"
        quoted "websocket-client": "WebSocketBadStatusException: Handshake status 403 Forbidden"
        quoted "aiohttp": "WSServerHandshakeError: 403, message='Invalid response status', url='ws://localhost:8080/'"
        quoted "uvicorn": r#""WebSocket /ws" 403"#
        quoted "Firefox": "NS_ERROR_WEBSOCKET_CONNECTION_REFUSED"
        quoted "tungstenite, as a debug text": "Http(Response { status: 403, version: HTTP/1.1, headers: {} })"
        quoted "java.net.http": "java.util.concurrent.CompletionException: java.net.http.WebSocketHandshakeException"
        quoted "websockets": "websockets.exceptions.InvalidOrigin: invalid Origin header: https://a.example"
        quoted "uvicorn": r#"No supported WebSocket library detected. Please use "pip install 'uvicorn[standard]'", or install 'websockets' or 'wsproto' manually."#
        quoted "gorilla": "websocket: response does not implement http.Hijacker"
        quoted "Chrome": "HTTP Authentication failed; no valid credentials available"
        quoted "libwebsockets": "HS: ws upgrade response not 101"
        quoted "uvicorn": "WARNING: Unsupported upgrade request."
        quoted "SignalR": "WebSocket failed to connect. The connection could not be found on the server"
        quoted "Phoenix": "Could not check origin for Phoenix.Socket transport. Origin of the request: http://localhost:4000"
        quoted "Java-WebSocket": "draft org.java_websocket.drafts.Draft_6455 refuses handshake"
        quoted "libwebsockets": "lws_client_interpret_server_handshake: got bad HTTP response '101'"
        example response { only "HTTP/1.1 400 Bad Request", with "Content-Length" "0" }
    }

    RESP_UPGRADE_CONNECTION "resp-upgrade-connection" Violation, "RFC 6455 section 4.1" {
        title "a 101 with Upgrade or Connection wrong or missing"
        cause "a proxy removes or repeats these two headers, as nginx does without `proxy_set_header Connection`"
        fix "send `Upgrade: websocket` and `Connection: Upgrade`, each once"
        seen "Chrome, without Upgrade": "'Upgrade' header is missing"
        seen "Chrome, for Upgrade twice": "'Upgrade' header must not appear more than once in a response"
        seen "Chrome, for a wrong Connection": "'Connection' header value must contain 'Upgrade'"
        seen "ws": "Unexpected server response: 101"
        seen "ws, for Upgrade twice": "Invalid Upgrade header"
        seen "websockets, without Upgrade": "missing Upgrade header"
        seen "websockets, for Upgrade twice": "invalid Upgrade header: websocket, websocket"
        seen "websockets, for a wrong Connection": "invalid Connection header: close"
        seen "websocket-client": "Invalid WebSocket Header"
        seen "aiohttp, without Upgrade": "Invalid upgrade header"
        seen "aiohttp, for a wrong Connection": "Invalid connection header"
        seen "websocket-client, aiohttp, for Upgrade twice": "accept it"
        quoted ".NET": "The 'Connection' header value '' is invalid."
        quoted "OkHttp": "Expected 'Connection' header value 'Upgrade' but was 'null'"
        quoted "OkHttp": "Expected 'Upgrade' header value 'websocket' but was 'null'"
        quoted "coder/websocket, for a response": r#"WebSocket protocol violation: Connection header "close" does not contain Upgrade"#
        quoted "Netty": "Invalid handshake response upgrade: null"
        quoted "Netty": "Invalid handshake response connection: close"
        quoted ".NET": "The 'Upgrade' header value '' is invalid."
        quoted ".NET": "The server's response was missing the required header 'Upgrade'."
        quoted "undici": r#"Server did not set Upgrade header to "websocket"."#
        quoted "undici": r#"Server did not set Connection header token to "upgrade"."#
        quoted "tungstenite": "Missing, duplicated or incorrect header upgrade"
        quoted "libwebsockets": "HS: UPGRADE missing"
        quoted "libwebsockets": "HS: UPGRADE malformed"
        quoted "Undertow": "The response did not contain an 'Upgrade: websocket' header"
        quoted "Undertow": "The response did not contain a 'Connection: upgrade' header"
        quoted "WebSocket-Node": "Expected a Connection: Upgrade header from the server"
        quoted "WebSocket-Node": "Expected an Upgrade: websocket header from the server"
        example response { with "Connection" "close" }
    }

    ACCEPT_MISSING "accept-missing" Violation, "RFC 6455 section 4.1" {
        title "a 101 without Sec-WebSocket-Accept"
        cause "the server implements a draft of 2010, or sends only `Upgrade` and `Connection`"
        fix "send `Sec-WebSocket-Accept`: base64 of the SHA-1 of the key and the GUID"
        seen "Chrome": "'Sec-WebSocket-Accept' header is missing"
        seen "ws": "Invalid Sec-WebSocket-Accept header"
        seen "websockets": "missing Sec-WebSocket-Accept header"
        seen "websocket-client": "Invalid WebSocket Header"
        seen "aiohttp": "Invalid challenge response"
        quoted ".NET": "The server's response was missing the required header 'Sec-WebSocket-Accept'."
        quoted "Boost.Beast": "The HTTP Sec-WebSocket-Accept field is missing"
        quoted "tungstenite": "Missing, duplicated or incorrect header Sec-WebSocket-Accept"
        quoted "libwebsockets": "HS: ACCEPT missing"
        quoted "Dart": "Response did not contain a 'Sec-WebSocket-Accept' header"
        example request { with "Sec-WebSocket-Key" "dGhlIHNhbXBsZSBub25jZQ==" }
            response { without "Sec-WebSocket-Accept" }
    }

    ACCEPT_HEXDIGEST "accept-hexdigest" Violation, "RFC 6455 section 4.2.2" {
        title "an accept value made of hexadecimal digits"
        cause "the server uses `hexdigest()` in Python, or `sha1($s)` without `true` in PHP, instead of the raw digest"
        fix "encode the 20 bytes of the digest as base64, not its 40 hexadecimal digits"
        seen all WRONG_ACCEPT
        example request { with "Sec-WebSocket-Key" "dGhlIHNhbXBsZSBub25jZQ==" }
            response { with "Sec-WebSocket-Accept" "YjM3YTRmMmNjMDYyNGYxNjkwZjY0NjA2Y2YzODU5NDViMmJlYzRlYQ==" }
    }

    ACCEPT_WRONG_GUID "accept-wrong-guid" Violation, "RFC 6455 sections 1.3, 4.2.2" {
        title "an accept value computed with a wrong GUID"
        cause "the GUID was typed from memory, invented by a language model, or changed in case"
        fix "copy the GUID exactly: `258EAFA5-E914-47DA-95CA-C5AB0DC85B11`"
        seen all WRONG_ACCEPT
        example request { with "Sec-WebSocket-Key" "dGhlIHNhbXBsZSBub25jZQ==" }
            response { with "Sec-WebSocket-Accept" "FlscFByo7EQHPKXToHKEWjb17RQ=" }
    }

    ACCEPT_KEY_MANGLED "accept-key-mangled" Violation, "RFC 6455 section 4.2.2" {
        title "an accept value computed with a changed key"
        cause r#"`split(":")[1]` without `strip()` kept a space or a CR, or the key was decoded from base64 before it was hashed"#
        fix "hash the text of the key without spaces around it and without decoding it, directly followed by the GUID"
        seen all WRONG_ACCEPT
        example request { with "Sec-WebSocket-Key" "dGhlIHNhbXBsZSBub25jZQ==" }
            response { with "Sec-WebSocket-Accept" "zvnId+CMmoYWpbuFiCx6kU/bpAw=" }
    }

    ACCEPT_STALE "accept-stale" Violation, "RFC 6455 section 4.2.2" {
        title "an accept value for another key"
        cause "the value is a constant from the RFC, connections share one variable for the key, or a proxy passed on the response to its own key"
        fix "compute the value from the key of each request; a proxy must pass on the client's key"
        seen all WRONG_ACCEPT
        example request { with "Sec-WebSocket-Key" "dGhlIHNhbXBsZSBub25jZQ==" }
            response { with "Sec-WebSocket-Accept" "Kfh9QIsMVZcl6xEPYxPHzW8SZ8w=" }
    }

    ACCEPT_B64_NEWLINE "accept-b64-newline" Violation, "RFC 9112 section 2.2; RFC 6455 section 5.2" {
        title "an accept value with a line feed at its end"
        cause "the server uses `base64.encodebytes`, `openssl base64` or a MIME encoder, which add a line feed to their output"
        fix "use `b64encode`, or strip the value"
        seen "Chrome": "Unrecognized frame opcode: 13"
        seen "ws": "Parse Error: Missing expected CR after header value"
        seen "websockets": "did not receive a valid HTTP response … EOFError: connection closed while reading HTTP headers"
        seen "websocket-client": "reports a lost connection"
        seen "aiohttp": "Unexpected opcode=13"
        example command r#"decode --from server "b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\n\r\n\r\n\x81\x05Hello'""#
    }

    RESP_SUBPROTOCOL_MISSING "resp-subprotocol-missing" Suspicious, "WHATWG WebSockets; RFC 6455 section 4.2.2 allows it" {
        title "subprotocols were offered, the 101 selects none"
        cause "the server ignores `Sec-WebSocket-Protocol`"
        fix "answer with one of the offered subprotocols, spelled the same way"
        seen "Chrome": "Sent non-empty 'Sec-WebSocket-Protocol' header but no response was received"
        seen "ws": "Server sent no subprotocol"
        seen "websocket-client": "Invalid WebSocket Header"
        seen "undici": "raises an error event without a text"
        seen "websockets, aiohttp": "accept it, without a subprotocol"
        quoted "tungstenite": "SubProtocol error: Server sent no subprotocol"
        quoted "Netty": "Invalid subprotocol. Actual: null. Expected one of: mqtt"
        quoted "undici": "Protocol was not set in the opening handshake."
        quoted "WebSocket-Node": "Expected a Sec-WebSocket-Protocol header."
        quoted "Ratchet": "No Sec-WebSocket-Protocols requested supported"
        example request { with "Sec-WebSocket-Protocol" "mqtt" } response {}
    }

    RESP_SUBPROTOCOL_WRONG "resp-subprotocol-wrong" Violation, "RFC 6455 sections 4.1, 11.3.4" {
        title "a subprotocol that was not offered, or several"
        cause "the server sends the client's whole list back, or always the same name"
        fix "answer with one name of the client's list, or without the header if none is supported"
        seen "Chrome": "Response must not include 'Sec-WebSocket-Protocol' header if not present in request: chat"
        seen "ws": "Server sent a subprotocol but none was requested"
        seen "websockets": "no subprotocols supported"
        seen "websocket-client, aiohttp": "accept it"
        quoted "ws": "Server sent an invalid subprotocol"
        quoted "tungstenite": "SubProtocol error: Server sent a subprotocol but none was requested"
        quoted "tungstenite": "SubProtocol error: Server sent an invalid subprotocol"
        quoted "coder/websocket": r#"WebSocket protocol violation: unexpected Sec-WebSocket-Protocol from server: "chat""#
        quoted "Netty": "WebSocketClientHandshakeException: Invalid subprotocol. Actual: chat. Expected one of: mqtt"
        quoted "Tomcat": "The WebSocket server returned multiple values for the Sec-WebSocket-Protocol header"
        quoted ".NET": "The WebSocket client request requested 'mqtt' protocol(s), but server is only accepting 'chat' protocol(s)."
        quoted "Chrome": "'Sec-WebSocket-Protocol' header must not appear more than once in a response"
        quoted "Chrome": "'Sec-WebSocket-Protocol' header value 'chat' in response does not match any of sent values"
        quoted "websockets": "unsupported subprotocol: chat"
        quoted "websockets": "multiple subprotocols: a, b"
        quoted "SocketRocket": "Server specified Sec-WebSocket-Protocol that wasn't requested."
        quoted "Dart": "WebSocketException: Selected protocol is not in the list of available protocols"
        quoted "libwebsockets": "HS: PROTOCOL malformed"
        quoted "websocketpp": "Selected subprotocol was not requested by the client"
        quoted "WebSocket-Node": "Server did not respond with a requested protocol."
        example request {} response { with "Sec-WebSocket-Protocol" "chat" }
    }

    RESP_EXTENSION_UNREQUESTED "resp-extension-unrequested" Violation, "RFC 6455 sections 4.1, 9.1" {
        title "an extension that the client did not offer"
        cause "a proxy offers its own extensions and passes on the response, or the server sends the header for every request"
        fix "answer only with extensions that this request offers"
        seen "Chrome": "Found an unsupported extension 'x-webkit-deflate-frame' in 'Sec-WebSocket-Extensions' header"
        seen "ws": "Server indicated an extension that was not requested"
        seen "websockets": "Unsupported extension: name = x-webkit-deflate-frame, params = []"
        seen "websocket-client, aiohttp": "accept it"
        quoted "ws": "Server sent a Sec-WebSocket-Extensions header but no extension was requested"
        quoted "coder/websocket": "WebSocket protcol violation: unsupported extensions from server"
        quoted "Tomcat": "The extension [x-webkit-deflate-frame] is not supported"
        quoted "websockets": "negotiated extension not supported"
        quoted "undici": "Received different permessage-deflate than the one set."
        quoted "Chrome": "Response must not include 'Sec-WebSocket-Extensions' header if not present in request: permessage-deflate"
        quoted "libwebsockets": "HS: EXT: unknown ext"
        quoted "OkHttp": "unexpected Sec-WebSocket-Extensions in response header"
        quoted "Undertow": "Server provided extension x-a which was not in client supported extensions []"
        quoted "wsproto": "unrecognized extension x-a"
        example request {} response { with "Sec-WebSocket-Extensions" "x-webkit-deflate-frame" }
    }

    RESP_EXTENSION_PARAMS "resp-extension-params" Violation, "RFC 7692 sections 7.1, 7.1.2.1, 7.1.2.2" {
        title "permessage-deflate with invalid parameters"
        cause "the server copied the client's offer into the response"
        fix "answer with `permessage-deflate` alone, unless the server implements the parameters"
        seen "Chrome": "Error in permessage-deflate: …"
        seen "ws": "Invalid Sec-WebSocket-Extensions header"
        seen "websockets, for 16 window bits": "Unsupported extension: name = permessage-deflate, params = [('server_max_window_bits', '16')]"
        seen "websockets, for an offer sent back": "Unsupported extension: name = permessage-deflate, params = [('client_max_window_bits', None)]"
        seen "websocket-client, aiohttp": "accept it"
        quoted "ws": r#"Invalid Sec-WebSocket-Extensions header: Unexpected parameter "client_no_context_takeover""#
        quoted "gorilla": "websocket: invalid compression negotiation"
        quoted "Tomcat": "The server responded with extension parameters the client is unable to support"
        quoted "Tomcat": "Duplicate definition of the [server_max_window_bits] extension parameter"
        quoted ".NET": "The WebSocket failed to negotiate max server window bits. The client requested 10 but the server responded with 15."
        quoted ".NET": "The WebSocket failed to negotiate max client window bits. The client requested 10 but the server responded with 15."
        quoted "Chrome": "Error in permessage-deflate: Received an unexpected permessage-deflate extension negotiation response"
        example request { with "Sec-WebSocket-Extensions" "permessage-deflate; server_max_window_bits=10" }
            response { with "Sec-WebSocket-Extensions" "permessage-deflate; server_max_window_bits=16" }
    }

    RESP_TRAILING_BYTES "resp-trailing-bytes" Violation, "RFC 6455 sections 4.2.2, 5.2" {
        title "bytes between the 101 and the first frame"
        cause r"the server writes `\r\n\r\n` after a line that has its end already, `print()` adds a line feed, or a C string is sent with its NUL"
        fix "end the head with one empty line, directly followed by the first frame"
        seen "Chrome, for CRLF": "Unrecognized frame opcode: 13"
        seen "ws, for CRLF": "invalid opcode 13"
        seen "websockets, for CRLF or NUL": "opens, and no message arrives"
        seen "websocket-client, for CRLF": "reports a lost connection"
        seen "aiohttp, for CRLF": "Unexpected opcode=13"
        seen "Chrome, for LF": "Invalid frame header"
        seen "ws, for LF": "FIN must be set"
        seen "Chrome, for NUL": "A server must not mask any frames that it sends to the client."
        seen "ws, for NUL": "invalid opcode 0 (1002)"
        seen "websocket-client, for NUL": "Illegal frame"
        seen "aiohttp, for NUL": "Continuation frame for non started message"
        example command r#"decode --from server "b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n\r\n\x81\x05Hello'""#
    }

    RESP_CONTENT_LENGTH "resp-content-length" Violation, "RFC 9110 section 8.6" {
        title "a 101 with a Content-Length"
        cause "a framework adds the header to every response"
        fix "remove `Content-Length` from the 101"
        seen "most clients": "accept it"
        seen ".NET": "drops the connection"
        example response { with "Content-Length" "0" }
    }

    RESP_CHUNKED "resp-chunked" Violation, "RFC 9112 section 6.1" {
        title "a 101, or frames, in Transfer-Encoding: chunked"
        cause "a framework or a proxy continues to write chunks after the upgrade"
        fix "take over the raw socket after the 101, and write the frames to it"
        seen "Chrome": "One or more reserved bits are on: reserved1 = 0, reserved2 = 1, reserved3 = 1"
        seen "ws": "RSV2 and RSV3 must be clear"
        seen "websockets": "opens, and no message arrives"
        seen "websocket-client": "reports a lost connection"
        seen "aiohttp": "Received frame with non-zero reserved bits"
        example response { with "Transfer-Encoding" "chunked" }
    }

    RESP_DRAFT_HEADERS "resp-draft-headers" Suspicious, "no rule of RFC 6455: the headers are of the draft Hixie-76" {
        title "headers of an old draft beside those of the RFC"
        cause "the server follows a tutorial that mixes the drafts Hixie-75 and Hixie-76 with RFC 6455"
        fix "remove `WebSocket-Location`, `Sec-WebSocket-Location` and their `Origin`: clients ignore them"
        seen "all clients": "accept it if the rest is valid"
        seen "Chrome, for an answer of Hixie-76": "'Sec-WebSocket-Accept' header is missing"
        seen "ws, for an answer of Hixie-76": "Invalid Sec-WebSocket-Accept header"
        seen "websockets, for an answer of Hixie-76": "missing Sec-WebSocket-Accept header"
        seen "websocket-client, for an answer of Hixie-76": "Invalid WebSocket Header"
        seen "aiohttp, for an answer of Hixie-76": "Invalid challenge response"
        example response { with "WebSocket-Location" "ws://127.0.0.1:9527" }
    }

    RESP_NOT_HTTP "resp-not-http" Violation, "RFC 6455 section 4.1; RFC 9112 section 4" {
        title "the response is not HTTP"
        cause "the server sends before it has read the request, or another protocol answers on this port: IRC, TLS, raw frames"
        fix "read the request first, and begin the response with a status line"
        seen "Chrome": "Invalid status line"
        seen "ws": "Parse Error: Expected HTTP/, RTSP/ or ICE/"
        seen "websockets": "did not receive a valid HTTP response … ValueError: unsupported protocol; expected HTTP/1.1: NOTICE * :***…"
        seen "websocket-client": "Invalid status line: 'NOTICE * :*** Looking up your hostname'"
        seen "aiohttp": r#"400, message="Bad status line: Expected HTTP/, RTSP/ or …"#
        quoted "websockets": "did not receive a valid HTTP response"
        quoted "Node": "HPE_INVALID_CONSTANT: Parse Error: Expected HTTP/"
        quoted "tungstenite": "WebSocket protocol error: httparse error: invalid HTTP version"
        quoted "tungstenite, as a debug text": "Protocol(HttparseError(Version))"
        quoted "Go": "malformed HTTP response"
        quoted "Go": "net/http: HTTP/1.x transport connection broken: malformed HTTP status code"
        quoted "Java-WebSocket": "Invalid status line received"
        quoted "OkHttp": "java.net.ProtocolException: Unexpected status line: NOTICE * :***"
        quoted "Dart": "HttpException: Invalid response line"
        quoted "Dart": "HttpException: Connection closed before full header was received"
        quoted "Python": "http.client.BadStatusLine"
        quoted "curl": "Received HTTP/0.9 when not allowed"
        quoted "Chrome": "net::ERR_INVALID_HTTP_RESPONSE"
        quoted "Apache": "AH01102: error reading status line from remote server"
        example request {} response { only "NOTICE * :*** Looking up your hostname" }
    }

    RESP_FRAME_GLUED "resp-frame-glued" PeerBug, "RFC 6455 section 4.2.2, which allows it" {
        title "a frame right after the 101, lost by the client"
        cause r"the client discards the bytes in its buffer after `\r\n\r\n`"
        fix "pass the bytes after the head to the frame parser"
        seen "such clients": "sometimes lose the server's first message"
        example not_visible "the bytes are valid; let the server write the 101 and its first frame in one call, and check whether the message arrives"
    }

    ACCEPT_WRONG "accept-wrong" Violation, "RFC 6455 section 4.2.2" {
        title "a Sec-WebSocket-Accept that does not fit the key"
        cause "the server uses another hash, another base64 alphabet or no padding, or hashes something else than the key and the GUID"
        fix "send base64 (with `+`, `/` and `=`) of the 20 bytes of the SHA-1 of the key and the GUID"
        seen all WRONG_ACCEPT
        quoted ".NET": "The 'Sec-WebSocket-Accept' header value '' is invalid."
        quoted "OkHttp": "Expected 'Sec-WebSocket-Accept' header value '' but was ''"
        quoted "tungstenite": r#"Key mismatch in "Sec-WebSocket-Accept" header"#
        quoted "coder/websocket": r#"WebSocket protocol violation: invalid Sec-WebSocket-Accept "abc", key "def""#
        quoted "Netty": "WebSocketClientHandshakeException: Invalid challenge. Actual: abc. Expected: def"
        quoted "Netty": "Invalid handshake response sec-websocket-accept: null, expected: abc"
        quoted "Jetty": "Invalid Sec-WebSocket-Accept hash"
        quoted "Tyrus": "Invalid Sec-WebSocket-Accept response header"
        quoted "Dart": "WebSocketException: Bad response 'Sec-WebSocket-Accept' header"
        quoted "Dart": "WebSocketException: Response did not contain a 'Sec-WebSocket-Accept' header"
        quoted "Boost.Beast": "The HTTP Sec-WebSocket-Accept field value is invalid"
        quoted "undici": "Incorrect hash received in Sec-WebSocket-Accept header."
        quoted "SocketRocket": "Invalid Sec-WebSocket-Accept response."
        quoted "Java-WebSocket": "draft refuses handshake"
        quoted "tungstenite, as a debug text": "Protocol(SecWebSocketAcceptKeyMismatch)"
        quoted "libwebsockets": "HS: Accept hash wrong"
        quoted "aiohttp": "WSServerHandshakeError: 101, message='Invalid challenge response'"
        quoted "Netty": "Invalid challenge. Actual: a. Expected: b"
        quoted "Starscream": "accept header doesn't match"
        quoted "wsproto": "Bad accept token"
        example request { with "Sec-WebSocket-Key" "dGhlIHNhbXBsZSBub25jZQ==" }
            response { with "Sec-WebSocket-Accept" "fI/F95pFHyUax3HLt0ktmQ==" }
    }

    RESP_REASON_PHRASE "resp-reason-phrase" PeerBug, "RFC 9112 section 4" {
        title "a status line without the usual reason phrase"
        cause "an HTTP library or a proxy ends the status line after `101`, or writes `null` or another text instead of `Switching Protocols`"
        fix "send the whole line: `HTTP/1.1 101 Switching Protocols`"
        seen "Java-WebSocket, without a phrase": "InvalidHandshakeException"
        seen "websocket-client before 0.48, without a phrase": "fails to read the status line"
        seen "websockets before 3.3, without a phrase": "Malformed HTTP message"
        seen "Telegraph before March 2019, for another phrase": "The handshake request failed with status 101 …"
        seen "most clients": "accept it"
        example response { start "HTTP/1.1 101 null" }
    }
}
