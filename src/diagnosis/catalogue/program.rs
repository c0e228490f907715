//! Errors of the program that uses a WebSocket API at the wrong time. No rule of RFC 6455 is
//! broken on the wire.

rules! { PROGRAM_RULES: Program
    CLOSED_BEFORE_OPEN "closed-before-open" Note, "WHATWG WebSockets: close() while CONNECTING" {
        title "the client closed the WebSocket before it was open"
        cause "`close()` was called while the handshake was under way: an effect that React runs twice, or a page that the user leaves or reloads"
        fix "call `close()` after the `open` event, or ignore the message where the program means to give the connection up"
        seen "Chrome": "WebSocket is closed before the connection is established."
        seen "ws": "WebSocket was closed before the connection was established"
        quoted "Firefox": "The connection to ws://localhost:8080/ was interrupted while the page was loading."
        quoted "Chrome": "net::ERR_ABORTED"
        quoted "undici": "WebSocket was closed before the connection was established"
        example not_visible "the connection ends after the request or the 101, without a close frame"
    }

    NOT_OPEN "not-open" Note, "WHATWG WebSockets: readyState; RFC 6455 section 5.5.1" {
        title "the program sends before the open or after the close"
        cause "`send()` runs before the `open` event, or the connection has ended and the program still uses it"
        fix "send from the `open` event on, stop at the `close` event, and connect again if there is more to send"
        seen "Chrome": "WebSocket is already in CLOSING or CLOSED state."
        seen "Chrome, before the open": "Failed to execute 'send' on 'WebSocket': Still in CONNECTING state."
        seen "ws": "WebSocket is not open: readyState 0 (CONNECTING)"
        seen "tungstenite": "Trying to work with closed connection"
        seen "gorilla": "websocket: close sent"
        seen "websocket-client": "Connection is already closed."
        quoted "ws": "WebSocket is not open: readyState 2 (CLOSING)"
        quoted "ws": "WebSocket is not open: readyState 3 (CLOSED)"
        quoted "Firefox, Safari": "InvalidStateError: An attempt was made to use an object that is not, or is no longer, usable"
        quoted "Safari": "InvalidStateError: The object is in an invalid state."
        quoted "websocket-client": "socket is already closed."
        quoted "aiohttp": "Cannot write to closing transport"
        quoted "aiohttp": "ClientConnectionResetError: Cannot write to closing transport"
        quoted "tungstenite": "Sending after closing is not allowed"
        quoted "tungstenite": "WebSocket protocol error: Sending after closing is not allowed"
        quoted "tungstenite": "Connection closed normally"
        quoted "Go": "use of closed network connection"
        quoted "Java-WebSocket": "org.java_websocket.exceptions.WebsocketNotConnectedException"
        quoted "java.net.http": "java.io.IOException: Output closed"
        quoted "Tomcat": "The WebSocket session [0] has been closed and no method (apart from close()) may be called on a closed session"
        quoted "Tomcat": "Message will not be sent because the WebSocket session has been closed"
        quoted "Tomcat": "Unable to write the complete message as the WebSocket connection has been closed"
        quoted "Spring": "Cannot send a message when session is closed"
        quoted "Undertow": "UT002003: Channel is closed"
        quoted "Netty": "java.nio.channels.ClosedChannelException"
        quoted ".NET": "The WebSocket is in an invalid state ('Closed') for this operation. Valid states are: 'Open, CloseReceived'"
        quoted ".NET": "The WebSocket is not connected."
        quoted ".NET": "The WebSocket has already been started."
        quoted "Dart": "Bad state: StreamSink is closed"
        quoted "Dart": "Bad state: Cannot add event after closing"
        quoted "Starlette": "Cannot call \"send\" once a close message has been sent."
        quoted "Starlette": "Cannot call \"receive\" once a disconnect message has been received."
        quoted "Starlette": "WebSocket is not connected. Need to call \"accept\" first."
        quoted "uvicorn": "Unexpected ASGI message 'websocket.send', after sending 'websocket.close' or response already completed."
        example not_visible "the API rejects the call: nothing is sent"
    }

    EMPTY_READ "empty-read" Note, "no rule: TCP returns 0 bytes at its end" {
        title "the read returned no bytes: the peer has closed"
        cause "`recv()` returned `b''` because the peer ended the connection, and the program reads `data[1]` from it"
        fix "stop the loop if `recv()` returns no bytes: `if not data: break`"
        seen "Python": "IndexError: index out of range"
        seen "Python, of `struct.unpack`": "struct.error: unpack requires a buffer of 2 bytes"
        quoted "asyncio": "asyncio.exceptions.IncompleteReadError: 0 bytes read on a total of 2 expected bytes"
        example not_visible "end the connection without a close frame, and see whether the server's loop stops"
    }
}
