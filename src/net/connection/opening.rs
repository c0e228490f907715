//! The opening handshake of a connection: what the client asks for, and its answer.

use std::rc::Rc;

use tokio::time::{Instant, timeout_at};

use super::{Connection, ending_of};
use crate::net::exchange::Exchange;
use crate::net::journal::Happening;
use crate::net::note::Note;
use crate::net::policy::{Refusal, check_origin};
use crate::net::server::Seat;
use crate::net::talk::Talk;
use crate::ws::Role;
use crate::ws::endpoint::Ending;
use crate::ws::extension::DeflateParameters;
use crate::ws::handshake::{Asked, Foreign, RequestFault, RequestHead, Response, judge};

/// What a client's first octets come to.
enum Head {
    /// A request, of so many octets.
    Right(RequestHead, usize),
    /// No request.
    Wrong(RequestFault),
    /// Not an octet.
    Nothing(Ending),
}

impl Connection {
    /// Hears what the client asks for, and answers it: with a conversation, or not.
    pub(super) async fn begin(mut self, deadline: Instant) -> Option<Box<Talk>> {
        let shared = Rc::clone(&self.shared);
        let mut octets = Vec::new();
        let head = tokio::select! {
            head = timeout_at(deadline, self.read_head(&mut octets)) => head,
            () = shared.stopped() => return None,
        };
        let lacks_tls = shared.config.tls.is_some() && self.stream.is_plain();
        match head.unwrap_or(Head::Wrong(RequestFault::HeadTooSlow)) {
            Head::Nothing(ending) => self.end(&ending, &[], 0, 0).await,
            Head::Right(head, _) if lacks_tls => {
                let asked = Asked::Request(&head);
                self.refuse(asked, &[RequestFault::NotTls]).await;
            }
            Head::Wrong(_) if lacks_tls && !octets.is_empty() => {
                let asked = Asked::Octets(&octets);
                self.refuse(asked, &[RequestFault::NotTls]).await;
            }
            Head::Right(head, size) => {
                return self.answer(&head, octets.split_off(size)).await;
            }
            Head::Wrong(_) if self.stream.is_plain() && is_client_hello(&octets) => {
                self.alert(&octets).await;
            }
            Head::Wrong(fault) => self.refuse(Asked::Octets(&octets), &[fault]).await,
        }
        None
    }

    /// Reads until the head of a request is whole. A head can only become whole, or
    /// wrong, with the end of a line, or with its first octets.
    async fn read_head(&mut self, octets: &mut Vec<u8>) -> Head {
        let limit = self.shared.config.max_head;
        loop {
            let size = match self.read().await {
                Ok(0) if octets.is_empty() => return Head::Nothing(Ending::NoRequest),
                Ok(0) => return Head::Wrong(RequestFault::HeadCut),
                Ok(size) => size,
                Err(error) => return Head::Nothing(ending_of(&error)),
            };
            let before = octets.len();
            let buffer = self.shared.buffer.borrow();
            octets.extend_from_slice(buffer.get(..size).unwrap_or_default());
            drop(buffer);
            let mut piece = octets.iter().skip(before);
            let is_worth_a_look = before < 3 || piece.any(|octet| *octet == b'\n');
            // Three octets tell TLS from a line that is none.
            let may_be_tls = matches!(octets.as_slice(), [0x16] | [0x16, 3]);
            if is_worth_a_look && !may_be_tls {
                match RequestHead::parse(octets) {
                    Ok(Some((head, size))) if size <= limit => return Head::Right(head, size),
                    Ok(_) => {}
                    Err(fault) => return Head::Wrong(RequestFault::Malformed(fault)),
                }
            }
            if octets.len() > limit {
                return Head::Wrong(RequestFault::HeadTooLarge(limit));
            }
        }
    }

