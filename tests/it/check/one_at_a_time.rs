//! A server that handles one connection after the other, as many do that were written from a tutorial.

use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;

use crate::helpers::run::wsctl;
use crate::helpers::server::Server;

/// Passes the bytes of one connection at a time on to a server.
fn start_relay(server: &Server) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let server = server.address().to_owned();
    thread::spawn(move || {
        for client in listener.incoming() {
            // A reset of one side ends the connection only.
            let _ = relay(client.unwrap(), &server);
        }
    });
    address
}

/// Passes bytes on until both sides have ended.
fn relay(client: TcpStream, server: &str) -> io::Result<()> {
    let server = TcpStream::connect(server)?;
    let (from_client, to_server) = (client.try_clone()?, server.try_clone()?);
    let requests = thread::spawn(move || copy(from_client, to_server));
    copy(server, client);
    requests.join().unwrap();
    Ok(())
}

fn copy(mut from: TcpStream, mut to: TcpStream) {
    let _ = io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Write);
    let _ = from.shutdown(Shutdown::Read);
}

#[test]
fn its_cases_run_one_at_a_time() {
    let server = Server::start(&[]);
    let relay = start_relay(&server);
    let cases = ["--only", "6455/5.2/*", "--only", "6455/5.4/*"];
    let checked = wsctl(["check", &relay, "--strict"].iter().chain(&cases));
    assert_eq!(
        checked.stderr,
        "wsctl: the server handles one connection at a time, so the cases run one at a time\n"
    );
    assert_eq!(checked.status, 0, "{checked}");
    // Without the relay they run together.
    let checked = wsctl(["check", server.url(), "--strict"].iter().chain(&cases));
    assert_eq!(
        (checked.stderr.as_str(), checked.status),
        ("", 0),
        "{checked}"
    );
}
