//! Heads in logs, in source code and on web pages.

use crate::helpers::run::wsctl_reading;

const REQUEST: [&str; 6] = [
    "GET /chat HTTP/1.1",
    "Host: 127.0.0.1:9527",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: FUH2Nige4Npq/InFS0OoJQ==",
];

/// Checks that a paste is read as the request above, and nothing is wrong with it.
#[track_caller]
fn check(paste: &str) {
    let outcome = wsctl_reading(["handshake"], paste.as_bytes());
    let page = "request   GET /chat HTTP/1.1\n  \
                ok       Host                      127.0.0.1:9527\n  \
                ok       Connection                Upgrade\n  \
                ok       Upgrade                   websocket\n  \
                ok       Sec-WebSocket-Version     13\n  \
                ok       Sec-WebSocket-Key         FUH2Nige4Npq/InFS0OoJQ==\n";
    assert!(outcome.text().starts_with(page), "{paste}\n{outcome}");
    assert_eq!(outcome.status, 0, "{paste}\n{outcome}");
}

fn lines(line: impl Fn(&str) -> String) -> String {
    REQUEST.iter().chain(&[""]).map(|text| line(text)).collect()
}

#[test]
fn a_prefix_on_each_line_is_taken_off() {
    for prefix in [
        "17:43:13.645 -> [Line #0] ",
        "2026-11-26 14:24:08,123 DEBUG ",
        "    [WS-Client][handleHeader] RX: ",
        "> ",
        "// ",
        "# ",
    ] {
        check(&lines(|line| format!("{prefix}{line}\n")));
    }
}

#[test]
fn line_ends_may_be_written_out() {
    let escaped = lines(|line| format!("{line}\\r\\n"));
    check(&format!("Request: \"{escaped}\"\n"));
    check(&format!("send: b'{escaped}'\n"));
    let each = lines(|line| format!("{line}\\r\\n\n"));
    check(&each);
    check(&format!("# request\n\"\"\"\n{each}\"\"\"\n"));
    check(&format!("b'{}'\n", lines(|line| format!("{line}\r\n"))));
}

#[test]
fn a_request_on_one_line_is_taken_apart() {
    check(&REQUEST.join(" "));
    check(&REQUEST.join(","));
    check(&format!("{}....", REQUEST.join("..")));
}

#[test]
fn words_around_a_request_are_no_part_of_it() {
    let request = lines(|line| format!("{line}\n"));
    check(&format!(
        "New connection! (28)\nConnection 28 sends \"{request}\n\" to 0 others\n"
    ));
    // The blank line has a blank in it.
    check(&request.replace("\n\n", "\n \n"));
}

#[test]
fn what_header_lines_alone_lack_is_a_note() {
    let headers = "Sec-WebSocket-Version: 13\nSec-WebSocket-Key: FUH2Nige4Npq/InFS0OoJQ==\n\
                   Upgrade: websocket\nConnection: Upgrade\n";
    let outcome = wsctl_reading(["handshake"], headers.as_bytes());
    assert_eq!(outcome.status, 0, "{outcome}");
    assert_eq!(
        outcome.stderr,
        "wsctl: these are header lines alone: the first line of the request and Host are not \
         there\n"
    );
}

