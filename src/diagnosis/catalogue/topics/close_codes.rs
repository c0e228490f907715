//! Pages for close codes (RFC 6455 section 7.4, and the IANA registry).

use std::ops::RangeInclusive;

use super::{TopicPage, after_words};
use crate::diagnosis::catalogue::{self, RulePage};
use crate::ws::CloseCode;

/// A close code, or a range of them.
struct CloseCodeEntry {
    codes: RangeInclusive<u16>,
    /// The title of a range; a code of the registry has its name there.
    title: &'static str,
    section: &'static str,
    means: &'static str,
    sent: &'static str,
    cause: &'static str,
    fix: &'static str,
    rules: &'static [&'static RulePage],
}

/// Declares the table: codes, section, four texts, rules.
macro_rules! close_codes {
    ($($codes:expr, $($title:literal)? in $section:literal {
        means $means:literal
        sent $sent:literal
        cause $cause:literal
        fix $fix:literal
        rules $($rule:ident)*
    })+) => {
        static ENTRIES: &[CloseCodeEntry] = &[$(CloseCodeEntry {
            codes: $codes,
            title: concat!($($title)?),
            section: $section,
            means: $means,
            sent: $sent,
            cause: $cause,
            fix: $fix,
            rules: &[$(&catalogue::$rule),*],
        }),+];
    };
}

