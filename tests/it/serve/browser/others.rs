//! Several tabs that chat, and what Chrome shows of each fault.

use super::{Visit, strings};
use crate::serve::fault_table::{self, Column};

/// The others see a message; with `--to all`, the sender too.
#[test]
#[ignore = "needs chromium and chromedriver, which .ci/run installs"]
fn tabs_chat_with_each_other() {
    for (to, own) in [("others", 0), ("all", 1)] {
        let reply = "{name}: {text}";
        let visit = Visit::with(&["--to", to, "--reply", reply], "ws/alice");
        visit.connect();
        let alice = visit.browser.this_tab();
        let [bob, carol] = ["bob", "carol"].map(|name| {
            let tab = visit.browser.new_tab();
            visit
                .browser
                .open(&visit.server.page(&format!("ws/{name}")));
            visit.connect();
            tab
        });
        visit.browser.go_to(&alice);
        visit.send("大家好 🦀");
        let sent = ["大家好 🦀", "sent", "14 bytes"];
        let received = ["alice: 大家好 🦀", "received", "21 bytes"];
        assert_eq!(visit.lines(1, 1 + own), strings(&[sent, received])[..=own]);
        for tab in [&bob, &carol] {
            visit.browser.go_to(tab);
            assert_eq!(visit.lines(1, 1), strings(&[received]));
        }
        visit.send("你好, Alice");
        let answer = ["carol: 你好, Alice", "received", "20 bytes"];
        for tab in [&alice, &bob] {
            visit.browser.go_to(tab);
            let lines = visit.lines(1, if *tab == alice { 2 + own } else { 2 });
            assert_eq!(lines.last(), strings(&[answer]).last());
        }
        visit.browser.go_to(&alice);
        visit.browser.picture(&format!("chat-{to}"));
        assert_eq!(visit.browser.console(), [""; 0]);
    }
}

#[test]
#[ignore = "needs chromium and chromedriver, which .ci/run installs"]
fn faults_show_as_documented_in_chrome() {
    // A page of another site needs permission to connect to this machine, and the page of `serve`
    // connects to its own server only. The 426 of `--no-page` is a page of this machine too.
    let Visit {
        browser,
        server: _server,
    } = Visit::with(&["--no-page"], "");
    fault_table::check(Column::Chrome, |url, behavior| {
        browser.value(&format!(
            "(() => {{
                const socket = new WebSocket('{url}');
                let message = 'no message';
                window.shown = null;
                const end = (how) => window.shown = [message, how];
                socket.onopen = () => socket.send('hello');
                socket.onmessage = (event) => {{
                    message = 'the message ' + event.data;
                    if ('{behavior}' === 'hurries') setTimeout(() => end('nothing'), 500);
                    if ('{behavior}' !== 'waits') socket.close(1000, 'enough');
                }};
                if ('{behavior}' === 'stalls') setTimeout(() => end('nothing'), 500);
                socket.onclose = (event) => end(event.code);
            }})()"
        ));
        browser.until("window.shown !== null");
        let console = browser.console().concat();
        let [message, end] = [0, 1].map(|at| browser.value(&format!("String(window.shown[{at}])")));
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        format!("{}; {console}; {}", text(&message), text(&end))
    });
}
