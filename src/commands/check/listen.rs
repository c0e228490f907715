//! Checks the clients that connect by themselves: `--listen`. They ask for the cases by the URLs of
//! Autobahn's fuzzing server, so that the test harness that a library has for it runs unchanged.
//!
//! A loop accepts connections; a task for each reads its request, and comes back with it. The loop
//! starts another task that carries out the case, or that sends the answer. A request for a report
//! or a status waits until the cases that it is about have ended.

use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::agents::Agents;
use super::output::{self, ProgressLine};
use crate::check::{
    Case, CaseResult, CheckedCase, ExpectedFailures, HarnessRequest, Need, Observation, Probe,
    ProbeOptions, Report, RequestBase, Timing, harness_message,
};
use crate::cli::{CheckArgs, CheckFormat};
use crate::commands::console::Console;
use crate::commands::stop;
use crate::net::{CheckListener, Transport, drain, read_request, refuse, run_probe};
use crate::render::check as render;
use crate::render::json::push_listening;
use crate::render::live_log::{ListenAddress, push_listening_line};
use crate::ws::Role;
use crate::ws::handshake::{
    AdmissionPolicy, RequestError, RequestHead, Response, validate_request,
};
use crate::{Error, Outcome};

/// Listens until a signal comes, or a harness says that it is the last one.
pub(super) async fn check_clients(
    args: &CheckArgs,
    port: u16,
    cases: Vec<Case>,
    expected: &ExpectedFailures,
    console: &mut Console,
) -> Result<Outcome, Error> {
    let cannot_listen = |error| Error::System(format!("listen on 127.0.0.1:{port}"), error);
    let listener = CheckListener::bind(port).await.map_err(cannot_listen)?;
    let url = listener.url().map_err(cannot_listen)?;
    let stop = stop::signal().map_err(|error| Error::System("handle signals".to_owned(), error))?;
    print_listening(args, &url, console)?;
    let mut checking = Checking {
        args,
        progress: ProgressLine::new(cases.len(), console),
        cases: cases.into_iter().map(Rc::new).collect(),
        expected,
        console,
        agents: Agents::default(),
        tasks: JoinSet::new(),
        waiting: Vec::new(),
        last_agent: String::new(),
    };
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            transport = listener.accept() => {
                checking.tasks.spawn_local(read(transport));
            }
            Some(Ok(ended)) = checking.tasks.join_next() => {
                if checking.take(ended)? {
                    break;
                }
            }
        }
    }
    // A client may end before wsctl has seen the end of its last case.
    while checking.agents.is_any_running()
        && let Some(Ok(ended)) = checking.tasks.join_next().await
    {
        checking.take(ended)?;
    }
    checking.end()
}

fn print_listening(args: &CheckArgs, url: &str, console: &mut Console) -> Result<(), Error> {
    let mut line = Vec::new();
    let address = ListenAddress {
        url,
        page: None,
        certificate: None,
    };
    match args.format {
        CheckFormat::Json => push_listening(&mut line, address),
        CheckFormat::Text => push_listening_line(&mut line, console.style(), address),
    }
    console.print(&mut line)
}

/// A connection whose request was read.
struct CaseConnection {
    transport: Transport,
    /// What was read: the request, and what came after it.
    bytes: Vec<u8>,
}

/// How a task ended.
enum TaskEnd {
    /// The request of a connection was read.
    Request(RequestHead, CaseConnection),
    /// A connection sent something else, and was refused.
    Refused(RequestError),
    /// A case of a client was carried out.
    Case {
        agent: String,
        case: usize,
        observation: Box<Observation>,
        transport: Transport,
    },
    /// An answer was sent; whether it was the last one.
    Answered { is_last: bool },
    /// Nothing that the loop needs to know of.
    Nothing,
}

/// Reads the request of a connection.
async fn read(mut transport: Transport) -> TaskEnd {
    match read_request(&mut transport).await {
        Ok((head, bytes)) => TaskEnd::Request(head, CaseConnection { transport, bytes }),
        Err(None) => TaskEnd::Nothing,
        Err(Some(error)) => {
            refuse(transport, &Response::refusal(&error)).await;
            TaskEnd::Refused(error)
        }
    }
}

