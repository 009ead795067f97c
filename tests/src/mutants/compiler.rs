//! What the compiler says of mutants: those it refuses are unviable, and some have to be built by themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::list::Mutant;
use super::switch::{self, Switched};
use crate::checks::copy;

/// The variable that holds the number of the mutant to switch on.
pub const SWITCHED: &str = "AZURE_IMDS_MUTANT";

/// The variable that names the file which says what is reached.
pub const REACHED: &str = "AZURE_IMDS_MUTANTS_REACHED";

/// The variable that limits the vectors to those at certain positions, a space between them.
pub const VECTORS: &str = "AZURE_IMDS_MUTANT_VECTORS";

/// What can be switched, and what can't.
#[derive(Debug, Default)]
pub struct Settled {
    /// Refused by the compiler.
    pub unviable: BTreeSet<usize>,
    /// To be built one by one.
    pub alone: BTreeSet<usize>,
}

/// Writes the copy in which mutants can be switched on, after as many checks as it takes until the compiler is content.
///
/// # Errors
///
/// A sentence, if a file can't be read or written, or an error of the compiler is no mutant's.
pub fn settle(workspace: &Path, copy: &Path, target: &Path, mutants: &[Mutant]) -> Result<Settled, String> {
    vectors(workspace, copy)?;
    let mut settled = Settled::default();
    let mut sources = BTreeMap::new();
    for mutant in mutants {
        if !sources.contains_key(&mutant.file) {
            let source = fs::read_to_string(workspace.join(&mutant.file));
            sources.insert(&mutant.file, source.map_err(|error| format!("reading {}: {error}", mutant.file))?);
        }
    }
    loop {
        let mut files: BTreeMap<&str, Switched> = BTreeMap::new();
        for (file, source) in &sources {
            let switched = switch::switch(source, &here(mutants, file, &settled))?;
            settled.alone.extend(&switched.left);
            files.insert(file, switched);
        }
        let mut changed: BTreeMap<PathBuf, String> =
            files.iter().map(|(file, switched)| (PathBuf::from(file), switched.text.clone())).collect();
        changed.insert(PathBuf::from(RUNNER), runner(workspace)?);
        copy::write_all(workspace, copy, changed, &question(mutants.len()))?;
        let errors = check(copy, target)?;
        if errors.is_empty() {
            return Ok(settled);
        }
        let before = (settled.unviable.len(), settled.alone.len());
        let mut constant = BTreeSet::new();
        for error in &errors {
            if error.code == "E0015" {
                constant.extend(error.function());
            } else if let Some(switched) = files.get(error.file.as_str()) {
                blame(error, switched, mutants, &mut settled);
            }
        }
        for (file, source) in &sources {
            let here = here(mutants, file, &settled);
            settled.alone.extend(switch::in_functions(source, &constant, &here));
        }
        if before == (settled.unviable.len(), settled.alone.len()) {
            let all: Vec<_> = errors.iter().map(|error| error.text.as_str()).collect();
            return Err(format!("the compiler refuses what no mutant explains:\n{}", all.join("\n")));
        }
    }
}

/// The file's mutants that may still be switched.
fn here<'a>(mutants: &'a [Mutant], file: &str, settled: &Settled) -> Vec<(usize, &'a Mutant)> {
    let is_free = |number: &usize| !settled.unviable.contains(number) && !settled.alone.contains(number);
    mutants.iter().enumerate().filter(|(number, mutant)| mutant.file == file && is_free(number)).collect()
}

