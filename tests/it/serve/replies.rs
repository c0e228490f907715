//! `--to` and `--reply`: what the servers of tutorials do, with clients of tungstenite.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use tungstenite::Message;

use super::program::VOTES;
use crate::helpers::client::{assert_nothing_received, frame, receive_text, send_text};
use crate::helpers::documents::document;
use crate::helpers::log::normalized;
use crate::helpers::run::check;
use crate::helpers::server::Server;

#[test]
fn by_default_the_sender_gets_its_message_back() {
    let server = Server::start(&[]);
    let (mut alice, mut bob) = (server.client_at("/ws/alice"), server.client_at("/ws/bob"));
    send_text(&mut alice, "你好");
    send_text(&mut bob, "hello");
    assert_eq!(receive_text(&mut alice), "你好");
    assert_eq!(receive_text(&mut bob), "hello");
}

#[test]
fn a_template_makes_the_reply() {
    let server = Server::start(&["--reply", "接收数据: {text}"]);
    let (mut alice, mut bob) = (server.client_at("/ws/alice"), server.client_at("/ws/bob"));
    send_text(&mut alice, "你好 {name}");
    assert_eq!(receive_text(&mut alice), "接收数据: 你好 {name}");
    alice.send(Message::binary(b"\x00\xff".to_vec())).unwrap();
    assert_eq!(receive_text(&mut alice), "接收数据: 00ff");
    assert_nothing_received(&mut bob);
}

