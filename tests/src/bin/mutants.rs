//! Changes the verifier in every way that cargo-mutants knows, and shows that a test fails each time.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use azure_imds_tests::checks::copy;
use azure_imds_tests::checks::runner::{self, Program};
use azure_imds_tests::mutants::compiler::{self, Settled};
use azure_imds_tests::mutants::list::{self, Mutant};
use azure_imds_tests::mutants::reach::{self, Test};
use azure_imds_tests::mutants::score::{self, Equivalent};
use azure_imds_tests::mutants::trial::{self, Outcome};
use lexopt::prelude::*;

const USAGE: &str = "\
usage: mutants [--check] [--since REVISION] [--again] [--only TEXT]... [--not-alone]

Takes the mutants of the verifier that cargo-mutants lists, builds nearly all of them into one copy of the core, in
target/mutants, switches them on one after the other, and runs the tests that reach them. Writes the score into
tests/RELIABILITY.md, between the marks.

  --check            write nothing; exit 1 if a mutant is missed that is not listed as changing nothing, or if the
                     score is not as it would be written
  --since REVISION   only mutants in lines that differ from this revision of the repository; writes no score
  --again            only mutants that were missed the last time, or are new: others count as they did
  --only TEXT        only mutants whose name holds this; may be given several times; writes no score
  --not-alone        leave out those that need a build of their own; writes no score";

/// Integration tests that are run. What looks for a needle by the thousand (`mutation`, `paths`, `bounds`) takes too long.
const TESTS: [&str; 7] =
    ["attested", "specification_sample", "known_issuers", "layers", "told", "issuer_fetching", "wycheproof"];

#[derive(Default)]
struct Wish {
    check: bool,
    since: Option<String>,
    again: bool,
    only: Vec<String>,
    not_alone: bool,
}

impl Wish {
    /// Whether all mutants are tried.
    fn is_whole(&self) -> bool {
        self.since.is_none() && self.only.is_empty() && !self.not_alone
    }
}

fn main() -> Result<ExitCode, lexopt::Error> {
    let mut wish = Wish::default();
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("check") => wish.check = true,
            Long("since") => wish.since = Some(arguments.value()?.string()?),
            Long("again") => wish.again = true,
            Long("only") => wish.only.push(arguments.value()?.string()?),
            Long("not-alone") => wish.not_alone = true,
            Short('h') | Long("help") => {
                println!("{USAGE}");
                return Ok(ExitCode::SUCCESS);
            }
            _ => return Err(argument.unexpected()),
        }
    }
    match run(&wish) {
        Ok(true) => Ok(ExitCode::SUCCESS),
        Ok(false) => Ok(ExitCode::FAILURE),
        Err(reason) => {
            eprintln!("mutants: {reason}");
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Folders of the work.
struct Folders {
    workspace: PathBuf,
    switched: PathBuf,
    alone: PathBuf,
    target: PathBuf,
    outputs: PathBuf,
    memory: PathBuf,
}

fn run(wish: &Wish) -> Result<bool, String> {
    let start = Instant::now();
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), PathBuf::from);
    let folder = target.join("mutants");
    let folders = Folders {
        workspace,
        switched: folder.join("switched"),
        alone: folder.join("alone"),
        target: folder.join("target"),
        outputs: folder.join("output"),
        memory: folder.join("outcomes.txt"),
    };
    std::fs::create_dir_all(&folders.outputs).map_err(|error| format!("making a folder: {error}"))?;
    // The copy holds them all, whichever are tried: so it need not be built again for others.
    let mutants = list::read(&folders.workspace, None)?;
    let chosen = chosen(wish, &folders, &mutants)?;
    eprintln!("building the core with {} mutants", mutants.len());
    let settled = compiler::settle(&folders.workspace, &folders.switched, &folders.target, &mutants)?;
    let programs = build(&folders.switched, &folders.target, &TESTS, Stdio::inherit())?
        .ok_or("the copy of the core can't be built")?;
    eprintln!(
        "built in {:.0} s: {} can be switched, {} are refused by the compiler, {} are built by themselves",
        start.elapsed().as_secs_f32(),
        mutants.len() - settled.unviable.len() - settled.alone.len(),
        settled.unviable.len(),
        settled.alone.len()
    );
    let threads = std::thread::available_parallelism().map_or(2, NonZero::get);
    let tests = reach::record(&programs, &folders.outputs, threads)?;
    eprintln!("{} tests recorded, after {:.0} s", tests.len(), start.elapsed().as_secs_f32());
    let last = recall(&folders.memory)?;
    let mut outcomes = switched(&chosen, &mutants, &settled, &tests, &programs, &folders, threads)?;
    remember(&folders.memory, &mutants, &outcomes, &last)?;
    eprintln!("switched through after {:.0} s", start.elapsed().as_secs_f32());
    if !wish.not_alone {
        alone(&chosen, &mutants, &settled, &folders, &mut outcomes, &last)?;
    }
    if wish.again {
        for (number, mutant) in mutants.iter().enumerate() {
            if let Some(outcome) = last.get(&key(mutant)).filter(|_| !outcomes.contains_key(&number)) {
                outcomes.insert(number, outcome.clone());
            }
        }
    }
    report(wish, &folders, &mutants, &outcomes, start)
}

