//! The frames of the peer in memory: it sends messages back, answers pings and close frames, and
//! fails the connection if a rule is broken.

use wsctl::ws::deflate::{Deflater, MessageInflater};
use wsctl::ws::extension::SenderParameters;
use wsctl::ws::handshake::Negotiated;
use wsctl::ws::{
    CloseBody, FrameHeader, FrameValidator, MaskingKey, MessageAssembler, Opcode, PayloadLength,
    Role, Rsv,
};

use super::deviation::Deviation;
use super::{Action, CLOSES_AT, LIMIT};

pub(super) struct Frames<'d> {
    deviation: Option<&'d Deviation>,
    role: Role,
    /// The number of masked frames, which makes their keys.
    masked: u8,
    validator: FrameValidator,
    /// The bytes of a frame that is not complete.
    buffer: Vec<u8>,
    assembler: MessageAssembler,
    inflater: Option<MessageInflater>,
    deflater: Option<Deflater>,
    parameters: Option<SenderParameters>,
    /// Whether the current message is compressed.
    is_compressed: bool,
    actions: Vec<Action>,
    late_pongs: Vec<Vec<u8>>,
    offset: u64,
    close_sent: bool,
    is_over: bool,
}

impl<'d> Frames<'d> {
    pub(super) fn new(
        negotiated: &Negotiated,
        deviation: Option<&'d Deviation>,
        role: Role,
    ) -> Self {
        let mut own = negotiated.deflate.map(|it| it.of(role));
        if let Some(own) = &mut own {
            match deviation {
                Some(Deviation::KeepsOwnContext) => own.no_context_takeover = false,
                Some(Deviation::ExceedsWindow) => own.window_bits = 15,
                _ => {}
            }
        }
        let other = negotiated.deflate.map(|it| it.of(role.peer()));
        Self {
            deviation,
            role,
            masked: 0,
            validator: FrameValidator::new(Some(role.peer())).with_deflate(other.is_some()),
            buffer: Vec::new(),
            assembler: MessageAssembler::new(LIMIT + 1),
            inflater: other.map(|it| MessageInflater::new(it, LIMIT)),
            deflater: own.map(|it| Deflater::new(it, 6)),
            parameters: other,
            is_compressed: false,
            actions: Vec::new(),
            late_pongs: Vec::new(),
            offset: 0,
            close_sent: false,
            is_over: false,
        }
    }

    pub(super) fn take_actions(&mut self) -> Vec<Action> {
        std::mem::take(&mut self.actions)
    }

    pub(super) const fn is_over(&self) -> bool {
        self.is_over
    }

    pub(super) fn handle_bytes(&mut self, bytes: &[u8]) {
        if matches!(self.deviation, Some(Deviation::PongsWithNextBytes)) && !bytes.is_empty() {
            self.release_pongs();
        }
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.extend_from_slice(bytes);
        let mut at = 0;
        while !self.is_over {
            let Ok((mut header, size)) = FrameHeader::parse(&buffer[at..]) else {
                break;
            };
            if matches!(self.deviation, Some(Deviation::DropsRead(drops)) if drops(&header)) {
                at = buffer.len();
                break;
            }
            let mut length = header.payload_length.value();
            if let Some(Deviation::MisreadsLength(misread)) = self.deviation
                && length > LIMIT as u64
            {
                length = misread(length);
                header.payload_length = PayloadLength::shortest(length);
            }
            if matches!(self.deviation, Some(Deviation::WaitsForAnyLength)) && length > LIMIT as u64
            {
                break;
            }
            if self.refuses_header(&header) {
                break;
            }
            if length > LIMIT as u64 {
                self.fail(1009);
                break;
            }
            let end = at + size + usize::try_from(length).unwrap();
            if buffer.len() < end {
                break;
            }
            let mut payload = buffer[at + size..end].to_vec();
            at = end;
            if let Some(key) = header.masking_key {
                key.apply(0, &mut payload);
            }
            self.handle_frame(&header, payload);
            if matches!(self.deviation, Some(Deviation::OneFrameARead)) {
                at = buffer.len();
            }
        }
        buffer.drain(..at);
        self.buffer = buffer;
        if self.close_sent
            && !self.is_over
            && matches!(self.deviation, Some(Deviation::ReadsOnAfterClose))
        {
            self.end();
        }
        if let Some(Deviation::NeedsWholeFrame(needs)) = self.deviation
            && !self.buffer.is_empty()
            && needs(&self.buffer)
        {
            self.buffer.clear();
        }
    }

