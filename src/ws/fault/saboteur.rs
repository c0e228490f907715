//! Who carries the faults out: what goes out instead of what should.

use super::kinds::{Fault, FaultKind};
use super::random::Random;
use crate::ws::handshake::{Response, accept_value};
use crate::ws::{
    CloseBody, CloseCode, ClosePayload, FrameHeader, LengthForm, MaskingKey, Opcode, PayloadLength,
    Rsv,
};

/// Spoils what one connection sends.
#[derive(Debug)]
pub struct Saboteur {
    faults: Vec<Fault>,
    random: Random,
    /// How many messages were sent.
    messages: u64,
}

/// A fault has acted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// The fault, as it was asked for.
    pub fault: String,
    /// What it did.
    pub what: String,
}

/// One step of what is to be done instead of sending a frame as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Tell that a fault acts.
    Tell(Act),
    /// Send this frame.
    Frame(FrameHeader, Vec<u8>),
    /// Send the first half of this frame.
    Half(FrameHeader, Vec<u8>),
    /// Send these octets, which are no frame.
    Octets(Vec<u8>),
    /// The close frame stays unsent; the connection stays open for all that.
    WithholdClose,
    /// Begin the closing handshake.
    Close(CloseCode),
    /// End it all.
    Exit(Exit),
}

/// How a connection is ended on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The stream ends (FIN).
    Fin,
    /// The connection is reset (RST).
    Reset,
    /// Nothing is sent any more.
    Silence,
}

