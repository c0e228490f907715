//! What is spoken inside the messages.

use super::{Entry, Example, Layer};
use crate::diagnosis::Severity;

/// `app-compressed`
pub static APP_COMPRESSED: Entry = Entry {
    id: "app-compressed",
    layer: Layer::Application,
    severity: Severity::Suspicious,
    is_cut: false,
    section: "none (not permessage-deflate)",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `app-engine-io`
pub static APP_ENGINE_IO: Entry = Entry {
    id: "app-engine-io",
    layer: Layer::Application,
    severity: Severity::Suspicious,
    is_cut: false,
    section: "none (Socket.IO ≠ plain ws)",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `app-signalr`
pub static APP_SIGNALR: Entry = Entry {
    id: "app-signalr",
    layer: Layer::Application,
    severity: Severity::Suspicious,
    is_cut: false,
    section: "SignalR hub protocol",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};

/// `app-stomp-mqtt-sockjs`
pub static APP_STOMP_MQTT_SOCKJS: Entry = Entry {
    id: "app-stomp-mqtt-sockjs",
    layer: Layer::Application,
    severity: Severity::Suspicious,
    is_cut: false,
    section: "STOMP 1.2; MQTT [MQTT-6.0.0-1]; SockJS",
    title: "",
    cause: "",
    fix: "",
    seen: &[],
    example: Example::None,
};
