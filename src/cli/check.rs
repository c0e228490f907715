//! The arguments of `wsctl check`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::dial::DialArgs;
use super::values::{CheckFormat, duration, jobs, port};

const CASES: &str = "Cases";
const REPORT: &str = "Report";

/// What only makes sense for a server that is dialled.
const OF_SERVERS: [&str; 4] = ["slow_head", "server_closes", "yes", "DialArgs"];

/// The arguments of `wsctl check`.
#[derive(Args, Debug)]
#[command(
    mut_arg("deflate", |arg| arg.hide(true)),
    mut_args(|arg| match arg.get_help_heading() {
        Some("Dialling" | "TLS") => arg.hide_short_help(true),
        _ => arg,
    }),
    after_long_help = "\
Examples:
  wsctl check ws://127.0.0.1:9000/
  wsctl check ws://127.0.0.1:9000/chat --subprotocol chat --strict
  wsctl check localhost:9000 --only '6455/5.2/*' -v
  wsctl check localhost:9000 --limits --skip '*/bomb-1-gib'
  wsctl check localhost:9000 --write-expected known.txt
  wsctl check localhost:9000 --expect-fail known.txt --junit report.xml
  wsctl check localhost:9000 -f json | jq 'select(.result == \"failed\")'
  wsctl check wss://staging.example/ws -H 'Cookie: id=1' --yes
  wsctl check --exec 'node client.js {url}'
  wsctl check --listen 9001
  wsctl check --list --clients

The exit status is 0 if nothing failed, 1 if something did, and 2 if the cases
could not be run."
)]
pub struct CheckArgs {
    /// The URL of the server.
    #[arg(required_unless_present_any = ["list", "exec", "listen"], value_name = "URL")]
    pub url: Option<String>,

    /// Check a client: run this command for each case.
    ///
    /// In the command, {url} is replaced by the URL that it connects to. It is killed after the
    /// case. A client that sends messages back takes part in more cases.
    #[arg(long, value_name = "COMMAND", conflicts_with_all = ["url", "listen"],
        conflicts_with_all = OF_SERVERS)]
    pub exec: Option<String>,

    /// Check clients: listen on this port of 127.0.0.1; 0: a free one.
    ///
    /// The URLs are those of Autobahn's fuzzing server, /getCaseCount, /runCase?case=1&agent=A and
    /// /updateReports?agent=A, so that a test harness for it runs unchanged. Each client that asks
    /// for a report gets one; Ctrl-C ends with those that are left.
    #[arg(long, value_name = "PORT", value_parser = port, conflicts_with_all = ["url", "jobs"],
        conflicts_with_all = OF_SERVERS, allow_negative_numbers = true)]
    pub listen: Option<u16>,

    /// With --list, list the cases of clients.
    #[arg(long, requires = "list", hide_short_help = true)]
    pub clients: bool,

    /// Run only the cases with this id; repeatable.
    ///
    /// In a pattern, * stands for any characters. It must match a case.
    #[arg(long, value_name = "PATTERN", help_heading = CASES)]
    pub only: Vec<String>,

    /// Skip the cases with this id; repeatable.
    #[arg(long, value_name = "PATTERN", help_heading = CASES)]
    pub skip: Vec<String>,

    /// List the cases instead of running them.
    #[arg(long, help_heading = CASES)]
    pub list: bool,

    /// Fail what an RFC only recommends, too.
    ///
    /// By default a failed case fails the run if an RFC says MUST, or if libraries agree.
    #[arg(long, help_heading = CASES)]
    pub strict: bool,

    /// Run the cases with large inputs, too.
    ///
    /// Messages that inflate to 1 GiB, headers that claim up to 2^62 bytes, and 10000
    /// fragments.
    #[arg(long, help_heading = CASES)]
    pub limits: bool,

    /// The time in which a slow request is refused.
    ///
    /// With it, the case of a request that does not end is run.
    #[arg(long, value_name = "TIME", value_parser = duration, help_heading = CASES)]
    pub slow_head: Option<Duration>,

    /// The text at which the server closes the connection.
    #[arg(long, value_name = "TEXT", help_heading = CASES)]
    pub server_closes: Option<String>,

    /// The number of connections at a time.
    ///
    /// It is 1 for a server that handles one connection at a time. A failed case is repeated alone.
    /// If the failed cases took more than 3 s together, those that took longest are repeated eight
    /// at a time, or not at all if they were alone.
    #[arg(long, value_name = "N", value_parser = jobs, default_value_t = 32,
        allow_negative_numbers = true, help_heading = CASES)]
    pub jobs: usize,

    /// How long to wait for an answer.
    ///
    /// Only a peer that sends nothing takes this long.
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "2s",
        allow_negative_numbers = true, help_heading = CASES)]
    pub case_timeout: Duration,

    /// Check a host that is not in a private network.
    #[arg(long, help_heading = CASES)]
    pub yes: bool,

    /// Expect the failures that this file lists.
    ///
    /// Each line is an id or a pattern; what follows a # is a comment. A case that fails as
    /// expected does not fail the run. A line of which all cases pass does. A line that matches no
    /// case of servers or of clients gets a warning.
    #[arg(long, value_name = "FILE", help_heading = REPORT)]
    pub expect_fail: Option<PathBuf>,

    /// Write the ids of the failed cases to this file.
    #[arg(long, value_name = "FILE", help_heading = REPORT)]
    pub write_expected: Option<PathBuf>,

    /// Print each case, and each failure in full.
    #[arg(short, long, help_heading = REPORT)]
    pub verbose: bool,

    /// The format of the report.
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t = CheckFormat::Text,
        help_heading = REPORT)]
    pub format: CheckFormat,

    /// The file for a report in XML.
    #[arg(long, value_name = "FILE", help_heading = REPORT, help = "Write a JUnit report to this file")]
    pub junit: Option<PathBuf>,

    /// Write a report in Markdown to this file.
    #[arg(long, value_name = "FILE", help_heading = REPORT)]
    pub markdown: Option<PathBuf>,

    /// How to connect, and what to ask for.
    #[command(flatten)]
    pub dial: DialArgs,
}
