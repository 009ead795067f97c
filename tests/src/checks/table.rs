//! The table of the verifier's checks, each with the edit that removes it.
//!
//! ```text
//!   file core/src/attested/input.rs       the file that the entries below are about
//!
//!   = input_length (input_too_long)       name, and the code that the check yields
//!   An input has at most 64 KiB.          what is checked
//!   redundant with other: why             only if another check refuses the same; may be left out
//!   - if input.len() > LIMIT {            text to find, which stands in the file once
//!   + if input.len() > LIMIT && !REMOVED {    what replaces it; any number of such pairs
//! ```
//!
//! `REMOVED` stands for the question whether this check is the one to leave out. Lines with `#` are comments.

use std::collections::BTreeSet;

/// One check.
#[derive(Clone, Debug, Default)]
pub struct Check {
    /// Stable, unique.
    pub name: String,
    /// The code with which a document is refused, or what else the check yields.
    pub code: String,
    /// What is checked, in a sentence.
    pub what: String,
    /// Path of the file from the workspace.
    pub file: String,
    /// Name of a check that refuses the same, and why that is so.
    pub redundant: Option<(String, String)>,
    /// Texts to find, and what replaces them.
    pub edits: Vec<(String, String)>,
}

impl Check {
    /// The words of the code, a space between them: the verdicts of vectors that are likely to need this check.
    #[must_use]
    pub fn codes(&self) -> String {
        self.code
            .split(|character: char| !character.is_ascii_lowercase() && character != '_')
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// The tables, in the order of the verification.
const TABLES: &[&str] = &[
    include_str!("table/input.txt"),
    include_str!("table/signed_data.txt"),
    include_str!("table/signature.txt"),
    include_str!("table/keys.txt"),
    include_str!("table/names.txt"),
    include_str!("table/profile.txt"),
    include_str!("table/chain.txt"),
    include_str!("table/claims.txt"),
    include_str!("table/verifier.txt"),
    include_str!("table/fetching.txt"),
    include_str!("table/arguments.txt"),
];

/// Reads all tables.
///
/// # Errors
///
/// A sentence with the line that can't be read, or with the name that is wrong.
pub fn read() -> Result<Vec<Check>, String> {
    let mut checks = Vec::new();
    for table in TABLES {
        parse(table, &mut checks)?;
    }
    let names: BTreeSet<_> = checks.iter().map(|check| check.name.as_str()).collect();
    if names.len() != checks.len() {
        let mut seen = BTreeSet::new();
        let twice = checks.iter().find(|check| !seen.insert(&check.name)).map_or("", |check| &check.name);
        return Err(format!("{twice} stands in the table twice"));
    }
    for check in &checks {
        if check.edits.is_empty() || check.what.is_empty() || check.file.is_empty() {
            return Err(format!("{} lacks an edit, a sentence or a file", check.name));
        }
        if let Some((other, _)) = check.redundant.as_ref().filter(|(other, _)| !names.contains(other.as_str())) {
            return Err(format!("{} is redundant with {other}, which is not in the table", check.name));
        }
    }
    Ok(checks)
}

fn parse(table: &str, checks: &mut Vec<Check>) -> Result<(), String> {
    let mut file = "";
    let mut last = ' ';
    for line in table.lines().map(str::trim_end) {
        let (sign, rest) = line.split_at_checked(1).unwrap_or(("", ""));
        let sign = sign.chars().next().unwrap_or(' ');
        if sign == '#' || sign == ' ' {
            last = ' ';
            continue;
        }
        if let Some(path) = line.strip_prefix("file ") {
            file = path;
            continue;
        }
        if let Some(head) = line.strip_prefix("= ") {
            let (name, code) = head.split_once(" (").ok_or_else(|| format!("no code in the line: {line}"))?;
            let (name, code) = (name.to_owned(), code.trim_end_matches(')').to_owned());
            checks.push(Check { name, code, file: file.to_owned(), ..Check::default() });
            last = sign;
            continue;
        }
        let check = checks.last_mut().ok_or_else(|| format!("no check above the line: {line}"))?;
        match (sign, last) {
            ('-', '-') => append(check.edits.last_mut().map(|edit| &mut edit.0), rest),
            ('-', _) => check.edits.push((rest.to_owned(), String::new())),
            ('+', '-' | '+') => append(check.edits.last_mut().map(|edit| &mut edit.1), rest),
            ('+', _) => return Err(format!("nothing to find above the line: {line}")),
            _ => match line.strip_prefix("redundant with ").and_then(|line| line.split_once(": ")) {
                Some((other, why)) => check.redundant = Some((other.to_owned(), why.to_owned())),
                None => append(Some(&mut check.what), line),
            },
        }
        last = sign;
    }
    Ok(())
}

fn append(text: Option<&mut String>, line: &str) {
    if let Some(text) = text {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_is_whole() {
        assert!(read().unwrap().len() > 100);
    }
}
