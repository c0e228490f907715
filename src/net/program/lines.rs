//! Reads lines of limited length from the output of the program.

use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, BufReader};
use tokio::time::sleep;

/// Reads the lines of a stream. A line over the limit is skipped, not stored.
pub(super) struct ProgramLineReader<R> {
    reader: BufReader<R>,
    limit: usize,
    /// Whether the rest of a line that was too long is to be skipped.
    is_in_long_line: bool,
}

/// How long the reader pauses after each buffer of 8 KiB that it skips: a line without an end would
/// keep the processor busy.
const SKIP_PAUSE: Duration = Duration::from_millis(1);

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
        Self {
            reader,
            limit,
            is_in_long_line: false,
        }
    }

    /// The next line; the last one may have no line end. One that is too long is returned before
    /// its end has come. None at the end of the stream, and after an error.
    pub(super) async fn next(&mut self) -> Option<ProgramLine> {
        if self.is_in_long_line {
            self.skip_line().await?;
            self.is_in_long_line = false;
        }
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
            self.is_in_long_line = true;
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
            sleep(SKIP_PAUSE).await;
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
        let runtime = runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        runtime.block_on(async {
            assert_eq!(all(b"a\n\r\n12345\r\nb").await, ["a", "", "12345", "b"]);
            assert_eq!(all(b"123456\nb\n").await, ["too long", "b"]);
            assert_eq!(all(b"123456789\nb\n").await, ["too long", "b"]);
            assert_eq!(all(b"1234567").await, ["too long"]);
            assert_eq!(all(b"").await, [""; 0]);
        });
    }

    #[test]
    fn a_line_that_is_too_long_is_told_before_its_end_comes() {
        let runtime = runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut lines = ProgramLineReader::new(tokio::io::repeat(0), 5);
            assert_eq!(lines.next().await, Some(ProgramLine::TooLong));
        });
    }
}
