//! The types of codes in Python.

use azure_imds::codes::CodeKind;

use super::{ERRORS, GENERATED, literals};

pub(super) fn write() -> String {
    let mut text = format!("# {GENERATED}\n\"\"\"The types of codes.\"\"\"\n\n");
    text.push_str("from __future__ import annotations\n\nfrom typing import Literal, TypeAlias\n\n__all__ = [\n");
    let mut names: Vec<_> = literals().map(|(_, name, ..)| name).chain(["ErrorCode"]).collect();
    names.sort_unstable();
    text.extend(names.iter().map(|name| format!("    \"{name}\",\n")));
    text.push_str("]\n");
    for (kind, name, about, codes) in literals() {
        // A `Literal` of a `Literal` has what that has.
        let inherited = (kind == CodeKind::Fetch).then(|| "TransportCode".to_owned());
        let members = inherited.into_iter().chain(codes.iter().map(|code| format!("\"{code}\"")));
        text.push_str(&alias(name, about, members));
    }
    let errors = literals().filter(|(kind, ..)| ERRORS.contains(kind)).map(|(_, name, ..)| name.to_owned());
    text.push_str(&alias("ErrorCode", "The codes of an `ImdsError`.", errors));
    text
}

fn alias(name: &str, about: &str, members: impl Iterator<Item = String>) -> String {
    let members: String = members.map(|member| format!("    {member},\n")).collect();
    format!("\n{name}: TypeAlias = Literal[\n{members}]\n\"\"\"{}\"\"\"\n", about.replace('`', "``"))
}
