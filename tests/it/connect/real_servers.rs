//! `wsctl connect` with the servers of real libraries: what it says of right ones, and the table in
//! `src/commands/connect/README.md` of what they do with each fault. The test compares the table,
//! or writes it with `SNAPSHOTS=overwrite`.

use std::fmt::Write as _;
use std::fs;
use std::thread;

use rcgen::{CertificateParams, KeyPair};

use crate::helpers::documents::{check_document, document};
use crate::helpers::pem::pem;
use crate::helpers::real_servers::Library;
use crate::helpers::run::{Outcome, wsctl, wsctl_reading};
use crate::helpers::server::Server;

const DOCUMENT: &str = "src/commands/connect/README.md";

/// What the document has before the table.
const BEFORE_TABLE: &str = "The servers of these libraries echo what they get:\n\n";

const LIBRARIES: [Library; 5] = [
    Library::python("websockets", "websockets"),
    Library::python("aiohttp", "aiohttp"),
    Library::python("tornado", "tornado"),
    Library::node("ws", "ws"),
    Library::node("faye-websocket", "faye-websocket"),
];

/// The faults of the table: those after which the client still sees what the server does.
const FAULTS: [&str; 15] = [
    "wrong-version=8",
    "short-key",
    "early-frames",
    "no-mask",
    "constant-key=00000000",
    "rsv1",
    "opcode=3",
    "bad-utf8",
    "long-length",
    "fragment=2",
    "http",
    "close-code=1005",
    "close-code=999",
    "no-close",
    "stall",
];

/// Runs `connect` with these options, and `input` on standard input.
fn run(url: &str, options: &[&str], input: &[u8]) -> Outcome {
    let always = ["connect", url, "-k", "--no-proxy", "--expect", "1"];
    wsctl_reading([&always, options].concat(), input)
}

/// Checks echoes and a close code. Everything is as it must be, and the last line says so.
#[track_caller]
fn check_right(url: &str, extra: &[&str]) {
    let ends = |outcome: &Outcome, code: &str| {
        let last = outcome.stderr.split("- ").last().unwrap_or_default();
        let is_end = last.starts_with(&format!("the client closed with {code}"));
        // tornado writes `Sec-Websocket-Accept`, which is a warning.
        let is_right = is_end && !outcome.stderr.contains("error[");
        assert!(
            is_right && outcome.status == 0,
            "{url} {extra:?}: {outcome}"
        );
    };
    let normal = "1000 (normal closure)";
    let outcome = run(url, extra, "héllo\n".as_bytes());
    ends(&outcome, normal);
    assert_eq!(outcome.text(), "héllo\n", "{url} {extra:?}");
    let long: Vec<u8> = (b'a'..=b'w').cycle().take(1 << 20).collect();
    let outcome = run(url, &[extra, &["--whole", "-f", "raw"]].concat(), &long);
    ends(&outcome, normal);
    assert!(outcome.stdout == long, "{url} {extra:?}");
    let binary = ["--binary", "--whole", "-f", "raw"];
    let outcome = run(url, &[extra, &binary].concat(), b"\x00\xff\x80\n");
    ends(&outcome, normal);
    assert_eq!(outcome.stdout, b"\x00\xff\x80\n", "{url} {extra:?}");
    for (frame, code) in [
        ("88 82 00000000 0bb8", "3000 (unauthorized)"),
        ("88 82 00000000 0fa0", "4000 (private use)"),
    ] {
        let all = ["connect", url, "-k", "--no-proxy", "--raw"];
        ends(
            &wsctl_reading([&all, extra].concat(), frame.as_bytes()),
            code,
        );
    }
}

#[test]
#[ignore = "needs Python and Node with the libraries of the table"]
fn real_servers_have_no_findings() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let key = KeyPair::generate().unwrap();
    let names = vec!["127.0.0.1".to_owned()];
    let certificate = CertificateParams::new(names).unwrap();
    let certificate = certificate.self_signed(&key).unwrap();
    fs::write(file("cert"), pem("CERTIFICATE", certificate.der())).unwrap();
    fs::write(file("key"), pem("PRIVATE KEY", &key.serialize_der())).unwrap();
    let (cert, key) = (file("cert"), file("key"));
    let own = [
        vec!["-q", "--deflate"],
        vec!["-q", "--deflate", "--cert", &cert, "--key", &key],
    ];
    for options in own {
        let server = Server::start(&options);
        check_right(server.url(), &[]);
        check_right(server.url(), &["--deflate"]);
    }
    for library in LIBRARIES {
        for certificate in [None, Some([&*cert, &*key])] {
            let server = library.start(certificate);
            check_right(&server.url, &[]);
            check_right(&server.url, &["--deflate"]);
        }
    }
}

/// What the server does with a fault, in words of the table.
fn reaction(url: &str, fault: &str) -> String {
    let always = ["connect", url, "--no-proxy", "-f", "frames"];
    let options = ["--wait", "500ms", "--seed", "1", "--fault", fault];
    let message = (fault != "early-frames").then_some("hello");
    let outcome = wsctl(always.iter().chain(&options).copied().chain(message));
    let output = outcome.text();
    let after = |words: &str| {
        let (_, rest) = output.split_once(words)?;
        Some(
            rest.split([' ', '\n'])
                .next()
                .unwrap_or_default()
                .to_owned(),
        )
    };
    // A close frame in answer to that of the client has its code.
    let close = after(" < close ").unwrap_or_default();
    let end = output.lines().last().unwrap_or_default();
    if let Some(status) = after("answered with\n               HTTP/1.1 ") {
        format!("refuses with {status}")
    } else if outcome.stderr.contains("closed-before-response") {
        "ends TCP".to_owned()
    } else if close != "1000" && !close.is_empty() {
        format!("closes with {}", close.trim_matches('['))
    } else if end.contains("FIN") {
        "ends TCP".to_owned()
    } else if end.contains("RST") {
        "resets TCP".to_owned()
    } else if output.contains("< text \"before the response\"") || output.contains("< text \"hello")
    {
        "echoes".to_owned()
    } else {
        "no echo".to_owned()
    }
}

/// The column of a server: the reaction to each fault.
fn column(url: &str) -> Vec<String> {
    thread::scope(|scope| {
        let threads = FAULTS.map(|fault| scope.spawn(move || reaction(url, fault)));
        threads.map(|thread| thread.join().unwrap()).to_vec()
    })
}

#[test]
#[ignore = "needs Python and Node with the libraries of the table"]
fn the_table_is_what_real_servers_do_with_faults() {
    let mut head = "| fault |".to_owned();
    let mut columns = Vec::new();
    for library in LIBRARIES {
        let server = library.start(None);
        write!(head, " {} {} |", library.name, server.version).unwrap();
        columns.push(column(&server.url));
    }
    let server = Server::start(&["-q"]);
    head += " wsctl serve |";
    columns.push(column(server.url()));
    let mut table = format!("{head}\n|{}\n", "---|".repeat(columns.len() + 1));
    for (row, fault) in FAULTS.iter().enumerate() {
        let cells: Vec<&str> = columns.iter().map(|column| &*column[row]).collect();
        writeln!(table, "| `{fault}` | {} |", cells.join(" | ")).unwrap();
    }
    let text = document(DOCUMENT);
    let (before, rest) = text.split_once(BEFORE_TABLE).unwrap();
    let (_, after) = rest.split_once("\n\n").unwrap();
    check_document(DOCUMENT, &format!("{before}{BEFORE_TABLE}{table}\n{after}"));
}