/// An error in the value that a function shall return is that of the mutant, and so is a name that means nothing.
/// Anything else may be due to the rewriting: then the mutant is built by itself.
fn blame(error: &Fault, switched: &Switched, mutants: &[Mutant], settled: &mut Settled) {
    let touches = |(span, _): &&(std::ops::Range<usize>, Vec<usize>)| span.start < error.end && error.start < span.end;
    let mut pieces: Vec<_> = switched.pieces.iter().filter(touches).collect();
    if pieces.is_empty() {
        pieces = switched.sites.iter().filter(touches).collect();
        pieces.sort_by_key(|(span, _)| span.len());
        pieces.truncate(1);
    }
    for (_, numbers) in pieces {
        for number in numbers {
            let is_plain = mutants.get(*number).is_some_and(|mutant| {
                let is_name = ["E0425", "E0433"].contains(&error.code.as_str());
                mutant.genre == "FnValue" && numbers.len() == 1 && (is_name || !mutant.returns.contains("impl "))
            });
            if is_plain {
                settled.unviable.insert(*number);
            } else {
                settled.alone.insert(*number);
            }
        }
    }
}

/// An error of the compiler.
#[derive(Debug)]
struct Fault {
    code: String,
    text: String,
    file: String,
    start: usize,
    end: usize,
}

impl Fault {
    /// The name of the function that the error is about: what stands first between accents grave.
    fn function(&self) -> Option<String> {
        let path = self.text.split('`').nth(1)?;
        Some(path.rsplit("::").next()?.to_owned())
    }
}

fn check(copy: &Path, target: &Path) -> Result<Vec<Fault>, String> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["check", "--quiet", "-p", "azure-imds", "--lib", "--all-features", "--message-format=json"])
        .arg("--target-dir")
        .arg(target)
        .current_dir(copy)
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env("RUSTFLAGS", "--cap-lints=allow")
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .stderr(Stdio::null())
        .output()
        .map_err(|error| format!("starting cargo: {error}"))?;
    let messages = String::from_utf8_lossy(&output.stdout);
    let mut faults: Vec<Fault> = Vec::new();
    for message in messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        let message = &message["message"];
        if message["level"] != "error" {
            continue;
        }
        for span in message["spans"].as_array().into_iter().flatten().filter(|span| span["is_primary"] == true) {
            let octet = |key: &str| span[key].as_u64().and_then(|octet| usize::try_from(octet).ok()).unwrap_or(0);
            faults.push(Fault {
                code: message["code"]["code"].as_str().unwrap_or_default().to_owned(),
                text: message["message"].as_str().unwrap_or_default().to_owned(),
                file: span["file_name"].as_str().unwrap_or_default().to_owned(),
                start: octet("byte_start"),
                end: octet("byte_end"),
            });
        }
    }
    if faults.is_empty() && !output.status.success() {
        return Err(format!("the copy can't be checked; try cargo check in {}", copy.display()));
    }
    Ok(faults)
}

const RUNNER: &str = "tests/tests/attested.rs";

/// The runner of the vectors, that can be asked for a few, says which it runs, and stops at the first that is wrong. It
/// reads one [file](vectors) for each: to read all of them takes longer than to verify most.
fn runner(workspace: &Path) -> Result<String, String> {
    let mut text = fs::read_to_string(workspace.join(RUNNER)).map_err(|error| format!("reading {RUNNER}: {error}"))?;
    let edits = [
        (
            r#"let suite: Value = serde_json::from_str(include_str!("../vectors/attested.json")).unwrap();"#,
            r#"let wanted = std::env::var("VECTORS").unwrap_or_default();"#,
        ),
        (
            r#"let cases = suite["cases"].as_array().unwrap();"#,
            r#"let all = std::fs::read_dir("../cases").unwrap().count();
    let cases: Vec<usize> = match wanted.as_str() {
        "" => (0..all).collect(),
        _ => wanted.split(' ').map(|position| position.parse().unwrap()).collect(),
    };
    let read = |position: &usize| {
        azure_imds::mutants_mark(*position);
        let text = std::fs::read_to_string(format!("../cases/{position}.json")).unwrap();
        let one: Value = serde_json::from_str(&text).unwrap();
        Case::read(&one["case"], &one["certificates"])
    };"#,
        ),
        (
            r#".map(|case| Case::read(case, &suite["certificates"])).filter_map(Case::run)"#,
            ".map(read).filter_map(Case::run).take(1)",
        ),
    ];
    for (find, replace) in edits {
        if text.matches(find).count() != 1 {
            return Err(format!("{RUNNER} no longer has: {find}"));
        }
        text = text.replacen(find, &replace.replace("\"VECTORS\"", &format!("{VECTORS:?}")), 1);
    }
    Ok(text)
}