/// What a browser's network panel copies, and what programs print of a request.
#[test]
fn requests_are_copied_as_commands_and_as_code() {
    let headers = &REQUEST[1..];
    let each =
        |option: fn(&&str) -> String| headers.iter().map(option).collect::<Vec<_>>().concat();
    let options = each(|header| format!(" \\\n  -H '{header}'"));
    check(&format!("curl 'ws://127.0.0.1:9527/chat'{options}\n"));
    let options = each(|header| format!(" ^\n  -H ^\"{header}^\""));
    check(&format!("curl ^\"ws://127.0.0.1:9527/chat^\"{options}\n"));
    let code = |before: &str, pair: fn(&str, &str) -> String, after: &str| {
        let pairs = headers
            .iter()
            .map(|header| header.split_once(": ").unwrap());
        let pairs: Vec<String> = pairs.map(|(name, value)| pair(name, value)).collect();
        format!("{before}{}{after}", pairs.concat())
    };
    let pair = |name: &str, value: &str| format!("    \"{name}\": \"{value}\",\n");
    for before in ["fetch", "await fetch"] {
        let before = format!("{before}(\"ws://127.0.0.1:9527/chat\", {{\n  \"headers\": {{\n");
        let after = "  },\n  \"body\": null,\n  \"method\": \"GET\"\n});\n";
        check(&code(&before, pair, after));
    }
    let pair = |name: &str, value: &str| format!("  \"{name}\"=\"{value}\"\n");
    let before = "$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n\
                  Invoke-WebRequest -UseBasicParsing -Uri \"ws://127.0.0.1:9527/chat\" `\n\
                  -WebSession $session `\n-Headers @{\n";
    check(&code(before, pair, "}\n").replace("  \"Host\"=\"127.0.0.1:9527\"\n", ""));
    let har: Vec<String> = headers
        .iter()
        .map(|header| {
            let (name, value) = header.split_once(": ").unwrap();
            format!("{{\"name\":\"{name}\",\"value\":\"{value}\"}}")
        })
        .collect();
    check(&format!(
        "{{\"log\":{{\"entries\":[{{\"request\":{{\"method\":\"GET\",\"url\":\"ws://127.0.0.1:9527/chat\",\
         \"headers\":[{}]}},\"response\":{{\"status\":0}}}}]}}}}\n",
        har.join(",")
    ));
}

/// A browser leaves some headers out of what it copies: that is a note, and no error.
#[test]
fn what_a_copied_request_lacks_is_a_note() {
    let fetch = "fetch(\"ws://127.0.0.1:9527/chat?a=1\", {\n  \"headers\": {\n    \
                 \"sec-websocket-key\": \"FUH2Nige4Npq/InFS0OoJQ==\",\n    \
                 \"Sec-WebSocket-Version\": \"13\"\n  }\n});\n";
    let outcome = wsctl_reading(["handshake"], fetch.as_bytes());
    let page = "request   GET /chat?a=1 HTTP/1.1\n  \
                ok       Host                      127.0.0.1:9527\n  \
                ok       sec-websocket-key         FUH2Nige4Npq/InFS0OoJQ==\n  \
                ok       Sec-WebSocket-Version     13\n\n\
                accept        +lZCKceYfJsmNj6q0GYPa9r9LXE= belongs to FUH2Nige4Npq/InFS0OoJQ==\n";
    let note = "wsctl: the request was copied without Upgrade, Connection\n";
    let printed = (outcome.text(), outcome.stderr.as_str(), outcome.status);
    assert_eq!(printed, (page, note, 0));
}

#[test]
fn headers_in_brackets_are_header_lines_alone() {
    let page = "request   GET / HTTP/1.1\n  \
                ok       Host                      127.0.0.1:9527\n  \
                ok       Connection                Upgrade\n  \
                ok       Upgrade                   websocket\n  \
                ok       Sec-WebSocket-Version     13\n  \
                ok       Sec-WebSocket-Key         FUH2Nige4Npq/InFS0OoJQ==\n";
    let pairs: Vec<(&str, &str)> = REQUEST[1..]
        .iter()
        .map(|header| header.split_once(": ").unwrap())
        .collect();
    let joined = |pair: fn(&(&str, &str)) -> String| {
        pairs.iter().map(pair).collect::<Vec<String>>().join(", ")
    };
    for text in [
        format!(
            "[ {} ]\n",
            joined(|(name, value)| format!("'{name}', '{value}'"))
        ),
        format!(
            "{{{}}}\n",
            joined(|(name, value)| format!("\"{name}\": \"{value}\""))
        ),
        format!(
            "headers: [{}]\n",
            joined(|(name, value)| format!("('{name}', '{value}')"))
        ),
        format!(
            "map[{}]\n",
            joined(|(name, value)| format!("{name}:[{value}]")).replace(", ", " ")
        ),
    ] {
        let outcome = wsctl_reading(["handshake"], text.as_bytes());
        assert!(outcome.text().starts_with(page), "{text}\n{outcome}");
        assert_eq!(outcome.status, 0, "{text}\n{outcome}");
        let note = "wsctl: these are header lines alone: the first line of the request";
        assert!(outcome.stderr.starts_with(note), "{text}\n{outcome}");
    }
}
