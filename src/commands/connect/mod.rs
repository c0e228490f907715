//! `wsctl connect`: opens a connection, sends what the input says, prints what comes, and closes.
//!
//! `commands::dial` opens the connection, the client of `net` talks, `live_log` prints. This
//! module configures them, and [`outcome()`] decides the exit status.

mod input;
mod outcome;
mod output;
mod terminal;
mod typed;

use std::cell::Cell;
use std::io::{self, Write};
use std::path::Path;
use std::rc::Rc;

use self::input::MessageInput;
use self::outcome::outcome;
use self::output::{MessageOutput, StopReason};
use self::terminal::{LineEditor, TerminalMode};
use super::console::Console;
use super::dial::{self, Dialling, OpenError};
use super::live_log::{self, LogOptions, LoggedEvents, MessageFormat};
use super::{record_file, stop};
use crate::cli::{ConnectArgs, ConnectFormat, LogFormat};
use crate::diagnosis::Finding;
use crate::net::{
    ClientConfig, ClientConnection, EndRules, OutputStreams, RecordOutput, run_client,
};
use crate::render::json;
use crate::render::printer::EventContext;
use crate::ws::fault::{FaultInjector, InjectedFault, RequestFaults};
use crate::ws::{MaskingKey, Role};
use crate::{Error, Outcome};

pub(super) fn run(args: &ConnectArgs, console: &mut Console) -> Result<Outcome, Error> {
    let mut dialling = Dialling::new(&args.url, &args.dial)?;
    let mut faults = faults(args, console)?;
    let request_faults = faults.as_mut().map(|faults| faults.change_request());
    let request_faults = request_faults.unwrap_or_default();
    dialling.inject(&request_faults);
    let mut input = MessageInput::of(args);
    // Dropped after the last line is printed.
    let mode = input.editor().map(|_| TerminalMode::save());
    let format = OutputFormat::of(args, console)?;
    let stop_reason = StopReason::default();
    let streams = streams(args, format, &stop_reason, &mut input, console)?;
    let (events, has_fault) = live_log::new(format.log_options(args, console));
    let interruption = Rc::new(Cell::new(None));
    let end = run_client(
        config(args, faults),
        events,
        streams,
        open(dialling, args, request_faults, console),
        || input.start(&stop_reason),
        || stopped(&stop_reason, &has_fault, &interruption),
        masking_keys()?,
    );
    drop(mode);
    if let Some(error) = stop_reason.take() {
        return Err(error.into());
    }
    match end {
        Ok(end) => Ok(outcome(
            args,
            &end,
            has_fault.get(),
            interruption.get(),
            console,
        )),
        Err(StartError::Open(OpenError::Dial(dialling, error))) => {
            report_not_connected(&dial::findings(&error, &dialling), format, console)
        }
        Err(StartError::Open(OpenError::Other(error))) => Err(error),
        Err(StartError::System(error)) => Err(Error::System("start the client".to_owned(), error)),
    }
}

/// Opens the connection, and prints what is worth telling of the way to the server.
async fn open(
    dialling: Dialling,
    args: &ConnectArgs,
    faults: RequestFaults,
    console: &mut Console,
) -> Result<ClientConnection, StartError> {
    let answered = dial::open(dialling, &args.dial).await?;
    for notice in dial::notices(&answered) {
        console.notice(&notice);
    }
    Ok(ClientConnection {
        url: answered.dialling.target.to_string(),
        request: answered.request,
        opened: answered.opened,
        faults,
    })
}

/// Completes at a signal, or when there is a reason to stop. Sets `interruption` then: whether
/// there was a fault before.
fn stopped(
    reason: &StopReason,
    has_fault: &Rc<Cell<bool>>,
    interruption: &Rc<Cell<Option<bool>>>,
) -> io::Result<impl Future<Output = ()>> {
    let signal = stop::signal()?;
    let (reason, has_fault) = (reason.clone(), Rc::clone(has_fault));
    let interruption = Rc::clone(interruption);
    Ok(async move {
        tokio::select! {
            () = signal => {}
            () = reason.stopped() => {}
        }
        interruption.set(Some(has_fault.get()));
    })
}

/// Injects the faults that the options name; None without any.
fn faults(args: &ConnectArgs, console: &mut Console) -> Result<Option<Box<FaultInjector>>, Error> {
    let mut faults = args.fault.clone();
    faults.extend(args.no_pong.then(InjectedFault::no_pong));
    if faults.is_empty() {
        return Ok(None);
    }
    super::faults::check(&faults, args.dial.deflate.is_some())?;
    let seed = super::faults::seed(&faults, args.seed)?;
    if let Some(notice) = super::faults::seed_notice(&faults, args.seed, seed) {
        console.notice(&notice);
    }
    Ok(Some(Box::new(FaultInjector::for_client(faults, seed))))
}

