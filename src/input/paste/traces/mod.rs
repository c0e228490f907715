//! Traces: what tools and libraries print of a connection, in lines that are not rows of a dump.
//!
//! Each file has the readers of one tool or of a family, which `formats` lists.

pub(super) mod copied;
pub(super) mod curl;
pub(super) mod follow;
mod frame;
pub(super) mod har;
pub(super) mod headers;
mod lines;
pub(super) mod ngrep;
mod peers;
pub(super) mod python;
pub(super) mod socat;
pub(super) mod strace;
pub(super) mod wireshark_tree;
pub(super) mod wsctl;
