//! A right handshake in every form that people copy it. None has an error.

use crate::helpers::run::wsctl_reading;

/// The forms, each after a line with its name.
const FORMS: &str = include_str!("../../data/pastes/heads.txt");

const KEY: &str = "x3JJHMbDL1EzLkh9GBhXDw==";
const ACCEPT: &str = "HSmrc0sMlYUkAGmm5OPpG2HaGWk=";

#[track_caller]
fn check(name: &str, text: &str) {
    let outcome = wsctl_reading(["handshake"], text.as_bytes());
    let shown = outcome.text().to_owned() + &outcome.stderr;
    assert_eq!(outcome.status, 0, "{name}\n{shown}");
    assert!(!shown.contains("error["), "{name}\n{shown}");
    assert!(outcome.text().contains(KEY), "{name}\n{shown}");
    let is_response_shown = !text.contains(ACCEPT) || outcome.text().contains(ACCEPT);
    assert!(is_response_shown, "{name}\n{shown}");
}

#[test]
fn no_form_of_a_right_handshake_has_an_error() {
    let forms = FORMS.split("=== ").skip(1);
    assert!(forms.clone().count() >= 50);
    for form in forms {
        let (name, text) = form.split_once('\n').unwrap();
        check(name, text);
    }
}

#[test]
fn line_ends_and_colours_change_nothing() {
    let (_, plain) = FORMS
        .split("=== ")
        .nth(1)
        .unwrap()
        .split_once('\n')
        .unwrap();
    check("CR LF", &plain.replace('\n', "\r\n"));
    check("CR", &plain.replace('\n', "\r"));
    let coloured: String = plain
        .lines()
        .flat_map(|line| ["\x1b[36m", line, "\x1b[0m\n"])
        .collect();
    check("colours", &coloured);
    let outcome = wsctl_reading(["handshake"], plain.replace('\n', "\r").as_bytes());
    let note = "wsctl: the lines end in CR alone, and are read as lines; on the connection each needs CR LF";
    assert!(outcome.stderr.starts_with(note), "{outcome}");
}
