//! The examination itself.

use std::fmt;

use super::compression::{self, Compression, Deflate, Inflated};
use super::explain::{SeenFrame, explain};
use super::foreign::{self, Foreign};
use super::misread::{self, Misread, Suspect};
use super::outlook::{Outlook, Sighting};
use super::side::{Sender, Side, WeakKey};
use super::tape::Tape;
use super::{application, explain::forbidden_masking};
use crate::diagnosis::{Finding, Place, Severity, Within, catalogue};
use crate::ws::{
    Cut, Direction, FrameDecoder, FrameHeader, Opcode, Part, Role, Rule, Unread, Violation,
};

/// What a stream says, in the order of the wire.
#[derive(Debug)]
pub enum Event<'a> {
    /// The head of a request, which a client sent, or of a response.
    Head(Role, &'a [u8]),
    /// A frame begins.
    Frame(FrameStart),
    /// Octets that are no frame begin, at this offset.
    Gap(u64),
    /// A piece of the payload of the frame, unmasked; or of what is no frame.
    Payload(&'a [u8]),
    /// What a piece of compressed payload inflates to, perhaps nothing.
    Inflated(&'a [u8]),
    /// The frame, or what is none, ends here; false if the frame should have gone on.
    End(bool),
    /// Something that is not known was taken for granted.
    Assumption(Assumption),
    /// Something is wrong with what was told before.
    Finding(Finding),
}

/// A frame begins.
#[derive(Clone, Copy, Debug)]
pub struct FrameStart {
    /// The frame, counted from 1.
    pub number: u64,
    /// Where in the stream it begins.
    pub offset: u64,
    /// Its header.
    pub header: FrameHeader,
    /// Whether it belongs to a text message.
    pub is_text: bool,
    /// Whether it belongs to a compressed message.
    pub is_compressed: bool,
    /// Who sent it, where more than its MASK bit says so.
    pub sender: Option<Role>,
    /// Which way it went, where both ways are heard.
    pub direction: Option<Direction>,
}

/// Something that is not known, and was taken for granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assumption {
    /// Messages with RSV1 are compressed as permessage-deflate does it.
    Compressed,
    /// This end sent the frames, by the MASK bit of the first one.
    SentBy(Role),
}

impl Assumption {
    /// Whether nobody would think otherwise.
    pub const fn is_usual(self) -> bool {
        matches!(self, Self::SentBy(_))
    }
}

/// The sentence, without its full stop.
impl fmt::Display for Assumption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compressed => f.write_str(
                "RSV1 is set: taken for permessage-deflate with its default parameters, as no \
                 handshake is here; --deflate says it",
            ),
            Self::SentBy(role) => {
                let verb = if *role == Role::Client {
                    "is"
                } else {
                    "is not"
                };
                write!(
                    f,
                    "taken as sent by the {role}, as the first frame {verb} masked; --from says who it was"
                )
            }
        }
    }
}

/// Who speaks in a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parties {
    /// One end.
    One(Sender),
    /// Both ends in turn; the MASK bit tells whose frame it is.
    Both,
}

/// Somebody who is told what a stream says.
type Witness<'a> = dyn FnMut(Event<'_>) + 'a;

/// Takes a stream apart, judges it, and explains what is wrong.
#[derive(Debug)]
pub struct Examiner {
    decoder: FrameDecoder,
    tape: Tape,
    sides: Sides,
    /// The most octets that a message may inflate to.
    limit: usize,
    number: u64,
    /// The frame that is being read.
    open: Option<OpenFrame>,
    /// Number and place of the frame before it.
    last: Option<(u64, u64)>,
    lost: Option<Lost>,
    violations: Vec<Violation>,
    /// What waits for the header behind it, which may tell more.
    findings: Vec<Finding>,
    /// Kinds of findings that are told once in a stream.
    told: Vec<&'static str>,
    /// Where a chunk of HTTP ends.
    chunk_end: Option<u64>,
}

