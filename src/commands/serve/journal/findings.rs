//! What is wrong with what happens.

use super::concern;
use crate::diagnosis::{Finding, Place};
use crate::net::Happening;

/// The findings that a happening comes to.
pub(super) fn findings(happening: &Happening<'_>) -> Option<Finding> {
    Some(match *happening {
        Happening::RequestFault(fault) => fault.into(),
        Happening::AnswerFault(fault) => Finding::of_answer(fault),
        Happening::Failure(failure) => failure.into(),
        Happening::Cut(cut, frame) => Finding::of_cut(cut, frame),
        Happening::MessageCut(frame, offset) => {
            Finding::of_open_message(Place::in_frame(frame, offset, 0))
        }
        Happening::Ping(fault) => concern::of_ping(fault),
        Happening::Idle(time) => concern::of_silence(time),
        Happening::CloseMissing { is_answer } => concern::of_missing_close(is_answer),
        _ => return None,
    })
}