    /// Answers a request; `early` is what the client sent behind it.
    async fn answer(mut self, head: &RequestHead, early: Vec<u8>) -> Option<Box<Talk>> {
        let upgrade = match judge(head) {
            Ok(upgrade) => upgrade,
            Err(faults) => {
                let shared = Rc::clone(&self.shared);
                match &shared.config.page {
                    Some(page) if head.wants_page() => self.show(head, page).await,
                    _ => self.refuse(Asked::Request(head), &faults).await,
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
        let agreement = self.shared.config.abilities.agree(head);
        let mut response = Response::switching_protocols(&upgrade.accept).agreeing(&agreement);
        let acts = self.saboteur.as_mut().map(|it| it.answer(&mut response));
        self.record_answer(Asked::Request(head), &response);
        self.record_acts(&acts.unwrap_or_default());
        if response.status != 101 {
            self.refuse_with(&response).await;
            return None;
        }
        if let Some(fault) = agreement.subprotocol_missing(head) {
            self.record(&Happening::AnswerFault(&fault));
        }
        let target = &head.target;
        for decline in self.shared.config.abilities.declines(head) {
            self.note(&Note::Uncompressed(&decline));
        }
        self.open(&response.encode(), agreement.deflate, target, early)
            .await
    }

    /// Sends the 101, alone or with what is glued to it, and begins to talk.
    async fn open(
        mut self,
        response: &[u8],
        deflate: Option<DeflateParameters>,
        target: &str,
        mut early: Vec<u8>,
    ) -> Option<Box<Talk>> {
        let glue = self.saboteur.as_mut().map(|it| it.glue());
        let glue = glue.unwrap_or_default();
        if !glue.is_empty() {
            let exchange = Exchange::join(&self.shared, self.number, target);
            let mut talk = Talk::new(self, deflate, exchange);
            talk.begin(response.to_vec(), glue, &mut early);
            return Some(talk);
        }
        self.set_pace();
        self.print().await;
        // Whoever was answered is reachable.
        let exchange = Exchange::join(&self.shared, self.number, target);
        match self.write(response).await {
            Ok(()) => {
                let mut talk = Talk::new(self, deflate, exchange);
                talk.begin(Vec::new(), glue, &mut early);
                Some(talk)
            }
            Err(ending) => {
                self.end(&ending, &[], 0, 0).await;
                None
            }
        }
    }

    /// Whether the request, right as it is, is let in.
    fn admit(&self, head: &RequestHead) -> Result<Seat, Refusal> {
        check_origin(&self.shared.config.origins, head)?;
        Seat::take(&self.shared)
    }

    async fn turn_away(mut self, head: &RequestHead, refusal: &Refusal) {
        let response = Response::refused(refusal.status(), &refusal.to_string());
        self.record_answer(Asked::Request(head), &response);
        self.record(&Happening::Refused(refusal));
        self.refuse_with(&response).await;
    }

    /// Gives a browser its page.
    async fn show(self, head: &RequestHead, page: &Response) {
        self.reply(Asked::Request(head), page.clone(), &[]).await;
    }

    async fn refuse(self, asked: Asked<'_>, faults: &[RequestFault]) {
        let Some(first) = faults.first() else { return };
        self.reply(asked, Response::refusal(first), faults).await;
    }

    /// Answers a `ClientHello` in its own language: nothing else would be understood.
    async fn alert(mut self, octets: &[u8]) {
        /// A fatal alert, `protocol_version` (RFC 8446 §6), in a record of TLS 1.0, which
        /// clients of all versions read.
        const PROTOCOL_VERSION: [u8; 7] = [0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46];
        let peer = self.peer;
        self.record(&Happening::Alerted { peer, octets });
        self.record(&Happening::RequestFault(&RequestFault::Tls));
        self.print().await;
        if self.write(&PROTOCOL_VERSION).await.is_ok() {
            self.hang_up().await;
        }
    }

    /// Answers with something else than a 101, which ends it.
    async fn reply(mut self, asked: Asked<'_>, mut response: Response, faults: &[RequestFault]) {
        if matches!(asked, Asked::Request(head) if head.method == "HEAD") {
            response.body.clear();
        }
        self.record_answer(asked, &response);
        for fault in faults {
            self.record(&Happening::RequestFault(fault));
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

    fn record_answer(&mut self, asked: Asked<'_>, response: &Response) {
        self.record(&Happening::Answered {
            peer: self.peer,
            asked,
            response,
        });
    }
}

/// Whether these octets are the beginning of TLS.
fn is_client_hello(octets: &[u8]) -> bool {
    Foreign::of(octets) == Some(Foreign::TlsHandshake(Role::Client))
}
