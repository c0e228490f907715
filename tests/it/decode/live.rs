//! Logs that come through a pipe, line by line.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use crate::helpers::run::program;

/// `wsctl decode` that reads from a pipe.
struct LiveDecode {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl LiveDecode {
    fn start(arguments: &[&str]) -> Self {
        let mut child = program()
            .arg("decode")
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let stdin = child.stdin.take().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Self {
            child,
            stdin,
            stdout,
        }
    }

    /// Writes lines, and waits for a line of output. The read would not return if the program
    /// waited for more input.
    #[track_caller]
    fn check(&mut self, lines: &str, expected: &str) {
        self.stdin.write_all(lines.as_bytes()).unwrap();
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        assert_eq!(line, format!("{expected}\n"));
    }

    #[track_caller]
    fn finish(mut self, status: i32) {
        drop(self.stdin);
        assert_eq!(self.child.wait().unwrap().code(), Some(status));
    }
}

#[test]
fn each_frame_is_printed_when_its_line_is_there() {
    let mut live = LiveDecode::start(&[]);
    live.check("b'\\x81\\x05first'\n", "first");
    live.check(
        "服务器收到 b'\\x81\\x05again' from ('127.0.0.1', 51034)\n",
        "again",
    );
    live.check("a line without bytes\n10:49:21 RX: 81 02 68 69\n", "hi");
    live.finish(0);
}

#[test]
fn a_log_may_begin_with_the_request_as_it_was_sent() {
    let mut live = LiveDecode::start(&["-f", "frames"]);
    live.check(
        "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n\nclient connected\n",
        "> GET / HTTP/1.1 [request, 47 bytes]",
    );
    live.check(
        "recv: 81 85 37 fa 21 3d 7f 9f 4d 51 58\n",
        "> text \"Hello\" [5 bytes, masked 37fa213d]",
    );
    live.check("send: 81 05 48 65 6c 6c 6f\n", "< text \"Hello\" [5 bytes]");
    drop(live.stdin);
    live.child.wait().unwrap();
}

#[test]
fn a_list_over_several_lines_is_printed_when_it_ends() {
    let mut live = LiveDecode::start(&[]);
    live.check("Uint8Array(4) [\n  129, 2,\n  72, 72\n]\n", "HH");
    live.check("<Buffer 81 02 68 69>\n", "hi");
    live.finish(0);
}

/// What stands in front of the bytes on every line is taken off, whatever it says.
#[test]
fn an_unknown_prefix_is_known_from_the_second_line_on() {
    let mut live = LiveDecode::start(&[]);
    live.check("qux quux 81 05 48 65 6c 6c 6f\n", "Hello");
    live.check("qux quux 81 03 68\nqux quux 65 79\n", "hey");
    live.finish(0);
}

/// A packet of `tcpdump -l -X` is printed when the line of the next one is there.
#[test]
fn packets_are_printed_one_by_one() {
    let packet = "\
12:00:00.000200 IP 127.0.0.1.9527 > 127.0.0.1.51034: Flags [P.], seq 1:8, ack 12, win 512, length 7
\t0x0000:  4500 002f 0000 4000 4006 3cc7 7f00 0001  E../..@.@.<.....
\t0x0010:  7f00 0001 2537 c75a 0000 0001 0000 000c  ....%7.Z........
\t0x0020:  5018 0200 fe23 0000 8105 4865 6c6c 6f    P....#....Hello
";
    let next = "12:00:00.000300 IP 127.0.0.1.51034 > 127.0.0.1.9527: Flags [.], ack 8, length 0\n";
    let mut live = LiveDecode::start(&[]);
    live.check(&format!("{packet}{next}"), "Hello");
    live.finish(0);
}
