//! The JSON forms of what a client finds: of the outcome of every transcript, of known issuers, of explained fields, of a
//! diagnosis. The runners of the packages make the same.

use std::collections::BTreeMap;
use std::path::Path;

use azure_imds::attested::{Host, known_issuers};
use azure_imds::client::{OperatingSystem, Surroundings};
use azure_imds::metadata::schema;
use azure_imds::{Client, Exchange, Headers, Instant, Response, Step, UsageError};
use serde_json::{Value, json};

use super::answer::{by_host, read};
use super::question::name;
use crate::transcript::{Outcome, start, suite};

/// Names whose fields are explained: one of one field, one of several, one that is not documented.
const EXPLAINED: [&str; 3] = ["physicalZone", "diskSizeGB", "isVmInStandbyPool"];

/// The answers, by their identifiers.
///
/// # Panics
///
/// If a transcript does not come out as it says.
#[must_use]
pub fn forms() -> BTreeMap<String, Value> {
    let suite = suite();
    let cases = suite["cases"].as_array().expect("cases");
    let told = cases.iter().map(|case| (case["id"].as_str().expect("an id").to_owned(), outcome(case)));
    let mut forms: BTreeMap<String, Value> = told.collect();
    for known in known_issuers() {
        forms
            .insert(format!("known_issuer::{}", base16ct::lower::encode_string(&known.sha256)), read(&known.to_json()));
    }
    for explained in EXPLAINED {
        let fields: Vec<Value> = schema::explain(explained).iter().map(|field| read(&field.to_json())).collect();
        forms.insert(format!("field::{explained}"), fields.into());
    }
    for (status, body) in [(200, answer()), (429, "slowly".to_owned())] {
        forms.insert(format!("diagnosis::{status}"), diagnosis(status, &body));
    }
    forms
}

/// The digest of the transcripts.
///
/// # Panics
///
/// If they are not there.
#[must_use]
pub fn corpus() -> String {
    name(vector("client.json").as_bytes())
}

fn vector(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors").join(file);
    std::fs::read_to_string(path).expect("a shared vector")
}

fn outcome(case: &Value) -> Value {
    let id = case["id"].as_str().expect("an id");
    let form = match start(id, case) {
        Ok(Some(Outcome::Value(form))) => form.as_deref().map_or(Value::Null, read),
        Ok(Some(Outcome::Error(error, attempts))) => {
            by_host(|host: Host| read(&error.form().host(host).with_attempts(&attempts).to_json()))
        }
        Ok(None) => Value::Null,
        Err(error) => usage(&error),
    };
    json!({ "form": form })
}

fn usage(error: &UsageError) -> Value {
    read(&error.to_json())
}

/// An answer of the service that is read as the list of versions, and as an instance.
fn answer() -> String {
    vector("instance_2025-04-07.json").replacen('{', r#"{"apiVersions":["2025-04-07"],"#, 1)
}

/// What the doctor finds on a machine of which nothing is known, if every request gets one answer.
fn diagnosis(status: u16, body: &str) -> Value {
    let mut examination = Client::new().diagnose(Surroundings::new(OperatingSystem::Other));
    let mut now = Instant::default();
    loop {
        match examination.poll(now) {
            Step::Send(id, _) => {
                let headers = Headers::from_iter([("Server", "IMDS/1"), ("Content-Type", "application/json")]);
                let response = Response::new(status, headers, body.into());
                examination.receive(id, now, response).expect("a request that is out");
            }
            Step::Wait(until) => now = until,
            Step::Done(found) => return read(&found.to_json()),
        }
    }
}
