//! What a request for a URL has of it: the target in its first line, and the `Host` header.

/// The path and the query.
pub(super) fn target_of(url: &str) -> String {
    let rest = after_scheme(url);
    let target = rest.get(end_of_host(rest)..).unwrap_or_default();
    let target = target.split('#').next().unwrap_or_default();
    if target.starts_with('/') {
        target.to_owned()
    } else {
        format!("/{target}")
    }
}

/// The host and the port.
pub(super) fn host_of(url: &str) -> &str {
    let rest = after_scheme(url);
    let host = rest.get(..end_of_host(rest)).unwrap_or(rest);
    host.rsplit_once('@').map_or(host, |(_, host)| host)
}

fn after_scheme(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, rest)| rest)
}

fn end_of_host(rest: &str) -> usize {
    rest.find(['/', '?', '#']).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_has_a_target_and_a_host() {
        for (url, target, host) in [
            (
                "wss://a.example:8443/chat?room=1#top",
                "/chat?room=1",
                "a.example:8443",
            ),
            ("ws://user:secret@localhost", "/", "localhost"),
            ("ws://a?b=/", "/?b=/", "a"),
            ("a.example/b", "/b", "a.example"),
        ] {
            assert_eq!(
                (target_of(url).as_str(), host_of(url)),
                (target, host),
                "{url}"
            );
        }
    }
}
