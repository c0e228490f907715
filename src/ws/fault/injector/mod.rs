//! Decides when the faults of a connection act, and returns what to send instead.
//!
//! `net` calls it for the response and `commands` for the request, `ws::session` for each frame
//! and each write.

mod handshake;
#[cfg(test)]
mod tests;

pub use handshake::RequestFaults;

use super::kinds::InjectedFaultKind;
use super::random::Random;
use super::step::{AbortMode, FaultEvent, FaultyFrame, SendStep, WritePacing};
use super::value::InjectedFault;
use crate::ws::{
    CloseBody, ClosePayload, FrameHeader, LengthForm, MaskingKey, Opcode, PayloadLength, Role, Rsv,
};

/// The faults of one connection.
#[derive(Debug)]
pub struct FaultInjector {
    /// The end whose frames it changes.
    role: Role,
    faults: Vec<InjectedFault>,
    random: Random,
    /// How many messages were sent; `close-after`, `drop-after` and `reset-after` count them.
    messages: u64,
}

/// The changes to every frame of one message.
#[derive(Clone, Copy, Debug, Default)]
struct FrameChanges {
    /// Mask the frame.
    mask: bool,
    /// Do not mask the frame of a client.
    omits_mask: bool,
    /// Mask the frame of a client with this key.
    constant_key: Option<MaskingKey>,
    /// Write the length in the 64-bit form.
    long_length: bool,
}

impl FaultInjector {
    /// The injector for the connection with this number of a server. The seed and the number
    /// determine every random choice.
    pub const fn new(faults: Vec<InjectedFault>, seed: u64, connection: u64) -> Self {
        Self {
            role: Role::Server,
            faults,
            random: Random::new(seed, connection),
            messages: 0,
        }
    }

    /// The injector for the connection of a client. The seed determines every random choice.
    pub const fn for_client(faults: Vec<InjectedFault>, seed: u64) -> Self {
        Self {
            role: Role::Client,
            faults,
            random: Random::new(seed, 1),
            messages: 0,
        }
    }

    /// The steps when the connection is open: those of `close-after=0` and the like.
    pub fn opened(&mut self) -> Vec<SendStep> {
        let mut steps = Vec::new();
        if self.messages == 0 {
            self.end_of_message(&mut steps);
        }
        steps
    }

    /// The steps to perform instead of sending this frame, whose payload is not masked.
    pub fn frame(&mut self, header: FrameHeader, payload: &[u8]) -> Vec<SendStep> {
        let mut steps = Vec::new();
        match header.opcode {
            Opcode::PONG => self.pong(header, payload, &mut steps),
            Opcode::CLOSE => self.close(header, payload, &mut steps),
            opcode if opcode.is_control() => {
                let changes = self.frame_changes(&mut steps);
                let frame = self.changed_frame(changes, header, payload.to_vec());
                steps.push(SendStep::Frame(frame));
            }
            _ => self.message(header, payload, &mut steps),
        }
        steps
    }

    /// How to write the next bytes, and the faults that act on this write.
    pub fn pacing(&mut self) -> (WritePacing, Vec<FaultEvent>) {
        let mut pacing = WritePacing::default();
        let mut events = Vec::new();
        if let Some((fault, delay)) = self.first_acting(|kind| match kind {
            InjectedFaultKind::Delay(delay) => Some(*delay),
            _ => None,
        }) {
            pacing.delay = delay;
            events.push(FaultEvent::new(
                fault,
                format!("the next write is delayed by {delay} ms"),
            ));
        }
        if let Some((fault, size)) = self.first_acting(|kind| match kind {
            InjectedFaultKind::Split(size) => Some(*size),
            _ => None,
        }) {
            pacing.split = Some(size);
            let unit = if size == 1 { "byte" } else { "bytes" };
            events.push(FaultEvent::new(
                fault,
                format!("the next write is split every {size} {unit}"),
            ));
        }
        (pacing, events)
    }

    /// Applies `no-pong` and `wrong-pong`.
    fn pong(&mut self, header: FrameHeader, payload: &[u8], steps: &mut Vec<SendStep>) {
        if let Some(fault) = self.acts(InjectedFaultKind::NoPong) {
            steps.push(SendStep::Report(FaultEvent::new(
                fault,
                "the ping is not answered",
            )));
            return;
        }
        let mut payload = payload.to_vec();
        if let Some(fault) = self.acts(InjectedFaultKind::WrongPong) {
            match payload.last_mut() {
                Some(byte) => *byte ^= 1,
                None => payload.extend_from_slice(b"wrong"),
            }
            steps.push(SendStep::Report(FaultEvent::new(
                fault,
                "the pong has another payload than the ping",
            )));
        }
        let changes = self.frame_changes(steps);
        steps.push(SendStep::Frame(
            self.changed_frame(changes, header, payload),
        ));
    }

