//! Which file takes a name from which other file.
//!
//! A name that a module re-exports counts for the file that declares it. What a submodule takes from
//! the modules that contain it is left out, as are `mod`, `pub use` and tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path as FilePath, PathBuf};

use super::source::Source;

/// For each file, the files from which it takes names. Paths are relative to the package.
pub(super) type Graph = BTreeMap<String, BTreeSet<String>>;

/// The root files of the crates.
const ROOTS: [&str; 4] = [
    "src/lib.rs",
    "src/main.rs",
    "benches/decode/main.rs",
    "benches/echo/main.rs",
];

/// The sets of files that take names from each other, directly or over others of the set.
pub(super) fn circles(graph: &Graph) -> Vec<BTreeSet<String>> {
    let reachable: BTreeMap<&String, BTreeSet<&String>> = graph
        .keys()
        .map(|file| (file, reachable(graph, file)))
        .collect();
    let mut circles = BTreeSet::new();
    for (file, targets) in &reachable {
        if targets.contains(file) {
            let is_mutual = |other: &&&String| reachable[**other].contains(file);
            let circle = targets.iter().filter(is_mutual).map(|it| (*it).clone());
            circles.insert(circle.collect::<BTreeSet<String>>());
        }
    }
    circles.into_iter().collect()
}

/// The files that can be reached from `start` over one arrow or more.
fn reachable<'a>(graph: &'a Graph, start: &'a String) -> BTreeSet<&'a String> {
    let mut reached = BTreeSet::new();
    let mut waiting = vec![start];
    while let Some(file) = waiting.pop() {
        for target in &graph[file] {
            if reached.insert(target) {
                waiting.push(target);
            }
        }
    }
    reached
}

/// All modules of the package. A module is identified by its index.
#[derive(Default)]
pub(super) struct Modules(Vec<Module>);

struct Module {
    file: PathBuf,
    root: usize,
    parent: Option<usize>,
    children: BTreeMap<String, usize>,
    source: Source,
}

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Module(usize),
    /// An item that this module declares.
    Item(usize),
}

/// The module of `src/lib.rs`.
const LIBRARY: usize = 0;

impl Modules {
    /// Reads the modules of all crates of the package.
    pub(super) fn load() -> Self {
        let mut modules = Self::default();
        for root in ROOTS {
            let root = modules.add(FilePath::new(root), None);
            modules.load_children(root);
        }
        assert!(modules.0.len() > 200, "all files were found");
        modules
    }

    /// Each file with its source. A file that two crates share comes twice.
    pub(super) fn sources(&self) -> impl Iterator<Item = (String, &Source)> {
        let modules = self.0.iter().enumerate();
        modules.map(|(index, module)| (self.file(index), &module.source))
    }

    fn add(&mut self, file: &FilePath, parent: Option<usize>) -> usize {
        let path = FilePath::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let text = fs::read_to_string(&path);
        let text = text.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let index = self.0.len();
        self.0.push(Module {
            file: file.to_owned(),
            root: parent.map_or(index, |parent| self.0[parent].root),
            parent,
            children: BTreeMap::new(),
            source: Source::parse(&text),
        });
        index
    }

    fn load_children(&mut self, index: usize) {
        for (name, path) in self.0[index].source.submodules.clone() {
            let file = self.child_file(index, &name, path.as_deref());
            let child = self.add(&file, Some(index));
            self.0[index].children.insert(name, child);
            self.load_children(child);
        }
    }

    /// The file of a submodule.
    fn child_file(&self, index: usize, name: &str, path: Option<&str>) -> PathBuf {
        let file = &self.0[index].file;
        let folder = file.parent().unwrap();
        if let Some(path) = path {
            return normalized(&folder.join(path));
        }
        let is_folder = ["lib.rs", "main.rs", "mod.rs"]
            .iter()
            .any(|it| file.ends_with(it));
        let folder = if is_folder {
            folder.to_owned()
        } else {
            file.with_extension("")
        };
        let module_file = folder.join(name).join("mod.rs");
        let exists = FilePath::new(env!("CARGO_MANIFEST_DIR"))
            .join(&module_file)
            .exists();
        if exists {
            module_file
        } else {
            folder.join(format!("{name}.rs"))
        }
    }

