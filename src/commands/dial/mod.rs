//! Opens a connection as the options of the command line say: `connect` and `check` use it.
//!
//! [`Dialling::new`] turns a URL and [`DialArgs`] into what `net::dial` and `ws::handshake` take.
//! [`open`] dials, sends the request, reads the response head, and follows redirects if that was
//! asked for. [`findings()`] explains why there is no response, [`notices()`] what is worth telling of
//! the way to the server. A caller that writes its own requests gives [`Dialling::target`] and
//! [`Dialling::options`] to `net::dial::open` or `net::dial::dial`.

mod dialling;
mod findings;
mod notices;

use std::fmt;

use crate::Error;
use crate::cli::DialArgs;
use crate::net::dial::{self, DialError, Opened, Target};
use crate::ws::handshake::{HeadLines, RequestHead, ResponseHead};
pub(super) use dialling::Dialling;
pub(super) use findings::findings;
pub(super) use notices::notices;

/// How many redirects are followed.
const MAX_REDIRECTS: usize = 10;

/// A response to the request, of any status but a redirect that was followed.
#[derive(Debug)]
pub(super) struct Answered {
    /// What was dialled at last, with the redirects that led there.
    pub(super) dialling: Dialling,
    /// The request that was sent at last.
    pub(super) request: RequestHead,
    /// The connection and the response head.
    pub(super) opened: Opened,
}

/// A redirect that was followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Redirect {
    /// The status of the response.
    pub(super) status: u16,
    /// The target that sent it.
    pub(super) from: Target,
    /// The target that it names.
    pub(super) to: Target,
}

impl fmt::Display for Redirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { status, from, to } = self;
        write!(f, "{from} redirects ({status}) to {to}")
    }
}

/// Why there is no response.
#[derive(Debug)]
pub(super) enum OpenError {
    /// The connection to this target could not be opened.
    Dial(Box<Dialling>, DialError),
    /// It could not be tried.
    Other(Error),
}

impl From<Error> for OpenError {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

/// Opens a connection, sends a request and reads the head of the response. With `--location`
/// redirects are followed.
///
/// # Errors
///
/// [`OpenError::Dial`] if a connection cannot be opened.
pub(super) async fn open(dialling: Dialling, args: &DialArgs) -> Result<Answered, OpenError> {
    open_if(dialling, args, async |_| Ok(())).await
}

/// The same, if this allows what each redirect leads to.
///
/// # Errors
///
/// [`OpenError::Other`] with the error of `may_dial`, and as [`open`].
pub(super) async fn open_if(
    dialling: Dialling,
    args: &DialArgs,
    may_dial: impl AsyncFn(&Dialling) -> Result<(), Error>,
) -> Result<Answered, OpenError> {
    let mut dialling = dialling;
    loop {
        let request = dialling.request()?;
        let bytes = [request.encode(), dialling.after_request.clone()].concat();
        let opened = dial::open(&dialling.target, &dialling.options, &bytes).await;
        let opened = match opened {
            Ok(opened) => opened,
            Err(error) => return Err(OpenError::Dial(Box::new(dialling), error)),
        };
        let redirect = if args.location && dialling.redirects.len() < MAX_REDIRECTS {
            redirect(&dialling.target, &opened)
        } else {
            None
        };
        let Some(redirect) = redirect else {
            return Ok(Answered {
                dialling,
                request,
                opened,
            });
        };
        dialling = dialling.redirected(redirect, args)?;
        may_dial(&dialling).await?;
    }
}

/// The redirect that a response is. None if its `Location` is missing or cannot be dialled.
fn redirect(from: &Target, opened: &Opened) -> Option<Redirect> {
    let head: ResponseHead = HeadLines::read(&opened.response.head).response()?;
    if !matches!(head.status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = head.headers.only("Location")?;
    Some(Redirect {
        status: head.status,
        from: from.clone(),
        to: from.join(&location).ok()?,
    })
}
