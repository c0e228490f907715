//! Moments, as people and programs read them.

use std::time::SystemTime;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Writes moments in the user's time zone.
#[derive(Clone, Debug)]
pub struct Clock {
    zone: TimeZone,
}

impl Clock {
    /// With the zone that this machine is set to.
    pub fn local() -> Self {
        Self {
            zone: TimeZone::system(),
        }
    }

    /// With Greenwich's.
    #[cfg(test)]
    const fn utc() -> Self {
        Self {
            zone: TimeZone::UTC,
        }
    }

    /// The time of the day: `10:02:12.003`.
    pub fn time_of_day(&self, moment: SystemTime) -> String {
        let zoned = timestamp(moment).to_zoned(self.zone.clone());
        zoned.strftime("%H:%M:%S.%3f").to_string()
    }
}

/// The moment for a program: `2026-11-21T10:02:12.003Z` (RFC 3339).
pub(super) fn rfc3339(moment: SystemTime) -> String {
    format!("{:.3}", timestamp(moment))
}

fn timestamp(moment: SystemTime) -> Timestamp {
    Timestamp::try_from(moment).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn to_the_millisecond() {
        let moment = UNIX_EPOCH + Duration::from_millis(1_795_255_332_003);
        assert_eq!(Clock::utc().time_of_day(moment), "10:02:12.003");
        assert_eq!(rfc3339(moment), "2026-11-21T10:02:12.003Z");
    }
}
