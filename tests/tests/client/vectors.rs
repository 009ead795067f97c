//! Every transcript of tests/vectors/client.json.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use azure_imds::client::{Endpoint, Policy, TokenRequest};
use azure_imds::metadata::{EventId, IdentitySelector, MetadataPath, Record, TagsSource, Value};
use azure_imds::{ApiVersion, Client, Error, UsageError};
use serde_json::{Value as Json, json};

use crate::transcript::{Seen, fields, play, value};

const CASES: usize = 130;

#[test]
fn every_transcript_comes_out_as_written() {
    let suite = suite();
    let cases = suite["cases"].as_array().unwrap();
    assert_eq!((suite["version"].as_u64(), cases.len()), (Some(1), CASES));
    let mut ids = BTreeSet::new();
    for case in cases {
        let id = case["id"].as_str().unwrap();
        assert!(ids.insert(id), "{id} is there twice");
        assert!(id.starts_with("client::") && id.split("::").count() == 3, "{id}");
        assert!(["critical", "high", "normal"].contains(&case["importance"].as_str().unwrap()), "{id}");
        assert!(case["description"].as_str().unwrap().ends_with('.'), "{id}");
        if let Err(error) = start(id, case) {
            let expected = json!([{"at": 0, "expect": {"error": error.code()}}]);
            assert_eq!(case["events"], expected, "{id}: {error}");
        }
    }
}

pub(crate) fn suite() -> Json {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/client.json");
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

/// Makes the call that the case names, and plays its events.
fn start(id: &str, case: &Json) -> Result<(), UsageError> {
    let (client, call) = (client(&case["client"])?, &case["call"]);
    let text = |name: &str| call[name].as_str();
    let path = || MetadataPath::parse(text("path").unwrap());
    let kind = text("kind").unwrap();
    match kind {
        "instance" => {
            let call = if call["extended"] == true { client.extended_instance() } else { client.instance() };
            play(id, case, call, |instance| {
                let mut seen = fields(&instance.fields());
                seen["absent"] = json!(instance.absent());
                Seen { fields: seen, value: Json::Null }
            });
        }
        "get" => play(id, case, client.get(&path()?), |found| Seen { fields: Json::Null, value: value(found) }),
        "text" => {
            play(id, case, client.text(&path()?), |found| Seen { fields: Json::Null, value: json!(found.as_str()) })
        }
        "tags" => play(id, case, client.tags(), |tags| {
            let mut seen = json!({ "source": source(tags.source()) });
            for (number, (name, value)) in tags.iter().enumerate() {
                seen[number.to_string()] = json!({"name": name, "value": value});
            }
            Seen { fields: seen, value: Json::Null }
        }),
        "token" => {
            let selector = IdentitySelector::from_parts(text("client_id"), text("object_id"), text("resource_id"))?;
            let mut request = TokenRequest::new(text("resource").unwrap())?.with_identity(selector);
            if call["bypass_cache"] == true {
                request = request.bypassing_cache();
            }
            play(id, case, client.token(&request), |record| Seen::of(&**record));
        }
        "identity_info" => play(id, case, client.identity_info(), |record| Seen::of(&**record)),
        "scheduled_events" => play(id, case, client.scheduled_events(), |record| Seen::of(&**record)),
        "approve" => {
            let ids: Vec<&str> = call["event_ids"].as_array().unwrap().iter().filter_map(Json::as_str).collect();
            let ids = ids.into_iter().map(EventId::new).collect::<Result<Vec<_>, _>>()?;
            play(id, case, client.approve(&ids)?, |_| Seen { fields: Json::Null, value: Json::Null });
        }
        "load_balancer" => play(id, case, client.load_balancer(), |record| Seen::of(&**record)),
        "versions" => play(id, case, client.versions(), |versions| Seen {
            fields: json!({ "versions": versions.versions.iter().map(ToString::to_string).collect::<Vec<_>>() }),
            value: Json::Null,
        }),
        "attested_document" => {
            play(id, case, client.attested_document(text("nonce"))?, |document| Seen {
                fields: json!({ "text": document.as_str() }),
                value: Json::Null,
            });
        }
        "availability" => {
            play(id, case, transcript_of(client.availability()), |seen| Seen {
                fields: json!({
                    "is_available": seen.is_available,
                    "reason": seen.reason.as_ref().map(Error::code),
                    "server": seen.server,
                }),
                value: Json::Null,
            });
        }
        _ => panic!("{id}: a call named {kind}"),
    }
    Ok(())
}

const fn source(source: TagsSource) -> &'static str {
    match source {
        TagsSource::TagsList => "tagsList",
        TagsSource::Tags => "tags",
        _ => "neither",
    }
}

fn client(options: &Json) -> Result<Client, UsageError> {
    let variable = |name: &str| options["environment"][name].as_str().map(str::to_owned);
    let mut client = Client::from_environment(variable)?;
    if let Some(endpoint) = options["endpoint"].as_str() {
        client = client.with_endpoint(Endpoint::parse(endpoint)?);
    }
    if let Some(version) = options["version"].as_str() {
        client = client.with_version(ApiVersion::parse(version)?);
    }
    let mut policy = Policy::default();
    for (name, setting) in options["policy"].as_object().into_iter().flatten() {
        match name.as_str() {
            "deadline" => policy.deadline = setting.as_u64().map(Duration::from_millis),
            "max_body" => policy.max_body = usize::try_from(setting.as_u64().unwrap()).unwrap(),
            "negotiates" => policy.negotiates = setting.as_bool().unwrap(),
            _ => panic!("a policy named {name}"),
        }
    }
    Ok(client.with_policy(policy))
}

/// An exchange that can't fail, as one that could.
fn transcript_of<E: azure_imds::Exchange>(exchange: E) -> Infallible<E> {
    Infallible(exchange)
}

struct Infallible<E>(E);

impl<E: azure_imds::Exchange> azure_imds::Exchange for Infallible<E> {
    type Output = Result<E::Output, Error>;

    fn poll(&mut self, now: azure_imds::Instant) -> azure_imds::Step<Self::Output> {
        match self.0.poll(now) {
            azure_imds::Step::Send(id, request) => azure_imds::Step::Send(id, request),
            azure_imds::Step::Wait(until) => azure_imds::Step::Wait(until),
            azure_imds::Step::Done(value) => azure_imds::Step::Done(Ok(value)),
        }
    }

    fn receive(
        &mut self,
        id: azure_imds::RequestId,
        now: azure_imds::Instant,
        response: azure_imds::Response,
    ) -> Result<(), UsageError> {
        self.0.receive(id, now, response)
    }

    fn fail(
        &mut self,
        id: azure_imds::RequestId,
        now: azure_imds::Instant,
        error: azure_imds::TransportError,
    ) -> Result<(), UsageError> {
        self.0.fail(id, now, error)
    }

    fn release(&mut self) {
        self.0.release();
    }
}

impl Seen {
    fn of(record: &impl Record) -> Self {
        Self { fields: fields(&record.fields()), value: Json::Null }
    }
}

#[test]
fn values_are_shown_as_they_came() {
    let shown = value(&Value::Array(vec![Value::Null, Value::Number("7".into()), Value::text("x")]));
    assert_eq!(shown, json!([null, 7, "x"]));
}
