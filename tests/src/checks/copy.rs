//! The copy of the workspace in which the checks can be removed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::patch;
use super::table::Check;

/// The variable that names the checks to remove, a space between them.
pub const REMOVED: &str = "AZURE_IMDS_CHECK_REMOVED";

/// The variable that limits the vectors to those with certain verdicts, a space between them.
pub const VERDICTS: &str = "AZURE_IMDS_CHECK_VERDICTS";

/// Copies core and tests, with every check of the core made removable. Files that are right already stay untouched.
///
/// # Errors
///
/// A sentence, if a check is not where the table says, or a file can't be read or written.
pub fn make(workspace: &Path, copy: &Path, checks: &[Check]) -> Result<(), String> {
    let selection = Check {
        name: String::from("the selection of vectors"),
        file: String::from("tests/tests/attested.rs"),
        edits: vec![(SELECTION.0.to_owned(), SELECTION.1.replace("VERDICTS", VERDICTS))],
        ..Check::default()
    };
    let edited: Vec<&Check> = checks.iter().chain([&selection]).collect();
    let files = files(workspace)?;
    if let Some(check) = edited.iter().find(|check| !files.iter().any(|file| file == Path::new(&check.file))) {
        return Err(format!("{}: there is no file {}", check.name, check.file));
    }
    let mut changed: BTreeMap<PathBuf, String> = BTreeMap::new();
    for file in &files {
        let here: Vec<&Check> = edited.iter().copied().filter(|check| Path::new(&check.file) == file).collect();
        if !here.is_empty() {
            changed.insert(file.clone(), patch::apply(&read(workspace, file)?, &here)?);
        }
    }
    write_all(workspace, copy, changed, &QUESTION.replace("VARIABLE", REMOVED))
}

/// Copies core and tests, with some files changed, and with more at the end of the root of the core.
///
/// # Errors
///
/// A sentence, if a file can't be read or written.
pub fn write_all(
    workspace: &Path,
    copy: &Path,
    mut changed: BTreeMap<PathBuf, String>,
    more: &str,
) -> Result<(), String> {
    let (root, cargo) = (PathBuf::from("core/src/lib.rs"), PathBuf::from("Cargo.toml"));
    let mut text = changed.remove(&root).map_or_else(|| read(workspace, &root), Ok)?;
    text.push_str(more);
    changed.insert(root, text);
    changed.insert(cargo.clone(), manifest(&read(workspace, &cargo)?)?);
    let files = files(workspace)?;
    for file in &files {
        let content = match changed.get(file) {
            Some(text) => text.clone().into_bytes(),
            None => {
                let from = workspace.join(file);
                fs::read(&from).map_err(|error| format!("reading {}: {error}", from.display()))?
            }
        };
        write(&copy.join(file), &content)?;
    }
    remove_others(copy, &files)
}

fn files(workspace: &Path) -> Result<Vec<PathBuf>, String> {
    let mut files = vec![PathBuf::from("Cargo.toml"), PathBuf::from("Cargo.lock")];
    for member in MEMBERS {
        list(workspace, Path::new(member), &mut files)?;
    }
    Ok(files)
}

fn read(workspace: &Path, file: &Path) -> Result<String, String> {
    fs::read_to_string(workspace.join(file)).map_err(|error| format!("reading {}: {error}", file.display()))
}

const MEMBERS: [&str; 2] = ["core", "tests"];

/// What each guard asks. The core has no environment; its copy does.
const QUESTION: &str = r#"
extern crate std;

/// Whether this check is to be left out.
pub(crate) fn removed(name: &str) -> bool {
    static NAMES: std::sync::OnceLock<std::string::String> = std::sync::OnceLock::new();
    let names = NAMES.get_or_init(|| std::env::var("VARIABLE").unwrap_or_default());
    !names.is_empty() && names.split(' ').any(|one| one == name)
}
"#;

/// What lets the runner of the vectors be asked for a few of them.
const SELECTION: (&str, &str) = (
    r#"let cases = suite["cases"].as_array().unwrap();"#,
    r#"let wanted = std::env::var("VERDICTS").unwrap_or_default();
    let wanted = |case: &&Value| wanted.is_empty() || wanted.split(' ').any(|verdict| case["verdict"] == verdict);
    let cases: Vec<Value> = suite["cases"].as_array().unwrap().iter().filter(wanted).cloned().collect();"#,
);

/// The workspace without its other members.
fn manifest(text: &str) -> Result<String, String> {
    let members = text.lines().find(|line| line.starts_with("members = ")).ok_or("no line of members in Cargo.toml")?;
    let fewer = format!("members = {MEMBERS:?}");
    Ok(text.replacen(members, &fewer, 1))
}

/// The files of a folder, but for programs of their own: nothing that runs here needs them.
fn list(workspace: &Path, folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let fault = |error| format!("reading {}: {error}", folder.display());
    for entry in fs::read_dir(workspace.join(folder)).map_err(fault)? {
        let entry = entry.map_err(fault)?;
        let path = folder.join(entry.file_name());
        if path == Path::new("tests/src/bin") || entry.file_name() == "target" {
            continue;
        }
        if entry.path().is_dir() {
            list(workspace, &path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// Writes a file, unless it has that content: what is as it was needs no build.
pub(crate) fn write(path: &Path, content: &[u8]) -> Result<(), String> {
    if fs::read(path).is_ok_and(|found| found == content) {
        return Ok(());
    }
    let fault = |error| format!("writing {}: {error}", path.display());
    fs::create_dir_all(path.parent().unwrap_or(path)).map_err(fault)?;
    fs::write(path, content).map_err(fault)
}

/// Files of an earlier copy that are no longer in the workspace.
fn remove_others(copy: &Path, files: &[PathBuf]) -> Result<(), String> {
    let wanted: BTreeSet<&PathBuf> = files.iter().collect();
    let mut found = Vec::new();
    for member in MEMBERS {
        list(copy, Path::new(member), &mut found)?;
    }
    for file in found.iter().filter(|file| !wanted.contains(file)) {
        fs::remove_file(copy.join(file)).map_err(|error| format!("removing {}: {error}", file.display()))?;
    }
    Ok(())
}
