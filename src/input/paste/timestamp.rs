//! Timestamps that programs write at the start of a log line.
//!
//! `envelope` uses [`length`] to skip timestamps before it looks for bytes: `10:49:21` would be read
//! as three bytes of hexadecimal.

/// The length of the timestamp at the start of a text; None if there is none.
///
/// Known forms: ISO 8601 and its relatives (`2026-11-26T14:24:08.123Z`, `2026/11/26 14:24:08`),
/// a time alone (`14:24:08,123`), syslog (`Nov 26 14:24:08`), `date` and `ctime`
/// (`Thu Nov 26 14:24:08 UTC 2026`), HTTP logs (`26/Nov/2026:14:24:08 +0000`), Android
/// (`11-26 14:24:08.123`), klog (`I1126 14:24:08.123456`), and seconds or milliseconds since 1970.
pub(super) fn length(text: &str) -> Option<usize> {
    let forms = [klog, calendar, named_month, epoch, time_alone];
    forms.into_iter().find_map(|form| {
        let mut scan = Scan::new(text);
        form(&mut scan)?;
        scan.ends_a_word().then_some(scan.at)
    })
}

/// Whether a text is only a timestamp.
pub(super) fn is_all(text: &str) -> bool {
    length(text) == Some(text.len())
}

/// Reads `2026-11-26`, `26/Nov/2026` or `11-26`, with or without a time.
fn calendar(scan: &mut Scan<'_>) -> Option<()> {
    let first = scan.digits()?;
    let separator = scan.one_of(b"-/.")?;
    let is_year = first.len() == 4 && first.starts_with(['1', '2']);
    if scan.month_name().is_some() {
        scan.exactly(separator)?;
        scan.digits().filter(|year| year.len() == 4)?;
    } else {
        let second = scan.digits().filter(|part| part.len() <= 2)?;
        let is_date = scan.exactly(separator).is_some()
            && scan
                .digits()
                .is_some_and(|part| matches!(part.len(), 1 | 2 | 4));
        let is_small = |part: &str| part.parse::<u8>().is_ok_and(|value| value <= 31);
        let is_date = is_date && is_small(second) && (is_year || is_small(first));
        let is_android = !is_date && separator == b'-' && first.len() == 2 && second.len() == 2;
        if !(is_date && (is_year || first.len() <= 2) || is_android) {
            return None;
        }
        if is_android {
            scan.one_of(b" ")?;
            return scan.time();
        }
    }
    let before = scan.at;
    let has_time = scan.one_of(b"T t_:,").is_some() && {
        scan.spaces();
        scan.time().is_some()
    };
    if !has_time {
        scan.at = before;
    }
    Some(())
}

/// `Nov 26 14:24:08`, `Thu Nov 26 14:24:08 UTC 2026`, `Thu, 26 Nov 2026 14:24:08 GMT`.
fn named_month(scan: &mut Scan<'_>) -> Option<()> {
    if scan.name(&DAYS).is_some() {
        scan.one_of(b",");
        scan.one_of(b" ")?;
    }
    if scan.month_name().is_some() {
        scan.one_of(b" ")?;
        scan.spaces();
        scan.digits().filter(|day| day.len() <= 2)?;
    } else {
        scan.digits().filter(|day| day.len() <= 2)?;
        scan.one_of(b" -")?;
        scan.month_name()?;
        scan.one_of(b" -")?;
        scan.digits()?;
    }
    scan.one_of(b" ,")?;
    scan.spaces();
    if scan.time().is_none() {
        // `Nov 26 2026 14:24:08`
        scan.digits().filter(|year| year.len() == 4)?;
        scan.one_of(b" ")?;
        scan.time()?;
    }
    scan.optional_year();
    Some(())
}

/// Reads `I1126 14:24:08.123456`, as klog and glog write it: the letter is the level.
fn klog(scan: &mut Scan<'_>) -> Option<()> {
    scan.one_of(b"IWEF")?;
    scan.digits().filter(|date| matches!(date.len(), 4 | 8))?;
    scan.one_of(b" ")?;
    scan.time()
}

/// `14:24:08.123`.
fn time_alone(scan: &mut Scan<'_>) -> Option<()> {
    scan.time()
}

