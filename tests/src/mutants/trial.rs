//! Runs the tests that reach a mutant, those that answer soonest first, until one fails.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::time::Duration;

use super::compiler::{SWITCHED, VECTORS};
use super::reach::Test;
use crate::checks::runner::{Program, Run};

/// What became of a mutant, in the words of cargo-mutants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A test failed.
    Caught(String),
    /// A test did not come to its end in time.
    Timeout(String),
    /// The compiler refused it.
    Unviable,
    /// No test failed.
    Missed,
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Caught(by) => write!(formatter, "caught\t{by}"),
            Self::Timeout(by) => write!(formatter, "timeout\t{by}"),
            Self::Unviable => formatter.write_str("unviable\t"),
            Self::Missed => formatter.write_str("missed\t"),
        }
    }
}

impl Outcome {
    /// Reads what [`Display`](fmt::Display) writes.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (word, by) = text.split_once('\t')?;
        Some(match word {
            "caught" => Self::Caught(by.to_owned()),
            "timeout" => Self::Timeout(by.to_owned()),
            "unviable" => Self::Unviable,
            "missed" => Self::Missed,
            _ => return None,
        })
    }
}

/// A test that takes longer is run by itself, after the quick ones.
const QUICK: Duration = Duration::from_millis(300);

/// What a run may take at least: ten times of what it took with nothing switched on, and not less than this.
const LEAST: Duration = Duration::from_secs(10);

/// Tries one mutant.
///
/// # Errors
///
/// A sentence, if a program can't be run.
pub fn run(number: usize, tests: &[Test], programs: &[Program], outputs: &Path) -> Result<Outcome, String> {
    for step in plan(number, tests) {
        let Some(program) = programs.get(step.program) else { continue };
        let mut arguments = vec!["--exact"];
        arguments.extend(step.tests);
        let switched = number.to_string();
        let variables = [(SWITCHED, switched.as_str()), (VECTORS, step.vectors.as_str())];
        match program.run_with(&variables, &arguments, LEAST.max(step.took * 10), outputs)?.0 {
            Run::Passed => {}
            Run::Caught(evidence) => return Ok(Outcome::Caught(evidence.to_string())),
            Run::Hung(name) => return Ok(Outcome::Timeout(name)),
        }
    }
    Ok(Outcome::Missed)
}

struct Step<'a> {
    program: usize,
    tests: Vec<&'a str>,
    vectors: String,
    took: Duration,
}

/// The tests that reach it: the quick ones of a program together, then the slow ones one by one.
fn plan(number: usize, tests: &[Test]) -> Vec<Step<'_>> {
    let mut quick: BTreeMap<usize, Step<'_>> = BTreeMap::new();
    let mut slow = Vec::new();
    for test in tests.iter().filter(|test| test.reached.contains(&number)) {
        if !test.vectors.is_empty() {
            slow.extend(vectors(number, test));
        } else if test.took > QUICK {
            slow.push(Step { program: test.program, tests: vec![&test.name], vectors: String::new(), took: test.took });
        } else {
            let step = quick.entry(test.program).or_insert_with(|| Step {
                program: test.program,
                tests: Vec::new(),
                vectors: String::new(),
                took: Duration::ZERO,
            });
            step.tests.push(&test.name);
            step.took += test.took;
        }
    }
    let mut steps: Vec<_> = quick.into_values().chain(slow).collect();
    steps.sort_by_key(|step| step.took);
    steps
}

/// Vectors of one sort stand together, so a few from all over the file are asked before the rest.
const SAMPLE: usize = 40;

fn vectors(number: usize, test: &Test) -> Vec<Step<'_>> {
    let reaching = test.vectors.iter().filter(|(_, reached)| reached.contains(&number)).map(|(position, _)| *position);
    let all: Vec<usize> = reaching.collect();
    let stride = all.len().div_ceil(SAMPLE).max(1);
    let (sample, rest): (Vec<_>, Vec<_>) = all.iter().enumerate().partition(|(at, _)| at.is_multiple_of(stride));
    let step = |part: Vec<(usize, &usize)>| {
        let share = u32::try_from(test.vectors.len() / part.len().max(1)).unwrap_or(1).max(1);
        let vectors: Vec<_> = part.iter().map(|(_, position)| position.to_string()).collect();
        Step { program: test.program, tests: vec![&test.name], vectors: vectors.join(" "), took: test.took / share }
    };
    [sample, rest].into_iter().filter(|part| !part.is_empty()).map(step).collect()
}

/// What a program of a mutant that was built by itself may take, with all its tests.
const LIMIT: Duration = Duration::from_secs(300);

/// Tries a mutant that was built by itself: every test of these programs.
///
/// # Errors
///
/// A sentence, if a program can't be run.
pub fn run_all(programs: &[Program], outputs: &Path) -> Result<Outcome, String> {
    for program in programs {
        match program.run_with(&[], &[], LIMIT, outputs)?.0 {
            Run::Passed => {}
            Run::Caught(evidence) => return Ok(Outcome::Caught(evidence.to_string())),
            Run::Hung(name) => return Ok(Outcome::Timeout(name)),
        }
    }
    Ok(Outcome::Missed)
}