close_codes! {
    0..=999, "not a close code" in "RFC 6455 section 7.4.2" {
        means "nothing: codes below 1000 are not used"
        sent "must not be sent"
        cause "0 was written for \"no code\", an HTTP status was used, or the two bytes are in the wrong order"
        fix "send a code from 1000 to 1014 (except 1004 to 1006) or from 3000 to 4999, or an empty close frame"
        rules CLOSE_RESERVED_CODE CLOSE_CODE_GARBLED
    }
    1000..=1000, in "RFC 6455 section 7.4.1" {
        means "the purpose of the connection is fulfilled"
        sent "by either side in a close frame; `close()` without arguments in a browser sends an empty close frame, which is 1005"
        cause "one side called `close(1000)`: this is no error"
        fix "nothing; if the end is unexpected, find who called `close()`"
        rules DATA_AFTER_CLOSE CLOSE_NOT_COMPLETED
    }
    1001..=1001, in "RFC 6455 section 7.4.1" {
        means "the server shuts down, or the browser leaves the page"
        sent "by either side in a close frame; Chrome and Firefox send it when a page is closed or reloaded"
        cause "a restart of the server, a closed tab, or a proxy that ends an idle connection with a close frame"
        fix "connect again if the page is still there; on a server, treat it like 1000"
        rules IDLE_TIMEOUT CLOSED_BEFORE_OPEN
    }
    1002..=1002, in "RFC 6455 section 7.4.1" {
        means "the sender of the code found a violation of the protocol in what it received"
        sent "by the side that received the bad frame"
        cause "a wrong mask, reserved bit, opcode, length or order of frames; the reason text often names it"
        fix "decode the bytes that the other side sent: `wsctl decode` names the rule"
        rules CLIENT_UNMASKED SERVER_MASKS RSV1_NOT_NEGOTIATED RSV23_OR_OPCODE CONTINUATION_WITHOUT_START CONTROL_FRAGMENTED CLOSE_RESERVED_CODE
    }
    1003..=1003, in "RFC 6455 section 7.4.1" {
        means "the type of the data is not accepted, such as binary where only text is"
        sent "by the side that received the message"
        cause "`send()` got a `Blob`, an `ArrayBuffer` or `bytes` where the peer wants text, or the reverse"
        fix "send text with opcode 1 and binary data with opcode 2, as the peer expects"
        rules TEXT_ODD_CONTENT APP_STOMP_MQTT_SOCKJS
    }
    1004..=1004, in "RFC 6455 section 7.4.1" {
        means "nothing: the code is reserved"
        sent "must not be sent"
        cause "a number from a list of codes, without its meaning"
        fix "send 1000, 1008, 1011, or a code of your own from 4000 to 4999"
        rules CLOSE_RESERVED_CODE
    }
    1005..=1005, in "RFC 6455 section 7.4.1" {
        means "the close frame had no code"
        sent "never on the wire: an API reports it for an empty close frame"
        cause "the peer called `close()` without a code: this is no error"
        fix "nothing; if a code is needed, the peer must call `close(1000)` or send another one"
        rules CLOSE_RESERVED_CODE CLOSE_NOT_COMPLETED
    }
    1006..=1006, in "RFC 6455 section 7.4.1" {
        means "the connection ended without a close frame, or it never opened"
        sent "never on the wire: an API reports it, with `wasClean` false in browsers"
        cause "the peer crashed or closed the socket, a proxy ended an idle connection, the handshake failed, or the client itself failed the connection"
        fix "look at the last frame before the end, at the log of the server and of each proxy, and at the time since the last frame"
        rules CLOSE_NOT_COMPLETED IDLE_TIMEOUT PING_WITHOUT_PONG RESP_STATUS CONNECTION_REFUSED TLS_CERTIFICATE HANDSHAKE_TIMEOUT CLOSE_RESERVED_CODE
    }
    1007..=1007, in "RFC 6455 section 7.4.1" {
        means "the payload does not fit its type: a text that is not UTF-8, or data that does not inflate"
        sent "by the side that received the message"
        cause "text in another encoding, binary data with opcode 1, a character cut in two, or a payload unmasked with the wrong key"
        fix "encode text as UTF-8, send everything else with opcode 2"
        rules TEXT_NOT_UTF8 TEXT_UTF8_CUT TEXT_SURROGATE CLOSE_REASON_UTF8 PAYLOAD_NOT_XORED PMD_FLAG_MISMATCH PMD_CONTEXT
    }
    1008..=1008, in "RFC 6455 section 7.4.1" {
        means "the message breaks a rule of the application; also the code if no other fits"
        sent "by either side, mostly by servers"
        cause "a missing or expired token, a foreign `Origin`, a rate limit: the reason text says which, if there is one"
        fix "read the reason text and the server's log; close codes of the application (4000 to 4999) say more"
        rules RESP_STATUS
    }
    1009..=1009, in "RFC 6455 section 7.4.1" {
        means "the message is larger than the receiver accepts"
        sent "by the side that received the message"
        cause "a message over the limit: 1 MiB in websockets, 100 MiB in ws, 4 MiB in aiohttp, 64 KiB in Netty and Jetty, 8 KiB in Tomcat; or a length written wrongly"
        fix "raise the limit of the receiver, or send several messages"
        rules MESSAGE_TOO_BIG LEN_LITTLE_ENDIAN LEN_FIELD_WIDTH LEN64_MSB
    }
    1010..=1010, in "RFC 6455 section 7.4.1" {
        means "the client needs an extension that the server did not negotiate"
        sent "by clients only; a server refuses the handshake instead"
        cause "the server does not support the extension, or a proxy removed `Sec-WebSocket-Extensions`"
        fix "do without the extension, or enable it on the server; the reason text lists it"
        rules RESP_EXTENSION_UNREQUESTED RESP_EXTENSION_PARAMS
    }
    1011..=1011, in "RFC 6455 section 7.4.1" {
        means "the server has an internal error"
        sent "by servers, and by some clients: websockets sends it if no pong arrives in time"
        cause "an exception in the handler of the connection, or a keep-alive that got no pong"
        fix "read the server's log at that time; with `keepalive ping timeout`, see the rule about pongs"
        rules PING_WITHOUT_PONG
    }
    1012..=1012, in "IANA's registry of close codes" {
        means "the service restarts"
        sent "by servers"
        cause "a deployment or a restart: this is no error"
        fix "connect again after a random delay of 5 to 30 seconds"
        rules
    }
    1013..=1013, in "IANA's registry of close codes" {
        means "the server is overloaded: the client is to try again later"
        sent "by servers"
        cause "too many connections or messages"
        fix "wait before the next try, longer each time, or connect to another server"
        rules
    }
    1014..=1014, in "IANA's registry of close codes" {
        means "a gateway got an invalid response from its upstream server; like HTTP's 502"
        sent "by proxies and gateways"
        cause "the server that the gateway connects to is down, or its handshake fails"
        fix "connect to that server directly, and look at its handshake"
        rules RESP_STATUS CONNECTION_REFUSED
    }
    1015..=1015, in "RFC 6455 section 7.4.1" {
        means "the TLS handshake failed"
        sent "never on the wire: an API reports it; browsers report 1006 instead"
        cause "a certificate that the client does not accept, or a port that does not speak TLS"
        fix "check the certificate and the port: `openssl s_client -connect HOST:PORT`"
        rules TLS_CERTIFICATE REQ_TLS_TO_PLAIN REQ_PLAIN_TO_TLS CLOSE_RESERVED_CODE
    }
    1016..=2999, "reserved for extensions of the protocol" in "RFC 6455 section 7.4.2" {
        means "nothing yet: 1016 to 2999 are for later versions of the protocol and for extensions"
        sent "must not be sent"
        cause "an application took a number from a range that is not its own"
        fix "take a code of your own from 4000 to 4999"
        rules CLOSE_RESERVED_CODE
    }
    3000..=3999, "for libraries and frameworks" in "RFC 6455 section 7.4.2" {
        means "what a library or framework registered with IANA: 3000 unauthorized, 3003 forbidden, 3008 timeout"
        sent "by either side in a close frame"
        cause "the library of the peer closed the connection; its documentation has the meaning"
        fix "look the code up in the documentation of the peer's library"
        rules
    }
    4000..=4999, "private use" in "RFC 6455 section 7.4.2" {
        means "what the application defines: for example, graphql-ws uses 4400 to 4429, and Discord 4000 to 4014"
        sent "by either side in a close frame"
        cause "the application of the peer closed the connection; its documentation has the meaning"
        fix "look the code up in the documentation of the service, and read the reason text"
        rules APP_STOMP_MQTT_SOCKJS
    }
    5000..=65535, "not a close code" in "RFC 6455 section 7.4.2" {
        means "nothing: codes end at 4999"
        sent "must not be sent"
        cause "the close frame begins with text (`by` is 25209), or the bytes of the code are swapped (1000 becomes 59395)"
        fix "write the code in 2 bytes, the high byte first, then the reason"
        rules CLOSE_CODE_GARBLED CLOSE_RESERVED_CODE
    }
}