    /// Checks the header, before its payload has come.
    fn refuses_header(&mut self, header: &FrameHeader) -> bool {
        let mut found = Vec::new();
        self.validator.check_header(self.offset, header, &mut found);
        self.refuses(&found, header, &[])
    }

    fn refuses(
        &mut self,
        found: &[wsctl::ws::Violation],
        header: &FrameHeader,
        payload: &[u8],
    ) -> bool {
        let is_ignored = |rule| matches!(self.deviation, Some(Deviation::Ignores(ignores)) if ignores(rule, header, payload));
        let broken = found.iter().find(|it| !is_ignored(it.rule));
        let Some(code) = broken.map(|it| it.rule.close_code().0) else {
            return false;
        };
        self.fail(code);
        true
    }

    fn handle_frame(&mut self, header: &FrameHeader, payload: Vec<u8>) {
        self.validator.begin_frame(self.offset, header);
        self.offset += (header.size() + payload.len()) as u64;
        let mut found = Vec::new();
        self.validator.validate_payload(&payload, &mut found);
        self.validator.validate_end(&mut found);
        if self.refuses(&found, header, &payload) {
            return;
        }
        if matches!(self.deviation, Some(Deviation::Fails(fails)) if fails(header, &payload)) {
            self.fail(1002);
            return;
        }
        match header.opcode {
            Opcode::PING => {
                self.is_compressed &=
                    !matches!(self.deviation, Some(Deviation::PingEndsCompression));
                self.handle_ping(payload);
            }
            Opcode::PONG if matches!(self.deviation, Some(Deviation::AnswersPong)) => {
                self.send(Opcode::PONG, payload, false);
            }
            Opcode::CLOSE => self.handle_close(&payload),
            opcode if opcode.is_message_part() => self.handle_part(header, &payload),
            _ => {}
        }
    }

    fn handle_ping(&mut self, payload: Vec<u8>) {
        let is_late = match self.deviation {
            Some(Deviation::PongsLate | Deviation::PongsWithNextBytes) => {
                self.validator.message_is_open()
            }
            _ => false,
        };
        if is_late {
            self.late_pongs.push(payload);
        } else {
            self.send(Opcode::PONG, payload, false);
        }
    }

    fn release_pongs(&mut self) {
        for payload in std::mem::take(&mut self.late_pongs) {
            self.send(Opcode::PONG, payload, false);
        }
    }

    fn handle_close(&mut self, payload: &[u8]) {
        let answer = match CloseBody::parse(payload) {
            CloseBody::Code(code, _) => code.0.to_be_bytes().to_vec(),
            _ => Vec::new(),
        };
        self.close(&answer);
        if matches!(self.deviation, Some(Deviation::ReadsOnAfterClose)) {
            // What is in the same read is handled, too.
            return;
        }
        self.end();
    }

    fn end(&mut self) {
        self.is_over = true;
        if !matches!(self.deviation, Some(Deviation::KeepsTcp)) {
            self.actions.push(Action::Fin);
        }
    }

    fn close(&mut self, payload: &[u8]) {
        let times = if matches!(self.deviation, Some(Deviation::ClosesTwice)) {
            2
        } else {
            1
        };
        for _ in 0..times {
            self.send(Opcode::CLOSE, payload.to_vec(), false);
        }
        self.close_sent = true;
    }

