//! `wsctl serve`, over real sockets: with tungstenite, other libraries, browsers, and raw bytes.

mod admission;
mod browser;
mod compression;
mod echo;
mod fairness;
mod fastwebsockets;
mod fault_table;
mod faults;
mod findings;
mod foreign;
mod keep_alive;
mod log;
mod many_clients;
mod negotiation;
mod page;
mod program;
mod record;
mod replies;
mod requests;
mod signals;
mod slow_readers;
mod soak;
mod stopping;
mod tls;
mod unread_log;