/// The numbers of those asked for.
fn chosen(wish: &Wish, folders: &Folders, mutants: &[Mutant]) -> Result<Vec<usize>, String> {
    let mut names: Option<Vec<String>> = None;
    if let Some(revision) = &wish.since {
        let output = Command::new("git")
            .current_dir(&folders.workspace)
            .args(["diff", "--no-ext-diff", revision, "--", "core/src"])
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("starting git: {error}"))?;
        if !output.status.success() {
            return Err(format!("git knows no difference from {revision}"));
        }
        let file = folders.outputs.join("difference.txt");
        std::fs::write(&file, output.stdout).map_err(|error| format!("writing {}: {error}", file.display()))?;
        let list = list::read(&folders.workspace, Some(&file))?;
        names = Some(list.into_iter().map(|mutant| mutant.name).collect());
    }
    let last = if wish.again { recall(&folders.memory)? } else { BTreeMap::new() };
    let is_chosen = |mutant: &Mutant| {
        names.as_ref().is_none_or(|names| names.contains(&mutant.name))
            && (!wish.again || last.get(&key(mutant)).is_none_or(|outcome| *outcome == Outcome::Missed))
            && (wish.only.is_empty() || wish.only.iter().any(|text| mutant.name.contains(text)))
    };
    Ok(mutants.iter().enumerate().filter(|(_, mutant)| is_chosen(mutant)).map(|(number, _)| number).collect())
}

/// The core's unit tests, and integration tests.
fn build(copy: &Path, target: &Path, tests: &[&str], complaints: Stdio) -> Result<Option<Vec<Program>>, String> {
    let mut arguments = vec!["-p", "azure-imds", "-p", "azure-imds-tests", "--lib"];
    for test in tests {
        arguments.extend(["--test", test]);
    }
    let programs = runner::build_in(copy, target, &arguments, complaints)?;
    Ok(programs.map(|mut programs| {
        // The unit tests of the tests themselves say nothing of the core.
        programs.retain(|program| program.name != "lib" || program.package().ends_with("core"));
        programs
    }))
}

fn switched(
    chosen: &[usize],
    mutants: &[Mutant],
    settled: &Settled,
    tests: &[Test],
    programs: &[Program],
    folders: &Folders,
    threads: usize,
) -> Result<BTreeMap<usize, Outcome>, String> {
    let known = |number: &&usize| !settled.unviable.contains(number) && !settled.alone.contains(number);
    let numbers: Vec<usize> = chosen.iter().filter(known).copied().collect();
    let (next, outcomes) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    let work = || -> Result<(), String> {
        while let Some(number) = numbers.get(next.fetch_add(1, Ordering::Relaxed)) {
            let outcome = trial::run(*number, tests, programs, &folders.outputs)?;
            tell(mutants.get(*number), &outcome);
            let mut outcomes = outcomes.lock().map_err(|_| String::from("a thread has died"))?;
            outcomes.insert(*number, outcome);
            progress(outcomes.len(), numbers.len());
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| String::from("a thread has died"))?)
    })?;
    let mut outcomes = outcomes.into_inner().map_err(|_| String::from("a thread has died"))?;
    for number in chosen.iter().filter(|number| settled.unviable.contains(number)) {
        outcomes.insert(*number, Outcome::Unviable);
    }
    Ok(outcomes)
}

