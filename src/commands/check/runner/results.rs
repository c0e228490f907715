//! The results of a run: where each case stands, which failed, and what a repetition changes.

use std::time::Duration;

use crate::check::{Case, CaseResult, CheckedCase, ResultKind};

/// The results of the cases of a run, by their place in the order.
pub(super) struct Results {
    pub(super) checked: Vec<Option<CheckedCase>>,
    /// The cases that failed while the peer was slow.
    pub(super) failed_slow: Vec<usize>,
    /// The cases that failed and were repeated.
    repeated: Vec<usize>,
    pub(super) done: usize,
    pub(super) failures: usize,
}

impl Results {
    pub(super) fn new(count: usize) -> Self {
        let mut checked = Vec::new();
        checked.resize_with(count, || None);
        Self {
            checked,
            failed_slow: Vec::new(),
            repeated: Vec::new(),
            done: 0,
            failures: 0,
        }
    }

    /// The cases that failed and were not repeated, with their places.
    pub(super) fn failed(&self) -> Vec<(usize, Case)> {
        let failed = self.failures();
        failed.map(|(index, it)| (index, it.case.clone())).collect()
    }

    /// Those of the cases that failed and were not repeated for which the time is too short, if the
    /// quickest ones come first.
    pub(super) fn failed_beyond(&self, time: Duration) -> Vec<(usize, Case)> {
        let duration = |checked: &CheckedCase| {
            let observation = checked.result.observation.as_ref();
            observation.map_or(Duration::ZERO, |it| it.duration)
        };
        let mut failed: Vec<(usize, &CheckedCase)> = self.failures().collect();
        failed.sort_by_key(|(_, checked)| duration(checked));
        let mut sum = Duration::ZERO;
        let is_within = |(_, checked): &(usize, &CheckedCase)| {
            sum += duration(checked);
            sum <= time
        };
        let beyond = failed.into_iter().skip_while(is_within);
        beyond.map(|(index, it)| (index, it.case.clone())).collect()
    }

    fn failures(&self) -> impl Iterator<Item = (usize, &CheckedCase)> {
        let all = self.checked.iter().enumerate();
        all.filter_map(|(index, checked)| {
            let checked = checked.as_ref()?;
            let is_failed =
                checked.result.kind == ResultKind::Failed && !self.repeated.contains(&index);
            is_failed.then_some((index, checked))
        })
    }

    /// Takes the result of a failed case that was repeated. A different one is flaky, unless the
    /// peer was slow.
    pub(super) fn put_again(&mut self, index: usize, again: CaseResult) {
        let Some(Some(it)) = self.checked.get_mut(index) else {
            return;
        };
        self.repeated.push(index);
        match again.kind {
            // The peer does not answer any more.
            ResultKind::Skipped => {}
            ResultKind::Failed => it.result = again,
            _ if self.failed_slow.contains(&index) => it.result = again,
            kind => {
                it.result.kind = ResultKind::Flaky;
                it.result.why = Some(format!("when repeated it is {}", kind.name()));
            }
        }
    }

    /// Counts failed cases as repeated.
    pub(super) fn keep(&mut self, failed: &[(usize, Case)]) {
        self.repeated.extend(failed.iter().map(|(index, _)| *index));
    }

    /// Gives the chosen cases that failed this result: the peer had stopped, or was stopped by
    /// another case.
    pub(super) fn leave_out(&mut self, is_chosen: impl Fn(usize) -> bool, result: &CaseResult) {
        for (index, checked) in self.checked.iter_mut().enumerate() {
            if let Some(checked) = checked
                && matches!(
                    checked.result.kind,
                    ResultKind::Failed | ResultKind::Warning
                )
                && is_chosen(index)
            {
                checked.result = result.clone();
            }
        }
    }

    /// Fails a case for this reason.
    pub(super) fn fail(&mut self, index: usize, why: &str) {
        if let Some(Some(checked)) = self.checked.get_mut(index) {
            checked.result.kind = ResultKind::Failed;
            checked.result.why = Some(why.to_owned());
        }
    }

    pub(super) fn put(&mut self, index: usize, case: Case, result: CaseResult) {
        self.done += 1;
        self.failures += usize::from(result.kind.fails_run());
        if let Some(place) = self.checked.get_mut(index) {
            *place = Some(CheckedCase { case, result });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Observation, server_cases};

    #[test]
    fn the_quickest_failures_are_repeated_alone_as_long_as_there_is_time() {
        let milliseconds = [2000, 5, 300, 0, 300, 2000];
        let mut results = Results::new(milliseconds.len());
        for (index, (time, case)) in milliseconds.into_iter().zip(server_cases()).enumerate() {
            let mut observation = Observation::default();
            observation.duration = Duration::from_millis(time);
            let result = CaseResult {
                kind: if index == 3 {
                    ResultKind::Passed
                } else {
                    ResultKind::Failed
                },
                observation: Some(observation),
                why: None,
            };
            results.put(index, case, result);
        }
        let beyond = |results: &Results, time| {
            let beyond = results.failed_beyond(Duration::from_millis(time));
            beyond.into_iter().map(|it| it.0).collect::<Vec<usize>>()
        };
        assert_eq!(beyond(&results, 0), [1, 2, 4, 0, 5]);
        assert_eq!(beyond(&results, 2604), [0, 5]);
        assert_eq!(beyond(&results, 2605), [5]);
        assert_eq!(beyond(&results, 10_000), [0; 0]);
        let again = results.checked[5].as_ref().unwrap().result.clone();
        results.put_again(5, again);
        assert_eq!(beyond(&results, 0), [1, 2, 4, 0]);
        assert_eq!(results.failed().len(), 4);
    }
}
