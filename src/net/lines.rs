//! Lines of a stream, none longer than there is room for.

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, BufReader};

pub(super) struct Lines<R> {
    reader: BufReader<R>,
    limit: usize,
}

/// What stands on a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// All of it, without its end.
    Whole(Vec<u8>),
    /// More than the limit.
    TooLong,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    /// Lines of up to `limit` bytes.
    pub(super) fn new(stream: R, limit: usize) -> Self {
        let reader = BufReader::new(stream);
        Self { reader, limit }
    }

    /// The next line; the last one may have no end. None when the stream has ended, or is
    /// broken, which comes to the same for a program's output.
    pub(super) async fn next(&mut self) -> Option<Line> {
        let mut line = Vec::new();
        // Room for the end of the line, which may be two bytes.
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
            Line::TooLong
        } else {
            Line::Whole(line)
        })
    }

    /// Lets the rest of a line go.
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
    fn lines_end_in_any_way_and_a_long_one_is_not_kept() {
        let all = async |bytes: &'static [u8]| {
            let mut lines = Lines::new(bytes, 5);
            let mut all = Vec::new();
            while let Some(line) = lines.next().await {
                all.push(match line {
                    Line::Whole(line) => String::from_utf8(line).unwrap(),
                    Line::TooLong => "too long".to_owned(),
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
