//! What a peer was seen to provide, and the cases that are skipped without it.

use super::connection::Settings;
use crate::check::{Case, CaseResult, Need};

/// What a peer was seen to provide.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PeerSupport {
    pub(super) echo_text: bool,
    pub(super) echo_binary: bool,
    pub(super) deflate: bool,
}

impl PeerSupport {
    /// The result of a case that is skipped, because the peer or the user does not provide what it
    /// needs.
    pub(super) fn skipped(self, case: &Case, settings: &Settings) -> Option<CaseResult> {
        let lacks = |need: &&Need| match need {
            Need::EchoText => !self.echo_text,
            Need::EchoBinary => !self.echo_binary,
            Need::Deflate => !self.deflate,
            Need::Subprotocol => settings.base.subprotocols.is_empty(),
            Need::ServerCloses => settings.server_closes.is_none(),
            Need::Limits => !settings.limits,
            Need::SlowHead => settings.slow_head.is_none(),
        };
        let missing = case.needs.iter().find(lacks);
        missing.map(|need| CaseResult::skipped(*need))
    }
}