/// The page of `1006`, `close code 1006` or `code 1006`. Fewer or more than four digits need
/// the word.
pub(super) fn page(query: &str) -> Option<TopicPage> {
    const WORDS: [&str; 8] = [
        "websocket",
        "close",
        "closed",
        "codes",
        "code",
        "status",
        "onclose",
        "with",
    ];
    let digits = after_words(query, &WORDS);
    if let Some(page) = range_page(digits) {
        return Some(page);
    }
    let is_named = query.contains("close");
    if !(digits.len() == 4 || is_named) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let code: u16 = digits.parse().ok()?;
    let entry = ENTRIES.iter().find(|entry| entry.codes.contains(&code))?;
    Some(page_of(entry, code))
}

/// The page of `4xxx` or `4000-4999`: that of the range which begins there.
fn range_page(digits: &str) -> Option<TopicPage> {
    let first = match digits.strip_suffix("xxx") {
        Some(thousands) => format!("{thousands}000"),
        None => digits
            .split_once(['-', '–'])
            .filter(|(_, last)| last.trim().len() == 4)
            .map(|(first, _)| first.trim().to_owned())?,
    };
    let first: u16 = first.parse().ok()?;
    let starts_here = |entry: &&CloseCodeEntry| {
        *entry.codes.start() == first || (first == 2000 && entry.codes.contains(&first))
    };
    let entry = ENTRIES.iter().find(starts_here)?;
    let mut page = page_of(entry, first);
    if entry.codes.start() != entry.codes.end() {
        let (first, last) = (entry.codes.start(), entry.codes.end());
        page.subject = format!("close code {first} to {last}");
        entry.title.clone_into(&mut page.title);
    }
    Some(page)
}

/// The page of a code in this range.
fn page_of(entry: &CloseCodeEntry, code: u16) -> TopicPage {
    let registered = CloseCode(code).name().unwrap_or_default();
    let title = if registered.is_empty() {
        entry.title
    } else {
        registered
    };
    let example = CloseCode(code)
        .may_be_sent()
        .then(|| format!("decode --from server 8802{code:04x}"));
    TopicPage {
        subject: format!("close code {code}"),
        title: title.to_owned(),
        fields: vec![
            ("means", entry.means.to_owned()),
            ("sent", entry.sent.to_owned()),
            ("rule", entry.section.to_owned()),
            ("why", entry.cause.to_owned()),
            ("fix", entry.fix.to_owned()),
        ],
        rules: entry.rules.to_vec(),
        example,
    }
}