#[derive(Debug)]
enum Sides {
    One(Box<Side>),
    Both(Box<[Side; 2]>),
}

impl Sides {
    /// Whether messages may be compressed.
    const fn may_compress(&self) -> bool {
        match self {
            Self::One(side) => side.may_compress(),
            Self::Both(sides) => {
                let [client, _] = &**sides;
                client.may_compress()
            }
        }
    }

    fn of(&mut self, header: &FrameHeader) -> &mut Side {
        match self {
            Self::One(side) => side,
            Self::Both(sides) => {
                let [client, server] = &mut **sides;
                if header.masking_key.is_some() {
                    client
                } else {
                    server
                }
            }
        }
    }
}

#[derive(Clone, Debug)]
struct OpenFrame {
    number: u64,
    start: u64,
    header: FrameHeader,
    is_compressed: bool,
}

impl OpenFrame {
    const fn sighting(&self) -> Sighting {
        let payload = self.start + self.header.size() as u64;
        Sighting {
            header: self.header,
            payload,
            end: payload.saturating_add(self.header.payload_length.value()),
        }
    }
}

/// Frames ended somewhere, and have not begun again.
#[derive(Debug)]
struct Lost {
    finding: Finding,
    /// From where on the next frame is looked for.
    from: u64,
}

/// What to make of a header that cannot be right.
enum Doubt {
    /// The octets are something else, up to the next frame.
    Foreign(Foreign),
    /// An earlier frame, or this one, was meant otherwise.
    Misread(Box<Misread>, Whose),
    /// A frame begins here no more than at any other octet; the next one does here.
    Desync(u64),
    /// The line between two chunks.
    ChunkEnd(u64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Earlier,
    This,
}

impl Examiner {
    /// An examiner for what these send, compressed or not; no message is inflated to more
    /// than `limit` octets. The first octet stands at `offset` of the stream.
    pub fn new(parties: Parties, deflate: Deflate, limit: usize, offset: u64) -> Self {
        let side = |role| Side::new(Sender::Known(role), deflate, limit);
        let sides = match parties {
            Parties::One(sender) => Sides::One(Box::new(Side::new(sender, deflate, limit))),
            Parties::Both => Sides::Both(Box::new([side(Role::Client), side(Role::Server)])),
        };
        let mut decoder = FrameDecoder::default();
        decoder.resume_at(offset);
        Self {
            decoder,
            tape: Tape::starting_at(offset),
            limit,
            sides,
            number: 0,
            open: None,
            last: None,
            lost: None,
            violations: Vec::new(),
            findings: Vec::new(),
            told: Vec::new(),
            chunk_end: None,
        }
    }

    /// Who sends, as far as the frames have told; None if both do.
    pub fn sender(&self) -> Option<Sender> {
        match &self.sides {
            Sides::One(side) => Some(side.sender),
            Sides::Both(_) => None,
        }
    }

    /// More octets of the stream; `is_last` if it is known that none follow. They are
    /// unmasked in place.
    pub fn take(&mut self, piece: &mut [u8], is_last: bool, witness: &mut Witness<'_>) {
        self.tape.append(piece);
        if is_last {
            self.tape.complete();
        }
        self.read(piece, witness);
        if !is_last {
            self.flush(witness);
        }
    }

    /// The stream ends here: what was begun is cut.
    pub fn finish(&mut self, witness: &mut Witness<'_>) {
        self.tape.complete();
        while let Some(resume) = self.finish_once(witness) {
            self.decoder.resume_at(resume);
            self.read(&mut [], witness);
        }
        if self.decoder.cut().is_none() {
            self.unfinished_messages();
        }
        self.flush(witness);
    }

    /// The input breaks off here, and nobody knows what would follow.
    pub fn give_up(&mut self, witness: &mut Witness<'_>) {
        if self.open.take().is_some() {
            witness(Event::End(false));
        }
        if self.lost.take().is_some() {
            witness(Event::End(true));
        }
        self.flush(witness);
    }

