//! A hundred right handshakes, in the forms in which people copy them: none has an error.

use crate::helpers::run::wsctl_reading;

/// The lines of a request and its response, and their keys.
struct Pair {
    request: Vec<String>,
    response: Vec<String>,
}

fn pairs() -> Vec<Pair> {
    let lines = |text: &str| text.lines().map(str::to_owned).collect();
    let pair = |path: &str, host: &str, more: &str, key: &str, accept: &str, agreed: &str| Pair {
        request: lines(&format!(
            "GET {path} HTTP/1.1\nHost: {host}\nConnection: Upgrade\nUpgrade: websocket\n\
             Sec-WebSocket-Version: 13\n{more}Sec-WebSocket-Key: {key}"
        )),
        response: lines(&format!(
            "HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\nConnection: Upgrade\n\
             Sec-WebSocket-Accept: {accept}{agreed}"
        )),
    };
    vec![
        pair(
            "/",
            "127.0.0.1:9527",
            "",
            "FUH2Nige4Npq/InFS0OoJQ==",
            "+lZCKceYfJsmNj6q0GYPa9r9LXE=",
            "",
        ),
        pair(
            "/chat?room=1&token=abc-def_123",
            "server.example.com",
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)\n\
             Origin: http://example.com\nAccept-Encoding: gzip, deflate, br\n\
             Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\n\
             Sec-WebSocket-Protocol: chat, superchat\n",
            "kJXuOKsrl3AR1KeFngRElQ==",
            "lCaWI6ZCGd5I25+0bJrVqBOcDYc=",
            "\nSec-WebSocket-Protocol: chat\nSec-WebSocket-Extensions: permessage-deflate\n\
             Date: Thu, 26 Nov 2026 14:24:08 GMT\nServer: Python/3.11 websockets/17.4",
        ),
    ]
}

/// Each line of both heads, with a blank line after each.
fn each(pair: &Pair, line: &dyn Fn(&str) -> String) -> String {
    let head = |lines: &[String]| -> String {
        lines
            .iter()
            .map(|text| line(text))
            .chain([line("")])
            .collect()
    };
    head(&pair.request) + &head(&pair.response)
}

/// Each head in one piece.
fn whole(pair: &Pair, head: &dyn Fn(&[String]) -> String) -> String {
    head(&pair.request) + &head(&pair.response)
}

fn joined(lines: &[String], end: &str) -> String {
    lines.join(end) + end + end
}

/// What terminals, tools and people make of a handshake.
fn forms(pair: &Pair) -> Vec<String> {
    let mut forms = Vec::new();
    for prefix in [
        "",
        "    ",
        "\t",
        "> ",
        "# ",
        "// ",
        "* ",
        "| ",
        "-- ",
        "< ",
        "[ws] ",
        "RX: ",
        "(28) ",
        "DEBUG ",
        "INFO: ",
        "10:49:21 ",
        "10:49:21.331 -> ",
        "2026-11-26 14:24:08,123 DEBUG ",
        "2026-11-26T14:24:08.123Z [ws] ",
        "Nov 26 14:24:08 host app[12]: ",
        "[main] INFO ",
        "    [WS-Client][handleHeader] RX: ",
        "17:43:13.645 -> [Line #0] ",
        "I/ws (123): ",
        "D 11-26 14:24:08.123 ",
    ] {
        forms.push(each(pair, &|line| format!("{prefix}{line}\n")));
    }
    for (open, close) in [
        ("b'", "'"),
        ("\"", "\""),
        ("send: b'", "'"),
        ("Request: \"", "\""),
        ("recv 200 bytes: b'", "'"),
        ("data = b\"", "\""),
        ("(b'", "', ('127.0.0.1', 51034))"),
        ("收到请求： b'", "'"),
        ("14:24:08 recv(1024) -> '", "'"),
        ("handshake=\"", "\" from 127.0.0.1"),
    ] {
        forms.push(whole(pair, &|head| {
            format!("{open}{}{close}\n", joined(head, r"\r\n"))
        }));
    }
    forms.push(each(pair, &|line| format!("{line}\r\n")));
    forms.push(each(pair, &|line| format!("{line} \n")));
    forms.push(each(pair, &|line| format!("{line}\\r\\n\n")));
    forms.push(each(pair, &|line| format!("'{line}\\r\\n'\n")));
    forms.push(each(pair, &|line| format!("\"{line}\\r\\n\" +\n")));
    forms.push(each(pair, &|line| format!("    b'{line}\\r\\n'\n")));
    forms.push(each(pair, &|line| format!("{line}..\n")));
    for separator in [" ", ",", ", ", ".."] {
        forms.push(whole(pair, &|head| format!("{}\n", head.join(separator))));
    }
    forms.push(whole(pair, &|head| {
        format!("b'{}'\n", joined(head, "\r\n"))
    }));
    forms.push(whole(pair, &|head| {
        format!("\"\"\"\n{}\"\"\"\n", joined(head, "\n"))
    }));
    forms.push(whole(pair, &|head| {
        format!("--- head ---\n{}--- end ---\n", joined(head, "\n"))
    }));
    forms.push(whole(pair, &|head| {
        format!("New connection: {}", joined(head, "\n"))
    }));
    forms.push(whole(pair, &|head| {
        format!("```\n{}```\n", joined(head, "\n"))
    }));
    // A terminal of 80 columns.
    forms.push(each(pair, &|line| {
        let wrapped: Vec<&str> = line
            .as_bytes()
            .chunks(80)
            .map(|part| std::str::from_utf8(part).unwrap())
            .collect();
        wrapped.join("\n") + "\n"
    }));
    forms
}

#[test]
fn a_right_handshake_has_no_error_however_it_is_copied() {
    let mut count = 0;
    let mut wrong = Vec::new();
    for pair in pairs() {
        for form in forms(&pair) {
            count += 1;
            let outcome = wsctl_reading(["handshake"], form.as_bytes());
            let shown = outcome.to_string();
            let is_right = outcome.status == 0
                && !shown.contains("error[")
                && shown.contains("accept        ")
                && shown.contains(" is right for ");
            if !is_right {
                wrong.push(format!("{form}\n{shown}"));
            }
        }
    }
    assert!(count >= 100, "{count}");
    assert_eq!(wrong, [""; 0], "{} of {count}", wrong.len());
}
