//! Traces: what tools and libraries print of a connection, in lines that are not rows of a dump.
//!
//! Each file has the readers of one tool or of a family, which `formats` lists.

pub(super) mod copied;
pub(super) mod curl;
pub(super) mod esp_idf;
pub(super) mod follow;
mod frame;
pub(super) mod har;
pub(super) mod header_list;
pub(super) mod java;
mod lines;
pub(super) mod mitmproxy;
pub(super) mod ngrep;
pub(super) mod okhttp;
mod peers;
pub(super) mod proxies;
pub(super) mod python;
pub(super) mod socat;
pub(super) mod strace;
mod tcp_payloads;
pub(super) mod tcpdump_ascii;
pub(super) mod tcpflow;
pub(super) mod tshark_ek;
pub(super) mod tshark_json;
pub(super) mod tshark_pdml;
pub(super) mod tungstenite;
mod url;
pub(super) mod websocketpp;
pub(super) mod wireshark_tree;
pub(super) mod wsctl;
