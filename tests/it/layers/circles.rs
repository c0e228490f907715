//! No file of the program or of the benchmarks takes names from a file that takes names from it.

use std::collections::BTreeSet;

use super::graph::{Graph, Modules, circles};

/// Circles that are still there, each with all its files. Remove an entry with its circle.
const KNOWN: &[&[&str]] = &[];

#[test]
fn no_files_import_from_each_other() {
    let found = circles(&Modules::load().graph());
    let is_within = |circle: &BTreeSet<String>, known: &[&str]| {
        circle.iter().all(|file| known.contains(&file.as_str()))
    };
    for circle in &found {
        let is_known = KNOWN.iter().any(|known| is_within(circle, known));
        assert!(is_known, "these files import from each other: {circle:#?}");
    }
    for known in KNOWN {
        let is_left = found.iter().any(|circle| is_within(circle, known));
        assert!(is_left, "this circle is gone, remove it: {known:#?}");
    }
}

#[test]
fn a_circle_is_found() {
    let graph = |arrows: &[(&str, &[&str])]| -> Graph {
        let arrows = arrows.iter().map(|(file, targets)| {
            let targets = targets.iter().map(ToString::to_string);
            ((*file).to_owned(), targets.collect())
        });
        arrows.collect()
    };
    let chain = graph(&[("a", &["b", "c"]), ("b", &["c"]), ("c", &[])]);
    assert_eq!(circles(&chain), []);
    let two = graph(&[
        ("a", &["b"]),
        ("b", &["c"]),
        ("c", &["d", "e"]),
        ("d", &["b"]),
        ("e", &["f"]),
        ("f", &["e"]),
    ]);
    let set = |files: &[&str]| files.iter().map(ToString::to_string).collect();
    let expected: Vec<BTreeSet<String>> = vec![set(&["b", "c", "d"]), set(&["e", "f"])];
    assert_eq!(circles(&two), expected);
}

#[test]
fn imports_are_followed_to_the_file_that_declares_a_name() {
    let graph = Modules::load().graph();
    let takes_from = |file: &str, other: &str| graph[file].contains(other);
    // `use crate::ws::Opcode`, which `ws` re-exports.
    assert!(takes_from("src/render/frame.rs", "src/ws/opcode.rs"));
    assert!(!takes_from("src/render/frame.rs", "src/ws/mod.rs"));
    // A file that both benchmarks share.
    assert!(takes_from(
        "benches/echo/main.rs",
        "benches/common/table.rs"
    ));
}
