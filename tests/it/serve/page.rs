//! Plain HTTP requests: browsers get the page, other clients an explanation. The page itself is tested
//! in `browser`.

use std::io::{Read as _, Write as _};

use crate::helpers::server::Server;

/// The `Accept` header of Chromium for an address that was typed.
const BROWSER: &str = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n";

/// The headers and the body of the response to a request with this first line and these headers.
fn answer(server: &Server, first: &str, lines: &str) -> (String, String) {
    let mut stream = server.connect();
    let request = format!("{first} HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

#[test]
fn a_browser_gets_the_page_on_each_path() {
    let server = Server::start(&[]);
    for target in ["/", "/ws/alice?room=1"] {
        let (head, body) = answer(&server, &format!("GET {target}"), BROWSER);
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
        let length = format!("\r\nContent-Length: {}\r\n", body.len());
        assert!(head.contains(&length), "{head}");
        assert!(body.starts_with("<!doctype html>\n") && body.ends_with("</html>\n"));
        let (same_head, nothing) = answer(&server, &format!("HEAD {target}"), BROWSER);
        assert_eq!((same_head, nothing.as_str()), (head, ""));
    }
    assert_eq!(
        server.log_until("#2 ")[..2],
        [
            "10:02:12.003 #1 * 127.0.0.1:51034 GET /",
            "                  answered with the page for browsers",
        ]
    );
}

#[test]
fn other_clients_are_told_what_the_request_lacks() {
    let server = Server::start(&[]);
    let sentence = "The request has no `Upgrade: websocket` header.\n";
    for lines in ["", "Accept: */*\r\n", "Accept: text/html;q=0\r\n"] {
        let (head, body) = answer(&server, "GET /", lines);
        assert!(head.starts_with("HTTP/1.1 426 "), "{head}");
        assert_eq!(body, sentence);
    }
    let (head, _) = answer(&server, "POST /", BROWSER);
    assert!(head.starts_with("HTTP/1.1 426 "), "{head}");
    let server = Server::start(&["--no-page"]);
    let (head, body) = answer(&server, "GET /", BROWSER);
    assert!(head.starts_with("HTTP/1.1 426 "), "{head}");
    assert_eq!(body, sentence);
}

#[test]
fn the_first_line_has_the_address_of_the_page() {
    let server = Server::start(&[]);
    let page = server.page("");
    let url = page.replacen("http", "ws", 1);
    let expected = format!("listening on {url}  (a page for browsers at {page})");
    assert_eq!(server.listening_line(), expected);
    for arguments in [["--no-page"], ["-q"]] {
        let server = Server::start(&arguments);
        let url = server.page("").replacen("http", "ws", 1);
        assert_eq!(server.listening_line(), format!("listening on {url}"));
    }
    let server = Server::start(&["-f", "json"]);
    let record: serde_json::Value = serde_json::from_str(server.listening_line()).unwrap();
    let url = record["url"].as_str().unwrap();
    let page = url.replacen("ws", "http", 1);
    let expected = serde_json::json!({"type": "listening", "url": url, "page": page});
    assert_eq!(record, expected);
}

#[test]
fn the_json_log_has_the_page_without_its_body() {
    let server = Server::start(&["-f", "json"]);
    answer(&server, "GET /", BROWSER);
    let record: serde_json::Value = serde_json::from_str(&server.line()).unwrap();
    assert_eq!(
        (&record["type"], &record["response"]["status"]),
        (&"page".into(), &200.into())
    );
    assert_eq!(record["request"]["target"], "/");
    assert_eq!(record["response"].get("body"), None);
}
