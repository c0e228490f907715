//! Rules about the text in a message.

rules! { PAYLOAD_RULES: Payload
    TEXT_NOT_UTF8 "text-not-utf8" Violation, "RFC 6455 sections 5.6, 8.1" {
        title "a text that is not UTF-8"
        cause "the text is in another encoding, such as Latin-1 or GBK, or binary data is sent with opcode 1"
        fix "encode text as UTF-8, and send everything else with opcode 2"
        seen "Chrome": "Could not decode a text frame as UTF-8."
        seen "ws": "invalid UTF-8 sequence (1007)"
        seen "websockets": "sent 1007 (invalid frame payload data) invalid continuation byte at position 0"
        seen "aiohttp": "Invalid UTF-8 text message"
        seen "tungstenite": "UTF-8 encoding error: invalid utf-8 sequence of 1 bytes from index 0"
        seen "websocket-client": r"cannot decode: b'\xc4\xe3\xba\xc3'"
        quoted "ws": "WS_ERR_INVALID_UTF8"
        quoted "tungstenite": "UTF-8 encoding error"
        quoted "tungstenite, as a debug text": r#"Utf8("invalid utf-8 sequence of 1 bytes from index 0")"#
        quoted "Tomcat": "A WebSocket text frame was received that could not be decoded to UTF-8 because it contained invalid byte sequences"
        quoted "gorilla, for JSON": "websocket: invalid utf8"
        quoted "Netty": "CorruptedWebSocketFrameException: bytes are not UTF-8"
        quoted "Jetty": "Not valid UTF8!"
        quoted "Jetty": "Utf8Appendable$NotUtf8Exception: Not valid UTF8! byte C0 in state 0"
        quoted "Java-WebSocket": "Received text is no valid utf8 string!"
        quoted "Java-WebSocket": "Protocol error: Payload is not UTF8"
        quoted "java.net.http": "Incomplete UTF-8 sequence"
        quoted ".NET": "Unable to translate bytes [C4] at index 0 from specified code page to Unicode."
        quoted "Dart": "FormatException: Unexpected extension byte (at offset 0)"
        quoted "Dart": "FormatException: Invalid UTF-8 byte"
        quoted "Python": "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xc4 in position 0: invalid continuation byte"
        quoted "websocketpp": "Invalid UTF8 encoding"
        quoted "Boost.Beast": "The WebSocket frame payload was not valid utf8"
        quoted "undici": "Invalid UTF-8 in text frame."
        quoted "Autobahn": "encountered invalid UTF-8 while processing text message at payload octet index 2"
        quoted "Undertow": "Text frame contains non UTF-8 data"
        quoted "Ratchet": "Ratchet detected an invalid UTF-8 payload"
        quoted "eventlet": "Data is not valid unicode"
        example command "decode -f frames --from server 8104c4e3bac3"
    }

    TEXT_UTF8_CUT "text-utf8-cut" Violation, "RFC 6455 sections 5.6, 8.1" {
        title "a text that is cut inside a character"
        cause "the program cuts the output of a terminal or the bytes of a file into messages at any byte"
        fix "cut between characters, send fragments of one message, or use opcode 2"
        seen "Chrome": "Could not decode a text frame as UTF-8."
        seen "ws": "invalid UTF-8 sequence (1007)"
        seen "websockets": "sent 1007 (invalid frame payload data) unexpected end of data at position 3"
        seen "aiohttp": "Invalid UTF-8 text message"
        seen "tungstenite": "UTF-8 encoding error: incomplete utf-8 byte sequence from index 3"
        seen "websocket-client": r"cannot decode: b'\xa5\xbd'"
        example command "decode -f frames --from server 8105e4bda0e5a5"
    }

    TEXT_SURROGATE "text-surrogate" Violation, "RFC 3629 section 3; RFC 6455 section 8.1" {
        title "a text with half characters or an overlong NUL"
        cause "`slice` on a JavaScript string leaves half an emoji, or Java's modified UTF-8 encodes characters as surrogates"
        fix "use a standard UTF-8 encoder, and do not cut between the two halves of a pair"
        seen "Chrome": "Could not decode a text frame as UTF-8."
        seen "ws": "invalid UTF-8 sequence (1007)"
        seen "websockets": "sent 1007 (invalid frame payload data) invalid continuation byte at position 0"
        seen "aiohttp": "Invalid UTF-8 text message"
        seen "tungstenite": "UTF-8 encoding error: invalid utf-8 sequence of 1 bytes from index 0"
        seen "websocket-client": r"cannot decode: b'\xed\xa0\xbd\xed\xb8\x80'"
        example command "decode -f frames --from server 8106eda0bdedb880"
    }

    TEXT_ODD_CONTENT "text-odd-content" Suspicious, "no rule: RFC 6455 allows any UTF-8" {
        title "a text with a BOM or a NUL, or an object as text"
        cause "a file begins with a byte-order mark, a C string is sent with its NUL, the text is UTF-16, or an object became `[object Object]`"
        fix "remove BOM and NUL, encode as UTF-8, and convert objects with `JSON.stringify` and bytes with `decode()`"
        seen "all libraries": "accept it"
        seen "JSON.parse": "Unexpected token"
        example command "decode -f frames --from server 8105efbbbf7b7d"
    }
}
