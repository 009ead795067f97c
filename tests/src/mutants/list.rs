//! The mutants that cargo-mutants finds in the verifier.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

/// A place in a file: line and column from 1, the column in characters.
pub type Place = (usize, usize);

/// One change to the source.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// What cargo-mutants calls it: place and change.
    pub name: String,
    /// Path of the file from the workspace.
    pub file: String,
    /// `FnValue`, `BinaryOperator` and more.
    pub genre: String,
    /// What takes the place of the span.
    pub replacement: String,
    /// Where the span begins.
    pub start: Place,
    /// Where the span ends.
    pub end: Place,
    /// What the function returns, as `-> Type`; empty for nothing.
    pub returns: String,
    /// The line where it stands, without white space around it.
    pub line: String,
}

impl Mutant {
    /// The change, without the place.
    #[must_use]
    pub fn change(&self) -> &str {
        self.name.splitn(4, ':').nth(3).unwrap_or(&self.name).trim()
    }

    /// The file with this change alone.
    ///
    /// # Errors
    ///
    /// A sentence, if the file does not have the place.
    pub fn apply(&self, source: &str) -> Result<String, String> {
        let lines = Lines::of(source);
        let at = |place| lines.offset(place).ok_or_else(|| format!("{}: there is no such place", self.name));
        let (start, end) = (at(self.start)?, at(self.end)?);
        let (head, tail) = (source.get(..start), source.get(end..));
        let (Some(head), Some(tail)) = (head, tail) else { return Err(format!("{}: no place", self.name)) };
        // An arm or a field leaves its comma, if that is outside the span; a blank keeps words apart.
        Ok(format!("{head}{} {tail}", self.replacement))
    }
}

/// Where the lines of a text begin.
#[derive(Debug)]
pub struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// Finds them.
    #[must_use]
    pub fn of(text: &'a str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    /// The octets before a place.
    #[must_use]
    pub fn offset(&self, (line, column): Place) -> Option<usize> {
        let start = *self.starts.get(line.checked_sub(1)?)?;
        let rest = &self.text[start..];
        Some(start + rest.char_indices().nth(column.checked_sub(1)?).map_or(rest.len(), |(at, _)| at))
    }
}

/// Asks cargo-mutants, which reads `.cargo/mutants.toml`; with a difference, only for what lies in its lines.
///
/// # Errors
///
/// A sentence, if it is not installed, or its answer can't be read.
pub fn read(workspace: &Path, difference: Option<&Path>) -> Result<Vec<Mutant>, String> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(workspace).args(["mutants", "-p", "azure-imds", "--list", "--json"]);
    if let Some(difference) = difference {
        command.arg("--in-diff").arg(difference);
    }
    let output = command.stderr(Stdio::inherit()).output().map_err(|error| format!("starting cargo: {error}"))?;
    if !output.status.success() {
        return Err(String::from("no list of mutants; `cargo install --locked cargo-mutants` gives what makes it"));
    }
    let list: Value = serde_json::from_slice(&output.stdout).map_err(|error| format!("the list: {error}"))?;
    let mut sources = BTreeMap::new();
    let entries = list.as_array().ok_or("the list of mutants is no list")?;
    entries.iter().map(|entry| mutant(workspace, entry, &mut sources)).collect()
}

fn mutant(workspace: &Path, entry: &Value, sources: &mut BTreeMap<String, String>) -> Result<Mutant, String> {
    let text = |value: &Value| value.as_str().map(str::to_owned).ok_or_else(|| format!("not readable: {entry}"));
    let place = |end: &str| -> Option<Place> {
        let number = |key: &str| usize::try_from(entry["span"][end][key].as_u64()?).ok();
        Some((number("line")?, number("column")?))
    };
    let file = text(&entry["file"])?;
    if !sources.contains_key(&file) {
        let source = fs::read_to_string(workspace.join(&file)).map_err(|error| format!("reading {file}: {error}"))?;
        sources.insert(file.clone(), source);
    }
    let start = place("start").ok_or_else(|| format!("no place: {entry}"))?;
    let line = sources.get(&file).and_then(|source| source.lines().nth(start.0.saturating_sub(1)));
    Ok(Mutant {
        name: text(&entry["name"])?,
        line: line.unwrap_or_default().trim().to_owned(),
        file,
        genre: text(&entry["genre"])?,
        replacement: text(&entry["replacement"])?,
        start,
        end: place("end").ok_or_else(|| format!("no place: {entry}"))?,
        returns: entry["function"]["return_type"].as_str().unwrap_or_default().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mutant_changes_its_span_alone() {
        let mutant = Mutant {
            name: String::from("a.rs:2:3: replace == with !="),
            file: String::from("a.rs"),
            genre: String::from("BinaryOperator"),
            replacement: String::from("!="),
            start: (2, 3),
            end: (2, 5),
            returns: String::new(),
            line: String::new(),
        };
        assert_eq!(mutant.apply("é\nñ == b\n").unwrap(), "é\nñ !=  b\n");
        assert_eq!(mutant.change(), "replace == with !=");
        assert!(mutant.apply("").is_err());
    }
}
