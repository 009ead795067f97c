//! The types of codes in TypeScript, and the table of codes in JavaScript.

use azure_imds::attested::Host;
use azure_imds::codes::{Code, CodeKind};

use super::super::WIDTH;
use super::{ERRORS, GENERATED, literals, of};

/// The tables, by name, each with what it holds and of which kinds.
const TABLES: [(&str, &str, &str, &[CodeKind]); 4] = [
    ("codes", "ErrorCode", "The codes of errors: what happened, what to do next, whether to try again.", &ERRORS),
    (
        "fetchCodes",
        "FetchCode",
        "The same of attempts to fetch an issuer: `Fetch.code`.",
        &[CodeKind::Transport, CodeKind::Fetch],
    ),
    ("findingCodes", "FindingCode", "The same of what the doctor finds: `Finding.code`.", &[CodeKind::Finding]),
    (
        "notFetchedCodes",
        "NotFetchedCode",
        "The same of why no issuer was asked for: `Report.notFetchedCode`.",
        &[CodeKind::NotFetched],
    ),
];

pub(super) fn types() -> String {
    let mut text = format!("// {GENERATED}\n\n/** Every code, as types and as tables. */\n");
    for (kind, name, about, codes) in literals() {
        let of_transport = (kind == CodeKind::Fetch).then(|| "TransportCode".to_owned());
        let members = of_transport.into_iter().chain(codes.iter().map(|code| format!("\"{code}\""))).collect();
        text.push_str(&union(name, about, members));
    }
    let members = literals().filter(|(kind, ..)| ERRORS.contains(kind)).map(|(_, name, ..)| name.to_owned()).collect();
    text.push_str(&union("ErrorCode", "The codes of an `ImdsError`.", members));
    text.push_str("\n/** What is known of a code. */\nexport interface Code {\n");
    let kinds: Vec<_> = CodeKind::ALL.iter().map(|kind| format!("\"{}\"", kind.name())).collect();
    text.push_str(&format!("  /** What it is a code of. */\n  readonly kind: {};\n", kinds.join(" | ")));
    text.push_str("  /** What happened. */\n  readonly cause: string;\n");
    text.push_str("  /** What to do next. */\n  readonly remedy: string;\n");
    text.push_str(
        "  /** Whether the same call may well succeed later, with nothing changed; else the error says so. */\n",
    );
    text.push_str("  readonly retryable: \"always\" | \"depends\" | \"never\";\n}\n");
    for (name, code, about, _) in TABLES {
        text.push_str(&format!("\n/** {about} */\nexport const {name}: {{ readonly [code in {code}]: Code }};\n"));
    }
    text
}

/// A union, on one line if it fits there.
fn union(name: &str, about: &str, members: Vec<String>) -> String {
    let single = format!("export type {name} = {};\n", members.join(" | "));
    let union = if single.len() <= WIDTH + 1 {
        single
    } else {
        format!("export type {name} =\n  | {};\n", members.join("\n  | "))
    };
    format!("\n/** {about} */\n{union}")
}

pub(super) fn table() -> String {
    let mut text = format!("// {GENERATED}\n// Every code: what happened, what to do next, whether to try again.\n");
    for (name, _, about, kinds) in TABLES {
        text.push_str(&format!("\n/** {about} */\nexport const {name} = {{\n"));
        for code in of(kinds) {
            let Code { name, kind, cause, retryable, .. } = code;
            text.push_str(&format!("  {name}: {{\n    kind: \"{}\",\n", kind.name()));
            text.push_str(&member("cause", cause));
            text.push_str(&member("remedy", &code.remedy_for(Host::JavaScript)));
            text.push_str(&format!("    retryable: \"{}\",\n  }},\n", retryable.name()));
        }
        text.push_str("};\n");
    }
    text
}

/// A member of an entry as Prettier would write it.
fn member(name: &str, value: &str) -> String {
    let quote = if value.contains('"') { '\'' } else { '"' };
    assert!(!value.contains(quote) && !value.contains('\\'), "{value}: has to be escaped");
    let single = format!("    {name}: {quote}{value}{quote},\n");
    if single.len() <= WIDTH + 1 { single } else { format!("    {name}:\n      {quote}{value}{quote},\n") }
}
