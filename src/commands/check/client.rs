//! Checks a client program: `--exec`.

use super::run::{Checked, cannot_run, check, settings};
use super::runner::Peer;
use super::suite::Suite;
use crate::Error;
use crate::check::{Case, RequestBase};
use crate::cli::CheckArgs;
use crate::commands::console::Console;

pub(super) async fn check_client(
    args: &CheckArgs,
    command: &str,
    suite: &Suite,
    chosen: Vec<Case>,
    console: &mut Console,
) -> Result<Checked, Error> {
    if !command.contains("{url}") {
        let why = "--exec: the command has no {url}, which is replaced by the URL to connect to";
        return Err(Error::Usage(why.to_owned()));
    }
    let client = Peer::Client(command.to_owned());
    let settings = settings(args, client, RequestBase::default());
    let checked = check(settings, suite, chosen, console).await;
    Ok(Checked {
        cases: checked.map_err(|why| cannot_run(why, suite.peer))?,
        target: command.to_owned(),
        options: String::new(),
    })
}
