//! Starts the client programs that are checked.

use std::io;
use std::process::Stdio;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::net::transport::Transport;

/// Why there is no connection of a client program.
#[derive(Debug)]
pub enum NotConnected {
    /// The program ended, or did not connect in time; a sentence.
    Program(String),
    /// The system refuses something: what, and why.
    System(&'static str, io::Error),
}

/// Starts a command, in which `{url}` is replaced, and waits for its connection, at most for the
/// time `start`. The program is killed when it is dropped.
///
/// # Errors
///
/// [`NotConnected`] if no connection comes.
pub async fn start_client(
    command: &str,
    start: Duration,
) -> Result<(Transport, Child), NotConnected> {
    let cannot_listen = |error| NotConnected::System("listen on 127.0.0.1", error);
    let listener = TcpListener::bind(("127.0.0.1", 0)).await;
    let listener = listener.map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    let line = command.replace("{url}", &format!("ws://{address}/"));
    let mut program = shell(&line)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| NotConnected::System("start the shell", error))?;
    tokio::select! {
        accepted = timeout(start, listener.accept()) => match accepted {
            Ok(Ok((socket, _))) => {
                // A frame is sent at once, not when the one before is acknowledged.
                let _ = socket.set_nodelay(true);
                Ok((Transport::Tcp(socket), program))
            }
            Ok(Err(error)) => Err(NotConnected::System("accept a connection", error)),
            Err(_) => {
                let seconds = start.as_secs();
                let why = format!("the program does not connect in {seconds} s");
                Err(NotConnected::Program(why))
            }
        },
        status = program.wait() => {
            let status = status.map_or_else(|error| error.to_string(), |it| it.to_string());
            let why = format!("the program ends without a connection: {status}");
            Err(NotConnected::Program(why))
        }
    }
}

#[cfg(unix)]
fn shell(line: &str) -> Command {
    let mut command = Command::new("sh");
    // The shell becomes the program, so that it can be killed.
    command.args(["-c", &format!("exec {line}")]);
    command
}

#[cfg(not(unix))]
fn shell(line: &str) -> Command {
    let mut command = Command::new("cmd");
    command.args(["/C", line]);
    command
}
