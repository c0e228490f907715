//! The opening handshake of a connection: what the client asks for, and its answer.

use std::mem;
use std::rc::Rc;

use tokio::time::{Instant, timeout_at};

use super::{Connection, ending_of};
use crate::net::exchange::Replies;
use crate::net::note::Notice;
use crate::net::server::ConnectionPermit;
use crate::net::talk::Session;
use crate::ws::Role;
use crate::ws::extension::DeflateParameters;
use crate::ws::handshake::{
    AdmissionError, RequestError, RequestHead, RequestKind, Response, check_origin,
    validate_request,
};
use crate::ws::other_protocol::{OtherProtocol, TlsRecord};
use crate::ws::session::{ConnectionEvent, EndReason};

/// What a client's first bytes come to.
enum Head {
    /// A request, of so many bytes.
    Right(RequestHead, usize),
    /// No request.
    Wrong(RequestError),
    /// Not a byte.
    Nothing(EndReason),
}

impl Connection {
    /// Hears what the client asks for, and answers it: with a conversation, or not.
    pub(super) async fn begin(mut self, deadline: Instant) -> Option<Box<Session>> {
        let shared = Rc::clone(&self.shared);
        let mut bytes = Vec::new();
        let head = tokio::select! {
            head = timeout_at(deadline, self.read_head(&mut bytes)) => head,
            () = shared.stopped() => return None,
        };
        let lacks_tls = shared.config.tls.is_some() && self.stream.is_plain();
        match head.unwrap_or(Head::Wrong(RequestError::HeadTooSlow)) {
            Head::Nothing(ending) => self.end(ending, Vec::new(), 0, 0).await,
            Head::Right(head, size) if lacks_tls => {
                bytes.truncate(size);
                self.head = bytes;
                let asked = RequestKind::Request(&head);
                self.refuse(asked, &[RequestError::NotTls]).await;
            }
            Head::Wrong(_) if lacks_tls && !bytes.is_empty() => {
                let asked = RequestKind::OtherBytes(&bytes);
                self.refuse(asked, &[RequestError::NotTls]).await;
            }
            Head::Right(head, size) => {
                let bytes_after_head = bytes.split_off(size);
                self.head = bytes;
                return self.answer(&head, bytes_after_head).await;
            }
            Head::Wrong(_) if self.stream.is_plain() && is_client_hello(&bytes) => {
                self.alert(&bytes).await;
            }
            Head::Wrong(fault) => self.refuse(RequestKind::OtherBytes(&bytes), &[fault]).await,
        }
        None
    }

    /// Reads until the head of a request is whole. A head can only become whole, or
    /// wrong, with the end of a line, or with its first bytes.
    async fn read_head(&mut self, bytes: &mut Vec<u8>) -> Head {
        let limit = self.shared.config.max_head;
        loop {
            let size = match self.read().await {
                Ok(0) if bytes.is_empty() => return Head::Nothing(EndReason::NoRequest),
                Ok(0) => return Head::Wrong(RequestError::HeadCut),
                Ok(size) => size,
                Err(error) => return Head::Nothing(ending_of(&error)),
            };
            let before = bytes.len();
            let buffer = self.shared.buffer.borrow();
            bytes.extend_from_slice(buffer.get(..size).unwrap_or_default());
            drop(buffer);
            let mut piece = bytes.iter().skip(before);
            let is_worth_a_look = before < 3 || piece.any(|byte| *byte == b'\n');
            // Three bytes tell TLS from a line that is none.
            let may_be_tls = matches!(bytes.as_slice(), [0x16] | [0x16, 3]);
            if is_worth_a_look && !may_be_tls {
                match RequestHead::parse(bytes) {
                    Ok(Some((head, size))) if size <= limit => return Head::Right(head, size),
                    Ok(_) => {}
                    Err(fault) => return Head::Wrong(RequestError::Malformed(fault)),
                }
            }
            if bytes.len() > limit {
                return Head::Wrong(RequestError::HeadTooLarge(limit));
            }
        }
    }

    /// Answers a request; `bytes_after_head` is what the client sent behind it.
    async fn answer(
        mut self,
        head: &RequestHead,
        bytes_after_head: Vec<u8>,
    ) -> Option<Box<Session>> {
        let upgrade = match validate_request(head) {
            Ok(upgrade) => upgrade,
            Err(faults) => {
                let shared = Rc::clone(&self.shared);
                match &shared.config.page {
                    Some(page) if head.wants_page() => self.show(head, page).await,
                    _ => self.refuse(RequestKind::Request(head), &faults).await,
                }
                return None;
            }
        };
        match self.admit(head) {
            Ok(seat) => self.seat = Some(seat),
            Err(refusal) => {
                self.turn_away(head, &refusal).await;
                return None;
            }
        }
        let agreement = self.shared.config.server_support.negotiate(head);
        let mut response =
            Response::switching_protocols(&upgrade.accept).with_negotiated(&agreement);
        let acts = self.injector.as_mut().map(|it| it.answer(&mut response));
        self.record_answer(RequestKind::Request(head), &response);
        self.record_acts(&acts.unwrap_or_default());
        if response.status != 101 {
            self.refuse_with(&response).await;
            return None;
        }
        if let Some(fault) = agreement.subprotocol_missing(head) {
            self.record(&ConnectionEvent::ResponseError(&fault));
        }
        let target = &head.target;
        for decline in self
            .shared
            .config
            .server_support
            .reasons_not_compressed(head)
        {
            self.note(&Notice::Uncompressed(&decline));
        }
        self.open(
            &response.encode(),
            agreement.deflate,
            target,
            bytes_after_head,
        )
        .await
    }

