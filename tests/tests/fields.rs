//! The list of fields refuses a row that lacks something, while it is compiled.

use std::path::Path;
use std::process::Command;

/// What the compiler says of a record with this row.
fn compiled(row: &str) -> String {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/src/metadata/record/define.rs");
    let source = std::fs::read_to_string(source).unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join(format!("row_{}.rs", row.len()));
    let record = format!("record! {{\n    Bad: \"A record\" {{\n        {row}\n    }}\n}}\n");
    std::fs::write(&file, format!("#![allow(unused)]\n{source}\n{record}")).unwrap();
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .args(["--edition=2024", "--crate-type=lib", "--emit=metadata", "--out-dir"])
        .arg(folder)
        .arg(&file)
        .output()
        .unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_row_without_version_kind_or_sentence_does_not_compile() {
    const REFUSED: &str = "no rules expected";
    for row in [
        r#"vm_id: text = "vmId", "The machine's UUID";"#,
        r#"vm_id: text = "vmId", "2017-04-02";"#,
        r#"vm_id: text, "2017-04-02", "The machine's UUID";"#,
        r#"vm_id = "vmId", "2017-04-02", "The machine's UUID";"#,
    ] {
        let said = compiled(row);
        assert!(said.contains(REFUSED) && said.contains(row), "{said}");
    }
    // What is right is expanded; it fails for lack of the crate around it.
    let said = compiled(r#"vm_id: text = "vmId", "2017-04-02", "The machine's own UUID";"#);
    assert!(!said.contains(REFUSED), "{said}");
    let said = compiled(r#"vm_id: blob = "vmId", "2017-04-02", "The UUID";"#);
    assert!(said.contains("could not find") || said.contains("cannot find"), "{said}");
}
