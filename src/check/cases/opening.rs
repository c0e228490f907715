//! The opening request: which requests a server accepts, and which it refuses (RFC 6455 sections
//! 4.2.1 and 4.2.2).

use crate::check::case::{Case, Grade, Need};
use crate::check::expectation::{Answer, Expect};
use crate::check::request::{Change, Delivery, line, lines, without};
use crate::diagnosis::catalogue::{self, RulePage};

const UPGRADE: &str = "Upgrade";
const CONNECTION: &str = "Connection";
const KEY: &str = "Sec-WebSocket-Key";
const VERSION: &str = "Sec-WebSocket-Version";
const ACCEPT: &str = "Sec-WebSocket-Accept";

/// The headers of a 101 that RFC 6455 section 4.2.2 demands.
const REQUIRED: Answer = Answer::Valid(&[UPGRADE, CONNECTION, ACCEPT]);

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![valid()];
    cases.extend(request_lines());
    cases.extend(hosts());
    cases.extend(upgrades());
    cases.extend(connections());
    cases.extend(keys());
    cases.extend(versions());
    cases.extend(header_names());
    cases.extend(malformed_lines());
    cases.extend(deliveries());
    cases
}

fn valid() -> Case {
    let mut case = Case::new(
        "6455/4.2.1/valid",
        Grade::Must,
        &catalogue::RESP_STATUS,
        "the request of RFC 6455 section 1.3",
    )
    .answer(REQUIRED);
    case.opening.key = Some("dGhlIHNhbXBsZSBub25jZQ==");
    case
}

fn request_lines() -> Vec<Case> {
    let method = |name, method| {
        refused(
            &format!("4.2.1/method-{name}"),
            &catalogue::REQ_NOT_GET,
            &format!("the method {method}"),
            Change::Method(method),
        )
    };
    let version = |number, version| {
        refused(
            &format!("4.2.1/http-{number}"),
            &catalogue::HTTP_1_0,
            &format!("{version} in the request line"),
            Change::Version(version),
        )
    };
    vec![
        method("post", "POST"),
        method("head", "HEAD"),
        method("lower-case-get", "get"),
        version("0.9", "HTTP/0.9"),
        version("1.0", "HTTP/1.0"),
    ]
}

fn hosts() -> Vec<Case> {
    vec![
        refused(
            "4.2.1/no-host",
            &catalogue::REQ_NO_HOST,
            "no Host header",
            without("Host"),
        )
        .note("RFC 9112 section 3.2 demands a 400; a server that needs no Host may not look"),
        refused(
            "4.2.1/host-twice",
            &catalogue::REQ_HOST_BAD,
            "two Host headers",
            lines("Host", ["Host: {host}", "Host: {host}"]),
        ),
        case(
            "4.2.1/host-empty",
            Grade::Info,
            &catalogue::REQ_HOST_BAD,
            "a Host header without a value, which the grammar allows",
        )
        .request([line("Host", "Host:")])
        .answer(Answer::Any),
    ]
}

fn upgrades() -> Vec<Case> {
    let page = &catalogue::REQ_NOT_UPGRADE;
    let wrong =
        |name, sends: &str, change| refused(&format!("4.2.1/upgrade-{name}"), page, sends, change);
    // RFC 9110 section 7.8 makes the header a list, and lets a server ignore it.
    let listed = |name, sends: &str, lines: &[&str]| {
        let lines = lines.iter().map(|line| (*line).to_owned()).collect();
        reported(
            &format!("upgrade-{name}"),
            sends,
            page,
            Change::Lines(UPGRADE, lines),
        )
    };
    vec![
        wrong("none", "no Upgrade header", without(UPGRADE)),
        wrong("h2c", "`Upgrade: h2c`", line(UPGRADE, "Upgrade: h2c")),
        wrong(
            "empty",
            "an Upgrade header without a value",
            line(UPGRADE, "Upgrade:"),
        ),
        wrong(
            "websockets",
            "`Upgrade: websockets`",
            line(UPGRADE, "Upgrade: websockets"),
        ),
        accepted(
            "4.2.1/upgrade-mixed-case",
            page,
            "`Upgrade: WebSocket`",
            line(UPGRADE, "Upgrade: WebSocket"),
        ),
        listed(
            "list",
            "`Upgrade: foo, websocket`",
            &["Upgrade: foo, websocket"],
        ),
        listed(
            "two-lines",
            "`Upgrade: foo` and `Upgrade: websocket`",
            &["Upgrade: foo", "Upgrade: websocket"],
        ),
    ]
}

