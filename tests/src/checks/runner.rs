//! The test programs of the copy: building them, and running them with checks removed.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::copy;
use super::verdict::Evidence;

/// Integration tests that are run, as far as they exist.
const TESTS: [&str; 4] = [VECTORS, "issuer_fetching", "known_issuers", "specification_sample"];

/// The runner of the vectors.
const VECTORS: &str = "attested";

/// A test that looks at all vectors once more, and is run apart, after the others.
const SLOW: (&str, &str) = ("issuer_fetching", "a_fetched_issuer_gives_the_verdict_of_one_that_was_at_hand");

/// What a run may take. One that takes longer is looked at by people.
const LIMIT: Duration = Duration::from_secs(600);

/// A test program, or some of its tests.
#[derive(Clone, Debug)]
pub struct Program {
    /// Its name: that of its file, or `lib`.
    pub name: String,
    path: PathBuf,
    folder: PathBuf,
    arguments: Vec<&'static str>,
    /// What it took with nothing removed.
    pub took: Duration,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Run {
    /// No test failed.
    Passed,
    /// A test failed.
    Caught(Evidence),
    /// It did not come to an end in time.
    Hung(String),
}

/// Builds the test programs of the copy.
///
/// # Errors
///
/// A sentence; what the compiler has to say stands above it.
pub fn build(copy: &Path) -> Result<Vec<Program>, String> {
    let mut tests = vec!["-p", "azure-imds-tests"];
    let folder = copy.join("tests/tests");
    let is_there =
        |test: &str| folder.join(format!("{test}.rs")).exists() || folder.join(test).join("main.rs").exists();
    for test in TESTS.into_iter().filter(|test| is_there(test)) {
        tests.extend(["--test", test]);
    }
    let mut programs = Vec::new();
    for arguments in [vec!["-p", "azure-imds", "--lib"], tests] {
        let built = build_in(copy, &copy.join("target"), &arguments, Stdio::inherit())?;
        programs.extend(built.ok_or("the copy of the core, with all checks removable, can't be built")?);
    }
    if programs.len() < 2 {
        return Err(String::from("cargo named no test programs"));
    }
    if let Some(program) = programs.iter_mut().find(|program| program.name == SLOW.0) {
        let slow = Program { arguments: vec![SLOW.1], ..program.clone() };
        program.arguments = vec!["--skip", SLOW.1];
        programs.push(slow);
    }
    Ok(programs)
}

/// Builds what `cargo test` with these arguments would run; nothing if the compiler refuses.
///
/// # Errors
///
/// A sentence, if cargo can't be started.
pub fn build_in(
    copy: &Path,
    target: &Path,
    arguments: &[&str],
    complaints: Stdio,
) -> Result<Option<Vec<Program>>, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["test", "--quiet", "--no-run", "--message-format=json-render-diagnostics"])
        .args(arguments)
        .arg("--target-dir")
        .arg(target)
        .current_dir(copy)
        // What a removal leaves unused or unreachable is no fault of it.
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env("RUSTFLAGS", "--cap-lints=allow")
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .stderr(complaints)
        .output()
        .map_err(|error| format!("starting cargo: {error}"))?;
    let messages = String::from_utf8_lossy(&output.stdout);
    let programs = messages.lines().filter_map(|line| program(&serde_json::from_str(line).ok()?)).collect();
    Ok(output.status.success().then_some(programs))
}

fn program(message: &Value) -> Option<Program> {
    let path = message["executable"].as_str().filter(|_| message["profile"]["test"] == true)?;
    let folder = Path::new(message["manifest_path"].as_str()?).parent()?;
    let is_library = message["target"]["kind"].as_array()?.iter().any(|kind| kind == "lib");
    let name = if is_library { "lib" } else { message["target"]["name"].as_str()? };
    Some(Program {
        name: name.to_owned(),
        path: path.into(),
        folder: folder.into(),
        arguments: Vec::new(),
        took: Duration::ZERO,
    })
}