    /// Applies `no-close` and `close-code`.
    fn close(&mut self, header: FrameHeader, payload: &[u8], steps: &mut Vec<SendStep>) {
        if let Some(fault) = self.acts(InjectedFaultKind::NoClose) {
            steps.push(SendStep::Report(FaultEvent::new(
                fault,
                "the close frame is not sent",
            )));
            steps.push(SendStep::WithholdClose);
            return;
        }
        let mut payload = payload.to_vec();
        if let Some((fault, code)) = self.first_acting(|kind| match kind {
            InjectedFaultKind::CloseCode(code) => Some(*code),
            _ => None,
        }) {
            let reason = match CloseBody::parse(&payload) {
                CloseBody::Code(_, reason) => reason,
                CloseBody::Empty | CloseBody::OneByte(_) => &[],
            };
            payload = ClosePayload::exactly(code, reason).as_slice().to_vec();
            steps.push(SendStep::Report(FaultEvent::new(
                fault,
                format!("the close code is {}", code.0),
            )));
        }
        let changes = self.frame_changes(steps);
        steps.push(SendStep::Frame(
            self.changed_frame(changes, header, payload),
        ));
    }

    /// Applies the faults of messages to one frame of a message.
    fn message(&mut self, mut header: FrameHeader, payload: &[u8], steps: &mut Vec<SendStep>) {
        let begins = header.opcode != Opcode::CONTINUATION;
        if let Some(fault) = self.acts(InjectedFaultKind::Http) {
            let what = "an HTTP error page is sent instead of the message";
            steps.push(SendStep::Report(FaultEvent::new(fault, what)));
            steps.push(SendStep::Bytes(http_page()));
        } else {
            let mut payload = payload.to_vec();
            self.break_text(&header, &mut payload, steps);
            if begins {
                self.change_header(&mut header, steps);
            }
            let changes = self.frame_changes(steps);
            let mut frames = self.fragments(header, payload, steps);
            let last = frames.pop();
            for (header, payload) in frames {
                steps.push(SendStep::Frame(
                    self.changed_frame(changes, header, payload),
                ));
            }
            if let Some((header, payload)) = last {
                self.last_frame(changes, header, payload, steps);
            }
        }
        if header.fin {
            self.messages += 1;
            self.end_of_message(steps);
        }
    }

    /// Applies `bad-utf8`: replaces a random byte by ff, which UTF-8 never contains.
    fn break_text(
        &mut self,
        header: &FrameHeader,
        payload: &mut Vec<u8>,
        steps: &mut Vec<SendStep>,
    ) {
        if header.opcode != Opcode::TEXT || header.rsv.rsv1() {
            return;
        }
        let Some(fault) = self.acts(InjectedFaultKind::BadUtf8) else {
            return;
        };
        let at = self.random.below(payload.len());
        match payload.get_mut(at) {
            Some(byte) => *byte = 0xff,
            None => payload.push(0xff),
        }
        let what = format!("byte {at} of the text is ff");
        steps.push(SendStep::Report(FaultEvent::new(fault, what)));
    }

    /// Applies `opcode` and `rsv1`.
    fn change_header(&mut self, header: &mut FrameHeader, steps: &mut Vec<SendStep>) {
        if let Some((fault, opcode)) = self.first_acting(|kind| match kind {
            InjectedFaultKind::Opcode(opcode) => Some(*opcode),
            _ => None,
        }) {
            header.opcode = opcode;
            let what = format!("the message has opcode {}", opcode.value());
            steps.push(SendStep::Report(FaultEvent::new(fault, what)));
        }
        if let Some(fault) = self.acts(InjectedFaultKind::Rsv1) {
            header.rsv = Rsv::RSV1;
            steps.push(SendStep::Report(FaultEvent::new(
                fault,
                "the message has RSV1",
            )));
        }
    }

