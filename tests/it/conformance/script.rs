//! The cases, and the functions to write them.

/// What a client sends on a connection, and what it must receive.
pub(crate) struct Case {
    pub(super) name: String,
    /// The `Sec-WebSocket-Extensions` of the request, and that of the response.
    pub(super) offer: String,
    pub(super) negotiated: String,
    /// The bytes after the handshake.
    pub(super) sent: Vec<u8>,
    /// How many bytes each write has.
    pub(super) piece: usize,
    /// The frames that the client must receive.
    pub(super) received: Vec<ReceivedFrame>,
    /// Whether the server compresses without context takeover.
    pub(super) resets_context: bool,
    /// How the connection ends.
    pub(super) end: End,
}

/// A received frame; the payload is decompressed.
pub(super) struct ReceivedFrame {
    pub(super) first: u8,
    pub(super) payload: Vec<u8>,
}

/// How the server ends the connection.
pub(super) enum End {
    /// With this payload in its answer to the client's close frame.
    Closed(Vec<u8>),
    /// With this close code, since it fails the connection.
    Failed(u16),
}

impl Case {
    /// A case without frames.
    pub(crate) fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            offer: String::new(),
            negotiated: String::new(),
            sent: Vec::new(),
            piece: usize::MAX,
            received: Vec::new(),
            resets_context: false,
            end: End::Closed(Vec::new()),
        }
    }

    /// Sets the extensions of the request and of the response.
    pub(crate) fn negotiating(mut self, offer: &str, negotiated: &str) -> Self {
        offer.clone_into(&mut self.offer);
        negotiated.clone_into(&mut self.negotiated);
        self.resets_context = negotiated.contains("server_no_context_takeover");
        self
    }

    /// The client sends these bytes.
    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Self {
        self.sent.extend_from_slice(bytes);
        self
    }

    /// The client sends a masked frame.
    pub(crate) fn frame(self, first: u8, payload: &[u8]) -> Self {
        self.bytes(&frame(first, payload))
    }

    /// The client must receive this frame.
    pub(crate) fn receives(mut self, first: u8, payload: &[u8]) -> Self {
        let payload = payload.to_vec();
        self.received.push(ReceivedFrame { first, payload });
        self
    }

    /// The client sends a message in one frame, and receives its echo.
    pub(crate) fn echoed(self, first: u8, payload: &[u8]) -> Self {
        self.frame(first, payload).receives(first, payload)
    }

    /// Sets the size of the writes.
    pub(crate) fn in_pieces_of(mut self, piece: usize) -> Self {
        self.piece = piece;
        self
    }

    /// The client closes with 1000, and the server answers.
    pub(crate) fn closed_normally(self) -> Self {
        self.close_echoed(b"\x03\xe8")
    }

    /// The client closes with this payload, and the server answers with the same.
    pub(crate) fn close_echoed(self, payload: &[u8]) -> Self {
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

/// The header of a masked frame without the masking key.
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

/// Text of `size` bytes, with characters of one to four bytes.
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

/// Bytes that do not compress: the high bytes of a linear congruential generator.
pub(super) fn noise(size: usize) -> Vec<u8> {
    let mut number: u32 = 7;
    let next = || {
        number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        number.to_be_bytes()[0]
    };
    std::iter::repeat_with(next).take(size).collect()
}
