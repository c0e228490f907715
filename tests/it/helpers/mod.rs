//! What many tests use: the program, a server, clients, a browser.

pub(crate) mod client;
pub(crate) mod documents;
pub(crate) mod log;
pub(crate) mod memory;
pub(crate) mod pem;
pub(crate) mod real_servers;
pub(crate) mod run;
pub(crate) mod rust_clients;
pub(crate) mod rust_servers;
pub(crate) mod server;
pub(crate) mod snapshots;
pub(crate) mod webdriver;
