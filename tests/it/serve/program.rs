//! `--exec`: a program makes the replies.

use std::io::Write as _;
use std::time::Duration;

use serde_json::{Value, json};
use tungstenite::Message;

use crate::helpers::client::{assert_nothing_received, frame, receive_text, send_text};
use crate::helpers::server::Server;
#[cfg(target_os = "linux")]
use crate::helpers::server::wait_for_writers;

/// A program that counts votes for a or b.
pub(super) const VOTES: &str = r#"a=0 b=0
while read -r vote; do
    case $vote in a) a=$((a + 1)) ;; b) b=$((b + 1)) ;; esac
    echo "{\"a\":$a,\"b\":$b}"
done"#;

#[test]
fn a_program_can_count_votes() {
    let server = Server::start(&["--to", "all", "--exec", VOTES]);
    let mut clients = ["/", "/", "/"].map(|path| server.client_at(path));
    for (voter, vote, count) in [
        (0, "a", json!({"a": 1, "b": 0})),
        (1, "b", json!({"a": 1, "b": 1})),
        (2, "a", json!({"a": 2, "b": 1})),
    ] {
        send_text(&mut clients[voter], vote);
        for client in &mut clients {
            let received: Value = serde_json::from_str(&receive_text(client)).unwrap();
            assert_eq!(received, count);
        }
    }
    server.interrupt();
    let log = server.log_until("stopped: ");
    assert!(!log.iter().any(|line| line.contains(" exec ")), "{log:#?}");
    let vote = log.iter().position(|line| line.contains("#3 < text \"a\""));
    let counts = log.iter().rposition(|line| line.contains("#1 > text"));
    assert!(vote < counts, "{log:#?}");
}

#[test]
fn a_line_is_the_reply_to_the_oldest_message() {
    let server = Server::start(&["--exec", "sed -u 's/^/you said: /'"]);
    let (mut alice, mut bob) = (server.client_at("/ws/alice"), server.client_at("/ws/bob"));
    for round in 0..20 {
        send_text(&mut alice, &format!("a\r\n{round}"));
        send_text(&mut bob, &format!("b {round}"));
        assert_eq!(receive_text(&mut bob), format!("you said: b {round}"));
        assert_eq!(receive_text(&mut alice), format!("you said: a  {round}"));
    }
    alice.send(Message::binary(vec![1])).unwrap();
    server.log_until("! not sent to the program: a binary message is not a line");
}

#[test]
fn messages_and_replies_are_logged_in_order() {
    let server = Server::start(&["--to", "others"]);
    let _bob = server.open_with(b"");
    let mut alice = server.open_with(b"");
    server.log_until("#2 +");
    server.log_until("accept");
    alice
        .write_all(&[frame(0x81, b"one"), frame(0x89, b""), frame(0x81, b"two")].concat())
        .unwrap();
    assert_eq!(
        server.log_until("#1 > text \"two\""),
        [
            "10:02:12.003 #2 < text \"one\" [3 bytes, masked 3cc31ea5]",
            "10:02:12.003 #2 < ping [0 bytes, masked 3c894ca5]",
            "10:02:12.003 #2 > pong [0 bytes]",
            "10:02:12.003 #2 < text \"two\" [3 bytes, masked 3cdbdea5]",
            "10:02:12.003 #1 > text \"one\" [3 bytes]",
            "10:02:12.003 #1 > text \"two\" [3 bytes]",
        ]
    );
}

#[test]
fn a_program_that_ends_is_reported_and_the_server_continues() {
    let server = Server::start(&[
        "--exec",
        "read line; echo $line; echo out of order >&2; exit 3",
    ]);
    let mut client = server.client_at("/");
    send_text(&mut client, "hello");
    assert_eq!(receive_text(&mut client), "hello");
    let log = server.log_until("has exited");
    let of_program = log.iter().filter(|line| line.contains(" exec "));
    assert_eq!(
        of_program.collect::<Vec<_>>(),
        [
            "10:02:12.003 exec | out of order",
            "10:02:12.003 exec ! the program has exited (exit status: 3); messages get no \
             reply from now on",
        ]
    );
    send_text(&mut client, "still there?");
    assert_nothing_received(&mut client);
    server.interrupt();
    let log = server.log_until("stopped: ");
    assert!(!log.iter().any(|line| line.contains(" exec ")), "{log:#?}");
}

