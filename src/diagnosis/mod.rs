//! Why is it so? Findings: what is wrong, put in a person's words.
//!
//! `ws` knows the rules; this room knows their names in the catalogue, how grave a breach
//! is, and what speaks for one cause or another. It draws nothing: that is for `render`.
//! It must not know where bytes came from, nor how they were written.

mod accept;
pub mod catalogue;
mod finding;
mod handshake;
mod search;
pub mod stream;

pub use accept::judge_accept;
pub use finding::{Cause, Extract, Finding, Place, Severity, Within};
pub use handshake::{judge_foreign, judge_handshake};
pub use search::{Match, search, similar_names};
