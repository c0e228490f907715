//! The page in Chromium. `.ci/run` installs it and runs these tests.

mod origins;
mod others;

use serde_json::{Value, json};

use crate::helpers::documents::document;
use crate::helpers::log::normalized;
use crate::helpers::server::Server;
use crate::helpers::webdriver::Browser;

const ENTER: char = '\u{e007}';
const ESCAPE: char = '\u{e00c}';
const TAB: char = '\u{e004}';

/// A server, and a browser that has opened its page.
struct Visit {
    server: Server,
    browser: Browser,
}

impl Visit {
    fn to(path: &str) -> Self {
        Self::with(&[], path)
    }

    fn with(arguments: &[&str], path: &str) -> Self {
        let server = Server::start(arguments);
        let browser = Browser::start();
        browser.open(&server.page(path));
        Self { server, browser }
    }

    /// Connects with Enter: the address has the focus at first.
    fn connect(&self) {
        self.browser.press(ENTER);
        self.browser.until("document.body.dataset.state === 'open'");
    }

    /// Enters a message and sends it.
    fn send(&self, text: &str) {
        self.focus("message");
        self.browser.enter(text);
        self.browser.press(ENTER);
    }

    fn focus(&self, id: &str) {
        self.browser
            .value(&format!("document.getElementById('{id}').focus()"));
    }

    /// Replaces the text of a field.
    fn fill(&self, id: &str, text: &str) {
        self.browser
            .value(&format!("document.getElementById('{id}').select()"));
        self.browser.enter(text);
    }

    fn click(&self, id: &str) {
        self.browser
            .value(&format!("document.getElementById('{id}').click()"));
    }

    fn focused(&self) -> Value {
        self.browser.value("document.activeElement.id")
    }

    fn text_of(&self, id: &str) -> Value {
        self.browser
            .value(&format!("document.getElementById('{id}').textContent"))
    }

    /// `count` lines of the page's log from line `start` on, as soon as they are there: direction, text
    /// and size.
    fn lines(&self, start: usize, count: usize) -> Vec<[String; 3]> {
        let lines = "document.querySelectorAll('#log li')";
        self.browser
            .until(&format!("{lines}.length >= {}", start + count));
        let value = self.browser.value(&format!(
            "[...{lines}].slice({start}).map((line) => ['what', 'unseen', 'size']
                 .map((part) => line.querySelector('.' + part).textContent))"
        ));
        serde_json::from_value(value).unwrap()
    }

    /// The frames in the server's log up to the one that contains `end`.
    fn frames(&self, end: &str) -> Vec<String> {
        let log = self.server.log_until(end);
        let frames = log
            .iter()
            .filter_map(|line| line.split_once(" #").map(|it| it.1));
        frames
            .filter(|line| line.contains(" < ") || line.contains(" > "))
            .map(without_number_and_masking_key)
            .collect()
    }
}

/// A line of the log without the number of the connection and the random masking key.
fn without_number_and_masking_key(line: &str) -> String {
    let line = line.split_once(' ').unwrap().1;
    let (before, key) = line.split_once(", masked ").unwrap_or((line, ""));
    format!("{before}{}", key.get(8..).unwrap_or_default())
}

fn strings<const N: usize>(lines: &[[&str; 3]; N]) -> Vec<[String; 3]> {
    lines.iter().map(|line| line.map(str::to_owned)).collect()
}