/// How octets are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// How many milliseconds to wait first.
    pub delay: u64,
    /// How many octets to write at a time; None for all.
    pub split: Option<usize>,
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
            acts.push(act(fault, format!("the request is refused with {status}")));
            return acts;
        }
        if let Some(fault) = self.strike_if(FaultKind::BadAccept) {
            for header in &mut response.headers {
                if header.name == ACCEPT {
                    // The accept value of the accept value is never the accept value.
                    header.value = accept_value(header.text().as_bytes()).into_bytes();
                }
            }
            acts.push(act(fault, "the accept value is wrong"));
        }
        if let Some(fault) = self.strike_if(FaultKind::NoAccept) {
            response.headers.retain(|header| header.name != ACCEPT);
            acts.push(act(fault, "the accept value is left out"));
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
        let tell = Step::Tell(act(fault, "a message is in the same write as the 101"));
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
            acts.push(act(fault, format!("the next write waits {delay} ms")));
        }
        if let Some((fault, size)) = self.strike(|kind| match kind {
            FaultKind::Split(size) => Some(*size),
            _ => None,
        }) {
            pace.split = Some(size);
            let unit = if size == 1 { "byte" } else { "bytes" };
            acts.push(act(
                fault,
                format!("the next write is cut every {size} {unit}"),
            ));
        }
        (pace, acts)
    }

    fn pong(&mut self, header: FrameHeader, payload: &[u8], steps: &mut Vec<Step>) {
        if let Some(fault) = self.strike_if(FaultKind::NoPong) {
            steps.push(Step::Tell(act(fault, "the ping is not answered")));
            return;
        }
        let mut payload = payload.to_vec();
        if let Some(fault) = self.strike_if(FaultKind::WrongPong) {
            match payload.last_mut() {
                Some(octet) => *octet ^= 1,
                None => payload.extend_from_slice(b"wrong"),
            }
            steps.push(Step::Tell(act(
                fault,
                "the pong's payload is not the ping's",
            )));
        }
        let dress = self.dress(steps);
        steps.push(self.dressed(dress, header, payload));
    }

    fn close(&mut self, header: FrameHeader, payload: &[u8], steps: &mut Vec<Step>) {
        if let Some(fault) = self.strike_if(FaultKind::NoClose) {
            steps.push(Step::Tell(act(fault, "the close frame is not sent")));
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
            steps.push(Step::Tell(act(
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
            steps.push(Step::Tell(act(fault, what)));
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
        steps.push(Step::Tell(act(fault, what)));
    }

    fn change_header(&mut self, header: &mut FrameHeader, steps: &mut Vec<Step>) {
        if let Some((fault, opcode)) = self.strike(|kind| match kind {
            FaultKind::Opcode(opcode) => Some(*opcode),
            _ => None,
        }) {
            header.opcode = opcode;
            let what = format!("the message has opcode {}", opcode.value());
            steps.push(Step::Tell(act(fault, what)));
        }
        if let Some(fault) = self.strike_if(FaultKind::Rsv1) {
            header.rsv = Rsv::RSV1;
            steps.push(Step::Tell(act(fault, "the message has RSV1")));
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
        steps.push(Step::Tell(act(
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
                steps.push(Step::Tell(act(fault, what)));
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
            steps.push(Step::Tell(act(fault, what)));
            steps.push(Step::Close(code));
        }
        if let Some(fault) = self.strike_if(FaultKind::DropAfter(count)) {
            let what = format!("the server hangs up after {count} {messages}");
            steps.push(Step::Tell(act(fault, what)));
            steps.push(Step::Exit(Exit::Fin));
        }
        if let Some(fault) = self.strike_if(FaultKind::ResetAfter(count)) {
            let what = format!("the server resets the connection after {count} {messages}");
            steps.push(Step::Tell(act(fault, what)));
            steps.push(Step::Exit(Exit::Reset));
        }
    }

    fn dress(&mut self, steps: &mut Vec<Step>) -> Dress {
        let mut dress = Dress::default();
        if let Some(fault) = self.strike_if(FaultKind::LongLength) {
            dress.long = true;
            steps.push(Step::Tell(act(fault, "the length is in 64 bits")));
        }
        if let Some(fault) = self.strike_if(FaultKind::Mask) {
            dress.masked = true;
            steps.push(Step::Tell(act(fault, "the frame is masked")));
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

fn act(fault: String, what: impl Into<String>) -> Act {
    let what = what.into();
    Act { fault, what }
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn saboteur(faults: &[&str]) -> Saboteur {
        let faults = faults.iter().map(|words| words.parse().unwrap());
        Saboteur::new(faults.collect(), 1, 1)
    }

    fn send(saboteur: &mut Saboteur, opcode: Opcode, payload: &[u8]) -> Vec<Step> {
        saboteur.frame(FrameHeader::new(opcode, payload.len() as u64), payload)
    }

    /// The steps in short: what is told, and the first octet, form and payload of frames.
    fn text(faults: &[&str], payload: &str) -> Vec<String> {
        shown(send(
            &mut saboteur(faults),
            Opcode::TEXT,
            payload.as_bytes(),
        ))
    }

    fn shown(steps: Vec<Step>) -> Vec<String> {
        let steps = steps.into_iter().map(|step| match step {
            Step::Tell(act) => format!("{}: {}", act.fault, act.what),
            Step::Frame(header, payload) => frame(&header, &payload),
            Step::Half(header, payload) => format!("half {}", frame(&header, &payload)),
            Step::Octets(octets) => String::from_utf8_lossy(&octets)[..12].to_owned(),
            other => format!("{other:?}"),
        });
        steps.collect()
    }

    fn frame(header: &FrameHeader, payload: &[u8]) -> String {
        format!("{:02x} {}", header.encode()[0], payload.escape_ascii())
    }

    #[test]
    fn without_a_fault_that_is_meant_a_frame_stays_as_it_is() {
        assert_eq!(text(&["no-pong", "drop-after=2"], "hi"), ["81 hi"]);
    }

    #[test]
    fn what_is_done_to_a_message() {
        assert_eq!(
            text(&["fragment=2"], "hello"),
            [
                "fragment=2: the message is in 3 frames",
                "01 he",
                "00 ll",
                "80 o"
            ]
        );
        assert_eq!(text(&["fragment=5"], "hello"), ["81 hello"]);
        assert_eq!(
            text(&["rsv1", "opcode=3"], "a"),
            [
                "opcode=3: the message has opcode 3",
                "rsv1: the message has RSV1",
                "c3 a"
            ]
        );
        assert_eq!(
            text(&["bad-utf8"], "a"),
            ["bad-utf8: byte 0 of the text is ff", r"81 \xff"]
        );
        assert_eq!(
            text(&["http"], "a"),
            [
                "http: an HTTP error page is sent instead of the message",
                "HTTP/1.1 502"
            ]
        );
        assert_eq!(
            text(&["truncate"], "abcd"),
            [
                "truncate: half of the frame is sent, then the stream ends",
                "half 81 abcd",
                "Exit(Fin)"
            ]
        );
        assert_eq!(
            text(&["stall"], "abcd")[1..],
            ["half 81 abcd", "Exit(Silence)"]
        );
    }

    #[test]
    fn lengths_and_masks_are_of_every_frame() {
        let steps = send(&mut saboteur(&["mask", "long-length"]), Opcode::PONG, b"hi");
        let Some(Step::Frame(header, payload)) = steps.last() else {
            panic!("{steps:?}")
        };
        assert_eq!(payload, b"hi");
        assert_eq!(header.encode()[..10], *b"\x8a\xff\0\0\0\0\0\0\0\x02");
        assert!(header.masking_key.is_some());
    }

    #[test]
    fn what_is_done_after_so_many_messages() {
        let mut saboteur = saboteur(&["close-after=2:1011", "drop-after=0"]);
        assert_eq!(
            shown(saboteur.opened()),
            [
                "drop-after=0: the server hangs up after 0 messages",
                "Exit(Fin)"
            ]
        );
        assert_eq!(shown(send(&mut saboteur, Opcode::TEXT, b"1")), ["81 1"]);
        assert_eq!(
            shown(send(&mut saboteur, Opcode::BINARY, b"2")),
            [
                "82 2",
                "close-after=2:1011: the server closes after 2 messages",
                "Close(CloseCode(1011))"
            ]
        );
    }

    #[test]
    fn pongs_and_closes() {
        let pong = |fault: &str, payload: &[u8]| {
            shown(send(&mut saboteur(&[fault]), Opcode::PONG, payload))
        };
        assert_eq!(pong("no-pong", b"a"), ["no-pong: the ping is not answered"]);
        assert_eq!(pong("wrong-pong", b"a")[1..], ["8a `"]);
        assert_eq!(pong("wrong-pong", b"")[1..], ["8a wrong"]);
        let close =
            |fault: &str| shown(send(&mut saboteur(&[fault]), Opcode::CLOSE, b"\x03\xe8bye"));
        assert_eq!(close("close-code=1005")[1..], [r"88 \x03\xedbye"]);
        assert_eq!(close("no-close")[1..], ["WithholdClose"]);
    }

    #[test]
    fn the_answer_and_what_is_glued_to_it() {
        let right = Response::switching_protocols("a");
        let spoilt = |fault: &str| {
            let mut response = right.clone();
            let acts = saboteur(&[fault]).answer(&mut response);
            assert_eq!(acts.len(), 1, "{fault}");
            response
        };
        assert_eq!(spoilt("reject=503").status, 503);
        assert_ne!(spoilt("bad-accept").headers, right.headers);
        assert_eq!(spoilt("no-accept").headers, right.headers[..2]);
        let mut saboteur = saboteur(&["glue"]);
        assert_eq!(
            shown(saboteur.glue())[1..],
            ["81 in one write with the 101"]
        );
    }

    #[test]
    fn a_seed_repeats_every_choice() {
        let run = |seed| {
            let faults = ["mask%40", "bad-utf8%30", "truncate%5"];
            let faults = faults.iter().map(|words| words.parse().unwrap());
            let mut saboteur = Saboteur::new(faults.collect(), seed, 3);
            let sent = (0..50).flat_map(|_| send(&mut saboteur, Opcode::TEXT, b"hello"));
            sent.collect::<Vec<_>>()
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
    }

    proptest! {
        #[test]
        fn fragments_give_the_message_again(
            payload in prop::collection::vec(any::<u8>(), 0..200),
            size in 1_usize..50,
        ) {
            let fault = format!("fragment={size}");
            let steps = send(&mut saboteur(&[&fault]), Opcode::BINARY, &payload);
            let frames: Vec<_> = steps.iter().filter_map(|step| match step {
                Step::Frame(header, payload) => Some((header.fin, payload.as_slice())),
                _ => None,
            }).collect();
            prop_assert_eq!(frames.iter().filter(|frame| frame.0).count(), 1);
            prop_assert!(frames.last().unwrap().0);
            let joined: Vec<u8> = frames.iter().flat_map(|frame| frame.1.to_vec()).collect();
            prop_assert_eq!(joined, payload);
        }
    }
}