    /// Reads what is on the tape from where the decoder stands; the end of it is `piece`,
    /// as it came. What was read once and is to be read again comes from the tape.
    fn read(&mut self, piece: &mut [u8], witness: &mut Witness<'_>) {
        let end = self.tape.window().end();
        let start = end - piece.len() as u64;
        let mut fresh = start;
        while self.decoder.offset() < end {
            let at = self.decoder.offset();
            let again = self.tape.window().between(at, fresh).map(<[u8]>::to_vec);
            let resume = match again {
                Some(mut again) if at < fresh => self.feed(&mut again, witness),
                _ => {
                    let index = usize::try_from(at - start).unwrap_or(usize::MAX);
                    self.feed(piece.get_mut(index..).unwrap_or_default(), witness)
                }
            };
            fresh = fresh.max(self.decoder.offset());
            if let Some(resume) = resume {
                self.decoder.resume_at(resume);
            }
        }
    }

    /// Reads octets until they end, or until reading is to go on elsewhere.
    fn feed(&mut self, octets: &mut [u8], witness: &mut Witness<'_>) -> Option<u64> {
        if self.lost.is_some() {
            return Some(self.search(witness));
        }
        let mut unread = Unread::new(octets);
        while let Some(part) = self.decoder.next(&mut unread) {
            let resume = match part {
                Part::Header { offset, header } => self.header(offset, header, witness),
                Part::Payload(piece) => {
                    self.payload(piece, witness);
                    None
                }
                Part::End => {
                    self.end(witness);
                    None
                }
            };
            if resume.is_some() {
                return resume;
            }
        }
        None
    }

    /// A header was read. Where reading goes on, if these octets are not taken for a frame.
    fn header(
        &mut self,
        offset: u64,
        header: FrameHeader,
        witness: &mut Witness<'_>,
    ) -> Option<u64> {
        let side = self.sides.of(&header);
        let before = side.referee.clone();
        side.referee.header(offset, &header, &mut self.violations);
        if (!self.violations.is_empty() || self.goes_beyond(offset, &header))
            && let Some(doubt) = self.doubt(offset, &header)
        {
            self.sides.of(&header).referee = before;
            let resume = self.turn(offset, header, doubt, witness);
            self.violations.clear();
            return Some(resume);
        }
        self.flush(witness);
        self.begin(offset, header, witness);
        None
    }

    /// A frame begins, whatever may be wrong with it.
    fn begin(&mut self, start: u64, header: FrameHeader, witness: &mut Witness<'_>) {
        self.number += 1;
        let side = self.sides.of(&header);
        if let Some(role) = side.learn(&header) {
            witness(Event::Assumption(Assumption::SentBy(role)));
        }
        let assumes = side.assumes(&header);
        let compression = side.compression(&header);
        let is_compressed = compression.is_some_and(|messages| messages.header(&header));
        let is_text = side.referee.is_text();
        let sender = side.sender.known();
        if side
            .sender
            .role()
            .is_some_and(|sender| forbidden_masking(sender, header.masking_key.is_some()))
        {
            side.masks_wrongly = true;
        }
        self.open = Some(OpenFrame {
            number: self.number,
            start,
            header,
            is_compressed,
        });
        if assumes && is_compressed {
            witness(Event::Assumption(Assumption::Compressed));
        }
        witness(Event::Frame(FrameStart {
            number: self.number,
            offset: start,
            header,
            is_text,
            is_compressed,
            sender,
            direction: None,
        }));
    }

    fn payload(&mut self, piece: &[u8], witness: &mut Witness<'_>) {
        let Some(frame) = &self.open else {
            return;
        };
        let side = self.sides.of(&frame.header);
        side.referee.payload(piece, &mut self.violations);
        witness(Event::Payload(piece));
        if frame.is_compressed
            && let Some(messages) = side.compression(&frame.header)
        {
            messages.payload(piece, &mut |inflated| witness(Event::Inflated(inflated)));
        }
    }

