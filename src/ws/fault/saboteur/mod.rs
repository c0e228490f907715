//! Who carries the faults out: what goes out instead of what should.

#[cfg(test)]
mod tests;

use super::kinds::{Fault, FaultKind};
use super::random::Random;
use super::step::{Act, Exit, Pace, Step};
use crate::ws::handshake::{Response, accept_value};
use crate::ws::{
    CloseBody, ClosePayload, FrameHeader, LengthForm, MaskingKey, Opcode, PayloadLength, Rsv,
};

/// Spoils what one connection sends.
#[derive(Debug)]
pub struct Saboteur {
    faults: Vec<Fault>,
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

impl Saboteur {
    /// One for the connection of this number; the same seed makes the same choices.
    pub const fn new(faults: Vec<Fault>, seed: u64, connection: u64) -> Self {
        Self {
            faults,
            random: Random::new(seed, connection),
            messages: 0,
        }
    }

    /// Spoils the 101.
    pub fn answer(&mut self, response: &mut Response) -> Vec<Act> {
        const ACCEPT: &str = "Sec-WebSocket-Accept";
        let mut acts = Vec::new();
        if let Some((fault, status)) = self.strike(|kind| match kind {
            FaultKind::Reject(status) => Some(*status),
            _ => None,
        }) {
            *response = Response::refused(status, "refused on purpose, by `--fault reject`");
            acts.push(Act::new(
                fault,
                format!("the request is refused with {status}"),
            ));
            return acts;
        }
        if let Some(fault) = self.strike_if(FaultKind::BadAccept) {
            for header in &mut response.headers {
                if header.name == ACCEPT {
                    // The accept value of the accept value is never the accept value.
                    header.value = accept_value(header.text().as_bytes()).into_bytes();
                }
            }
            acts.push(Act::new(fault, "the accept value is wrong"));
        }
        if let Some(fault) = self.strike_if(FaultKind::NoAccept) {
            response.headers.retain(|header| header.name != ACCEPT);
            acts.push(Act::new(fault, "the accept value is left out"));
        }
        acts
    }

    /// What is to be sent in the same write as the 101.
    pub fn glue(&mut self) -> Vec<Step> {
        let Some(fault) = self.strike_if(FaultKind::Glue) else {
            return Vec::new();
        };
        let payload = b"in one write with the 101";
        let header = FrameHeader::new(Opcode::TEXT, payload.len() as u64);
        let tell = Step::Tell(Act::new(fault, "a message is in the same write as the 101"));
        let frames = self.frame(header, payload);
        [tell].into_iter().chain(frames).collect()
    }

    /// What happens after no message at all, once the connection is open.
    pub fn opened(&mut self) -> Vec<Step> {
        let mut steps = Vec::new();
        if self.messages == 0 {
            self.end_of_message(&mut steps);
        }
        steps
    }

