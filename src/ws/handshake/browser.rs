//! Recognises a browser that opens the server's address as a page. `net` then answers with a
//! page instead of a refusal.

use super::head::RequestHead;

impl RequestHead {
    /// Whether a page is requested: a GET or HEAD without `Upgrade` whose `Accept` header names
    /// HTML. `curl` and most programs send `*/*`, which does not count.
    pub fn wants_page(&self) -> bool {
        matches!(self.method.as_str(), "GET" | "HEAD")
            && self.target.starts_with('/')
            && self.headers.count("Upgrade") == 0
            && self.headers.elements("Accept").any(|item| is_html(&item))
    }
}

/// Whether an element of `Accept` is `text/html` with a weight above 0 (RFC 9110
/// section 12.5.1).
fn is_html(item: &str) -> bool {
    let mut parts = item.split(';').map(str::trim);
    let is_html = parts
        .next()
        .is_some_and(|name| name.eq_ignore_ascii_case("text/html"));
    let weight = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
    is_html
        && weight
            .and_then(|weight| weight.parse().ok())
            .is_none_or(|weight: f32| weight > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(first: &str, lines: &str, expected: bool) {
        let bytes = format!("{first} HTTP/1.1\r\nHost: a\r\n{lines}\r\n");
        let (head, _) = RequestHead::parse(bytes.as_bytes()).unwrap().unwrap();
        assert_eq!(head.wants_page(), expected, "{bytes}");
    }

    #[test]
    fn only_a_request_for_html_wants_a_page() {
        let chrome = "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n";
        check("GET /", chrome, true);
        check("HEAD /ws/alice?room=1", chrome, true);
        check("GET /", "accept: a/b, Text/HTML ; level=1; q=0.5\r\n", true);
        check("GET /", "Accept: a/b\r\nAccept: text/html\r\n", true);
        check("GET /", "Accept: text/html;q=0\r\n", false);
        check("GET /", "Accept: */*\r\n", false);
        check("GET /", "", false);
        check("POST /", chrome, false);
        check("GET http://a/", chrome, false);
        check("GET /", &format!("{chrome}Upgrade: websocket\r\n"), false);
    }
}