    /// The frame is whole.
    fn end(&mut self, witness: &mut Witness<'_>) {
        let Some(frame) = self.open.take() else {
            return;
        };
        let side = self.sides.of(&frame.header);
        side.referee.end(&mut self.violations);
        let inflated = if frame.is_compressed && frame.header.fin {
            side.compression(&frame.header)
                .and_then(Compression::finish)
        } else {
            None
        };
        if inflated
            .as_ref()
            .is_some_and(|message| message.fault.is_none())
        {
            // An empty message, too, inflates to something.
            witness(Event::Inflated(&[]));
        }
        witness(Event::End(true));
        self.judge(&frame, true);
        if let Some(message) = inflated {
            self.judge_inflated(&frame, &message);
        }
        self.last = Some((frame.number, frame.start));
    }

    /// Collects what is wrong with a frame of which all is told.
    fn judge(&mut self, frame: &OpenFrame, is_whole: bool) {
        let outlook = self.outlook(&frame.header);
        let seen = SeenFrame {
            outlook,
            number: frame.number,
            start: frame.start,
            sighting: frame.sighting(),
        };
        let mut findings: Vec<Finding> = self
            .violations
            .iter()
            .map(|violation| explain(violation, &seen))
            .collect();
        if findings.is_empty() && frame.header.fin && frame.header.rsv.value() == 0 {
            let spoken = application::judge(frame.header.opcode, &seen.payload(), is_whole);
            findings.extend(spoken.map(|found| {
                found.at(seen.place(seen.sighting.payload, frame.header.payload_length.value()))
            }));
        }
        self.violations.clear();
        let weak = self.weak_key(frame);
        for finding in findings.into_iter().chain(weak) {
            self.collect(finding, frame);
        }
    }

    /// Collects what is wrong with a compressed message of which this is the last frame.
    fn judge_inflated(&mut self, frame: &OpenFrame, message: &Inflated) {
        let is_known = self
            .sides
            .of(&frame.header)
            .compression(&frame.header)
            .is_some_and(|messages| messages.is_known());
        let seen = self.seen(frame);
        let finding = match message.fault {
            Some(fault) => Some(compression::explain(
                message, fault, is_known, self.limit, &seen,
            )),
            None => {
                application::judge(message.opcode, &message.start, message.is_all).map(|found| {
                    let length = frame.header.payload_length.value();
                    found.at(seen.place(seen.sighting.payload, length))
                })
            }
        };
        if let Some(finding) = finding {
            self.collect(finding, frame);
        }
    }

    /// Keeps a finding for later, with what is to be known about who sent the frame.
    fn collect(&mut self, mut finding: Finding, frame: &OpenFrame) {
        let once = [
            catalogue::MASK_KEY_WEAK.id,
            catalogue::TEXT_ODD_CONTENT.id,
            catalogue::APP_ENGINE_IO.id,
            catalogue::APP_COMPRESSED.id,
            catalogue::APP_STOMP_MQTT_SOCKJS.id,
        ];
        let is_of_mask = [catalogue::SERVER_MASKS.id, catalogue::CLIENT_UNMASKED.id];
        let rule = finding.rule();
        if once.contains(&rule) {
            if self.told.contains(&rule) {
                return;
            }
            self.told.push(rule);
        }
        let sender = self.sides.of(&frame.header).sender;
        if is_of_mask.contains(&rule)
            && let Sender::Inferred(role) = sender
        {
            finding.severity = Severity::Suspicious;
            finding = finding
                .perhaps("two directions are mixed here: mark their lines with > and <")
                .note(format!(
                    "taken as sent by the {role}, as the first frame was {}; --from says who it was",
                    if role == Role::Client { "masked" } else { "not masked" }
                ));
        }
        self.findings.push(finding);
    }

