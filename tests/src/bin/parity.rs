//! Asks Rust what the packages are asked, and compares what all have answered.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use azure_imds_tests::parity::answer::answer;
use azure_imds_tests::parity::compare::{Answers, differences};
use azure_imds_tests::parity::control::alterations_are_found;
use azure_imds_tests::parity::{corpora, folder, forms, question, table};
use lexopt::prelude::*;
use serde_json::json;

const USAGE: &str = "\
usage: parity ask | parity compare

  ask       writes the questions and Rust's answers into the target folder, as parity/corpus.json and parity/rust.json,
            and Rust's JSON forms of results and errors as parity/forms-rust.json
  compare   compares parity/python.json, parity/node.json and the forms beside them with Rust's answers, member by
            member; exit 1 if they differ, or if an answer altered on purpose passes";

/// So many differences are shown.
const SHOWN: usize = 20;

fn main() -> Result<ExitCode, lexopt::Error> {
    let mut arguments = lexopt::Parser::from_env();
    let done = match arguments.next()? {
        Some(Value(command)) if command == "ask" => ask(&folder()),
        Some(Value(command)) if command == "compare" => compare(&folder()),
        Some(Short('h') | Long("help")) => {
            println!("{USAGE}");
            return Ok(ExitCode::SUCCESS);
        }
        Some(argument) => return Err(argument.unexpected()),
        None => Err(USAGE.to_owned()),
    };
    Ok(done.map_or_else(
        |reason| {
            eprintln!("parity: {reason}");
            ExitCode::FAILURE
        },
        |()| ExitCode::SUCCESS,
    ))
}

fn ask(folder: &Path) -> Result<(), String> {
    let questions = corpora::questions();
    let corpus = question::render(&questions);
    let answers: BTreeMap<&str, serde_json::Value> =
        questions.iter().map(|question| (question.id.as_str(), answer(question))).collect();
    let answers = json!({ "corpus": question::name(corpus.as_bytes()), "answers": answers }).to_string();
    fs::create_dir_all(folder).map_err(|error| format!("making {}: {error}", folder.display()))?;
    write(folder, "corpus.json", &corpus)?;
    write(folder, "rust.json", &answers)?;
    let forms = json!({ "corpus": forms::corpus(), "answers": forms::forms() }).to_string();
    write(folder, "forms-rust.json", &forms)?;
    println!("{} questions, and Rust's answers, in {}", questions.len(), folder.display());
    Ok(())
}

fn compare(folder: &Path) -> Result<(), String> {
    // Whatever is wrong, no table of an earlier run is left.
    let kept = folder.join("table.md");
    if kept.exists() {
        fs::remove_file(&kept).map_err(|error| format!("removing {}: {error}", kept.display()))?;
    }
    for set in ["forms-", ""] {
        agree(folder, set)?;
    }
    let rust = Answers::read(folder, "", "rust")?;
    let corpora = asked(folder)?;
    match table::table(&corpora, &rust) {
        Some(table) => {
            print!("{table}");
            write(folder, "table.md", &table)
        }
        None => {
            println!("not every corpus was at hand, so there is no table");
            Ok(())
        }
    }
}

/// Holds what Python and Node say of a set of questions against Rust's answers.
fn agree(folder: &Path, set: &str) -> Result<(), String> {
    let rust = Answers::read(folder, set, "rust")?;
    for runner in ["python", "node"] {
        let other = Answers::read(folder, set, runner)?;
        let found = differences(&rust, &other);
        for difference in found.iter().take(SHOWN) {
            eprintln!("{difference}");
        }
        if !found.is_empty() {
            return Err(format!("{set}{runner} differs from Rust in {} places", found.len()));
        }
        let altered = alterations_are_found(&rust, &other).map_err(|missed| missed.join("\n"))?;
        println!(
            "{set}{runner}: {} answers, no difference; control: {altered} members altered, all found",
            other.answers.len()
        );
    }
    Ok(())
}

/// By identifier, the corpus that a question is of, as the file says.
fn asked(folder: &Path) -> Result<BTreeMap<String, String>, String> {
    let path = folder.join("corpus.json");
    let text = fs::read(&path).map_err(|error| format!("reading {}: {error}", path.display()))?;
    let corpus: serde_json::Value = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
    let cases = corpus["cases"].as_array().ok_or("no cases")?.iter();
    let text = |value: &serde_json::Value| value.as_str().map(String::from);
    let read = |case: &serde_json::Value| Some((text(&case["id"])?, text(&case["corpus"])?));
    cases.map(|case| read(case).ok_or_else(|| "a case without name".to_owned())).collect()
}

fn write(folder: &Path, name: &str, text: &str) -> Result<(), String> {
    let path = folder.join(name);
    fs::write(&path, text).map_err(|error| format!("writing {}: {error}", path.display()))
}
