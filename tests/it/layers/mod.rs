//! The layers of the crate: which folder of `src` may use which other folder, which crates, and which
//! parts of the standard library; the order of the modules inside a layer; and that no two files
//! import from each other.

mod circles;
mod graph;
mod order;
mod source;
mod tokens;

use std::collections::BTreeSet;
use std::fs;

use graph::Modules;
use source::Source;

/// A folder of `src`, and what it may use.
struct Layer {
    name: &'static str,
    layers: &'static [&'static str],
    crates: &'static [&'static str],
    /// Modules of std out of [`GUARDED_STD`].
    std: &'static [&'static str],
}

const LAYERS: &[Layer] = &[
    Layer {
        name: "ws",
        layers: &[],
        crates: &["base64", "flate2", "httparse", "sha1", "simdutf8"],
        // `Duration` and `Instant` as values: `ws_and_check_never_ask_for_the_time`.
        std: &["time"],
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
        name: "check",
        layers: &["diagnosis", "ws"],
        crates: &["base64"],
        // `Duration` and `Instant` as values.
        std: &["time"],
    },
    Layer {
        name: "render",
        layers: &["check", "diagnosis", "ws"],
        crates: &[
            "annotate_snippets",
            "base64",
            "jiff",
            "serde",
            "serde_json",
            "sha2",
            "unicode_width",
        ],
        std: &["io", "time"],
    },
    Layer {
        name: "input",
        layers: &["notation"],
        crates: &["memchr", "serde", "serde_json"],
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
        layers: &["check", "reply", "ws"],
        crates: &[
            "base64",
            "rcgen",
            "rustix",
            "rustls_platform_verifier",
            "sha2",
            "tokio",
            "tokio_rustls",
            "tokio_socks",
            "url",
        ],
        std: &["io", "net", "path", "process", "thread", "time"],
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
            "check",
            "cli",
            "diagnosis",
            "input",
            "net",
            "notation",
            "render",
            "reply",
            "ws",
        ],
        crates: &[
            "clap",
            "clap_complete",
            "clap_mangen",
            "getrandom",
            "memchr",
            "rustix",
            "rustyline",
            "tokio",
        ],
        std: &["env", "fs", "io", "net", "os", "path", "time"],
    },
];

/// What the files of `src` outside the folders may use.
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

/// The only file that may use `colored`.
const COLOR_FILE: &str = "src/render/style.rs";

/// The modules of std that reach outside the program.
const GUARDED_STD: &[&str] = &[
    "env", "fs", "io", "net", "os", "path", "process", "thread", "time",
];

#[test]
fn no_layer_uses_what_it_must_not() {
    let crates = dependencies();
    let modules = Modules::load();
    let mut violations = Vec::new();
    for (file, source) in modules
        .sources()
        .filter(|(file, _)| file.starts_with("src/"))
    {
        let layer = layer_of(&file);
        let uses = uses(source, &crates);
        let forbidden = uses.iter().filter(|used| !is_allowed(layer, &file, used));
        violations.extend(forbidden.map(|used| format!("{file} uses {used}")));
    }
    assert_eq!(violations, [""; 0]);
}

#[test]
fn ws_and_check_never_ask_for_the_time() {
    let modules = Modules::load();
    let mut violations = Vec::new();
    for (file, source) in modules
        .sources()
        .filter(|(file, _)| file.starts_with("src/ws/") || file.starts_with("src/check/"))
    {
        let asks = source
            .paths
            .iter()
            .any(|path| path.ends_with(&["now".to_owned()]))
            || ["elapsed", "SystemTime"]
                .iter()
                .any(|word| source.words.contains(*word) || source.imports.contains_key(*word));
        if asks {
            violations.push(file);
        }
    }
    assert_eq!(violations, [""; 0]);
}

