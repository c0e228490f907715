//! Repeats measurements in rounds. Each round measures every subject once, so that other load
//! on the machine affects all of them; the median of the rounds is reported.

use super::Fallible;

/// Measures each of `subjects` once per round and returns the measurements of each subject.
/// Each round starts with another subject.
///
/// # Errors
///
/// The error of the first measurement that fails.
pub(crate) fn measure_in_rounds<S, M>(
    rounds: usize,
    subjects: &[S],
    mut measure: impl FnMut(&S) -> Fallible<M>,
) -> Fallible<Vec<Vec<M>>> {
    let mut measurements: Vec<Vec<M>> = subjects.iter().map(|_| Vec::new()).collect();
    for round in 0..rounds {
        for turn in 0..subjects.len() {
            let number = (round + turn) % subjects.len();
            if let (Some(subject), Some(of_subject)) =
                (subjects.get(number), measurements.get_mut(number))
            {
                of_subject.push(measure(subject)?);
            }
        }
    }
    Ok(measurements)
}

/// The measurement with the median value; `None` if there is none.
pub(crate) fn median<M>(mut measurements: Vec<M>, value: impl Fn(&M) -> f64) -> Option<M> {
    measurements.sort_by(|a, b| value(a).total_cmp(&value(b)));
    let middle = measurements.len() / 2;
    measurements.into_iter().nth(middle)
}
