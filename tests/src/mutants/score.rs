//! The score of the mutants by file, and those that change nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::list::Mutant;
use super::trial::Outcome;

/// Mutants that are missed because they change nothing that a caller can see, each with the reason.
const EQUIVALENT: &str = include_str!("equivalent.txt");

/// Files that decide nothing: they name, tell and describe what others have decided.
const TELLING: [&str; 12] = [
    "core/src/attested/path/chain_certificate.rs",
    "core/src/attested/verdict/headline.rs",
    "core/src/attested/issuers.rs",
    "core/src/attested/issuers/table.rs",
    "core/src/attested/layers.rs",
    "core/src/attested/input/recognise.rs",
    "core/src/attested/input/recognise/",
    "core/src/attested/verdict/fetch.rs",
    "core/src/attested/verdict/form.rs",
    "core/src/attested/verdict/report.rs",
    "core/src/cloud.rs",
    "core/src/attested/error/verify.rs",
];

/// A mutant that changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Equivalent {
    /// Path of the file from the workspace.
    pub file: String,
    /// The change, as cargo-mutants calls it, without the place.
    pub change: String,
    /// The line where it stands.
    pub line: String,
    /// Why nothing changes.
    pub why: String,
}

/// Reads the list of those that change nothing.
///
/// ```text
///   file core/src/attested/x509/key.rs         the file that the entries below are about
///
///   = replace < with <= in check          the change
///   - if length < LIMIT {                 the line; entries without a reason share the next one's
///   a reason, in any number of lines
/// ```
///
/// # Errors
///
/// A sentence with the line that can't be read.
pub fn equivalent() -> Result<Vec<Equivalent>, String> {
    parse(EQUIVALENT)
}

fn parse(text: &str) -> Result<Vec<Equivalent>, String> {
    let mut list: Vec<Equivalent> = Vec::new();
    let mut file = "";
    // From here on entries have no reason yet, or are given the one that is being read.
    let (mut open, mut reads) = (0, false);
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(path) = line.strip_prefix("file ") {
            file = path;
        } else if let Some(change) = line.strip_prefix("= ") {
            if reads {
                (open, reads) = (list.len(), false);
            }
            let (file, change) = (file.to_owned(), change.to_owned());
            list.push(Equivalent { file, change, line: String::new(), why: String::new() });
        } else if let Some(code) = line.strip_prefix("- ") {
            list.last_mut().ok_or_else(|| format!("no change above: {line}"))?.line = code.to_owned();
        } else {
            reads = true;
            for entry in list.iter_mut().skip(open) {
                let blank = if entry.why.is_empty() { "" } else { " " };
                entry.why = format!("{}{blank}{line}", entry.why);
            }
        }
    }
    match list.iter().find(|it| it.why.is_empty() || it.line.is_empty() || it.file.is_empty()) {
        Some(entry) => Err(format!("no file, line or reason for: {}", entry.change)),
        None => Ok(list),
    }
}

impl Equivalent {
    /// Whether it is this one.
    #[must_use]
    pub fn is(&self, mutant: &Mutant) -> bool {
        self.file == mutant.file && self.change == mutant.change() && self.line == mutant.line
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    all: usize,
    caught: usize,
    timeout: usize,
    unviable: usize,
    equivalent: usize,
    missed: usize,
}

impl Count {
    fn add(&mut self, other: Self) {
        self.all += other.all;
        self.caught += other.caught;
        self.timeout += other.timeout;
        self.unviable += other.unviable;
        self.equivalent += other.equivalent;
        self.missed += other.missed;
    }

    fn row(&self, name: &str) -> String {
        let viable = self.all - self.unviable - self.equivalent;
        let score = match viable {
            0 => String::from("none"),
            _ => format!("{:.1} %", 100.0 * (self.caught + self.timeout) as f64 / viable as f64),
        };
        format!(
            "| {name} | {} | {} | {} | {} | {} | {} | {score} |\n",
            self.all, self.caught, self.timeout, self.unviable, self.equivalent, self.missed
        )
    }
}

/// The tables of the reliability report: by file, then every mutant that is missed.
#[must_use]
pub fn tables(mutants: &[(&Mutant, &Outcome)], equivalent: &[Equivalent]) -> String {
    let mut files: BTreeMap<&str, Count> = BTreeMap::new();
    for (mutant, outcome) in mutants {
        let count = files.entry(&mutant.file).or_default();
        count.all += 1;
        match outcome {
            Outcome::Caught(_) => count.caught += 1,
            Outcome::Timeout(_) => count.timeout += 1,
            Outcome::Unviable => count.unviable += 1,
            Outcome::Missed if equivalent.iter().any(|entry| entry.is(mutant)) => count.equivalent += 1,
            Outcome::Missed => count.missed += 1,
        }
    }
    let mut text = String::from(
        "| file | mutants | caught | time-out | unviable | change nothing | missed | score |\n|---|---|---|---|---|---|---|---|\n",
    );
    let mut all = Count::default();
    for telling in [false, true] {
        for (file, count) in files.iter().filter(|(file, _)| is_telling(file) == telling) {
            text.push_str(&count.row(&format!("`{}`", file.trim_start_matches("core/src/"))));
            all.add(*count);
        }
        if !telling {
            text.push_str(&all.row("**all that decide**"));
        }
    }
    text.push_str(&all.row("**all**"));
    let missed = mutants
        .iter()
        .filter(|(mutant, outcome)| **outcome == Outcome::Missed && !equivalent.iter().any(|entry| entry.is(mutant)));
    let mut missed = missed.peekable();
    if missed.peek().is_some() {
        text.push_str("\nMissed:\n\n");
        for (mutant, _) in missed {
            let file = mutant.file.trim_start_matches("core/src/");
            let _written = writeln!(text, "- `{file}`: {}, in `{}`", mutant.change().replace('|', "\\|"), mutant.line);
        }
    }
    text
}

/// Whether a file tells only what others have decided.
#[must_use]
pub fn is_telling(file: &str) -> bool {
    TELLING.iter().any(|telling| file == *telling || (telling.ends_with('/') && file.starts_with(telling)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_has_a_reason() {
        let list = parse("file a.rs\n= x\n- y;\n\n= z\n- w\none\ntwo\n= v\n- u\nthree\n").unwrap();
        let reasons: Vec<_> = list.iter().map(|entry| entry.why.as_str()).collect();
        assert_eq!(reasons, ["one two", "one two", "three"]);
        assert!(parse("file a.rs\n= x\n- y\n").is_err());
        equivalent().unwrap();
    }
}
