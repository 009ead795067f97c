//! Plays a transcript: what is to be sent and when, what comes back, what the call ends with.

use azure_imds::metadata::{FieldValue, RecordValues, Value};
use azure_imds::{Error, Exchange, Headers, Instant, Request, RequestId, Response, Step, TransportError};
use serde_json::{Value as Json, json};

/// What a call's value shows, to be compared with what a transcript expects.
pub(crate) struct Seen {
    pub(crate) fields: Json,
    pub(crate) value: Json,
}

pub(crate) fn play<T>(
    id: &str,
    case: &Json,
    mut call: impl Exchange<Output = Result<T, Error>>,
    see: impl Fn(&T) -> Seen,
) {
    let mut out = None;
    for event in case["events"].as_array().unwrap() {
        let now = Instant::from_millis(event["at"].as_u64().unwrap());
        let at = format!("{id} at {}", now.millis());
        if let Some(expected) = event.get("send") {
            let Step::Send(request_id, request) = call.poll(now) else { panic!("{at}: nothing is sent") };
            compare_request(&at, expected, &request);
            out = Some(request_id);
        } else if let Some(reply) = event.get("reply") {
            let handed = call.receive(addressee(&at, event, &mut out), now, response(reply));
            assert_eq!(handed.err().map(|error| error.code()), event["refused"].as_str(), "{at}");
        } else if let Some(code) = event.get("fail") {
            let code = code.as_str().unwrap();
            let failure = TransportError::named(code, "no route", 1);
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
                compare_result(&at, &event["expect"], result.as_ref().map(&see).map_err(Error::code));
            }
        }
    }
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

fn compare_result(at: &str, expected: &Json, result: Result<Seen, &'static str>) {
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
    Response { status, headers, body: reply["body"].as_str().unwrap().as_bytes().to_vec() }
}

/// A record as JSON: absent is null, a moment is RFC 3339.
pub(crate) fn fields(record: &RecordValues) -> Json {
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
pub(crate) fn value(found: &Value) -> Json {
    serde_json::from_str(&found.to_json()).unwrap()
}
