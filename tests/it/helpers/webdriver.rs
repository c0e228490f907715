//! Controls Chromium through `chromedriver` and the W3C `WebDriver` protocol.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

/// How long a test waits for the browser before it fails.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A browser without a window. It ends when this is dropped.
pub(crate) struct Browser {
    driver: Child,
    port: u16,
    session: String,
}

impl Browser {
    /// Starts the driver on a free port, and a session with a browser.
    pub(crate) fn start() -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is there: apt-get install chromium chromium-driver");
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines.find_map(|line| {
            let line = line.unwrap();
            let port = line.split_once("successfully on port ")?.1;
            port.trim_end_matches('.').parse().ok()
        });
        let mut browser = Self {
            driver,
            port: port.unwrap(),
            session: String::new(),
        };
        // Chromium's sandbox does not work for root, as in a container.
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            // A site that resolves to this machine.
            "--host-resolver-rules=MAP evil.example 127.0.0.1",
        ];
        let options = json!({"args": arguments});
        let patience = u64::try_from(TIMEOUT.as_millis()).unwrap();
        let capabilities = json!({"alwaysMatch": {
            "browserName": "chrome",
            "acceptInsecureCerts": true,
            "timeouts": {"script": patience, "pageLoad": patience},
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL"},
        }});
        let session = browser.call("POST", "", &json!({"capabilities": capabilities}));
        let id = session["sessionId"].as_str().unwrap();
        browser.session = format!("/{id}");
        browser
    }

    pub(crate) fn open(&self, url: &str) {
        self.call("POST", "/url", &json!({"url": url}));
    }

    /// Opens another tab and switches to it. Returns the handle of the tab before.
    pub(crate) fn new_tab(&self) -> String {
        let tab = self.call("POST", "/window/new", &json!({"type": "tab"}));
        let handle = tab["handle"].as_str().unwrap().to_owned();
        self.go_to(&handle);
        handle
    }

    pub(crate) fn this_tab(&self) -> String {
        let handle = self.call("GET", "/window", &Value::Null);
        handle.as_str().unwrap().to_owned()
    }

    pub(crate) fn go_to(&self, tab: &str) {
        self.call("POST", "/window", &json!({"handle": tab}));
    }

    /// The value of an expression in the page.
    pub(crate) fn value(&self, expression: &str) -> Value {
        let script = format!("return {expression};");
        self.call(
            "POST",
            "/execute/sync",
            &json!({"script": script, "args": []}),
        )
    }

    /// Waits until an expression is true in the page.
    #[track_caller]
    pub(crate) fn until(&self, expression: &str) {
        let script = format!(
            "const done = arguments[0];
             const look = () => ({expression}) ? done(true) : setTimeout(look, 10);
             look();"
        );
        self.call(
            "POST",
            "/execute/async",
            &json!({"script": script, "args": []}),
        );
    }

    /// Enters text into the focused element, as an input method does; any character is possible.
    pub(crate) fn enter(&self, text: &str) {
        self.devtools("Input.insertText", &json!({"text": text}));
    }

    /// Presses and releases a key.
    pub(crate) fn press(&self, key: char) {
        let actions: [Value; 2] =
            ["keyDown", "keyUp"].map(|kind| json!({"type": kind, "value": key.to_string()}));
        let source = json!({"type": "key", "id": "keyboard", "actions": actions});
        self.call("POST", "/actions", &json!({"actions": [source]}));
    }

    /// Sends a command of the `DevTools` protocol, for what `WebDriver` does not support.
    pub(crate) fn devtools(&self, command: &str, parameters: &Value) {
        let body = json!({"cmd": command, "params": parameters});
        self.call("POST", "/goog/cdp/execute", &body);
    }

    /// The messages of the page's console since the last call.
    pub(crate) fn console(&self) -> Vec<String> {
        let entries = self.call("POST", "/se/log", &json!({"type": "browser"}));
        let entries = entries.as_array().unwrap().iter();
        entries
            .map(|entry| entry["message"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Saves a screenshot in the folder of the tests' files and returns its path.
    pub(crate) fn picture(&self, name: &str) -> PathBuf {
        let picture = self.call("GET", "/screenshot", &Value::Null);
        let bytes = BASE64_STANDARD.decode(picture.as_str().unwrap()).unwrap();
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.png"));
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Sends a request to the driver and returns the value in its response.
    #[track_caller]
    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let (session, port) = (&self.session, self.port);
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let request = format!(
            "{method} /session{session}{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\
             Connection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.set_read_timeout(Some(2 * TIMEOUT)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let (status, body) = read_answer(stream);
        let mut answer: Value = serde_json::from_str(&body).unwrap();
        assert!(status.contains(" 200 "), "{path}: {answer:#}");
        answer["value"].take()
    }
}

/// Reads the status line and the body of a response. `Content-Length` limits the body, since the
/// driver keeps the connection open.
fn read_answer(stream: TcpStream) -> (String, String) {
    let mut stream = BufReader::new(stream);
    let mut length = 0;
    let mut status = String::new();
    stream.read_line(&mut status).unwrap();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).unwrap();
        match line.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("Content-Length") => {
                length = value.trim().parse().unwrap();
            }
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    (status, String::from_utf8(body).unwrap())
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Errors are ignored, since the test may already be failing.
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) {
            let request = format!(
                "DELETE /session{} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
                self.session
            );
            let _ = stream.set_read_timeout(Some(TIMEOUT));
            let _ = stream.write_all(request.as_bytes());
            let _ = stream.read(&mut [0; 1024]);
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