fn connections() -> Vec<Case> {
    let wrong = |name, sends: &str, change| {
        let page = &catalogue::REQ_CONNECTION_NO_UPGRADE;
        refused(&format!("4.2.1/connection-{name}"), page, sends, change)
    };
    let right = |name, value: &str| {
        let page = &catalogue::CONNECTION_LIST_REFUSED;
        let change = line(CONNECTION, format!("Connection: {value}"));
        accepted(
            &format!("4.2.1/connection-{name}"),
            page,
            &format!("`Connection: {value}`"),
            change,
        )
    };
    vec![
        wrong("none", "no Connection header", without(CONNECTION)),
        wrong(
            "keep-alive",
            "`Connection: keep-alive`",
            line(CONNECTION, "Connection: keep-alive"),
        ),
        wrong(
            "upgraded",
            "`Connection: upgraded`",
            line(CONNECTION, "Connection: upgraded"),
        ),
        right("list", "keep-alive, Upgrade"),
        right("list-without-blank", "keep-alive,Upgrade"),
        right("mixed-case", "uPgRaDe"),
        accepted(
            "4.2.1/connection-two-lines",
            &catalogue::HEADER_REPEATED,
            "`Connection: keep-alive` and `Connection: Upgrade`",
            lines(
                CONNECTION,
                ["Connection: keep-alive", "Connection: Upgrade"],
            ),
        ),
    ]
}

