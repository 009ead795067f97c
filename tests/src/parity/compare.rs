//! The comparison of two runners' answers: every member of every answer, whole.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use serde_json::Value;

/// The one member of what Rust says where the packages say it in their own words: by the name of the runner. Beside
/// other members it holds those that this package has and the others have not.
pub const BY_HOST: &str = "by_host";

/// What a runner has written.
#[derive(Clone, Debug)]
pub struct Answers {
    /// `rust`, `python` or `node`.
    pub runner: String,
    /// The digest of the corpus that it read.
    pub corpus: String,
    /// By the question's identifier.
    pub answers: BTreeMap<String, Value>,
}

/// A place in which two runners differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The question.
    pub id: String,
    /// The member, such as `report.checks[3].code`; empty for the whole answer.
    pub member: String,
    /// What Rust says.
    pub rust: String,
    /// What the other one says.
    pub other: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, member, rust, other } = self;
        write!(formatter, "{id}: {member}: Rust says {rust}, the other {other}")
    }
}

impl Answers {
    /// Reads the file of a runner; `set` begins its name.
    ///
    /// # Errors
    ///
    /// A sentence, if it is not there or not one.
    pub fn read(folder: &Path, set: &str, runner: &str) -> Result<Self, String> {
        let path = folder.join(format!("{set}{runner}.json"));
        let fault = |error: &dyn fmt::Display| format!("reading {}: {error}", path.display());
        let text = std::fs::read(&path).map_err(|error| fault(&error))?;
        let mut file: Value = serde_json::from_slice(&text).map_err(|error| fault(&error))?;
        let corpus = file["corpus"].as_str().ok_or_else(|| fault(&"no corpus"))?.to_owned();
        let Value::Object(answers) = file["answers"].take() else { return Err(fault(&"no answers")) };
        Ok(Self { runner: runner.to_owned(), corpus, answers: answers.into_iter().collect() })
    }
}

/// All places in which a runner differs from Rust.
#[must_use]
pub fn differences(rust: &Answers, other: &Answers) -> Vec<Difference> {
    let mut found = Vec::new();
    if rust.corpus != other.corpus {
        found.push(difference("corpus", "", &rust.corpus, &other.corpus));
    }
    let ids = rust.answers.keys().chain(other.answers.keys().filter(|id| !rust.answers.contains_key(*id)));
    for id in ids {
        match (rust.answers.get(id), other.answers.get(id)) {
            (Some(ours), Some(theirs)) => found.extend(within(id, &other.runner, ours, theirs)),
            (ours, _) => found.push(difference(id, "", said(ours.is_some()), said(ours.is_none()))),
        }
    }
    found
}

/// All places in which one answer differs.
#[must_use]
pub fn within(id: &str, runner: &str, rust: &Value, other: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    descend(&mut Place { id, runner, found: &mut found }, "", rust, other);
    found
}

struct Place<'a> {
    id: &'a str,
    runner: &'a str,
    found: &'a mut Vec<Difference>,
}

/// What Rust says to a runner.
fn told<'a>(runner: &str, rust: &'a Value) -> Cow<'a, Value> {
    let Some(own) = rust.get(BY_HOST).and_then(|by_host| by_host.get(runner)) else { return Cow::Borrowed(rust) };
    match (rust, own) {
        (Value::Object(members), Value::Object(own)) if members.len() > 1 => {
            let common = members.iter().filter(|(name, _)| *name != BY_HOST);
            Cow::Owned(common.chain(own).map(|(name, value)| (name.clone(), value.clone())).collect())
        }
        _ => Cow::Borrowed(own),
    }
}

