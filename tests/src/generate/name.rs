//! Names as other languages and files spell them.

/// The name of a field as JavaScript spells it: `vm_id` becomes `vmId`.
pub(super) fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |spelt, part| {
        let mut letters = part.chars();
        let initial = letters.next().map(|letter| letter.to_ascii_uppercase());
        spelt + &initial.into_iter().chain(letters).collect::<String>()
    })
}

/// The name of a type as a file and a schema spell it: `KnownIssuer` becomes `known_issuer`.
pub(super) fn snake(name: &str) -> String {
    let mut spelt = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !spelt.is_empty() {
            spelt.push('_');
        }
        spelt.push(letter.to_ascii_lowercase());
    }
    spelt
}