/// Reads `1764167048`, `1764167048.123` or `1764167048123`: between the years 2001 and 2033.
fn epoch(scan: &mut Scan<'_>) -> Option<()> {
    let digits = scan.digits()?;
    let is_epoch = digits.starts_with('1') && matches!(digits.len(), 10 | 13);
    if !is_epoch {
        return None;
    }
    if scan.one_of(b".,").is_some() {
        scan.digits()?;
    }
    Some(())
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// A position in a timestamp. Its functions read one part each.
struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scan<'a> {
    const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// One or more digits.
    fn digits(&mut self) -> Option<&'a str> {
        let rest = self.rest();
        let size = rest.bytes().take_while(u8::is_ascii_digit).count();
        self.at += size;
        rest.get(..size).filter(|digits| !digits.is_empty())
    }

    fn one_of(&mut self, set: &[u8]) -> Option<u8> {
        let byte = *self.rest().as_bytes().first()?;
        set.contains(&byte).then(|| {
            self.at += 1;
            byte
        })
    }

    fn exactly(&mut self, byte: u8) -> Option<u8> {
        self.one_of(&[byte])
    }

    fn spaces(&mut self) {
        while self.exactly(b' ').is_some() {}
    }

    fn name(&mut self, names: &[&str]) -> Option<()> {
        let start = self.rest().get(..3)?;
        names
            .iter()
            .find(|name| name.eq_ignore_ascii_case(start))
            .map(|_| self.at += 3)
    }

    fn month_name(&mut self) -> Option<()> {
        self.name(&MONTHS)
    }

    /// `14:24:08`, with or without a fraction, `AM` or `PM`, and a zone.
    fn time(&mut self) -> Option<()> {
        let start = self.at;
        let found = self.plain_time();
        if found.is_none() {
            self.at = start;
        }
        found
    }

    fn plain_time(&mut self) -> Option<()> {
        let within = |digits: &str, most: u8| {
            digits.len() <= 2 && digits.parse::<u8>().is_ok_and(|value| value <= most)
        };
        self.digits().filter(|hour| within(hour, 23))?;
        self.exactly(b':')?;
        self.digits()
            .filter(|part| part.len() == 2 && within(part, 59))?;
        self.exactly(b':')?;
        self.digits()
            .filter(|part| part.len() == 2 && within(part, 60))?;
        if self.one_of(b".,:").is_some() {
            let separator = self.text.as_bytes().get(self.at - 1);
            let fraction = self.digits()?;
            // `01:02:03:04` is hexadecimal, `10:00:00:0001` has a fraction.
            if separator == Some(&b':') && fraction.len() < 3 {
                return None;
            }
        }
        self.half_of_day();
        self.zone();
        Some(())
    }

    fn half_of_day(&mut self) {
        let rest = self.rest();
        let word = rest.strip_prefix(' ').unwrap_or(rest);
        let half = word.get(..2).unwrap_or_default();
        if half.eq_ignore_ascii_case("am") || half.eq_ignore_ascii_case("pm") {
            self.at += rest.len() - word.len() + 2;
        }
    }

    /// `Z`, ` UTC`, `+0100`, ` +01:00`.
    fn zone(&mut self) {
        let rest = self.rest();
        let word = rest.strip_prefix(' ').unwrap_or(rest);
        let names = ["Z", "UTC", "GMT", "CET", "CEST", "EST", "EDT", "PST", "PDT"];
        let ends = |size: usize| {
            !word
                .as_bytes()
                .get(size)
                .is_some_and(u8::is_ascii_alphanumeric)
        };
        let by_name = names
            .iter()
            .find(|name| word.starts_with(**name) && ends(name.len()))
            .map(|name| name.len());
        let offset = || {
            let digits = word.strip_prefix(['+', '-'])?;
            let size = digits
                .bytes()
                .take_while(|byte| byte.is_ascii_digit() || *byte == b':')
                .count();
            matches!(size, 2 | 4 | 5).then_some(size + 1)
        };
        if let Some(size) = by_name.or_else(offset) {
            self.at += rest.len() - word.len() + size;
        }
    }

    fn optional_year(&mut self) {
        let start = self.at;
        self.spaces();
        let is_year = self
            .digits()
            .is_some_and(|year| year.len() == 4 && year.starts_with("20"));
        if !is_year {
            self.at = start;
        }
    }

    /// Whether the timestamp is not the beginning of a longer word.
    fn ends_a_word(&self) -> bool {
        let next = self.rest().as_bytes().first();
        !next.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'%' | b'=' | b'/'))
    }
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn timestamps_of_many_programs() {
        for text in [
            "2026-11-26T14:24:08.123Z",
            "2026-11-26 14:24:08,123",
            "2026-11-26 14:24:08.331 UTC",
            "2026-11-26T14:24:08+01:00",
            "2026/11/26 14:24:08",
            "2023/10/17 10:00:00:0001",
            "2026-11-26",
            "26.11.2026 14:24:08",
            "11/26/2026 2:24:08 PM",
            "11/26/2026, 2:24:08 PM",
            "14:24:08",
            "17:43:13.645",
            "14:24:08,331",
            "Nov 26 14:24:08",
            "Nov  6 14:24:08",
            "Thu Nov 26 14:24:08 2026",
            "Thu Nov 26 14:24:08 UTC 2026",
            "Thu, 26 Nov 2026 14:24:08 GMT",
            "26/Nov/2026:14:24:08 +0000",
            "26-Nov-2026 14:24:08",
            "11-26 14:24:08.123",
            "I1126 14:24:08.123456",
            "1764167048",
            "1764167048.123",
            "1764167048123",
        ] {
            assert_eq!(length(text), Some(text.len()), "{text}");
            assert_eq!(length(&format!("{text} GET")), Some(text.len()), "{text}");
            assert_eq!(length(&format!("{text}] GET")), Some(text.len()), "{text}");
        }
    }

    #[test]
    fn bytes_and_numbers_are_no_timestamps() {
        for text in [
            "",
            "81:05:48:65",
            "01:02:03:04",
            "01:02",
            "81 05 48",
            "8105",
            "12",
            "127.0.0.1",
            "192.168.1.39:3000",
            "10:49:2148656c",
            "1764167048a1",
            "89-80-68-f3",
            "May be",
        ] {
            assert_eq!(length(text), None, "{text}");
        }
    }
}