    /// Whether `inner` is a submodule of `outer`, at any depth.
    fn contains(&self, outer: usize, inner: usize) -> bool {
        let parent = self.0[inner].parent;
        parent.is_some_and(|parent| parent == outer || self.contains(outer, parent))
    }

    /// The path of its file below the package.
    fn file(&self, index: usize) -> String {
        self.0[index].file.to_str().unwrap().replace('\\', "/")
    }

    /// The files from which each file takes names.
    pub(super) fn graph(&self) -> Graph {
        let mut graph = Graph::new();
        for (index, module) in self.0.iter().enumerate() {
            let file = self.file(index);
            let imports = module.source.imports.iter();
            let used = imports.filter(|(name, _)| {
                !module.source.reexports.contains(*name) || module.source.words.contains(*name)
            });
            let paths = used.map(|(_, path)| path).chain(&module.source.paths);
            let targets = paths.filter_map(|path| match self.resolve(index, path, 0)? {
                Target::Item(owner) => Some(owner),
                Target::Module(_) => None,
            });
            let globs = module.source.globs.iter();
            let globs = globs.filter_map(|path| match self.resolve(index, path, 0)? {
                Target::Item(owner) | Target::Module(owner) => Some(owner),
            });
            let owners = targets
                .chain(globs)
                .filter(|owner| !self.contains(*owner, index));
            let files = owners.map(|owner| self.file(owner));
            let others = files.filter(|other| *other != file);
            graph.entry(file.clone()).or_default().extend(others);
        }
        graph
    }

    /// What a path in a module leads to; `None` if that is in another crate.
    fn resolve(&self, from: usize, path: &[String], depth: u8) -> Option<Target> {
        let module = &self.0[from];
        let (first, rest) = path.split_first()?;
        let start = match first.as_str() {
            "crate" => Target::Module(module.root),
            "self" => Target::Module(from),
            "super" => Target::Module(module.parent?),
            "wsctl" if module.root != LIBRARY => Target::Module(LIBRARY),
            name => self.member(from, name, depth)?,
        };
        self.descend(start, rest, depth)
    }

    /// Follows the rest of a path.
    fn descend(&self, start: Target, rest: &[String], depth: u8) -> Option<Target> {
        let mut target = start;
        for name in rest {
            let Target::Module(module) = target else {
                return Some(target);
            };
            target = match name.as_str() {
                "super" => Target::Module(self.0[module].parent?),
                name => self
                    .member(module, name, depth)
                    .unwrap_or(Target::Item(module)),
            };
        }
        Some(target)
    }

    /// What a name means in a module: a submodule, an item, or what is imported or re-exported
    /// under this name.
    fn member(&self, index: usize, name: &str, depth: u8) -> Option<Target> {
        assert!(
            depth < 20,
            "{}: {name} is imported in a circle",
            self.file(index)
        );
        let module = &self.0[index];
        if let Some(child) = module.children.get(name) {
            return Some(Target::Module(*child));
        }
        if module.source.items.contains(name) {
            return Some(Target::Item(index));
        }
        if let Some(path) = module.source.imports.get(name) {
            return self.resolve(index, path, depth + 1);
        }
        module.source.globs.iter().find_map(|path| {
            let Target::Module(other) = self.resolve(index, path, depth + 1)? else {
                return None;
            };
            self.member(other, name, depth + 1)
        })
    }
}

/// Removes `..` from a path.
fn normalized(path: &FilePath) -> PathBuf {
    let mut normalized = PathBuf::new();
    for part in path {
        if part == ".." {
            normalized.pop();
        } else {
            normalized.push(part);
        }
    }
    normalized
}
