//! How a client opens a connection: addresses, Unix sockets, TLS, proxies, redirects; and what it
//! says of each failure.

mod addresses;
mod certificates;
mod environment;
mod foreign;
mod proxies;
mod redirects;
mod responses;
mod servers;

use std::path::Path;

use crate::helpers::run::{Outcome, program};
use crate::helpers::snapshots::check_file;

/// Runs `wsctl connect` with these words, which are split at spaces, and these environment
/// variables.
fn connect(line: &str, variables: &[(&str, &str)]) -> Outcome {
    let mut command = program();
    command.envs(variables.iter().copied());
    command.arg("connect").args(line.split_whitespace());
    Outcome::of(command.output().unwrap())
}

/// What is said of a connection that cannot be opened. `PORT` stands for `port`, and the times are
/// removed.
#[track_caller]
fn failure(line: &str, port: u16) -> String {
    let Outcome {
        status,
        stdout,
        stderr,
    } = connect(line, &[]);
    assert_eq!((status, stdout), (2, Vec::new()), "{line}: {stderr}");
    without_times(&stderr).replace(&format!(":{port}"), ":PORT")
}

/// The steps of a connection on which a response comes, the status line of that, and the notices.
#[track_caller]
fn opened(line: &str, port: u16) -> String {
    let stderr = connect(&format!("{line} -v"), &[]).stderr;
    let lines = || stderr.lines().map(str::trim_start);
    let steps = lines().find(|line| line.contains("tcp ") && line.contains(" ms"));
    let status = lines().find_map(|line| line.strip_prefix("< HTTP/1.1 "));
    let (Some(steps), Some(status)) = (steps, status) else {
        panic!("{line}: {stderr}");
    };
    let notices = lines().filter_map(|line| line.strip_prefix("wsctl: "));
    let steps = without_times(steps).replace(" N ms", "");
    let text: Vec<&str> = [steps.as_str(), status]
        .into_iter()
        .chain(notices)
        .collect();
    let text = text.join("\n") + "\n";
    text.replace(&format!(":{port}"), ":PORT")
}

/// A text in which each time in milliseconds is `N ms`.
fn without_times(text: &str) -> String {
    let mut words: Vec<&str> = text.split(' ').collect();
    for at in 1..words.len() {
        if words[at].starts_with("ms") && words[at - 1].parse::<f64>().is_ok() {
            words[at - 1] = "N";
        }
    }
    words.join(" ")
}

/// What is said in several cases, each with a title. The expected text is in `tests/data/dial`.
struct Document {
    name: &'static str,
    text: String,
}

impl Document {
    fn new(name: &'static str) -> Self {
        let text = String::new();
        Self { name, text }
    }

    fn add(&mut self, title: &str, said: &str) {
        self.text.extend(["## ", title, "\n", said]);
    }

    #[track_caller]
    fn check(&self) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/dial");
        check_file(&folder.join(format!("{}.txt", self.name)), &self.text);
    }
}
