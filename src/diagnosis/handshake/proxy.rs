//! Recognises the headers that proxies add to a head.

use crate::ws::handshake::Header;

/// The first header that a proxy added, as a line: `Via: 1.1 google`.
pub(super) fn trace_of(headers: &[Header]) -> Option<String> {
    const TRACES: [&str; 9] = [
        "Via",
        "Forwarded",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Real-IP",
        "CF-Ray",
        "X-Amzn-Trace-Id",
        "X-Envoy-External-Address",
    ];
    let is_trace = |header: &&Header| {
        TRACES
            .iter()
            .any(|name| header.name.eq_ignore_ascii_case(name))
    };
    let header = headers.iter().find(is_trace)?;
    Some(format!("{}: {}", header.name, header.text()))
}

/// The value of a `Server` header that names a proxy.
pub(super) fn server_that_is_a_proxy(headers: &[Header]) -> Option<String> {
    const PROXIES: [&str; 9] = [
        "nginx",
        "openresty",
        "cloudflare",
        "awselb",
        "haproxy",
        "envoy",
        "caddy",
        "traefik",
        "varnish",
    ];
    let mut servers = headers
        .iter()
        .filter(|header| header.name.eq_ignore_ascii_case("Server"))
        .map(Header::text);
    servers.find(|server| {
        let server = server.to_ascii_lowercase();
        PROXIES.iter().any(|name| server.starts_with(name))
    })
}

/// The fix for a proxy that does not pass the upgrade on.
pub(super) fn set_up(server: &str) -> String {
    let is_nginx = ["nginx", "openresty"]
        .iter()
        .any(|name| server.to_ascii_lowercase().starts_with(name));
    if is_nginx {
        "set `proxy_http_version 1.1`, and the headers `Upgrade $http_upgrade` and \
         `Connection \"upgrade\"`"
            .to_owned()
    } else {
        format!("configure `{server}` to pass `Upgrade` and `Connection` on")
    }
}
