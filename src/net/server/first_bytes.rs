//! Reads the first bytes of a client, up to the end of the request head. `opening` answers them.

use crate::net::connection::{Connection, disconnect};
use crate::net::context::NetContext;
use crate::ws::Role;
use crate::ws::handshake::{RequestError, RequestHead};
use crate::ws::other_protocol::{OtherProtocol, TlsRecord};
use crate::ws::session::EndReason;

/// What the first bytes of a client are.
pub(super) enum FirstBytes {
    /// A request head of this many bytes.
    Request(RequestHead, usize),
    /// No request.
    Invalid(RequestError),
    /// Nothing: the client disconnected.
    Disconnected(EndReason),
}

impl FirstBytes {
    /// Reads into `bytes` until the request head is complete, wrong, or larger than `limit` bytes.
    /// Only a line end can complete it, and only a line end or the first bytes can show that it is
    /// wrong.
    pub(super) async fn read(
        connection: &mut Connection,
        context: &NetContext,
        limit: usize,
        bytes: &mut Vec<u8>,
    ) -> Self {
        loop {
            let size = match connection.read().await {
                Ok(0) if bytes.is_empty() => return Self::Disconnected(EndReason::NoRequest),
                Ok(0) => return Self::Invalid(RequestError::HeadCut),
                Ok(size) => size,
                Err(error) => return Self::Disconnected(disconnect(&error).into()),
            };
            let before = bytes.len();
            let buffer = context.buffers.read.borrow();
            append(bytes, buffer.get(..size).unwrap_or_default(), limit);
            drop(buffer);
            let mut piece = bytes.iter().skip(before);
            let may_decide = before < 3 || piece.any(|byte| *byte == b'\n');
            // Three bytes distinguish TLS from a line that is not a request line.
            let may_be_tls = matches!(bytes.as_slice(), [0x16] | [0x16, 3]);
            if may_decide && !may_be_tls {
                match RequestHead::parse(bytes) {
                    Ok(Some((head, size))) if size <= limit => return Self::Request(head, size),
                    Ok(_) => {}
                    Err(error) => return Self::Invalid(RequestError::Malformed(error)),
                }
            }
            if bytes.len() > limit {
                return Self::Invalid(RequestError::HeadTooLarge(limit));
            }
        }
    }
}

/// Appends what was read. The memory grows as that of any vector, but not beyond what a request head
/// may take: many clients may send long ones slowly.
fn append(bytes: &mut Vec<u8>, read: &[u8], limit: usize) {
    let needed = bytes.len() + read.len();
    if needed > bytes.capacity() {
        let capacity = needed.max((2 * bytes.capacity()).min(limit));
        bytes.reserve_exact(capacity - bytes.len());
    }
    bytes.extend_from_slice(read);
}

/// Whether these bytes are the beginning of TLS.
pub(super) fn is_tls_client(bytes: &[u8]) -> bool {
    matches!(
        OtherProtocol::of(bytes),
        Some(OtherProtocol::Tls(
            TlsRecord::Hello(Role::Client) | TlsRecord::Handshake
        ))
    )
}