/// Those that no question can stand before: a copy with one change, built, and run as a whole.
fn alone(
    chosen: &[usize],
    mutants: &[Mutant],
    settled: &Settled,
    folders: &Folders,
    outcomes: &mut BTreeMap<usize, Outcome>,
    last: &BTreeMap<String, Outcome>,
) -> Result<(), String> {
    let numbers: Vec<usize> = chosen.iter().filter(|number| settled.alone.contains(number)).copied().collect();
    for (done, number) in numbers.iter().enumerate() {
        let Some(mutant) = mutants.get(*number) else { continue };
        let fault = |error| format!("reading {}: {error}", mutant.file);
        let source = std::fs::read_to_string(folders.workspace.join(&mutant.file)).map_err(fault)?;
        let changed = BTreeMap::from([(PathBuf::from(&mutant.file), mutant.apply(&source)?)]);
        copy::write_all(&folders.workspace, &folders.alone, changed, "")?;
        // The core's own tests are built soonest.
        let core = ["-p", "azure-imds", "--lib", "--all-features"];
        let mut outcome = tried(runner::build_in(&folders.alone, &folders.target, &core, Stdio::null())?, folders)?;
        if outcome == Outcome::Missed {
            outcome = tried(build(&folders.alone, &folders.target, &TESTS, Stdio::null())?, folders)?;
        }
        tell(Some(mutant), &outcome);
        outcomes.insert(*number, outcome);
        remember(&folders.memory, mutants, outcomes, last)?;
        progress(done + 1, numbers.len());
    }
    Ok(())
}

fn tried(programs: Option<Vec<Program>>, folders: &Folders) -> Result<Outcome, String> {
    programs.map_or(Ok(Outcome::Unviable), |programs| trial::run_all(&programs, &folders.outputs))
}

/// What is missed is told at once: the rest may take long.
fn tell(mutant: Option<&Mutant>, outcome: &Outcome) {
    if let Some(mutant) = mutant.filter(|_| *outcome == Outcome::Missed) {
        eprintln!("missed: {}", mutant.name);
    }
}

fn progress(done: usize, all: usize) {
    let mut out = std::io::stderr();
    // A terminal keeps one line; a log gets one now and then. That it can't be written is no reason to stop.
    let _written = if out.is_terminal() {
        write!(out, "\r\x1b[2K{done} of {all}{}", if done == all { "\n" } else { "" })
    } else if done == all || done.is_multiple_of(50) {
        writeln!(out, "{done} of {all}")
    } else {
        Ok(())
    };
}

/// What a mutant is called in the memory: a place may have moved.
fn key(mutant: &Mutant) -> String {
    format!("{}\t{}\t{}", mutant.file, mutant.change(), mutant.line)
}

fn recall(memory: &Path) -> Result<BTreeMap<String, Outcome>, String> {
    if !memory.exists() {
        return Ok(BTreeMap::new());
    }
    let text = std::fs::read_to_string(memory).map_err(|error| format!("reading {}: {error}", memory.display()))?;
    let mut known = BTreeMap::new();
    for line in text.lines() {
        let mut parts = line.splitn(4, '\t');
        let key: Vec<_> = parts.by_ref().take(3).collect();
        let outcome = parts.next().and_then(Outcome::read).ok_or_else(|| format!("not readable: {line}"))?;
        // Two mutants of one line may have one name: what is missed of either is tried again.
        let entry = known.entry(key.join("\t")).or_insert_with(|| outcome.clone());
        if outcome == Outcome::Missed {
            *entry = outcome;
        }
    }
    Ok(known)
}

