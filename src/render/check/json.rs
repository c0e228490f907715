//! The report of `check` as JSON: an object for each case, and a summary.

use serde_json::json;

use super::{cause, command, fix, observed, sent};
use crate::check::{Case, CheckedCase, Report, ResultKind, autobahn_behavior};
use crate::diagnosis::catalogue::RulePage;
use crate::render::json::JsonObject;
use crate::ws::Role;

/// A case as Autobahn's fuzzing server describes one to a test harness.
pub fn harness_info(case: &Case) -> String {
    let info = json!({ "id": case.id, "description": case.sends });
    info.to_string()
}

/// The result of a case, as Autobahn's fuzzing server calls it. None: the case was not run.
pub fn harness_status(result: Option<ResultKind>) -> String {
    let behavior = result.map_or("MISSING", autobahn_behavior);
    json!({ "behavior": behavior }).to_string()
}

/// Appends the results.
pub fn push(out: &mut Vec<u8>, report: &Report<'_>) {
    for checked in report.checked {
        push_case(out, report, checked);
    }
    let mut summary = JsonObject::new(out, "summary");
    summary.text("target", report.target);
    summary.number("cases", report.checked.len() as u64);
    for kind in ResultKind::ALL {
        summary.number(&kind.name().replace('-', "_"), report.count(kind) as u64);
    }
    summary.value("fixed", &report.fixed);
    summary.value("seconds", &report.duration.as_secs_f64());
    summary.end();
}

/// Appends the cases without results.
pub fn push_list(out: &mut Vec<u8>, cases: &[Case], peer: Role) {
    for case in cases {
        let mut object = begin(out, case, Some(case.page));
        object.text("sends", &case.sends);
        object.text("expected", &case.expected(peer));
        object.end();
    }
}

fn push_case(out: &mut Vec<u8>, report: &Report<'_>, checked: &CheckedCase) {
    let case = &checked.case;
    let mut object = begin(out, case, checked.rule());
    if let Some(agent) = report.agent {
        object.text("agent", agent);
    }
    object.text("result", checked.result.kind.name());
    object.text("sends", &case.sends);
    object.text("expected", &case.expected(report.peer));
    if let Some(observation) = &checked.result.observation {
        object.hex("sent", sent(checked));
        object.text("observed", &observed(&checked.result));
        object.value("seconds", &observation.duration.as_secs_f64());
    }
    if let Some(cause) = cause(checked, report.peer) {
        object.text("cause", &cause);
    }
    if let Some(fix) = fix(checked) {
        object.text("fix", &fix);
    }
    if let Some(note) = case.note {
        object.text("note", note);
    }
    if let Some(command) = command(report, checked) {
        object.text("command", &command);
    }
    object.end();
}

fn begin<'a>(out: &'a mut Vec<u8>, case: &Case, rule: Option<&RulePage>) -> JsonObject<'a> {
    let mut object = JsonObject::new(out, "case");
    object.text("case", &case.id);
    object.text("group", case.group.name());
    object.text("section", &case.section());
    object.text("grade", case.grade.name());
    if let Some(rule) = rule {
        object.text("rule", rule.id);
    }
    object
}
