//! Tells whether a text is about WebSocket, or is the error of another program.

use super::words::words;

/// Words that only texts about WebSocket have: the protocol's own, and names of libraries.
const WEBSOCKET: &[&str] = &[
    "aiohttp",
    "autobahn",
    "beast",
    "fin",
    "gobwas",
    "gorilla",
    "handshake",
    "jetty",
    "mask",
    "masking",
    "netty",
    "okhttp",
    "opcode",
    "permessage",
    "ratchet",
    "rsv",
    "rsv1",
    "rsv2",
    "rsv3",
    "sec",
    "signalr",
    "sockjs",
    "socketrocket",
    "starlette",
    "starscream",
    "stomp",
    "subprotocol",
    "tomcat",
    "tungstenite",
    "tyrus",
    "undertow",
    "undici",
    "unmasked",
    "uvicorn",
    "websocket",
    "websocketpp",
    "websockets",
    "ws",
    "wsproto",
    "wss",
];

/// Words of package managers, compilers, databases, other protocols and programs whose errors
/// share words with those of WebSocket peers.
const OTHER_PROGRAMS: &[&str] = &[
    "amqp",
    "apt",
    "bluetooth",
    "bluez",
    "brew",
    "cargo",
    "clang",
    "cmake",
    "composer",
    "cors",
    "docker",
    "dpkg",
    "eresolve",
    "eslint",
    "gatt",
    "gcc",
    "git",
    "github",
    "gradle",
    "grpc",
    "helm",
    "http2",
    "imap",
    "javac",
    "jdbc",
    "kafka",
    "kex",
    "kubectl",
    "kubernetes",
    "ldap",
    "makefile",
    "mariadb",
    "maven",
    "modbus",
    "mongo",
    "mongodb",
    "mysql",
    "mysqld",
    "npm",
    "nuget",
    "oracle",
    "pip",
    "pnpm",
    "podman",
    "postgres",
    "postgresql",
    "psql",
    "publickey",
    "quic",
    "rabbitmq",
    "redis",
    "rustc",
    "smtp",
    "sqlite",
    "sqlite3",
    "sqlstate",
    "ssh",
    "sshd",
    "terraform",
    "tns",
    "usb",
    "webpack",
    "wget",
    "yarn",
];

/// Ports of databases, message brokers, mail and SSH.
const OTHER_PORTS: &[&str] = &[
    "22", "25", "587", "1433", "1521", "3306", "5432", "5672", "6379", "9092", "9200", "11211",
    "27017",
];

/// Errors of a program about its own data, whatever names follow.
const PROGRAM_ERRORS: &[&str] = &["keyerror: ", "list index out of range"];

/// Whether a text names WebSocket, a library for it, or an address that begins `ws`.
pub(super) fn is_about_websocket(text: &str) -> bool {
    let names = |word: &String| WEBSOCKET.contains(&word.as_str());
    text.contains("ws://") || text.contains("wss://") || words(text).iter().any(names)
}

/// Whether a text names another program or its port, and nothing of WebSocket.
pub(super) fn is_of_another_program(text: &str) -> bool {
    if is_about_websocket(text) {
        return false;
    }
    let lower = text.to_lowercase();
    let plain = lower.split(|char: char| !char.is_alphanumeric());
    let names = |word: &str| OTHER_PROGRAMS.contains(&word) || OTHER_PORTS.contains(&word);
    plain.into_iter().any(names)
        || words(text).iter().any(|word| names(word))
        || PROGRAM_ERRORS.iter().any(|text| lower.contains(text))
}
