//! The modules of a layer use only modules that stand before them in the order of the layer.

use std::collections::BTreeSet;

use super::graph::{Graph, Modules};

/// The modules of some folders: each uses only those before it.
const ORDERS: &[(&str, &[&str])] = &[
    (
        "src/net",
        &[
            "stop",
            "log",
            "memory",
            "context",
            "transport",
            "dial",
            "check",
            "connection",
            "outputs",
            "relay",
            "session",
            "program",
            "server",
            "client",
        ],
    ),
    (
        "src/input",
        &[
            "application_message",
            "direction",
            "message",
            "error",
            "notice",
            "source",
            "paste",
            "chunk",
            "raw",
            "hexadecimal",
            "pasted_text",
            "input_kind",
        ],
    ),
    (
        "src/input/paste",
        &[
            "encoding",
            "terminal_sequences",
            "evidence",
            "timestamp",
            "direction",
            "envelope",
            "literals",
            "http_head",
            "chunk",
            "digit_lines",
            "numbered_lines",
            "not_bytes",
            "reading_choice",
            "common_prefix",
            "single_notation",
            "line_prefix",
            "dumps",
            "traces",
            "formats",
            "named_notation",
            "line_reader",
            "log_owner",
            "connections",
            "reader",
        ],
    ),
];

#[test]
fn modules_use_only_modules_before_them() {
    let graph = Modules::load().graph();
    for (folder, order) in ORDERS {
        assert_eq!(violations(&graph, folder, order), [""; 0], "in {folder}");
    }
}

#[test]
fn a_module_that_uses_a_later_one_is_found() {
    let set = |files: &[&str]| files.iter().map(ToString::to_string).collect();
    let graph: Graph = [
        ("src/net/mod.rs", set(&["src/net/b.rs"])),
        ("src/net/a/mod.rs", set(&["src/ws/mod.rs"])),
        (
            "src/net/a/inner.rs",
            set(&["src/net/a/mod.rs", "src/net/b.rs"]),
        ),
        ("src/net/b.rs", set(&["src/net/a/mod.rs"])),
        ("src/net/c.rs", set(&[])),
        ("src/ws/mod.rs", set(&["src/net/b.rs"])),
    ]
    .map(|(file, targets): (_, BTreeSet<String>)| (file.to_owned(), targets))
    .into();
    assert_eq!(
        violations(&graph, "src/net", &["a", "b"]),
        [
            "src/net/a/inner.rs uses src/net/b.rs",
            "src/net/c.rs is not in the order"
        ]
    );
}

/// The files of a folder that use a later module of it, or whose module is not in the order.
fn violations(graph: &Graph, folder: &str, order: &[&str]) -> Vec<String> {
    let position = |file: &str| {
        let module = module_in(folder, file)?;
        order.iter().position(|name| *name == module)
    };
    let mut violations = Vec::new();
    for (file, targets) in graph {
        if module_in(folder, file).is_none() {
            continue;
        }
        let Some(own) = position(file) else {
            violations.push(format!("{file} is not in the order"));
            continue;
        };
        let later = targets.iter().filter(|target| position(target) > Some(own));
        violations.extend(later.map(|target| format!("{file} uses {target}")));
    }
    violations
}

/// The module of a folder that a file belongs to; None for other files and for the `mod.rs` of
/// the folder itself.
fn module_in<'a>(folder: &str, file: &'a str) -> Option<&'a str> {
    let path = file.strip_prefix(folder)?.strip_prefix('/')?;
    let module = path.split(['/', '.']).next()?;
    (module != "mod").then_some(module)
}
