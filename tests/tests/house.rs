//! The house keeps to its plan: what is below knows nothing of what is above, folders form no circle, files are short.
//!
//! The plan is `core/src`, a folder for each noun. A reference is a path that begins with `crate`, `super` or `self`
//! outside of comments and unit tests; what it leads to is the longest module that it names.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// From the lowest to the highest. A part uses what stands before it, or itself. The first are the ground.
const PARTS: [&str; 17] = [
    "quoted", "repeated", "guid", "host", "error", "instant", "time", "cloud", "json", "http", "exchange", "metadata",
    "attested", "client", "emulator", "codes", "bindings",
];

/// The same within the door that judges documents.
const ATTESTED: [&str; 10] = ["error", "der", "x509", "cms", "input", "claims", "issuers", "path", "memory", "verdict"];

/// Lines that a file may have, unless it is a table and says so in its first sentence.
const LINE_LIMIT: usize = 400;

type Module = Vec<String>;

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/src")
}

fn files(folder: &Path, found: &mut BTreeMap<Module, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs") {
            let module = path.strip_prefix(source()).unwrap().with_extension("");
            let module: Module = module.iter().map(|it| it.to_str().unwrap().to_owned()).collect();
            found.insert(module, fs::read_to_string(&path).unwrap());
        }
    }
}

/// The files of the core by module, without the root and without unit tests in files of their own.
fn modules() -> BTreeMap<Module, String> {
    let mut found = BTreeMap::new();
    files(&source(), &mut found);
    found.retain(|module, _| module.last().is_some_and(|it| it != "lib" && it != "tests"));
    found
}

/// A file without its comments and its unit tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The paths in a text that begin with `crate`, `super` or `self`, one for each leaf of a tree of imports.
fn paths(code: &str) -> Vec<Module> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(at) = ["crate::", "super::", "self::"].iter().filter_map(|it| rest.find(it)).min() {
        let is_whole = !rest[..at].ends_with(|it: char| it.is_alphanumeric() || it == '_' || it == '$' || it == ':');
        let (length, leaves) = tree(&rest[at..]);
        if is_whole {
            found.extend(leaves);
        }
        rest = &rest[at + length..];
    }
    found
}

/// The leaves of a tree of imports at the beginning of a text, and its length.
fn tree(text: &str) -> (usize, Vec<Module>) {
    let mut at = 0;
    let mut prefix = Module::new();
    loop {
        let rest = &text[at..];
        if let Some(inner) = rest.strip_prefix('{') {
            let mut leaves = Vec::new();
            at += 1;
            let mut inner = inner;
            loop {
                let trimmed = inner.trim_start_matches(|it: char| it.is_whitespace() || it == ',');
                at += inner.len() - trimmed.len();
                if trimmed.starts_with('}') || trimmed.is_empty() {
                    return (at + 1, leaves);
                }
                let (length, below) = tree(trimmed);
                leaves.extend(below.into_iter().map(|leaf| [prefix.clone(), leaf].concat()));
                at += length.max(1);
                inner = &text[at.min(text.len())..];
            }
        }
        let end = rest.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(rest.len());
        prefix.push(rest[..end].to_owned());
        at += end;
        match text[at..].strip_prefix("::") {
            Some(more) if more.starts_with(|it: char| it.is_alphabetic() || it == '_' || it == '{') => at += 2,
            _ => return (at, vec![prefix]),
        }
    }
}

/// Where a path leads that stands in a module; nothing if it leads out of the crate.
fn target(module: &Module, path: &Module, modules: &BTreeMap<Module, String>) -> Module {
    let mut absolute = if path[0] == "crate" { Module::new() } else { module.clone() };
    for part in path {
        match part.as_str() {
            "crate" | "self" => {}
            "super" => drop(absolute.pop()),
            part => absolute.push(part.to_owned()),
        }
    }
    while !absolute.is_empty() && !modules.contains_key(&absolute) {
        absolute.pop();
    }
    absolute
}

/// Each reference from one module to another, once.
fn references() -> BTreeSet<(Module, Module)> {
    let modules = modules();
    let mut all = BTreeSet::new();
    for (module, text) in &modules {
        for path in paths(&code(text)) {
            let to = target(module, &path, &modules);
            assert!(!to.is_empty(), "{}: {} goes through the root", module.join("/"), path.join("::"));
            if to != *module {
                all.insert((module.clone(), to));
            }
        }
    }
    all
}

