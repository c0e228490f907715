//! What a connection costs that says nothing.

use std::io::{Read as _, Write as _};

use super::Fallible;
use super::frames::{self, Random};
use super::opening;
use super::server::Server;

/// KiB of the server's memory for each connection.
pub(crate) struct Memory {
    /// Behind its handshake.
    pub(crate) silent: f64,
    /// Behind a message and its echo.
    pub(crate) spoke: f64,
}

/// Opens so many connections, and looks at the memory of the server before, then, and
/// after each has said one word.
///
/// # Errors
///
/// A connection that fails, or a system that does not tell.
pub(crate) fn measure(server: &Server, connections: usize) -> Fallible<Memory> {
    let resident = || {
        server
            .resident()
            .ok_or("the system does not tell the memory of a process")
    };
    let mut frame = Vec::new();
    frames::masked(&mut frame, &mut Random(1), 0x81, b"Is anybody there? ..");
    // What the first connection needs alone is not theirs.
    let mut streams = vec![opening::open(server.address, "")?];
    let before = resident()?;
    for _ in 0..connections {
        streams.push(opening::open(server.address, "")?);
    }
    let silent = resident()? - before;
    for stream in &mut streams {
        stream.write_all(&frame)?;
        let mut echo = [0; 22];
        stream.read_exact(&mut echo)?;
        if !echo.ends_with(b"Is anybody there? ..") {
            return Err("an echo differs from what was sent".into());
        }
    }
    let spoke = resident()? - before;
    let each = f64::from(u32::try_from(connections)?);
    Ok(Memory {
        silent: silent / each,
        spoke: spoke / each,
    })
}
