//! The frozen classes of Python.

use super::{Class, GENERATED, Model, Row, WIDTH, wrapped};

/// Classes of the native module: they have the same fields, which a test compares.
const NATIVE: &[&str] = &["AccessToken", "Instance"];

/// Answers that are kept with their records.
const WITH_ANSWER: &[&str] = &["LoadBalancer", "ScheduledEvents"];

/// Classes that have methods, written by hand.
const WITH_METHODS: &[&str] = &["Compute", "ScheduledEvent", "ScheduledEvents"];

pub(super) fn write(model: &Model) -> Result<String, String> {
    let classes: Vec<_> = model.classes.iter().filter(|class| !NATIVE.contains(&&*class.name)).collect();
    let mut text = format!("# {GENERATED}\n\"\"\"The typed values of the answers.\"\"\"\n\n");
    text.push_str("from __future__ import annotations\n\nfrom dataclasses import dataclass, field\n");
    text.push_str("from datetime import datetime\n\nfrom azure_imds.records import _methods\n");
    text.push_str("from azure_imds.records._record import Formed, Unreadable\n\n__all__ = [\n");
    let mut names: Vec<_> = classes.iter().map(|class| &class.name).collect();
    names.sort();
    text.extend(names.iter().map(|name| format!("    \"{name}\",\n")));
    text.push_str("]\n");
    for class in classes {
        text.push_str(&written(class)?);
    }
    Ok(text)
}

fn written(class: &Class) -> Result<String, String> {
    let methods =
        if WITH_METHODS.contains(&&*class.name) { format!("_methods.{}, ", class.name) } else { String::new() };
    let mut text =
        format!("\n\n@dataclass(frozen=True, slots=True, kw_only=True)\nclass {}({methods}Formed):\n", class.name);
    let note = class.note.as_ref().map(|note| format!(" {note}.")).unwrap_or_default();
    text.push_str(&docstring(&format!("{}.{note}", class.about)));
    for row in &class.rows {
        let (kind, default) = kind(row).ok_or_else(|| row.refused(class, "Python"))?;
        text.push_str(&format!("\n    {}: {kind} = {default}\n{}", row.name, docstring(&row.sentences())));
    }
    if WITH_ANSWER.contains(&&*class.name) {
        text.push_str("\n    json: str = field(default=\"\", repr=False)\n");
        text.push_str("    \"\"\"The answer as it came, byte for byte.\"\"\"\n");
        text.push_str("\n    unreadable: tuple[Unreadable, ...] = ()\n");
        text.push_str("    \"\"\"Fields that hold something that can't be read as what it should be.\"\"\"\n");
    }
    Ok(text)
}

/// The type and the default of a field.
fn kind(row: &Row) -> Option<(String, String)> {
    let may_lack = |kind: &str| (format!("{kind} | None"), "None".to_owned());
    Some(match (&*row.kind, &row.inner) {
        ("flag", None) => may_lack("bool"),
        ("list", Some(inner)) => (format!("tuple[{inner}, ...]"), "()".to_owned()),
        ("number", None) => may_lack("int"),
        ("record", Some(inner)) => (inner.clone(), format!("field(default_factory={inner})")),
        ("text", None) if row.required => ("str".to_owned(), "\"\"".to_owned()),
        ("text", None) => may_lack("str"),
        ("texts", None) => ("tuple[str, ...]".to_owned(), "()".to_owned()),
        ("time", None) => may_lack("datetime"),
        _ => return None,
    })
}

fn docstring(text: &str) -> String {
    let text = text.replace('`', "``");
    if text.len() + "    \"\"\"\"\"\"".len() <= WIDTH {
        return format!("    \"\"\"{text}\"\"\"\n");
    }
    let (first, rest) = text.split_once(". ").unwrap_or((&text, ""));
    let mut made = format!("    \"\"\"{first}.\n\n").replace("..\n", ".\n");
    for line in wrapped(rest, 4) {
        made.push_str(&format!("    {line}\n"));
    }
    made.push_str("    \"\"\"\n");
    made
}
