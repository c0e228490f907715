//! What no rule forbids, and what is hardly meant so.

use super::ends::PayloadEdges;
use super::explain::FrameContext;
use super::side::WeakKey;
use super::{application, text};
use crate::diagnosis::{Finding, catalogue};
use crate::ws::{FrameHeader, Message};

/// What is odd about a message in one frame, uncompressed.
pub(super) fn message(seen: &FrameContext<'_>) -> Option<Finding> {
    text::garbled(seen).or_else(|| content(seen))
}

/// What is odd about a message that was compressed, once it is inflated.
pub(super) fn inflated(message: &Message<'_>) -> Option<Finding> {
    const MOST: usize = 1 << 12;
    let Message {
        opcode, payload, ..
    } = *message;
    if !application::is_worth_a_look(opcode, payload, payload.last().copied()) {
        return None;
    }
    let beginning = payload.get(..MOST).unwrap_or(payload);
    application::judge(opcode, beginning, beginning.len() == payload.len())
}

/// Whether it may be worth it to ask that: of most frames it is known at once that they are
/// as they should be. The payload is whole, and unmasked.
pub(super) fn is_worth_a_look(header: &FrameHeader, payload: &[u8]) -> bool {
    PayloadEdges::of(payload).may_be_odd(header)
}

fn content(seen: &FrameContext<'_>) -> Option<Finding> {
    let header = seen.header();
    let (payload, length) = (seen.payload(), header.payload_length.value());
    let is_all = payload.len() as u64 == length;
    let found = application::judge(header.opcode, &payload, is_all)?;
    Some(found.at(seen.location(seen.sighting.payload, length)))
}

/// The key that anybody could have guessed.
pub(super) fn weak_key(weak: WeakKey, seen: &FrameContext<'_>) -> Finding {
    let finding = match weak {
        WeakKey::Zero => Finding::new(
            &catalogue::MASK_KEY_WEAK,
            "the masking key is 00000000, which masks nothing",
        ),
        WeakKey::Repeated(key) => Finding::new(
            &catalogue::MASK_KEY_WEAK,
            format!("the masking key {key} is the one of the frame before"),
        )
        .certain_cause("the key is made once for a connection, or is a constant"),
    };
    finding.at(seen.location(seen.sighting.payload - 4, 4))
}

/// Whether a finding is to be told: those that every frame would show are told once in a
/// stream.
pub(super) fn is_news(finding: &Finding, told: &mut Vec<&'static str>) -> bool {
    let once = [
        catalogue::MASK_KEY_WEAK.id,
        catalogue::TEXT_ODD_CONTENT.id,
        catalogue::APP_ENGINE_IO.id,
        catalogue::APP_COMPRESSED.id,
        catalogue::APP_STOMP_MQTT_SOCKJS.id,
    ];
    let rule = finding.rule();
    if told.contains(&rule) {
        return false;
    }
    if once.contains(&rule) {
        told.push(rule);
    }
    true
}
