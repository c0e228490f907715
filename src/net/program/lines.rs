//! Reads lines of limited length from the output of the program.

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, BufReader};

/// Reads the lines of a stream. A line over the limit is skipped, not stored.
pub(super) struct ProgramLineReader<R> {
    reader: BufReader<R>,
    limit: usize,
}

/// A line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ProgramLine {
    /// Its bytes, without the line end.
    Whole(Vec<u8>),
    /// It has more bytes than the limit.
    TooLong,
}

impl<R: AsyncRead + Unpin> ProgramLineReader<R> {
    /// Lines of up to `limit` bytes.
    pub(super) fn new(stream: R, limit: usize) -> Self {
        let reader = BufReader::new(stream);
        Self { reader, limit }
    }

    /// The next line; the last one may have no line end. None at the end of the stream, and after
    /// an error.
    pub(super) async fn next(&mut self) -> Option<ProgramLine> {
        let mut line = Vec::new();
        // With room for the line end, which may be two bytes.
        let room = (self.limit as u64).saturating_add(2);
        let mut reader = (&mut self.reader).take(room);
        if reader.read_until(b'\n', &mut line).await.ok()? == 0 {
            return None;
        }
        if line.pop_if(|byte| *byte == b'\n').is_some() {
            line.pop_if(|byte| *byte == b'\r');
        } else if line.len() as u64 == room {
            self.skip_line().await?;
        }
        Some(if line.len() > self.limit {
            ProgramLine::TooLong
        } else {
            ProgramLine::Whole(line)
        })
    }

    /// Skips the rest of a line.
    async fn skip_line(&mut self) -> Option<()> {
        loop {
            let bytes = self.reader.fill_buf().await.ok()?;
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let size = bytes.len();
            self.reader.consume(end.map_or(size, |end| end + 1));
            if end.is_some() || size == 0 {
                return Some(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::runtime;

    #[test]
    fn a_line_ends_with_lf_crlf_or_the_stream_and_a_long_one_is_skipped() {
        let all = async |bytes: &'static [u8]| {
            let mut lines = ProgramLineReader::new(bytes, 5);
            let mut all = Vec::new();
            while let Some(line) = lines.next().await {
                all.push(match line {
                    ProgramLine::Whole(line) => String::from_utf8(line).unwrap(),
                    ProgramLine::TooLong => "too long".to_owned(),
                });
            }
            all
        };
        let runtime = runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            assert_eq!(all(b"a\n\r\n12345\r\nb").await, ["a", "", "12345", "b"]);
            assert_eq!(all(b"123456\nb\n").await, ["too long", "b"]);
            assert_eq!(all(b"123456789\nb\n").await, ["too long", "b"]);
            assert_eq!(all(b"1234567").await, ["too long"]);
            assert_eq!(all(b"").await, [""; 0]);
        });
    }
}
