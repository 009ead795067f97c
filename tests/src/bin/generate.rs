//! Writes what other languages have of the lists of fields and codes, or checks that the committed files are what would be written.

use std::path::Path;
use std::process::ExitCode;

use azure_imds_tests::generate::Model;
use lexopt::prelude::*;

const USAGE: &str = "\
usage: generate [--check]

Writes the classes of Python, the types of TypeScript, docs/fields.md and the schemas of results in docs/schema from
the rows of the core; the types of codes, their table in JavaScript and docs/codes.md from core/src/codes.rs.

  --check      write nothing; exit 1 if a file is not what would be written";

fn main() -> Result<ExitCode, lexopt::Error> {
    let mut check = false;
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("check") => check = true,
            Short('h') | Long("help") => {
                println!("{USAGE}");
                return Ok(ExitCode::SUCCESS);
            }
            _ => return Err(argument.unexpected()),
        }
    }
    let files = match Model::of_the_list().files() {
        Ok(files) => files,
        Err(refusal) => {
            eprintln!("{refusal}");
            return Ok(ExitCode::FAILURE);
        }
    };
    for (name, made) in &files {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
        if !check {
            std::fs::write(&path, made).unwrap_or_else(|error| panic!("writing {name}: {error}"));
        } else if std::fs::read_to_string(&path).ok().as_deref() != Some(made) {
            eprintln!("{name} is not what the list gives; run: make generate");
            return Ok(ExitCode::FAILURE);
        }
    }
    println!("{} files {}", files.len(), if check { "are as committed" } else { "written" });
    Ok(ExitCode::SUCCESS)
}