    fn weak_key(&mut self, frame: &OpenFrame) -> Option<Finding> {
        let weak = self.sides.of(&frame.header).weak_key(&frame.header)?;
        let place = self.seen(frame).place(frame.sighting().payload - 4, 4);
        let finding = match weak {
            WeakKey::Zero => Finding::new(
                &catalogue::MASK_KEY_WEAK,
                "the masking key is 00000000, which masks nothing",
            ),
            WeakKey::Repeated(key) => Finding::new(
                &catalogue::MASK_KEY_WEAK,
                format!("the masking key {key} is the one of the frame before"),
            )
            .because("the key is made once for a connection, or is a constant"),
        };
        Some(finding.at(place))
    }

    /// Whether the stream is known to end before this frame does.
    fn goes_beyond(&self, offset: u64, header: &FrameHeader) -> bool {
        let window = self.tape.window();
        let size = (header.size() as u64).saturating_add(header.payload_length.value());
        window.is_complete() && offset.saturating_add(size) > window.end()
    }

    /// What these octets are if not a frame; None if they are one as good as another.
    fn doubt(&self, offset: u64, header: &FrameHeader) -> Option<Doubt> {
        let outlook = self.outlook(header);
        let window = outlook.window;
        let is_start = self.number == 0;
        if self.chunk_end == Some(offset) {
            return foreign::chunk_end(window.from(offset)?).map(Doubt::ChunkEnd);
        }
        if let Some(known) = foreign::known(window.from(offset)?, is_start) {
            return Some(Doubt::Foreign(known));
        }
        let sighting = outlook.frame(offset)?;
        if outlook.like(header).leads_on(sighting.end) {
            return None;
        }
        let earlier = self.last.and_then(|(number, start)| {
            Suspect::new(outlook, number, start).filter(|_| !self.violations.is_empty())
        });
        if let Some(misread) = earlier.and_then(|suspect| suspect.misread()) {
            return Some(Doubt::Misread(Box::new(misread), Whose::Earlier));
        }
        let this = Suspect::new(outlook, self.number + 1, offset);
        if let Some(misread) = this.and_then(|suspect| suspect.misread()) {
            return Some(Doubt::Misread(Box::new(misread), Whose::This));
        }
        if let Some(foreign) = foreign::likely(&outlook, offset, is_start) {
            return Some(Doubt::Foreign(foreign));
        }
        if !self.violations.iter().any(is_impossible) {
            return None;
        }
        outlook.next_frame(offset + 1).map(Doubt::Desync)
    }

    /// Tells what stands there instead of a frame; where reading goes on.
    fn turn(
        &mut self,
        offset: u64,
        header: FrameHeader,
        doubt: Doubt,
        witness: &mut Witness<'_>,
    ) -> u64 {
        match doubt {
            Doubt::ChunkEnd(size) => {
                self.chunk_end = None;
                self.gap(offset, offset + size, witness);
                offset + size
            }
            Doubt::Foreign(foreign) => self.foreign(offset, foreign, witness),
            Doubt::Misread(misread, Whose::Earlier) => {
                // What was wrong with that frame was so because it was read wrongly.
                let number = Within::Frame(self.number);
                self.findings
                    .retain(|finding| finding.place.as_ref().is_none_or(|at| at.within != number));
                self.flush(witness);
                if misread.end > offset {
                    self.gap(offset, misread.end, witness);
                }
                witness(Event::Finding(self.resumed(misread.finding, misread.end)));
                misread.end
            }
            Doubt::Misread(misread, Whose::This) => {
                self.flush(witness);
                self.misread_frame(offset, header, *misread, witness)
            }
            Doubt::Desync(resume) => {
                self.flush(witness);
                let finding = self.desync(offset, &header, resume);
                self.gap(offset, resume, witness);
                witness(Event::Finding(self.resumed(finding, resume)));
                resume
            }
        }
    }

