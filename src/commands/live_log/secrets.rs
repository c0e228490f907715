//! Credentials in the handshake of a client, which are not printed unless `--show-secrets` is given.

use crate::ws::handshake::{HeadLines, Header, RequestHead};
use crate::ws::session::ClientHandshake;

/// The heads of a handshake, with the values of credentials replaced.
pub(super) struct HiddenSecrets {
    request: RequestHead,
    response: Vec<u8>,
}

impl HiddenSecrets {
    /// Replaces the values of both heads.
    pub(super) fn of(handshake: &ClientHandshake<'_>) -> Self {
        let mut request = handshake.request.clone();
        request.headers = hide(&request.headers).collect();
        Self {
            request,
            response: hide_in_response(handshake.response),
        }
    }

    /// The handshake with these heads.
    pub(super) fn handshake<'a>(&'a self, handshake: &ClientHandshake<'a>) -> ClientHandshake<'a> {
        ClientHandshake {
            request: &self.request,
            response: &self.response,
            ..*handshake
        }
    }
}

fn hide(headers: &[Header]) -> impl Iterator<Item = Header> {
    headers.iter().map(|header| {
        if header.is_secret() {
            Header::new(header.name.as_str(), header.redacted())
        } else {
            header.clone()
        }
    })
}

/// The head of a response as it was received, or with its lines written anew if it has
/// credentials.
fn hide_in_response(bytes: &[u8]) -> Vec<u8> {
    let head = HeadLines::read(bytes).response();
    match head {
        Some(mut head) if head.headers.iter().any(Header::is_secret) => {
            head.headers = hide(&head.headers).collect();
            head.encode()
        }
        _ => bytes.to_vec(),
    }
}
