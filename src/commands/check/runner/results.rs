//! The results of a run: where each case stands, which failed, and what a repetition changes.

use crate::check::{Case, CaseResult, CheckedCase, Observation, ResultKind};

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

    /// The cases that failed, were not repeated and are chosen, with their places.
    pub(super) fn failed(&self, is_chosen: impl Fn(&Observation) -> bool) -> Vec<(usize, Case)> {
        let all = self.checked.iter().enumerate();
        let failed = all.filter_map(|(index, checked)| {
            let checked = checked.as_ref()?;
            let is_failed =
                checked.result.kind == ResultKind::Failed && !self.repeated.contains(&index);
            let is_chosen = checked.result.observation.as_ref().is_none_or(&is_chosen);
            (is_failed && is_chosen).then(|| (index, checked.case.clone()))
        });
        failed.collect()
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

    pub(super) fn put(&mut self, index: usize, case: Case, result: CaseResult) {
        self.done += 1;
        self.failures += usize::from(result.kind.fails_run());
        if let Some(place) = self.checked.get_mut(index) {
            *place = Some(CheckedCase { case, result });
        }
    }
}
