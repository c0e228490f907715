//! Whom `wsctl serve` answers, and with what: what a tutorial's server does, each with
//! clients of another library.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use tungstenite::Message;

use super::program::VOTES;
use crate::helpers::client::{assert_hears_nothing, frame, hear, say};
use crate::helpers::documents::document;
use crate::helpers::log::steady;
use crate::helpers::run::check;
use crate::helpers::server::Server;

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
            "10:02:12.003 #1 ! not sent: no connection is named `car\\x1bol`",
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
fn the_recipes_of_the_document_are_valid() {
    use clap::Parser as _;

    let document = document("src/commands/serve/README.md");
    assert!(document.contains(VOTES));
    let rows = document.lines().filter(|line| line.starts_with("| "));
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
