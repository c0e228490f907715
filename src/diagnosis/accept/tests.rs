//! Which mistakes are recognised.

use super::*;

const KEY: &[u8] = b"dGhlIHNhbXBsZSBub25jZQ==";

/// Wrong values for the RFC's key, from public reports: the value, its rule, and words of the
/// message.
const MADE: &str = "
    YjM3YTRmMmNjMDYyNGYxNjkwZjY0NjA2Y2YzODU5NDViMmJlYzRlYQ== accept-hexdigest base64 of the digest in hex
    b37a4f2cc0624f1690f64606cf385945b2bec4ea accept-hexdigest the digest in hexadecimal
    B37A4F2CC0624F1690F64606CF385945B2BEC4EA accept-hexdigest the digest in hexadecimal
    WJfwerbIozKsJXHxxI0JTO1SQgU= accept-wrong-guid in lower case: 258eafa5-e914-47da-95ca-c5ab0dc85b11
    tF+4yo8PvjWV9zMFht911yVrKKY= accept-wrong-guid last group
    FlscFByo7EQHPKXToHKEWjb17RQ= accept-wrong-guid last group
    4wIsy0je5ufcA080FDfQMQ0PUYM= accept-wrong-guid last group
    BXhwxM0SZasKmCD9S4BfpPmCnEw= accept-key-mangled decoded
    hHLtf2V1k8aDQZfNjw3Ia1hCwt0= accept-key-mangled without the GUID
    2OZf2Seed9yzIpkj+zvC9KS9Mjw= accept-key-mangled GUID before the key
    s3mCG3XUBfFRrUGpYOBQiHm5i8g= accept-key-mangled space before
    zvnId+CMmoYWpbuFiCx6kU/bpAw= accept-key-mangled CR after
    kex8Ji4w0ek1Mc3Dwcf4mOpf5b4= accept-key-mangled CR LF after
    wRn3T1d05f86S/JjgrE2dZ0BqLI= accept-key-mangled NUL after the GUID
    ENhfyOH3bzAxCPh+tpSqexhz57w= accept-key-mangled NUL after the key
    RZWuh2JK/hL0RMgTNJFfZIAppXg= accept-key-mangled without its ==
    iLIfL26ZDItGMJM9mokJKdfDkxs= accept-key-mangled b'…'
    Kfh9QIsMVZcl6xEPYxPHzW8SZ8w= accept-stale without the key
    XQrm6Chk/7FvMjgNsAUNcO619pQ= accept-stale empty variable
    gH2cR3x4MfGXKljgIwL3fMYv0sY= accept-stale empty variable
    s3pPLMBiTxaQ9kYGzzhZRbK-xOo= accept-wrong URL-safe
    s3pPLMBiTxaQ9kYGzzhZRbK+xOo accept-wrong padding
    b's3pPLMBiTxaQ9kYGzzhZRbK+xOo=' accept-wrong printed as Python bytes
    dGhlIHNhbXBsZSBub25jZQ== accept-wrong the key itself
    c8qeCxwB8sJPxkSckeL76bKL7f642+KYzDiR7EbKyTY= accept-wrong SHA-256
    fI/F95pFHyUax3HLt0ktmQ== accept-wrong MD5
    lCaWI6ZCGd5I25+0bJrVqBOcDYc= accept-wrong another connection's key
    nonsense accept-wrong not the Sec-WebSocket-Accept
";

#[test]
fn each_reported_mistake_is_recognised() {
    let lines: Vec<&str> = MADE
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    assert_eq!(lines.len(), 28);
    for line in lines {
        let mut columns = line.splitn(3, ' ');
        let mut column = || columns.next().unwrap();
        let (given, rule, words) = (column(), column(), column());
        let finding = diagnose_accept(KEY, given).unwrap();
        assert_eq!(finding.rule(), rule, "{line}");
        assert!(
            finding.message.contains(words),
            "{line}: {}",
            finding.message
        );
    }
}

#[test]
fn a_wrong_guid_is_found_and_shown() {
    let used = [
        (
            "258EAFA5-E914-47DA-95CA-C5AB9DC11B5AB",
            "last group is wrong",
        ),
        ("{258EAFA5-E914-47DA-95CA-C5AB0DC85B11}", "in braces"),
        (
            "{258eafa5-e914-47da-95ca-c5ab0dc85b11}",
            "in braces, in lower",
        ),
        ("258EAFA5E91447DA95CAC5AB0DC85B11", "without its hyphens"),
        ("258EAFA5-E914-47DA-95CA-C5AB0DC85B1", "one character"),
        ("258EAFA5-E914-47DA-95CA-C5AB0DC85B12", "one character"),
        ("258EAFA5-E914-47AD-95CA-C5AB0DC85B11", "one character"),
        ("258EAFA5-E914-47DA-95CA-C5AB0DC85B11F", "one character"),
        ("2258EAFA5-E914-47DA-95CA-C5AB0DC85B11", "one character"),
    ];
    for (guid, how) in used {
        let given = Digest::of(&[KEY, guid.as_bytes()]).base64();
        let finding = diagnose_accept(KEY, &given).unwrap();
        assert_eq!(finding.rule(), "accept-wrong-guid", "{guid}");
        let message = &finding.message;
        assert!(message.contains(how), "{message}");
        assert!(message.ends_with(&format!(": {guid}")), "{message}");
    }
    let given = Digest::of(&[KEY, b"258EAFA5-E914-47DA-95CA-C5AB0DC85C22"]).base64();
    assert_eq!(diagnose_accept(KEY, &given).unwrap().rule(), "accept-wrong");
}

#[test]
fn a_line_end_in_the_value_or_the_hashed_text_is_recognised() {
    let right = accept_value(KEY);
    for end in ["\n", "\r\n"] {
        let finding = diagnose_accept(KEY, &format!("{right}{end}")).unwrap();
        assert_eq!(finding.rule(), "accept-b64-newline");
    }
    for end in ["\n", "\r\n", "\r", " "] {
        let given = Digest::of(&[KEY, GUID.as_bytes(), end.as_bytes()]).base64();
        let finding = diagnose_accept(KEY, &given).unwrap();
        assert_eq!(finding.rule(), "accept-key-mangled");
        assert!(finding.message.ends_with("after the GUID"));
    }
}

#[test]
fn mistakes_are_recognised_with_any_key() {
    let key = b"kJXuOKsrl3AR1KeFngRElQ==";
    assert_eq!(diagnose_accept(key, "lCaWI6ZCGd5I25+0bJrVqBOcDYc="), None);
    let rule = |given: &str| diagnose_accept(key, given).unwrap().rule();
    assert_eq!(
        rule(&Digest::of(&[key, b"\r", GUID.as_bytes()]).base64()),
        "accept-key-mangled"
    );
    assert_eq!(
        rule(&Digest::of(&[key, GUID.as_bytes()]).hexadecimal()),
        "accept-hexdigest"
    );
    assert_eq!(rule("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "accept-stale");
    // A near miss: the value for the RFC's key with a CR, which proves nothing here.
    assert_eq!(rule("zvnId+CMmoYWpbuFiCx6kU/bpAw="), "accept-wrong");
}
