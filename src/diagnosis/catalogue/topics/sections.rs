//! Pages for sections of the RFCs: the title, and the rules of the catalogue in it.

use super::TopicPage;
use crate::diagnosis::catalogue::{self, RulePage};

/// The titles of sections, of the RFCs whose sections the catalogue names.
static TITLES: &[(&str, &[(&str, &str)])] = &[
    (
        "6455",
        &[
            ("1.1", "Background"),
            ("1.2", "Protocol Overview"),
            ("1.3", "Opening Handshake"),
            ("1.4", "Closing Handshake"),
            ("1.5", "Design Philosophy"),
            ("1.6", "Security Model"),
            ("1.7", "Relationship to TCP and HTTP"),
            ("1.8", "Establishing a Connection"),
            ("1.9", "Subprotocols Using the WebSocket Protocol"),
            ("2", "Conformance Requirements"),
            ("2.1", "Terminology and Other Conventions"),
            ("3", "WebSocket URIs"),
            ("4", "Opening Handshake"),
            ("4.1", "Client Requirements"),
            ("4.2", "Server-Side Requirements"),
            ("4.2.1", "Reading the Client's Opening Handshake"),
            ("4.2.2", "Sending the Server's Opening Handshake"),
            (
                "4.3",
                "Collected ABNF for New Header Fields Used in Handshake",
            ),
            ("4.4", "Supporting Multiple Versions of WebSocket Protocol"),
            ("5", "Data Framing"),
            ("5.1", "Overview"),
            ("5.2", "Base Framing Protocol"),
            ("5.3", "Client-to-Server Masking"),
            ("5.4", "Fragmentation"),
            ("5.5", "Control Frames"),
            ("5.5.1", "Close"),
            ("5.5.2", "Ping"),
            ("5.5.3", "Pong"),
            ("5.6", "Data Frames"),
            ("5.7", "Examples"),
            ("5.8", "Extensibility"),
            ("6", "Sending and Receiving Data"),
            ("6.1", "Sending Data"),
            ("6.2", "Receiving Data"),
            ("7", "Closing the Connection"),
            ("7.1", "Definitions"),
            ("7.1.1", "Close the WebSocket Connection"),
            ("7.1.2", "Start the WebSocket Closing Handshake"),
            ("7.1.3", "The WebSocket Closing Handshake is Started"),
            ("7.1.4", "The WebSocket Connection is Closed"),
            ("7.1.5", "The WebSocket Connection Close Code"),
            ("7.1.6", "The WebSocket Connection Close Reason"),
            ("7.1.7", "Fail the WebSocket Connection"),
            ("7.2", "Abnormal Closures"),
            ("7.2.1", "Client-Initiated Closure"),
            ("7.2.2", "Server-Initiated Closure"),
            ("7.2.3", "Recovering from Abnormal Closure"),
            ("7.3", "Normal Closure of Connections"),
            ("7.4", "Status Codes"),
            ("7.4.1", "Defined Status Codes"),
            ("7.4.2", "Reserved Status Code Ranges"),
            ("8", "Error Handling"),
            ("8.1", "Handling Errors in UTF-8-Encoded Data"),
            ("9", "Extensions"),
            ("9.1", "Negotiating Extensions"),
            ("9.2", "Known Extensions"),
            ("10", "Security Considerations"),
            ("10.1", "Non-Browser Clients"),
            ("10.2", "Origin Considerations"),
            ("10.3", "Attacks On Infrastructure (Masking)"),
            ("10.4", "Implementation-Specific Limits"),
            ("10.5", "WebSocket Client Authentication"),
            ("10.6", "Connection Confidentiality and Integrity"),
            ("10.7", "Handling of Invalid Data"),
            ("10.8", "Use of SHA-1 by the WebSocket Handshake"),
            ("11", "IANA Considerations"),
            ("11.1", "Registration of New URI Schemes"),
            (
                "11.2",
                "Registration of the \"WebSocket\" HTTP Upgrade Keyword",
            ),
            ("11.3", "Registration of New HTTP Header Fields"),
            ("11.3.1", "Sec-WebSocket-Key"),
            ("11.3.2", "Sec-WebSocket-Extensions"),
            ("11.3.3", "Sec-WebSocket-Accept"),
            ("11.3.4", "Sec-WebSocket-Protocol"),
            ("11.3.5", "Sec-WebSocket-Version"),
            ("11.4", "WebSocket Extension Name Registry"),
            ("11.5", "WebSocket Subprotocol Name Registry"),
            ("11.6", "WebSocket Version Number Registry"),
            ("11.7", "WebSocket Close Code Number Registry"),
            ("11.8", "WebSocket Opcode Registry"),
            ("11.9", "WebSocket Framing Header Bits Registry"),
        ],
    ),
    (
        "7692",
        &[
            ("4", "Interoperability Issues"),
            ("5", "Extension Negotiation"),
            ("5.1", "General Negotiation Flow"),
            ("5.2", "Negotiation Examples"),
            ("6", "Framing"),
            ("6.1", "Compression"),
            ("6.2", "Decompression"),
            ("7", "The \"permessage-deflate\" Extension"),
            ("7.1", "Extension Parameters"),
            ("7.1.1", "Context Takeover Control"),
            (
                "7.1.1.1",
                "The \"server_no_context_takeover\" Extension Parameter",
            ),
            (
                "7.1.1.2",
                "The \"client_no_context_takeover\" Extension Parameter",
            ),
            ("7.1.2", "Limiting the LZ77 Sliding Window Size"),
            (
                "7.1.2.1",
                "The \"server_max_window_bits\" Extension Parameter",
            ),
            (
                "7.1.2.2",
                "The \"client_max_window_bits\" Extension Parameter",
            ),
            ("7.1.3", "Examples"),
            ("7.2", "Message Payload Transformation"),
            ("7.2.1", "Compression"),
            ("7.2.2", "Decompression"),
            ("7.2.3", "Examples"),
            (
                "7.2.3.1",
                "A Message Compressed Using One Compressed DEFLATE Block",
            ),
            ("7.2.3.2", "Sharing LZ77 Sliding Window"),
            ("7.2.3.3", "Using a DEFLATE Block with No Compression"),
            ("7.2.3.4", "Using a DEFLATE Block with \"BFINAL\" Set to 1"),
            ("7.2.3.5", "Two DEFLATE Blocks in One Message"),
            ("7.2.3.6", "Generating an Empty Fragment"),
            ("8", "Security Considerations"),
        ],
    ),
    ("3629", &[("3", "UTF-8 definition")]),
    ("6454", &[("7.3", "User Agent Requirements")]),
    ("6585", &[("5", "431 Request Header Fields Too Large")]),
    (
        "8441",
        &[
            ("4", "The Extended CONNECT Method"),
            (
                "5",
                "Using Extended CONNECT to Bootstrap the WebSocket Protocol",
            ),
        ],
    ),
    (
        "9110",
        &[
            ("5.1", "Field Names"),
            ("5.3", "Field Order"),
            ("7.2", "Host and :authority"),
            ("7.6.1", "Connection"),
            ("7.8", "Upgrade"),
            ("8.6", "Content-Length"),
            ("15.2.2", "101 Switching Protocols"),
            ("15.5.9", "408 Request Timeout"),
            ("15.5.22", "426 Upgrade Required"),
        ],
    ),
    (
        "9112",
        &[
            ("2.2", "Message Parsing"),
            ("3", "Request Line"),
            ("3.2", "Request Target"),
            ("4", "Status Line"),
            ("5", "Field Syntax"),
            ("5.1", "Field Line Parsing"),
            ("5.2", "Obsolete Line Folding"),
            ("6.1", "Transfer-Encoding"),
        ],
    ),
    ("9113", &[("3.4", "HTTP/2 Connection Preface")]),
    ("9293", &[("3.5", "Establishing a Connection")]),
];

