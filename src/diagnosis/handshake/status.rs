//! Diagnoses a response with another status than 101.

use super::locate::HeaderLocator;
use super::{extended_connect, lines, proxy, refusal_text};
use crate::diagnosis::{Finding, catalogue};
use crate::ws::Reference;
use crate::ws::handshake::{
    Handshake, ParsedHead, ResponseHead, validate_request, without_userinfo,
};

/// The finding for the status of a response.
pub(super) fn diagnose(
    response: &ParsedHead<ResponseHead>,
    locate: &HeaderLocator<'_>,
    handshake: &Handshake,
) -> Finding {
    let head = &response.head;
    let answers_connect = extended_connect::is_requested(handshake);
    let needed = if answers_connect { 200 } else { 101 };
    let message = format!("the status is {} instead of {needed}", head.status);
    let mut finding = Finding::new(&catalogue::RESP_STATUS, message)
        .reference(Reference {
            rfc: 6455,
            section: "4.1",
        })
        .label(meaning(head.status));
    finding.location = locate.first_line_at(&head.status.to_string());
    if answers_connect {
        return extended_connect::refused(finding);
    }
    if lines::later_version(&response.lines).is_some() {
        return finding
            .certain_cause("the connection uses HTTP/2 or 3, which has no upgrade")
            .fixed_by("offer only `http/1.1` in ALPN (`curl --http1.1`)");
    }
    let text = refusal_text::of(response);
    let finding = match &text {
        Some(text) => finding.note(format!("the server says: {text}")),
        None => finding,
    };
    explained_by_headers(finding, head, handshake)
        .or_else(|finding| refusal_text::explain(*finding, text.as_deref(), handshake))
        .or_else(|finding| explained_by_request(*finding, head, handshake))
        .unwrap_or_else(|finding| explained_by_status(*finding, head, handshake))
}

/// What a status means for a client that requested a WebSocket.
const fn meaning(status: u16) -> &'static str {
    match status {
        100..=199 => "not the final response",
        200..=299 => "an ordinary HTTP response",
        300..=399 => "a redirect",
        400 => "the server rejects the request",
        401 | 407 => "credentials are required",
        403 => "access is denied",
        404 | 410 => "nothing at this path",
        405 => "the method is not allowed",
        413 | 431 => "the request is too large",
        426 => "the server requires an upgrade",
        429 => "too many requests",
        502..=504 => "a proxy cannot reach the server",
        500..=599 => "the server failed",
        _ => "101 is needed",
    }
}

/// Adds the cause that the headers of both heads prove.
///
/// # Errors
///
/// The unchanged finding if they prove none.
fn explained_by_headers(
    finding: Finding,
    head: &ResponseHead,
    handshake: &Handshake,
) -> Result<Finding, Box<Finding>> {
    let value = |name: &str| head.headers.first(name);
    if value("Sec-WebSocket-Accept").is_some() {
        return Ok(finding
            .certain_cause("all headers are those of a WebSocket server; only the status is wrong")
            .fixed_by("send `HTTP/1.1 101 Switching Protocols`"));
    }
    if let (300..=399, Some(location)) = (head.status, value("Location")) {
        return Ok(redirected(finding, &location));
    }
    let asked = handshake.request_head();
    let version = asked.and_then(|asked| asked.headers.first("Sec-WebSocket-Version"));
    let spoken = value("Sec-WebSocket-Version");
    if let (Some(version), Some(spoken)) = (&version, &spoken) {
        let is_spoken = spoken.split(',').any(|one| one.trim() == version);
        if !is_spoken {
            return Ok(finding
                .certain_cause(format!(
                    "the client requests version {version}, and the server supports {spoken}"
                ))
                .fixed_by(
                    "use a client and a server of the same version; RFC 6455 is version 13",
                ));
        }
    }
    Err(Box::new(finding))
}

/// The cause that errors of the request prove.
///
/// # Errors
///
/// The unchanged finding if the request has none, or the status is about something else.
fn explained_by_request(
    finding: Finding,
    head: &ResponseHead,
    handshake: &Handshake,
) -> Result<Finding, Box<Finding>> {
    let is_wrong = |request| validate_request(request).is_err();
    if matches!(head.status, 400 | 405 | 426) && handshake.request_head().is_some_and(is_wrong) {
        return Ok(finding
            .certain_cause("the request is wrong, see the findings above")
            .fixed_by("correct the request first"));
    }
    Err(Box::new(finding))
}

/// "If the status code received from the server is not 101, the client handles the response
/// per HTTP procedures" (RFC 6455 section 4.1). A client may follow a redirect; browsers do not.
fn redirected(finding: Finding, location: &str) -> Finding {
    let redacted = without_userinfo(location);
    let location = redacted.as_deref().unwrap_or(location);
    let address = if let Some(rest) = location.strip_prefix("https://") {
        format!("wss://{rest}")
    } else if let Some(rest) = location.strip_prefix("http://") {
        format!("ws://{rest}")
    } else {
        location.to_owned()
    };
    finding
        .certain_cause(format!(
            "the server redirects to `{location}`, and WebSocket clients may ignore a redirect"
        ))
        .fixed_by(format!("connect to `{address}`"))
}