/// Runs everything with nothing removed, and sorts by what it took: those that answer soonest are asked first.
///
/// # Errors
///
/// A sentence with the test that fails.
pub fn baseline(programs: &mut [Program], outputs: &Path) -> Result<(), String> {
    for program in &mut *programs {
        let start = Instant::now();
        match program.run("", "", outputs)? {
            Run::Passed => program.took = start.elapsed(),
            Run::Caught(evidence) => return Err(format!("with nothing removed a test fails: {evidence}")),
            Run::Hung(name) => return Err(format!("with nothing removed {name} hangs")),
        }
    }
    programs.sort_by_key(|program| program.took);
    Ok(())
}

/// Runs the vectors whose verdicts are the check's own codes alone: of these one is likely to fail.
///
/// # Errors
///
/// A sentence, if the program can't be run.
pub fn run_likely(programs: &[Program], removed: &str, codes: &str, outputs: &Path) -> Result<Run, String> {
    let vectors = programs.iter().find(|program| program.name == VECTORS).ok_or("there is no runner of the vectors")?;
    vectors.run(removed, codes, outputs)
}

/// Runs the likely vectors, and then one program after the other, until a test fails.
///
/// # Errors
///
/// A sentence, if a program can't be run.
pub fn run(programs: &[Program], removed: &str, codes: &str, outputs: &Path) -> Result<Run, String> {
    let mut run = run_likely(programs, removed, codes, outputs)?;
    for program in programs {
        if run != Run::Passed {
            break;
        }
        run = program.run(removed, "", outputs)?;
    }
    Ok(run)
}

impl Program {
    fn run(&self, removed: &str, verdicts: &str, outputs: &Path) -> Result<Run, String> {
        let variables = [(copy::REMOVED, removed), (copy::VERDICTS, verdicts)];
        self.run_with(&variables, &self.arguments, LIMIT, outputs).map(|(run, _)| run)
    }

    /// The folder of its package.
    #[must_use]
    pub fn package(&self) -> &Path {
        &self.folder
    }

    /// Runs it with variables and arguments, for so long at most; its output goes along.
    ///
    /// # Errors
    ///
    /// A sentence, if it can't be run.
    pub fn run_with(
        &self,
        variables: &[(&str, &str)],
        arguments: &[&str],
        limit: Duration,
        outputs: &Path,
    ) -> Result<(Run, String), String> {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let fault = |error| format!("running {}: {error}", self.path.display());
        let output = outputs.join(format!("{}.txt", NUMBER.fetch_add(1, Ordering::Relaxed)));
        let file = File::create(&output).map_err(fault)?;
        // A loop without end takes memory, too: what no test needs by far is refused to all.
        let mut child = Command::new("sh")
            .args(["-c", "ulimit -v 4000000 2>/dev/null || :; exec \"$0\" \"$@\""])
            .arg(&self.path)
            .args(arguments)
            .current_dir(&self.folder)
            .envs(variables.iter().copied())
            // Only what stands in the repository is to catch anything.
            .env_remove("AZURE_IMDS_REAL_VECTORS")
            .env("RUST_BACKTRACE", "0")
            .env("RUST_TEST_THREADS", "1")
            .stderr(Stdio::from(file.try_clone().map_err(fault)?))
            .stdout(Stdio::from(file))
            .spawn()
            .map_err(fault)?;
        let status = wait(&mut child, limit).map_err(fault)?;
        let text = fs::read(&output).map_err(fault)?;
        fs::remove_file(&output).map_err(fault)?;
        let text = String::from_utf8_lossy(&text).into_owned();
        let run = match status {
            None => Run::Hung(self.name.clone()),
            Some(status) if status.success() => Run::Passed,
            Some(_) => Run::Caught(Evidence::read(&self.name, &text)),
        };
        Ok((run, text))
    }
}

/// Nothing if it had to be stopped.
fn wait(child: &mut Child, limit: Duration) -> std::io::Result<Option<ExitStatus>> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if start.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
