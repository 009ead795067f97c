//! What was compared, counted: the table of tests/RELIABILITY.md.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

use super::compare::Answers;
use super::question::Question;
use super::reissued;

/// The rows, in their order.
const CORPORA: [&str; 8] = [
    "vectors",
    "mutants",
    "limbo, issuers at hand",
    "limbo, issuers inside",
    "PKITS paths",
    reissued::CORPUS,
    "PKITS messages",
    "PKITS messages, changed",
];

#[derive(Debug, Default)]
struct Row {
    documents: usize,
    verified: usize,
    codes: BTreeSet<String>,
    signatures: usize,
    paths_found: usize,
    paths_refused: usize,
}

/// The table in Markdown; nothing if a corpus was not at hand.
#[must_use]
pub fn table(corpora: &BTreeMap<String, String>, rust: &Answers) -> Option<String> {
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    let mut all = Row::default();
    for (id, corpus) in corpora {
        let answer = rust.answers.get(id)?;
        let row = rows.entry(corpus).or_default();
        row.count(answer);
        all.count(answer);
    }
    let mut table = String::from(
        "| corpus | documents | verified | codes | signature right | path found | path refused |\n|---|---|---|---|---|---|---|\n",
    );
    for corpus in CORPORA {
        table.push_str(&rows.get(corpus)?.render(corpus));
    }
    table.push_str(&all.render("all"));
    Some(table)
}

impl Row {
    fn count(&mut self, answer: &Value) {
        self.documents += 1;
        let report = &answer["report"];
        self.verified += usize::from(report["verified"] == true);
        let code = report["error"]["code"].as_str().or_else(|| answer["usage"]["code"].as_str());
        self.codes.extend(code.map(String::from));
        let outcome = |name: &str| {
            let checks = report["checks"].as_array().into_iter().flatten();
            checks.filter(|line| line["name"] == name).find_map(|line| line["outcome"].as_str())
        };
        self.signatures += usize::from(outcome("content_signature") == Some("passed"));
        self.paths_found += usize::from(outcome("chain") == Some("passed"));
        self.paths_refused += usize::from(outcome("chain") == Some("failed"));
    }

    fn render(&self, name: &str) -> String {
        let Self { documents, verified, codes, signatures, paths_found, paths_refused } = self;
        format!(
            "| {name} | {documents} | {verified} | {} | {signatures} | {paths_found} | {paths_refused} |\n",
            codes.len()
        )
    }
}

/// By identifier, the row that a question counts in.
#[must_use]
pub fn corpora(questions: &[Question]) -> BTreeMap<String, String> {
    questions.iter().map(|question| (question.id.clone(), question.corpus.to_owned())).collect()
}

/// The table that the last comparison without a difference has left, if every corpus was at hand.
#[must_use]
pub fn kept() -> Option<String> {
    fs::read_to_string(super::folder().join("table.md")).ok()
}

/// The tables that the last comparison with others' verifiers has left, if each disagreement had a reason.
#[must_use]
pub fn kept_of_others() -> Option<String> {
    fs::read_to_string(super::folder().join("differential.md")).ok()
}