fn keys() -> Vec<Case> {
    let page = &catalogue::REQ_KEY_BAD;
    let short = |name, value: &str, sends: &str| {
        case(&format!("4.2.1/key-{name}"), Grade::Should, page, sends)
            .request([line(KEY, format!("{KEY}: {value}"))])
            .answer(Answer::Refused)
            .note("RFC 6455 section 4.2.2 says that a server need not decode the key")
    };
    vec![
        refused(
            "4.2.1/key-none",
            page,
            "no Sec-WebSocket-Key header",
            without(KEY),
        ),
        short("empty", "", "a Sec-WebSocket-Key header without a value"),
        short("12-bytes", "dGhlIHNhbXBsZSBu", "a key of 12 bytes"),
        short("17-bytes", "dGhlIHNhbXBsZSBub25jZTE=", "a key of 17 bytes"),
        short(
            "24-bytes",
            "dGhlIHNhbXBsZSBub25jZTEyMzQ1Njc4",
            "a key of 24 bytes",
        ),
        short(
            "no-base64",
            "!!!!!!!!!!!!!!!!!!!!!!==",
            "a key that is not base64",
        ),
        short(
            "no-padding",
            "dGhlIHNhbXBsZSBub25jZQ",
            "a key without its padding",
        ),
        refused(
            "11.3.1/key-twice",
            page,
            "two different keys",
            lines(
                KEY,
                [
                    "Sec-WebSocket-Key: {key}",
                    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
                ],
            ),
        )
        .note("the text binds the client: the header MUST NOT appear more than once in a request"),
        case(
            "4.2.1/key-blanks-around",
            Grade::Must,
            page,
            "blanks around the key",
        )
        .request([line(KEY, "Sec-WebSocket-Key:   {key}  ")])
        .answer(Answer::Valid(&[ACCEPT])),
        case(
            "4.2.1/key-bits-beyond-128",
            Grade::Info,
            page,
            "a key whose last character has bits beyond the 128",
        )
        .request([line(KEY, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZR==")])
        .answer(Answer::Any),
    ]
}

fn versions() -> Vec<Case> {
    let page = &catalogue::REQ_VERSION;
    let wrong =
        |name, change, sends: &str| refused(&format!("4.2.1/version-{name}"), page, sends, change);
    let other = |number: u16| {
        case(
            &format!("4.2.2/version-{number}"),
            Grade::Must,
            page,
            format!("`Sec-WebSocket-Version: {number}`"),
        )
        .request([line(VERSION, format!("{VERSION}: {number}"))])
        .answer(Answer::RefusedWithVersions)
    };
    let mut beyond = other(256);
    beyond.grade = Grade::Should;
    beyond.opening.answer = Answer::Refused;
    // A server may know the drafts.
    let draft = |number| other(number).grade(Grade::Info).answer(Answer::Any);
    vec![
        wrong("none", without(VERSION), "no Sec-WebSocket-Version header"),
        wrong("empty", line(VERSION, "Sec-WebSocket-Version:"), "a version without a value"),
        wrong("leading-zero", line(VERSION, "Sec-WebSocket-Version: 013"), "the version 013")
            .note("the grammar of RFC 6455 section 4.3 allows no leading zero; a server that compares numbers does not see it"),
        wrong("list", line(VERSION, "Sec-WebSocket-Version: 8, 13"), "the versions `8, 13` in one header"),
        wrong(
            "twice",
            lines(VERSION, ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8"]),
            "two Sec-WebSocket-Version headers, the first with 13",
        ),
        wrong(
            "twice-13-last",
            lines(VERSION, ["Sec-WebSocket-Version: 8", "Sec-WebSocket-Version: 13"]),
            "two Sec-WebSocket-Version headers, the last with 13",
        ),
        other(0),
        draft(7),
        other(99),
        beyond,
        draft(8),
    ]
}

/// Lines that HTTP forbids, or lets a server refuse.
fn malformed_lines() -> Vec<Case> {
    let bad_lines = &catalogue::HTTP_BAD_LINES;
    vec![
        refused(
            "4.2.1/space-before-colon",
            bad_lines,
            "a space before the colon of a header",
            line("Host", "Host : {host}"),
        ),
        reported(
            "obs-fold",
            "a header that is folded over two lines, which RFC 9112 lets a server accept",
            bad_lines,
            line(UPGRADE, "Upgrade:\r\n websocket"),
        ),
        reported(
            "bare-lf",
            "lines that end with LF, which RFC 9112 lets a server accept",
            bad_lines,
            Change::BareLineFeeds,
        ),
    ]
}

/// Header names in any case, unknown headers, any order, and a long header.
fn header_names() -> Vec<Case> {
    let names = &catalogue::HEADER_NAME_CASE;
    let must_accept = |name, sends: &str, change| {
        case(&format!("4.2.1/{name}"), Grade::Must, names, sends)
            .request([change])
            .answer(Answer::Accepted)
    };
    let unknown = vec![
        "X-Unknown: 1".to_owned(),
        "X-Empty:".to_owned(),
        "x-symbols: ~!@#$%^&*()".to_owned(),
    ];
    let cookie = vec![format!("Cookie: a={}", "c".repeat(8 * 1024))];
    vec![
        must_accept(
            "names-lower-case",
            "header names in lower case",
            Change::LowerCaseNames,
        ),
        must_accept(
            "names-upper-case",
            "header names in upper case",
            Change::UpperCaseNames,
        ),
        accepted(
            "4.2.1/unknown-headers",
            names,
            "unknown headers",
            Change::Add(unknown),
        ),
        accepted(
            "4.2.1/order-reversed",
            names,
            "the headers in reverse order",
            Change::Reversed,
        ),
        reported(
            "cookie-8-kib",
            "a cookie of 8 KiB",
            &catalogue::HEAD_LARGER_THAN_READ,
            Change::Add(cookie),
        ),
    ]
}

/// A case whose answer is only reported.
fn reported(name: &str, sends: &str, page: &'static RulePage, change: Change) -> Case {
    case(&format!("4.2.1/{name}"), Grade::Info, page, sends)
        .request([change])
        .answer(Answer::Any)
}

fn deliveries() -> Vec<Case> {
    let early = b"\x81\x85\x37\xfa\x21\x3d\x52\x9b\x53\x51\x4e".to_vec();
    let body = vec!["Content-Length: 5".to_owned()];
    let mut chopped = case(
        "4.2.1/chopped",
        Grade::Must,
        &catalogue::HEAD_LARGER_THAN_READ,
        "the head in segments of 5 bytes",
    );
    // Some servers take a head of a hundred and more segments for an attack.
    chopped.opening.delivery = Delivery::Pieces(5);
    let mut between = case(
        "4.2.1/chopped-between-cr-and-lf",
        Grade::Must,
        &catalogue::HEAD_LARGER_THAN_READ,
        "the head in two segments; the first ends between CR and LF",
    );
    // The first line ends a few bytes after the target; the last CR is always there.
    between.opening.delivery = Delivery::BeforeLast(1);
    let plain = refused(
        "4.2.1/plain-get",
        &catalogue::REQ_NOT_UPGRADE,
        "a GET without any upgrade",
        without(UPGRADE),
    )
    .request([without(CONNECTION), without(KEY), without(VERSION)]);
    let half = case(
        "4.2.1/never-finished",
        Grade::Info,
        &catalogue::REQ_HEAD_TOO_SLOW,
        "half a head, and then nothing",
    )
    .needs(Need::SlowHead)
    .request([Change::Half])
    .answer(Answer::ClosedInTime);
    vec![
        case(
            "4.1/early-frames",
            Grade::Info,
            &catalogue::REQ_EARLY_FRAMES,
            "a text frame right after the head, which a client must not send",
        )
        .request([Change::After(early)])
        .expect(Expect::Report),
        chopped,
        between,
        case(
            "4.2.1/body",
            Grade::Should,
            &catalogue::REQ_BODY,
            "`Content-Length: 5` and a body of 5 bytes",
        )
        .request([Change::Add(body), Change::After(b"hello".to_vec())])
        .answer(Answer::Any)
        .expect(Expect::Taken),
        plain,
        half,
    ]
}

fn case(id: &str, grade: Grade, page: &'static RulePage, sends: impl Into<String>) -> Case {
    Case::new(&format!("6455/{id}"), grade, page, sends)
}

/// A request that a server must refuse.
fn refused(id: &str, page: &'static RulePage, sends: &str, change: Change) -> Case {
    case(id, Grade::Must, page, sends)
        .request([change])
        .answer(Answer::Refused)
}

/// A request that a server should accept.
fn accepted(id: &str, page: &'static RulePage, sends: &str, change: Change) -> Case {
    case(id, Grade::Consensus, page, sends)
        .request([change])
        .answer(Answer::Accepted)
}
