//! Findings for TLS handshakes that failed.

use crate::commands::dial::Dialling;
use crate::diagnosis::{Finding, catalogue};
use crate::net::dial::{CertificateProblem, TlsProblem};
use crate::render::day;

/// The finding for a TLS handshake with a server that should have the name `name`.
pub(super) fn failed(problem: &TlsProblem, name: &str, dialling: &Dialling) -> Finding {
    let disagree = |message: String| Finding::new(&catalogue::TLS_FAILED, message);
    match problem {
        TlsProblem::Certificate(problem) => certificate(problem, name),
        TlsProblem::ClientCertificate => client_certificate(dialling),
        TlsProblem::UnknownName => disagree(format!("the server has no certificate for `{name}`"))
            .possible_cause("another host name than the server is set up for")
            .fixed_by("use the right host name, or `--servername NAME`"),
        TlsProblem::NoHttp1 => disagree("the server does not offer HTTP/1.1".to_owned())
            .certain_cause("the server only offers other protocols in ALPN, such as `h2`")
            .fixed_by("enable `http/1.1` in the server: only HTTP/1.1 can be upgraded"),
        TlsProblem::NotTls => Finding::new(
            &catalogue::REQ_TLS_TO_PLAIN,
            "the port answers the TLS handshake with other bytes",
        )
        .certain_cause("the port does not speak TLS")
        .fixed_by("connect with `ws://`, or to the port with TLS"),
        TlsProblem::NothingInCommon => {
            disagree("the server accepts no TLS version or cipher suite of wsctl".to_owned())
                .possible_cause("a server that only speaks TLS 1.0 or 1.1, or old cipher suites")
                .fixed_by("enable TLS 1.2 or 1.3 in the server")
        }
        TlsProblem::Other(why) => disagree(format!("the TLS handshake failed: {why}")),
    }
}

/// The finding for a certificate of the server that is not accepted.
fn certificate(problem: &CertificateProblem, name: &str) -> Finding {
    let finding = |message: String| Finding::new(&catalogue::TLS_CERTIFICATE, message);
    match problem {
        CertificateProblem::OtherName(names) => {
            let found = finding(format!("the certificate is not for `{name}`"))
                .certain_cause("the certificate is for other names")
                .fixed_by("use a name of the certificate, or --servername, or a new certificate");
            if names.is_empty() {
                return found;
            }
            found.certain_cause(format!("the certificate is for {}", names.join(", ")))
        }
        CertificateProblem::Expired(time) => {
            let since = time.map(|it| format!(" since {}", day(it)));
            finding(format!(
                "the certificate is expired{}",
                since.unwrap_or_default()
            ))
            .certain_cause("the server has an old certificate, or the clock here is wrong")
            .fixed_by("renew the certificate, and restart the server")
        }
        CertificateProblem::NotYetValid(time) => {
            let from = time.map(|it| format!(" before {}", day(it)));
            finding(format!(
                "the certificate is not valid{}",
                from.unwrap_or_else(|| " yet".to_owned())
            ))
            .possible_cause("a wrong clock, here or where the certificate was made")
            .fixed_by("check the date of both machines")
        }
        CertificateProblem::UnknownAuthority => {
            finding("no trusted authority signed the certificate".to_owned())
                .possible_cause(
                    "a self-signed certificate, an authority of your own, or a server that does \
                     not send the intermediate certificates",
                )
                .fixed_by("trust the authority with `--cacert FILE`, or accept any with `-k`")
        }
        CertificateProblem::AuthorityCertificate => finding(
            "the certificate is that of an authority, and wsctl accepts none of these from a server"
                .to_owned(),
        )
        .possible_cause("a self-signed certificate with `CA:TRUE`, as `openssl req -x509` makes it")
        .fixed_by(
            "accept any certificate with `-k`, or make one with \
             `-addext basicConstraints=CA:FALSE`",
        ),
        CertificateProblem::Other(why) => finding(format!("the certificate is not accepted: {why}")),
    }
}

fn client_certificate(dialling: &Dialling) -> Finding {
    let finding = |message: &str| Finding::new(&catalogue::TLS_CLIENT_CERTIFICATE, message);
    if dialling.has_certificate {
        finding("the server does not accept the certificate of the client")
            .possible_cause("a certificate of another authority, or an expired one")
            .fixed_by("use a certificate that an authority of the server has signed")
    } else {
        finding("the server requires a certificate of the client")
            .certain_cause("the server authenticates its clients with certificates")
            .fixed_by("give one with `--cert FILE --key FILE`")
    }
}

/// The server ended the connection after it had requested a certificate of the client, which has
/// none. An alert that says so may be lost with the connection.
pub(super) fn closed() -> Finding {
    let message = "the server ended the connection before the response";
    Finding::new(&catalogue::TLS_CLIENT_CERTIFICATE, message)
        .possible_cause("it requires the certificate of the client that it requested")
        .fixed_by("give one with `--cert FILE --key FILE`")
}
