//! Rules about control frames: close, ping, pong.

rules! { CONTROL_RULES: Control
    CONTROL_FRAGMENTED "control-fragmented" Violation, "RFC 6455 section 5.5" {
        title "a control frame in fragments (FIN is 0)"
        cause "FIN was cleared for every frame, as `setFin(false)` does, or a line feed (0a) that was left over reads as a pong"
        fix "send control frames whole: 88, 89 or 8a as the first byte"
        seen "Chrome": "Invalid frame header"
        seen "ws": "FIN must be set (1002)"
        seen "websockets": "fragmented control frame"
        seen "aiohttp": "Received fragmented control frame"
        seen "tungstenite": "Fragmented control frame"
        seen "websocket-client": "Invalid ping frame."
        quoted "OkHttp": "Control frames must be final."
        quoted "gorilla": "websocket: FIN not set on control"
        quoted "Tomcat": "A fragmented control frame was received but control frames may not be fragmented"
        example command "decode --from server 0900"
    }

    CONTROL_TOO_LONG "control-too-long" Violation, "RFC 6455 section 5.5" {
        title "a control frame of more than 125 bytes"
        cause "a long error text as the reason of a close, or a whole record as the payload of a ping"
        fix "cut the payload at 125 bytes; the reason of a close at 123, between two characters"
        seen "Chrome": "Invalid frame header"
        seen "ws": "invalid payload length 126 (1002)"
        seen "websockets": "control frame too long"
        seen "aiohttp": "Control frame payload cannot be larger than 125 bytes"
        seen "tungstenite": "Control frame too big (payload must be 125 bytes or less)"
        seen "websocket-client": "Ping message is too long"
        quoted "OkHttp": "Control frame must be less than 125B."
        quoted "gorilla": "websocket: len > 125 for control"
        quoted "Tomcat": "A control frame was sent with a payload of size [126] which is larger than the maximum permitted of 125 bytes"
        example command "decode --from server 897e007e616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161"
    }

    CLOSE_1_BYTE "close-1-byte" Violation, "RFC 6455 section 5.5.1" {
        title "a close frame with a body of 1 byte"
        cause "the code was written as one byte"
        fix "leave the body empty, or begin it with the code in 2 bytes, the higher one first"
        seen "Chrome": "Received a broken close frame containing an invalid size body."
        seen "ws": "invalid payload length 1 (1002)"
        seen "websockets": "close frame too short"
        seen "aiohttp": r"Invalid close frame: False 8 b'\x03'"
        seen "tungstenite": "Invalid close sequence"
        seen "websocket-client": "Invalid close frame."
        quoted "Tomcat": "The client sent a close frame with a single byte payload which is not valid"
        example command "decode --from server 880103"
    }

    CLOSE_RESERVED_CODE "close-reserved-code" Violation, "RFC 6455 sections 7.4.1, 7.4.2" {
        title "a close code that must not be sent"
        cause "the code of a close event was sent on (`ws.close(event.code)`), such as 1005 or 1006, or 0 stands for none"
        fix "send 1000, 1001, 1011 or one from 3000 to 4999; for no code, an empty body"
        seen "Chrome": "Received a broken close frame containing a reserved status code."
        seen "ws": "invalid status code 1006 (1002)"
        seen "websockets": "invalid status code"
        seen "websocket-client": "Invalid close opcode 1006"
        seen "aiohttp, tungstenite": "accept it"
        seen "Chrome, of code 0": "onclose code=0"
        seen "ws, of code 0": "invalid status code 0 (1002)"
        seen "aiohttp, of code 0": "Invalid close code: 0"
        seen "websocket-client, of code 0": "Invalid close opcode 0"
        example command "decode --from server 880203ee"
    }

    CLOSE_CODE_GARBLED "close-code-garbled" Violation, "RFC 6455 section 5.5.1" {
        title "a close code that is text, or has its bytes swapped"
        cause r#"the reason was sent without a code in front, the code was sent as digits, or `pack("H", 1000)` wrote it in the machine's order"#
        fix r#"write the code in 2 bytes, the higher one first, then the reason: `struct.pack("!H", code) + reason`"#
        seen "Chrome, of bye": "onclose code=25209"
        seen "ws, of bye": "invalid status code 25209 (1002)"
        seen "websockets": "invalid status code"
        seen "websocket-client, of bye": "Invalid close opcode 25209"
        seen "Chrome, of 1000 swapped": "onclose code=59395"
        seen "ws, of 1000 swapped": "invalid status code 59395 (1002)"
        seen "websocket-client, of 1000 swapped": "Invalid close opcode 59395"
        seen "aiohttp, tungstenite": "accept it"
        example command "decode --from server 8803627965"
    }

    CLOSE_REASON_UTF8 "close-reason-utf8" Violation, "RFC 6455 sections 5.5.1, 8.1" {
        title "a close reason that is not UTF-8"
        cause "an error text in the system's own encoding, or a text cut inside a character to fit into 123 bytes"
        fix "encode the reason as UTF-8, and cut it between two characters"
        seen "Chrome": "Received a broken close frame containing invalid UTF-8."
        seen "ws": "invalid UTF-8 sequence (1007)"
        seen "websockets": "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"
        seen "aiohttp": "Invalid UTF-8 text message"
        seen "tungstenite": "UTF-8 encoding error: invalid utf-8 sequence of 1 bytes from index 0"
        seen "websocket-client": "Invalid close frame."
        example command "decode --from server 880303e8ff"
    }

    CLOSE_NOT_COMPLETED "close-not-completed" Violation, "RFC 6455 sections 5.5.1, 7.1.1" {
        title "a connection that ended without a close frame from both"
        cause "`sock.close()` and nothing before it, or a close frame that was taken for text and never answered"
        fix "answer a close frame with one of the same code, and let the server close the TCP connection"
        seen "Chrome": "onclose code=1006 wasClean=false"
        seen "websockets": "no close frame received or sent"
        seen "ws": "close 1006"
        seen "servers after tutorials": "UnicodeDecodeError, for 03 e8 is no text"
        quoted ".NET": "The remote party closed the WebSocket connection without completing the close handshake."
        quoted "gorilla": "websocket: close 1006 (abnormal closure): unexpected EOF"
        quoted "Firefox": "The connection to ws://localhost:8080/ was interrupted while the page was loading."
        quoted "Safari": "The network connection was lost."
        quoted "Safari": "The operation couldn’t be completed. Socket is not connected"
        quoted "Tomcat, OkHttp": "java.io.EOFException"
        quoted "nginx": "recv() failed (104: Connection reset by peer) while proxying upgraded connection"
        example not_visible "it shows in a whole connection: TCP ends, and a close frame (first byte 88) of one side or both is missing"
    }

    DATA_AFTER_CLOSE "data-after-close" Violation, "RFC 6455 section 5.5.1" {
        title "a data frame behind a close frame"
        cause "the queue of messages is sent to its end after the close, or the close frame is answered with text, again and again"
        fix "send nothing but what completes the closing handshake once the close frame is sent"
        seen "Chrome": "Data frame received after close"
        seen "tungstenite": "Remote sent after having closed"
        seen "ws": "close 1000, and ignores what follows"
        seen "websockets, aiohttp, websocket-client": "accept it"
        quoted "Tomcat": "New frame received after a close control frame"
        example command "decode --from server 880203e8810548656c6c6f"
    }

    PING_WITHOUT_PONG "ping-without-pong" Violation, "RFC 6455 section 5.5.2" {
        title "a ping that is not answered with a pong"
        cause "the opcode is not looked at, so that a ping is echoed as text, or the loop that reads is busy elsewhere"
        fix r#"answer opcode 9 with a frame of opcode 10 and the same payload, at once; the text "ping" is no ping"#
        seen "websockets": "sent 1011 keepalive ping timeout; no close frame received"
        seen ".NET": "didn't receive a Pong"
        quoted "OkHttp": "sent ping but didn't receive pong within 10000ms (after 0 successful ping/pongs)"
        example not_visible "it shows in both directions: `89 02 68 69` goes one way, and no `8a 02 68 69` comes the other"
    }

    PONG_WRONG_PAYLOAD "pong-wrong-payload" Violation, "RFC 6455 section 5.5.3" {
        title "a pong that does not repeat the payload of its ping"
        cause "the pong is sent empty, or the payload went through a text, which puts `ef bf bd` where bytes are not UTF-8"
        fix "copy the bytes of the ping's payload as they are"
        seen "strict peers, such as Binance": "time out, as if no pong had come"
        example not_visible "it shows in both directions: the ping `89 04 dc 21 f7 8b` wants `8a 04 dc 21 f7 8b`"
    }
}
