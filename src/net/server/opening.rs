//! Serves one connection: TLS, the request, the response, and then the session.

use std::mem;
use std::net::SocketAddr;
use std::rc::Rc;

use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};

use super::ServerState;
use super::admission::{ConnectionPermit, admit};
use super::first_bytes::{FirstBytes, is_tls_client};
use super::replies::Replies;
use crate::net::connection::Connection;
use crate::net::context::now;
use crate::net::log::Notice;
use crate::net::session::SessionDriver;
use crate::net::transport::{TlsFailure, Transport};
use crate::ws::Role;
use crate::ws::extension::DeflateParameters;
use crate::ws::fault::{FaultEvent, FaultInjector, WritePacing};
use crate::ws::handshake::{
    AdmissionError, ForeignSite, RequestError, RequestHead, RequestKind, Response, validate_request,
};
use crate::ws::session::{ConnectionEvent, EndReason, Session, SessionConfig, SessionEnd};

/// A connection until its session begins.
struct ServerOpening {
    state: Rc<ServerState>,
    connection: Connection,
    peer: SocketAddr,
    /// The request head as received, until it is reported.
    head: Vec<u8>,
    faults: Option<Box<FaultInjector>>,
}

/// A session that is ready to run.
struct ReadySession {
    driver: Box<SessionDriver<Replies>>,
    permit: ConnectionPermit,
}

/// Serves a connection from its first byte to its last.
pub(super) async fn serve(
    state: Rc<ServerState>,
    stream: TcpStream,
    peer: SocketAddr,
    number: u64,
) {
    // The memory of the opening handshake is freed before the session, which may be idle.
    let opened = Box::pin(open(Rc::clone(&state), stream, peer, number)).await;
    let Some(ReadySession { driver, permit }) = opened else {
        return;
    };
    state.open.update(|open| open + 1);
    let (connection, replies, end) = driver.run().await;
    // Messages of other connections are not accepted any more.
    drop(replies);
    state.open.update(|open| open - 1);
    // A client that reads of the end in the log can connect.
    drop(permit);
    Box::pin(connection.finish(end)).await;
}

/// Accepts TLS and answers the request; None if the connection has ended.
async fn open(
    state: Rc<ServerState>,
    stream: TcpStream,
    peer: SocketAddr,
    number: u64,
) -> Option<ReadySession> {
    let opened_at = now();
    let deadline = opened_at + state.config.head_timeout;
    let accepted = async {
        match &state.config.tls {
            Some(tls) => Transport::accept_tls(stream, tls, deadline).await,
            None => Ok(Transport::Tcp(stream)),
        }
    };
    let accepted = tokio::select! {
        accepted = accepted => accepted,
        () = state.context.stop.stopped() => return None,
    };
    let (transport, failure) = match accepted {
        Ok(transport) => (transport, None),
        Err(TlsFailure { transport, reason }) => (transport, Some(EndReason::IoError(reason))),
    };
    let opening = ServerOpening {
        connection: Connection::new(&state.context, transport, number, opened_at),
        peer,
        head: Vec::new(),
        faults: state.faults(number),
        state,
    };
    match failure {
        Some(reason) => {
            opening.end(reason).await;
            None
        }
        None => opening.run(deadline).await,
    }
}

impl ServerOpening {
    /// Reads the request and answers it.
    async fn run(mut self, deadline: Instant) -> Option<ReadySession> {
        let context = Rc::clone(&self.state.context);
        let mut bytes = Vec::new();
        let max_head = self.state.config.max_head;
        let first = FirstBytes::read(&mut self.connection, &context, max_head, &mut bytes);
        let first = tokio::select! {
            first = timeout_at(deadline, first) => first,
            () = context.stop.stopped() => return None,
        };
        let is_plain = self.connection.transport.is_plain();
        let lacks_tls = self.state.config.tls.is_some() && is_plain;
        match first.unwrap_or(FirstBytes::Invalid(RequestError::HeadTooSlow)) {
            FirstBytes::Disconnected(reason) => self.end(reason).await,
            FirstBytes::Request(head, size) if lacks_tls => {
                bytes.truncate(size);
                self.head = bytes;
                let asked = RequestKind::Request(&head);
                self.refuse(asked, &[RequestError::NotTls]).await;
            }
            FirstBytes::Invalid(_) if lacks_tls && !bytes.is_empty() => {
                let asked = RequestKind::OtherBytes(&bytes);
                self.refuse(asked, &[RequestError::NotTls]).await;
            }
            FirstBytes::Request(head, size) => {
                let bytes_after_head = bytes.split_off(size);
                self.head = bytes;
                return self.answer(&head, bytes_after_head).await;
            }
            FirstBytes::Invalid(_) if is_plain && is_tls_client(&bytes) => {
                self.send_tls_alert(&bytes).await;
            }
            FirstBytes::Invalid(error) => {
                self.refuse(RequestKind::OtherBytes(&bytes), &[error]).await;
            }
        }
        None
    }

