//! Groups of cases that fail for the same cause, for the report as text.

use super::{cause, fix, is_about_head, observed, sent};
use crate::check::{CaseResult, CheckedCase, ResultKind};
use crate::diagnosis::catalogue::RulePage;
use crate::render::wrap::columns;
use crate::ws::Role;

/// The widest text of what came that is printed with its payloads.
const WIDEST: usize = 40;

/// Cases with the same result and cause.
pub(super) struct CauseGroup<'a> {
    pub(super) kind: ResultKind,
    pub(super) cause: String,
    pub(super) cases: Vec<&'a CheckedCase>,
}

/// Cases of a [`CauseGroup`] that break the same rule, and what to change.
pub(super) struct RuleGroup<'a> {
    pub(super) page: Option<&'static RulePage>,
    pub(super) fix: Option<String>,
    pub(super) notes: Vec<&'static str>,
    pub(super) came: Vec<CameGroup<'a>>,
}

/// Cases of a [`RuleGroup`] in which the same came.
pub(super) struct CameGroup<'a> {
    ids: Vec<&'a str>,
    /// What came in all of them; without payloads if these differ or are long.
    pub(super) came: String,
    kinds: String,
}

impl<'a> CauseGroup<'a> {
    /// The groups of the cases, in the order of their first cases.
    pub(super) fn of(cases: impl IntoIterator<Item = &'a CheckedCase>, peer: Role) -> Vec<Self> {
        let mut groups: Vec<Self> = Vec::new();
        for checked in cases {
            let (kind, cause) = (
                checked.result.kind,
                cause(checked, peer).unwrap_or_default(),
            );
            let group = groups
                .iter_mut()
                .find(|it| it.kind == kind && it.cause == cause);
            match group {
                Some(group) => group.cases.push(checked),
                None => groups.push(Self {
                    kind,
                    cause,
                    cases: vec![checked],
                }),
            }
        }
        groups
    }

    /// The case that is printed in full: the first one, or one that sends fewer lines of bytes.
    pub(super) fn example(&self) -> Option<&'a CheckedCase> {
        let lines = |checked: &&&CheckedCase| {
            if is_about_head(&checked.case) {
                0
            } else {
                sent(checked).len().div_ceil(16)
            }
        };
        self.cases.iter().min_by_key(lines).copied()
    }

    /// The cases other than the example, by rule; those of the rule of the example first.
    pub(super) fn others(&self, example: &CheckedCase) -> Vec<RuleGroup<'a>> {
        let mut groups: Vec<RuleGroup<'a>> = Vec::new();
        let others = self.cases.iter().filter(|it| it.case.id != example.case.id);
        for checked in others {
            let (page, fix) = (checked.rule(), fix(checked));
            let is_same = |it: &&mut RuleGroup<'a>| {
                it.page.map(|page| page.id) == page.map(|page| page.id) && it.fix == fix
            };
            if let Some(group) = groups.iter_mut().find(is_same) {
                group.push(checked);
            } else {
                let mut group = RuleGroup {
                    page,
                    fix,
                    notes: Vec::new(),
                    came: Vec::new(),
                };
                group.push(checked);
                groups.push(group);
            }
        }
        let id = |page: Option<&RulePage>| page.map(|page| page.id);
        groups.sort_by_key(|it| id(it.page) != id(example.rule()));
        groups
    }
}

impl<'a> RuleGroup<'a> {
    fn push(&mut self, checked: &'a CheckedCase) {
        if let Some(note) = checked.case.note
            && !self.notes.contains(&note)
        {
            self.notes.push(note);
        }
        let (id, came) = (checked.case.id.as_str(), observed(&checked.result));
        let kinds = kinds(&checked.result);
        match self.came.iter_mut().find(|it| it.kinds == kinds) {
            Some(group) => {
                group.ids.push(id);
                if group.came != came {
                    group.came.clone_from(&group.kinds);
                }
            }
            None => self.came.push(CameGroup {
                ids: vec![id],
                came: if columns(&came) > WIDEST {
                    kinds.clone()
                } else {
                    came
                },
                kinds,
            }),
        }
    }
}

impl CameGroup<'_> {
    /// The ids: `6455/5.2/rsv-1, rsv-2, 6455/8.1/bad-ff`. The section is before the first id of it.
    pub(super) fn ids(&self) -> String {
        let mut text = String::new();
        let mut section = "";
        for id in &self.ids {
            let (own, name) = id.rsplit_once('/').unwrap_or_default();
            let gap = if text.is_empty() { "" } else { ", " };
            text.extend([gap, if own == section { name } else { id }]);
            section = own;
        }
        text
    }
}

/// What came without payloads: `HTTP 101, text (several), pong`.
fn kinds(result: &CaseResult) -> String {
    let Some(observation) = &result.observation else {
        return observed(result);
    };
    let mut kinds: Vec<(&str, bool)> = Vec::new();
    for it in &observation.observed {
        match kinds.last_mut() {
            Some((name, is_repeated)) if *name == it.name => *is_repeated = true,
            _ => kinds.push((&it.name, false)),
        }
    }
    let kinds = kinds.into_iter().map(|(name, is_repeated)| {
        let repeated = if is_repeated { " (several)" } else { "" };
        format!("{name}{repeated}")
    });
    kinds.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::check::{Observation, server_cases};

    fn failed(why: &str) -> CaseResult {
        CaseResult {
            kind: ResultKind::Failed,
            observation: Some(Observation::default()),
            why: Some(why.to_owned()),
        }
    }

    #[test]
    fn each_case_is_in_one_group() {
        let cases: Vec<CheckedCase> = server_cases()
            .into_iter()
            .enumerate()
            .map(|(index, case)| CheckedCase {
                case,
                result: failed(["silent", "closed", "another code"][index % 3]),
            })
            .collect();
        let groups = CauseGroup::of(&cases, Role::Server);
        assert_eq!(groups.len(), 3);
        let mut seen = Vec::new();
        for group in &groups {
            let example = group.example().unwrap();
            seen.push(example.case.id.as_str());
            let others = group.others(example);
            let came = others.iter().flat_map(|rule| &rule.came);
            seen.extend(came.flat_map(|came| came.ids.clone()));
        }
        assert_eq!(seen.len(), cases.len());
        let ids: BTreeSet<&str> = cases.iter().map(|it| it.case.id.as_str()).collect();
        assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), ids);
    }

    #[test]
    fn the_section_is_before_the_first_id_of_it() {
        let group = |ids: &[&'static str]| CameGroup {
            ids: ids.to_vec(),
            came: String::new(),
            kinds: String::new(),
        };
        assert_eq!(
            group(&["6455/5.2/rsv-1", "6455/5.2/rsv-2", "6455/8.1/bad-ff"]).ids(),
            "6455/5.2/rsv-1, rsv-2, 6455/8.1/bad-ff"
        );
    }
}
