//! A record of everything, beside the log.

use std::io::Write;

use super::journal::Journal;

/// Where everything is recorded, and how.
pub struct Record {
    /// What is written.
    pub journal: Box<dyn Journal + Send>,
    /// Where to.
    pub output: Box<dyn Write + Send>,
    /// What comes first.
    pub first: Vec<u8>,
    /// What comes last, given how many connections were open when the server stopped.
    pub last: Box<dyn FnOnce(usize) -> Vec<u8> + Send>,
}