    /// A frame that ends elsewhere than its header says.
    fn misread_frame(
        &mut self,
        offset: u64,
        header: FrameHeader,
        misread: Misread,
        witness: &mut Witness<'_>,
    ) -> u64 {
        self.number += 1;
        let side = self.sides.of(&header);
        witness(Event::Frame(FrameStart {
            number: self.number,
            offset,
            header,
            is_text: header.opcode == Opcode::TEXT,
            is_compressed: false,
            sender: side.sender.known(),
            direction: None,
        }));
        let payload = offset + header.size() as u64;
        let octets = self.tape.window().up_to(payload, misread.end);
        let mut octets = octets.to_vec();
        if let Some(key) = header.masking_key {
            key.apply(0, &mut octets);
        }
        if !octets.is_empty() {
            witness(Event::Payload(&octets));
        }
        witness(Event::End(false));
        self.last = None;
        witness(Event::Finding(self.resumed(misread.finding, misread.end)));
        misread.end
    }

    /// Octets of something else, up to where the next frame begins.
    fn foreign(&mut self, offset: u64, foreign: Foreign, witness: &mut Witness<'_>) -> u64 {
        self.flush(witness);
        let finding = self.foreign_finding(offset, &foreign);
        if let Some(size) = foreign.size {
            self.chunk_end = foreign.chunk.map(|distance| offset + distance);
            self.gap(offset, offset + size, witness);
            witness(Event::Finding(self.resumed(finding, offset + size)));
            return offset + size;
        }
        witness(Event::Gap(offset));
        self.lost = Some(Lost {
            finding,
            from: offset + 1,
        });
        // The search tells the octets from here on.
        offset
    }

    fn foreign_finding(&self, offset: u64, foreign: &Foreign) -> Finding {
        let length = foreign.size.unwrap_or(4);
        let length = length.min(self.tape.window().end() - offset);
        let mut finding = Finding::new(foreign.entry, foreign.message.clone()).at(Place {
            within: Within::Stream,
            offset,
            length,
            direction: None,
            extract: self.tape.window().extract(offset, offset),
        });
        if let Some(cause) = foreign.cause {
            finding = finding.perhaps(cause);
        }
        self.after_last(finding)
    }

    /// Looks for the next frame among octets that are none; where reading goes on.
    fn search(&mut self, witness: &mut Witness<'_>) -> u64 {
        let Some(lost) = self.lost.take() else {
            return self.decoder.offset();
        };
        let at = self.decoder.offset();
        let outlook = self.outlook_for_any();
        let end = outlook.window.end();
        let Some(resume) = outlook.next_frame(lost.from) else {
            witness_octets(outlook.window.up_to(at, end), witness);
            // A header may begin in the last octets and end in those to come.
            const HEADER: u64 = 14;
            let from = end.saturating_sub(HEADER).max(lost.from);
            self.lost = Some(Lost { from, ..lost });
            return end;
        };
        witness_octets(outlook.window.up_to(at, resume), witness);
        witness(Event::End(true));
        witness(Event::Finding(self.resumed(lost.finding, resume)));
        resume
    }

    /// Octets that are no frame.
    fn gap(&self, start: u64, end: u64, witness: &mut Witness<'_>) {
        witness(Event::Gap(start));
        witness_octets(self.tape.window().up_to(start, end), witness);
        witness(Event::End(true));
    }