/// Carries out a case on a connection.
async fn carry_out(
    connection: CaseConnection,
    case: &Case,
    timing: Timing,
) -> (Observation, Transport) {
    let CaseConnection {
        mut transport,
        mut bytes,
    } = connection;
    let options = ProbeOptions {
        own: Role::Server,
        base: &RequestBase::default(),
        keys_before: &[],
        timing,
        server_closes: None,
        number: 0,
        answers_pings: true,
        is_alone: true,
        closes: true,
    };
    let now = Instant::now();
    let mut probe = Probe::new(case, options, now);
    probe.handle_bytes(now, &mut bytes);
    let observation = run_probe(&mut transport, probe).await;
    (observation, transport)
}

/// Clients that are checked.
struct Checking<'a> {
    args: &'a CheckArgs,
    cases: Vec<Rc<Case>>,
    expected: &'a ExpectedFailures,
    console: &'a mut Console,
    progress: ProgressLine,
    agents: Agents,
    tasks: JoinSet<TaskEnd>,
    /// What waits for the end of cases.
    waiting: Vec<(HarnessRequest, CaseConnection)>,
    /// The client that the last line of `-v` was about.
    last_agent: String,
}

impl Checking<'_> {
    /// Goes on after a task. Returns whether no further client will come.
    fn take(&mut self, ended: TaskEnd) -> Result<bool, Error> {
        match ended {
            TaskEnd::Request(head, connection) => self.admit(&head, connection)?,
            TaskEnd::Refused(error) => self.notice(&format!("a request was refused: {error}")),
            TaskEnd::Case {
                agent,
                case,
                observation,
                transport,
            } => {
                self.tasks.spawn_local(async {
                    drain(transport).await;
                    TaskEnd::Nothing
                });
                self.end_case(&agent, case, *observation)?;
            }
            TaskEnd::Answered { is_last } => return Ok(is_last),
            TaskEnd::Nothing => {}
        }
        Ok(false)
    }

    /// Answers a request, or refuses it.
    fn admit(&mut self, head: &RequestHead, connection: CaseConnection) -> Result<(), Error> {
        if let Err(errors) = validate_request(head) {
            let Some(first) = errors.first() else {
                return Ok(());
            };
            self.refuse(connection, &Response::refusal(first), &first.to_string());
            return Ok(());
        }
        // As `serve` does where only the sender gets answers.
        let policy = AdmissionPolicy {
            own_host: "127.0.0.1".to_owned(),
            ..AdmissionPolicy::default()
        };
        if let Ok(Some(site)) | Err(site) = policy.check(head) {
            self.notice(&format!("warning: {site}"));
        }
        match HarnessRequest::parse(&head.target, self.cases.len()) {
            Ok(request) => self.answer(request, connection),
            Err((status, why)) => {
                self.refuse(connection, &Response::refused(status, &why), &why);
                Ok(())
            }
        }
    }

    fn answer(&mut self, request: HarnessRequest, connection: CaseConnection) -> Result<(), Error> {
        match &request {
            HarnessRequest::RunCase { case, agent } => self.begin_case(agent, *case, connection),
            HarnessRequest::CaseCount => {
                let count = self.cases.len().to_string();
                self.send(connection, Some(&count), false);
            }
            HarnessRequest::CaseInfo { case } => {
                let info = self.cases.get(*case).map(|case| render::harness_info(case));
                self.send(connection, info.as_deref(), false);
            }
            HarnessRequest::CaseStatus { case, agent } => {
                if self.agents.is_running(agent, Some(*case)) {
                    self.waiting.push((request, connection));
                } else {
                    let status = render::harness_status(self.agents.result(agent, *case));
                    self.send(connection, Some(&status), false);
                }
            }
            HarnessRequest::UpdateReports { agent, is_last } => {
                if self.agents.is_running(agent, None) {
                    self.waiting.push((request, connection));
                } else {
                    self.report(|name| name == agent)?;
                    self.send(connection, None, *is_last);
                }
            }
        }
        Ok(())
    }

    fn begin_case(&mut self, agent: &str, index: usize, connection: CaseConnection) {
        let count = self.cases.len();
        let Some(case) = self.cases.get(index).map(Rc::clone) else {
            return;
        };
        let Some(round_trip) = self.agents.begin(agent, index, count) else {
            let why = "too many clients with names of their own";
            self.refuse(connection, &Response::refused(503, why), why);
            return;
        };
        let is_skipped = self.is_skipped(&case);
        let timing = Timing::new(self.args.case_timeout, Duration::ZERO, round_trip);
        let agent = agent.to_owned();
        self.tasks.spawn_local(async move {
            let farewell = is_skipped.then(|| harness_message(None));
            let carried_out = farewell.as_ref().unwrap_or(&case);
            let (observation, transport) = carry_out(connection, carried_out, timing).await;
            TaskEnd::Case {
                agent,
                case: index,
                observation: Box::new(observation),
                transport,
            }
        });
    }

    fn end_case(&mut self, agent: &str, index: usize, observed: Observation) -> Result<(), Error> {
        let Some(case) = self.cases.get(index).map(Rc::clone) else {
            return Ok(());
        };
        let round_trip = observed.round_trip;
        let result = if self.is_skipped(&case) {
            CaseResult::skipped(Need::Limits)
        } else {
            CaseResult::of(&case, observed, self.args.strict)
        };
        let checked = CheckedCase {
            case: Case::clone(&case),
            result: result.clone(),
        };
        self.agents.end(agent, index, round_trip, result);
        self.print_line(agent, &checked)?;
        let (done, failed) = self.agents.counts(agent);
        self.progress.show(done, failed);
        for (request, connection) in std::mem::take(&mut self.waiting) {
            self.answer(request, connection)?;
        }
        Ok(())
    }

    fn is_skipped(&self, case: &Case) -> bool {
        case.needs.contains(&Need::Limits) && !self.args.limits
    }

    /// Prints the result of a case, with `-v`.
    fn print_line(&mut self, agent: &str, checked: &CheckedCase) -> Result<(), Error> {
        if !self.args.verbose || self.args.format != CheckFormat::Text {
            return Ok(());
        }
        self.progress.clear();
        let (mut out, style) = (Vec::new(), self.console.style());
        if self.last_agent != agent {
            agent.clone_into(&mut self.last_agent);
            render::push_agent(&mut out, style, agent);
        }
        render::push_line(&mut out, style, Role::Client, checked, output::WIDTH);
        self.console.print(&mut out)
    }

    /// Sends a text message, or nothing, and closes the connection.
    fn send(&mut self, connection: CaseConnection, message: Option<&str>, is_last: bool) {
        let answer = harness_message(message);
        let timing = Timing::new(self.args.case_timeout, Duration::ZERO, Duration::ZERO);
        self.tasks.spawn_local(async move {
            let (_, transport) = carry_out(connection, &answer, timing).await;
            drain(transport).await;
            TaskEnd::Answered { is_last }
        });
    }

    fn refuse(&mut self, connection: CaseConnection, response: &Response, why: &str) {
        self.notice(&format!("a request was refused: {why}"));
        let response = response.clone();
        self.tasks.spawn_local(async move {
            refuse(connection.transport, &response).await;
            TaskEnd::Nothing
        });
    }

    fn notice(&mut self, sentence: &str) {
        self.progress.clear();
        self.console.notice(sentence);
    }

    /// Prints the reports of clients with new results, and writes the files with those of all.
    fn report(&mut self, is_chosen: impl Fn(&str) -> bool) -> Result<bool, Error> {
        self.progress.clear();
        let cases: Vec<Case> = self.cases.iter().map(|case| Case::clone(case)).collect();
        let new = self.agents.take_results(&cases, self.expected, is_chosen);
        if !new.is_empty() && !self.last_agent.is_empty() {
            self.console.print(&mut b"\n".to_vec())?;
        }
        for results in &new {
            output::print(self.args, &results.report(), false, self.console)?;
        }
        let all = self.agents.all_results(&cases, self.expected);
        let reports: Vec<Report<'_>> = all.iter().map(|results| results.report()).collect();
        if !new.is_empty() {
            self.last_agent.clear();
            output::write_files(self.args, &reports)?;
        }
        Ok(reports.iter().any(Report::has_failed))
    }

    /// Reports what was not reported yet.
    fn end(mut self) -> Result<Outcome, Error> {
        let has_failed = self.report(|_| true)?;
        if !self.agents.has_results() {
            let why = "no case was run: no client asked for one";
            return Err(Error::Usage(why.to_owned()));
        }
        Ok(Outcome::problem_if(has_failed))
    }
}