#[test]
fn each_layer_says_what_it_is_for() {
    for layer in LAYERS {
        let file = format!("{}/src/{}/mod.rs", env!("CARGO_MANIFEST_DIR"), layer.name);
        let source = fs::read_to_string(&file).unwrap();
        let doc = source.lines().take_while(|line| line.starts_with("//!"));
        let length: usize = doc.map(str::len).sum();
        assert!(length > 200, "{file} must say what the layer is for");
    }
}

#[test]
fn main_is_short() {
    let main = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/main.rs")).unwrap();
    assert!(main.lines().count() < 60);
}

#[test]
fn a_forbidden_use_is_found() {
    let crates = dependencies();
    let found = |source| {
        let uses = uses(&Source::parse(source), &crates);
        uses.into_iter().collect::<Vec<_>>().join(" ")
    };
    let cases = [
        ("use crate::net::Server;", "crate::net"),
        (
            "use crate::{\n    Error,\n    cli::Cli, render::{Style, json},\n};",
            "crate::cli crate::render",
        ),
        ("use clap::Parser;", "clap"),
        ("#[derive(clap::Parser)]\nstruct Cli;", "clap"),
        (
            "fn f() { let a = std::fs::read(b); let c = colored::Color::Red; }",
            "colored std::fs",
        ),
        ("use std::{io, fmt, time::Duration};", "std::io std::time"),
        ("use super::super::net::Server;", "super::super"),
        (
            "// use clap::Parser;\n/// [`tokio::spawn`]\nfn f() { let colored = 1; self::net::f() }",
            "",
        ),
        ("const A: &str = \"clap::Parser\";", ""),
        ("#[cfg(test)]\nmod tests { use tokio::net; }", ""),
        ("#[cfg(test)]\nmod tests;\nuse tokio::net;", "tokio"),
    ];
    for (source, expected) in cases {
        assert_eq!(found(source), expected, "{source}");
    }
}

#[test]
fn what_a_layer_may_use_follows_its_table() {
    let layer = |name: &str| LAYERS.iter().find(|layer| layer.name == name).unwrap();
    let cases = [
        ("ws", "src/ws/mod.rs", "crate::render", false),
        ("ws", "src/ws/mod.rs", "std::io", false),
        ("render", "src/render/frame.rs", "colored", false),
        ("render", COLOR_FILE, "colored", true),
        ("render", "src/render/frame.rs", "crate::ws", true),
    ];
    for (name, file, used, expected) in cases {
        assert_eq!(
            is_allowed(layer(name), file, used),
            expected,
            "{file} {used}"
        );
    }
}

fn is_allowed(layer: &Layer, file: &str, used: &str) -> bool {
    if let Some(other) = used.strip_prefix("crate::") {
        return other == layer.name || layer.layers.contains(&other);
    }
    if let Some(module) = used.strip_prefix("std::") {
        return layer.std.contains(&module);
    }
    layer.crates.contains(&used) || (used == "colored" && file == COLOR_FILE)
}

fn layer_of(file: &str) -> &'static Layer {
    let name = file.split('/').nth(1).unwrap();
    let layer = LAYERS.iter().chain(ROOT).find(|layer| layer.name == name);
    layer.unwrap_or_else(|| panic!("{file} is in no layer"))
}

/// The guarded names that a source uses: `crate::LAYER`, `std::MODULE`, `super::super`, and the
/// names of crates.
fn uses(source: &Source, crates: &BTreeSet<String>) -> BTreeSet<String> {
    let mut uses = BTreeSet::new();
    for path in source.all_paths() {
        let (first, second) = (path[0].as_str(), path.get(1).map_or("", String::as_str));
        match first {
            "crate" | "wsctl" if LAYERS.iter().any(|layer| layer.name == second) => {
                uses.insert(format!("crate::{second}"));
            }
            "std" if GUARDED_STD.contains(&second) => {
                uses.insert(format!("std::{second}"));
            }
            "super" if second == "super" => {
                uses.insert("super::super".to_owned());
            }
            name if crates.contains(name) => {
                uses.insert(name.to_owned());
            }
            _ => {}
        }
    }
    uses
}

/// The names of all dependencies, with `_` for `-`.
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
