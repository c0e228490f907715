//! The rooms of the crate and their doors: which layer may use which other, which crates,
//! and which parts of the standard library.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// A folder of `src`, and all that it may use.
struct Layer {
    name: &'static str,
    layers: &'static [&'static str],
    crates: &'static [&'static str],
    /// Modules of std beyond those that do nothing to the world.
    std: &'static [&'static str],
}

const LAYERS: &[Layer] = &[
    Layer {
        name: "ws",
        layers: &[],
        crates: &["base64", "flate2", "httparse", "sha1", "simdutf8"],
        std: &[],
    },
    Layer {
        name: "notation",
        layers: &[],
        crates: &["base64", "hex", "memchr"],
        std: &[],
    },
    Layer {
        name: "diagnosis",
        layers: &["ws"],
        crates: &[],
        std: &[],
    },
    Layer {
        name: "render",
        layers: &["diagnosis", "ws"],
        crates: &[
            "annotate_snippets",
            "base64",
            "jiff",
            "serde",
            "serde_json",
            "sha2",
        ],
        std: &["io", "time"],
    },
    Layer {
        name: "input",
        layers: &["notation"],
        crates: &[],
        std: &["fs", "io", "path"],
    },
    Layer {
        name: "reply",
        layers: &[],
        crates: &["jiff", "serde_json"],
        std: &["time"],
    },
    Layer {
        name: "net",
        layers: &["reply", "ws"],
        crates: &["rcgen", "rustix", "sha2", "tokio", "tokio_rustls"],
        std: &["io", "net", "process", "thread", "time"],
    },
    Layer {
        name: "cli",
        layers: &["notation", "render", "reply", "ws"],
        crates: &["clap"],
        std: &["path", "time"],
    },
    Layer {
        name: "commands",
        layers: &[
            "cli",
            "diagnosis",
            "input",
            "net",
            "notation",
            "render",
            "reply",
            "ws",
        ],
        crates: &["clap", "clap_complete", "clap_mangen", "getrandom", "tokio"],
        std: &["env", "fs", "io", "net", "os", "path", "time"],
    },
];

/// What the files beside the folders may use.
const ROOT: &[Layer] = &[
    Layer {
        name: "main.rs",
        layers: &["cli", "commands"],
        crates: &[],
        std: &["env", "io", "process"],
    },
    Layer {
        name: "lib.rs",
        layers: &[
            "cli",
            "commands",
            "diagnosis",
            "input",
            "net",
            "notation",
            "render",
            "reply",
            "ws",
        ],
        crates: &[],
        std: &[],
    },
    Layer {
        name: "error.rs",
        layers: &["input", "notation"],
        crates: &[],
        std: &["io", "process"],
    },
];

/// The one file that knows of colours.
const COLOUR: &str = "render/style.rs";

/// Parts of std that reach out of the program.
const WORLDLY: &[&str] = &[
    "env", "fs", "io", "net", "os", "path", "process", "thread", "time",
];

#[test]
fn no_layer_uses_what_it_must_not() {
    let crates = dependencies();
    let mut faults = Vec::new();
    // Tests are not bound to that, in their file or beside it.
    let bound = sources()
        .into_iter()
        .filter(|(file, _)| !file.ends_with("/tests.rs"));
    for (file, source) in bound {
        let layer = layer_of(&file);
        let uses = uses(&source, &crates);
        for used in uses.iter().filter(|used| !is_allowed(layer, &file, used)) {
            faults.push(format!("{file} uses {used}"));
        }
    }
    assert_eq!(faults, [""; 0]);
}

#[test]
fn every_room_says_what_it_is_for() {
    for layer in LAYERS {
        let door = format!("{}/src/{}/mod.rs", env!("CARGO_MANIFEST_DIR"), layer.name);
        let source = fs::read_to_string(&door).unwrap();
        assert!(source.starts_with("//! "), "{door}");
        let doc: String = source
            .lines()
            .take_while(|line| line.starts_with("//!"))
            .collect();
        assert!(
            doc.len() > 200,
            "{door} should say what the room is for, and what not"
        );
    }
}

#[test]
fn the_whole_program_fits_on_a_screen() {
    let main = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/main.rs")).unwrap();
    assert!(main.lines().count() < 60);
}

