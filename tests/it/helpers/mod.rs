//! What many tests use: the program, a server, a browser.

pub(crate) mod run;
pub(crate) mod webdriver;