/// Writes each vector, with the certificates it names, into a file of its own.
fn vectors(workspace: &Path, copy: &Path) -> Result<(), String> {
    let folder = copy.join("cases");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| format!("removing {}: {error}", folder.display()))?;
    }
    let suite = workspace.join("tests/vectors/attested.json");
    let suite = fs::read_to_string(&suite).map_err(|error| format!("reading {}: {error}", suite.display()))?;
    let suite: Value = serde_json::from_str(&suite).map_err(|error| format!("reading the vectors: {error}"))?;
    for (position, case) in suite["cases"].as_array().into_iter().flatten().enumerate() {
        let names = ["anchors", "issuers"].iter().filter_map(|key| case[key].as_array()).flatten();
        let certificates: serde_json::Map<String, Value> = names
            .filter_map(Value::as_str)
            .map(|name| (name.to_owned(), suite["certificates"][name].clone()))
            .collect();
        let one = serde_json::json!({ "case": case, "certificates": certificates });
        copy::write(&folder.join(format!("{position}.json")), one.to_string().as_bytes())?;
    }
    Ok(())
}

/// What each mutant asks. The core has no environment; its copy does.
fn question(count: usize) -> String {
    QUESTION
        .replace("\"SWITCHED\"", &format!("{SWITCHED:?}"))
        .replace("\"REACHED\"", &format!("{REACHED:?}"))
        .replace("COUNT", &count.to_string())
}

const QUESTION: &str = r#"
extern crate std as mutants_std;

/// Whether this mutant is switched on.
pub(crate) fn mutant(number: u32) -> bool {
    use core::sync::atomic::{AtomicU32, Ordering::Relaxed};
    const UNKNOWN: u32 = u32::MAX;
    const RECORDING: u32 = u32::MAX - 1;
    static ON: AtomicU32 = AtomicU32::new(UNKNOWN);
    let mut on = ON.load(Relaxed);
    if on == UNKNOWN {
        let named = mutants_std::env::var("SWITCHED").ok().and_then(|name| name.parse().ok());
        let is_recording = mutants_std::env::var_os("REACHED").is_some_and(|file| !file.is_empty());
        on = if is_recording { RECORDING } else { named.unwrap_or(u32::MAX - 2) };
        ON.store(on, Relaxed);
    }
    if on == RECORDING && MUTANTS_SEEN.get(number as usize).is_some_and(|seen| !seen.swap(true, Relaxed)) {
        mutants_note(mutants_std::format!("{number}\n"));
    }
    on == number
}

/// From here on it is another vector that reaches mutants.
#[doc(hidden)]
pub fn mutants_mark(position: usize) {
    for seen in &MUTANTS_SEEN {
        seen.store(false, core::sync::atomic::Ordering::Relaxed);
    }
    mutants_note(mutants_std::format!("= {position}\n"));
}

static MUTANTS_SEEN: [core::sync::atomic::AtomicBool; COUNT] =
    [const { core::sync::atomic::AtomicBool::new(false) }; COUNT];

fn mutants_note(line: mutants_std::string::String) {
    use mutants_std::io::Write;
    if let Some(file) = mutants_std::env::var_os("REACHED").filter(|file| !file.is_empty()) {
        let opened = mutants_std::fs::OpenOptions::new().append(true).create(true).open(file);
        opened.and_then(|mut file| file.write_all(line.as_bytes())).unwrap();
    }
}
"#;
