//! Plays a transcript of the client: what is to be sent and when, what comes back, what the call ends with.

use std::path::Path;

use azure_imds::client::Attempt;
use azure_imds::metadata::{FieldValue, RecordValues, Value};
use azure_imds::{Error, Exchange, Headers, Instant, Request, RequestId, Response, Step, TransportError};
use serde_json::{Value as Json, json};

mod call;

pub use self::call::start;

/// The file of transcripts, `tests/vectors/client.json`.
///
/// # Panics
///
/// If it is not there, or not one.
#[must_use]
pub fn suite() -> Json {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/client.json");
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

/// What a call came to at its end.
#[derive(Debug)]
pub enum Outcome {
    /// Its value in the JSON form; nothing for what is plain JSON or text itself.
    Value(Option<String>),
    /// Its error, and what was tried before it.
    Error(Error, Vec<Attempt>),
}

/// What a call's value shows, to be compared with what a transcript expects.
struct Seen {
    fields: Json,
    value: Json,
    form: Option<String>,
}

fn play<T, E: Exchange<Output = Result<T, Error>>>(
    id: &str,
    case: &Json,
    mut call: E,
    attempts: impl Fn(&E) -> &[Attempt],
    see: impl Fn(&T) -> Seen,
) -> Option<Outcome> {
    let (mut out, mut max_body, mut outcome) = (None, 0, None);
    for event in case["events"].as_array().unwrap() {
        let now = Instant::from_millis(event["at"].as_u64().unwrap());
        let at = format!("{id} at {}", now.millis());
        if let Some(expected) = event.get("send") {
            let Step::Send(request_id, request) = call.poll(now) else { panic!("{at}: nothing is sent") };
            compare_request(&at, expected, &request);
            (out, max_body) = (Some(request_id), request.max_body);
        } else if let Some(reply) = event.get("reply") {
            let handed = call.receive(addressee(&at, event, &mut out), now, response(reply));
            assert_eq!(handed.err().map(|error| error.code()), event["refused"].as_str(), "{at}");
        } else if let Some(code) = event.get("fail") {
            let code = code.as_str().unwrap();
            let failure = TransportError::named(code, "as scripted", max_body);
            assert_eq!(failure.code(), code, "{at}");
            let handed = call.fail(addressee(&at, event, &mut out), now, failure);
            assert_eq!(handed.err().map(|error| error.code()), event["refused"].as_str(), "{at}");
        } else if let Some(until) = event.get("wait") {
            match call.poll(now) {
                Step::Wait(moment) => assert_eq!(moment.millis(), until.as_u64().unwrap(), "{at}"),
                Step::Send(..) => panic!("{at}: sends instead of waiting"),
                Step::Done(result) => panic!("{at}: done instead of waiting: {:?}", result.err()),
            }
        } else {
            for _ in ["once", "again"] {
                let Step::Done(result) = call.poll(now) else { panic!("{at}: not done") };
                let seen = result.as_ref().map(&see);
                compare_result(&at, &event["expect"], seen.as_ref().map_err(|error| error.code()));
                outcome = Some(match seen {
                    Ok(seen) => Outcome::Value(seen.form),
                    Err(error) => Outcome::Error(error.clone(), attempts(&call).to_vec()),
                });
            }
        }
    }
    outcome
}

/// The request that an answer is for: the one that is named by its number, else the one that is out.
fn addressee(at: &str, event: &Json, out: &mut Option<RequestId>) -> RequestId {
    match event["to"].as_u64() {
        Some(number) => RequestId::from_number(u32::try_from(number).unwrap()),
        None => out.take().unwrap_or_else(|| panic!("{at}: no request is out")),
    }
}

fn compare_request(at: &str, expected: &Json, request: &Request) {
    assert_eq!(request.method.as_str(), expected["method"], "{at}");
    assert_eq!(request.url, expected["url"].as_str().unwrap(), "{at}");
    assert_eq!(request.headers.first("metadata"), Some("true"), "{at}");
    assert_eq!(request.headers.first("x-forwarded-for"), None, "{at}");
    for (name, value) in expected["headers"].as_object().into_iter().flatten() {
        assert_eq!(request.headers.first(name), value.as_str(), "{at}: {name}");
    }
    let body = expected["body"].as_str().unwrap_or_default();
    assert_eq!(String::from_utf8_lossy(&request.body), body, "{at}");
}

fn compare_result(at: &str, expected: &Json, result: Result<&Seen, &'static str>) {
    match result {
        Err(code) => assert_eq!(json!(code), expected["error"], "{at}"),
        Ok(seen) => {
            assert!(expected.get("error").is_none(), "{at}: {expected} is expected");
            if let Some(value) = expected.get("value") {
                assert_eq!(seen.value, *value, "{at}");
            }
            for (path, value) in expected["ok"].as_object().into_iter().flatten() {
                let found = path.split('.').fold(&seen.fields, |found, step| match found {
                    Json::Array(elements) => &elements[step.parse::<usize>().unwrap()],
                    other => other.get(step).unwrap_or_else(|| panic!("{at}: no {step} of {path}")),
                });
                assert_eq!(found, value, "{at}: {path}");
            }
        }
    }
}

fn response(reply: &Json) -> Response {
    let headers = reply["headers"].as_object().into_iter().flatten();
    let headers: Headers = headers.map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
    let status = u16::try_from(reply["status"].as_u64().unwrap()).unwrap();
    Response::new(status, headers, reply["body"].as_str().unwrap().as_bytes().to_vec())
}

/// A record as JSON: absent is null, a moment is RFC 3339.
fn fields(record: &RecordValues) -> Json {
    record
        .members
        .iter()
        .map(|member| (member.name.to_owned(), field(&member.value)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn field(value: &FieldValue) -> Json {
    match value {
        FieldValue::Absent => Json::Null,
        FieldValue::Flag(flag) => json!(flag),
        FieldValue::List(elements) => elements.iter().map(field).collect(),
        FieldValue::Number(number) => json!(number),
        FieldValue::Record(record) => fields(record),
        FieldValue::Text(text) => json!(text),
        FieldValue::Time(time) => json!(time.to_string()),
    }
}

/// A value of the core as JSON.
fn value(found: &Value) -> Json {
    serde_json::from_str(&found.to_json()).unwrap()
}

#[test]
fn values_are_shown_as_they_came() {
    let shown = value(&Value::Array(vec![Value::Null, Value::Number("7".into()), Value::text("x")]));
    assert_eq!(shown, json!([null, 7, "x"]));
}
