//! What both benchmarks use: frames, options, rounds and tables.

pub(crate) mod frame_reader;
pub(crate) mod frame_writer;
pub(crate) mod options;
pub(crate) mod paths;
pub(crate) mod rounds;
pub(crate) mod table;

use std::error::Error;

/// A result whose error is shown to the user and not examined further.
pub(crate) type Fallible<T> = Result<T, Box<dyn Error>>;