#[test]
fn a_missing_program_is_reported() {
    let server = Server::start(&["-f", "json", "--exec", "/no/such/program"]);
    let last = server.log_until("program-ended").pop().unwrap();
    let record: Value = serde_json::from_str(&last).unwrap();
    assert_eq!(record["type"], "note");
    assert!(record.get("connection").is_none());
    assert_eq!(
        record["message"],
        "the program has exited (exit status: 127); messages get no reply from now on"
    );
    assert_eq!(server.stop(), 0);
}

#[test]
fn a_program_that_never_reads_does_not_block_the_server() {
    let server = Server::start(&["--exec", "exec sleep 1000"]);
    let mut client = server.client_at("/");
    let text = "x".repeat(100_000);
    for _ in 0..20 {
        send_text(&mut client, &text);
    }
    server.log_until("the program does not keep up");
    assert_nothing_received(&mut client);
    assert_nothing_received(&mut server.client_at("/"));
    server.interrupt();
    let log = server.log_until("stopped: ");
    let of_program = log.iter().filter(|line| line.contains(" exec "));
    assert_eq!(
        of_program.collect::<Vec<_>>(),
        ["10:02:12.003 exec ! the program did not exit when its input ended, and was killed"]
    );
    assert_eq!(server.stop(), 0);
}

#[test]
fn a_program_that_ignores_signals_ends_with_the_server() {
    let server = Server::start(&[
        "--exec",
        "trap '' TERM; echo $$ >&2; while :; do sleep 1; done",
    ]);
    let line = server.log_until(" exec | ").pop().unwrap();
    let id = line.rsplit(' ').next().unwrap().to_owned();
    assert_eq!(server.stop(), 0);
    assert!(!std::path::Path::new("/proc").join(id).exists());
}

/// The first process of the program exits when its input ends. The other one ignores SIGTERM, and has
/// a FIFO open until it ends.
#[cfg(target_os = "linux")]
#[test]
fn a_process_that_the_program_leaves_ends_with_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let fifo = folder.path().join("fifo");
    let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
    rustix::fs::mkfifoat(rustix::fs::CWD, &fifo, mode).unwrap();
    let program = format!(
        "trap '' TERM; sleep 1000 >{} 2>&1 & exec cat",
        fifo.display()
    );
    let server = Server::start(&["--exec", &program]);
    let background = std::fs::File::open(&fifo).unwrap();
    assert_eq!(server.stop(), 0);
    wait_for_writers(background);
}

/// The one that is left ignores SIGTERM, and has a FIFO open until it ends.
#[cfg(target_os = "linux")]
#[test]
fn a_process_that_the_program_leaves_ends_with_a_program_that_exits() {
    let folder = tempfile::tempdir().unwrap();
    let fifo = folder.path().join("fifo");
    let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
    rustix::fs::mkfifoat(rustix::fs::CWD, &fifo, mode).unwrap();
    let program = format!(
        "exec 3>{}; trap '' TERM; sleep 1000 & exit 3",
        fifo.display()
    );
    let server = Server::start(&["--exec", &program]);
    let left = std::fs::File::open(&fifo).unwrap();
    server.log_until("the program has exited (exit status: 3)");
    wait_for_writers(left);
    assert_eq!(server.stop(), 0);
}

