//! What the file descriptors of a trace are, and what was read from and written to them.

use std::collections::HashMap;

use super::call::{Call, Half, Kind, kind};
use super::transfer::TransferPart;
use crate::input::paste::chunk::Taken;
use crate::input::paste::dumps;
use crate::input::paste::traces::frame::could_be_frames;

/// What is known of the calls so far.
#[derive(Default)]
pub(super) struct Trace<'t> {
    parts: Vec<TransferPart>,
    /// The connection that a descriptor has now, by its place in `descriptors`.
    current: HashMap<i64, usize>,
    descriptors: Vec<Descriptor>,
    /// The first halves of calls, by process.
    halves: HashMap<&'t str, (i64, Option<usize>)>,
    /// Where the rows of a dump belong.
    dumped: Option<usize>,
    calls: usize,
}

/// One use of a file descriptor, from its opening to its closing.
#[derive(Default)]
struct Descriptor {
    socket: bool,
    file: bool,
    /// Whether this process is the client.
    client: Option<bool>,
}

impl<'t> Trace<'t> {
    pub(super) fn call(&mut self, call: &Call<'t>) {
        self.calls += 1;
        self.dumped = None;
        let kind = kind(call.name);
        match kind {
            Kind::Opens | Kind::OpensFile => {
                if let Some(opened) = call.result.filter(|result| *result >= 0) {
                    self.current.remove(&opened);
                    let place = self.place(opened);
                    let is_stream = kind == Kind::Opens && !call.is_datagram();
                    self.set(place, |new| {
                        new.socket = is_stream;
                        new.file = !is_stream;
                    });
                }
            }
            Kind::OfSocket => {
                if let Some((number, _)) = call.descriptor() {
                    let place = self.place(number);
                    self.set(place, |descriptor| descriptor.socket |= !descriptor.file);
                }
            }
            Kind::Closes => {
                if let Some((number, _)) = call.descriptor() {
                    self.current.remove(&number);
                }
            }
            Kind::Read | Kind::Write | Kind::Receive | Kind::Send => self.transfer(call, kind),
            Kind::Other => {}
        }
    }

    /// The place of the current use of a descriptor.
    fn place(&mut self, number: i64) -> usize {
        let next = self.descriptors.len();
        let place = *self.current.entry(number).or_insert(next);
        if place == next {
            self.descriptors.push(Descriptor {
                // Standard input, output and error.
                file: (0..=2).contains(&number),
                ..Descriptor::default()
            });
        }
        place
    }

    fn set(&mut self, place: usize, set: impl FnOnce(&mut Descriptor)) {
        if let Some(descriptor) = self.descriptors.get_mut(place) {
            set(descriptor);
        }
    }

    fn transfer(&mut self, call: &Call<'t>, kind: Kind) {
        let (number, told) = match call.half {
            Half::Second => match self.halves.remove(call.process) {
                Some((number, part)) => {
                    if let Some(part) = part {
                        self.set_result(part, call.result);
                        return;
                    }
                    (number, "")
                }
                None => return,
            },
            _ => match call.descriptor() {
                Some(found) => found,
                None => return,
            },
        };
        let is_sent = matches!(kind, Kind::Write | Kind::Send);
        let descriptor = self.place(number);
        let is_socket = matches!(kind, Kind::Receive | Kind::Send)
            || ["TCP", "socket", "UNIX", "SSL"]
                .iter()
                .any(|name| told.starts_with(name));
        self.set(descriptor, |of_number| {
            of_number.socket |= is_socket && !of_number.file;
            of_number.file |= told.starts_with('/') || told.starts_with("pipe");
        });
        let Some((mut bytes, is_cut)) = call.bytes() else {
            if call.half == Half::First {
                self.halves.insert(call.process, (number, None));
            }
            return;
        };
        let size = match call.result {
            Some(result) => result,
            None if call.half == Half::First => i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            None => return,
        };
        let Some(size) = usize::try_from(size).ok().filter(|size| *size > 0) else {
            return;
        };
        bytes.truncate(size);
        self.note_head(descriptor, is_sent, &bytes);
        self.parts.push(TransferPart {
            descriptor,
            is_sent,
            bytes,
            size: size as u64,
            is_cut,
            has_rows: false,
            time: call.time.map(str::to_owned),
        });
        let part = self.parts.len() - 1;
        if call.half == Half::First {
            self.halves.insert(call.process, (number, Some(part)));
        }
        self.dumped = Some(part);
    }

    /// The result of a call whose first half had the bytes.
    fn set_result(&mut self, part: usize, result: Option<i64>) {
        if let Some(part) = self.parts.get_mut(part) {
            let size = result
                .and_then(|it| usize::try_from(it).ok())
                .unwrap_or_default();
            part.bytes.truncate(size);
            part.size = size as u64;
        }
    }

    fn note_head(&mut self, descriptor: usize, is_sent: bool, bytes: &[u8]) {
        let is_request = bytes.starts_with(b"GET ");
        let is_response = bytes.starts_with(b"HTTP/1.");
        if let Some(descriptor) = self.descriptors.get_mut(descriptor)
            && (is_request || is_response)
        {
            descriptor.socket |= !descriptor.file;
            descriptor.client.get_or_insert(is_request == is_sent);
        }
    }

    /// A row of the dump below a call.
    pub(super) fn row(&mut self, row: &str) {
        let Some(part) = self.dumped.and_then(|part| self.parts.get_mut(part)) else {
            return;
        };
        if !std::mem::replace(&mut part.has_rows, true) {
            part.bytes.clear();
            part.is_cut = false;
        }
        let left = usize::try_from(part.size).unwrap_or(usize::MAX) - part.bytes.len();
        let (mut bytes, _) = dumps::bytes_and_column(row.trim_start());
        bytes.truncate(left);
        part.bytes.extend(bytes);
    }

    pub(super) fn finish(self, size: usize) -> Option<Taken> {
        let transfers = self.parts.len();
        let has_sockets = self.descriptors.iter().any(|descriptor| descriptor.socket);
        if transfers == 0 && self.calls < 2 {
            return None;
        }
        let descriptors = &self.descriptors;
        let chunks = self.parts.into_iter().filter_map(|part| {
            let descriptor = descriptors.get(part.descriptor)?;
            let is_wanted = if has_sockets {
                descriptor.socket
            } else {
                // Without any socket, what could be one.
                !descriptor.file && could_be_frames(&part.bytes)
            };
            (is_wanted && part.size > 0).then(|| part.chunk(descriptor.client))
        });
        Some(Taken::new(chunks.collect(), size))
    }
}
