//! The calls of the table, and what comes of each: a value as text, or a code.

use azure_imds::client::{Availability, Policy, TokenRequest};
use azure_imds::emulator::{Emulator, Machine, Scenario};
use azure_imds::metadata::{AccessToken, EventId, LoadBalancer, MetadataPath, ScheduledEvents, Tags, Value};
use azure_imds::{Call, Client, Error, Exchange, Expectations, Instance, Nonce, Timestamp, Trust, Verifier};
use std::sync::Arc;
use std::time::Duration;

/// All of them: every call of the client, and a document that is verified.
pub(crate) const CALLS: &[&str] = &[
    "instance",
    "extended_instance",
    "get",
    "text",
    "tags",
    "attested_document",
    "verified_document",
    "token",
    "identity_info",
    "scheduled_events",
    "approve",
    "load_balancer",
    "versions",
    "availability",
];

/// What carries requests to an emulator.
pub(crate) trait Host {
    fn run<E: Exchange>(&mut self, exchange: E) -> E::Output;
    fn client(&self) -> &Client;
    fn emulator<T>(&mut self, look: impl FnOnce(&mut Emulator) -> T) -> T;
    fn wall(&self) -> Timestamp;
}

/// The machine of the table, as it stands there.
pub(crate) const MACHINE: &str = r#"{"compute":{"name":"playbook","tags":{"env":"test","owner":"a;b"}},"loadBalancer":{"publicIpAddresses":[{"frontendIpAddress":"203.0.113.7","privateIpAddress":"10.0.0.4"}]}}"#;

/// The event that is under way.
pub(crate) const SCENARIO: &str = "live-migration";

pub(crate) fn machine() -> Machine {
    serde_json::from_str(MACHINE).unwrap()
}

pub(crate) fn scenario() -> Scenario {
    Scenario::by_name(SCENARIO).unwrap()
}

/// How long a client of the table waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Patience {
    /// As it comes: nothing in the case takes any time, however busy the machine is.
    Ample,
    /// Long enough to outlast an update of the service.
    Long,
    /// Short: the case is about what is late.
    Short,
}

impl Patience {
    pub(crate) const ALL: [(Self, &'static str); 3] =
        [(Self::Ample, "ample"), (Self::Long, "long"), (Self::Short, "short")];

    /// Milliseconds for an attempt and for the whole.
    pub(crate) const fn times(self) -> (u64, u64) {
        match self {
            Self::Ample => (20_000, 40_000),
            Self::Long => (5_000, 40_000),
            Self::Short => (2_000, 4_500),
        }
    }

    pub(crate) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(it, _)| *it == self).unwrap().1
    }
}

pub(crate) fn policy(patience: Patience) -> Policy {
    let mut policy = Policy::default();
    let (attempt, whole) = patience.times();
    policy.attempt_timeout = Some(Duration::from_millis(attempt));
    policy.deadline = Some(Duration::from_millis(whole));
    policy.retries = 2;
    policy.transport_retries = 1;
    policy.backoff = Duration::from_millis(1);
    policy.max_body = MAX_BODY;
    policy.paced = false;
    policy
}

pub(crate) const MAX_BODY: usize = 65_536;

const NONCE: &str = "1234567890";

/// Makes the call, and says what came of it: `ok` with the value, or the code.
pub(crate) fn made(host: &mut impl Host, call: &str) -> (String, Option<String>) {
    match value(host, call) {
        Ok(value) => ("ok".to_owned(), Some(value)),
        Err(error) => (error.code().to_owned(), None),
    }
}

fn value(host: &mut impl Host, call: &str) -> Result<String, Error> {
    let client = host.client().clone();
    match call {
        "instance" => ask(host, client.instance()).map(of_instance),
        "extended_instance" => ask(host, client.extended_instance()).map(of_instance),
        "get" => ask(host, client.get(&path("compute/name"))).map(|value: Value| match value {
            Value::String(text) => text,
            other => other.to_json(),
        }),
        "text" => ask(host, client.text(&path("network"))),
        "tags" => ask(host, client.tags()).map(|tags: Tags| {
            let tags: Vec<String> = tags.iter().map(|(name, value)| format!("{name}={value}")).collect();
            tags.join(",")
        }),
        "attested_document" => {
            let document = ask(host, client.attested_document(Some(NONCE))?)?;
            Ok(if document.signature().len() > 1_000 { "signed" } else { "unsigned" }.to_owned())
        }
        "verified_document" => {
            let document = ask(host, client.attested_document(Some(NONCE))?)?;
            let verifier = host.emulator(|emulator| {
                let authority = emulator.authority().unwrap();
                let trust = Trust::builder_without_anchors().anchors(&authority.root_der().unwrap()).unwrap();
                Verifier::new(trust.issuers(&authority.issuing_der().unwrap()).unwrap().build())
            });
            let expectations = Expectations::new(Nonce::new(NONCE).unwrap());
            Ok(verifier.verify(document.signed(), &expectations, host.wall())?.vm_id().to_owned())
        }
        "token" => ask(host, client.token(&TokenRequest::new("https://vault.azure.net").unwrap())).map(of_token),
        "identity_info" => ask(host, client.identity_info()).map(|info| shown(info.tenant_id)),
        "scheduled_events" => ask(host, client.scheduled_events()).map(of_events),
        "approve" => {
            let id = host.emulator(|emulator| emulator.events().events()[0].id.clone());
            ask(host, client.approve(&[EventId::new(&id).unwrap()])?).map(|()| String::new())
        }
        "load_balancer" => ask(host, client.load_balancer()).map(of_balancer),
        "versions" => ask(host, client.versions()).map(|found| shown(found.newest().map(|it| it.to_string()))),
        "availability" => Ok(of_availability(&host.run(client.availability()))),
        _ => panic!("no call {call}"),
    }
}

/// The value, taken out of the call that it was shared with.
fn ask<T: Clone>(host: &mut impl Host, call: Call<T>) -> Result<T, Error> {
    host.run(call).map(Arc::unwrap_or_clone)
}

fn path(text: &str) -> MetadataPath {
    MetadataPath::parse(text).unwrap()
}

fn shown(text: Option<String>) -> String {
    text.unwrap_or_else(|| "-".to_owned())
}

fn of_instance(instance: Instance) -> String {
    let interfaces = instance.network.interfaces.len();
    format!("{} {} {interfaces}", shown(instance.compute.name), shown(instance.compute.os_profile.computer_name))
}

fn of_token(token: AccessToken) -> String {
    let parts = token.secret().split('.').count();
    format!("{} {} {parts}", shown(token.resource), shown(token.token_type))
}

fn of_events(events: ScheduledEvents) -> String {
    let words = events.events.iter().map(|event| {
        let word = |text: Option<&str>| text.unwrap_or("-").to_owned();
        let (kind, status) = (event.event_type.as_ref(), event.event_status.as_ref());
        format!("{} {}", word(kind.map(|kind| kind.as_str())), word(status.map(|status| status.as_str())))
    });
    words.collect::<Vec<String>>().join(",")
}

fn of_balancer(balancer: LoadBalancer) -> String {
    shown(balancer.public_ip_addresses.into_iter().next().and_then(|address| address.frontend_ip_address))
}

fn of_availability(found: &Availability) -> String {
    let reason = found.reason.as_ref().map_or("-", Error::code);
    format!("{} {reason}", if found.is_available { "available" } else { "absent" })
}