#[test]
#[ignore = "needs chromium and chromedriver, which .ci/run installs"]
fn messages_and_a_close_code_are_sent_and_shown() {
    let visit = Visit::to("");
    assert_eq!(visit.focused(), "connect");
    visit.connect();
    assert_eq!(visit.focused(), "message");
    visit.send("hello");
    visit.send("你好，世界 🦀");
    visit.click("binary");
    visit.send("00 1b,0xff");
    let hostile = "<img src=x onerror=\"document.title='pwned'\"><script>alert(1)</script>";
    visit.click("text");
    visit.send(hostile);
    let size = format!("{} bytes", hostile.len());
    let expected = [
        ["hello", "sent", "5 bytes"],
        ["hello", "received", "5 bytes"],
        ["你好，世界 🦀", "sent", "20 bytes"],
        ["你好，世界 🦀", "received", "20 bytes"],
        ["00 1b ff", "sent", "3 bytes"],
        ["00 1b ff", "received", "3 bytes"],
        [hostile, "sent", &size],
        [hostile, "received", &size],
    ];
    let mut shown = visit.lines(1, 8);
    // An echo may arrive before or after the next message is sent.
    shown.sort_by_key(|line| expected.iter().position(|one| one == line));
    assert_eq!(shown, strings(&expected));
    let elements = "document.querySelectorAll('#log img, #log script').length";
    assert_eq!(visit.browser.value(elements), 0);
    assert_eq!(visit.browser.value("document.title"), "wsctl serve");
    visit.fill("code", "4001");
    visit.fill("reason", "bye");
    visit.browser.press(ENTER);
    let end = [
        ["closing with 4001 “bye”", "", ""],
        ["closed with 4001 “bye”, clean", "", ""],
    ];
    assert_eq!(visit.lines(9, 2), strings(&end));
    assert_eq!(visit.focused(), "connect");
    let hostile = hostile.replace('"', "\\\"");
    let count = hostile.len() - 2;
    assert_eq!(
        visit.frames("> close"),
        [
            "< text \"hello\" [5 bytes]",
            "> text \"hello\" [5 bytes]",
            "< text \"你好，世界 🦀\" [20 bytes]",
            "> text \"你好，世界 🦀\" [20 bytes]",
            "< binary 00 1b ff [3 bytes]",
            "> binary 00 1b ff [3 bytes]",
            &format!("< text \"{hostile}\" [{count} bytes]"),
            &format!("> text \"{hostile}\" [{count} bytes]"),
            "< close 4001 (private use) \"bye\" [5 bytes]",
            "> close 4001 (private use) \"bye\" [5 bytes]",
        ]
    );
    assert_eq!(visit.browser.console(), [""; 0]);
}

#[test]
#[ignore = "needs chromium and chromedriver, which .ci/run installs"]
fn everything_can_be_done_with_the_keyboard() {
    let visit = Visit::to("ws/alice?room=1#chat");
    assert_eq!(
        visit.browser.value(
            "document.getElementById('path').value + document.getElementById('subprotocol').value"
        ),
        "/ws/alice?room=1chat"
    );
    visit.fill("subprotocol", "");
    visit.connect();
    visit.send("hi");
    visit.lines(0, 3);
    // Shift+Enter starts a new line. Enter does not send while an input method composes.
    visit.browser.value(
        "document.getElementById('message').dispatchEvent(
             new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))",
    );
    assert_eq!(visit.lines(0, 3).len(), 3);
    visit.browser.press(TAB);
    assert_eq!(visit.focused(), "send");
    visit.browser.press(ESCAPE);
    let end = visit.lines(3, 2).pop().unwrap();
    assert_eq!(end[0], "closed with 1000 (normal closure), clean");
    let log = visit.server.log_until(" - ");
    assert!(log.iter().any(|line| line.contains("GET /ws/alice?room=1")));
    visit.connect();
    assert_eq!(visit.text_of("opening-wrong"), "");
}

