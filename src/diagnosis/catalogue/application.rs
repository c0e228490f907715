//! Protocols inside the messages.

rules! { APPLICATION_RULES: Application
    APP_COMPRESSED "app-compressed" Suspicious, "no rule: RFC 6455 leaves payloads to the application" {
        title "a message that contains gzip or zlib data"
        cause "the service compresses its binary messages itself, as exchanges do, independently of permessage-deflate"
        fix "decompress the payload in the application, with gunzip or inflate"
        seen "all libraries": "accept it; the application gets compressed bytes"
        example command "decode -f frames --from server 82191f8b0800000000000203f348cdc9c907008289d1f705000000"
    }

    APP_ENGINE_IO "app-engine-io" Suspicious, "no rule of RFC 6455: the protocol of Engine.IO" {
        title "Socket.IO (Engine.IO), which is not plain WebSocket"
        cause "a plain client is connected to a Socket.IO server, or a Socket.IO client to a plain server"
        fix "use a Socket.IO client, or send `40` after `0{…}` and answer each `2` with `3`"
        seen "the server": r#"never fires "connection", or closes"#
        seen "Chrome": "Unexpected response code: 400"
        quoted "Engine.IO": "Unsupported protocol version (code 5)"
        quoted "Engine.IO": r#"{"code":3,"message":"Bad request"}"#
        quoted "Engine.IO": r#"{"code":1,"message":"Session ID unknown"}"#
        quoted "Socket.IO": "TransportError: websocket error"
        quoted "python-socketio": "The client is using an unsupported version of the Socket.IO or Engine.IO protocols"
        example command "decode --from server 810e307b22736964223a22616263227d"
    }

    APP_SIGNALR "app-signalr" Suspicious, "no rule of RFC 6455: the hub protocol of SignalR" {
        title "a SignalR record without 1e at its end"
        cause "the record separator after the JSON is missing"
        fix "append the byte 0x1e to each record"
        seen "SignalR, after 15 s": "Handshake was canceled."
        seen "SignalR": "Unable to parse payload as a negotiation message"
        example command "decode --from client 819f37fa213d4cd8514f588e4e5e589603071590525259d80d1f419f534e5e954f1f0dcb5c"
    }

    APP_STOMP_MQTT_SOCKJS "app-stomp-mqtt-sockjs" Suspicious, "STOMP 1.2; MQTT 5.0 section 6; SockJS; not RFC 6455" {
        title "STOMP, MQTT, SockJS or GraphQL with a protocol mistake"
        cause "STOMP has no NUL at its end, MQTT is in a text message or lacks its subprotocol, or the SockJS URL lacks `/websocket`"
        fix "end STOMP with 00; send MQTT with opcode 2 and subprotocol `mqtt`; append `/websocket`; request `graphql-transport-ws`"
        seen "STOMP broker": "never sends CONNECTED"
        seen "MQTT broker": "closes the connection"
        seen "Chrome, for SockJS": "Unexpected response code: 200"
        seen "GraphQL server": "close 4406 Subprotocol not acceptable"
        quoted "SockJS": "Welcome to SockJS!"
        quoted "Spring": "Invalid SockJS path"
        quoted "Spring": "Incomplete STOMP frame content"
        quoted "stomp.js": "Whoops! Lost connection"
        quoted "graphql-ws": "4400 Connection initialisation timeout"
        quoted "graphql-ws": "close 4429 Too many initialisation requests"
        quoted "graphql-ws": "close 4401 Unauthorized"
        quoted "MQTT.js": "Connack timeout"
        example command "decode --from client 81ab37fa213d74b56f7372b9753756994258478e0c4b5288525458941b0c19c82b55588955075b95425c5b924e4e43f02b"
    }

    APP_HEARTBEAT "app-heartbeat" Note, "STOMP 1.2; Engine.IO; not RFC 6455" {
        title "a heart-beat of STOMP, Socket.IO or another protocol"
        cause "both sides agreed to send a short message at intervals, to see that the connection is alive"
        fix "nothing is wrong; answer as the protocol requires: `3` to the `2` of Engine.IO, a line feed at intervals in STOMP"
        seen "all libraries": "deliver it as a message"
        example command "decode 81010a"
    }
}
