//! Lines that are typed in a terminal.
#![cfg(target_os = "linux")]

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::process::{Child, Stdio};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use crate::helpers::client::send_text;
use crate::helpers::run::program;
use crate::helpers::server::{Server, TIMEOUT};

/// `wsctl connect` on a terminal of 80 columns.
struct Terminal {
    master: File,
    child: Child,
    /// What the terminal received.
    screen: String,
    /// How much of it was waited for.
    seen: usize,
}

impl Terminal {
    fn start(arguments: &[&str]) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let size = Winsize {
            ws_row: 24,
            ws_col: 80,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&master, size).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let path = std::ffi::OsStr::from_bytes(name.as_bytes());
        let terminal = File::options().read(true).write(true).open(path).unwrap();
        let child = program()
            .args(arguments)
            .args(["--color", "never"])
            .stdin(Stdio::from(terminal.try_clone().unwrap()))
            .stdout(Stdio::from(terminal.try_clone().unwrap()))
            .stderr(Stdio::from(terminal))
            .spawn()
            .unwrap();
        Self {
            master: master.into(),
            child,
            screen: String::new(),
            seen: 0,
        }
    }

    fn type_keys(&mut self, keys: &str) {
        self.master.write_all(keys.as_bytes()).unwrap();
    }

    /// Waits until the terminal has received this text after the last one.
    #[track_caller]
    fn wait_for(&mut self, text: &str) {
        let timeout = Timespec::try_from(TIMEOUT).unwrap();
        loop {
            if let Some(at) = self.screen[self.seen..].find(text) {
                self.seen += at + text.len();
                return;
            }
            let mut ready = [PollFd::new(&self.master, PollFlags::IN)];
            assert_eq!(
                poll(&mut ready, Some(&timeout)),
                Ok(1),
                "{text}: {:?}",
                self.screen
            );
            let mut bytes = [0; 4096];
            let size = self.master.read(&mut bytes).unwrap();
            self.screen += std::str::from_utf8(&bytes[..size]).unwrap();
        }
    }

    fn status(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

#[test]
fn what_is_typed_stays_apart_from_what_comes() {
    let server = Server::start(&["--to", "others"]);
    let mut terminal = Terminal::start(&["connect", server.url()]);
    terminal.wait_for("> ");
    terminal.type_keys("half a li");
    terminal.wait_for("half a li");
    let mut other = server.client();
    send_text(&mut other, "hostile \u{1b}[2J\u{9b}2J");
    terminal.wait_for("< text \"hostile \\x1b[2J\\u{9b}2J\" [16 bytes]");
    // The line is painted again below.
    terminal.wait_for("> half a li");
    terminal.type_keys("ne\r");
    terminal.wait_for("> text \"half a line\" [11 bytes, masked ");
    terminal.wait_for("> ");
    // The line before, from the history.
    terminal.type_keys("\u{1b}[A\r");
    terminal.wait_for("> text \"half a line\" [11 bytes, masked ");
    terminal.type_keys("\u{3}");
    terminal.wait_for("> close 1001 (going away)");
    // The last line is broken where it does not fit 80 columns.
    terminal.wait_for(" - the client closed with 1001 (going away) after ");
    terminal.wait_for(" s;\r\n               2 frames in, 3 out\r\n");
    assert_eq!(terminal.status(), Some(0));
    assert!(
        !terminal.screen.contains("\u{1b}[2J"),
        "{:?}",
        terminal.screen
    );
}

#[test]
fn commands_send_other_frames() {
    let server = Server::start(&[]);
    let mut terminal = Terminal::start(&["connect", server.url()]);
    for (line, expected) in [
        (
            "/help",
            "/fragments N TEXT       send a text message in N frames",
        ),
        ("/ping hi", "> ping \"hi\" [2 bytes, masked "),
        ("", "< pong \"hi\" [2 bytes]"),
        ("/pong ho", "> pong \"ho\" [2 bytes, masked "),
        ("/binary 00ff", "> binary 00 ff [2 bytes, masked "),
        ("//help", "> text \"/help\" [5 bytes, masked "),
        (
            "/fragments 2 abcd",
            "> text \"ab\" [2 bytes, not final, masked ",
        ),
        ("/nothing", "wsctl: `/nothing` is not a command; "),
        ("/raw 81", "> bytes 81 [1 byte]"),
        ("/raw 8000000000", "> bytes 80 00 00 00 00 [5 bytes]"),
        (
            "/close 4000 so long",
            "> close 4000 (private use) \"so long\" [9 bytes, masked ",
        ),
    ] {
        if !line.is_empty() {
            terminal.type_keys(&format!("{line}\r"));
        }
        terminal.wait_for(expected);
    }
    terminal.wait_for(" - the client closed with 4000 (private use) after ");
    assert_eq!(terminal.status(), Some(0));
}

#[test]
fn the_end_of_the_input_closes_the_connection() {
    let server = Server::start(&[]);
    let mut terminal = Terminal::start(&["connect", server.url(), "-f", "text", "--wait", "1ms"]);
    terminal.wait_for("> ");
    terminal.type_keys("one\r");
    terminal.wait_for("\u{1b}[Kone\r\n");
    terminal.type_keys("\u{4}");
    terminal.wait_for(" - the client closed with 1000 (normal closure) after ");
    assert_eq!(terminal.status(), Some(0));
}
