//! Writes the public surface of the crate as a list, or checks that the committed list is what would be written.
//!
//! The list comes from rustdoc's JSON, a form that changes with the compiler.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use lexopt::prelude::*;

const USAGE: &str = "\
usage: surface [--check]

Writes core/surface.txt, every public item of the crate azure-imds with its types, all features on but the hidden one.

  --check      write nothing; exit 1 if the file is not what would be written, 3 if the compiler's JSON can't be read";

/// Nobody is promised what `layers` opens.
const FEATURES: &str = "emulator,http";
/// What the exit status says if the list can't be made here.
const NOT_HERE: u8 = 3;

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
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let made = match surface(&workspace) {
        Ok(made) => made,
        Err(reason) => {
            eprintln!("surface: {reason}");
            return Ok(ExitCode::from(NOT_HERE));
        }
    };
    let path = workspace.join("core/surface.txt");
    if !check {
        std::fs::write(&path, &made).unwrap_or_else(|error| panic!("writing {}: {error}", path.display()));
    } else if let Some(difference) = difference(&std::fs::read_to_string(&path).unwrap_or_default(), &made) {
        eprintln!("core/surface.txt is not the crate's surface; run: make generate\n{difference}");
        return Ok(ExitCode::FAILURE);
    }
    println!("core/surface.txt: {} items", made.lines().count());
    Ok(ExitCode::SUCCESS)
}

/// The list, an item a line.
fn surface(workspace: &Path) -> Result<String, String> {
    // Build scripts look at this variable, so a folder of its own keeps the usual one from being built anew each time.
    let target: PathBuf = workspace.join("target/surface");
    let rustdoc = Command::new(std::env::var("CARGO").unwrap_or_else(|_| String::from("cargo")))
        .args(["rustdoc", "--quiet", "--package", "azure-imds", "--lib", "--features", FEATURES, "--target-dir"])
        .arg(&target)
        .args(["--", "-Z", "unstable-options", "--output-format", "json"])
        .env("RUSTC_BOOTSTRAP", "1")
        .current_dir(workspace)
        .status();
    match rustdoc {
        Ok(status) if status.success() => {}
        Ok(status) => return Err(format!("rustdoc: {status}")),
        Err(error) => return Err(format!("cargo rustdoc: {error}")),
    }
    let list = public_api::Builder::from_rustdoc_json(target.join("doc/azure_imds.json"))
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build()
        .map_err(|error| error.to_string())?;
    Ok(list.items().map(|item| format!("{item}\n")).collect())
}

/// The lines that only one of them has.
fn difference(committed: &str, made: &str) -> Option<String> {
    let only = |one: &str, other: &str, sign: char| -> String {
        let others: std::collections::BTreeSet<_> = other.lines().collect();
        one.lines().filter(|line| !others.contains(line)).map(|line| format!("{sign} {line}\n")).collect()
    };
    (committed != made).then(|| only(committed, made, '-') + &only(made, committed, '+'))
}
