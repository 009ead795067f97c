//! The call that a transcript names, and how its value is seen.

use std::time::Duration;

use azure_imds::client::{Endpoint, Policy, TokenRequest};
use azure_imds::metadata::{EventId, IdentitySelector, MetadataPath, Record};
use azure_imds::{
    ApiVersion, Call, Client, Error, Exchange, Instant, RequestId, Response, Step, TransportError, UsageError,
};
use serde_json::{Value as Json, json};

use super::{Outcome, Seen, fields, play, value};

/// Makes the call that the case names, and plays its events.
///
/// # Errors
///
/// What is wrong with what the call is made of.
///
/// # Panics
///
/// If something else happens than the transcript says.
pub fn start(id: &str, case: &Json) -> Result<Option<Outcome>, UsageError> {
    let (client, call) = (client(&case["client"])?, &case["call"]);
    let text = |name: &str| call[name].as_str();
    let path = || MetadataPath::parse(text("path").unwrap());
    let kind = text("kind").unwrap();
    Ok(match kind {
        "instance" => {
            let call = if call["extended"] == true { client.extended_instance() } else { client.instance() };
            play(id, case, call, Call::attempts, |instance| {
                let mut seen = fields(&instance.fields());
                seen["absent"] = json!(instance.absent());
                Seen { fields: seen, ..Seen::of(&**instance) }
            })
        }
        "get" => play(id, case, client.get(&path()?), Call::attempts, |found| Seen::plain(value(found))),
        "text" => play(id, case, client.text(&path()?), Call::attempts, |found| Seen::plain(json!(found.as_str()))),
        "tags" => play(id, case, client.tags(), Call::attempts, |tags| {
            let mut seen = json!({ "source": tags.source().name() });
            for (number, (name, value)) in tags.iter().enumerate() {
                seen[number.to_string()] = json!({"name": name, "value": value});
            }
            Seen { fields: seen, ..Seen::of(&**tags) }
        }),
        "token" => {
            let selector = IdentitySelector::from_parts(text("client_id"), text("object_id"), text("resource_id"))?;
            let mut request = TokenRequest::new(text("resource").unwrap())?.with_identity(selector);
            if call["bypass_cache"] == true {
                request = request.bypassing_cache();
            }
            play(id, case, client.token(&request), Call::attempts, |token| Seen::of(&**token))
        }
        "identity_info" => play(id, case, client.identity_info(), Call::attempts, |info| Seen::of(&**info)),
        "scheduled_events" => play(id, case, client.scheduled_events(), Call::attempts, |events| Seen::of(&**events)),
        "approve" => {
            let ids: Vec<&str> = call["event_ids"].as_array().unwrap().iter().filter_map(Json::as_str).collect();
            let ids = ids.into_iter().map(EventId::new).collect::<Result<Vec<_>, _>>()?;
            play(id, case, client.approve(&ids)?, Call::attempts, |_| Seen::plain(Json::Null))
        }
        "load_balancer" => play(id, case, client.load_balancer(), Call::attempts, |found| Seen::of(&**found)),
        "versions" => play(id, case, client.versions(), Call::attempts, |versions| Seen::of(&**versions)),
        "attested_document" => {
            let call = client.attested_document(text("nonce"))?;
            play(id, case, call, Call::attempts, |document| Seen::of(&**document))
        }
        "availability" => play(
            id,
            case,
            Infallible(client.availability()),
            |_| &[],
            |found| {
                let mut seen = fields(&found.fields());
                seen["reason"] = json!(found.reason.as_ref().map(Error::code));
                Seen { fields: seen, ..Seen::of(found) }
            },
        ),
        _ => panic!("{id}: a call named {kind}"),
    })
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
struct Infallible<E>(E);

impl<E: Exchange> Exchange for Infallible<E> {
    type Output = Result<E::Output, Error>;

    fn poll(&mut self, now: Instant) -> Step<Self::Output> {
        match self.0.poll(now) {
            Step::Send(id, request) => Step::Send(id, request),
            Step::Wait(until) => Step::Wait(until),
            Step::Done(value) => Step::Done(Ok(value)),
        }
    }

    fn receive(&mut self, id: RequestId, now: Instant, response: Response) -> Result<(), UsageError> {
        self.0.receive(id, now, response)
    }

    fn fail(&mut self, id: RequestId, now: Instant, error: TransportError) -> Result<(), UsageError> {
        self.0.fail(id, now, error)
    }

    fn release(&mut self) {
        self.0.release();
    }
}

impl Seen {
    fn of(record: &impl Record) -> Self {
        Self { fields: fields(&record.fields()), value: Json::Null, form: Some(record.form().to_json()) }
    }

    const fn plain(value: Json) -> Self {
        Self { fields: Json::Null, value, form: None }
    }
}