    /// Sends the 101, alone or with what is glued to it, and begins to talk.
    async fn open(
        mut self,
        response: &[u8],
        deflate: Option<DeflateParameters>,
        target: &str,
        mut bytes_after_head: Vec<u8>,
    ) -> Option<Box<Session>> {
        let frames_with_101 = self.injector.as_mut().map(|it| it.glue());
        let frames_with_101 = frames_with_101.unwrap_or_default();
        if !frames_with_101.is_empty() {
            let exchange = Replies::join(&self.shared, self.number, target);
            let mut talk = Session::new(self, deflate, exchange);
            talk.begin(response.to_vec(), frames_with_101, &mut bytes_after_head);
            return Some(talk);
        }
        self.set_pace();
        self.print().await;
        // Whoever was answered is reachable.
        let exchange = Replies::join(&self.shared, self.number, target);
        match self.write(response).await {
            Ok(()) => {
                let mut talk = Session::new(self, deflate, exchange);
                talk.begin(Vec::new(), frames_with_101, &mut bytes_after_head);
                Some(talk)
            }
            Err(ending) => {
                self.end(ending, Vec::new(), 0, 0).await;
                None
            }
        }
    }

    /// Whether the request, right as it is, is let in.
    fn admit(&self, head: &RequestHead) -> Result<ConnectionPermit, AdmissionError> {
        check_origin(&self.shared.config.origins, head)?;
        ConnectionPermit::take(&self.shared)
    }

    async fn turn_away(mut self, head: &RequestHead, refusal: &AdmissionError) {
        let response = Response::refused(refusal.status(), &refusal.to_string());
        self.record_answer(RequestKind::Request(head), &response);
        self.record(&ConnectionEvent::Refused(refusal));
        self.refuse_with(&response).await;
    }

    /// Gives a browser its page.
    async fn show(self, head: &RequestHead, page: &Response) {
        self.reply(RequestKind::Request(head), page.clone(), &[])
            .await;
    }

    async fn refuse(self, asked: RequestKind<'_>, faults: &[RequestError]) {
        let Some(first) = faults.first() else { return };
        self.reply(asked, Response::refusal(first), faults).await;
    }

    /// Answers a `ClientHello` in its own language: nothing else would be understood.
    async fn alert(mut self, bytes: &[u8]) {
        /// A fatal alert, `protocol_version` (RFC 8446 §6), in a record of TLS 1.0, which
        /// clients of all versions read.
        const PROTOCOL_VERSION: [u8; 7] = [0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46];
        let peer = self.peer.to_string();
        let peer = &peer;
        self.record(&ConnectionEvent::TlsAlertSent { peer, bytes });
        self.record(&ConnectionEvent::RequestError(&RequestError::Tls));
        self.print().await;
        if self.write(&PROTOCOL_VERSION).await.is_ok() {
            self.hang_up().await;
        }
    }

    /// Answers with something else than a 101, which ends it.
    async fn reply(
        mut self,
        asked: RequestKind<'_>,
        mut response: Response,
        faults: &[RequestError],
    ) {
        if matches!(asked, RequestKind::Request(head) if head.method == "HEAD") {
            response.body.clear();
        }
        self.record_answer(asked, &response);
        for fault in faults {
            self.record(&ConnectionEvent::RequestError(fault));
        }
        self.refuse_with(&response).await;
    }

    async fn refuse_with(mut self, response: &Response) {
        self.set_pace();
        self.print().await;
        if self.write(&response.encode()).await.is_ok() {
            self.hang_up().await;
        }
    }

    fn record_answer(&mut self, asked: RequestKind<'_>, response: &Response) {
        let (peer, head) = (self.peer.to_string(), mem::take(&mut self.head));
        self.record(&ConnectionEvent::HandshakeAnswered {
            peer: &peer,
            asked,
            head: &head,
            response,
        });
    }
}

/// Whether these bytes are the beginning of TLS.
fn is_client_hello(bytes: &[u8]) -> bool {
    matches!(
        OtherProtocol::of(bytes),
        Some(OtherProtocol::Tls(
            TlsRecord::Hello(Role::Client) | TlsRecord::Handshake
        ))
    )
}
