//! Whom `wsctl serve` answers, and with what: what a tutorial's server does, each with
//! clients of another library.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};
use tungstenite::Message;

use crate::helpers::run::check;
use crate::readme::document;
use crate::serve::{Client, Server, frame, steady};

fn say(client: &mut Client, text: &str) {
    client.send(Message::text(text)).unwrap();
}

fn hear(client: &mut Client) -> String {
    client.read().unwrap().into_text().unwrap().to_string()
}

/// What a client has been sent when the server has answered its ping: nothing else comes
/// before that.
fn assert_hears_nothing(client: &mut Client) {
    client.send(Message::Ping("now?".into())).unwrap();
    assert_eq!(client.read().unwrap(), Message::Pong("now?".into()));
}

#[test]
fn an_echo_server() {
    let server = Server::start(&[]);
    let (mut alice, mut bob) = (server.client_at("/ws/alice"), server.client_at("/ws/bob"));
    say(&mut alice, "你好");
    say(&mut bob, "hello");
    assert_eq!(hear(&mut alice), "你好");
    assert_eq!(hear(&mut bob), "hello");
}

#[test]
fn a_server_that_says_what_it_has_received() {
    let server = Server::start(&["--reply", "接收数据: {text}"]);
    let (mut alice, mut bob) = (server.client_at("/ws/alice"), server.client_at("/ws/bob"));
    say(&mut alice, "你好 {name}");
    assert_eq!(hear(&mut alice), "接收数据: 你好 {name}");
    alice.send(Message::binary(b"\x00\xff".to_vec())).unwrap();
    assert_eq!(hear(&mut alice), "接收数据: 00ff");
    assert_hears_nothing(&mut bob);
}

#[test]
fn a_reply_knows_whom_it_answers() {
    let server = Server::start(&["--reply", "{name} {id} {path} {count} {time} {x}"]);
    let mut clients = ["/ws/%E5%BC%A0?room=1", "/"].map(|path| server.client_at(path));
    let replies = clients.each_mut().map(|client| {
        say(client, "first");
        hear(client);
        say(client, "second");
        hear(client)
    });
    let [named, nameless] = replies
        .each_ref()
        .map(|reply| reply.split(' ').collect::<Vec<_>>());
    assert_eq!(named[..4], ["张", "1", "/ws/%E5%BC%A0", "2"]);
    assert_eq!(nameless[..4], ["2", "2", "/", "2"]);
    assert_eq!(named[4].len(), "2026-11-21T10:02:12.003Z".len());
    assert_eq!(named[5], "{x}");
}

#[test]
fn a_group_chat() {
    let server = Server::start(&["--to", "others"]);
    let [mut alice, mut bob, mut carol] =
        ["alice", "bob", "carol"].map(|name| server.client_at(&format!("/ws/{name}")));
    say(&mut alice, "hello, all");
    assert_eq!(hear(&mut bob), "hello, all");
    assert_eq!(hear(&mut carol), "hello, all");
    bob.send(Message::binary(vec![0, 1, 255])).unwrap();
    assert_eq!(alice.read().unwrap(), Message::binary(vec![0, 1, 255]));
    assert_eq!(carol.read().unwrap(), Message::binary(vec![0, 1, 255]));
    drop(carol);
    server.log_until("#3 - ");
    say(&mut bob, "bye");
    assert_eq!(hear(&mut alice), "bye");
    assert_hears_nothing(&mut bob);
}

