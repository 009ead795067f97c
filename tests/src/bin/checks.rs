//! Removes the verifier's checks one by one, and shows that a test fails each time.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use azure_imds_tests::checks::copy;
use azure_imds_tests::checks::runner::{self, Program, Run};
use azure_imds_tests::checks::table::{self, Check};
use lexopt::prelude::*;

const USAGE: &str = "\
usage: checks [--list] [--only NAME]...

Copies the core into target/checks, makes each check of its verifier removable, and runs the tests without one
after the other. Exit 1 if there is one that no test misses.

  --list        show the checks and stop
  --only NAME   remove this one alone; may be given several times";

fn main() -> Result<ExitCode, lexopt::Error> {
    let (mut list, mut only) = (false, Vec::new());
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("list") => list = true,
            Long("only") => only.push(arguments.value()?.string()?),
            Short('h') | Long("help") => {
                println!("{USAGE}");
                return Ok(ExitCode::SUCCESS);
            }
            _ => return Err(argument.unexpected()),
        }
    }
    match if list { show(&only) } else { remove(&only) } {
        Ok(true) => Ok(ExitCode::SUCCESS),
        Ok(false) => Ok(ExitCode::FAILURE),
        Err(reason) => {
            eprintln!("checks: {reason}");
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Those asked for, in the order of the table.
fn chosen(checks: &[Check], only: &[String]) -> Result<Vec<Check>, String> {
    if let Some(name) = only.iter().find(|name| !checks.iter().any(|check| check.name == **name)) {
        return Err(format!("there is no check {name}; --list shows them"));
    }
    Ok(checks.iter().filter(|check| only.is_empty() || only.contains(&check.name)).cloned().collect())
}

fn show(only: &[String]) -> Result<bool, String> {
    let checks = chosen(&table::read()?, only)?;
    for check in &checks {
        println!("{:<36}  {:<32}  {}", check.name, check.code, check.what.replace('\n', " "));
    }
    println!("{} checks", checks.len());
    Ok(true)
}

fn remove(only: &[String]) -> Result<bool, String> {
    let start = Instant::now();
    let all = table::read()?;
    let checks = chosen(&all, only)?;
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let copy = target(&workspace).join("checks");
    copy::make(&workspace, &copy, &all)?;
    eprintln!("building the core with {} checks that can be removed", all.len());
    let mut programs = runner::build(&copy)?;
    let built = start.elapsed();
    let outputs = copy.join("output");
    std::fs::create_dir_all(&outputs).map_err(|error| format!("making {}: {error}", outputs.display()))?;
    runner::baseline(&mut programs, &outputs)?;
    let took: Vec<_> = programs.iter().map(|it| format!("{} in {:.1} s", it.name, it.took.as_secs_f32())).collect();
    eprintln!("built in {:.0} s; with nothing removed all pass: {}", built.as_secs_f32(), took.join(", "));
    let findings = runs(&checks, &programs, &outputs)?;
    let failed = report(&checks, &findings);
    println!("{} passed, {failed} failed, {:.0} s", checks.len() - failed, start.elapsed().as_secs_f32());
    Ok(failed == 0)
}

fn target(workspace: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), PathBuf::from)
}

/// What became of one removal: whether it is as it should be, and why.
type Finding = (bool, String);

/// As many at a time as there are processors.
fn runs(checks: &[Check], programs: &[Program], outputs: &Path) -> Result<BTreeMap<String, Finding>, String> {
    let threads = std::thread::available_parallelism().map_or(2, NonZero::get);
    let (next, findings) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    let work = || -> Result<(), String> {
        while let Some(check) = checks.get(next.fetch_add(1, Ordering::Relaxed)) {
            let finding = finding(check, programs, outputs)?;
            let mut findings = findings.lock().map_err(|_| String::from("a thread has died"))?;
            findings.insert(check.name.clone(), finding);
            progress(findings.len(), checks.len(), &check.name);
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| String::from("a thread has died"))?)
    })?;
    findings.into_inner().map_err(|_| String::from("a thread has died"))
}

fn finding(check: &Check, programs: &[Program], outputs: &Path) -> Result<Finding, String> {
    let codes = check.codes();
    let Some((other, why)) = &check.redundant else {
        return Ok(match runner::run(programs, &check.name, &codes, outputs)? {
            Run::Caught(evidence) => (true, evidence.to_string()),
            Run::Passed => (false, String::from("NOTHING FAILS")),
            Run::Hung(name) => (false, format!("HANG in {name}")),
        });
    };
    // A glance tells whether the other is needed: with it nothing must be missed.
    if let Run::Caught(evidence) = runner::run_likely(programs, &check.name, &codes, outputs)? {
        return Ok((false, format!("NOT REDUNDANT with {other}, as the table says: {evidence}")));
    }
    Ok(match runner::run(programs, &format!("{} {other}", check.name), &codes, outputs)? {
        Run::Caught(evidence) => (true, format!("with {other}, {why}: {evidence}")),
        Run::Passed => (false, format!("NOTHING FAILS, not even without {other} too")),
        Run::Hung(name) => (false, format!("HANG in {name}, without {other} too")),
    })
}

fn progress(done: usize, all: usize, name: &str) {
    let mut out = std::io::stderr();
    // A terminal keeps one line; a log gets one now and then. That it can't be written is no reason to stop.
    let _written = if out.is_terminal() {
        write!(out, "\r\x1b[2K{done} of {all}: {name}{}", if done == all { "\n" } else { "" })
    } else if done == all || done.is_multiple_of(25) {
        writeln!(out, "{done} of {all}")
    } else {
        Ok(())
    };
}

/// Prints the table, the failures once more at its end, and counts them.
fn report(checks: &[Check], findings: &BTreeMap<String, Finding>) -> usize {
    let found = || checks.iter().filter_map(|check| findings.get(&check.name).map(|finding| (check, finding)));
    println!("{:<36}  {:<32}  noticed by", "without this check", "that yields");
    for (check, (_, what)) in found() {
        println!("{:<36}  {:<32}  {what}", check.name, check.code);
    }
    println!();
    for (check, (_, what)) in found().filter(|(_, (right, _))| !right) {
        println!("FAILED {}: {what}\n  {}\n  {}", check.name, check.what.replace('\n', " "), check.file);
    }
    found().filter(|(_, (right, _))| !right).count()
}
