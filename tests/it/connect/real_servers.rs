//! `wsctl connect` with the servers of real libraries: what it says of right ones, and the table in
//! `src/commands/connect/README.md` of what they do with each fault. A test compares the columns of
//! its libraries, or writes them with `SNAPSHOTS=overwrite`. Those of Rust need no other program.

use std::fs;
use std::sync::Mutex;
use std::thread;

use rcgen::{CertificateParams, KeyPair};
use tempfile::TempDir;

use crate::helpers::documents::{check_document, document};
use crate::helpers::pem::pem;
use crate::helpers::real_servers::Library;
use crate::helpers::run::{Outcome, wsctl, wsctl_reading};
use crate::helpers::server::Server;

const DOCUMENT: &str = "src/commands/connect/README.md";

/// What the document has before the table.
const BEFORE_TABLE: &str = "The servers of these libraries echo what they get:\n\n";

const FOREIGN: [Library; 5] = [
    Library::python("websockets", "websockets"),
    Library::python("aiohttp", "aiohttp"),
    Library::python("tornado", "tornado"),
    Library::node("ws", "ws"),
    // Its permessage-deflate is another package.
    Library::node("faye-websocket", "faye-websocket").without_deflate(),
];

const RUST: [Library; 2] = [Library::TUNGSTENITE, Library::FASTWEBSOCKETS];

/// The last column of the table.
const OWN: &str = "wsctl serve";

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

/// The same with compression, which this server has or not.
fn check_compressed(url: &str, has_deflate: bool) {
    check_right(url, &["--deflate"]);
    let outcome = run(url, &["--deflate", "-f", "frames"], b"hello\n");
    let is_negotiated = outcome.text().contains("negotiated permessage-deflate");
    assert_eq!(is_negotiated, has_deflate, "{url}: {outcome}");
}

/// The PEM files of a certificate and its key.
struct Certificate {
    _folder: TempDir,
    files: [String; 2],
}

impl Certificate {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = ["cert", "key"].map(|name| folder.path().join(name));
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
        let certificate = certificate.self_signed(&key).unwrap();
        fs::write(&files[0], pem("CERTIFICATE", certificate.der())).unwrap();
        fs::write(&files[1], pem("PRIVATE KEY", &key.serialize_der())).unwrap();
        Self {
            _folder: folder,
            files: files.map(|file| file.to_str().unwrap().to_owned()),
        }
    }

    fn files(&self) -> [&str; 2] {
        self.files.each_ref().map(String::as_str)
    }
}

/// Checks the servers of libraries, without TLS and with it.
fn check_libraries(libraries: &[Library]) {
    let certificate = Certificate::new();
    for library in libraries {
        for certificate in [None, Some(certificate.files())] {
            let server = library.start(certificate);
            check_right(&server.url, &[]);
            check_compressed(&server.url, library.has_deflate);
        }
    }
}

#[test]
fn wsctl_serve_has_no_findings() {
    let certificate = Certificate::new();
    let [cert, key] = certificate.files();
    for options in [&[][..], &["--cert", cert, "--key", key]] {
        let server = Server::start(&[&["-q", "--deflate"], options].concat());
        check_right(server.url(), &[]);
        check_compressed(server.url(), true);
    }
}

#[test]
fn servers_of_rust_have_no_findings() {
    check_libraries(&RUST);
}

#[test]
#[ignore = "needs Python and Node with the libraries of the table, which .ci/run installs"]
fn real_servers_have_no_findings() {
    check_libraries(&FOREIGN);
    check_libraries(&[Library::node("permessage-deflate", "faye-websocket")]);
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
        let cells = threads.map(|thread| thread.join().unwrap());
        cells.map(|cell| format!(" {cell} ")).to_vec()
    })
}

/// The columns of libraries, each with its head.
fn columns(libraries: &[Library]) -> Vec<(String, Vec<String>)> {
    let column = |library: &Library| {
        let server = library.start(None);
        let head = format!("{} {}", library.name, server.version);
        (head, column(&server.url))
    };
    libraries.iter().map(column).collect()
}

/// Whether a column with this head is that of a library: the head ends with the version.
fn is_column_of(head: &str, name: &str) -> bool {
    let rest = head.trim().strip_prefix(name);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// Compares these columns of the table with the document, or writes them.
fn check_columns(columns: &[(String, Vec<String>)]) {
    static DOCUMENT_IN_USE: Mutex<()> = Mutex::new(());
    let _one_at_a_time = DOCUMENT_IN_USE.lock();
    let text = document(DOCUMENT);
    let (before, rest) = text.split_once(BEFORE_TABLE).unwrap();
    let (old, after) = rest.split_once("\n\n").unwrap();
    let old: Vec<Vec<&str>> = old.lines().map(|row| row.split('|').collect()).collect();
    let mut table = vec!["| fault |".to_owned(), "|---|".to_owned()];
    table.extend(FAULTS.iter().map(|fault| format!("| `{fault}` |")));
    let libraries = FOREIGN.iter().chain(&RUST).map(|library| library.name);
    for name in libraries.chain([OWN]) {
        let new = columns.iter().find(|column| is_column_of(&column.0, name));
        let cells: Vec<String> = if let Some((head, cells)) = new {
            [&[format!(" {head} "), "---".to_owned()], &cells[..]].concat()
        } else {
            let place = old[0].iter().position(|head| is_column_of(head, name));
            let place = place.unwrap_or_else(|| panic!("{DOCUMENT} has no column of {name}"));
            old.iter().map(|row| row[place].to_owned()).collect()
        };
        for (row, cell) in table.iter_mut().zip(cells) {
            row.extend([cell.as_str(), "|"]);
        }
    }
    let table = table.join("\n");
    let expected = format!("{before}{BEFORE_TABLE}{table}\n\n{after}");
    check_document(DOCUMENT, &expected);
}

#[test]
fn the_table_is_what_servers_of_rust_do_with_faults() {
    let mut columns = columns(&RUST);
    let server = Server::start(&["-q"]);
    columns.push((OWN.to_owned(), column(server.url())));
    check_columns(&columns);
}

#[test]
#[ignore = "needs Python and Node with the libraries of the table, which .ci/run installs"]
fn the_table_is_what_real_servers_do_with_faults() {
    check_columns(&columns(&FOREIGN));
}
