//! Why a connection could not be opened: at which step, and what the system or the peer said.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio_rustls::rustls::pki_types::UnixTime;
use tokio_rustls::rustls::{self, AlertDescription, CertificateError, PeerMisbehaved};

/// A step of opening a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DialStep {
    /// The name is resolved.
    Dns,
    /// The TCP connection, or the Unix socket, is opened.
    Tcp,
    /// The proxy opens the connection to the target.
    Proxy,
    /// The TLS handshake.
    Tls,
    /// The request is sent and the response head is read.
    Upgrade,
}

/// A step that is complete.
#[derive(Debug)]
pub struct CompletedStep {
    /// The step.
    pub step: DialStep,
    /// How long it took.
    pub time: Duration,
    /// The version of TLS that was negotiated, as `TLS 1.3`.
    pub tls_version: Option<String>,
    /// The address that TCP connected to.
    pub address: Option<SocketAddr>,
    /// The addresses that refused before that one accepted, with what the system said.
    pub refused: Vec<(SocketAddr, io::Error)>,
}

/// Why a connection could not be opened.
#[derive(Debug)]
pub struct DialError {
    /// The step that failed.
    pub step: DialStep,
    /// Why.
    pub reason: DialFailure,
    /// The steps that were complete before.
    pub completed: Vec<CompletedStep>,
    /// Whether the server requested a certificate of the client in the TLS handshake.
    pub was_asked_for_certificate: bool,
}

/// What made a step fail.
#[derive(Debug)]
pub enum DialFailure {
    /// The name has no address; what the resolver said.
    NameNotFound(String),
    /// The name has no address of the family that was asked for.
    NoAddressOfFamily,
    /// No address could be connected to: each one with what the system said.
    NotConnected(Vec<(SocketAddr, io::Error)>),
    /// The Unix socket could not be connected to.
    UnixSocket(io::Error),
    /// The step was not complete in this time.
    TimedOut(Duration),
    /// The peer closed or reset the connection during the step.
    Closed(io::Error),
    /// The proxy refused; its status line, or what its SOCKS reply says.
    ProxyRefused(String),
    /// What the proxy sent is not a reply of its protocol.
    NotAProxy,
    /// The TLS handshake failed.
    Tls(TlsProblem),
    /// The server answered the request with these bytes, which begin no HTTP/1 response.
    NotHttp(Vec<u8>),
    /// The response head ended after these bytes, before its empty line.
    HeadCut(Vec<u8>),
    /// The response head is longer than this many bytes.
    HeadTooLarge(usize),
}

/// Why a TLS handshake failed, seen from the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsProblem {
    /// The certificate of the server is not accepted.
    Certificate(CertificateProblem),
    /// The server wants a certificate of the client, or another one.
    ClientCertificate,
    /// The server knows no certificate for the name that the client sent.
    UnknownName,
    /// The server does not offer HTTP/1.1 (ALPN, RFC 7301).
    NoHttp1,
    /// The port does not speak TLS.
    NotTls,
    /// The two have no protocol version or cipher suite in common.
    NothingInCommon,
    /// Another reason, in the words of the library.
    Other(String),
}

/// Why a client does not accept the certificate of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateProblem {
    /// The certificate is for other names: these, if it says.
    OtherName(Vec<String>),
    /// The certificate is expired; since when, if it says.
    Expired(Option<SystemTime>),
    /// The certificate is not valid yet; from when on, if it says.
    NotYetValid(Option<SystemTime>),
    /// No trusted authority signed the certificate.
    UnknownAuthority,
    /// The certificate is that of an authority, which a server must not use.
    AuthorityCertificate,
    /// Another reason, in the words of the library.
    Other(String),
}

impl DialError {
    pub(super) const fn new(step: DialStep, reason: DialFailure) -> Self {
        Self {
            step,
            reason,
            completed: Vec::new(),
            was_asked_for_certificate: false,
        }
    }
}

/// An I/O error after the connection was opened.
impl From<io::Error> for DialFailure {
    fn from(error: io::Error) -> Self {
        let tls = error
            .get_ref()
            .and_then(|it| it.downcast_ref::<rustls::Error>());
        match tls {
            Some(tls) => Self::Tls(TlsProblem::of(tls)),
            None => Self::Closed(error),
        }
    }
}

impl TlsProblem {
    fn of(error: &rustls::Error) -> Self {
        match error {
            rustls::Error::InvalidCertificate(certificate) => {
                Self::Certificate(CertificateProblem::of(certificate))
            }
            rustls::Error::AlertReceived(alert) => Self::of_alert(*alert),
            rustls::Error::PeerIncompatible(_) => Self::NothingInCommon,
            rustls::Error::PeerMisbehaved(PeerMisbehaved::SelectedUnofferedApplicationProtocol) => {
                Self::NoHttp1
            }
            rustls::Error::InvalidMessage(_) => Self::NotTls,
            other => Self::Other(other.to_string()),
        }
    }

