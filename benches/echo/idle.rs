//! How much memory a server needs for each idle connection.

use std::io::{Read as _, Write as _};

use super::common::Fallible;
use super::common::frame_writer::{self, Random};
use super::handshake;
use super::server::Server;

/// KiB of resident memory per connection.
pub(crate) struct MemoryPerConnection {
    /// After the handshake.
    pub(crate) after_handshake: f64,
    /// After one message and its echo.
    pub(crate) after_message: f64,
}

/// Opens `connections` connections, then sends a message on each, and measures the server's
/// memory before, in between and after.
///
/// # Errors
///
/// A connection that fails, or a system without `/proc`.
pub(crate) fn measure(server: &Server, connections: usize) -> Fallible<MemoryPerConnection> {
    const TEXT: &[u8] = b"Is anybody there? ..";
    let memory = || {
        server
            .resident_memory()
            .ok_or("this system does not tell the memory of a process")
    };
    let mut frame = Vec::new();
    frame_writer::push_masked_frame(&mut frame, &mut Random(1), 0x81, TEXT);
    // The first connection also makes the server allocate what all connections share.
    let mut streams = vec![handshake::open(server.address, "")?];
    let before = memory()?;
    for _ in 0..connections {
        streams.push(handshake::open(server.address, "")?);
    }
    let after_handshake = memory()? - before;
    for stream in &mut streams {
        stream.write_all(&frame)?;
        let mut echo = [0; 2 + TEXT.len()];
        stream.read_exact(&mut echo)?;
        if !echo.ends_with(TEXT) {
            return Err("an echo differs from its message".into());
        }
    }
    let after_message = memory()? - before;
    let count = f64::from(u32::try_from(connections)?);
    Ok(MemoryPerConnection {
        after_handshake: after_handshake / count,
        after_message: after_message / count,
    })
}