fn config(args: &ConnectArgs, faults: Option<Box<FaultInjector>>) -> ClientConfig {
    ClientConfig {
        max_message: args.max_message,
        ping_interval: args.ping_interval,
        faults,
        echoes: args.echo,
        end: EndRules {
            wait: args.chosen_wait(),
            expect: args.expect,
            until: args.until.clone(),
            timeout: args.timeout,
        },
    }
}

/// What goes to standard output, and what to standard error.
#[derive(Clone, Copy)]
struct OutputFormat {
    /// The messages on standard output; then the log is on standard error.
    messages: Option<MessageFormat>,
    log: Option<LogFormat>,
    events: LoggedEvents,
}

impl OutputFormat {
    fn of(args: &ConnectArgs, console: &Console) -> Result<Self, Error> {
        let to_terminal = console.is_terminal();
        let default = if to_terminal && !console.is_quiet() {
            ConnectFormat::Frames
        } else {
            ConnectFormat::Text
        };
        let format = args.chosen_format().unwrap_or(default);
        if format == ConnectFormat::Raw && to_terminal {
            return Err(super::decode::raw_on_a_terminal("--format"));
        }
        let messages = match format {
            ConnectFormat::Text if to_terminal => Some(MessageFormat::Escaped),
            ConnectFormat::Text => Some(MessageFormat::Lines),
            ConnectFormat::Raw => Some(MessageFormat::Raw),
            ConnectFormat::Frames | ConnectFormat::Json => None,
        };
        let log = match format {
            ConnectFormat::Json => LogFormat::Json,
            _ => LogFormat::Frames,
        };
        let is_quiet = console.is_quiet();
        Ok(Self {
            messages,
            log: (messages.is_none() || !is_quiet).then_some(log),
            events: match (messages.is_some(), is_quiet) {
                (true, _) if !args.verbose => LoggedEvents::Unusual,
                (false, true) => LoggedEvents::WithoutFindings,
                _ => LoggedEvents::All,
            },
        })
    }

    fn log_options(self, args: &ConnectArgs, console: &Console) -> LogOptions {
        LogOptions {
            local: Role::Client,
            format: self.log,
            events: self.events,
            messages: self.messages,
            is_recorded: args.record.is_some(),
            style: match self.messages {
                Some(_) => console.stderr_style(),
                None => console.style(),
            },
            width: match self.messages {
                Some(_) => console.stderr_width(),
                None => console.width(),
            },
            full: args.full,
            all_headers: args.verbose,
            shows_secrets: args.dial.show_secrets,
        }
    }
}

fn streams(
    args: &ConnectArgs,
    format: OutputFormat,
    stop: &StopReason,
    input: &mut MessageInput,
    console: &Console,
) -> Result<OutputStreams, Error> {
    // While lines are edited, all output goes above the line.
    let mut above_line = || input.editor().and_then(LineEditor::output);
    let stdout = || -> Box<dyn Write + Send> { Box::new(MessageOutput(stop.clone())) };
    let stdout = above_line().unwrap_or_else(stdout);
    let record = args.record.as_ref().map(|path| record(path, console));
    let record = record.transpose()?;
    Ok(match format.messages {
        Some(_) => OutputStreams {
            log: above_line().unwrap_or_else(|| Box::new(io::stderr())),
            messages: Some(stdout),
            record,
        },
        None => OutputStreams {
            log: stdout,
            messages: None,
            record,
        },
    })
}

fn record(path: &Path, console: &Console) -> Result<RecordOutput, Error> {
    Ok(RecordOutput {
        output: Box::new(record_file::create(path, console)?),
        first: Vec::new(),
        last: Box::new(|_| Vec::new()),
    })
}

/// Makes a new masking key for each frame of random bytes of the system (RFC 6455 section 5.3).
fn masking_keys() -> Result<impl FnMut() -> MaskingKey + Send + 'static, Error> {
    const BATCH: usize = 1 << 10;
    let mut bytes = vec![0; BATCH];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::Usage(format!("cannot make random masking keys: {error}")))?;
    let mut used = 0;
    Ok(move || {
        if used == BATCH {
            // The system had random bytes before. Without new ones the old ones are used again.
            let _ = getrandom::fill(&mut bytes);
            used = 0;
        }
        let key = bytes.get(used..).and_then(|rest| rest.first_chunk());
        used += 4;
        MaskingKey(key.copied().unwrap_or_default())
    })
}

/// Why the client could not start.
enum StartError {
    Open(OpenError),
    System(io::Error),
}

impl From<OpenError> for StartError {
    fn from(error: OpenError) -> Self {
        Self::Open(error)
    }
}

impl From<io::Error> for StartError {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

/// Prints why there is no connection.
fn report_not_connected(
    findings: &[Finding],
    format: OutputFormat,
    console: &mut Console,
) -> Result<Outcome, Error> {
    for finding in findings {
        if format.messages.is_none() && format.log == Some(LogFormat::Json) {
            let mut line = Vec::new();
            json::push_finding(&mut line, &EventContext::default(), finding);
            console.print(&mut line)?;
        } else {
            console.report(finding);
        }
    }
    Ok(Outcome::NotConnected)
}
