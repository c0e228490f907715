//! Rules about the header of a frame: mask, reserved bits, opcode, payload length.

rules! { FRAME_RULES: Frame
    SERVER_MASKS "server-masks" Violation, "RFC 6455 section 5.1" {
        title "a masked frame from the server"
        cause "the server sends the client's raw bytes back, or uses code that was written for a client"
        fix "clear the bit 0x80 in the second byte of the frames that a server sends, and write no masking key"
        seen "Chrome": "A server must not mask any frames that it sends to the client."
        seen "ws": "MASK must be clear (1002)"
        seen "websockets": "incorrect masking"
        seen "tungstenite": "Received a masked frame from server"
        seen "aiohttp, websocket-client": "accept it"
        quoted ".NET": "The WebSocket server sent a masked frame."
        quoted "OkHttp": "Server-sent frames must not be masked."
        quoted "gorilla, to a server": "websocket: bad MASK"
        quoted "ws": "WS_ERR_UNEXPECTED_MASK"
        quoted "tungstenite, as a debug text": "Protocol(MaskedFrameFromServer)"
        quoted "coder/websocket": "received masked frame from server"
        quoted "gobwas": "frames from server to client must be not masked"
        quoted "Netty, for a server": "received a frame that is not masked as expected"
        quoted "Jetty": "Server MUST NOT mask any frames (RFC-6455: Section 5.1)"
        quoted "java.net.http": "Masked frame received"
        quoted "Tyrus": "Masked frame received from server"
        quoted "Dart": "WebSocketException: Received masked frame from server"
        quoted "websocketpp": "Servers may not send masked frames"
        quoted "Boost.Beast": "The WebSocket frame was masked"
        quoted "undici": "Frame cannot be masked"
        quoted "SocketRocket": "Client must receive unmasked data"
        quoted "Starscream": "masked and rsv data is not currently supported"
        example command "decode --from server 818537fa213d7f9f4d5158"
    }

    CLIENT_UNMASKED "client-unmasked" Violation, "RFC 6455 sections 5.1, 5.3" {
        title "a frame from the client that is not masked"
        cause "the client uses code that was written for a server, or does not mask empty payloads"
        fix "set the bit 0x80 in the second byte, write 4 random bytes as the key, and XOR the payload; mask empty frames too"
        seen "ws": "MASK must be set (1002)"
        seen "websockets": "incorrect masking"
        seen "tungstenite": "Received an unmasked frame from client"
        seen "aiohttp": "accepts it"
        quoted "gorilla, to a client": "bad MASK"
        quoted "gorilla, to a client": "websocket: close 1002 (protocol error): bad MASK"
        quoted "OkHttp": "Client-sent frames must be masked."
        quoted "Tomcat": "The client frame was not masked but all client frames must be masked"
        quoted "ws": "WS_ERR_EXPECTED_MASK"
        quoted "tungstenite, as a debug text": "Protocol(UnmaskedFrameFromClient)"
        quoted "coder/websocket": "received unmasked frame from client"
        quoted "gobwas": "frames from client to server must be masked"
        quoted "Netty": "received a frame that is not masked as expected"
        quoted "Jetty": "Client MUST mask all frames (RFC-6455: Section 5.1)"
        quoted "Dart": "WebSocketException: Received unmasked frame from client"
        quoted "websocketpp": "Clients may not send unmasked frames"
        quoted "Boost.Beast": "The WebSocket frame was unmasked"
        quoted "Starlette, wsproto": "Received unmasked frame from client"
        example command "decode --from client 810548656c6c6f"
    }

    MASK_BIT_NO_KEY "mask-bit-no-key" Violation, "RFC 6455 sections 5.2, 5.3" {
        title "the MASK bit is set, but no key was written"
        cause "the code sets 0x80 in the length and does not write the 4 bytes of the masking key after it"
        fix "write the key after the length, and the XORed payload after the key"
        seen "ws, websockets, aiohttp, tungstenite": "wait for more bytes"
        seen "ws, with a second frame after it": "invalid UTF-8 sequence (1007)"
        seen "websockets, with a second frame after it": "invalid opcode"
        seen "aiohttp, with a second frame after it": "Invalid UTF-8 text message"
        seen "tungstenite, with a second frame after it": "UTF-8 encoding error: invalid utf-8 sequence of 1 bytes from index 1"
        example command "decode --from client 818548656c6c6f"
    }

    PAYLOAD_NOT_XORED "payload-not-xored" Violation, "RFC 6455 section 5.3" {
        title "a masking key, but a payload that is not masked"
        cause "the code writes the key and does not apply it, or applies it twice: the payload is readable before unmasking and not after"
        fix "XOR byte i of the payload with `key[i % 4]`, once"
        seen "ws": "invalid UTF-8 sequence (1007)"
        seen "aiohttp": "Invalid UTF-8 text message"
        seen "tungstenite": "UTF-8 encoding error: invalid utf-8 sequence of 1 bytes from index 1"
        seen "websockets": "accepts it if the result happens to be UTF-8"
        example command "decode -f frames --from client 818537fa213d48656c6c6f"
    }

    UNMASK_OFFSET "unmask-offset" PeerBug, "RFC 6455 section 5.3" {
        title "a peer that restarts the masking key inside a frame"
        cause "the index into the key restarts with each read or fragment, or the key of the frame before is used"
        fix "count the index from the first payload byte of each frame, and use the key of that frame"
        seen "such peers": "decode the first bytes correctly and the others wrongly, then fail with 1007"
        example command "decode -f frames --from client 818d37fa213d7f9f4d5158da6039974f5b9e00"
    }

    MASK_KEY_WEAK "mask-key-weak" Suspicious, "RFC 6455 section 5.3" {
        title "a masking key of zeros, or the same in several frames"
        cause r#"the key is a constant, as in `mask = b"\0\0\0\0"`, or it is generated once for the connection"#
        fix "generate 4 new random bytes for each frame, as `os.urandom(4)` does"
        seen "all libraries": "accept it"
        example command "decode --from client 81850000000048656c6c6f"
    }

    RSV1_NOT_NEGOTIATED "rsv1-not-negotiated" Violation, "RFC 6455 section 5.2; RFC 7692 section 6" {
        title "a compressed frame (RSV1) without negotiated compression"
        cause "the sender compresses without looking at the handshake, or a proxy removed the extension from one of the two heads"
        fix "negotiate permessage-deflate in both heads, or send uncompressed data and clear 0x40 in the first byte"
        seen "Chrome": "One or more reserved bits are on: reserved1 = 1, reserved2 = 0, reserved3 = 0"
        seen "Safari": "Compressed bit must be 0 if no negotiated deflate-frame extension"
        seen "ws": "RSV1 must be clear (1002)"
        seen "websockets": "reserved bits must be 0"
        seen "aiohttp": "Received frame with non-zero reserved bits"
        seen "tungstenite": "Reserved bits are non-zero"
        seen "websocket-client": "rsv is not implemented, yet"
        quoted ".NET": "The WebSocket received a frame with one or more reserved bits set."
        quoted "gorilla": "websocket: RSV1 set"
        quoted "OkHttp": "Unexpected rsv1 flag"
        quoted "Tomcat": "The client frame set the reserved bits to [4] for a message with opCode [1] which was not supported by this endpoint"
        quoted "ws": "WS_ERR_UNEXPECTED_RSV_1"
        quoted "tungstenite, as a debug text": "Protocol(NonZeroReservedBits)"
        quoted "coder/websocket": "received header with unexpected rsv bits set: true:false:false"
        quoted "gobwas": "non-zero rsv bits with no extension negotiated"
        quoted "Netty": "RSV != 0 and no extension negotiated, RSV:4"
        quoted "Jetty": "RSV1 not allowed to be set"
        quoted "Java-WebSocket": "bad rsv RSV1: true RSV2: false RSV3: false"
        quoted ".NET": "The WebSocket received compressed frame when compression is not enabled."
        quoted "java.net.http": "Unexpected rsv1 bit"
        quoted "websocketpp": "Invalid use of reserved bits"
        quoted "Boost.Beast": "The WebSocket frame contained illegal reserved bits"
        quoted "undici": "Expected RSV1 to be clear."
        quoted "SocketRocket": "Server used RSV bits"
        quoted "fastwebsockets": "Reserved bits are not zero"
        example command r#"decode "b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00'""#
    }

    RSV23_OR_OPCODE "rsv23-or-opcode" Violation, "RFC 6455 sections 5.2, 5.8" {
        title "RSV2, RSV3 or a reserved opcode"
        cause "these bytes are not a frame header: the length of the frame before is wrong, or the peer sent something other than frames"
        fix "check the frame before this one, then read the bytes as text; check the code that writes the first byte last"
        seen "Chrome, for RSV2": "One or more reserved bits are on: reserved1 = 0, reserved2 = 1, reserved3 = 0"
        seen "ws, for RSV2": "RSV2 and RSV3 must be clear (1002)"
        seen "websockets, for RSV2": "reserved bits must be 0"
        seen "aiohttp, for RSV2": "Received frame with non-zero reserved bits"
        seen "tungstenite, for RSV2": "Reserved bits are non-zero"
        seen "websocket-client, for RSV2": "rsv is not implemented, yet"
        seen "Chrome": "Unrecognized frame opcode: …"
        seen "ws": "invalid opcode … (1002)"
        seen "websockets": "invalid opcode"
        seen "aiohttp": "Unexpected opcode=…"
        seen "tungstenite": "Encountered invalid opcode: …"
        seen "websocket-client": "Invalid opcode"
        quoted ".NET": "The WebSocket received a frame with an unknown opcode: '0x3'."
        quoted "gorilla": "websocket: bad opcode 3"
        quoted "gorilla": "websocket: RSV2 set"
        quoted "gorilla": "websocket: RSV3 set"
        quoted "OkHttp": "Unexpected rsv2 flag"
        quoted "Tomcat": "The client frame set the reserved bits to [1] for a message with opCode [1] which was not supported by this endpoint"
        quoted "Tomcat": "A WebSocket frame was sent with an unrecognised opCode of [3]"
        quoted "ws": "WS_ERR_UNEXPECTED_RSV_2_3"
        quoted "ws": "WS_ERR_INVALID_OPCODE"
        quoted "tungstenite": "Unknown control frame type: 11"
        quoted "tungstenite": "Unknown data frame type: 3"
        quoted "tungstenite, as a debug text": "Protocol(InvalidOpcode(3))"
        quoted "tungstenite, as a debug text": "Protocol(UnknownDataFrameType(3))"
        quoted "coder/websocket": "received unknown opcode 3"
        quoted "gobwas": "use of reserved op code"
        quoted "Netty": "control frame using reserved opcode 11"
        quoted "Netty": "data frame using reserved opcode 3"
        quoted "Jetty": "Unknown opcode: 3"
        quoted "Jetty": "RSV2 not allowed to be set"
        quoted "Java-WebSocket": "Unknown opcode 3"
        quoted "java.net.http": "Unexpected opcode 3"
        quoted "Boost.Beast": "The WebSocket frame contained an illegal opcode"
        quoted "Starscream": "unknown opcode: 3"
        quoted "undici": "Invalid opcode received"
        quoted "OkHttp": "Unknown opcode: 3"
        quoted "OkHttp": "Unknown control opcode: b"
        quoted "Chrome": "One or more reserved bits are on: reserved1 = 0, reserved2 = 0, reserved3 = 1"
        quoted "Chrome": "One or more reserved bits are on: reserved1 = 0, reserved2 = 1, reserved3 = 1"
        example command "decode --from server a10548656c6c6f"
    }

    DRAFT_FRAMING "draft-framing" Violation, "RFC 6455 section 5.2" {
        title "frames of a draft before RFC 6455"
        cause "the library is older than RFC 6455: Hybi-06 uses opcode 4 for text, Hixie puts the text between 00 and ff"
        fix "replace the library with one that implements RFC 6455"
        seen "Chrome, for Hybi-06": "Unrecognized frame opcode: 4"
        seen "ws, for Hybi-06": "invalid opcode 4 (1002)"
        seen "websockets, for Hybi-06": "invalid opcode"
        seen "aiohttp, for Hybi-06": "Unexpected opcode=4"
        seen "tungstenite, for Hybi-06": "Encountered invalid opcode: 4"
        seen "websocket-client, for Hybi-06": "Invalid opcode 4"
        seen "Chrome, for Hixie": "Received unexpected continuation frame."
        seen "ws, for Hixie": "invalid opcode 0 (1002)"
        seen "websockets, aiohttp, tungstenite, for Hixie": "wait for more bytes"
        example command "decode --from server 0048656c6c6fff"
    }

    LEN16_NOT_MINIMAL "len16-not-minimal" Violation, "RFC 6455 section 5.2" {
        title "a payload length in 16 bits that fits in 7"
        cause "the code has `< 125` instead of `<= 125`, or it only writes the 16-bit form"
        fix "write lengths up to 125 in the 7 bits of the second byte"
        seen "Chrome": "Invalid frame header"
        seen "wsproto": "Payload length used 2 bytes when 1 would have sufficed"
        seen "ws, websockets, aiohttp, tungstenite, websocket-client": "accept it"
        quoted "Netty": "invalid data frame length (not using minimal length encoding)"
        quoted "Java-WebSocket": "Payloadsize is to little..."
        quoted "websocketpp": "Payload length not minimally encoded"
        quoted "Boost.Beast": "The WebSocket frame size was not canonical"
        example command "decode --from server 817e000548656c6c6f"
    }

    LEN64_NOT_MINIMAL "len64-not-minimal" Violation, "RFC 6455 section 5.2" {
        title "a payload length in 64 bits that fits in fewer"
        cause "the code has `elif length == 126` instead of `elif length <= 65535`, or `< 65535` instead of `<= 65535`"
        fix "write lengths from 126 to 65535 as 7e and 2 bytes, and only longer ones as 7f and 8 bytes"
        seen "Chrome": "Invalid frame header"
        seen "ws, websockets, aiohttp, tungstenite, websocket-client": "accept it"
        quoted "Netty": "invalid data frame length (not using minimal length encoding)"
        quoted "websocketpp": "Payload length not minimally encoded"
        quoted "Boost.Beast": "The WebSocket frame size was not canonical"
        example command "decode --from server 817f00000000000000c86161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161"
    }

    LEN7_OVERFLOW "len7-overflow" Violation, "RFC 6455 section 5.2" {
        title "a length over 125 written in the second byte alone"
        cause r#"`pack("B", length)` writes every length up to 254: 126 and 127 then announce longer forms, and 128 and more set the MASK bit"#
        fix "write 7e and 2 bytes for lengths from 126, and 7f and 8 bytes from 65536"
        seen "all, for 126 bytes": "wait for more bytes"
        seen "browsers, for 127 bytes": "onclose 1006"
        seen "Chrome": "A server must not mask any frames that it sends to the client."
        seen "ws": "MASK must be clear (1002)"
        seen "websockets": "incorrect masking"
        seen "tungstenite": "Received a masked frame from server"
        seen "aiohttp": "Received frame with non-zero reserved bits"
        seen "websocket-client": "rsv is not implemented, yet"
        example command "decode -f frames --from server 81c86161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161"
    }

    LEN_LITTLE_ENDIAN "len-little-endian" Violation, "RFC 6455 section 5.2" {
        title "a payload length with its bytes in the wrong order"
        cause r#"`struct.pack("H", length)`, `BitConverter` or a copied integer use the byte order of the machine: read backwards, the length fits"#
        fix "write the high byte first: `!H` and `!Q` in Python, `htons` in C"
        seen "Chrome, ws, websockets, aiohttp, tungstenite, for 16 bits": "wait for more bytes"
        seen "Chrome, for 64 bits": "onclose 1006, and no message"
        seen "ws, for 64 bits": "Unsupported WebSocket frame: payload length > 2^53 - 1 (1009)"
        seen "websockets, for 64 bits": "frame with 8075236706363637760 bytes exceeds limit of 1048576 bytes"
        seen "aiohttp, for 64 bits": "Message size 8075236706363637760 exceeds limit 4194304"
        seen "tungstenite, for 64 bits": "Space limit exceeded: Message too long: 8075236706363637760 > 16777216"
        example command "decode --from server 817ec8006161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161"
    }

    LEN_FIELD_WIDTH "len-field-width" Violation, "RFC 6455 section 5.2" {
        title "a payload length in 4 bytes instead of 2 or 8"
        cause r#"`pack("N", length)` in PHP or `writeInt` in Java writes 32 bits after 7e or 7f"#
        fix "write 2 bytes after 7e, and 8 bytes after 7f"
        seen "Chrome, after 7f": "onclose 1006, and no message"
        seen "ws, after 7f": "Max payload size exceeded (1009)"
        seen "websockets, after 7f": "frame with 300649344491873 bytes exceeds limit of 1048576 bytes"
        seen "aiohttp, after 7f": "Message size 300649344491873 exceeds limit 4194304"
        seen "tungstenite, after 7f": "Space limit exceeded: Message too long: 300649344491873 > 16777216"
        seen "Chrome, after 7e": "Invalid frame header"
        seen "ws, after 7e": "invalid opcode 0 (1002)"
        seen "websockets, after 7e": "incorrect masking"
        seen "aiohttp, after 7e": "Continuation frame for non started message"
        seen "tungstenite, after 7e": "Received a masked frame from server"
        seen "websocket-client, after 7e": "Illegal frame"
        example command "decode -f frames --from server 817e000000c86161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161"
    }

    LEN64_MSB "len64-msb" Violation, "RFC 6455 section 5.2" {
        title "a 64-bit payload length with its highest bit set"
        cause "the length was written low byte first, or with `length >> 56` in JavaScript, which means `length >> 24` and writes the low half twice"
        fix "write zeros into the high half: in Node, `writeUInt32BE(0, 2)` and `writeUInt32BE(length, 6)`"
        seen "Chrome": "Invalid frame header"
        seen "ws": "Unsupported WebSocket frame: payload length > 2^53 - 1 (1009)"
        seen "websockets": "frame with 9223372036854775808 bytes exceeds limit of 1048576 bytes"
        seen "aiohttp": "Message size 9223372036854775808 exceeds limit 4194304"
        seen "tungstenite": "Space limit exceeded: Message too long: 9223372036854775808 > 16777216"
        seen "Chrome, for the low half twice": "onclose 1006, and no message"
        seen "ws, for the low half twice": "Max payload size exceeded (1009)"
        seen "websockets, for the low half twice": "frame with 300647710790000 bytes exceeds limit of 1048576 bytes"
        seen "aiohttp, for the low half twice": "Message size 300647710790000 exceeds limit 4194304"
        seen "tungstenite, for the low half twice": "Space limit exceeded: Message too long: 300647710790000 > 16777216"
        quoted "ws": "WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH"
        quoted "gobwas": "header error: the most significant bit must be 0"
        quoted "Tomcat": "An invalid WebSocket frame was received - the most significant bit of a 64-bit payload was illegally set"
        quoted "coder/websocket": "received negative payload length: -9223372036854775808"
        quoted ".NET": "The WebSocket received a frame with an invalid payload length."
        example command "decode --from server 817f8000000000000000"
    }

    LEN_IN_CHARS "len-in-chars" Violation, "RFC 6455 sections 5.2, 5.6" {
        title "a payload length that counts characters instead of bytes"
        cause "the code takes `len(text)` before it encodes the text as UTF-8: as many bytes are left over as UTF-8 adds"
        fix "encode the text first, then take the length of the bytes"
        seen "Chrome": "Could not decode a text frame as UTF-8."
        seen "ws": "invalid UTF-8 sequence (1007)"
        seen "websockets": "incorrect masking"
        seen "aiohttp": "Invalid UTF-8 text message"
        seen "tungstenite": "UTF-8 encoding error: incomplete utf-8 byte sequence from index 0"
        seen "websocket-client": "accepts it"
        seen "all, for one byte too many": "cut the text, and fail at the next frame"
        example command "decode -f frames --from server 8102e4bda0e5a5bd"
    }

    LEN_BEYOND_DATA "len-beyond-data" Suspicious cut, "RFC 6455 section 5.2" {
        title "a frame that announces more payload than there is"
        cause "the rest has not arrived or was not copied, or the length includes the header or padding"
        fix "let the length count only the payload; if you copied the bytes, copy the rest"
        seen "Chrome, ws, websockets, aiohttp, tungstenite": "wait for more bytes"
        example command "decode --from server 810948656c6c6f"
    }

    HEADER_CUT "header-cut" Suspicious cut, "RFC 6455 section 5.2" {
        title "an incomplete frame header"
        cause "the rest has not arrived or was not copied, or these bytes are not a header because an earlier length is too small"
        fix "copy the rest, or check the length of the frame before"
        seen "all libraries": "wait for more bytes"
        example command "decode --from client 81fe02"
    }

    LEN_MARKER_MISSING "len-marker-missing" Violation, "RFC 6455 section 5.2" {
        title "an extended payload length without 126 or 127"
        cause "the code writes the length in 2 or 8 bytes, but not 126 or 127 before it: the second byte says 0, or it is missing"
        fix "write 7e before a length in 2 bytes and 7f before a length in 8 bytes; a client also sets 0x80 in it"
        seen "Chrome, for 8 bytes": "Received unexpected continuation frame."
        seen "ws, for 8 bytes": "invalid opcode 0 (1002)"
        seen "aiohttp, for 8 bytes": "Continuation frame for non started message"
        seen "tungstenite, for 8 bytes": "Continue frame but nothing to continue"
        example command "decode --from server 810000000000000100007b2274797065223a226869"
    }

    HEADER_THROUGH_UTF8 "header-through-utf8" Violation, "RFC 6455 section 5.2" {
        title "a frame header that was encoded as UTF-8"
        cause "the code builds the frame as a string and encodes it as UTF-8: each byte from 80 becomes two, such as `c2 81` for 81"
        fix "build the frame as bytes (`bytes`, `Buffer`, `Uint8Array`), and encode only the text in the payload"
        seen "Chrome": "One or more reserved bits are on: reserved1 = 1, reserved2 = 0, reserved3 = 0"
        seen "ws": "RSV1 must be clear (1002)"
        seen "websockets": "reserved bits must be 0"
        example command "decode c2810548656c6c6f"
    }
}