#[test]
#[ignore = "needs chromium and chromedriver, which .ci/run installs"]
fn input_errors_are_shown_at_their_field() {
    let visit = Visit::to("");
    visit.send("too early");
    assert_eq!(visit.text_of("sending-wrong"), "not connected");
    visit.fill("subprotocol", "a b");
    visit.browser.press(ENTER);
    let wrong = visit.text_of("opening-wrong");
    assert!(wrong.as_str().unwrap().contains("subprotocol"), "{wrong}");
    assert_eq!(visit.focused(), "subprotocol");
    visit.fill("subprotocol", "");
    visit.focus("connect");
    visit.connect();
    visit.click("binary");
    let cases = [
        ("81 0g", "column 5: expected a hexadecimal digit, found “g”"),
        (
            "8 1",
            "column 2: expected a hexadecimal digit, found a space",
        ),
        ("你", "column 1: expected a hexadecimal digit, found “你”"),
        ("810", "column 4: expected a second digit for the last byte"),
    ];
    for (hex, sentence) in cases {
        visit.fill("message", hex);
        visit.browser.press(ENTER);
        assert_eq!(visit.text_of("sending-wrong"), sentence, "{hex}");
    }
    assert_eq!(visit.focused(), "message");
    let long = "é".repeat(62);
    let cases = [
        (
            "1001",
            "",
            "a browser may close with 1000, or 3000 to 4999, not with 1001",
        ),
        (
            "5000",
            "",
            "a browser may close with 1000, or 3000 to 4999, not with 5000",
        ),
        (
            "4e3",
            "",
            "a browser may close with 1000, or 3000 to 4999, not with 4e3",
        ),
        ("", "bye", "a reason needs a code in front of it"),
        (
            "3000",
            &long,
            "the reason has 124 bytes, and 123 fit into a close frame",
        ),
    ];
    for (code, reason, sentence) in cases {
        visit.fill("code", code);
        visit.fill("reason", reason);
        visit.browser.press(ENTER);
        assert_eq!(visit.text_of("closing-wrong"), sentence, "{code} {reason}");
    }
    visit.fill("reason", &"é".repeat(61));
    visit.browser.press(ENTER);
    visit
        .browser
        .until("document.body.dataset.state === 'closed'");
    let frames = visit.frames("> close");
    assert!(
        frames[0].starts_with("< close 3000 (unauthorized) \"éé"),
        "{frames:?}"
    );
    assert_eq!(frames.len(), 2, "nothing else was sent: {frames:?}");
}

#[test]
#[ignore = "needs chromium and chromedriver, which .ci/run installs"]
fn each_tab_has_its_own_connection() {
    let visit = Visit::to("alice");
    visit.connect();
    visit.send("I am Alice");
    visit.lines(1, 2);
    let alice = visit.browser.this_tab();
    let bob = visit.browser.new_tab();
    visit.browser.open(&visit.server.page("bob"));
    visit.connect();
    visit.send("I am Bob");
    visit.lines(1, 2);
    visit.browser.go_to(&alice);
    visit.send("still here");
    let lines = visit.lines(1, 4);
    assert_eq!(lines[3][0], "still here");
    visit.server.interrupt();
    for tab in [&alice, &bob] {
        visit.browser.go_to(tab);
        visit
            .browser
            .until("document.body.dataset.state === 'closed'");
        let end = visit.lines(0, 4).pop().unwrap();
        assert_eq!(end[0], "closed with 1001 (going away), clean");
    }
    let log = visit.server.log_until("stopped: 2 connections");
    assert!(log.iter().any(|line| line.contains(" GET /bob")));
}

#[test]
#[ignore = "needs chromium and chromedriver, which .ci/run installs"]
fn the_page_fits_each_screen_in_dark_and_light() {
    let visit = Visit::to("ws/alice");
    visit.connect();
    for text in [
        "hello",
        "{\"to_user\":\"bob\",\"from_user\":\"alice\",\"message\":\"今天天气怎么样？\"}",
        "<b>never bold</b> 🦀",
        &"a-word-without-an-end".repeat(12),
    ] {
        visit.send(text);
    }
    visit.click("binary");
    visit.send("81 87 0e c3 f3 cd 3b f6 c6 f8 3b f6 c6");
    visit.lines(0, 11);
    visit.fill("message", "81 8z");
    visit.browser.press(ENTER);
    let views = [
        ("dark", 1100, 760, "dark"),
        ("light", 1100, 760, "light"),
        ("phone", 375, 720, "light"),
        ("phone-dark", 375, 720, "dark"),
    ];
    for (name, width, height, scheme) in views {
        check_picture(&visit.browser, name, width, height, scheme);
    }
    visit.browser.press(ESCAPE);
    visit
        .browser
        .until("document.body.dataset.state === 'closed'");
    check_picture(&visit.browser, "closed", 1100, 760, "light");
    check_picture(&visit.browser, "closed-phone", 375, 720, "dark");
    visit.browser.open(&visit.server.page(""));
    check_picture(&visit.browser, "empty", 1100, 760, "light");
}

