//! Why a server answers with another status than 101.

use super::heading::HeaderLocator;
use super::{lines, proxy};
use crate::diagnosis::{Finding, catalogue};
use crate::ws::Reference;
use crate::ws::handshake::{Handshake, ParsedHead, ResponseHead, judge as judge_request};

/// The finding for the status of a response that opens nothing.
pub(super) fn judge(
    response: &ParsedHead<ResponseHead>,
    heading: &HeaderLocator<'_>,
    handshake: &Handshake,
) -> Finding {
    let head = &response.head;
    let message = format!("the status is {}, and 101 is needed", head.status);
    let mut finding = Finding::new(&catalogue::RESP_STATUS, message)
        .reference(Reference {
            rfc: 6455,
            section: "4.1",
        })
        .label(meaning(head.status));
    finding.location = heading.first_line_at(&head.status.to_string());
    if lines::later_version(&response.lines).is_some() {
        return finding
            .certain_cause("the connection is HTTP/2 or 3, where nothing can be upgraded")
            .fixed_by("offer `http/1.1` alone in ALPN (`curl --http1.1`)");
    }
    explained_by_answer(finding, head, handshake)
        .unwrap_or_else(|finding| explained_by_status(*finding, head, handshake))
}

/// What a status usually means to a client that wanted a WebSocket.
const fn meaning(status: u16) -> &'static str {
    match status {
        100..=199 => "not the answer yet",
        200..=299 => "an ordinary answer",
        300..=399 => "the server sends the client elsewhere",
        400 => "the server does not like the request",
        401 | 407 => "credentials are needed",
        403 => "this client may not",
        404 | 410 => "nothing is there",
        405 => "not with this method",
        413 | 431 => "the head is too large",
        426 => "the server sees no upgrade it knows",
        429 => "too often",
        502..=504 => "a proxy does not reach the server",
        500..=599 => "the server failed",
        _ => "101 is needed",
    }
}

/// What the headers of the answer, and the request, show; the finding as it was if they
/// show nothing.
fn explained_by_answer(
    finding: Finding,
    head: &ResponseHead,
    handshake: &Handshake,
) -> Result<Finding, Box<Finding>> {
    let value = |name: &str| head.values(name).next();
    if value("Sec-WebSocket-Accept").is_some() {
        return Ok(finding
            .certain_cause("all but the status is the answer of a WebSocket server")
            .fixed_by("answer `HTTP/1.1 101 Switching Protocols`"));
    }
    if let (300..=399, Some(location)) = (head.status, value("Location")) {
        return Ok(redirected(finding, &location));
    }
    let asked = handshake.request_head();
    let version = asked.and_then(|asked| asked.values("Sec-WebSocket-Version").next());
    let spoken = value("Sec-WebSocket-Version");
    if let (Some(version), Some(spoken)) = (&version, &spoken) {
        let is_spoken = spoken.split(',').any(|one| one.trim() == version);
        if !is_spoken {
            return Ok(finding
                .certain_cause(format!(
                    "the client wants version {version}, and the server speaks {spoken}"
                ))
                .fixed_by("a client and a server of the same version; that of RFC 6455 is 13"));
        }
    }
    let is_about_the_request = matches!(head.status, 400 | 405 | 426);
    if is_about_the_request && asked.is_some_and(|asked| judge_request(asked).is_err()) {
        return Ok(finding
            .certain_cause("the request is wrong, as is said above")
            .fixed_by("correct the request first"));
    }
    Err(Box::new(finding))
}

/// "If the status code received from the server is not 101, the client handles the response
/// per HTTP procedures" (RFC 6455 §4.1): no client need follow, and browsers do not.
fn redirected(finding: Finding, location: &str) -> Finding {
    let address = if let Some(rest) = location.strip_prefix("https://") {
        format!("wss://{rest}")
    } else if let Some(rest) = location.strip_prefix("http://") {
        format!("ws://{rest}")
    } else {
        location.to_owned()
    };
    finding
        .certain_cause(format!(
            "the server redirects to `{location}`, where a WebSocket client need not follow"
        ))
        .fixed_by(format!("connect to `{address}`"))
}