    /// Answers a request; the client sent `bytes_after_head` with it.
    async fn answer(
        mut self,
        head: &RequestHead,
        bytes_after_head: Vec<u8>,
    ) -> Option<ReadySession> {
        let asked = RequestKind::Request(head);
        let upgrade = match validate_request(head) {
            Ok(upgrade) => upgrade,
            Err(errors) => {
                let state = Rc::clone(&self.state);
                match &state.config.page {
                    Some(page) if head.wants_page() => {
                        self.answer_with_page(head, page, errors).await;
                    }
                    _ => self.refuse(asked, &errors).await,
                }
                return None;
            }
        };
        let (permit, foreign) = match admit(&self.state, head) {
            Ok(admitted) => admitted,
            Err(error) => {
                self.refuse_admission(head, &error).await;
                return None;
            }
        };
        let support = &self.state.config.server_support;
        let negotiated = support.negotiate(head);
        let declined = support.reasons_not_compressed(head);
        let mut response =
            Response::switching_protocols(&upgrade.accept).with_negotiated(&negotiated);
        let events = self
            .faults
            .as_mut()
            .map(|it| it.change_response(&mut response));
        self.report_answer(asked, &response, &[]);
        self.report_foreign(foreign.as_ref(), false);
        self.report_faults(&events.unwrap_or_default());
        if response.status != 101 {
            self.write_refusal(&response).await;
            return None;
        }
        if let Some(error) = negotiated.subprotocol_missing(head) {
            let log = &mut self.connection.log;
            log.event(&ConnectionEvent::ResponseError(&error));
        }
        for reason in declined {
            self.connection.log.notice(&Notice::NotCompressed(&reason));
        }
        let response = response.encode();
        let deflate = negotiated.deflate;
        self.start(response, deflate, &head.target, bytes_after_head, permit)
            .await
    }

    /// Sends the 101 response and starts the session. If a fault sends frames in the same write as
    /// the response, the session writes both.
    async fn start(
        mut self,
        response: Vec<u8>,
        deflate: Option<DeflateParameters>,
        target: &str,
        mut bytes_after_head: Vec<u8>,
        permit: ConnectionPermit,
    ) -> Option<ReadySession> {
        let frames_with_101 = self.faults.as_mut().map(|it| it.glue());
        let frames_with_101 = frames_with_101.unwrap_or_default();
        let mut first = response;
        let is_alone = frames_with_101.is_empty();
        let pacing = if is_alone {
            let pacing = self.pacing();
            self.connection.log.flush();
            pacing
        } else {
            WritePacing::default()
        };
        // A client that has read the response can be sent messages.
        let replies = Replies::join(&self.state, self.connection.log.number(), target);
        if is_alone {
            if let Err(disconnect) = self.connection.write(&first, pacing).await {
                drop(permit);
                self.end(disconnect.into()).await;
                return None;
            }
            first = Vec::new();
        }
        let session = self.session(deflate);
        let driver = SessionDriver::start(
            self.connection,
            session,
            replies,
            first,
            frames_with_101,
            &mut bytes_after_head,
        );
        Some(ReadySession { driver, permit })
    }

    fn session(&mut self, deflate: Option<DeflateParameters>) -> Session {
        let config = &self.state.config;
        let settings = SessionConfig {
            max_message: config.max_message,
            deflate,
            ping_interval: config.ping_interval,
            idle_timeout: config.idle_timeout,
            close_timeout: config.close_timeout,
        };
        Session::server(&settings, self.faults.take(), now().into_std())
    }

