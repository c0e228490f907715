//! The header fields of a head (RFC 9110 section 5), as they were received or are sent.
//!
//! [`RequestHead`](super::RequestHead), [`ResponseHead`](super::ResponseHead) and
//! [`Response`](super::Response) hold them; every rule of the handshake reads them by name.

use std::fmt;
use std::ops::Deref;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::token::is_token_word;

/// One header field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The name, spelled as it was received.
    pub name: String,
    /// The value without the white space around it. Any bytes.
    pub value: Vec<u8>,
}

impl Header {
    /// A header with this name and value, neither of them checked.
    pub fn new(name: &str, value: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.to_owned(),
            value: value.into(),
        }
    }

    /// A header that a user typed.
    ///
    /// # Errors
    ///
    /// [`HeaderError`] if it would not be one line of a head: the name must be a token
    /// (RFC 9110 section 5.1), the value must be free of control characters other than the
    /// tab (section 5.5).
    pub fn checked(name: &str, value: &str) -> Result<Self, HeaderError> {
        if !is_token_word(name) {
            return Err(HeaderError::Name(name.to_owned()));
        }
        match value.chars().find(|c| c.is_ascii_control() && *c != '\t') {
            Some(control) => Err(HeaderError::Control(name.to_owned(), control)),
            None => Ok(Self::new(name, value.trim_matches([' ', '\t']))),
        }
    }

    /// An `Authorization` header of the Basic scheme (RFC 7617) for `user`, a name and a password
    /// with a colon between them.
    pub fn basic_authorization(user: &str) -> Self {
        let has_password = user.contains(':');
        let credentials = [user, if has_password { "" } else { ":" }].concat();
        Self::new(
            "Authorization",
            format!("Basic {}", BASE64.encode(credentials)),
        )
    }

    /// Whether the header has this name. Case does not matter (RFC 9110 section 5.1).
    pub fn is_named(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The value as text. Bytes that are not UTF-8 are replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.value).into_owned()
    }
}

/// Why a name and a value are not a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderError {
    /// The name is empty, or is not a token.
    Name(String),
    /// The value of the header with this name has a control character.
    Control(String, char),
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "`{}` is not the name of a header", name.escape_debug()),
            Self::Control(name, control) => write!(
                f,
                "the value of `{name}` contains the control character {:02x}",
                u32::from(*control)
            ),
        }
    }
}

/// The header fields of one head, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(Vec<Header>);

impl Headers {
    /// Adds a header at the end.
    pub fn push(&mut self, name: &str, value: impl Into<Vec<u8>>) {
        self.0.push(Header::new(name, value));
    }

    /// Removes all headers of this name.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|header| !header.is_named(name));
    }

    /// Sets the value of all headers of this name; adds one if there is none.
    pub fn set(&mut self, name: &str, value: &str) {
        if self.count(name) == 0 {
            self.push(name, value);
        }
        for header in self.0.iter_mut().filter(|header| header.is_named(name)) {
            header.value = value.as_bytes().to_vec();
        }
    }

    /// The values of all headers of this name, as text.
    pub fn values(&self, name: &str) -> impl Iterator<Item = String> {
        self.named(name).map(Header::text)
    }

    /// The value of the first header of this name.
    pub fn first(&self, name: &str) -> Option<String> {
        self.values(name).next()
    }

    /// The value of the only header of this name. None if there are several.
    pub fn only(&self, name: &str) -> Option<String> {
        let mut values = self.values(name);
        values.next().filter(|_| values.next().is_none())
    }

    /// How many headers have this name.
    pub fn count(&self, name: &str) -> usize {
        self.named(name).count()
    }

    /// The values of all headers of this name as one comma-separated list (RFC 9110
    /// section 5.3). None if there is no such header.
    pub fn joined(&self, name: &str) -> Option<String> {
        let values: Vec<String> = self.values(name).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// The elements of a comma-separated list (RFC 9110 section 5.6.1), which may be spread
    /// over several headers. Empty elements are included.
    pub fn elements(&self, name: &str) -> impl Iterator<Item = String> {
        self.values(name).flat_map(|value| {
            let elements = value.split(',').map(|element| element.trim().to_owned());
            elements.collect::<Vec<_>>()
        })
    }

    /// Whether a comma-separated list includes this token. Case does not matter.
    pub fn lists(&self, name: &str, token: &str) -> bool {
        self.elements(name)
            .any(|element| element.eq_ignore_ascii_case(token))
    }

    fn named(&self, name: &str) -> impl Iterator<Item = &Header> {
        self.0.iter().filter(move |header| header.is_named(name))
    }

    /// Appends the lines of the headers, and the empty line that ends the head.
    pub(super) fn encode_onto(&self, bytes: &mut Vec<u8>) {
        for header in &self.0 {
            bytes.extend_from_slice(header.name.as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(&header.value);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"\r\n");
    }
}

impl Deref for Headers {
    type Target = [Header];

    fn deref(&self) -> &[Header] {
        &self.0
    }
}

impl From<Vec<Header>> for Headers {
    fn from(headers: Vec<Header>) -> Self {
        Self(headers)
    }
}

impl FromIterator<Header> for Headers {
    fn from_iter<I: IntoIterator<Item = Header>>(headers: I) -> Self {
        Self(headers.into_iter().collect())
    }
}

impl Extend<Header> for Headers {
    fn extend<I: IntoIterator<Item = Header>>(&mut self, headers: I) {
        self.0.extend(headers);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_case_and_lists_span_headers() {
        let mut headers = Headers::from(vec![
            Header::new("connection", "keep-alive"),
            Header::new("Connection", " , Upgrade"),
        ]);
        assert!(headers.lists("CONNECTION", "upgrade"));
        assert!(!headers.lists("Connection", "close"));
        assert_eq!(headers.count("Connection"), 2);
        assert_eq!(headers.only("Connection"), None);
        assert_eq!(headers.joined("Host"), None);
        let elements: Vec<String> = headers.elements("Connection").collect();
        assert_eq!(elements, ["keep-alive", "", "Upgrade"]);
        headers.set("Connection", "close");
        headers.set("Host", "a");
        assert_eq!(headers.joined("connection").unwrap(), "close, close");
        headers.remove("CONNECTION");
        assert_eq!(*headers, [Header::new("Host", "a")]);
    }

    #[test]
    fn basic_credentials_have_a_name_and_a_password() {
        let value = |user| Header::basic_authorization(user).text();
        assert_eq!(
            value("Aladdin:open sesame"),
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
        );
        assert_eq!(value("Aladdin"), value("Aladdin:"));
    }

    #[test]
    fn a_typed_header_cannot_add_a_line() {
        let right = Header::checked("X-Own", " a\tb ").unwrap();
        assert_eq!(right, Header::new("X-Own", "a\tb"));
        let error = |name, value| Header::checked(name, value).unwrap_err().to_string();
        assert_eq!(error("X Own", ""), "`X Own` is not the name of a header");
        assert_eq!(error("", ""), "`` is not the name of a header");
        assert_eq!(
            error("X-Own", "a\r\nHost: b"),
            "the value of `X-Own` contains the control character 0d"
        );
    }
}
