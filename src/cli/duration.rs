//! Durations, as people write them.

use std::time::Duration;

/// Reads `500ms`, `30s`, `2m` or `1h`; a bare number counts seconds. It is longer than
/// nothing and not longer than a day.
///
/// # Errors
///
/// A sentence that says what was expected.
pub(super) fn parse(text: &str) -> Result<Duration, String> {
    let end = text
        .find(|char: char| !char.is_ascii_digit() && char != '.')
        .unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let factor = match unit {
        "ms" => 1e-3,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return Err(expected()),
    };
    let number: f64 = digits.parse().map_err(|_| expected())?;
    let duration = Duration::try_from_secs_f64(number * factor).ok();
    duration
        .filter(|duration| (SHORTEST..=LONGEST).contains(duration))
        .ok_or_else(|| "expected a duration from 1ms to 24h".to_owned())
}

const SHORTEST: Duration = Duration::from_millis(1);
const LONGEST: Duration = Duration::from_secs(24 * 3600);

fn expected() -> String {
    "expected a duration, as 500ms, 30s, 2m or 1h; a number alone counts seconds".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_a_unit() {
        let seconds = |text| parse(text).unwrap().as_secs_f64();
        assert_eq!(parse("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(parse("1.5s"), Ok(Duration::from_millis(1_500)));
        assert_eq!(parse("30"), parse("30s"));
        assert!((seconds("2m") - 120.0).abs() < 1e-9);
        assert!((seconds("1h") - 3600.0).abs() < 1e-9);
    }

    #[test]
    fn what_is_no_duration() {
        for text in ["", "s", "-1s", "5 s", "1d", "1.2.3s", "."] {
            assert_eq!(parse(text), Err(expected()), "{text}");
        }
        for text in ["0", "0ms", "25h", "99999999999999999999"] {
            assert!(
                parse(text).unwrap_err().contains("from 1ms to 24h"),
                "{text}"
            );
        }
    }
}