    /// What is to be done instead of sending this frame, which is not masked.
    pub fn frame(&mut self, header: FrameHeader, payload: &[u8]) -> Vec<Step> {
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

    /// How the next octets are to be written.
    pub fn pace(&mut self) -> (Pace, Vec<Act>) {
        let mut pace = Pace::default();
        let mut acts = Vec::new();
        if let Some((fault, delay)) = self.strike(|kind| match kind {
            FaultKind::Delay(delay) => Some(*delay),
            _ => None,
        }) {
            pace.delay = delay;
            acts.push(Act::new(fault, format!("the next write waits {delay} ms")));
        }
        if let Some((fault, size)) = self.strike(|kind| match kind {
            FaultKind::Split(size) => Some(*size),
            _ => None,
        }) {
            pace.split = Some(size);
            let unit = if size == 1 { "byte" } else { "bytes" };
            acts.push(Act::new(
                fault,
                format!("the next write is cut every {size} {unit}"),
            ));
        }
        (pace, acts)
    }

    fn pong(&mut self, header: FrameHeader, payload: &[u8], steps: &mut Vec<Step>) {
        if let Some(fault) = self.strike_if(FaultKind::NoPong) {
            steps.push(Step::Tell(Act::new(fault, "the ping is not answered")));
            return;
        }
        let mut payload = payload.to_vec();
        if let Some(fault) = self.strike_if(FaultKind::WrongPong) {
            match payload.last_mut() {
                Some(octet) => *octet ^= 1,
                None => payload.extend_from_slice(b"wrong"),
            }
            steps.push(Step::Tell(Act::new(
                fault,
                "the pong's payload is not the ping's",
            )));
        }
        let dress = self.dress(steps);
        steps.push(self.dressed(dress, header, payload));
    }

    fn close(&mut self, header: FrameHeader, payload: &[u8], steps: &mut Vec<Step>) {
        if let Some(fault) = self.strike_if(FaultKind::NoClose) {
            steps.push(Step::Tell(Act::new(fault, "the close frame is not sent")));
            steps.push(Step::WithholdClose);
            return;
        }
        let mut payload = payload.to_vec();
        if let Some((fault, code)) = self.strike(|kind| match kind {
            FaultKind::CloseCode(code) => Some(*code),
            _ => None,
        }) {
            let reason = match CloseBody::parse(&payload) {
                CloseBody::Code(_, reason) => reason,
                CloseBody::Empty | CloseBody::OneOctet(_) => &[],
            };
            payload = ClosePayload::exactly(code, reason).as_slice().to_vec();
            steps.push(Step::Tell(Act::new(
                fault,
                format!("the close code is {}", code.0),
            )));
        }
        let dress = self.dress(steps);
        steps.push(self.dressed(dress, header, payload));
    }

    fn message(&mut self, mut header: FrameHeader, payload: &[u8], steps: &mut Vec<Step>) {
        let begins = header.opcode != Opcode::CONTINUATION;
        if let Some(fault) = self.strike_if(FaultKind::Http) {
            let what = "an HTTP error page is sent instead of the message";
            steps.push(Step::Tell(Act::new(fault, what)));
            steps.push(Step::Octets(http_page()));
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

    /// Puts ff, which no character has, in place of an octet.
    fn break_text(&mut self, header: &FrameHeader, payload: &mut Vec<u8>, steps: &mut Vec<Step>) {
        if header.opcode != Opcode::TEXT || header.rsv.rsv1() {
            return;
        }
        let Some(fault) = self.strike_if(FaultKind::BadUtf8) else {
            return;
        };
        let at = self.random.below(payload.len());
        match payload.get_mut(at) {
            Some(octet) => *octet = 0xff,
            None => payload.push(0xff),
        }
        let what = format!("byte {at} of the text is ff");
        steps.push(Step::Tell(Act::new(fault, what)));
    }

    fn change_header(&mut self, header: &mut FrameHeader, steps: &mut Vec<Step>) {
        if let Some((fault, opcode)) = self.strike(|kind| match kind {
            FaultKind::Opcode(opcode) => Some(*opcode),
            _ => None,
        }) {
            header.opcode = opcode;
            let what = format!("the message has opcode {}", opcode.value());
            steps.push(Step::Tell(Act::new(fault, what)));
        }
        if let Some(fault) = self.strike_if(FaultKind::Rsv1) {
            header.rsv = Rsv::RSV1;
            steps.push(Step::Tell(Act::new(fault, "the message has RSV1")));
        }
    }

    fn fragments(
        &mut self,
        header: FrameHeader,
        payload: Vec<u8>,
        steps: &mut Vec<Step>,
    ) -> Vec<(FrameHeader, Vec<u8>)> {
        let struck = self.strike(|kind| match kind {
            FaultKind::Fragment(size) if payload.len() > *size => Some(*size),
            _ => None,
        });
        let Some((fault, size)) = struck else {
            return vec![(header, payload)];
        };
        let count = payload.len().div_ceil(size);
        steps.push(Step::Tell(Act::new(
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
        steps: &mut Vec<Step>,
    ) {
        let exit = match self.strike_if(FaultKind::Truncate) {
            Some(fault) => Some((fault, "then the stream ends", Exit::Fin)),
            None => self
                .strike_if(FaultKind::Stall)
                .map(|fault| (fault, "then nothing more", Exit::Silence)),
        };
        let frame = self.dressed(dress, header, payload);
        match (exit, frame) {
            (Some((fault, what, exit)), Step::Frame(header, payload)) => {
                let what = format!("half of the frame is sent, {what}");
                steps.push(Step::Tell(Act::new(fault, what)));
                steps.push(Step::Half(header, payload));
                steps.push(Step::Exit(exit));
            }
            (_, frame) => steps.push(frame),
        }
    }

    /// What happens after so many messages.
    fn end_of_message(&mut self, steps: &mut Vec<Step>) {
        let count = self.messages;
        let messages = if count == 1 { "message" } else { "messages" };
        if let Some((fault, code)) = self.strike(|kind| match kind {
            FaultKind::CloseAfter(after, code) if *after == count => Some(*code),
            _ => None,
        }) {
            let what = format!("the server closes after {count} {messages}");
            steps.push(Step::Tell(Act::new(fault, what)));
            steps.push(Step::Close(code));
        }
        if let Some(fault) = self.strike_if(FaultKind::DropAfter(count)) {
            let what = format!("the server hangs up after {count} {messages}");
            steps.push(Step::Tell(Act::new(fault, what)));
            steps.push(Step::Exit(Exit::Fin));
        }
        if let Some(fault) = self.strike_if(FaultKind::ResetAfter(count)) {
            let what = format!("the server resets the connection after {count} {messages}");
            steps.push(Step::Tell(Act::new(fault, what)));
            steps.push(Step::Exit(Exit::Reset));
        }
    }

    fn dress(&mut self, steps: &mut Vec<Step>) -> Dress {
        let mut dress = Dress::default();
        if let Some(fault) = self.strike_if(FaultKind::LongLength) {
            dress.long = true;
            steps.push(Step::Tell(Act::new(fault, "the length is in 64 bits")));
        }
        if let Some(fault) = self.strike_if(FaultKind::Mask) {
            dress.masked = true;
            steps.push(Step::Tell(Act::new(fault, "the frame is masked")));
        }
        dress
    }

    fn dressed(&mut self, dress: Dress, mut header: FrameHeader, payload: Vec<u8>) -> Step {
        let length = payload.len() as u64;
        let form = LengthForm::SixtyFour;
        header.payload_length = PayloadLength::in_form(length, form)
            .filter(|_| dress.long)
            .unwrap_or(PayloadLength::shortest(length));
        if dress.masked {
            header.masking_key = Some(MaskingKey(self.random.octets()));
        }
        Step::Frame(header, payload)
    }

    fn strike_if(&mut self, wanted: FaultKind) -> Option<String> {
        let struck = self.strike(|kind| (*kind == wanted).then_some(()));
        struck.map(|(fault, ())| fault)
    }

    /// The first fault of this kind that acts, chance permitting.
    fn strike<T>(&mut self, pick: impl Fn(&FaultKind) -> Option<T>) -> Option<(String, T)> {
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