#[test]
fn a_path_is_read_as_it_is_written() {
    let read = |text: &str| paths(text).into_iter().map(|it| it.join("::")).collect::<Vec<_>>();
    assert_eq!(
        read("use crate::http::{Request, types::{self, Form}};"),
        ["crate::http::Request", "crate::http::types::self", "crate::http::types::Form"]
    );
    assert_eq!(read("let it = super::part::of(self::here); $crate::no"), ["super::part::of", "self::here"]);
}

#[test]
fn nothing_is_used_from_below() {
    let (mut upward, mut seen) = (Vec::new(), BTreeSet::new());
    let place = |parts: &[&str], part: &str| {
        parts.iter().position(|it| *it == part).unwrap_or_else(|| panic!("{part} has no place in the plan"))
    };
    for (from, to) in references() {
        seen.insert(from[0].clone());
        if place(&PARTS, &to[0]) > place(&PARTS, &from[0]) {
            upward.push(format!("{} uses {}", from.join("/"), to.join("/")));
        }
        if let ([door, from_folder, ..], [other, to_folder, ..]) = (from.as_slice(), to.as_slice())
            && (door, other) == (&"attested".to_owned(), &"attested".to_owned())
            && from_folder != "layers"
            && place(&ATTESTED, to_folder) > place(&ATTESTED, from_folder)
        {
            upward.push(format!("{} uses {}", from.join("/"), to.join("/")));
        }
    }
    assert!(upward.is_empty(), "upward:\n{}", upward.join("\n"));
    assert!(["metadata", "attested", "client", "emulator"].iter().all(|door| seen.contains(*door)), "{seen:?}");
}

/// The folder of a file: that which is called like it, if there is one.
fn folder(module: &Module, folders: &BTreeSet<Module>) -> Module {
    if folders.contains(module) { module.clone() } else { module[..module.len() - 1].to_vec() }
}

#[test]
fn folders_form_no_circle() {
    let modules = modules();
    let folders: BTreeSet<Module> =
        modules.keys().filter(|it| it.len() > 1).map(|it| it[..it.len() - 1].to_vec()).collect();
    let mut uses: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
    for (from, to) in references() {
        let (from, to) = (folder(&from, &folders), folder(&to, &folders));
        // A parent and its children are one thing.
        if !from.starts_with(&to) && !to.starts_with(&from) {
            uses.entry(from).or_default().insert(to);
        }
    }
    assert!(uses.len() > 20, "{}", uses.len());
    for start in uses.keys() {
        let (mut reached, mut open) = (BTreeSet::new(), vec![start]);
        while let Some(here) = open.pop() {
            for next in uses.get(here).into_iter().flatten() {
                assert!(next != start, "{} and {} are in a circle", start.join("/"), here.join("/"));
                if reached.insert(next) {
                    open.push(next);
                }
            }
        }
    }
}

#[test]
fn files_are_short() {
    let long: Vec<_> = modules()
        .into_iter()
        .filter(|(_, text)| {
            let is_table = text.lines().take_while(|it| it.starts_with("//!")).any(|it| it.contains("table"));
            text.lines().count() > LINE_LIMIT && !is_table
        })
        .map(|(module, text)| format!("{}: {} lines", module.join("/"), text.lines().count()))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

/// The list is compared with the crate by `make test-docs`.
#[test]
fn the_root_names_thirty_things_at_most() {
    let surface = include_str!("../../core/surface.txt");
    let items = ["struct", "enum", "trait", "fn", "const", "static", "type", "macro", "union"];
    let names: BTreeSet<_> = surface
        .lines()
        .filter_map(|line| {
            line.split_once("azure_imds::")
                .filter(|(before, _)| items.iter().any(|it| before.ends_with(&format!("{it} "))))
        })
        .map(|(_, rest)| rest.split(|it: char| !it.is_alphanumeric() && it != '_' && it != ':').next().unwrap())
        .filter(|name| !name.contains("::"))
        .collect();
    assert!((20..=30).contains(&names.len()), "{}: {names:?}", names.len());
}
