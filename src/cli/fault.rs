//! The help of `--fault`: a table of what each shows.

use crate::ws::fault::FAULTS;

/// The long help of the option.
pub(super) fn help() -> String {
    let mut help = "\
Do something wrong, to see what the client does; repeatable.

KIND is a name, perhaps with an argument, and with %P behind it acts in P of 100 \
cases: drop-after=3%20. The log says whenever one acts. What they do, and below it what that shows in a client:
"
    .to_owned();
    for kind in &FAULTS {
        let name = [kind.name, kind.argument].concat();
        let row = format!("\n  {name:21} {}\n  {:21} {}", kind.does, "", kind.shows);
        help.push_str(&row);
    }
    help
}
