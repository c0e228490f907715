//! Findings on frames and messages: their order, and which of them are reported.
//!
//! [`frames`](super::frames) gives the violations of a frame to [`diagnose_frame`] and its
//! findings to a [`FindingQueue`], which holds them back until the next header is read: that
//! header may show that the frame was read wrongly.

use super::event::EventSink;
use super::explain::application;
use super::explain::close;
use super::explain::context::FrameContext;
use super::explain::text;
use super::explain::{self, prefilter};
use super::senders::{KnownSender, WeakKey};
use crate::diagnosis::catalogue::Phase;
use crate::diagnosis::{Finding, LocationScope, Severity, catalogue};
use crate::ws::{FrameHeader, Message, Opcode, Role, Violation};

/// Rules that every frame of a stream may break. Only the first finding is reported.
const REPORTED_ONCE: [&str; 6] = [
    catalogue::APP_HEARTBEAT.id,
    catalogue::MASK_KEY_WEAK.id,
    catalogue::TEXT_ODD_CONTENT.id,
    catalogue::APP_ENGINE_IO.id,
    catalogue::APP_COMPRESSED.id,
    catalogue::APP_STOMP_MQTT_SOCKJS.id,
];

/// Findings that are not yet reported.
#[derive(Debug, Default)]
pub(super) struct FindingQueue {
    pending: Vec<Finding>,
    /// Rules that are reported once, and were.
    reported: Vec<&'static str>,
    /// Whether there was a finding.
    is_used: bool,
}

impl FindingQueue {
    /// An empty queue, where these rules were reported before.
    pub(super) fn with_reported(reported: &[&'static str]) -> Self {
        Self {
            pending: Vec::new(),
            reported: reported.to_vec(),
            is_used: false,
        }
    }

    /// The rules that are reported once, and were.
    pub(super) fn reported(&self) -> &[&'static str] {
        &self.reported
    }

    /// Whether a finding is to be reported; remembers those that are reported once.
    pub(super) fn is_new(&mut self, finding: &Finding) -> bool {
        let rule = finding.rule();
        if self.reported.contains(&rule) {
            return false;
        }
        if REPORTED_ONCE.contains(&rule) {
            self.reported.push(rule);
        }
        true
    }

    /// Adds a finding that is reported in any case.
    pub(super) fn push(&mut self, finding: Finding) {
        self.is_used = true;
        self.pending.push(finding);
    }

    /// Whether a finding was added.
    pub(super) const fn is_used(&self) -> bool {
        self.is_used
    }

    /// Adds a finding on a frame of this sender, if it is to be reported.
    pub(super) fn push_new(&mut self, finding: Finding, sender: KnownSender) {
        if self.is_new(&finding) {
            self.push(qualified(finding, sender));
        }
    }

    /// Drops the findings on this frame, which was read wrongly.
    pub(super) fn drop_frame(&mut self, number: u64) {
        let frame = LocationScope::Frame(number);
        let is_other = |finding: &Finding| {
            let location = finding.location.as_ref();
            location.is_none_or(|location| location.scope != frame)
        };
        self.pending.retain(is_other);
    }

    /// Reports all findings.
    pub(super) fn report(&mut self, sink: &mut EventSink<'_>) {
        for finding in self.pending.drain(..) {
            sink.finding(finding);
        }
    }

    /// Reports the findings before the first one on a payload: the next header may explain that
    /// one.
    pub(super) fn report_settled(&mut self, sink: &mut EventSink<'_>) {
        let is_open = |finding: &Finding| finding.page.phase == Phase::Payload;
        let settled = self.pending.iter().take_while(|finding| !is_open(finding));
        let settled = settled.count();
        for finding in self.pending.drain(..settled) {
            sink.finding(finding);
        }
    }
}

/// The finding, milder if it is about MASK and the sender was inferred from MASK.
fn qualified(mut finding: Finding, sender: KnownSender) -> Finding {
    let rules = [catalogue::SERVER_MASKS.id, catalogue::CLIENT_UNMASKED.id];
    let KnownSender::Inferred(role) = sender else {
        return finding;
    };
    if !rules.contains(&finding.rule()) {
        return finding;
    }
    finding.severity = Severity::Suspicious;
    let masked = if role == Role::Client {
        "masked"
    } else {
        "not masked"
    };
    finding
        .possible_cause("the bytes are of two directions: mark their lines with > and <")
        .note(format!(
            "taken as sent by the {role}, because the first frame was {masked}; --from sets the \
             sender"
        ))
}

/// The findings on a frame: its violations, or what an application probably did wrong, and a
/// weak masking key.
pub(super) fn diagnose_frame(
    violations: &[Violation],
    has_application_finding: bool,
    weak: Option<WeakKey>,
    frame: &FrameContext<'_>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for violation in violations {
        add(&mut findings, explain::explain(violation, frame));
    }
    if findings.is_empty() && has_application_finding {
        findings.extend(diagnose_message(frame));
    }
    findings.extend(weak.map(|weak| diagnose_key(weak, frame)));
    findings
}