/// Keeps what is known of mutants that were not tried now.
fn remember(
    memory: &Path,
    mutants: &[Mutant],
    outcomes: &BTreeMap<usize, Outcome>,
    last: &BTreeMap<String, Outcome>,
) -> Result<(), String> {
    let mut text = String::new();
    for (number, mutant) in mutants.iter().enumerate() {
        if let Some(outcome) = outcomes.get(&number).or_else(|| last.get(&key(mutant))) {
            text.push_str(&format!("{}\t{outcome}\n", key(mutant)));
        }
    }
    std::fs::write(memory, text).map_err(|error| format!("writing {}: {error}", memory.display()))
}

fn report(
    wish: &Wish,
    folders: &Folders,
    mutants: &[Mutant],
    outcomes: &BTreeMap<usize, Outcome>,
    start: Instant,
) -> Result<bool, String> {
    let equivalent = score::equivalent()?;
    let tried: Vec<(&Mutant, &Outcome)> =
        outcomes.iter().filter_map(|(number, outcome)| Some((mutants.get(*number)?, outcome))).collect();
    let is_listed = |mutant: &Mutant| equivalent.iter().any(|entry| entry.is(mutant));
    let mut right = true;
    for (mutant, _) in tried.iter().filter(|(mutant, outcome)| **outcome == Outcome::Missed && !is_listed(mutant)) {
        println!("MISSED {}\n  {}", mutant.name, mutant.line);
        right = false;
    }
    for (mutant, outcome) in tried.iter().filter(|(mutant, _)| is_listed(mutant)) {
        if let Outcome::Caught(by) | Outcome::Timeout(by) = outcome {
            println!("listed as changing nothing, yet noticed by {by}: {}\n  {}", mutant.name, mutant.line);
        }
    }
    if wish.is_whole() {
        let is_gone = |entry: &&Equivalent| !mutants.iter().any(|mutant| entry.is(mutant));
        for entry in equivalent.iter().filter(is_gone) {
            println!(
                "listed as changing nothing, but there is none: {}: {}\n  {}",
                entry.file, entry.change, entry.line
            );
            right = false;
        }
    }
    let table = score::tables(&tried, &equivalent);
    println!("{table}\n{} mutants tried, {:.0} s", tried.len(), start.elapsed().as_secs_f32());
    if wish.is_whole() {
        let is_as_written = write(&folders.workspace, &table, wish.check)?;
        return Ok(is_as_written && (right || !wish.check));
    }
    Ok(right)
}

/// Whether the report has the table; without `check`, it is written there.
fn write(workspace: &Path, table: &str, check: bool) -> Result<bool, String> {
    let path = workspace.join("tests/RELIABILITY.md");
    let before = std::fs::read_to_string(&path).map_err(|error| format!("reading {}: {error}", path.display()))?;
    let (begin, end) = ("<!-- mutants -->\n", "<!-- end of mutants -->");
    let (head, rest) = before.split_once(begin).ok_or("tests/RELIABILITY.md has no mark for mutants")?;
    let (old, tail) = rest.split_once(end).ok_or("tests/RELIABILITY.md has no end of mutants")?;
    // The line of the date is not compared.
    let (date, rows) = old.trim().split_once("\n\n").unwrap_or((old, ""));
    if rows.trim() == table.trim() {
        println!("tests/RELIABILITY.md is as it would be written ({date})");
        return Ok(true);
    }
    if check {
        println!("the score in tests/RELIABILITY.md is not what it says");
        return Ok(false);
    }
    let today =
        Command::new("date").args(["-u", "+%Y-%m-%d"]).output().map_err(|error| format!("the date: {error}"))?;
    let today = String::from_utf8_lossy(&today.stdout);
    let after = format!("{head}{begin}\nOf {}.\n\n{}\n\n{end}{tail}", today.trim(), table.trim());
    std::fs::write(&path, after).map_err(|error| format!("writing {}: {error}", path.display()))?;
    println!("tests/RELIABILITY.md written");
    Ok(true)
}
