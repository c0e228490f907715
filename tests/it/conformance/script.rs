//! What a case is, and how one is written down.

/// One thing that a client does, and what comes of it.
pub(crate) struct Case {
    pub(super) name: String,
    /// What the handshake offers of extensions, and what must be agreed on.
    pub(super) offer: String,
    pub(super) agreement: String,
    /// What is sent behind the handshake.
    pub(super) sent: Vec<u8>,
    /// In writes of so many bytes.
    pub(super) piece: usize,
    /// The frames that must come back.
    pub(super) heard: Vec<Heard>,
    /// Whether the server compresses each message for itself.
    pub(super) forgets: bool,
    /// The close frame that comes last.
    pub(super) end: End,
}

/// A frame that comes back; what it says, if it is compressed.
pub(super) struct Heard {
    pub(super) first: u8,
    pub(super) payload: Vec<u8>,
}

/// How the server ends it.
pub(super) enum End {
    /// With a close frame of this payload, which answers the client's.
    Closed(Vec<u8>),
    /// With this code, for it fails the connection.
    Failed(u16),
}

impl Case {
    /// A case that ends with a close frame of the client's, once all that was sent before
    /// is answered.
    pub(crate) fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            offer: String::new(),
            agreement: String::new(),
            sent: Vec::new(),
            piece: usize::MAX,
            heard: Vec::new(),
            forgets: false,
            end: End::Closed(Vec::new()),
        }
    }

    /// The same behind a handshake that offers this and agrees on that.
    pub(crate) fn agreeing(mut self, offer: &str, agreement: &str) -> Self {
        offer.clone_into(&mut self.offer);
        agreement.clone_into(&mut self.agreement);
        self.forgets = agreement.contains("server_no_context_takeover");
        self
    }

    /// Bytes as they are.
    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Self {
        self.sent.extend_from_slice(bytes);
        self
    }

    /// A masked frame.
    pub(crate) fn frame(self, first: u8, payload: &[u8]) -> Self {
        self.bytes(&frame(first, payload))
    }

    /// A frame of the server's.
    pub(crate) fn hear(mut self, first: u8, payload: &[u8]) -> Self {
        let payload = payload.to_vec();
        self.heard.push(Heard { first, payload });
        self
    }

    /// A message in one frame that comes back as it went.
    pub(crate) fn echoed(self, first: u8, payload: &[u8]) -> Self {
        self.frame(first, payload).hear(first, payload)
    }

    /// In writes of so many bytes.
    pub(crate) fn chopped(mut self, piece: usize) -> Self {
        self.piece = piece;
        self
    }

    /// Nothing is wrong: the client closes, and is answered.
    pub(crate) fn fine(self) -> Self {
        self.closed_alike(b"\x03\xe8")
    }

    /// The client closes with this payload, and the server answers with the same.
    pub(crate) fn closed_alike(self, payload: &[u8]) -> Self {
        self.frame(super::CLOSE, payload).ended(payload)
    }

    /// The server answers a close frame that was sent before with this payload.
    pub(crate) fn ended(mut self, answer: &[u8]) -> Self {
        self.end = End::Closed(answer.to_vec());
        self
    }

    /// The server fails the connection with this code.
    pub(crate) fn fails(mut self, code: u16) -> Self {
        self.end = End::Failed(code);
        self
    }
}

/// A masked frame; its length in the shortest form.
pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    const KEY: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];
    let mut bytes = head(first, payload.len() as u64);
    bytes.extend(KEY);
    let masked = payload.iter().zip(KEY.iter().cycle());
    bytes.extend(masked.map(|(byte, key)| byte ^ key));
    bytes
}

/// The header of a masked frame, up to its key.
pub(super) fn head(first: u8, length: u64) -> Vec<u8> {
    let mut bytes = vec![first];
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(length @ ..=125), _) => bytes.push(0x80 | length),
        (_, Ok(length)) => {
            bytes.push(0xfe);
            bytes.extend(length.to_be_bytes());
        }
        _ => {
            bytes.push(0xff);
            bytes.extend(length.to_be_bytes());
        }
    }
    bytes
}

/// A text of so many bytes, of characters of every length.
pub(super) fn text(size: usize) -> Vec<u8> {
    let mut text: String = "héllo €uro 𝄞 plain words, "
        .chars()
        .cycle()
        .take(size)
        .collect();
    let end = (0..=size).rev().find(|end| text.is_char_boundary(*end));
    text.truncate(end.unwrap());
    while text.len() < size {
        text.push('.');
    }
    text.into_bytes()
}

/// Bytes that do not compress: the high ones of a congruential generator.
pub(super) fn noise(size: usize) -> Vec<u8> {
    let mut number: u32 = 7;
    let next = || {
        number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        number.to_be_bytes()[0]
    };
    std::iter::repeat_with(next).take(size).collect()
}