/// What the status alone lets one suspect.
fn explained_by_status(finding: Finding, head: &ResponseHead, handshake: &Handshake) -> Finding {
    let value = |name: &str| head.values(name).next();
    let asked = handshake.request_head();
    let of_request = |name: &str| asked.and_then(|asked| asked.values(name).next());
    let target = asked.map_or_else(String::new, |asked| format!(" `{}`", asked.target));
    match head.status {
        200 if value("Content-Type").is_some_and(|kind| kind.starts_with("text/html")) => finding
            .possible_cause(format!(
                "a page that answers at{target} instead of the WebSocket server"
            ))
            .fixed_by("connect to the WebSocket server's path, or put its route before the page's"),
        400 | 426 => match proxy::server_that_is_a_proxy(&head.headers) {
            Some(server) => finding
                .possible_cause(format!(
                    "`{server}` in front of the server, which does not pass `Upgrade` on"
                ))
                .fixed_by(proxy::set_up(&server)),
            None => finding,
        },
        401 => finding
            .possible_cause(
                "credentials that are missing: a browser's WebSocket sends cookies, no headers",
            )
            .fixed_by("log in first, or put a token into the address or the first message"),
        403 => match of_request("Origin") {
            Some(origin) => finding
                .possible_cause(format!("a server that does not accept `Origin: {origin}`"))
                .fixed_by("add this origin to the server's list"),
            None => finding.possible_cause("a server that wants an `Origin` it knows, or a cookie"),
        },
        404 => finding
            .possible_cause(format!(
                "a wrong path{target}, or a server that has no WebSocket there"
            ))
            .fixed_by("check the path, and the prefix that a proxy adds or takes away"),
        413 | 431 => finding
            .possible_cause("cookies that make the head of the request too large")
            .fixed_by("send fewer cookies, or raise the limit in the server"),
        502..=504 => finding
            .possible_cause("a proxy whose server is down, or answers in another protocol")
            .fixed_by("read the proxy's log, and check the address it passes requests on to"),
        _ => finding,
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::{Cause, judge_handshake};
    use crate::ws::handshake::{Handshake, LineEnds};

    const RIGHT: &str = "GET /chat HTTP/1.1\nHost: a\nUpgrade: websocket\nConnection: Upgrade\n\
                         Sec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\n\
                         Sec-WebSocket-Version: 13\nOrigin: http://b\n\n";

    /// The cause and the fix of the finding about this response's status.
    fn explained(request: &str, response: &str) -> (String, String) {
        let request = Some(request.as_bytes()).filter(|request| !request.is_empty());
        let response = Some(response.as_bytes());
        let handshake = Handshake::read(request, response, LineEnds::AsPasted);
        let findings = judge_handshake(&handshake);
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
    fn a_redirect_says_where_to_connect() {
        let response = "HTTP/1.1 301 Moved\nLocation: https://a/chat\n\n";
        let (cause, fix) = explained("", response);
        let expected =
            "the server redirects to `https://a/chat`, where a WebSocket client need not follow";
        assert_eq!(
            (cause.as_str(), fix.as_str()),
            (expected, "connect to `wss://a/chat`")
        );
        let (_, fix) = explained("", "HTTP/1.1 308 x\nLocation: /chat/\n\n");
        assert_eq!(fix, "connect to `/chat/`");
    }

    #[test]
    fn what_the_answer_shows() {
        check(
            RIGHT,
            "HTTP/1.1 200 OK\nSec-WebSocket-Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=\n\n",
            "all but the status is the answer of a WebSocket server",
        );
        check(
            RIGHT,
            "HTTP/1.1 426 Upgrade Required\nSec-WebSocket-Version: 8, 7\n\n",
            "the client wants version 13, and the server speaks 8, 7",
        );
        check(
            &RIGHT.replace("Upgrade: websocket\n", ""),
            "HTTP/1.1 426 Upgrade Required\nSec-WebSocket-Version: 13\n\n",
            "the request is wrong, as is said above",
        );
        check(
            "",
            "HTTP/2 400\nserver: a\n\n",
            "the connection is HTTP/2 or 3, where nothing can be upgraded",
        );
    }

    #[test]
    fn what_the_status_lets_one_suspect() {
        check(
            RIGHT,
            "HTTP/1.1 400 Bad Request\nServer: nginx/1.18.0\n\n",
            "perhaps `nginx/1.18.0` in front of the server, which does not pass `Upgrade` on",
        );
        check(
            RIGHT,
            "HTTP/1.1 403 Forbidden\n\n",
            "perhaps a server that does not accept `Origin: http://b`",
        );
        check(
            RIGHT,
            "HTTP/1.1 404 Not Found\n\n",
            "perhaps a wrong path `/chat`, or a server that has no WebSocket there",
        );
    }
}
