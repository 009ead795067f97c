//! Which tests reach which mutants, by one recorded run of each test.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::compiler::REACHED;
use crate::checks::runner::{Program, Run};

/// The runner of the vectors, of which single vectors can be asked for.
pub const VECTORS: &str = "attested";

/// What a test may take while it is recorded.
const LIMIT: Duration = Duration::from_secs(600);

/// One test, or the vectors.
#[derive(Clone, Debug)]
pub struct Test {
    /// The position of its program.
    pub program: usize,
    /// Its name in the program.
    pub name: String,
    /// What it took, the start of the program included.
    pub took: Duration,
    /// The mutants it comes by.
    pub reached: BTreeSet<usize>,
    /// For each vector, those it comes by.
    pub vectors: BTreeMap<usize, BTreeSet<usize>>,
}

/// Runs every test by itself with nothing switched on, two and more at a time.
///
/// # Errors
///
/// A sentence with the test that fails or can't be run.
pub fn record(programs: &[Program], outputs: &Path, threads: usize) -> Result<Vec<Test>, String> {
    let mut names = Vec::new();
    for (number, program) in programs.iter().enumerate() {
        let (_, list) = program.run_with(&[], &["--list", "--format", "terse"], LIMIT, outputs)?;
        let (_, ignored) = program.run_with(&[], &["--list", "--format", "terse", "--ignored"], LIMIT, outputs)?;
        let ignored: BTreeSet<_> = ignored.lines().collect();
        let tests = list.lines().filter(|line| !ignored.contains(line)).filter_map(|line| line.strip_suffix(": test"));
        names.extend(tests.map(|test| (number, test.to_owned())));
    }
    let (next, tests) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || -> Result<(), String> {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some((number, name)) = names.get(at) else { return Ok(()) };
            let Some(program) = programs.get(*number) else { return Ok(()) };
            let test = one(program, *number, name, &outputs.join(format!("reached-{at}.txt")), outputs)?;
            tests.lock().map_err(|_| String::from("a thread has died"))?.push(test);
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| String::from("a thread has died"))?)
    })?;
    let mut tests = tests.into_inner().map_err(|_| String::from("a thread has died"))?;
    tests.sort_by(|one, other| (one.program, &one.name).cmp(&(other.program, &other.name)));
    Ok(tests)
}

fn one(program: &Program, number: usize, name: &str, file: &Path, outputs: &Path) -> Result<Test, String> {
    let fault = |error| format!("reading {}: {error}", file.display());
    if file.exists() {
        fs::remove_file(file).map_err(fault)?;
    }
    let path = file.to_str().ok_or("a path that is not UTF-8")?;
    let start = Instant::now();
    match program.run_with(&[(REACHED, path)], &["--exact", name], LIMIT, outputs)? {
        (Run::Passed, output) if output.contains("1 passed") => {}
        (_, output) => return Err(format!("with nothing switched on, {} {name} fails:\n{output}", program.name)),
    }
    let took = start.elapsed();
    let mut test =
        Test { program: number, name: name.to_owned(), took, reached: BTreeSet::new(), vectors: BTreeMap::new() };
    let text = if file.exists() { fs::read_to_string(file).map_err(fault)? } else { String::new() };
    let mut vector = None;
    for line in text.lines() {
        if let Some(position) = line.strip_prefix("= ") {
            vector = position.parse().ok();
        } else if let Ok(mutant) = line.parse() {
            test.reached.insert(mutant);
            if let Some(vector) = vector {
                test.vectors.entry(vector).or_default().insert(mutant);
            }
        }
    }
    Ok(test)
}