/// Adds a finding to those on its frame. Violations with one cause are one finding: a close code
/// and a reason that were not masked, or RSV2 and a reserved opcode.
fn add(findings: &mut Vec<Finding>, finding: Finding) {
    let has_same_cause = |other: &&mut Finding| {
        other.rule() == finding.rule()
            && other.location == finding.location
            && other.cause == finding.cause
            && other.fix == finding.fix
    };
    let Some(first) = findings.iter_mut().find(has_same_cause) else {
        findings.push(finding);
        return;
    };
    if first.message != finding.message {
        first.message = format!("{}; {}", first.message, finding.message);
        let labels = first.label.take().into_iter().chain(finding.label);
        first.label = labels.reduce(|first, second| format!("{first}; {second}"));
    }
}

/// The finding on an uncompressed message of one frame that breaks no rule.
pub(super) fn diagnose_message(frame: &FrameContext<'_>) -> Option<Finding> {
    let masked_wrongly = match frame.candidate.header.opcode {
        Opcode::CLOSE => close::masked_wrongly(frame),
        _ => text::masked_wrongly(frame),
    };
    masked_wrongly.or_else(|| {
        let header = frame.candidate.header;
        let payload = frame.lookahead.payload(&frame.candidate);
        let is_whole = payload.len() as u64 == header.payload_length.value();
        let heartbeat = (header.opcode == Opcode::TEXT)
            .then(|| application::heartbeat(&payload, frame.number == 1));
        let found = heartbeat
            .flatten()
            .or_else(|| application::diagnose(header.opcode, &payload, is_whole))?;
        Some(found.at(frame.payload_location()))
    })
}

/// The finding on a decompressed message that breaks no rule, without a place.
pub(super) fn diagnose_decompressed(message: &Message<'_>) -> Option<Finding> {
    const LIMIT: usize = 1 << 12;
    let Message {
        opcode, payload, ..
    } = *message;
    if !prefilter::may_have_finding(opcode, payload, payload.last().copied()) {
        return None;
    }
    let start = payload.get(..LIMIT).unwrap_or(payload);
    application::diagnose(opcode, start, start.len() == payload.len())
}

/// Whether a frame with this payload, complete and unmasked, may have a finding.
pub(super) fn may_have_finding(header: &FrameHeader, payload: &[u8]) -> bool {
    prefilter::PayloadEdges::of(payload).may_have_finding(header)
}

/// The finding on a masking key that can be guessed.
pub(super) fn diagnose_key(weak: WeakKey, frame: &FrameContext<'_>) -> Finding {
    let finding = match weak {
        WeakKey::Zero => Finding::new(
            &catalogue::MASK_KEY_WEAK,
            "the masking key is 00000000, which leaves the payload unchanged",
        ),
        WeakKey::Repeated(key) => Finding::new(
            &catalogue::MASK_KEY_WEAK,
            format!("the masking key {key} is the same as in the frame before"),
        )
        .certain_cause("the key is chosen once per connection, or is a constant"),
    };
    finding.at(frame.location(frame.candidate.payload - 4, 4))
}

/// The finding on the first frame after a 101, if it is a close frame without a code.
pub(super) fn diagnose_close_at_once(frame: &FrameContext<'_>) -> Finding {
    let message = "the server closes the connection right after the 101, without a code";
    Finding::new(&catalogue::CLOSE_AFTER_101, message)
        .label("an empty close frame")
        .at(frame.location(frame.start, 2))
}

/// The note on a control frame that is right from `inferred` and wrong from its peer.
pub(super) fn diagnose_sender(inferred: Role, frame: &FrameContext<'_>) -> Finding {
    let header = frame.candidate.header;
    let first = header.encode().first().copied().unwrap_or_default();
    let (page, masked, fix) = match inferred {
        Role::Server => (
            &catalogue::CLIENT_UNMASKED,
            "not masked",
            format!(
                "nothing, if a server sent it; a client writes {first:02x} {:02x}, a masking key \
                 and the masked payload",
                0x80 | header.payload_length.value() & 0x7f
            ),
        ),
        Role::Client => (
            &catalogue::SERVER_MASKS,
            "masked",
            format!(
                "nothing, if a client sent it; a server writes {first:02x} {:02x} and the payload",
                header.payload_length.value() & 0x7f
            ),
        ),
    };
    let message = format!(
        "a {} frame that is {masked}: right from a {inferred}, wrong from a {}",
        header.opcode,
        inferred.peer()
    );
    let mut finding = Finding::new(page, message)
        .certain_cause("no handshake is here, and no --from says who sent the frame")
        .fixed_by(fix)
        .at(frame.location(frame.start + 1, 1));
    finding.severity = Severity::Note;
    finding
}
