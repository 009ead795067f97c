//! The reference table for people.

use super::{Class, GENERATED, Model};

pub(super) fn write(model: &Model) -> Result<String, String> {
    let mut text = format!("<!-- {GENERATED} -->\n\n# Fields\n\n");
    text.push_str("Every field of the answers that this library knows, by its path on the wire; `*` is an index.\n");
    text.push_str("\"Since\" is the first api-version that has it; *unknown* means that no document says. A *fixed*\n");
    text.push_str("field stays the same while the machine runs.\n");
    for answer in &model.answers {
        let class = model.class(&answer.class)?;
        text.push_str(&format!("\n## `/metadata/{}`\n\n", answer.path));
        text.push_str("| field | on the wire | since | |\n|---|---|---|---|\n");
        add(model, class, "", None, &mut text)?;
    }
    Ok(text)
}

fn add(model: &Model, class: &Class, above: &str, inherited: Option<&str>, text: &mut String) -> Result<(), String> {
    for row in class.rows.iter().filter(|row| !row.wire_name.is_empty()) {
        let since = match (&*row.since, inherited) {
            ("unknown", _) | (_, Some("unknown")) => "unknown",
            ("inherited", above) => above.unwrap_or("unknown"),
            (own, Some(above)) => own.max(above),
            (own, None) => own,
        };
        let path = format!("{above}{}", row.wire_name);
        let note = row.note.as_ref().map(|note| format!(" {note}.")).unwrap_or_default();
        let fixed = if row.fixed { " *Fixed.*" } else { "" };
        let about = format!("{}.{note}{fixed}", row.about).replace('|', "\\|");
        text.push_str(&format!("| `{path}` | {} | {since} | {about} |\n", row.wire));
        if let Some(inner) = &row.inner {
            let below = if row.kind == "list" { format!("{path}/*/") } else { format!("{path}/") };
            add(model, model.class(inner)?, &below, Some(since), text)?;
        }
    }
    Ok(())
}