#[test]
fn a_forbidden_import_is_seen() {
    let crates = dependencies();
    let seen = |source| {
        uses(source, &crates)
            .into_iter()
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(seen("use crate::net::Server;"), "crate::net");
    assert_eq!(
        seen("use crate::{\n    Error,\n    cli::Cli, render::{Style, json},\n};"),
        "crate::cli crate::render"
    );
    assert_eq!(seen("use clap::Parser;"), "clap");
    assert_eq!(
        seen("let a = std::fs::read(b); let c = colored::Color::Red;"),
        "colored std::fs"
    );
    assert_eq!(
        seen("use std::{io, fmt, time::Duration};"),
        "std::io std::time"
    );
    assert_eq!(seen("use super::super::net::Server;"), "super::super");
    assert_eq!(
        seen("// use clap::Parser;\n/// [`tokio::spawn`]\nlet colored = 1; self::net::f()"),
        ""
    );
    assert_eq!(
        seen("fn f() {}\n#[cfg(test)]\nmod tests { use tokio::net; }"),
        ""
    );
    assert_eq!(seen("#[cfg(test)]\nmod tests;\nuse tokio::net;"), "tokio");
    assert!(!is_allowed(&LAYERS[0], "ws/mod.rs", "crate::render"));
    assert!(!is_allowed(&LAYERS[0], "ws/mod.rs", "std::io"));
    assert!(!is_allowed(&LAYERS[3], "render/frame.rs", "colored"));
    assert!(is_allowed(&LAYERS[3], COLOUR, "colored"));
}

fn is_allowed(layer: &Layer, file: &str, used: &str) -> bool {
    if let Some(other) = used.strip_prefix("crate::") {
        return other == layer.name || layer.layers.contains(&other);
    }
    if let Some(module) = used.strip_prefix("std::") {
        return layer.std.contains(&module);
    }
    layer.crates.contains(&used) || (used == "colored" && file == COLOUR)
}

fn layer_of(file: &str) -> &'static Layer {
    let name = file.split('/').next().unwrap();
    let layer = LAYERS.iter().chain(ROOT).find(|layer| layer.name == name);
    layer.unwrap_or_else(|| panic!("{file} is in no layer"))
}

/// All that a source refers to and that is guarded: `crate::LAYER`, `std::WORLDLY`, and
/// crates by their names.
fn uses(source: &str, crates: &BTreeSet<String>) -> BTreeSet<String> {
    let code: String = source
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap()
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    let mut uses = BTreeSet::new();
    for (at, _) in code.match_indices("::") {
        let root = word_before(&code[..at]);
        let is_root = !code[..at - root.len()].ends_with("::");
        let rest = &code[at + 2..];
        match root {
            "crate" | "wsctl" => {
                let layers = first_words(rest).into_iter();
                uses.extend(
                    layers
                        .filter(|word| is_layer(word))
                        .map(|word| format!("crate::{word}")),
                );
            }
            "std" => {
                let modules = first_words(rest).into_iter();
                let worldly = modules.filter(|word| WORLDLY.contains(&word.as_str()));
                uses.extend(worldly.map(|word| format!("std::{word}")));
            }
            "super" if rest.starts_with("super") => {
                uses.insert("super::super".to_owned());
            }
            _ if is_root && crates.contains(root) => {
                uses.insert(root.to_owned());
            }
            _ => {}
        }
    }
    uses
}

fn is_layer(word: &str) -> bool {
    LAYERS.iter().any(|layer| layer.name == word)
}

fn word_before(code: &str) -> &str {
    let start = code
        .rfind(|char: char| !is_word(char))
        .map_or(0, |at| at + 1);
    &code[start..]
}

/// The first word of a path, or of each path in a group.
fn first_words(path: &str) -> Vec<String> {
    let word = |path: &str| {
        path.trim_start()
            .chars()
            .take_while(|char| is_word(*char))
            .collect()
    };
    let Some(group) = path.strip_prefix('{') else {
        return vec![word(path)];
    };
    let mut depth = 0;
    let mut words = Vec::new();
    let mut start = 0;
    for (at, char) in group.char_indices() {
        match char {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                words.push(word(&group[start..at]));
                start = at + 1;
                if char == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    words
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

/// The names of all dependencies, as the source spells them.
fn dependencies() -> BTreeSet<String> {
    let manifest = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).unwrap();
    let sections = manifest.split("\n[").filter(|section| {
        let heading = section.lines().next().unwrap();
        heading.ends_with("dependencies]") && !heading.starts_with("dev-")
    });
    let lines = sections.flat_map(str::lines);
    let names = lines.filter_map(|line| line.split_once(" = "));
    let names: BTreeSet<String> = names.map(|(name, _)| name.replace('-', "_")).collect();
    assert!(names.contains("clap") && names.contains("colored"));
    names
}

/// Every file of `src`, by its path below that.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .replace('\\', "/");
                sources.push((name, fs::read_to_string(path).unwrap()));
            }
        }
    }
    assert!(sources.len() > 30);
    sources
}
