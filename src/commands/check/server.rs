//! Checks a server: dials it as the options say, and hides the credentials in what is reported.

use tokio::time::Instant;

use super::address;
use super::run::{Checked, cannot_run, check, settings};
use super::runner::{CannotRun, Peer};
use super::suite::Suite;
use crate::Error;
use crate::check::{Case, CheckedCase, RequestBase};
use crate::cli::CheckArgs;
use crate::commands::console::Console;
use crate::commands::dial::{Answered, Dialling, OpenError, findings, open_if};
use crate::diagnosis::{Finding, diagnose_handshake};
use crate::net::dial::{DialError, MAX_REFUSAL_BODY, read_body};
use crate::ws::handshake::{Handshake, HeadLines, LineEnds, ResponseHead};

pub(super) async fn check_server(
    args: &CheckArgs,
    suite: &Suite,
    chosen: Vec<Case>,
    console: &mut Console,
) -> Result<Checked, Error> {
    let dialling = Dialling::new(args.url.as_deref().unwrap_or_default(), &args.dial)?;
    may_dial(args, &dialling).await?;
    let dialling = redirected(args, dialling, console).await?;
    let base = RequestBase {
        target: dialling.target.path.clone(),
        host: dialling.target.authority(),
        extra: dialling.headers.clone(),
        subprotocols: args.dial.subprotocol.clone(),
    };
    let server = (dialling.target.clone(), dialling.options.clone());
    let settings = settings(args, Peer::Server(Box::new(server)), base);
    let mut cases = match check(settings, suite, chosen, console).await {
        Ok(cases) => cases,
        Err(CannotRun::Dial(error)) => return Err(no_connection(&error, &dialling, console)),
        Err(why) => {
            let why = cannot_run(why, suite.peer);
            return Err(explain_first_case(dialling, args, console)
                .await
                .unwrap_or(why));
        }
    };
    if !args.dial.show_secrets {
        hide_secrets(&mut cases, &dialling);
    }
    Ok(Checked {
        cases,
        target: dialling.target.to_string(),
        options: connect_options(args, &dialling),
    })
}

/// # Errors
///
/// [`Error`] if a host is public, and the user does not allow that.
async fn may_dial(args: &CheckArgs, dialling: &Dialling) -> Result<(), Error> {
    if args.yes {
        return Ok(());
    }
    address::refuse_public(dialling).await
}

/// Makes a request, and follows the redirects to hosts that may be dialled.
async fn open_allowed(args: &CheckArgs, dialling: Dialling) -> Result<Answered, OpenError> {
    open_if(dialling, &args.dial, async |next| {
        may_dial(args, next).await
    })
    .await
}

/// What is dialled after the redirects that `--location` follows.
async fn redirected(
    args: &CheckArgs,
    dialling: Dialling,
    console: &mut Console,
) -> Result<Dialling, Error> {
    if !args.dial.location {
        return Ok(dialling);
    }
    match open_allowed(args, dialling).await {
        Ok(answered) => Ok(answered.dialling),
        Err(OpenError::Dial(dialling, error)) => Err(no_connection(&error, &dialling, console)),
        Err(OpenError::Other(error)) => Err(error),
    }
}

/// Makes the request that `wsctl connect` makes, and reports why there is no response, or what is
/// wrong with it. Returns the error if there is none. In TLS 1.3 a server that wants a certificate
/// says so after the handshake, in place of the response.
async fn explain_first_case(
    dialling: Dialling,
    args: &CheckArgs,
    console: &mut Console,
) -> Option<Error> {
    match open_allowed(args, dialling).await {
        Err(OpenError::Dial(dialling, error)) => Some(no_connection(&error, &dialling, console)),
        Ok(answered) => {
            for finding in response_findings(answered, args).await {
                console.report(&finding);
            }
            None
        }
        Err(OpenError::Other(_)) => None,
    }
}

/// What is wrong with a response, as `wsctl connect` says it.
async fn response_findings(answered: Answered, args: &CheckArgs) -> Vec<Finding> {
    let (mut transport, response) = (answered.opened.transport, answered.opened.response);
    let mut bytes = response.head;
    let head: Option<ResponseHead> = HeadLines::read(&bytes).response();
    if let Some(head) = head.filter(|head| head.status != 101) {
        let deadline = Instant::now() + args.case_timeout;
        let received = response.after_head;
        let body = read_body(&mut transport, &head, received, MAX_REFUSAL_BODY, deadline).await;
        bytes.extend(body.bytes);
    }
    let request = answered.request.encode();
    let handshake = Handshake::read(Some(&request), Some(&bytes), LineEnds::OnTheWire);
    let findings = diagnose_handshake(&handshake).into_iter();
    if args.dial.show_secrets {
        findings.collect()
    } else {
        findings.map(Finding::without_credentials).collect()
    }
}

/// Reports why there is no connection.
fn no_connection(error: &DialError, dialling: &Dialling, console: &mut Console) -> Error {
    for finding in findings(error, dialling) {
        console.report(&finding);
    }
    Error::Usage("no case was run, because there is no connection".to_owned())
}

/// Replaces the credentials in the requests that are shown.
fn hide_secrets(checked: &mut [CheckedCase], dialling: &Dialling) {
    let secrets = dialling.headers.iter().filter(|header| header.is_secret());
    let secrets: Vec<(String, String)> = secrets
        .map(|header| (header.text(), header.redacted()))
        .collect();
    if secrets.is_empty() {
        return;
    }
    let observations = checked
        .iter_mut()
        .filter_map(|it| it.result.observation.as_mut());
    for observation in observations {
        let mut request = String::from_utf8_lossy(&observation.request).into_owned();
        for (value, hidden) in &secrets {
            request = request.replace(value, hidden);
        }
        observation.request = request.into_bytes();
    }
}

/// The options of `wsctl connect` that make the same request.
fn connect_options(args: &CheckArgs, dialling: &Dialling) -> String {
    let mut options = String::new();
    if let Some(name) = args.dial.subprotocol.first() {
        options.extend([" -s ", name]);
    }
    for header in &dialling.headers {
        let value = if args.dial.show_secrets {
            header.text()
        } else {
            header.redacted()
        };
        options.extend([" -H '", &header.name, ": ", &value, "'"]);
    }
    options
}
