//! Who carries the faults out: what goes out instead of what should.

#[cfg(test)]
mod tests;

use super::kinds::{InjectedFault, InjectedFaultKind};
use super::random::Random;
use super::step::{AbortMode, FaultEvent, SendStep, WritePacing};
use crate::ws::handshake::{Response, accept_value};
use crate::ws::{
    CloseBody, ClosePayload, FrameHeader, LengthForm, MaskingKey, Opcode, PayloadLength, Rsv,
};

/// Spoils what one connection sends.
#[derive(Debug)]
pub struct FaultInjector {
    faults: Vec<InjectedFault>,
    random: Random,
    /// How many messages were sent.
    messages: u64,
}

/// What is done to each frame of a message.
#[derive(Clone, Copy, Debug, Default)]
struct Dress {
    masked: bool,
    long: bool,
}

impl FaultInjector {
    /// One for the connection of this number; the same seed makes the same choices.
    pub const fn new(faults: Vec<InjectedFault>, seed: u64, connection: u64) -> Self {
        Self {
            faults,
            random: Random::new(seed, connection),
            messages: 0,
        }
    }

    /// Spoils the 101.
    pub fn answer(&mut self, response: &mut Response) -> Vec<FaultEvent> {
        const ACCEPT: &str = "Sec-WebSocket-Accept";
        let mut acts = Vec::new();
        if let Some((fault, status)) = self.strike(|kind| match kind {
            InjectedFaultKind::Reject(status) => Some(*status),
            _ => None,
        }) {
            *response = Response::refused(status, "refused on purpose, by `--fault reject`");
            acts.push(FaultEvent::new(
                fault,
                format!("the request is refused with {status}"),
            ));
            return acts;
        }
        if let Some(fault) = self.strike_if(InjectedFaultKind::BadAccept) {
            // The accept value of the accept value is never the accept value.
            let right = response.headers.first(ACCEPT).unwrap_or_default();
            let wrong = accept_value(right.as_bytes());
            response.headers.set(ACCEPT, &wrong);
            acts.push(FaultEvent::new(fault, "the accept value is wrong"));
        }
        if let Some(fault) = self.strike_if(InjectedFaultKind::NoAccept) {
            response.headers.remove(ACCEPT);
            acts.push(FaultEvent::new(fault, "the accept value is left out"));
        }
        acts
    }

    /// What is to be sent in the same write as the 101.
    pub fn glue(&mut self) -> Vec<SendStep> {
        let Some(fault) = self.strike_if(InjectedFaultKind::Glue) else {
            return Vec::new();
        };
        let payload = b"in one write with the 101";
        let header = FrameHeader::new(Opcode::TEXT, payload.len() as u64);
        let tell = SendStep::Tell(FaultEvent::new(
            fault,
            "a message is in the same write as the 101",
        ));
        let frames = self.frame(header, payload);
        [tell].into_iter().chain(frames).collect()
    }

    /// What happens after no message at all, once the connection is open.
    pub fn opened(&mut self) -> Vec<SendStep> {
        let mut steps = Vec::new();
        if self.messages == 0 {
            self.end_of_message(&mut steps);
        }
        steps
    }

    /// What is to be done instead of sending this frame, which is not masked.
    pub fn frame(&mut self, header: FrameHeader, payload: &[u8]) -> Vec<SendStep> {
        let mut steps = Vec::new();
        match header.opcode {
            Opcode::PONG => self.pong(header, payload, &mut steps),
            Opcode::CLOSE => self.close(header, payload, &mut steps),
            opcode if opcode.is_control() => {
                let dress = self.dress(&mut steps);
                steps.push(self.dressed(dress, header, payload.to_vec()));
            }
            _ => self.message(header, payload, &mut steps),
        }
        steps
    }

    /// How the next bytes are to be written.
    pub fn pace(&mut self) -> (WritePacing, Vec<FaultEvent>) {
        let mut pace = WritePacing::default();
        let mut acts = Vec::new();
        if let Some((fault, delay)) = self.strike(|kind| match kind {
            InjectedFaultKind::Delay(delay) => Some(*delay),
            _ => None,
        }) {
            pace.delay = delay;
            acts.push(FaultEvent::new(
                fault,
                format!("the next write waits {delay} ms"),
            ));
        }
        if let Some((fault, size)) = self.strike(|kind| match kind {
            InjectedFaultKind::Split(size) => Some(*size),
            _ => None,
        }) {
            pace.split = Some(size);
            let unit = if size == 1 { "byte" } else { "bytes" };
            acts.push(FaultEvent::new(
                fault,
                format!("the next write is cut every {size} {unit}"),
            ));
        }
        (pace, acts)
    }

