//! The page that `serve` gives to browsers: it connects to the server, and sends and shows
//! messages. It loads nothing from elsewhere.
//!
//! `commands` hands the response to `net`, which sends it and knows no HTML.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest as _, Sha256};

use crate::ws::handshake::{Header, Response};

/// The page: its style and its script inside.
const PAGE: &str = include_str!("page.html");

/// The answer to a browser that asks for a page.
pub fn page() -> Response {
    let headers = vec![
        Header::new("Content-Type", "text/html; charset=utf-8"),
        Header::new("Content-Length", PAGE.len().to_string()),
        Header::new("Content-Security-Policy", policy()),
        Header::new("X-Content-Type-Options", "nosniff"),
        Header::new("Referrer-Policy", "no-referrer"),
        Header::new("Cache-Control", "no-store"),
        Header::new("Connection", "close"),
    ];
    Response {
        status: 200,
        headers: headers.into(),
        body: PAGE.to_owned(),
    }
}

/// Nothing but the style and the script of the page may run, known by their hashes, and
/// it may connect to the server it came from and nowhere else (CSP level 3, §6.1, §6.7.3).
fn policy() -> String {
    let style = hash(between("<style>", "</style>"));
    let script = hash(between("<script>", "</script>"));
    format!(
        "default-src 'none'; style-src {style}; script-src {script}; img-src data:; \
         connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

fn hash(source: &str) -> String {
    let digest = BASE64_STANDARD.encode(Sha256::digest(source));
    format!("'sha256-{digest}'")
}

/// The text of the page between the first of these tags.
fn between(start: &str, end: &str) -> &'static str {
    let rest = PAGE.split_once(start).map_or("", |(_, rest)| rest);
    rest.split_once(end).map_or("", |(inside, _)| inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_whole_without_anything_from_elsewhere() {
        for tag in ["<style", "<script", "</style>", "</script>"] {
            assert_eq!(PAGE.matches(tag).count(), 1, "{tag}");
        }
        assert!(between("<style>", "</style>").len() > 1000);
        assert!(between("<script>", "</script>").len() > 1000);
        let references = ["src=", "@import", "url(", "https:", "style=", "onclick="];
        for outside in references {
            let lines = PAGE.lines().filter(|line| line.contains(outside));
            let lines = lines.filter(|line| !line.contains("location.protocol"));
            assert_eq!(lines.collect::<Vec<_>>(), [""; 0], "{outside}");
        }
        assert!(!PAGE.contains("innerHTML") && !PAGE.contains("insertAdjacentHTML"));
    }

    #[test]
    fn the_response_is_never_kept_and_never_framed() {
        let response = page();
        let value = |name: &str| {
            let header = response.headers.iter().find(|header| header.name == name);
            header.unwrap().text()
        };
        assert_eq!(value("Content-Length"), response.body.len().to_string());
        assert_eq!(value("Cache-Control"), "no-store");
        let policy = value("Content-Security-Policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"));
        assert!(policy.contains("frame-ancestors 'none'"));
        assert!(!policy.contains("unsafe"));
    }
}