/// The titles of these RFCs.
static RFCS: &[(&str, &str)] = &[
    ("3629", "UTF-8, a transformation format of ISO 10646"),
    ("6454", "The Web Origin Concept"),
    ("6455", "The WebSocket Protocol"),
    ("6585", "Additional HTTP Status Codes"),
    ("7692", "Compression Extensions for WebSocket"),
    ("8441", "Bootstrapping WebSockets with HTTP/2"),
    ("9110", "HTTP Semantics"),
    ("9112", "HTTP/1.1"),
    ("9113", "HTTP/2"),
    ("9293", "Transmission Control Protocol (TCP)"),
];

/// The page of `5.2`, `section 5.2`, `RFC 7692 section 7.2.1`, `7692 7.2.1` or
/// `section 5.2 of RFC 6455`. Without an RFC it is RFC 6455.
pub(super) fn page(query: &str) -> Option<TopicPage> {
    if let Some(page) = rfc_page(query) {
        return Some(page);
    }
    let (rfc, section) = parse(query)?;
    let (rfc, titles) = TITLES.iter().find(|(number, _)| *number == rfc)?;
    let (section, title) = titles.iter().find(|(number, _)| *number == section)?;
    let rules: Vec<&RulePage> = catalogue::all()
        .filter(|rule| of_rule(rule).any(|place| place == (rfc, section)))
        .collect();
    let is_inner = |other: &&&(&str, &str)| {
        let inner = other.0.strip_prefix(section);
        inner.is_some_and(|rest| rest.starts_with('.'))
    };
    let inner: Vec<String> = titles
        .iter()
        .filter(|other| is_inner(&other))
        .map(|(number, title)| format!("{number} {title}"))
        .collect();
    let mut fields = vec![(
        "read",
        format!("https://www.rfc-editor.org/rfc/rfc{rfc}#section-{section}"),
    )];
    if !inner.is_empty() {
        fields.push(("inside", inner.join("; ")));
    }
    if rules.is_empty() {
        fields.push((
            "rules",
            "none of the catalogue is in this section itself".to_owned(),
        ));
    }
    Some(TopicPage {
        subject: format!("RFC {rfc} section {section}"),
        title: (*title).to_owned(),
        fields,
        rules,
        example: None,
    })
}

