//! Runs the fuzz targets with the kept corpus: inputs that once failed.

use std::fs;
use std::panic;
use std::path::Path;

#[path = "../fuzz/targets/mod.rs"]
mod targets;

use targets::TARGETS;

/// The folder with a corpus per target.
fn corpus() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fuzz/corpus"))
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[test]
fn each_target_accepts_its_corpus() {
    let mut failed = Vec::new();
    for (name, holds) in TARGETS {
        let folder = corpus().join(name);
        let inputs = names_in(&folder);
        assert!(!inputs.is_empty(), "{name}");
        for input in inputs {
            let bytes = fs::read(folder.join(&input)).unwrap();
            if panic::catch_unwind(|| holds(&bytes)).is_err() {
                failed.push(format!("{name}/{input}"));
            }
        }
    }
    assert_eq!(failed, [""; 0]);
}

#[test]
fn each_target_has_a_corpus_and_a_fuzzer() {
    let names: Vec<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names_in(corpus()), names);
    let fuzzers = corpus().join("../libfuzzer/src/bin");
    // The packaged crate does not contain other packages.
    if fuzzers.exists() {
        let programs: Vec<String> = names.iter().map(|name| format!("{name}.rs")).collect();
        assert_eq!(names_in(&fuzzers), programs);
    }
}
