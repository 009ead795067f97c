//! The list of codes is whole, and nothing in it is unused: what the sources raise and what the vectors expect is in it,
//! and each of its codes is made somewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use azure_imds::codes::{CodeKind, all};
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The files of a folder whose names end so, with their text.
fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    let (mut open, mut found) = (vec![root().join(folder)], Vec::new());
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.to_str().unwrap().to_owned();
            if path.is_dir() {
                open.push(path);
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                found.push((name, fs::read_to_string(path).unwrap()));
            }
        }
    }
    found
}

/// The files of the packages that raise errors, without those that are generated from the list.
fn packages() -> Vec<(String, String)> {
    let mut found = files("bindings-py/python", &[".py"]);
    found.extend(files("bindings-wasm/js", &[".js"]));
    found.extend(files("bindings-py/src", &[".rs"]));
    found.extend(files("bindings-wasm/src", &[".rs"]));
    found.retain(|(name, _)| !name.contains("codes."));
    found
}

fn names(kinds: &[CodeKind]) -> BTreeSet<&'static str> {
    all().filter(|code| kinds.contains(&code.kind)).map(|code| code.name).collect()
}

const ERRORS: [CodeKind; 4] = [CodeKind::Usage, CodeKind::Transport, CodeKind::Service, CodeKind::Verify];

/// The words in double quotes that follow one of these beginnings.
fn raised(text: &str) -> Vec<&str> {
    ["code=\"", "code: \"", "told(\"", "usage_with(\"", "_complain(", "\"code\", \""]
        .iter()
        .flat_map(|beginning| {
            text.match_indices(beginning).map(move |(at, _)| (beginning, &text[at + beginning.len()..]))
        })
        .filter_map(|(beginning, rest)| {
            // The code is what comes last of a complaint.
            let rest = if *beginning == "_complain(" { rest.lines().next()?.rsplit_once(", \"")?.1 } else { rest };
            // The codes of Node's own errors are in capitals.
            rest.split_once('"').map(|(word, _)| word).filter(|word| !word.starts_with(char::is_uppercase))
        })
        .collect()
}

#[test]
fn what_is_raised_is_read() {
    let text = "code=\"a\", f(code: \"b\", code: \"EXIST\") told(\"c\") usage_with(\"d\", x) _complain(f\"{it}\", \"e\") code = 5";
    assert_eq!(raised(text), ["a", "b", "c", "d", "e"]);
}

#[test]
fn what_the_packages_raise_is_in_the_list() {
    let errors = names(&ERRORS);
    let mut seen = BTreeSet::new();
    for (name, text) in &packages() {
        for code in raised(text) {
            assert!(errors.contains(code), "{name}: {code}");
            seen.insert(code.to_owned());
        }
    }
    assert!(seen.len() >= 10, "{seen:?}");
}

/// The texts of a value below members of these names.
fn told(value: &Value, members: &[&str], found: &mut BTreeSet<String>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| told(value, members, found)),
        Value::Object(object) => {
            for (name, value) in object {
                if let (true, Some(text)) = (members.contains(&name.as_str()), value.as_str()) {
                    found.insert(text.to_owned());
                }
                told(value, members, found);
            }
        }
        _ => {}
    }
}

#[test]
fn what_the_vectors_expect_is_in_the_list() {
    let (mut known, mut expected) = (names(CodeKind::ALL), BTreeSet::new());
    known.insert("verified");
    for (name, text) in files("tests/vectors", &[".json"]) {
        if !name.contains("schema") {
            told(&serde_json::from_str(&text).unwrap(), &["verdict", "code", "error"], &mut expected);
        }
    }
    let unknown: Vec<_> = expected.iter().filter(|code| !known.contains(code.as_str())).collect();
    assert!(expected.len() > 100 && unknown.is_empty(), "{}: {unknown:?}", expected.len());
}

/// The variant of each code of a table, as its enum names it.
fn variants(table: &str) -> BTreeMap<&str, &str> {
    let (mut variant, mut found) = ("", BTreeMap::new());
    for line in table.split("coded! {").nth(1).unwrap().lines().take_while(|line| *line != "}") {
        let word = line.trim_start().split(|it: char| !it.is_alphanumeric()).next().unwrap();
        if line.starts_with("    ") && word.starts_with(char::is_uppercase) && !line.starts_with("     ") {
            variant = word;
        }
        if let Some((_, rest)) = line.split_once("=> \"")
            && let Some((code, _)) = rest.split_once("\",")
        {
            found.insert(code, variant);
        }
    }
    found
}

#[test]
fn every_code_is_made_somewhere() {
    let core = files("core/src", &[".rs"]);
    let mut unseen = names(CodeKind::ALL);
    let tables: Vec<_> = core.iter().filter(|(_, text)| text.contains("\ncoded! {")).collect();
    assert_eq!(tables.len(), 7, "the enums with codes");
    for (name, table) in tables {
        let (_, rest) = table.split_once(" enum ").unwrap();
        let (enumeration, _) = rest.split_once(':').unwrap();
        let variants = variants(table);
        assert!(!variants.is_empty(), "{name}");
        for (code, variant) in variants {
            let made = format!("{enumeration}::{variant}");
            let made_here = |text: &str| {
                text.match_indices(&made)
                    .any(|(at, _)| !text[at + made.len()..].starts_with(|it: char| it.is_alphanumeric() || it == '_'))
            };
            // In the file of the table itself, only what comes after it.
            let after = table.split("\n}\n").skip(1).collect::<String>();
            let is_made = core.iter().any(|(other, text)| made_here(if other == name { &after } else { text }));
            assert!(is_made, "{code}: no source makes {variant}");
            unseen.remove(code);
        }
    }
    // What is left is the hosts' own.
    let packages = packages();
    for code in unseen {
        let quoted = format!("\"{code}\"");
        assert!(packages.iter().any(|(_, text)| text.contains(&quoted)), "{code}: no package raises it");
    }
}
