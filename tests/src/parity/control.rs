//! The control of the comparison: each member of the real answers, altered in one place, must be found there alone.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::compare::{Answers, shape, within};

/// Alters one answer of a runner for every shape of a member, and says how many there were.
///
/// # Errors
///
/// The alterations that were not found, or not where they were made.
pub fn alterations_are_found(rust: &Answers, other: &Answers) -> Result<usize, Vec<String>> {
    let mut first: BTreeMap<String, (&String, String)> = BTreeMap::new();
    for (id, answer) in &other.answers {
        members(answer, "", "", &mut |member, pointer| {
            // One vector has a thousand claims. That claims are compared is seen by any of them.
            let is_claim = member.split_once(".claims.").is_some_and(|(_, claim)| claim != "vmId");
            if is_claim {
                return;
            }
            first.entry(shape(member)).or_insert_with(|| (id, pointer.to_owned()));
        });
    }
    let mut missed = Vec::new();
    for (altered_shape, (id, pointer)) in &first {
        let Some(ours) = rust.answers.get(*id) else { continue };
        let mut altered = other.answers[*id].clone();
        alter(altered.pointer_mut(pointer).expect("a member"));
        let found = within(id, &other.runner, ours, &altered);
        if found.len() != 1 || shape(&found[0].member) != *altered_shape {
            missed.push(format!("{}: {id}: {altered_shape}: {found:?}", other.runner));
        }
    }
    if missed.is_empty() { Ok(first.len()) } else { Err(missed) }
}

/// Calls back with everything that is no object: its name as the comparison writes it, and its JSON pointer.
fn members(value: &Value, member: &str, pointer: &str, found: &mut impl FnMut(&str, &str)) {
    match value {
        Value::Object(inner) => {
            for (name, value) in inner {
                let inner = if member.is_empty() { name.clone() } else { format!("{member}.{name}") };
                let escaped = name.replace('~', "~0").replace('/', "~1");
                members(value, &inner, &format!("{pointer}/{escaped}"), found);
            }
        }
        Value::Array(inner) => {
            found(member, pointer);
            for (index, value) in inner.iter().enumerate() {
                members(value, &format!("{member}[{index}]"), &format!("{pointer}/{index}"), found);
            }
        }
        _ => found(member, pointer),
    }
}

fn alter(value: &mut Value) {
    *value = match value.take() {
        Value::Null => json!("something"),
        Value::Bool(it) => json!(!it),
        Value::Number(_) => json!("no number"),
        Value::String(text) => json!(text + "."),
        Value::Array(mut items) => {
            items.push(Value::Null);
            Value::Array(items)
        }
        Value::Object(_) => Value::Null,
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comparison_that_passes_a_member_by_is_noticed() {
        let answers = |runner: &str| Answers {
            runner: runner.to_owned(),
            corpus: String::new(),
            answers: BTreeMap::from([(
                "id".to_owned(),
                json!({ "report": { "headline": "a", "checks": [{ "code": null }] } }),
            )]),
        };
        assert_eq!(alterations_are_found(&answers("rust"), &answers("node")), Ok(3));
        let unlike =
            Answers { answers: BTreeMap::from([("id".to_owned(), json!({ "report": 1 }))]), ..answers("node") };
        assert!(alterations_are_found(&answers("rust"), &unlike).is_ok());
        // A member that Rust has not is told whatever it says: to alter it changes nothing.
        let mut without = answers("rust");
        without.answers.insert("id".to_owned(), json!({ "report": { "checks": [{ "code": null }] } }));
        assert!(alterations_are_found(&without, &answers("node")).is_err());
    }
}