    async fn refuse_admission(mut self, head: &RequestHead, error: &AdmissionError) {
        let response = Response::refused(error.status(), &error.to_string());
        self.report_answer(RequestKind::Request(head), &response, &[]);
        match error {
            AdmissionError::Foreign(site) => self.report_foreign(Some(site), true),
            AdmissionError::Full(_) => {
                let log = &mut self.connection.log;
                log.event(&ConnectionEvent::Refused(error));
            }
        }
        self.write_refusal(&response).await;
    }

    /// Answers a request for the page, which has these errors as a request for a connection. A page
    /// is refused like a connection: its script could read what others send.
    async fn answer_with_page(
        mut self,
        head: &RequestHead,
        page: &Response,
        mut errors: Vec<RequestError>,
    ) {
        errors.retain(RequestError::leaves_site_open);
        if !errors.is_empty() {
            return self.refuse(RequestKind::Request(head), &errors).await;
        }
        let foreign = match self.state.config.admission.check(head) {
            Ok(foreign) => foreign,
            Err(site) => {
                return self
                    .refuse_admission(head, &AdmissionError::Foreign(site))
                    .await;
            }
        };
        let mut page = page.clone();
        if head.method == "HEAD" {
            page.body.clear();
        }
        self.report_answer(RequestKind::Request(head), &page, &[]);
        self.report_foreign(foreign.as_ref(), false);
        self.write_refusal(&page).await;
    }

    fn report_foreign(&mut self, site: Option<&ForeignSite>, is_refused: bool) {
        if let Some(site) = site {
            let log = &mut self.connection.log;
            log.event(&ConnectionEvent::Foreign { site, is_refused });
        }
    }

    /// Answers with another status than 101, which ends the connection.
    async fn refuse(mut self, asked: RequestKind<'_>, errors: &[RequestError]) {
        let Some(first) = errors.first() else { return };
        let mut response = Response::refusal(first);
        if matches!(asked, RequestKind::Request(head) if head.method == "HEAD") {
            response.body.clear();
        }
        self.report_answer(asked, &response, errors);
        self.write_refusal(&response).await;
    }

    /// Writes a response that ends the connection.
    async fn write_refusal(mut self, response: &Response) {
        let pacing = self.pacing();
        let connection = &mut self.connection;
        connection.log.flush();
        if connection.write(&response.encode(), pacing).await.is_ok() {
            self.connection.shutdown_and_drain().await;
        }
    }

    /// Answers a TLS `ClientHello` with a TLS alert: the client understands nothing else.
    async fn send_tls_alert(mut self, bytes: &[u8]) {
        /// A fatal alert, `protocol_version` (RFC 8446 section 6), in a record of TLS 1.0, which
        /// clients of all versions read.
        const PROTOCOL_VERSION: [u8; 7] = [0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46];
        let peer = &self.peer.to_string();
        let connection = &mut self.connection;
        let log = &mut connection.log;
        log.event(&ConnectionEvent::TlsAlertSent { peer, bytes });
        log.flush();
        let pacing = WritePacing::default();
        if connection.write(&PROTOCOL_VERSION, pacing).await.is_ok() {
            self.connection.shutdown_and_drain().await;
        }
    }

    /// Reports and ends a connection that had no session.
    async fn end(self, reason: EndReason) {
        let duration = self.connection.age();
        let end = SessionEnd::before_frames(Role::Server, reason, duration);
        self.connection.finish(end).await;
    }

    fn report_answer(
        &mut self,
        asked: RequestKind<'_>,
        response: &Response,
        errors: &[RequestError],
    ) {
        let head = mem::take(&mut self.head);
        let log = &mut self.connection.log;
        if log.is_observed() {
            log.event(&ConnectionEvent::HandshakeAnswered {
                peer: &self.peer.to_string(),
                asked,
                head: &head,
                response,
                errors,
            });
        }
    }

    fn report_faults(&mut self, events: &[FaultEvent]) {
        for event in events {
            self.connection.log.event(&ConnectionEvent::Fault(event));
        }
    }

    /// How the faults want the next bytes written.
    fn pacing(&mut self) -> WritePacing {
        let Some(faults) = &mut self.faults else {
            return WritePacing::default();
        };
        let (pacing, events) = faults.pacing();
        self.report_faults(&events);
        pacing
    }
}
