//! Echo servers and clients of libraries in Rust, for real_servers.rs and real_clients.rs of
//! tests/it/check.
//!
//! `wsctl-peers server LIBRARY` prints the version of the library and the port in its first line.
//! `wsctl-peers client LIBRARY URL` connects once and sends back what comes. `--version` in place
//! of the URL prints the version.

mod fast;
mod tungsten;

use std::net::TcpListener;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["client", library, "--version"] => println!("{}", version(library)),
        ["client", "tungstenite", url] => tungsten::connect(url),
        ["client", "fastwebsockets", url] => fast::connect(url),
        ["server", library @ "tungstenite"] => tungsten::serve(&listen(library)),
        ["server", library @ "fastwebsockets"] => fast::serve(listen(library)),
        _ => panic!("server or client, a library, and the URL for a client"),
    }
}

/// Listens on a free port, and prints the first line.
fn listen(library: &str) -> TcpListener {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    println!("{} {port}", version(library));
    listener
}

/// The version of a library, from the lock file.
fn version(library: &str) -> &'static str {
    let lock = include_str!("../Cargo.lock");
    let name = format!("name = \"{library}\"\nversion = \"");
    let (_, rest) = lock.split_once(&name).unwrap();
    rest.split_once('"').unwrap().0
}
