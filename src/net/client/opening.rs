//! Waits for the connection to be opened, validates the response, and runs the session.

use std::mem;
use std::rc::Rc;
use std::time::Duration;

use super::actions::ActionQueue;
use super::conversation::Conversation;
use super::{ClientConfig, ClientEnd};
use crate::net::connection::Connection;
use crate::net::context::{NetContext, now};
use crate::net::dial::{CompletedStep, MAX_REFUSAL_BODY, Opened, ResponseBytes, read_body};
use crate::net::session::SessionDriver;
use crate::ws::MaskingKey;
use crate::ws::extension::DeflateParameters;
use crate::ws::fault::RequestFaults;
use crate::ws::handshake::{Body, HeadLines, Negotiated, RequestHead, ResponseHead};
use crate::ws::session::{
    ClientHandshake, ConnectionEvent, FrameInfo, OpeningStep, Session, SessionConfig,
};

/// A connection on which a response was received.
#[derive(Debug)]
pub struct ClientConnection {
    /// The URL that was dialled, without credentials.
    pub url: String,
    /// The request that was sent.
    pub request: RequestHead,
    /// The connection, the response head and the bytes after it.
    pub opened: Opened,
    /// The faults in the request.
    pub faults: RequestFaults,
}

/// A client before its session.
pub(super) struct ClientOpening {
    pub(super) context: Rc<NetContext>,
    pub(super) config: ClientConfig,
}

/// The response to the request of a client.
struct ReadResponse {
    /// The bytes of its head.
    head: Vec<u8>,
    /// What it agrees to; None if it is a refusal or is not valid.
    negotiated: Option<Negotiated>,
    /// The body of a refusal.
    body: Option<Body>,
    /// The bytes that came after the head, other than those of the body.
    after_head: Vec<u8>,
}

/// How long the body of a refusal is waited for.
const BODY_TIMEOUT: Duration = Duration::from_secs(1);

impl ClientOpening {
    /// Opens the connection, and runs the session to its end.
    pub(super) async fn run<E>(
        mut self,
        open: impl Future<Output = Result<ClientConnection, E>>,
        actions: impl FnOnce() -> ActionQueue,
        keys: impl FnMut() -> MaskingKey + Send + 'static,
    ) -> Result<ClientEnd, E> {
        let opened = tokio::select! {
            biased;
            () = self.context.stop.stopped() => return Ok(ClientEnd::Stopped),
            opened = open => opened?,
        };
        let ClientConnection {
            url,
            request,
            opened,
            faults,
        } = opened;
        let mut connection = Connection::new(&self.context, opened.transport, 1, now());
        let steps: Vec<OpeningStep> = opened.steps.iter().map(opening_step).collect();
        let response = self
            .response(&mut connection, &request, opened.response)
            .await;
        report_faults(&mut connection, &faults);
        connection
            .log
            .event(&ConnectionEvent::HandshakeReceived(ClientHandshake {
                url: &url,
                steps: &steps,
                request: &request,
                response: &response.head,
                body: response.body.as_ref(),
                negotiated: response.negotiated.as_ref(),
            }));
        connection.log.flush();
        let Some(negotiated) = response.negotiated else {
            connection.shutdown_and_drain().await;
            return Ok(ClientEnd::Refused);
        };
        let mut session = self.session(negotiated.deflate, keys);
        session.count_frames_sent(u64::from(faults.early_frame.is_some()));
        let received = response.after_head;
        Ok(self
            .run_session(connection, session, actions(), received)
            .await)
    }

    /// Runs the session to its end. `received` are the bytes after the head.
    async fn run_session(
        self,
        connection: Connection,
        session: Session,
        actions: ActionQueue,
        mut received: Vec<u8>,
    ) -> ClientEnd {
        let ClientConfig { echoes, end, .. } = self.config;
        let conversation = Conversation::new(actions, echoes, end);
        let driver = SessionDriver::start(
            connection,
            session,
            conversation,
            Vec::new(),
            Vec::new(),
            &mut received,
        );
        let (connection, conversation, end) = driver.run().await;
        connection.finish(end.clone()).await;
        let condition = conversation.condition();
        let unmet = condition.is_unmet().then(|| condition.messages());
        ClientEnd::Ended { end, unmet }
    }

    /// Validates the response, and reads the body of a refusal.
    async fn response(
        &self,
        connection: &mut Connection,
        request: &RequestHead,
        response: ResponseBytes,
    ) -> ReadResponse {
        let (bytes, mut after_head) = (response.head, response.after_head);
        let head: Option<ResponseHead> = HeadLines::read(&bytes).response();
        let negotiated = head
            .as_ref()
            .and_then(|head| Negotiated::for_client(request, head).ok());
        let body = match head {
            Some(head) if negotiated.is_none() => {
                let received = mem::take(&mut after_head);
                Some(self.read_body(connection, &head, received).await)
            }
            _ => None,
        };
        ReadResponse {
            head: bytes,
            negotiated,
            body,
            after_head,
        }
    }

    fn session(
        &mut self,
        deflate: Option<DeflateParameters>,
        keys: impl FnMut() -> MaskingKey + Send + 'static,
    ) -> Session {
        let settings = SessionConfig {
            max_message: self.config.max_message,
            deflate,
            ping_interval: self.config.ping_interval,
            idle_timeout: None,
            close_timeout: self.context.limits.close_timeout,
        };
        let faults = self.config.faults.take();
        Session::client(&settings, keys, faults, now().into_std())
    }

    /// Reads the body of a refusal, of which `received` came with the head.
    async fn read_body(
        &self,
        connection: &mut Connection,
        head: &ResponseHead,
        received: Vec<u8>,
    ) -> Body {
        let deadline = now() + BODY_TIMEOUT;
        let transport = &mut connection.transport;
        tokio::select! {
            body = read_body(transport, head, received, MAX_REFUSAL_BODY, deadline) => body,
            () = self.context.stop.stopped() => Body::default(),
        }
    }
}

/// Logs what the faults changed in the request, and the frame that followed it.
fn report_faults(connection: &mut Connection, faults: &RequestFaults) {
    for event in &faults.events {
        connection.log.event(&ConnectionEvent::Fault(event));
    }
    if let Some((header, payload)) = &faults.early_frame {
        connection.log.event(&ConnectionEvent::Sent(FrameInfo {
            header,
            payload,
            inflated: None,
            is_text: true,
            buffer: None,
        }));
    }
}

fn opening_step(step: &CompletedStep) -> OpeningStep {
    OpeningStep {
        name: step.step.name(),
        time: step.time,
        detail: step.tls_version.clone(),
    }
}
