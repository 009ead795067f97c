//! Makes the tables of tests/RELIABILITY.md from the corpora and the lists of what diverges, or checks them.

use std::path::Path;
use std::process::ExitCode;

use azure_imds_tests::corpora::{flaws, limbo, mutation, pkits, runtime, wycheproof};
use azure_imds_tests::key_ring::KeyRing;
use azure_imds_tests::parity;
use azure_imds_tests::pki::Pki;
use lexopt::prelude::*;

const USAGE: &str = "\
usage: reliability [--check] [--long]

Runs the corpora and writes their figures into tests/RELIABILITY.md, between the marks. Sections whose data are not
at hand stay as they are, and are named.

  --check   write nothing; exit 1 if a section is not as it would be written
  --long    make every change of the mutation, not a sample: half a minute and more";

/// A section by its mark, and its text; nothing if its data are not at hand.
type Section = (&'static str, Option<String>);

fn main() -> Result<ExitCode, lexopt::Error> {
    let (mut check, mut long) = (false, false);
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("check") => check = true,
            Long("long") => long = true,
            Short('h') | Long("help") => {
                println!("{USAGE}");
                return Ok(ExitCode::SUCCESS);
            }
            _ => return Err(argument.unexpected()),
        }
    }
    match run(check, long) {
        Ok(true) => Ok(ExitCode::SUCCESS),
        Ok(false) => Ok(ExitCode::FAILURE),
        Err(reason) => {
            eprintln!("reliability: {reason}");
            Ok(ExitCode::FAILURE)
        }
    }
}

fn run(check: bool, long: bool) -> Result<bool, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("RELIABILITY.md");
    let before = std::fs::read_to_string(&path).map_err(|error| format!("reading {}: {error}", path.display()))?;
    let mut after = before.clone();
    for (mark, text) in sections(long)? {
        match text {
            Some(text) => after = replaced(&after, mark, &text)?,
            None => eprintln!(
                "skipped: the section {mark}: its data are not at hand, or it takes --long or another part of the tests"
            ),
        }
    }
    if before == after {
        println!("tests/RELIABILITY.md is as it would be written");
        return Ok(true);
    }
    if check {
        let first = before.lines().zip(after.lines()).find(|(one, other)| one != other);
        println!("tests/RELIABILITY.md is not as it would be written; the first line that differs: {first:?}");
        return Ok(false);
    }
    std::fs::write(&path, after).map_err(|error| format!("writing {}: {error}", path.display()))?;
    println!("tests/RELIABILITY.md written");
    Ok(true)
}

fn sections(long: bool) -> Result<Vec<Section>, String> {
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/attested.json");
    let suite = std::fs::read_to_string(&suite).map_err(|error| format!("reading {}: {error}", suite.display()))?;
    let suite = serde_json::from_str(&suite).map_err(|error| error.to_string())?;
    let outcomes = limbo::cases().map(|cases| limbo::run_all(&cases));
    let folder = pkits::folder();
    Ok(vec![
        ("limbo", outcomes.as_deref().map(limbo::table)),
        ("limbo divergences", Some(limbo_divergences())),
        ("wycheproof", Some(wycheproof_table())),
        ("pkits", folder.as_deref().map(pkits_figures)),
        ("pkits divergences", Some(pkits_divergences())),
        ("mutation", long.then(mutation_table)),
        ("flaws", Some(flaws::table(&suite))),
        ("parity", parity::table::kept()),
        ("differential", parity::table::kept_of_others()),
        ("runtime", Some(format!("{} crates.\n\n{}", runtime::tree()?.len(), runtime::table()))),
    ])
}

/// The text with what stands between two marks replaced.
fn replaced(text: &str, mark: &str, section: &str) -> Result<String, String> {
    let (begin, end) = (format!("<!-- {mark} -->\n"), format!("<!-- end of {mark} -->"));
    let (head, rest) = text.split_once(&begin).ok_or_else(|| format!("no mark {}", begin.trim()))?;
    let (_, tail) = rest.split_once(&end).ok_or_else(|| format!("no mark {end}"))?;
    Ok(format!("{head}{begin}\n{}\n\n{end}{tail}", section.trim()))
}

fn limbo_divergences() -> String {
    let mut table = String::from("| case | refused with | why |\n|---|---|---|\n");
    for (id, code, why) in limbo::STRICTER {
        table.push_str(&format!("| {id} | `{code}` | stricter: {why} |\n"));
    }
    for (id, code, why) in limbo::BY_NAMES {
        table.push_str(&format!("| {id} | `{code}` | by step 6, not by the chain: {why} |\n"));
    }
    for (id, why) in limbo::NOT_OFFERED {
        table.push_str(&format!("| {id} | accepted | not offered: {why} |\n"));
    }
    table
}

fn wycheproof_table() -> String {
    let mut table = String::from(
        "| vectors | all | accepted | refused | refused, parameters off the list | accepted, parameters of the list | wrong |\n|---|---|---|---|---|---|---|\n",
    );
    let rows = [
        ("RSASSA-PKCS1-v1_5, 2048 to 8192 bits", wycheproof::pkcs1()),
        ("RSASSA-PSS", wycheproof::pss()),
        ("ECDSA on P-256 and P-384", wycheproof::ecdsa()),
    ];
    for (name, tally) in rows {
        table.push_str(&format!(
            "| {name} | {} | {} | {} | {} | {} | {} |\n",
            tally.count(),
            tally.accepted,
            tally.refused,
            tally.refused_by_the_list,
            tally.accepted_by_the_list,
            tally.wrong.len()
        ));
    }
    table
}

fn pkits_figures(folder: &Path) -> String {
    let (paths, messages) = (pkits::paths(folder), pkits::messages(folder));
    let right = paths.iter().filter(|path| path.found.is_ok() == path.expected).count();
    let accepted = paths.iter().filter(|path| path.found.is_ok() && !path.expected).count();
    let passed = messages.iter().filter(|message| message.original == "passed").count();
    let changed = messages.iter().filter(|message| message.changed == "passed").count();
    format!(
        "- {} paths: {right} as the suite says, {} stricter, {accepted} falsely accepted.\n\
         - {} signed messages: {passed} right as they came, {} unreadable; {changed} right with an octet of the content changed.",
        paths.len(),
        paths.len() - right - accepted,
        messages.len(),
        messages.len() - passed
    )
}

fn pkits_divergences() -> String {
    let mut table = String::from("| case | refused with | why |\n|---|---|---|\n");
    for (id, code, why) in pkits::STRICTER {
        let (section, test) = id.split_at(3);
        let number = |digits: &str| digits.trim_start_matches('0').to_owned();
        table.push_str(&format!("| 4.{}.{} | `{code}` | {why} |\n", number(&section[1..]), number(test)));
    }
    for (name, why) in pkits::UNREADABLE {
        table.push_str(&format!("| {name} | `certificate_malformed` | {why} |\n"));
    }
    table
}

fn mutation_table() -> String {
    let pki = Pki::new(KeyRing::parse(include_str!("../../vectors/keys.json")));
    let mut table = String::from("| document | octets | changes | accepted |\n|---|---|---|---|\n");
    for subject in mutation::subjects(&pki) {
        let tally = subject.run(1);
        table.push_str(&format!(
            "| {} | {} | {} | {} |\n",
            subject.name,
            subject.der.len(),
            tally.count(),
            tally.accepted.len()
        ));
    }
    table
}
