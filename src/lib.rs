//! wsctl shows what is on the wire of a WebSocket connection, which rule it breaks, why
//! it probably does, and what to change.
//!
//! The rooms of this crate, from the inside out:
//!
//! | room | what it is for |
//! |---|---|
//! | [`ws`] | the protocol, sans I/O: what do the octets say, and is it allowed? |
//! | [`notation`] | how people write octets: text into octets and back |
//!
//! What each room may use is written down in, and guarded by, the test `layers`.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "a test may panic"
    )
)]

pub mod notation;
pub mod ws;