    /// Applies `fragment`: the frames to send instead of this one.
    fn fragments(
        &mut self,
        header: FrameHeader,
        payload: Vec<u8>,
        steps: &mut Vec<SendStep>,
    ) -> Vec<(FrameHeader, Vec<u8>)> {
        let acting = self.first_acting(|kind| match kind {
            InjectedFaultKind::Fragment(size) if payload.len() > *size => Some(*size),
            _ => None,
        });
        let Some((fault, size)) = acting else {
            return vec![(header, payload)];
        };
        let count = payload.len().div_ceil(size);
        steps.push(SendStep::Report(FaultEvent::new(
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

    /// Sends the last frame of a message, or half of it for `truncate` and `stall`.
    fn last_frame(
        &mut self,
        changes: FrameChanges,
        header: FrameHeader,
        payload: Vec<u8>,
        steps: &mut Vec<SendStep>,
    ) {
        let abort = match self.acts(InjectedFaultKind::Truncate) {
            Some(fault) => Some((fault, "then the stream ends", AbortMode::Fin)),
            None => self
                .acts(InjectedFaultKind::Stall)
                .map(|fault| (fault, "then nothing more", AbortMode::Silence)),
        };
        let frame = self.changed_frame(changes, header, payload);
        let Some((fault, what, mode)) = abort else {
            return steps.push(SendStep::Frame(frame));
        };
        let what = format!("half of the frame is sent, {what}");
        steps.push(SendStep::Report(FaultEvent::new(fault, what)));
        steps.push(SendStep::Half(frame));
        steps.push(SendStep::Abort(mode));
    }

    /// Applies `close-after`, `drop-after` and `reset-after`.
    fn end_of_message(&mut self, steps: &mut Vec<SendStep>) {
        let (role, count) = (self.role, self.messages);
        let messages = if count == 1 { "message" } else { "messages" };
        if let Some((fault, code)) = self.first_acting(|kind| match kind {
            InjectedFaultKind::CloseAfter(after, code) if *after == count => Some(*code),
            _ => None,
        }) {
            let what = format!("the {role} closes after {count} {messages}");
            steps.push(SendStep::Report(FaultEvent::new(fault, what)));
            steps.push(SendStep::Close(code));
        }
        if let Some(fault) = self.acts(InjectedFaultKind::DropAfter(count)) {
            let what = format!("the {role} ends the stream (FIN) after {count} {messages}");
            steps.push(SendStep::Report(FaultEvent::new(fault, what)));
            steps.push(SendStep::Abort(AbortMode::Fin));
        }
        if let Some(fault) = self.acts(InjectedFaultKind::ResetAfter(count)) {
            let what = format!("the {role} resets the connection (RST) after {count} {messages}");
            steps.push(SendStep::Report(FaultEvent::new(fault, what)));
            steps.push(SendStep::Abort(AbortMode::Reset));
        }
    }

    /// Applies `long-length`, `mask`, `no-mask` and `constant-key`: what they change in the next
    /// frames.
    fn frame_changes(&mut self, steps: &mut Vec<SendStep>) -> FrameChanges {
        let mut changes = FrameChanges::default();
        if let Some(fault) = self.acts(InjectedFaultKind::LongLength) {
            changes.long_length = true;
            steps.push(SendStep::Report(FaultEvent::new(
                fault,
                "the length uses the 64-bit form",
            )));
        }
        if let Some(fault) = self.acts(InjectedFaultKind::Mask) {
            changes.mask = true;
            steps.push(SendStep::Report(FaultEvent::new(
                fault,
                "the frame is masked",
            )));
        }
        if let Some(fault) = self.acts(InjectedFaultKind::NoMask) {
            changes.omits_mask = true;
            let what = "the frame is not masked";
            steps.push(SendStep::Report(FaultEvent::new(fault, what)));
        }
        if let Some((fault, key)) = self.first_acting(|kind| match kind {
            InjectedFaultKind::ConstantKey(key) if !changes.omits_mask => Some(*key),
            _ => None,
        }) {
            changes.constant_key = Some(key);
            let what = "the frame is masked with the constant key";
            steps.push(SendStep::Report(FaultEvent::new(fault, what)));
        }
        changes
    }

    fn changed_frame(
        &mut self,
        changes: FrameChanges,
        mut header: FrameHeader,
        payload: Vec<u8>,
    ) -> FaultyFrame {
        let length = payload.len() as u64;
        let form = LengthForm::SixtyFour;
        header.payload_length = PayloadLength::in_form(length, form)
            .filter(|_| changes.long_length)
            .unwrap_or(PayloadLength::shortest(length));
        if changes.mask {
            header.masking_key = Some(MaskingKey(self.random.bytes()));
        }
        header.masking_key = changes.constant_key.or(header.masking_key);
        FaultyFrame {
            header,
            payload,
            omits_mask: changes.omits_mask,
        }
    }

    /// The name of the fault, if a fault of this kind acts now.
    fn acts(&mut self, wanted: InjectedFaultKind) -> Option<String> {
        let acting = self.first_acting(|kind| (*kind == wanted).then_some(()));
        acting.map(|(fault, ())| fault)
    }

    /// The first fault that `pick` selects and whose random choice is to act.
    fn first_acting<T>(
        &mut self,
        pick: impl Fn(&InjectedFaultKind) -> Option<T>,
    ) -> Option<(String, T)> {
        let random = &mut self.random;
        self.faults.iter().find_map(|fault| {
            let picked = pick(&fault.kind)?;
            random
                .chance(fault.percent)
                .then(|| (fault.to_string(), picked))
        })
    }
}

/// The response of a proxy that cannot reach the server.
fn http_page() -> Vec<u8> {
    let body = "<html><head><title>502 Bad Gateway</title></head></html>\n";
    let length = body.len();
    format!(
        "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .into_bytes()
}
