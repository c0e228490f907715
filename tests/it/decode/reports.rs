//! Bytes as people write them in questions and bug reports, in several languages.

use crate::helpers::run::wsctl_reading;

/// Each report with what `decode -f frames` shows of it.
const REPORTS: &str = include_str!("../../data/pastes/reports.txt");

#[test]
fn reports_show_their_frames_and_nothing_else() {
    let reports = REPORTS.split("=== ").skip(1);
    assert!(reports.clone().count() >= 50);
    for report in reports {
        let (name, rest) = report.split_once('\n').unwrap();
        let (text, shown) = rest.split_once("--- shows\n").unwrap();
        let outcome = wsctl_reading(["decode", "-f", "frames"], text.as_bytes());
        let printed = (outcome.text(), outcome.status);
        assert_eq!(printed, (shown, 0), "{name}\n{text}{}", outcome.stderr);
    }
}

#[test]
fn words_in_the_order_of_the_machine_are_swapped_with_a_note() {
    let frames = "< text \"Hello\" [5 bytes]\n";
    for (dump, size) in [
        ("0000000 0581 6548 6c6c 006f\n0000007\n", 2),
        ("0000000 002601 062510 066154 000157\n0000007\n", 2),
        ("0000000 65480581 006f6c6c\n0000007\n", 4),
        ("00000000: 65480581   6f6c6c           ..Hello\n", 4),
        (" 0581 6548 6c6c 006f\n", 2),
    ] {
        let outcome = wsctl_reading(["decode", "-f", "frames"], dump.as_bytes());
        let note = format!(
            "wsctl: the dump has little-endian words of {size} bytes: the bytes of each are swapped\n"
        );
        let printed = (outcome.text(), outcome.stderr.as_str(), outcome.status);
        assert_eq!(printed, (frames, note.as_str(), 0), "{dump}");
    }
}

#[test]
fn a_buffer_that_a_person_cut_is_told_as_cut() {
    for (text, shown) in [
        ("<Buffer 81 05 48 65 ...>", "He"),
        ("<Buffer 81 05 48 65 … >", "He"),
    ] {
        let outcome = wsctl_reading(["decode"], text.as_bytes());
        let note = "wsctl: a Buffer of Node that is cut short: more bytes are missing\n";
        assert!(outcome.stderr.starts_with(note), "{outcome}");
        assert_eq!(
            (outcome.text(), outcome.status),
            (&*format!("{shown}\n"), 1)
        );
    }
}
