//! The conformance check, sans I/O: the cases as data, the state machine of a connection, and the
//! result of a case.
//!
//! [`server_cases`] is the table: each [`Case`] has an id, a grade, what is sent and what must be
//! observed. A [`Probe`] carries out a case on one connection: bytes go in, bytes to send and an
//! [`Observation`] come out. `net` moves the bytes, `commands` runs the cases and prints the
//! results.
//!
//! The rules are those of `ws`, and their words are those of the catalogue in `diagnosis`.

mod broken_rule;
mod case;
mod cases;
mod deflate;
mod expectation;
mod frame;
mod harness;
mod observed;
mod probe;
mod received;
mod reply;
mod report;
mod request;
mod result;

pub use case::{Case, CaseGroup, CaseOpening, CaseStep, Grade, Need};
pub use cases::{
    client_cases, client_sanity_cases, client_support_cases, harness_cases,
    sanity_case_without_ping, sanity_cases, server_cases, support_cases,
};
pub use expectation::{Answer, CloseAnswer, EchoedMessage, Expect, FrameRule, RequestRule};
pub use frame::{CaseFrame, Mask};
pub use harness::{HarnessRequest, autobahn_behavior, harness_message};
pub use observed::Observed;
pub use probe::{Probe, ProbeOptions, Timing, Transmit};
pub use received::{PeerEnd, PeerEvent, ReceivedFrame, ReceivedMessage};
pub use reply::ReplyChange;
pub use report::{CheckedCase, ExpectedFailures, Report, matches};
pub use request::{Change, Delivery, RequestBase};
pub use result::{CaseFailure, CaseResult, Observation, ResultKind, Verdict};
