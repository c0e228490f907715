//! Explains what is wrong: findings, each with its rule, location, cause and fix.
//!
//! `ws` decodes bytes and names the rules that they break. This module takes those
//! violations and the bytes around them, looks for the cause, and returns `Finding`s, which
//! `render` prints. The catalogue has a page for each rule; `search` finds pages by an error
//! text. Users: `commands` and `render`.

mod accept;
pub mod catalogue;
mod content;
mod finding;
mod handshake;
mod not_a_header;
mod of_errors;
mod search;
pub mod stream;

pub use accept::diagnose_accept;
pub use catalogue::Severity;
pub use finding::{Cause, Finding, Location, LocationScope, Snippet};
pub use handshake::{diagnose_handshake, diagnose_other_bytes};
pub use search::{SearchHit, search, similar_ids};