    /// What an alert of the server says (RFC 8446 section 6.2). Those about a certificate are
    /// about that of the client.
    fn of_alert(alert: AlertDescription) -> Self {
        match alert {
            AlertDescription::CertificateRequired
            | AlertDescription::NoCertificate
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA => Self::ClientCertificate,
            AlertDescription::UnrecognisedName => Self::UnknownName,
            AlertDescription::NoApplicationProtocol => Self::NoHttp1,
            AlertDescription::ProtocolVersion | AlertDescription::HandshakeFailure => {
                Self::NothingInCommon
            }
            other => Self::Other(format!("the server sent the alert {other:?}")),
        }
    }
}

impl CertificateProblem {
    fn of(error: &CertificateError) -> Self {
        let time = |time: &UnixTime| UNIX_EPOCH.checked_add(Duration::from_secs(time.as_secs()));
        match error {
            CertificateError::Expired => Self::Expired(None),
            CertificateError::ExpiredContext { not_after, .. } => Self::Expired(time(not_after)),
            CertificateError::NotValidYet => Self::NotYetValid(None),
            CertificateError::NotValidYetContext { not_before, .. } => {
                Self::NotYetValid(time(not_before))
            }
            CertificateError::NotValidForName => Self::OtherName(Vec::new()),
            CertificateError::NotValidForNameContext { presented, .. } => {
                Self::OtherName(presented.iter().map(|name| plain_name(name)).collect())
            }
            CertificateError::UnknownIssuer => Self::UnknownAuthority,
            // The type of the library below rustls, which has no other name for it.
            CertificateError::Other(error) if error.to_string() == "CaUsedAsEndEntity" => {
                Self::AuthorityCertificate
            }
            other => Self::Other(other.to_string()),
        }
    }
}

/// A name of a certificate without what the library writes around it: `a.example` for
/// `DnsName("a.example")`.
fn plain_name(text: &str) -> String {
    let inside = text.split_once('(').map(|(_, rest)| rest);
    let inside = inside.and_then(|rest| rest.strip_suffix(')'));
    inside.unwrap_or(text).trim_matches('"').to_owned()
}

impl DialStep {
    /// The name of the step in a log line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Tcp => "tcp",
            Self::Proxy => "proxy",
            Self::Tls => "tls",
            Self::Upgrade => "upgrade",
        }
    }
}

impl fmt::Display for DialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reason {
            DialFailure::NameNotFound(why) => write!(f, "the name has no address: {why}"),
            DialFailure::NoAddressOfFamily => {
                f.write_str("the name has no address of the family that was asked for")
            }
            DialFailure::NotConnected(tried) => {
                for (index, (address, error)) in tried.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "; " };
                    write!(f, "{separator}{address}: {}", system_text(error))?;
                }
                Ok(())
            }
            DialFailure::TimedOut(time) => write!(f, "no answer in {} s", time.as_secs_f64()),
            DialFailure::Closed(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                f.write_str("the peer closed the connection")
            }
            DialFailure::UnixSocket(error) | DialFailure::Closed(error) => {
                f.write_str(&system_text(error))
            }
            DialFailure::ProxyRefused(why) => write!(f, "the proxy refused: {why}"),
            DialFailure::NotAProxy => f.write_str("the reply is not that of a proxy"),
            DialFailure::Tls(problem) => problem.fmt(f),
            DialFailure::NotHttp(_) => f.write_str("the response is not HTTP/1.1"),
            DialFailure::HeadCut(_) => f.write_str("the connection ended inside the response head"),
            DialFailure::HeadTooLarge(limit) => {
                write!(f, "the response head is longer than {limit} bytes")
            }
        }
    }
}

impl fmt::Display for TlsProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Certificate(problem) => return problem.fmt(f),
            Self::ClientCertificate => "the server wants a certificate of the client, or another",
            Self::UnknownName => "the server has no certificate for this name",
            Self::NoHttp1 => "the server does not offer HTTP/1.1",
            Self::NotTls => "the port does not speak TLS",
            Self::NothingInCommon => "the server accepts no TLS version or cipher suite of wsctl",
            Self::Other(why) => why,
        })
    }
}

impl fmt::Display for CertificateProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OtherName(_) => "the certificate is not for this name",
            Self::Expired(_) => "the certificate is expired",
            Self::NotYetValid(_) => "the certificate is not valid yet",
            Self::UnknownAuthority => "the certificate is signed by an unknown authority",
            Self::AuthorityCertificate => "the certificate is that of an authority",
            Self::Other(why) => why,
        })
    }
}

/// What the system says of an error, without its number.
pub fn system_text(error: &io::Error) -> String {
    let sentence = error.to_string();
    let end = sentence.find(" (os error ").unwrap_or(sentence.len());
    sentence.get(..end).unwrap_or_default().to_owned()
}
