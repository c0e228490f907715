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

use clap::{Args as _, Command, FromArgMatches as _};
use wsctl::cli::DialArgs;
use wsctl::commands::dial::{Answered, Dialling, OpenError, findings, notices, open};
use wsctl::net::dial::DialError;
use wsctl::render::{Style, finding};

use crate::helpers::snapshots::check_file;

/// Opens a connection with the options of a command line. The first word is the URL.
fn dialled(line: &str) -> Result<Answered, (Box<Dialling>, Box<DialError>)> {
    let command = DialArgs::augment_args(Command::new("dial"));
    let (url, options) = line.split_once(' ').unwrap_or((line, ""));
    let words = ["--no-proxy"]
        .into_iter()
        .filter(|_| !line.contains("--proxy"));
    let words = words
        .chain(options.split(' '))
        .filter(|word| !word.is_empty());
    let matches = command.try_get_matches_from(["dial"].into_iter().chain(words));
    let args = DialArgs::from_arg_matches(&matches.unwrap()).unwrap();
    let dialling = Dialling::new(url, &args).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    match runtime.unwrap().block_on(open(dialling, &args)) {
        Ok(answered) => Ok(answered),
        Err(OpenError::Dial(dialling, error)) => Err((dialling, Box::new(error))),
        Err(OpenError::Other(error)) => panic!("{line}: {error}"),
    }
}

/// What is said of a connection that cannot be opened. `PORT` stands for the port of `server`,
/// and the times are removed.
#[track_caller]
fn failure(line: &str, port: u16) -> String {
    let (dialling, error) = match dialled(line) {
        Ok(answered) => panic!("{line} was opened: {:?}", answered.opened),
        Err(failed) => failed,
    };
    let mut text = Vec::new();
    for found in findings(&error, &dialling) {
        finding::push_in_full(&mut text, Style::new(false), &found);
    }
    let text = String::from_utf8(text).unwrap();
    without_times(&text).replace(&format!(":{port}"), ":PORT")
}

/// The steps of a connection that is opened, the status of the response, and the notices.
fn opened(line: &str, port: u16) -> String {
    let answered = match dialled(line) {
        Ok(answered) => answered,
        Err((_, error)) => panic!("{line}: {error}"),
    };
    let steps = answered.opened.steps.iter().map(|step| {
        let version = step.tls_version.as_ref().map(|it| format!(" ({it})"));
        [step.step.name(), &version.unwrap_or_default()].concat()
    });
    let steps = steps.collect::<Vec<_>>().join(", ");
    let head = String::from_utf8_lossy(&answered.opened.response.head).into_owned();
    let status = head.lines().next().unwrap_or_default();
    let mut text = format!("{steps}\n{status}\n");
    for notice in notices(&answered) {
        text.extend([&notice, "\n"]);
    }
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
