//! The types of TypeScript.

use super::name::camel;
use super::{Class, GENERATED, Model, Row, WIDTH, wrapped};

/// Classes of JavaScript, whose fields are an interface of their own that they extend.
const CLASSES: &[&str] = &["AccessToken", "Instance"];

/// Answers that are kept with their records.
const WITH_ANSWER: &[&str] = &["LoadBalancer", "ScheduledEvents"];

/// Results that a call gives as they are: they have a JSON form of their own.
const FORMED: &[&str] = &["IdentityInfo", "LoadBalancer", "ScheduledEvents"];

pub(super) fn write(model: &Model) -> Result<String, String> {
    let mut text = format!("// {GENERATED}\n\n/** The typed values of the answers. */\n\n");
    text.push_str("import type { ResultJson, Unreadable } from \"./records.js\";\n");
    for class in &model.classes {
        text.push_str(&written(class)?);
    }
    Ok(text)
}

fn written(class: &Class) -> Result<String, String> {
    let is_class = CLASSES.contains(&&*class.name);
    let note = class.note.as_ref().map(|note| format!(" {note}.")).unwrap_or_default();
    let about = if is_class { format!("The fields of `{}`.", class.name) } else { format!("{}.{note}", class.about) };
    let mut text = format!(
        "\n{}export interface {}{} {{\n",
        comment(&about, ""),
        class.name,
        if is_class { "Fields" } else { "" }
    );
    for row in &class.rows {
        let kind = kind(row).ok_or_else(|| row.refused(class, "TypeScript"))?;
        let name = camel(&row.name);
        text.push_str(&format!("{}  readonly {name}: {kind};\n", comment(&row.sentences(), "  ")));
    }
    if WITH_ANSWER.contains(&&*class.name) {
        text.push_str("  /** The answer as it came, byte for byte. */\n  readonly json: string;\n");
        text.push_str("  /** Fields that hold something that can't be read as what it should be. */\n");
        text.push_str("  readonly unreadable: readonly Unreadable[];\n");
    }
    if FORMED.contains(&&*class.name) {
        text.push_str("  /** The one JSON form, the same in every language; `JSON.stringify` writes it. */\n");
        text.push_str("  toJSON(): ResultJson;\n");
    }
    text.push_str("}\n");
    Ok(text)
}

fn kind(row: &Row) -> Option<String> {
    Some(match (&*row.kind, &row.inner) {
        ("flag", None) => "boolean | undefined".to_owned(),
        ("list", Some(inner)) => format!("readonly {inner}[]"),
        ("number", None) => "number | undefined".to_owned(),
        ("record", Some(inner)) => inner.clone(),
        ("text", None) if row.required => "string".to_owned(),
        ("text", None) => "string | undefined".to_owned(),
        ("texts", None) => "readonly string[]".to_owned(),
        ("time", None) => "Date | undefined".to_owned(),
        _ => return None,
    })
}

fn comment(text: &str, margin: &str) -> String {
    let single = format!("{margin}/** {text} */\n");
    if single.len() <= WIDTH + 1 {
        return single;
    }
    let lines: String = wrapped(text, margin.len() + 3).iter().map(|line| format!("{margin} * {line}\n")).collect();
    format!("{margin}/**\n{lines}{margin} */\n")
}