/// The page of an RFC: its sections, and all rules in them.
fn rfc_page(query: &str) -> Option<TopicPage> {
    let number = query.strip_prefix("rfc")?.trim_start_matches([' ', '-']);
    let (rfc, title) = RFCS.iter().find(|(rfc, _)| *rfc == number)?;
    let (_, titles) = TITLES.iter().find(|(titled, _)| titled == rfc)?;
    let outer = titles.iter().filter(|(section, _)| !section.contains('.'));
    let sections: Vec<String> = outer
        .map(|(section, title)| format!("{section} {title}"))
        .collect();
    let mut fields = vec![("read", format!("https://www.rfc-editor.org/rfc/rfc{rfc}"))];
    if !sections.is_empty() {
        fields.push(("inside", sections.join("; ")));
    }
    Some(TopicPage {
        subject: format!("RFC {rfc}"),
        title: (*title).to_owned(),
        fields,
        rules: catalogue::all()
            .filter(|rule| of_rule(rule).any(|(of, _)| of == *rfc))
            .collect(),
        example: None,
    })
}

/// What to say to a query that names a section without a page. Other numbers look like one,
/// such as `10.0.0.1` and `8080 10`: the query must say that it is a section, or look like one
/// of a known RFC.
pub(super) fn missing(query: &str) -> Option<String> {
    let (rfc, section) = parse(query)?;
    let is_known = RFCS.iter().any(|(number, _)| *number == rfc);
    let says_so = ["section", "§", "rfc"]
        .iter()
        .any(|word| query.contains(word));
    if !says_so && (!is_known || section.split('.').count() > 3) {
        return None;
    }
    let list = if is_known {
        format!("`wsctl explain RFC {rfc}` lists the sections")
    } else {
        "`wsctl explain` lists all rules".to_owned()
    };
    Some(format!(
        "there is no page for section {section} of RFC {rfc}; {list}"
    ))
}

/// The RFC and the section that a query names.
fn parse(query: &str) -> Option<(String, String)> {
    let plain = query.replace(['§', ',', '#', ':', '(', ')'], " ");
    let plain = plain.replace("section-", " ").replace("rfc", " ");
    let mut numbers = Vec::new();
    for word in plain.split_whitespace() {
        match word {
            "section" | "sections" | "sec" | "of" | "in" => {}
            _ => numbers.push(word),
        }
    }
    let is_section = |word: &&str| {
        let mut parts = word.split('.');
        parts.all(|part| {
            matches!(part.len(), 1..=2) && part.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    let is_rfc = |word: &&str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    let has_word = query.contains("section") || query.contains('§');
    let (rfc, section) = match numbers.as_slice() {
        [section] if section.contains('.') || has_word => ("6455", *section),
        [rfc, section] if is_rfc(rfc) => (*rfc, *section),
        [section, rfc] if is_rfc(rfc) => (*rfc, *section),
        _ => return None,
    };
    is_section(&section).then(|| (rfc.to_owned(), section.to_owned()))
}

/// The RFCs and sections that a rule names: `RFC 6455 sections 5.2, 5.8; RFC 9110 …`.
pub(super) fn of_rule(rule: &RulePage) -> impl Iterator<Item = (&'static str, &'static str)> {
    let parts = rule.section.split("RFC ").skip(1);
    parts.flat_map(|part| {
        let (rfc, rest) = part.split_once(' ').unwrap_or((part, ""));
        let rest = rest
            .strip_prefix("sections ")
            .or_else(|| rest.strip_prefix("section "));
        let numbers = rest.unwrap_or_default().split(", ");
        let sections = numbers.map_while(|number| {
            let end = number.find(|char: char| !(char.is_ascii_digit() || char == '.'));
            number
                .get(..end.unwrap_or(number.len()))
                .filter(|section| !section.is_empty())
        });
        sections.map(move |section| (rfc, section))
    })
}