    /// Fails the connection.
    fn fail(&mut self, code: u16) {
        let code = match self.deviation {
            Some(Deviation::ClosesWith(other)) => other(code),
            _ => code,
        };
        self.send(Opcode::CLOSE, code.to_be_bytes().to_vec(), false);
        self.is_over = true;
        self.actions.push(Action::Fin);
    }

    fn handle_part(&mut self, header: &FrameHeader, payload: &[u8]) {
        self.assembler.begin_frame(header);
        if header.opcode != Opcode::CONTINUATION {
            self.is_compressed = header.rsv.rsv1()
                && self.inflater.is_some()
                && !matches!(self.deviation, Some(Deviation::IgnoresCompression));
            if self.is_compressed {
                if matches!(self.deviation, Some(Deviation::ForgetsContext)) {
                    let parameters = self.parameters.unwrap();
                    self.inflater = Some(MessageInflater::new(parameters, LIMIT));
                }
                self.inflater.as_mut().unwrap().start(header.opcode);
            }
        }
        let mut error = None;
        if self.is_compressed {
            let (inflater, assembler) = (self.inflater.as_mut().unwrap(), &mut self.assembler);
            error = inflater.push(payload, |piece| assembler.push(piece)).err();
            if header.fin {
                error = error.or(inflater.finish().err());
            }
        } else {
            self.assembler.push(payload);
        }
        let accepts =
            matches!(self.deviation, Some(Deviation::AcceptsDamage(accepts)) if accepts(payload));
        if let Some(error) = error.filter(|_| !accepts) {
            self.fail(error.close_code().0);
            return;
        }
        let message = self.assembler.end_frame(header);
        let message = message.map(|it| (it.opcode, it.payload.to_vec(), it.length));
        if let Some((opcode, payload, length)) = message {
            self.handle_message(opcode, payload, length);
        }
    }

    fn handle_message(&mut self, opcode: Opcode, payload: Vec<u8>, length: u64) {
        if length > LIMIT as u64 {
            self.fail(1009);
        } else if matches!(self.deviation, Some(Deviation::FailsMessage(fails)) if fails(&payload))
        {
            self.fail(1002);
        } else if payload == CLOSES_AT.as_bytes() {
            self.close(&1000_u16.to_be_bytes());
        } else {
            let opcode = if opcode == Opcode::CONTINUATION {
                Opcode::TEXT
            } else {
                opcode
            };
            self.send(opcode, payload, true);
            self.release_pongs();
        }
    }

    fn send(&mut self, opcode: Opcode, payload: Vec<u8>, is_message: bool) {
        let sends_on = match self.deviation {
            Some(Deviation::ReadsOnAfterClose) => true,
            Some(Deviation::ClosesTwice) => opcode == Opcode::CLOSE,
            _ => false,
        };
        if self.close_sent && !sends_on {
            return;
        }
        let (payload, rsv) = match &mut self.deflater {
            Some(deflater) if is_message => (deflater.deflate(&payload).to_vec(), Rsv::RSV1),
            _ => (payload, Rsv::NONE),
        };
        let mut header = FrameHeader {
            rsv,
            ..FrameHeader::new(opcode, payload.len() as u64)
        };
        let mut payload = payload;
        match self.deviation {
            Some(Deviation::Sends(change)) if !change(&mut header, &mut payload) => return,
            _ => {}
        }
        let deviates = matches!(self.deviation, Some(Deviation::Masks(masks)) if masks(&header));
        if (self.role == Role::Client) != deviates {
            header.masking_key = Some(self.next_key());
        }
        if let Some(key) = header.masking_key {
            key.apply(0, &mut payload);
        }
        let mut bytes = header.encode().to_vec();
        bytes.extend_from_slice(&payload);
        self.actions.push(Action::Send(bytes));
    }

    fn next_key(&mut self) -> MaskingKey {
        self.masked = self.masked.wrapping_add(1);
        MaskingKey(match self.deviation {
            Some(Deviation::Keys(key)) => key(self.masked),
            _ => [1, 2, 3, self.masked],
        })
    }
}
