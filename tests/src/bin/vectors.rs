//! Writes the shared vectors, or checks that the committed ones are what the generator makes.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use azure_imds_tests::key_ring::KeyRing;
use azure_imds_tests::pki::Pki;
use azure_imds_tests::{cases, suite};
use lexopt::prelude::*;
use serde_json::Value;

const USAGE: &str = "\
usage: vectors [--check] [--new-keys]

Writes tests/vectors/attested.json, from the keys in tests/vectors/keys.json.

  --check      write nothing; exit 1 if the file is not what would be written
  --new-keys   derive the keys from the seed anew first, and write them too";

fn main() -> Result<ExitCode, lexopt::Error> {
    let (mut check, mut new_keys) = (false, false);
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("check") => check = true,
            Long("new-keys") => new_keys = true,
            Short('h') | Long("help") => {
                println!("{USAGE}");
                return Ok(ExitCode::SUCCESS);
            }
            _ => return Err(argument.unexpected()),
        }
    }
    let keys = if new_keys { KeyRing::derive() } else { KeyRing::parse(&read(&vectors().join("keys.json"))) };
    let cases = cases::all(&Pki::new(keys.clone()));
    let made = suite::render(&cases);
    let mut files = vec![(vectors().join("attested.json"), made)];
    if new_keys {
        files.push((vectors().join("keys.json"), keys.json()));
    }
    for (path, made) in files {
        if check {
            let found = read(&path);
            if found != made {
                eprintln!("{} is not what the generator makes: {}", path.display(), difference(&found, &made));
                eprintln!("if the change is meant, run: cargo run -p azure-imds-tests --bin vectors");
                return Ok(ExitCode::FAILURE);
            }
        } else {
            std::fs::write(&path, &made).unwrap_or_else(|error| panic!("writing {}: {error}", path.display()));
        }
    }
    println!("{} cases {}", cases.len(), if check { "are as committed" } else { "written" });
    Ok(ExitCode::SUCCESS)
}

/// The first case or certificate in which two files differ.
fn difference(found: &str, made: &str) -> String {
    let (Ok(found), Ok(made)) = (serde_json::from_str::<Value>(found), serde_json::from_str::<Value>(made)) else {
        return String::from("it is not JSON");
    };
    let list = |suite: &Value| suite["cases"].as_array().cloned().unwrap_or_default();
    let (found_cases, made_cases) = (list(&found), list(&made));
    for (found, made) in found_cases.iter().zip(&made_cases) {
        if found != made {
            return format!("first at case {}, where the generator makes {}", found["id"], made["id"]);
        }
    }
    if found_cases.len() != made_cases.len() {
        return format!("it has {} cases, the generator makes {}", found_cases.len(), made_cases.len());
    }
    let names = made["certificates"].as_object().into_iter().flatten();
    names
        .filter(|(name, der)| found["certificates"].get(name.as_str()) != Some(der))
        .map(|(name, _)| format!("first at certificate {name}"))
        .next()
        .unwrap_or_else(|| String::from("in layout or in unused certificates"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("reading {}: {error}", path.display()))
}

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors")
}