/// Adds the probable cause for the status.
fn explained_by_status(finding: Finding, head: &ResponseHead, handshake: &Handshake) -> Finding {
    let value = |name: &str| head.headers.first(name);
    let asked = handshake.request_head();
    let of_request = |name: &str| asked.and_then(|asked| asked.headers.first(name));
    let target = asked.map_or_else(String::new, |asked| format!(" `{}`", asked.target));
    match head.status {
        200 if value("Content-Type").is_some_and(|kind| kind.starts_with("text/html")) => finding
            .possible_cause(format!(
                "an HTTP handler answers{target} instead of the WebSocket server"
            ))
            .fixed_by("connect to the path of the WebSocket server, or put its route first"),
        // The trace of a proxy shows that the response comes from the server after it.
        400 | 426 if proxy::trace_of(&head.headers).is_some() => finding
            .possible_cause(
                "a request without `Upgrade: websocket`, a `Sec-WebSocket-Key` or \
                 `Sec-WebSocket-Version: 13`, or a proxy that drops them",
            )
            .fixed_by("check these headers where the server receives the request"),
        400 | 426 => match proxy::server_that_is_a_proxy(&head.headers) {
            Some(server) => finding
                .possible_cause(format!(
                    "the proxy `{server}` in front of the server does not pass `Upgrade` on"
                ))
                .fixed_by(proxy::set_up(&server)),
            None => finding,
        },
        401 => finding
            .possible_cause(
                "missing credentials: a WebSocket in a browser sends cookies, but no other credentials",
            )
            .fixed_by("log in first, or put a token into the URL or the first message"),
        403 => match of_request("Origin") {
            Some(origin) => finding
                .possible_cause(format!("a server that does not accept `Origin: {origin}`"))
                .fixed_by("add this origin to the allowed origins of the server"),
            None => finding.possible_cause("a server that requires an allowed `Origin`, or a cookie"),
        },
        404 => finding
            .possible_cause(format!(
                "a wrong path{target}, or a server without a WebSocket at this path"
            ))
            .fixed_by("check the path, and the prefix that a proxy adds or removes"),
        413 | 431 => finding
            .possible_cause("cookies that make the request too large")
            .fixed_by("send fewer cookies, or raise the limit of the server"),
        502..=504 => finding
            .possible_cause("a proxy whose server is down, or uses another protocol")
            .fixed_by("read the proxy's log, and check the address it forwards to"),
        _ => finding,
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::{Cause, diagnose_handshake};
    use crate::ws::handshake::{Handshake, LineEnds};

    const RIGHT: &str = "GET /chat HTTP/1.1\nHost: a\nUpgrade: websocket\nConnection: Upgrade\n\
                         Sec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\n\
                         Sec-WebSocket-Version: 13\nOrigin: http://b\n\n";

    /// The cause and the fix of the finding for the status.
    fn explained(request: &str, response: &str) -> (String, String) {
        let request = Some(request.as_bytes()).filter(|request| !request.is_empty());
        let response = Some(response.as_bytes());
        let handshake = Handshake::read(request, response, LineEnds::AsPasted);
        let findings = diagnose_handshake(&handshake);
        let finding = findings
            .iter()
            .find(|finding| finding.rule() == "resp-status")
            .unwrap();
        let cause = match finding.cause() {
            Cause::Certain(cause) => cause,
            Cause::Possible(cause) => format!("perhaps {cause}"),
        };
        (cause, finding.fix().to_owned())
    }

    #[track_caller]
    fn check(request: &str, response: &str, cause: &str) {
        assert_eq!(explained(request, response).0, cause, "{response}");
    }

    #[test]
    fn a_redirect_gives_the_url_to_connect_to() {
        let response = "HTTP/1.1 301 Moved\nLocation: https://a/chat\n\n";
        let (cause, fix) = explained("", response);
        let expected =
            "the server redirects to `https://a/chat`, and WebSocket clients may ignore a redirect";
        assert_eq!(
            (cause.as_str(), fix.as_str()),
            (expected, "connect to `wss://a/chat`")
        );
        let (_, fix) = explained("", "HTTP/1.1 302 x\nLocation: https://me:secret@a/\n\n");
        assert_eq!(fix, "connect to `wss://(hidden)@a/`");
        let (_, fix) = explained("", "HTTP/1.1 308 x\nLocation: /chat/\n\n");
        assert_eq!(fix, "connect to `/chat/`");
    }

    #[test]
    fn headers_prove_the_cause_of_a_status() {
        check(
            RIGHT,
            "HTTP/1.1 200 OK\nSec-WebSocket-Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=\n\n",
            "all headers are those of a WebSocket server; only the status is wrong",
        );
        check(
            RIGHT,
            "HTTP/1.1 426 Upgrade Required\nSec-WebSocket-Version: 8, 7\n\n",
            "the client requests version 13, and the server supports 8, 7",
        );
        check(
            &RIGHT.replace("Upgrade: websocket\n", ""),
            "HTTP/1.1 426 Upgrade Required\nSec-WebSocket-Version: 13\n\n",
            "the request is wrong, see the findings above",
        );
        check(
            "",
            "HTTP/2 400\nserver: a\n\n",
            "the connection uses HTTP/2 or 3, which has no upgrade",
        );
    }

    #[test]
    fn a_status_suggests_a_cause() {
        check(
            RIGHT,
            "HTTP/1.1 400 Bad Request\nServer: nginx/1.18.0\n\n",
            "perhaps the proxy `nginx/1.18.0` in front of the server does not pass `Upgrade` on",
        );
        check(
            RIGHT,
            "HTTP/1.1 403 Forbidden\n\n",
            "perhaps a server that does not accept `Origin: http://b`",
        );
        check(
            RIGHT,
            "HTTP/1.1 404 Not Found\n\n",
            "perhaps a wrong path `/chat`, or a server without a WebSocket at this path",
        );
    }
}
