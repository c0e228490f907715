//! Rules about messages: fragments and size.

rules! { MESSAGE_RULES: Message
    CONTINUATION_WITHOUT_START "continuation-without-start" Violation, "RFC 6455 section 5.4" {
        title "a continuation frame, but no message was begun"
        cause "opcode 0 is used for every frame, or a message that had ended already is ended once more by an empty continuation"
        fix "begin a message with opcode 1 or 2; opcode 0 is for its later fragments"
        seen "Chrome": "Received unexpected continuation frame."
        seen "ws": "invalid opcode 0 (1002)"
        seen "websockets": "unexpected continuation frame"
        seen "aiohttp": "Continuation frame for non started message"
        seen "tungstenite": "Continue frame but nothing to continue"
        seen "websocket-client": "Illegal frame"
        quoted ".NET": "The WebSocket received a continuation frame from a previous final message."
        quoted "gorilla": "websocket: continuation after FIN"
        example command "decode --from server 800548656c6c6f"
    }

    NEW_MESSAGE_MID_FRAGMENTS "new-message-mid-fragments" Violation, "RFC 6455 section 5.4" {
        title "a new message while another one is unfinished"
        cause "all fragments carry opcode 1 or 2, or two tasks send their messages over one connection at once"
        fix "give the later fragments opcode 0, the last one FIN, and send one message after the other"
        seen "Chrome": "Received start of new message but previous message is unfinished."
        seen "ws": "invalid opcode 1 (1002)"
        seen "websockets": "expected a continuation frame"
        seen "aiohttp": "The opcode in non-fin frame is expected to be zero, got 1"
        seen "tungstenite": "While waiting for more fragments received: TEXT"
        seen "websocket-client": "Illegal frame"
        quoted ".NET": "The WebSocket expected a continuation frame after having received a previous non-final frame."
        quoted "gorilla": "websocket: data before FIN"
        quoted "Tomcat": "A new message was started when a continuation frame was expected"
        example command "decode --from server 010348656c81026c6f"
    }

    FIN_NEVER_SET "fin-never-set" Suspicious cut, "RFC 6455 section 5.4" {
        title "a message without an end: no frame with FIN"
        cause "the first byte is the bare opcode, without 0x80, or the last fragment has not come yet"
        fix "send 81 for a text and 82 for octets as the first byte of a message in one frame"
        seen "Chrome, ws, aiohttp, tungstenite": "wait for more bytes, and no message arrives"
        seen "websockets": "accepts it, and waits for the rest"
        example command "decode --from server 010548656c6c6f"
    }

    FRAGMENTS_IGNORED_BY_RECEIVER "fragments-ignored-by-receiver" PeerBug, "RFC 6455 sections 5.4, 5.6" {
        title "fragments, and a peer that does not join them"
        cause "the receiver does not look at FIN, decodes each fragment as UTF-8 by itself, or takes a ping between fragments for data"
        fix "collect payloads until FIN and decode then; treat control frames in between by themselves"
        seen "such peers": "Invalid frame continuation"
        seen "such peers, of a character cut in two": "fail with 1007"
        example not_visible "the bytes are right: send 01 04 e4 bd a0 e5, then 80 02 a5 bd, with a ping between them, and see whether the peer reads one text"
    }

    MESSAGE_TOO_BIG "message-too-big" Suspicious, "RFC 6455 section 10.4" {
        title "a message larger than the receiver takes"
        cause "a limit that is lower than the largest message, or a length that was written wrongly and reads as a huge one"
        fix "raise the limit of the receiver, or send the data in several messages"
        seen "ws": "Max payload size exceeded (1009)"
        seen "websockets": "frame with 300649344491873 bytes exceeds limit of 1048576 bytes"
        seen "aiohttp": "Message size 300649344491873 exceeds limit 4194304"
        seen "tungstenite": "Space limit exceeded: Message too long: 300649344491873 > 16777216"
        quoted "gorilla": "websocket: read limit exceeded"
        quoted "Tomcat": "The decoded text message was too big for the output buffer and the endpoint does not support partial messages"
        example not_visible "the limit is the receiver's own: `wsctl serve --max-message 4` fails a message of 5 bytes with 1009"
    }
}