#[test]
fn a_chat_that_says_who_speaks() {
    let server = Server::start(&[
        "--to",
        "others",
        "--reply",
        r#"{"sender":{name|json},"msg":{text|json}}"#,
    ]);
    let (mut alice, mut bob) = (server.client_at("/ws/alice"), server.client_at("/ws/bob"));
    say(&mut alice, "she said \"hi\"\n\\o/");
    assert_eq!(
        hear(&mut bob),
        r#"{"sender":"alice","msg":"she said \"hi\"\n\\o/"}"#
    );
    say(&mut bob, "{text}");
    assert_eq!(hear(&mut alice), r#"{"sender":"bob","msg":"{text}"}"#);
}

#[test]
fn a_private_chat() {
    let server = Server::start(&["--to", "addressee"]);
    let [mut alice, mut bob, mut phone] =
        ["alice", "bob", "bob"].map(|name| server.client_at(&format!("/ws/{name}")));
    let message = r#"{"to_user":"bob","from_user":"alice","message":"psst"}"#;
    say(&mut alice, message);
    assert_eq!(hear(&mut bob), message);
    assert_eq!(hear(&mut phone), message);
    let answer = r#"{"to":"alice","message":"what?"}"#;
    say(&mut bob, answer);
    assert_eq!(hear(&mut alice), answer);
    server.log_until("#1 > text");
    for nowhere in [
        r#"{"to_user":"car\u001bol"}"#,
        r#"{"message":"?"}"#,
        "carol: hello",
    ] {
        say(&mut alice, nowhere);
        assert_hears_nothing(&mut alice);
        assert_hears_nothing(&mut phone);
    }
    let log = server.log_until("JSON object");
    let remarks = log.iter().filter(|line| line.contains(" ! "));
    assert_eq!(
        remarks.collect::<Vec<_>>(),
        [
            "10:02:12.003 #1 ! not sent: nobody is called `car\\x1bol`",
            "10:02:12.003 #1 ! not sent: the message names nobody in `to_user` or `to`",
            "10:02:12.003 #1 ! not sent: the message is not a JSON object",
        ]
    );
}

#[test]
fn a_field_of_ones_own_names_the_addressee() {
    let server = Server::start(&["--to", "addressee", "--addressee-field", "target"]);
    let (mut nameless, mut bob) = (server.client_at("/"), server.client_at("/bob"));
    say(&mut bob, r#"{"to":"bob","target":1}"#);
    assert_eq!(hear(&mut nameless), r#"{"to":"bob","target":1}"#);
    assert_hears_nothing(&mut bob);
}

#[test]
fn nobody_is_answered() {
    let server = Server::start(&["--to", "none"]);
    let (mut alice, mut bob) = (server.client_at("/ws/alice"), server.client_at("/ws/bob"));
    say(&mut alice, "hello?");
    assert_hears_nothing(&mut alice);
    assert_hears_nothing(&mut bob);
}

/// Counts votes for a or b, and tells everyone.
const VOTES: &str = r#"a=0 b=0
while read -r vote; do
    case $vote in a) a=$((a + 1)) ;; b) b=$((b + 1)) ;; esac
    echo "{\"a\":$a,\"b\":$b}"
done"#;

#[test]
fn a_vote_counter() {
    let server = Server::start(&["--to", "all", "--exec", VOTES]);
    let mut clients = ["/", "/", "/"].map(|path| server.client_at(path));
    for (voter, vote, count) in [
        (0, "a", json!({"a": 1, "b": 0})),
        (1, "b", json!({"a": 1, "b": 1})),
        (2, "a", json!({"a": 2, "b": 1})),
    ] {
        say(&mut clients[voter], vote);
        for client in &mut clients {
            let heard: Value = serde_json::from_str(&hear(client)).unwrap();
            assert_eq!(heard, count);
        }
    }
    server.interrupt();
    let log = server.log_until("goodbye");
    assert!(!log.iter().any(|line| line.contains(" exec ")), "{log:#?}");
    let vote = log.iter().position(|line| line.contains("#3 < text \"a\""));
    let counts = log.iter().rposition(|line| line.contains("#1 > text"));
    assert!(vote < counts, "{log:#?}");
}

#[test]
fn a_plain_request_and_a_websocket_on_one_port() {
    let server = Server::start(&["-q"]);
    let mut client = server.client_at("/ws/alice");
    let mut plain = server.connect();
    plain
        .write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    plain.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(
        head.starts_with("HTTP/1.1 ") && !head.starts_with("HTTP/1.1 101"),
        "{head}"
    );
    assert!(
        head.contains(&format!("Content-Length: {}", body.len())),
        "{answer}"
    );
    say(&mut client, "still here");
    assert_eq!(hear(&mut client), "still here");
}

#[test]
fn a_line_of_the_program_answers_the_oldest_message() {
    let server = Server::start(&["--exec", "sed -u 's/^/you said: /'"]);
    let (mut alice, mut bob) = (server.client_at("/ws/alice"), server.client_at("/ws/bob"));
    for round in 0..20 {
        say(&mut alice, &format!("a\r\n{round}"));
        say(&mut bob, &format!("b {round}"));
        assert_eq!(hear(&mut bob), format!("you said: b {round}"));
        assert_eq!(hear(&mut alice), format!("you said: a  {round}"));
    }
    alice.send(Message::binary(vec![1])).unwrap();
    server.log_until("! not given to the program: a binary message is no line");
}

#[test]
fn what_was_asked_and_what_was_answered_is_in_order_in_the_log() {
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
fn a_dead_program_is_reported_and_the_server_goes_on() {
    let server = Server::start(&[
        "--exec",
        "read line; echo $line; echo out of order >&2; exit 3",
    ]);
    let mut client = server.client_at("/");
    say(&mut client, "hello");
    assert_eq!(hear(&mut client), "hello");
    let log = server.log_until("has ended");
    let of_program = log.iter().filter(|line| line.contains(" exec "));
    assert_eq!(
        of_program.collect::<Vec<_>>(),
        [
            "10:02:12.003 exec | out of order",
            "10:02:12.003 exec ! the program has ended (exit status: 3); messages have no \
             answer from now on",
        ]
    );
    say(&mut client, "still there?");
    assert_hears_nothing(&mut client);
    server.interrupt();
    let log = server.log_until("goodbye");
    assert!(!log.iter().any(|line| line.contains(" exec ")), "{log:#?}");
}

#[test]
fn a_program_that_cannot_be_found_is_reported() {
    let server = Server::start(&["-f", "json", "--exec", "/no/such/program"]);
    let last = server.log_until("program-ended").pop().unwrap();
    let record: Value = serde_json::from_str(&last).unwrap();
    assert_eq!(record["type"], "note");
    assert!(record.get("connection").is_none());
    assert_eq!(
        record["message"],
        "the program has ended (exit status: 127); messages have no answer from now on"
    );
    assert_eq!(server.stop(), 0);
}

#[test]
fn a_program_that_never_reads_harms_nobody() {
    let server = Server::start(&["--exec", "exec sleep 1000"]);
    let mut client = server.client_at("/");
    let text = "x".repeat(100_000);
    for _ in 0..20 {
        say(&mut client, &text);
    }
    server.log_until("the program does not keep up");
    assert_hears_nothing(&mut client);
    assert_hears_nothing(&mut server.client_at("/"));
    server.interrupt();
    let log = server.log_until("goodbye");
    let of_program = log.iter().filter(|line| line.contains(" exec "));
    assert_eq!(
        of_program.collect::<Vec<_>>(),
        ["10:02:12.003 exec ! the program did not end with its input, and was ended"]
    );
    assert_eq!(server.stop(), 0);
}

#[test]
fn a_program_that_heeds_no_signal_ends_with_the_server() {
    let server = Server::start(&[
        "--exec",
        "trap '' TERM; echo $$ >&2; while :; do sleep 1; done",
    ]);
    let line = server.log_until(" exec | ").pop().unwrap();
    let id = line.rsplit(' ').next().unwrap().to_owned();
    assert_eq!(server.stop(), 0);
    assert!(!std::path::Path::new("/proc").join(id).exists());
}

#[test]
fn a_silent_program_is_reported_once() {
    use std::sync::{Arc, Mutex};
    use std::time::SystemTime;
    use wsctl::net::{About, Answers, Chapter, Config, Happening, Journal, Note, Pages, Server};

    struct Notes(Arc<Mutex<Vec<String>>>);

    struct Nothing;

    impl Journal for Notes {
        fn begin(&self, _: u64) -> Box<dyn Chapter> {
            Box::new(Nothing)
        }

        fn note(&self, _: SystemTime, _: About, note: &Note<'_>, _: &mut Pages) {
            self.0.lock().unwrap().push(note.to_string());
        }
    }

    impl Chapter for Nothing {
        fn record(&mut self, _: SystemTime, _: &Happening<'_>, _: &mut Pages) {}

        fn hear(&mut self, _: &[u8]) {}
    }
    // It answers each third message, with a line for each.
    let program = "while :; do read a; read b; read c; echo $a; echo $b; echo $c; done";
    let answers = Answers {
        exec: Some(program.to_owned()),
        silence: Duration::from_millis(20),
        ..Answers::default()
    };
    let config = Config {
        answers,
        ..Config::default()
    };
    let server = Server::bind("127.0.0.1", 0, config).unwrap();
    let url = server.url().unwrap();
    let notes = Arc::new(Mutex::new(Vec::new()));
    let written = Arc::clone(&notes);
    std::thread::spawn(|| {
        let journal: Box<dyn Journal> = Box::new(Notes(written));
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
        say(&mut client, "1");
        wait_for(count);
        say(&mut client, "2");
        say(&mut client, "3");
        for expected in ["1", "2", "3"] {
            assert_eq!(hear(&mut client), expected);
        }
    }
    let sentence = "the program has not answered for 0.02 s; does it flush each line it prints?";
    assert_eq!(*notes.lock().unwrap(), [sentence; 2]);
}

#[test]
fn a_line_that_nobody_asked_for_is_in_the_log() {
    let server = Server::start(&["--exec", "echo unasked; cat"]);
    assert_eq!(
        server.log_until(" exec "),
        ["10:02:12.003 exec ! for nobody: unasked"]
    );
    let mut client = server.client_at("/");
    say(&mut client, "asked");
    assert_eq!(hear(&mut client), "asked");
}

#[test]
fn a_client_that_does_not_read_holds_nobody_up() {
    let server = Server::start(&["--to", "others"]);
    let stuck = server.open_with(b"");
    let (mut alice, mut bob) = (server.client_at("/ws/alice"), server.client_at("/ws/bob"));
    server.log_until("#3 +");
    let text = "x".repeat(100_000);
    // Until the stuck one's socket and inbox are full, and on.
    for _ in 0..200 {
        say(&mut alice, &text);
        assert_eq!(hear(&mut bob), text);
    }
    let log = server.log_until("#1 ! ");
    assert_eq!(
        log.last().unwrap(),
        "10:02:12.003 #1 ! the client does not read what it is sent; until it does, messages \
         for it are dropped"
    );
    let heard = count_until_silent(stuck, &server, text.len());
    assert!((10..200).contains(&heard), "{heard}");
}

/// Reads messages of a size until the log says that those which follow were dropped; how
/// many came.
fn count_until_silent(mut stream: TcpStream, server: &Server, size: usize) -> usize {
    let reading = std::thread::spawn(move || {
        let mut message = vec![0; 10 + size];
        let mut count = 0;
        while stream.read_exact(&mut message).is_ok() {
            assert_eq!(
                (message[0], message[1]),
                (0x81, 127),
                "whole frames, in order"
            );
            count += 1;
        }
        count
    });
    let log = server.log_until("the client reads again");
    assert_eq!(
        log.iter().filter(|line| line.contains("#1 ! ")).count(),
        1,
        "said once"
    );
    let last = steady(log.last().unwrap());
    let dropped: usize = last.split(' ').find_map(|word| word.parse().ok()).unwrap();
    server.interrupt();
    let heard = reading.join().unwrap();
    assert_eq!(heard + dropped, 200);
    heard
}

#[test]
fn a_slow_receiver_loses_nothing() {
    let server = Server::start(&["-q", "--to", "others"]);
    let (mut alice, mut bob) = (server.client_at("/ws/alice"), server.client_at("/ws/bob"));
    let count = 300;
    let sending = std::thread::spawn(move || {
        for number in 0..count {
            say(&mut alice, &format!("{number} {}", "x".repeat(100_000)));
        }
        alice
    });
    for number in 0..count {
        let text = hear(&mut bob);
        assert!(text.starts_with(&format!("{number} ")), "{text:.10}");
    }
    drop(sending.join().unwrap());
}

#[test]
fn all_see_the_same_order() {
    let server = Server::start(&["-q", "--to", "all"]);
    let mut clients = [(); 3].map(|()| server.client_at("/"));
    for round in 0..50 {
        for (number, client) in clients.iter_mut().enumerate() {
            say(client, &format!("{number}.{round}"));
        }
    }
    let heard = clients
        .each_mut()
        .map(|client| (0..150).map(|_| hear(client)).collect::<Vec<_>>());
    assert_eq!(heard[0], heard[1]);
    assert_eq!(heard[1], heard[2]);
}

/// Its own copy of a message, and what others sent before, goes out before the close frame.
#[test]
fn who_says_something_and_closes_at_once_gets_its_own_copy() {
    for (end, last, order) in [
        (
            frame(0x88, b"\x0f\xa1bye"),
            &b"\x88\x05\x0f\xa1bye"[..],
            "+<<<<!>>>-",
        ),
        (
            frame(0x83, b""),
            b"\x88\x16\x03\xeaopcode 3 is reserved",
            "+<<<!>>>-",
        ),
    ] {
        let server = Server::start(&["--to", "all"]);
        let mut other = server.client_at("/bob");
        let said = [
            frame(0x81, b"one"),
            frame(0x82, b"two"),
            end,
            frame(0x81, b"late"),
        ];
        let heard = server.answer_to(&said.concat());
        assert_eq!(heard, [&b"\x81\x03one\x82\x03two"[..], last].concat());
        assert_eq!(hear(&mut other), "one");
        assert_eq!(other.read().unwrap(), Message::binary(&b"two"[..]));
        // The frames are in this order in the log too.
        let log = server.log_until("#2 - ");
        let signs = log.iter().filter_map(|line| line.split(" #2 ").nth(1));
        let signs: String = signs.map(|line| &line[..1]).collect();
        assert_eq!(signs, order);
    }
    // With a name it sends to itself, too.
    let server = Server::start(&["-q", "--to", "addressee"]);
    let to_alice = br#"{"to":"alice"}"#;
    let heard = server.answer_to(&[frame(0x81, to_alice), frame(0x88, b"")].concat());
    assert_eq!(heard, [&b"\x81\x0e"[..], to_alice, b"\x88\x00"].concat());
}

#[test]
fn what_makes_no_sense_is_refused() {
    check(
        "serve --reply {text|xml}",
        "--- stderr\n\
         error: invalid value '{text|xml}' for '--reply <TEMPLATE>': `{text|xml}` is not known, \
         only `|json` can stand there\n\n\
         For more information, try '--help'.\n\
         --- status 2\n",
    );
    check(
        "serve --reply a --exec b",
        "--- stderr\n\
         error: the argument '--reply <TEMPLATE>' cannot be used with '--exec <COMMAND>'\n\n\
         Usage: wsctl serve --reply <TEMPLATE>\n\n\
         For more information, try '--help'.\n\
         --- status 2\n",
    );
}

#[test]
fn the_recipes_of_the_readme_can_be_said() {
    use clap::Parser as _;

    assert!(document("src/commands/serve/README.md").contains(VOTES));
    let readme = document("README.md");
    let rows = readme.lines().filter(|line| line.starts_with("| "));
    let recipes: Vec<_> = rows
        .filter_map(|row| row.split_once(" | `wsctl serve")?.1.strip_suffix("` |"))
        .collect();
    assert!(recipes.len() >= 9, "{recipes:?}");
    for recipe in recipes {
        let recipe = format!("wsctl serve{}", recipe.replace("\\|", "|"));
        // What stands in quotes is one word.
        let parts = recipe.split('\'').enumerate();
        let words = parts.flat_map(|(number, part)| match number % 2 {
            0 => part.split_whitespace().collect(),
            _ => vec![part],
        });
        if let Err(error) = wsctl::cli::Cli::try_parse_from(words) {
            panic!("{recipe}: {error}");
        }
    }
}
