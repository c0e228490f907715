//! The record of `wsctl serve`: what is in it before and after the events.

use std::path::Path;

use crate::Error;
use crate::commands::console::Console;
use crate::commands::record_file;
use crate::net::RecordOutput;
use crate::render::json;
use crate::render::live_log::ListenAddress;

/// Creates the file of the record, or replaces it.
pub(super) fn to(
    path: &Path,
    address: ListenAddress<'_>,
    console: &Console,
) -> Result<RecordOutput, Error> {
    let output = record_file::create(path, console)?;
    let mut first = Vec::new();
    json::push_listening(&mut first, address);
    Ok(RecordOutput {
        output: Box::new(output),
        first,
        last: Box::new(|connections| {
            let mut last = Vec::new();
            json::push_stopped(&mut last, connections);
            last
        }),
    })
}