    /// Octets that could be a frame as little as anything else.
    fn desync(&self, offset: u64, header: &FrameHeader, resume: u64) -> Finding {
        let window = self.tape.window();
        let rule = self.violations.iter().find(|found| is_impossible(found));
        let why = rule.map_or_else(String::new, |found| format!(": {}", found.rule));
        let message = format!("no frame begins at byte {offset}{why}");
        let place = Place {
            within: Within::Stream,
            offset,
            length: (resume - offset).min(header.size() as u64),
            direction: None,
            extract: window.extract(offset, offset),
        };
        let finding = Finding::new(&catalogue::DESYNC, message).at(place);
        let octets = window.between(offset, resume).unwrap_or_default();
        let lost = [0x81, 0x82, 0x01, 0x80].into_iter().find(|first| {
            let with: Vec<u8> = std::iter::once(*first)
                .chain(octets.iter().copied())
                .collect();
            FrameHeader::parse(&with).is_ok_and(|(header, size)| {
                header.payload_length.value() == (with.len() - size) as u64
            })
        });
        let finding = match lost {
            Some(first) => finding
                .label(format!("a frame, if {first:02x} stands in front of it"))
                .because("the first byte of a frame is missing: a write or a read was cut short"),
            None => finding,
        };
        self.after_last(finding)
    }

    /// The finding with what is known of the last good frame.
    fn after_last(&self, finding: Finding) -> Finding {
        let Some((number, start)) = self.last else {
            return finding;
        };
        let Some(sighting) = self.outlook_for_any().frame(start) else {
            return finding.note(format!("frame {number} was the last good one"));
        };
        finding.note(format!(
            "frame {number} was the last good one: {}, {} bytes by its length, up to byte {}",
            sighting.header.opcode,
            sighting.header.payload_length.value(),
            sighting.end,
        ))
    }

    /// The finding with where the stream makes sense again.
    fn resumed(&self, finding: Finding, resume: u64) -> Finding {
        if resume >= self.tape.window().end() {
            return finding;
        }
        finding.note(format!("the stream makes sense again at byte {resume}"))
    }

    /// The messages whose last fragment has not come.
    fn unfinished_messages(&mut self) {
        let open = match &self.sides {
            Sides::One(side) => u64::from(side.referee.message_is_open()),
            Sides::Both(sides) => sides
                .iter()
                .map(|side| u64::from(side.referee.message_is_open()))
                .sum(),
        };
        let end = self.tape.window().end();
        let (number, start) = self.last.unwrap_or((self.number, end));
        for _ in 0..open {
            let place = Place {
                extract: self.tape.window().extract(start, start),
                ..Place::in_frame(number, start, 1)
            };
            let finding = Finding::of_open_message(place);
            self.findings.push(finding.label("FIN is 0"));
        }
    }

    /// The end of the stream, once; where reading goes on if it is not the end yet.
    fn finish_once(&mut self, witness: &mut Witness<'_>) -> Option<u64> {
        if let Some(lost) = self.lost.take() {
            witness(Event::End(true));
            witness(Event::Finding(lost.finding));
            return None;
        }
        match self.decoder.cut()? {
            cut @ Cut::Payload { .. } => self.cut_payload(&cut, witness),
            cut @ Cut::Header { .. } => self.cut_header(&cut, witness),
        }
    }

    fn cut_payload(&mut self, cut: &Cut, witness: &mut Witness<'_>) -> Option<u64> {
        let frame = self.open.take()?;
        witness(Event::End(false));
        let outlook = self.outlook(&frame.header);
        let suspect = Suspect::new(outlook, frame.number, frame.start);
        if let Some(misread) = suspect.and_then(|suspect| suspect.misread()) {
            self.violations.clear();
            self.flush(witness);
            witness(Event::Finding(self.resumed(misread.finding, misread.end)));
            return (misread.end < self.tape.window().end()).then_some(misread.end);
        }
        self.judge(&frame, false);
        let mut finding = self.of_cut(cut, frame.number);
        finding.place = finding.place.map(|at| {
            let seen = self.seen(&frame);
            seen.place(at.offset, at.length)
        });
        self.findings.push(finding);
        None
    }