    fn pong(&mut self, header: FrameHeader, payload: &[u8], steps: &mut Vec<SendStep>) {
        if let Some(fault) = self.strike_if(InjectedFaultKind::NoPong) {
            steps.push(SendStep::Tell(FaultEvent::new(
                fault,
                "the ping is not answered",
            )));
            return;
        }
        let mut payload = payload.to_vec();
        if let Some(fault) = self.strike_if(InjectedFaultKind::WrongPong) {
            match payload.last_mut() {
                Some(byte) => *byte ^= 1,
                None => payload.extend_from_slice(b"wrong"),
            }
            steps.push(SendStep::Tell(FaultEvent::new(
                fault,
                "the pong's payload is not the ping's",
            )));
        }
        let dress = self.dress(steps);
        steps.push(self.dressed(dress, header, payload));
    }

    fn close(&mut self, header: FrameHeader, payload: &[u8], steps: &mut Vec<SendStep>) {
        if let Some(fault) = self.strike_if(InjectedFaultKind::NoClose) {
            steps.push(SendStep::Tell(FaultEvent::new(
                fault,
                "the close frame is not sent",
            )));
            steps.push(SendStep::WithholdClose);
            return;
        }
        let mut payload = payload.to_vec();
        if let Some((fault, code)) = self.strike(|kind| match kind {
            InjectedFaultKind::CloseCode(code) => Some(*code),
            _ => None,
        }) {
            let reason = match CloseBody::parse(&payload) {
                CloseBody::Code(_, reason) => reason,
                CloseBody::Empty | CloseBody::OneByte(_) => &[],
            };
            payload = ClosePayload::exactly(code, reason).as_slice().to_vec();
            steps.push(SendStep::Tell(FaultEvent::new(
                fault,
                format!("the close code is {}", code.0),
            )));
        }
        let dress = self.dress(steps);
        steps.push(self.dressed(dress, header, payload));
    }

    fn message(&mut self, mut header: FrameHeader, payload: &[u8], steps: &mut Vec<SendStep>) {
        let begins = header.opcode != Opcode::CONTINUATION;
        if let Some(fault) = self.strike_if(InjectedFaultKind::Http) {
            let what = "an HTTP error page is sent instead of the message";
            steps.push(SendStep::Tell(FaultEvent::new(fault, what)));
            steps.push(SendStep::Bytes(http_page()));
        } else {
            let mut payload = payload.to_vec();
            self.break_text(&header, &mut payload, steps);
            if begins {
                self.change_header(&mut header, steps);
            }
            let dress = self.dress(steps);
            let mut frames = self.fragments(header, payload, steps);
            let last = frames.pop();
            for (header, payload) in frames {
                steps.push(self.dressed(dress, header, payload));
            }
            if let Some((header, payload)) = last {
                self.last_frame(dress, header, payload, steps);
            }
        }
        if header.fin {
            self.messages += 1;
            self.end_of_message(steps);
        }
    }

    /// Puts ff, which no character has, in place of a byte.
    fn break_text(
        &mut self,
        header: &FrameHeader,
        payload: &mut Vec<u8>,
        steps: &mut Vec<SendStep>,
    ) {
        if header.opcode != Opcode::TEXT || header.rsv.rsv1() {
            return;
        }
        let Some(fault) = self.strike_if(InjectedFaultKind::BadUtf8) else {
            return;
        };
        let at = self.random.below(payload.len());
        match payload.get_mut(at) {
            Some(byte) => *byte = 0xff,
            None => payload.push(0xff),
        }
        let what = format!("byte {at} of the text is ff");
        steps.push(SendStep::Tell(FaultEvent::new(fault, what)));
    }

    fn change_header(&mut self, header: &mut FrameHeader, steps: &mut Vec<SendStep>) {
        if let Some((fault, opcode)) = self.strike(|kind| match kind {
            InjectedFaultKind::Opcode(opcode) => Some(*opcode),
            _ => None,
        }) {
            header.opcode = opcode;
            let what = format!("the message has opcode {}", opcode.value());
            steps.push(SendStep::Tell(FaultEvent::new(fault, what)));
        }
        if let Some(fault) = self.strike_if(InjectedFaultKind::Rsv1) {
            header.rsv = Rsv::RSV1;
            steps.push(SendStep::Tell(FaultEvent::new(
                fault,
                "the message has RSV1",
            )));
        }
    }