#[test]
#[ignore = "needs chromium and chromedriver, which .ci/run installs"]
fn the_page_works_over_tls() {
    let visit = Visit::with(&["--tls"], "");
    visit.connect();
    let status = visit.text_of("status");
    assert!(status.as_str().unwrap().starts_with("wss://"), "{status}");
    visit.send("secret");
    assert_eq!(visit.lines(2, 1)[0][0], "secret");
    visit.browser.press(ESCAPE);
    let frames = visit.frames("> close");
    assert_eq!(frames[0], "< text \"secret\" [6 bytes]");
}

/// Takes a screenshot of this size and color scheme, and checks that nothing is cut off.
fn check_picture(browser: &Browser, name: &str, width: u32, height: u32, scheme: &str) {
    let size =
        json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500});
    browser.devtools("Emulation.setDeviceMetricsOverride", &size);
    let feature = json!({"name": "prefers-color-scheme", "value": scheme});
    browser.devtools(
        "Emulation.setEmulatedMedia",
        &json!({"features": [feature]}),
    );
    browser.until(&format!("innerWidth === {width}"));
    let overflow = browser.value(
        "[...document.querySelectorAll('body, header *, #log li, footer *')]
             .filter((part) => part.getBoundingClientRect().right > innerWidth + 1)
             .map((part) => part.outerHTML)",
    );
    assert_eq!(overflow, json!([]), "{name}");
    let scrolls = browser.value("document.documentElement.scrollHeight > innerHeight");
    assert_eq!(scrolls, false, "{name}");
    browser.picture(&format!("page-{name}"));
}

/// The log in the document is that of a real visit, apart from what differs from run to run.
#[test]
#[ignore = "needs chromium and chromedriver, which .ci/run installs"]
fn the_log_of_a_visit_is_as_in_the_document() {
    let visit = Visit::to("ws/alice");
    visit.connect();
    visit.send("你好 🦀");
    visit.lines(1, 2);
    visit.fill("code", "4001");
    visit.fill("reason", "bye");
    visit.browser.press(ENTER);
    let mut log = visit.server.log_until(" - the client closed");
    log.retain(|line| !line.contains("the client disconnected without sending a request"));
    let document = document("src/commands/serve/README.md");
    let shown = document.split_once("```text\n10:07:31.116").unwrap().1;
    let shown = shown.split_once("```").unwrap().0;
    let shown = format!("10:07:31.116{shown}");
    let shown: Vec<String> = shown
        .lines()
        .map(|line| without_random_parts(&normalized(line)))
        .collect();
    let log: Vec<String> = log.iter().map(|line| without_random_parts(line)).collect();
    assert_eq!(log, shown);
}

/// A line without keys, versions and the number of the connection: Chromium opens a spare connection
/// too.
fn without_random_parts(line: &str) -> String {
    let line = ["#2 ", "#3 ", "#4 "]
        .iter()
        .fold(line.to_owned(), |line, number| line.replace(number, "#N "));
    for name in ["User-Agent: ", "key "] {
        if let Some((before, _)) = line.split_once(name) {
            return format!("{before}{name}…");
        }
    }
    match line.split_once("masked ") {
        Some((before, after)) => format!("{before}masked …{}", &after[8..]),
        None => line,
    }
}
