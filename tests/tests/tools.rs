//! Tools that a machine lacks are named, and installed only where that is asked for, and told before it is done.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What the scripts themselves run.
const OURS: [&str; 5] = ["bash", "dirname", "env", "id", "timeout"];

/// What installs.
const INSTALLERS: [&str; 3] = ["apt-get", "rustup", "sudo"];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A machine that has cargo, without any of its parts, and programs that install, which only say that they ran.
fn machine(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    let path = std::env::var_os("PATH").unwrap();
    for tool in OURS {
        let found = std::env::split_paths(&path).map(|place| place.join(tool)).find(|it| it.exists());
        symlink(found.unwrap(), folder.join(tool)).unwrap();
    }
    let write = |tool: &str, script: &str| {
        let file = folder.join(tool);
        fs::write(&file, script).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    };
    for tool in INSTALLERS {
        write(tool, &format!("#!/bin/sh\necho \"ran: {tool} $*\" >&2\n"));
    }
    write("cargo", "#!/bin/sh\nexit 1\n");
    folder
}

fn need(machine: &Path, setup: Option<&str>) -> Output {
    let mut command = Command::new("bash");
    command.arg(repository().join(".ci/need.sh")).args(["cc", "c++", "openssl", "clippy", "rustfmt"]);
    command.env("PATH", machine).env_remove("SETUP").envs(setup.map(|setup| ("SETUP", setup)));
    command.output().unwrap()
}

#[test]
fn missing_tools_are_named_and_nothing_is_installed_unasked() {
    let machine = machine("tools-missing");
    for setup in [None, Some("no"), Some("")] {
        let output = need(&machine, setup);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        for tool in ["gcc libc6-dev", "g++", "openssl", "component add clippy", "component add rustfmt"] {
            assert!(said.lines().any(|line| line.starts_with("missing: ") && line.contains(tool)), "{tool}: {said}");
        }
        assert!(!said.contains("ran: "), "{said}");
    }
}

#[test]
fn what_is_installed_is_told_before() {
    let output = need(&machine("tools-installed"), Some("yes"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    let lines: Vec<&str> = said.lines().collect();
    let mut told = "";
    let mut count = 0;
    for line in lines {
        if line.starts_with("installing: ") {
            (told, count) = (line, count + 1);
        } else if let Some(ran) = line.strip_prefix("ran: ") {
            let wanted = ran.split(' ').next_back().unwrap();
            assert!(ran.contains("update") || told.ends_with(wanted), "{ran} after {told:?}: {said}");
            assert!(!told.is_empty(), "{said}");
        }
    }
    assert_eq!(count, 5, "{said}");
}

#[test]
fn nothing_else_installs() {
    let folders =
        [".ci", "bindings-py", "bindings-wasm", "tests/clients", "tests/differential", "tests/parity", "tests/fuzz"];
    let mut scripts = vec![repository().join("Makefile")];
    for folder in folders {
        let entries = fs::read_dir(repository().join(folder)).unwrap().map(|entry| entry.unwrap().path());
        scripts.extend(entries.filter(|path| path.is_file() && path.extension().is_none_or(|it| it == "sh")));
    }
    assert!(scripts.len() > 10, "{scripts:?}");
    for script in scripts {
        let name = script.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&script).unwrap();
        for (installer, allowed) in [("apt-get install", "apt.sh"), ("rustup component", "-"), ("rustup target", "-")] {
            let code = text.lines().filter(|line| !line.trim_start().starts_with('#'));
            let found = code.filter(|line| line.contains(installer)).count();
            assert!(found == 0 || name == allowed, "{}: {installer}", script.display());
        }
    }
}
