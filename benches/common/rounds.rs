//! Rounds: everything is measured in turns, so that what else happens on the machine
//! happens to everybody, and the median counts.

use super::Fallible;

/// Measures each of `subjects` once a round, each round beginning with another one, and
/// gives the measurements of each.
///
/// # Errors
///
/// The first measurement that fails.
pub(crate) fn interleave<S, M>(
    rounds: usize,
    subjects: &[S],
    mut measure: impl FnMut(&S) -> Fallible<M>,
) -> Fallible<Vec<Vec<M>>> {
    let mut measurements: Vec<Vec<M>> = subjects.iter().map(|_| Vec::new()).collect();
    for round in 0..rounds {
        for turn in 0..subjects.len() {
            let number = (round + turn) % subjects.len();
            if let (Some(subject), Some(taken)) =
                (subjects.get(number), measurements.get_mut(number))
            {
                taken.push(measure(subject)?);
            }
        }
    }
    Ok(measurements)
}

/// The measurement in the middle, by this value.
pub(crate) fn median<M>(mut measurements: Vec<M>, value: impl Fn(&M) -> f64) -> Option<M> {
    measurements.sort_by(|a, b| value(a).total_cmp(&value(b)));
    let middle = measurements.len() / 2;
    measurements.into_iter().nth(middle)
}