#[test]
fn a_line_without_an_end_is_reported_when_it_is_too_long() {
    let server = Server::start(&["--max-message", "1M", "--exec", "cat /dev/zero"]);
    let line = server.log_until(" exec ").pop().unwrap();
    assert!(
        line.ends_with(" exec ! skipped a line of more than 1048576 bytes"),
        "{line}"
    );
    let mut client = server.client_at("/");
    client.send(Message::Ping("x".into())).unwrap();
    assert_eq!(client.read().unwrap(), Message::Pong("x".into()));
    assert_eq!(server.stop(), 0);
}

#[test]
fn a_program_without_output_is_reported_once() {
    use std::sync::{Arc, Mutex};
    use std::time::SystemTime;
    use wsctl::net::{
        Config, ConnectionObserver, EventLog, LogBuffers, Notice, NoticeScope, ReplyPolicy, Server,
    };
    use wsctl::ws::session::ConnectionEvent;

    struct Notes(Arc<Mutex<Vec<String>>>);

    struct Nothing;

    impl EventLog for Notes {
        fn observe(&self, _: u64) -> Box<dyn ConnectionObserver> {
            Box::new(Nothing)
        }

        fn notice(&self, _: SystemTime, _: NoticeScope, note: &Notice<'_>, _: &mut LogBuffers) {
            self.0.lock().unwrap().push(note.to_string());
        }
    }

    impl ConnectionObserver for Nothing {
        fn event(&mut self, _: SystemTime, _: &ConnectionEvent<'_>, _: &mut LogBuffers) {}

        fn bytes_received(&mut self, _: &[u8]) {}
    }
    // It answers each third message, with a line for each.
    let program = "while :; do read a; read b; read c; echo $a; echo $b; echo $c; done";
    let replies = ReplyPolicy {
        exec: Some(program.to_owned()),
        silence: Duration::from_millis(20),
        ..ReplyPolicy::default()
    };
    let config = Config {
        replies,
        ..Config::default()
    };
    let server = Server::bind("127.0.0.1", 0, config).unwrap();
    let url = server.url().unwrap();
    let notes = Arc::new(Mutex::new(Vec::new()));
    let written = Arc::clone(&notes);
    std::thread::spawn(|| {
        let journal: Box<dyn EventLog> = Box::new(Notes(written));
        let start = || Ok(std::future::pending());
        server.run(Some(journal), std::io::sink(), start, |_| vec![])
    });
    let (mut client, _) = tungstenite::connect(&url).unwrap();
    let wait_for = |count| {
        while notes.lock().unwrap().len() < count {
            std::thread::yield_now();
        }
    };
    for count in 1..3 {
        send_text(&mut client, "1");
        wait_for(count);
        send_text(&mut client, "2");
        send_text(&mut client, "3");
        for expected in ["1", "2", "3"] {
            assert_eq!(receive_text(&mut client), expected);
        }
    }
    let sentence = "the program has not replied for 0.02 s; does it flush each line it prints?";
    assert_eq!(*notes.lock().unwrap(), [sentence; 2]);
}

#[test]
fn a_line_without_a_message_is_logged() {
    let server = Server::start(&["--exec", "echo unasked; cat"]);
    assert_eq!(
        server.log_until(" exec "),
        ["10:02:12.003 exec ! no recipient for: unasked"]
    );
    let mut client = server.client_at("/");
    send_text(&mut client, "asked");
    assert_eq!(receive_text(&mut client), "asked");
}

#[test]
fn a_program_that_floods_is_slowed_down_and_reported() {
    for (program, line) in [
        ("yes", " exec ! no recipient for: y"),
        ("yes >&2", " exec | y"),
    ] {
        let server = Server::start(&["--exec", program]);
        let log = server.log_until("is slowed down");
        let count = log.iter().filter(|it| it.ends_with(line)).count();
        assert_eq!(count, 1_000, "{program}: {:?}", log.first());
        assert!(
            log.last().unwrap().ends_with(
                " exec ! the program prints more than 1000 lines a second that nothing asked \
                 for; it is slowed down"
            ),
            "{program}"
        );
        assert_eq!(server.stop(), 0);
    }
}