#[test]
fn a_template_has_the_values_of_the_sender() {
    let server = Server::start(&["--reply", "{name} {id} {path} {count} {time} {x}"]);
    let mut clients = ["/ws/%E5%BC%A0?room=1", "/"].map(|path| server.client_at(path));
    let replies = clients.each_mut().map(|client| {
        send_text(client, "first");
        receive_text(client);
        send_text(client, "second");
        receive_text(client)
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
fn with_to_others_the_other_clients_receive_a_message() {
    let server = Server::start(&["--to", "others"]);
    let [mut alice, mut bob, mut carol] =
        ["alice", "bob", "carol"].map(|name| server.client_at(&format!("/ws/{name}")));
    send_text(&mut alice, "hello, all");
    assert_eq!(receive_text(&mut bob), "hello, all");
    assert_eq!(receive_text(&mut carol), "hello, all");
    bob.send(Message::binary(vec![0, 1, 255])).unwrap();
    assert_eq!(alice.read().unwrap(), Message::binary(vec![0, 1, 255]));
    assert_eq!(carol.read().unwrap(), Message::binary(vec![0, 1, 255]));
    drop(carol);
    server.log_until("#3 - ");
    send_text(&mut bob, "bye");
    assert_eq!(receive_text(&mut alice), "bye");
    assert_nothing_received(&mut bob);
}

#[test]
fn a_template_names_the_sender_to_the_others() {
    let server = Server::start(&[
        "--to",
        "others",
        "--reply",
        r#"{"sender":{name|json},"msg":{text|json}}"#,
    ]);
    let (mut alice, mut bob) = (server.client_at("/ws/alice"), server.client_at("/ws/bob"));
    send_text(&mut alice, "she said \"hi\"\n\\o/");
    assert_eq!(
        receive_text(&mut bob),
        r#"{"sender":"alice","msg":"she said \"hi\"\n\\o/"}"#
    );
    send_text(&mut bob, "{text}");
    assert_eq!(
        receive_text(&mut alice),
        r#"{"sender":"bob","msg":"{text}"}"#
    );
}

#[test]
fn with_to_addressee_only_the_named_client_receives_a_message() {
    let server = Server::start(&["--to", "addressee"]);
    let [mut alice, mut bob, mut phone] =
        ["alice", "bob", "bob"].map(|name| server.client_at(&format!("/ws/{name}")));
    let message = r#"{"to_user":"bob","from_user":"alice","message":"psst"}"#;
    send_text(&mut alice, message);
    assert_eq!(receive_text(&mut bob), message);
    assert_eq!(receive_text(&mut phone), message);
    let answer = r#"{"to":"alice","message":"what?"}"#;
    send_text(&mut bob, answer);
    assert_eq!(receive_text(&mut alice), answer);
    server.log_until("#1 > text");
    for nowhere in [
        r#"{"to_user":"car\u001bol"}"#,
        r#"{"message":"?"}"#,
        "carol: hello",
    ] {
        send_text(&mut alice, nowhere);
        assert_nothing_received(&mut alice);
        assert_nothing_received(&mut phone);
    }
    let log = server.log_until("JSON object");
    let remarks = log.iter().filter(|line| line.contains(" ! "));
    assert_eq!(
        remarks.collect::<Vec<_>>(),
        [
            "10:02:12.003 #1 ! not sent: no connection is named `car\\x1bol`",
            "10:02:12.003 #1 ! not sent: the message has no name in `to_user` or `to`",
            "10:02:12.003 #1 ! not sent: the message is not a JSON object",
        ]
    );
}

#[test]
fn another_field_names_the_recipient() {
    let server = Server::start(&["--to", "addressee", "--addressee-field", "target"]);
    let (mut nameless, mut bob) = (server.client_at("/"), server.client_at("/bob"));
    send_text(&mut bob, r#"{"to":"bob","target":1}"#);
    assert_eq!(receive_text(&mut nameless), r#"{"to":"bob","target":1}"#);
    assert_nothing_received(&mut bob);
}

#[test]
fn with_to_none_no_client_gets_a_reply() {
    let server = Server::start(&["--to", "none"]);
    let (mut alice, mut bob) = (server.client_at("/ws/alice"), server.client_at("/ws/bob"));
    send_text(&mut alice, "hello?");
    assert_nothing_received(&mut alice);
    assert_nothing_received(&mut bob);
}

#[test]
fn a_plain_request_does_not_disturb_a_websocket() {
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
    send_text(&mut client, "still here");
    assert_eq!(receive_text(&mut client), "still here");
}

#[test]
fn a_client_that_does_not_read_does_not_block_the_others() {
    let server = Server::start(&["--to", "others"]);
    let stuck = server.open_with(b"");
    let (mut alice, mut bob) = (server.client_at("/ws/alice"), server.client_at("/ws/bob"));
    server.log_until("#3 +");
    let text = "x".repeat(100_000);
    // More than the socket and the queue of the first client can take.
    for _ in 0..200 {
        send_text(&mut alice, &text);
        assert_eq!(receive_text(&mut bob), text);
    }
    let log = server.log_until("#1 ! ");
    assert_eq!(
        log.last().unwrap(),
        "10:02:12.003 #1 ! the client does not read what it is sent; until it does, messages \
         for it are dropped"
    );
    let received = count_received_messages(stuck, &server, text.len());
    assert!((10..200).contains(&received), "{received}");
}

/// Reads messages of `size` bytes until the end. Checks that the log tells how many others were
/// dropped, and returns how many came.
fn count_received_messages(mut stream: TcpStream, server: &Server, size: usize) -> usize {
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
    let last = normalized(log.last().unwrap());
    let dropped: usize = last.split(' ').find_map(|word| word.parse().ok()).unwrap();
    server.interrupt();
    let received = reading.join().unwrap();
    assert_eq!(received + dropped, 200);
    received
}

#[test]
fn a_slow_receiver_loses_nothing() {
    let server = Server::start(&["-q", "--to", "others"]);
    let (mut alice, mut bob) = (server.client_at("/ws/alice"), server.client_at("/ws/bob"));
    let count = 300;
    let sending = std::thread::spawn(move || {
        for number in 0..count {
            send_text(&mut alice, &format!("{number} {}", "x".repeat(100_000)));
        }
        alice
    });
    for number in 0..count {
        let text = receive_text(&mut bob);
        assert!(text.starts_with(&format!("{number} ")), "{text:.10}");
    }
    drop(sending.join().unwrap());
}

#[test]
fn all_receive_messages_in_the_same_order() {
    let server = Server::start(&["-q", "--to", "all"]);
    let mut clients = [(); 3].map(|()| server.client_at("/"));
    for round in 0..50 {
        for (number, client) in clients.iter_mut().enumerate() {
            send_text(client, &format!("{number}.{round}"));
        }
    }
    let received = clients
        .each_mut()
        .map(|client| (0..150).map(|_| receive_text(client)).collect::<Vec<_>>());
    assert_eq!(received[0], received[1]);
    assert_eq!(received[1], received[2]);
}

/// Messages for a client, its own copies too, are sent before the answer to its close frame.
#[test]
fn messages_to_all_are_sent_before_the_close_frame() {
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
        let sent = [
            frame(0x81, b"one"),
            frame(0x82, b"two"),
            end,
            frame(0x81, b"late"),
        ];
        let received = server.answer_to(&sent.concat());
        assert_eq!(received, [&b"\x81\x03one\x82\x03two"[..], last].concat());
        assert_eq!(receive_text(&mut other), "one");
        assert_eq!(other.read().unwrap(), Message::binary(&b"two"[..]));
        // The log has the same order.
        let log = server.log_until("#2 - ");
        let signs = log.iter().filter_map(|line| line.split(" #2 ").nth(1));
        let signs: String = signs.map(|line| &line[..1]).collect();
        assert_eq!(signs, order);
    }
    // A message to the client's own name.
    let server = Server::start(&["-q", "--to", "addressee"]);
    let to_alice = br#"{"to":"alice"}"#;
    let received = server.answer_to(&[frame(0x81, to_alice), frame(0x88, b"")].concat());
    assert_eq!(received, [&b"\x81\x0e"[..], to_alice, b"\x88\x00"].concat());
}

#[test]
fn contradicting_options_are_refused() {
    check(
        "serve --reply {text|xml}",
        "--- stderr\n\
         error: invalid value '{text|xml}' for '--reply <TEMPLATE>': `{text|xml}` is not known, \
         only `|json` is\n\n\
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
fn the_commands_of_the_document_are_valid() {
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
        // Text in quotes is one word.
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
