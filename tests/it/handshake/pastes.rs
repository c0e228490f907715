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

#[test]
fn the_first_line_may_have_more_in_front_of_it_than_the_others() {
    let prefix = "17:18:37.440 -> ";
    let text = lines(|line| format!("{prefix}{line}\n"));
    let first = format!("{prefix}[WS] [client] Handshake:{}", REQUEST[0]);
    check(&text.replacen(&format!("{prefix}{}", REQUEST[0]), &first, 1));
}

#[test]
fn a_line_of_a_log_may_be_wrapped() {
    let text = "\
2026-11-26 09:30:58,801 < GET /chat HTTP/1.1
2026-11-26 09:30:58,801 < Host: 127.0.0.1:9527
2026-11-26 09:30:58,801 < Connection: Upgrade
2026-11-26 09:30:58,801 < Upgrade: websocket
2026-11-26 09:30:58,801 < Sec-WebSocket-Version: 13
2026-11-26 09:30:58,801 < Sec-WebSocket-Key: FUH2Nige4Npq/InFS0OoJQ==
2026-11-26 09:30:58,802 > HTTP/1.1 101 Switching Protocols
2026-11-26 09:30:58,802 > Upgrade: websocket
2026-11-26 09:30:58,802 > Connection: Upgrade
2026-11-26 09:30:58,802 > Sec-WebSocket-Accept: +lZCKceYfJsmNj6q0GYPa9r9LXE=
2026-11-26 09:30:58,802 > Server: an example of a server with a na
me/1.0
2026-11-26 09:30:58,802 > Date: Thu, 26 Nov 2026 09:30:58 GMT
2026-11-26 09:30:58,802 connection open
";
    let outcome = wsctl_reading(["handshake"], text.as_bytes());
    let server = "Server                    an example of a server with a name/1.0\n";
    assert!(outcome.text().contains(server), "{outcome}");
    assert_eq!(outcome.status, 0, "{outcome}");
}

#[test]
fn a_response_may_be_an_array_of_numbers() {
    let response = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\
                    Connection: Upgrade\r\nSec-WebSocket-Accept: +lZCKceYfJsmNj6q0GYPa9r9LXE=\r\n\r\n";
    let numbers: Vec<String> = response.bytes().map(|byte| byte.to_string()).collect();
    let array = format!(
        "// received bytes\nunsigned char b[] = {{{}}};\n",
        numbers.join(",")
    );
    let text = lines(|line| format!("{line}\n")) + &array;
    check(&text);
    let outcome = wsctl_reading(["handshake"], text.as_bytes());
    assert!(
        outcome.text().contains("ok       Sec-WebSocket-Accept"),
        "{outcome}"
    );
}

#[test]
fn headers_in_a_term_of_erlang() {
    let pairs: Vec<String> = REQUEST[1..]
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| format!("{{<<\"{name}\">>,<<\"{value}\">>}}"))
        .collect();
    let term = format!(
        "[{{req,[{{socket,#Port<0.3846>}},{{method,<<\"GET\">>}},{{version,'HTTP/1.1'}},\
         {{path,<<\"/chat\">>}},{{headers,[{}]}}]}}]\n",
        pairs.join(",")
    );
    let outcome = wsctl_reading(["handshake"], term.as_bytes());
    assert!(
        outcome.text().contains("ok       Sec-WebSocket-Key"),
        "{outcome}"
    );
    assert!(outcome.text().contains("ok       Upgrade"), "{outcome}");
    assert_eq!(outcome.status, 0, "{outcome}");
}

#[test]
fn a_request_line_that_a_log_quotes_is_no_head() {
    let line = "2026/11/26 10:49:21 [error] 7#7: *5 connect() failed, client: 10.0.0.5, request: \
                \"GET /ws HTTP/1.1\", upstream: \"http://127.0.0.1:8080/ws\", host: \"a.example\"\n";
    let outcome = wsctl_reading(["handshake"], line.as_bytes());
    assert_eq!((outcome.text(), outcome.status), ("", 2), "{outcome}");
    let outcome = wsctl_reading(["decode"], line.as_bytes());
    assert_eq!((outcome.text(), outcome.status), ("", 2), "{outcome}");
}

#[test]
fn lines_may_stand_in_source_code_or_in_a_table() {
    check(&lines(|line| format!("client.println(\"{line}\");\n")));
    check(&lines(|line| {
        format!("client.print(F(\"{line}\\r\\n\"));\n")
    }));
    check(&lines(|line| format!("$r .= \"{line}\\r\\n\";\n")));
    check(&lines(|line| format!("s = s & \"{line}\" & vbCrLf\n")));
    check(&format!(
        "r = [\n{}]\n",
        lines(|line| format!("    '{line}',\n"))
    ));
    check(&lines(|line| format!("| {line} |\n")));
    check(&lines(|line| format!("{line}<br>\n")));
    check(&lines(|line| line.replace(": ", "：") + "\n"));
    check(&REQUEST.map(|line| format!("'{line}'")).join(", "));
    check(&REQUEST.join("; "));
    check(&(REQUEST.join(" | ") + "\n"));
}

#[test]
fn line_ends_may_be_visible_and_lines_counted() {
    for end in ["<CR><LF>", "[\\r][\\n]", "^M", "^M$", "␍␊"] {
        check(&lines(|line| format!("{line}{end}\n")));
    }
    check(&lines(|line| format!("10:00:00 >> \"{line}[\\r][\\n]\"\n")));
    check(&lines(|line| format!("{line}\n\n")));
    check(&lines(|line| format!("web_1  | {line}\n")));
    let numbered = REQUEST.iter().enumerate();
    let counted = |between: &str| -> String {
        let line = |(number, line): (usize, &&str)| format!("{}{between}{line}\n", number + 1);
        numbered.clone().map(line).collect()
    };
    for between in [": ", ". ", "\t", "  ", " | "] {
        check(&counted(between));
    }
}

#[test]
fn words_of_another_language_may_stand_around_a_head() {
    for (before, after) in [
        ("收到请求：\n", "握手成功\n"),
        ("Получен запрос:\n\n", "Готово\n"),
        ("Überprüft:\n", ""),
        ("<request>\n", "</request>\n"),
    ] {
        check(&format!(
            "{before}{}{after}",
            lines(|line| format!("{line}\n"))
        ));
    }
}