    fn cut_header(&mut self, cut: &Cut, witness: &mut Witness<'_>) -> Option<u64> {
        let Cut::Header { offset, .. } = cut else {
            return None;
        };
        let offset = *offset;
        let outlook = self.outlook_for_any();
        let is_start = self.number == 0;
        let octets = outlook.window.from(offset).unwrap_or_default();
        let earlier = self
            .last
            .and_then(|(number, start)| Suspect::new(outlook, number, start)?.misread());
        if let Some(misread) = earlier {
            let doubt = Doubt::Misread(Box::new(misread), Whose::Earlier);
            let end = outlook.window.end();
            self.turn(offset, FrameHeader::new(Opcode::TEXT, 0), doubt, witness);
            self.decoder.resume_at(end);
            return None;
        }
        if let Some(misread) = misread::empty_without_key(&outlook, self.number + 1, offset) {
            self.findings.push(misread);
            return None;
        }
        let foreign = foreign::known(octets, is_start)
            .or_else(|| foreign::likely(&outlook, offset, is_start));
        if let Some(foreign) = foreign {
            self.flush(witness);
            let finding = self.foreign_finding(offset, &foreign);
            self.gap(offset, outlook_end(&self.tape), witness);
            witness(Event::Finding(finding));
            return None;
        }
        let mut finding = self.of_cut(cut, self.number + 1);
        let extract = self.tape.window().extract(offset, offset);
        finding.place = finding.place.map(|place| Place { extract, ..place });
        self.findings.push(finding);
        None
    }

    /// The finding of a frame that goes on beyond the stream, and of the reading that
    /// perhaps cut it.
    fn of_cut(&self, cut: &Cut, number: u64) -> Finding {
        const BUFFERS: [u64; 9] = [256, 512, 1024, 2048, 4096, 8096, 8192, 16384, 65536];
        let finding = Finding::of_cut(cut, number);
        let size = self.tape.window().end();
        let is_of_read = match cut {
            Cut::Header { .. } => size == 1,
            Cut::Payload { .. } => BUFFERS.contains(&size),
        };
        if !is_of_read {
            return finding;
        }
        let bytes = if size == 1 { "byte" } else { "bytes" };
        let read = Finding::new(&catalogue::READ_IS_NOT_FRAME, finding.message);
        Finding {
            place: finding.place,
            severity: Severity::Suspicious,
            ..read.perhaps(format!(
                "one `recv` was taken for one frame: the stream ends after exactly {size} {bytes}"
            ))
        }
    }

    /// Tells what was found so far.
    fn flush(&mut self, witness: &mut Witness<'_>) {
        for finding in self.findings.drain(..) {
            witness(Event::Finding(finding));
        }
    }

    fn seen(&self, frame: &OpenFrame) -> SeenFrame<'_> {
        SeenFrame {
            outlook: self.outlook(&frame.header),
            number: frame.number,
            start: frame.start,
            sighting: frame.sighting(),
        }
    }

    /// What may be expected of the frames behind this one.
    fn outlook(&self, header: &FrameHeader) -> Outlook<'_> {
        let masked = match &self.sides {
            Sides::One(side) => side.masked(),
            Sides::Both(_) => None,
        };
        let masked = masked.filter(|masked| *masked == header.masking_key.is_some());
        Outlook {
            masked,
            ..self.outlook_for_any()
        }
    }

    fn outlook_for_any(&self) -> Outlook<'_> {
        Outlook {
            window: self.tape.window(),
            masked: None,
            compressed: self.sides.may_compress(),
            like: None,
        }
    }
}

fn outlook_end(tape: &Tape) -> u64 {
    tape.window().end()
}

fn witness_octets(octets: &[u8], witness: &mut Witness<'_>) {
    if !octets.is_empty() {
        witness(Event::Payload(octets));
    }
}

/// Whether no frame can begin with octets that break this rule, unless it is one that does
/// everything so.
const fn is_impossible(violation: &Violation) -> bool {
    matches!(
        violation.rule,
        Rule::ReservedBits(_)
            | Rule::ReservedOpcode(_)
            | Rule::ControlFragmented(_)
            | Rule::ContinuationWithoutStart
            | Rule::LengthHighestBit(_)
    )
}
