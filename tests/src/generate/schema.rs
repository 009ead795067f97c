//! The JSON Schemas of results and errors, a file for each, out of their rows.

use std::collections::BTreeMap;

use azure_imds::attested::Role;
use azure_imds::client::{Finding, RESULTS, Severity};
use azure_imds::metadata::{RecordField, RecordKind, RecordType, TagsSource};
use azure_imds::{ServiceError, TransportError, UsageError, VerifyError};
use serde_json::{Value, json};

use super::name::snake;

/// Codes that only the packages and the command line give.
pub const PACKAGE_CODES: &[&str] = &["address_unusable", "file_unreadable", "not_loaded", "output_unwritable", "usage"];

/// The files, by their path in the repository.
pub(super) fn files() -> Vec<(String, String)> {
    RESULTS.iter().map(|table| (format!("docs/schema/{}.json", snake(table.name)), pretty(&file(table)))).collect()
}

/// JSON whose members keep their order.
enum Schema {
    Object(Vec<(String, Self)>),
    Plain(Value),
}

fn object<const N: usize>(members: [(&str, Schema); N]) -> Schema {
    Schema::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn plain(value: impl Into<Value>) -> Schema {
    Schema::Plain(value.into())
}

fn file(table: &'static RecordType) -> Schema {
    let mut inner = BTreeMap::new();
    let version = "The version of the form. It grows when a member changes its meaning or goes, not when one is added.";
    let version = object([("description", plain(version)), ("const", plain(1))]);
    let first = ("schema_version".to_owned(), version);
    let Schema::Object(mut members) = record(table, Some(first), &mut inner) else { unreachable!("a record") };
    members.insert(0, ("$schema".to_owned(), plain("https://json-schema.org/draft/2020-12/schema")));
    let title = plain(format!("The JSON form of {} of azure-imds", table.name));
    members.insert(1, ("title".to_owned(), title));
    let defs: Vec<(String, Schema)> = inner.into_values().flatten().collect();
    if !defs.is_empty() {
        members.push(("$defs".to_owned(), Schema::Object(defs)));
    }
    Schema::Object(members)
}

/// The schemas of the records inside, by their names; nothing for one that is being made.
type Inner = BTreeMap<&'static str, Option<(String, Schema)>>;

fn record(table: &'static RecordType, first: Option<(String, Schema)>, inner: &mut Inner) -> Schema {
    let rows = table.rows().map(|row| (row.name.to_owned(), member(table, row, inner)));
    let members: Vec<_> = first.into_iter().chain(rows).collect();
    let names: Vec<_> = members.iter().map(|(name, _)| name.clone()).collect();
    let note = table.note.map(|note| format!(" {note}.")).unwrap_or_default();
    object([
        ("description", plain(format!("{}.{note}", table.about))),
        ("type", plain("object")),
        ("properties", Schema::Object(members)),
        ("required", plain(names)),
        ("additionalProperties", plain(false)),
    ])
}

fn member(table: &RecordType, row: &'static RecordField, inner: &mut Inner) -> Schema {
    let note = row.note.map(|note| format!(" {note}.")).unwrap_or_default();
    let mut members = vec![("description".to_owned(), plain(format!("{}.{note}", row.about)))];
    let mut add = |name: &str, value: Schema| members.push((name.to_owned(), value));
    let kind = |name: &str| if row.required { json!(name) } else { json!([name, "null"]) };
    match row.kind {
        RecordKind::Flag => add("type", plain(kind("boolean"))),
        RecordKind::List(of) => {
            add("type", plain("array"));
            add("items", reference(of, inner));
        }
        RecordKind::Number => {
            add("type", plain(kind("integer")));
            add("minimum", plain(0));
        }
        RecordKind::Optional(of) => {
            reference(of, inner);
            add("oneOf", plain(json!([{ "$ref": format!("#/$defs/{}", snake(of.name)) }, { "type": "null" }])));
        }
        RecordKind::Record(of) => {
            let Schema::Object(reference) = reference(of, inner) else { unreachable!("a reference") };
            members.extend(reference);
        }
        RecordKind::Text => match words(table.name, row.name) {
            Some(words) => add("enum", plain(words)),
            None => {
                add("type", plain(kind("string")));
                if row.name == "sha256" {
                    add("pattern", plain("^[0-9a-f]{64}$"));
                }
            }
        },
        RecordKind::Texts => {
            add("type", plain("array"));
            add("items", object([("type", plain("string"))]));
        }
        RecordKind::Time => {
            add("type", plain(kind("string")));
            add("pattern", plain("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"));
        }
        other => panic!("{}.{}: a schema has nothing for {other:?}", table.name, row.name),
    }
    Schema::Object(members)
}

fn reference(of: &'static RecordType, inner: &mut Inner) -> Schema {
    if !inner.contains_key(of.name) {
        inner.insert(of.name, None);
        let made = record(of, None, inner);
        inner.insert(of.name, Some((snake(of.name), made)));
    }
    object([("$ref", plain(format!("#/$defs/{}", snake(of.name))))])
}

/// The words that a text is one of, where the core lists them.
fn words(table: &str, row: &str) -> Option<Vec<Value>> {
    let mut words: Vec<&str> = match (table, row) {
        ("Attempt" | "Error", "code") => {
            let core = [UsageError::CODES, TransportError::CODES, ServiceError::CODES, VerifyError::CODES].concat();
            [&core, PACKAGE_CODES].concat()
        }
        ("Error", "kind") => vec!["usage", "transport", "service", "verify"],
        ("Finding", "code") => Finding::CODES.to_vec(),
        ("Finding", "severity") => Severity::ALL.iter().map(|it| it.name()).collect(),
        ("KnownIssuer", "kind") => Role::ALL.iter().map(|it| it.name()).collect(),
        ("Tags", "source") => TagsSource::ALL.iter().map(|it| it.name()).collect(),
        _ => return None,
    };
    if row == "code" {
        words.sort_unstable();
        words.dedup();
    }
    let words = words.into_iter().map(Value::from);
    Some(if table == "Attempt" { words.chain([Value::Null]).collect() } else { words.collect() })
}

fn pretty(schema: &Schema) -> String {
    let mut text = String::new();
    write(schema, "", &mut text);
    text.push('\n');
    text
}

fn write(schema: &Schema, margin: &str, text: &mut String) {
    match schema {
        Schema::Object(members) => {
            text.push_str("{\n");
            for (place, (name, value)) in members.iter().enumerate() {
                text.push_str(&format!("{margin}  {}: ", Value::from(name.as_str())));
                write(value, &format!("{margin}  "), text);
                text.push_str(if place + 1 < members.len() { ",\n" } else { "\n" });
            }
            text.push_str(&format!("{margin}}}"));
        }
        Schema::Plain(value) => {
            let written = serde_json::to_string_pretty(value).expect("a value is JSON");
            text.push_str(&written.replace('\n', &format!("\n{margin}")));
        }
    }
}