fn descend(place: &mut Place<'_>, member: &str, rust: &Value, other: &Value) {
    match (&*told(place.runner, rust), other) {
        (Value::Object(ours), Value::Object(theirs)) => {
            let names = ours.keys().chain(theirs.keys().filter(|name| !ours.contains_key(*name)));
            for name in names {
                let inner = if member.is_empty() { name.clone() } else { format!("{member}.{name}") };
                match (ours.get(name), theirs.get(name)) {
                    (Some(ours), Some(theirs)) => descend(place, &inner, ours, theirs),
                    (ours, theirs) => {
                        let found = difference(place.id, &inner, said(ours.is_some()), said(theirs.is_some()));
                        place.found.push(found);
                    }
                }
            }
        }
        (Value::Array(ours), Value::Array(theirs)) if ours.len() == theirs.len() => {
            for (index, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
                descend(place, &format!("{member}[{index}]"), ours, theirs);
            }
        }
        (ours, theirs) if ours == theirs => {}
        (ours, theirs) => {
            let found = difference(place.id, member, &ours.to_string(), &theirs.to_string());
            place.found.push(found);
        }
    }
}

/// A member with the numbers of list items left out.
#[must_use]
pub fn shape(member: &str) -> String {
    let mut parts = member.split('[');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |shape, part| shape + "[" + part.trim_start_matches(|it: char| it.is_ascii_digit()))
}

fn difference(id: &str, member: &str, rust: &str, other: &str) -> Difference {
    let cut = |text: &str| text.chars().take(200).collect();
    Difference { id: id.to_owned(), member: member.to_owned(), rust: cut(rust), other: cut(other) }
}

const fn said(is_there: bool) -> &'static str {
    if is_there { "that it is there" } else { "nothing" }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn members(runner: &str, rust: &Value, other: &Value) -> Vec<String> {
        within("id", runner, rust, other).into_iter().map(|it| it.member).collect()
    }

    #[test]
    fn every_kind_of_difference_is_found_where_it_is() {
        let rust = json!({ "a": { "b": [1, { "c": null }] }, "d": "text" });
        assert!(members("node", &rust, &rust).is_empty());
        let other = json!({ "a": { "b": [2, { "c": false }] }, "d": "text", "e": 1 });
        assert_eq!(members("node", &rust, &other), ["a.b[0]", "a.b[1].c", "e"]);
        assert_eq!(members("node", &rust, &json!({ "a": { "b": [1] }, "d": "text" })), ["a.b"]);
        assert_eq!(members("node", &rust, &json!({ "d": "text" })), ["a"]);
    }

    #[test]
    fn a_package_has_the_members_that_rust_says_are_its_own_and_no_others() {
        let own = json!({ "python": { "step": "wait", "flag": "--at" }, "node": { "step": "await" } });
        let rust =
            json!({ "error": { "code": "x", BY_HOST: own }, "text": { BY_HOST: { "python": "p", "node": "n" } } });
        let python = json!({ "error": { "code": "x", "step": "wait", "flag": "--at" }, "text": "p" });
        let node = json!({ "error": { "code": "x", "step": "await" }, "text": "n" });
        assert!(members("python", &rust, &python).is_empty());
        assert!(members("node", &rust, &node).is_empty());
        assert_eq!(members("python", &rust, &node), ["error.flag", "error.step", "text"]);
        assert_eq!(members("node", &rust, &python), ["error.step", "error.flag", "text"]);
        assert_eq!(members("rust", &rust, &python), ["error.by_host", "error.flag", "error.step", "text"]);
    }

    #[test]
    fn answers_to_other_questions_differ() {
        let answers = |runner: &str, ids: &[&str]| Answers {
            runner: runner.to_owned(),
            corpus: "digest".to_owned(),
            answers: ids.iter().map(|id| ((*id).to_owned(), json!({ "a": 1 }))).collect(),
        };
        let rust = answers("rust", &["one", "two"]);
        assert!(differences(&rust, &answers("node", &["one", "two"])).is_empty());
        let found = differences(&rust, &answers("node", &["two", "three"]));
        assert_eq!(found.iter().map(|it| &*it.id).collect::<Vec<_>>(), ["one", "three"]);
        let elsewhere = Answers { corpus: "another".to_owned(), ..answers("node", &["one", "two"]) };
        assert_eq!(differences(&rust, &elsewhere).len(), 1);
    }
}