    fn fragments(
        &mut self,
        header: FrameHeader,
        payload: Vec<u8>,
        steps: &mut Vec<SendStep>,
    ) -> Vec<(FrameHeader, Vec<u8>)> {
        let struck = self.strike(|kind| match kind {
            InjectedFaultKind::Fragment(size) if payload.len() > *size => Some(*size),
            _ => None,
        });
        let Some((fault, size)) = struck else {
            return vec![(header, payload)];
        };
        let count = payload.len().div_ceil(size);
        steps.push(SendStep::Tell(FaultEvent::new(
            fault,
            format!("the message is in {count} frames"),
        )));
        let piece = |(number, piece): (usize, &[u8])| {
            let mut fragment = FrameHeader {
                fin: header.fin && number + 1 == count,
                ..header
            };
            if number > 0 {
                fragment.opcode = Opcode::CONTINUATION;
                fragment.rsv = Rsv::NONE;
            }
            (fragment, piece.to_vec())
        };
        payload.chunks(size).enumerate().map(piece).collect()
    }

    /// The last frame of a message, of which half may be all that is ever sent.
    fn last_frame(
        &mut self,
        dress: Dress,
        header: FrameHeader,
        payload: Vec<u8>,
        steps: &mut Vec<SendStep>,
    ) {
        let exit = match self.strike_if(InjectedFaultKind::Truncate) {
            Some(fault) => Some((fault, "then the stream ends", AbortMode::Fin)),
            None => self
                .strike_if(InjectedFaultKind::Stall)
                .map(|fault| (fault, "then nothing more", AbortMode::Silence)),
        };
        let frame = self.dressed(dress, header, payload);
        match (exit, frame) {
            (Some((fault, what, exit)), SendStep::Frame(header, payload)) => {
                let what = format!("half of the frame is sent, {what}");
                steps.push(SendStep::Tell(FaultEvent::new(fault, what)));
                steps.push(SendStep::Half(header, payload));
                steps.push(SendStep::Abort(exit));
            }
            (_, frame) => steps.push(frame),
        }
    }

    /// What happens after so many messages.
    fn end_of_message(&mut self, steps: &mut Vec<SendStep>) {
        let count = self.messages;
        let messages = if count == 1 { "message" } else { "messages" };
        if let Some((fault, code)) = self.strike(|kind| match kind {
            InjectedFaultKind::CloseAfter(after, code) if *after == count => Some(*code),
            _ => None,
        }) {
            let what = format!("the server closes after {count} {messages}");
            steps.push(SendStep::Tell(FaultEvent::new(fault, what)));
            steps.push(SendStep::Close(code));
        }
        if let Some(fault) = self.strike_if(InjectedFaultKind::DropAfter(count)) {
            let what = format!("the server hangs up after {count} {messages}");
            steps.push(SendStep::Tell(FaultEvent::new(fault, what)));
            steps.push(SendStep::Abort(AbortMode::Fin));
        }
        if let Some(fault) = self.strike_if(InjectedFaultKind::ResetAfter(count)) {
            let what = format!("the server resets the connection after {count} {messages}");
            steps.push(SendStep::Tell(FaultEvent::new(fault, what)));
            steps.push(SendStep::Abort(AbortMode::Reset));
        }
    }

    fn dress(&mut self, steps: &mut Vec<SendStep>) -> Dress {
        let mut dress = Dress::default();
        if let Some(fault) = self.strike_if(InjectedFaultKind::LongLength) {
            dress.long = true;
            steps.push(SendStep::Tell(FaultEvent::new(
                fault,
                "the length is in 64 bits",
            )));
        }
        if let Some(fault) = self.strike_if(InjectedFaultKind::Mask) {
            dress.masked = true;
            steps.push(SendStep::Tell(FaultEvent::new(
                fault,
                "the frame is masked",
            )));
        }
        dress
    }

    fn dressed(&mut self, dress: Dress, mut header: FrameHeader, payload: Vec<u8>) -> SendStep {
        let length = payload.len() as u64;
        let form = LengthForm::SixtyFour;
        header.payload_length = PayloadLength::in_form(length, form)
            .filter(|_| dress.long)
            .unwrap_or(PayloadLength::shortest(length));
        if dress.masked {
            header.masking_key = Some(MaskingKey(self.random.bytes()));
        }
        SendStep::Frame(header, payload)
    }

    fn strike_if(&mut self, wanted: InjectedFaultKind) -> Option<String> {
        let struck = self.strike(|kind| (*kind == wanted).then_some(()));
        struck.map(|(fault, ())| fault)
    }

    /// The first fault of this kind that acts, chance permitting.
    fn strike<T>(&mut self, pick: impl Fn(&InjectedFaultKind) -> Option<T>) -> Option<(String, T)> {
        let random = &mut self.random;
        self.faults.iter().find_map(|fault| {
            let picked = pick(&fault.kind)?;
            random
                .chance(fault.percent)
                .then(|| (fault.to_string(), picked))
        })
    }
}

/// What a proxy answers for a server that it cannot reach.
fn http_page() -> Vec<u8> {
    let body = "<html><head><title>502 Bad Gateway</title></head></html>\n";
    let length = body.len();
    format!(
        "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .into_bytes()
}
