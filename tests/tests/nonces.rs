//! The nonces that the documentation shows: 32 letters and digits, the most that the service takes.

/// What stands before a nonce, in each language.
const BEFORE: [&str; 6] = ["--nonce ", "Nonce::new(\"", "nonce=\"", "nonce: \"", "&nonce=", "nonce = \""];
const FILES: [(&str, &str); 11] = [
    ("README.md", include_str!("../../README.md")),
    ("SECURITY.md", include_str!("../../SECURITY.md")),
    ("bindings-py/README.md", include_str!("../../bindings-py/README.md")),
    ("bindings-wasm/README.md", include_str!("../../bindings-wasm/README.md")),
    ("core/src/lib.rs", include_str!("../../core/src/lib.rs")),
    ("core/src/attested/claims/nonce.rs", include_str!("../../core/src/attested/claims/nonce.rs")),
    ("core/src/attested/verdict/verifier.rs", include_str!("../../core/src/attested/verdict/verifier.rs")),
    ("core/src/attested/verdict/verification.rs", include_str!("../../core/src/attested/verdict/verification.rs")),
    ("core/src/emulator.rs", include_str!("../../core/src/emulator.rs")),
    ("bindings-wasm/js/verifier.d.ts", include_str!("../../bindings-wasm/js/verifier.d.ts")),
    ("bindings-py/python/azure_imds/_verifier.py", include_str!("../../bindings-py/python/azure_imds/_verifier.py")),
];

#[test]
fn every_one_shown_is_of_32_letters_and_digits() {
    let mut shown = 0;
    for (name, text) in FILES {
        // What a test of the file itself gives is not shown to anybody.
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (at, before) in BEFORE.iter().flat_map(|before| text.match_indices(before)) {
            let nonce: String = text[at + before.len()..].chars().take_while(char::is_ascii_alphanumeric).collect();
            // A name of the command line's, a variable, or nothing.
            if nonce.chars().all(|it| it.is_ascii_uppercase()) {
                continue;
            }
            shown += 1;
            assert_eq!(nonce.len(), 32, "{name}: {nonce}");
        }
    }
    assert!(shown >= 2, "{shown}");
}

#[test]
fn the_readme_makes_one_as_the_documentation_does() {
    let made = r#"format!("{:032x}", u128::from_ne_bytes(random))"#;
    for (name, text) in [FILES[0], FILES[5]] {
        assert!(text.contains(made), "{name}");
    }
}
