//! The client of this crate against the emulator, without a socket: every answer is read, every fault is lived through.

use azure_imds::{
    Client, Error, EventId, Exchange, Expectations, IdentitySelector, MetadataPath, Nonce, Policy, Response, Step,
    TokenRequest, TransportError, Trust, Verifier, schema,
};

use super::*;

/// A host on a virtual clock.
struct Host {
    emulator: Emulator,
    clock: u64,
    asked: usize,
}

impl Host {
    fn new(emulator: Emulator) -> Self {
        Self { emulator, clock: 0, asked: 0 }
    }

    fn faulty(rule: &str) -> Self {
        let mut host = Self::new(emulator());
        host.emulator.faults_mut().add_text(rule).unwrap();
        host
    }

    fn drive<E: Exchange>(&mut self, mut exchange: E) -> E::Output {
        loop {
            match exchange.poll(Instant::from_millis(self.clock)) {
                Step::Send(id, request) => {
                    self.asked += 1;
                    let reply = self.emulator.handle(at(self.clock), &Incoming::from(&request));
                    let (time, delivered) = delivered(reply, request.max_body);
                    let deadline = request.deadline.millis();
                    let now = time.map_or(deadline, |time| self.clock + time).min(deadline);
                    self.clock = now;
                    let now = Instant::from_millis(now);
                    match delivered {
                        Ok(response) if self.clock < deadline => exchange.receive(id, now, response).unwrap(),
                        Ok(_) => exchange.fail(id, now, TransportError::ReadTimeout).unwrap(),
                        Err(error) => exchange.fail(id, now, error).unwrap(),
                    }
                }
                Step::Wait(until) => {
                    assert!(until.millis() > self.clock);
                    self.clock = until.millis();
                }
                Step::Done(value) => return value,
            }
        }
    }
}

/// How long it takes, for ever if nothing is said, and what comes of it.
fn delivered(reply: Reply, max_body: usize) -> (Option<u64>, Result<Response, TransportError>) {
    let time = reply.delivery.delay + 1;
    match reply.delivery.ending {
        Ending::Whole if reply.response.body.len() > max_body => {
            (Some(time), Err(TransportError::TooLong { limit: max_body }))
        }
        Ending::Whole => (Some(time), Ok(reply.response)),
        Ending::Drop | Ending::Truncate { .. } => (Some(time), Err(TransportError::Truncated)),
        Ending::Endless => (Some(time), Err(TransportError::TooLong { limit: max_body })),
        Ending::Slow { bytes_per_second } => {
            let seconds = reply.response.body.len() as u64 / u64::from(bytes_per_second);
            (Some(time + seconds * 1000), Ok(reply.response))
        }
        _ => (None, Err(TransportError::ReadTimeout)),
    }
}

fn code<T>(result: Result<T, Error>) -> &'static str {
    result.map_or_else(|error| error.code(), |_| "ok")
}

#[test]
fn every_part_of_the_service_is_read() {
    let balanced: LoadBalancer = serde_json::from_str(
        r#"{"publicIpAddresses":[{"frontendIpAddress":"51.0.0.1","privateIpAddress":"10.0.0.4"}]}"#,
    )
    .unwrap();
    let mut host =
        Host::new(with(Machine { load_balancer: Some(balanced), ..Machine::default() }.tagged("a", "b;c:d")));
    let client = Client::new();
    let instance = host.drive(client.instance()).unwrap();
    assert_eq!(instance.compute.vm_id.as_deref(), Some("00000000-0000-4000-8000-000000000001"));
    assert!(host.drive(client.extended_instance()).is_ok());
    let tags = host.drive(client.tags()).unwrap();
    assert_eq!(tags.iter().collect::<Vec<_>>(), [("a", "b;c:d")]);
    assert_eq!(host.drive(client.versions()).unwrap().newest(), Some(ApiVersion::NEWEST));
    let addresses = host.drive(client.load_balancer()).unwrap().public_ip_addresses;
    assert_eq!(addresses[0].frontend_ip_address.as_deref(), Some("51.0.0.1"));
    let tenant = host.drive(client.identity_info()).unwrap().tenant_id;
    assert_eq!(tenant.as_deref(), Some("00000000-0000-4000-8000-0000000000e1"));
    let token = host.drive(client.token(&TokenRequest::new("https://management.azure.com/").unwrap())).unwrap();
    assert!(token.secret().starts_with("eyJ"));
    assert!(token.unreadable().is_empty());
    let availability = host.drive(client.availability());
    assert!(availability.is_available && availability.reason.is_none());
    assert_eq!(availability.server.as_deref(), Some("IMDS/150.870.65.1556"));
}

#[test]
fn every_version_is_read_and_every_field_can_be_asked_for() {
    let mut machine = Machine::default().tagged("a", "b");
    machine.compute.storage_profile.data_disks.push(Default::default());
    machine.network.interface[0].ipv6.ip_address.push(Default::default());
    let mut host = Host::new(with(machine));
    for version in ApiVersion::INSTANCE {
        let instance = host.drive(Client::new().with_version(*version).instance()).unwrap();
        assert_eq!(instance.compute.name.as_deref(), Some("emulated-vm"), "{version}");
        assert!(instance.unreadable().is_empty(), "{version}: {:?}", instance.unreadable());
    }
    let unpaced = unpaced();
    for field in schema::fields().iter().filter(|field| field.since.is_some()) {
        let path = MetadataPath::parse(&field.path.replace('*', "0")).unwrap();
        let client = Client::new().with_policy(unpaced.clone());
        assert!(host.drive(client.get(&path)).is_ok(), "{path}");
        assert!(host.drive(client.text(&path)).is_ok(), "{path}");
    }
    let missing = MetadataPath::parse("compute/nothing").unwrap();
    assert_eq!(code(host.drive(Client::new().text(&missing))), "path_not_found");
}

#[test]
fn attested_documents_go_from_the_client_to_the_verifier() {
    let mut host = Host::new(emulator());
    let answer = host.drive(Client::new().attested_document(Some("1234567890")).unwrap()).unwrap();
    let (root, issuing) = (AUTHORITY.root_der().unwrap(), AUTHORITY.issuing_der().unwrap());
    let trust = Trust::builder_without_anchors().anchors(&root).unwrap().issuers(&issuing).unwrap().build();
    let expectations = Expectations::new(Nonce::new("1234567890").unwrap());
    let verdict = Verifier::new(trust).verify(answer.signed(), &expectations, at(host.clock).wall);
    assert_eq!(verdict.unwrap().vm_id(), "00000000-0000-4000-8000-000000000001");
}

#[test]
fn identities_are_asked_for_by_each_selector() {
    let identity = UserAssigned {
        client_id: "11111111-2222-4333-8444-555555555555".to_owned(),
        object_id: "21111111-2222-4333-8444-555555555555".to_owned(),
        resource_id: concat!(
            "/subscriptions/31111111-2222-4333-8444-555555555555/resourceGroups/g/providers/",
            "Microsoft.ManagedIdentity/userAssignedIdentities/i"
        )
        .to_owned(),
    };
    let mut host = Host::new(with(Machine::default().with_user_assigned(identity.clone())));
    for selector in [
        IdentitySelector::client_id(&identity.client_id).unwrap(),
        IdentitySelector::object_id(&identity.object_id).unwrap(),
        IdentitySelector::resource_id(&identity.resource_id).unwrap(),
    ] {
        let request = TokenRequest::new("https://vault.azure.net").unwrap().with_identity(selector);
        let token = host.drive(Client::new().token(&request)).unwrap();
        assert_eq!(token.client_id.as_deref(), Some(identity.client_id.as_str()));
    }
    let stranger = IdentitySelector::client_id(&identity.object_id).unwrap();
    let request = TokenRequest::new("https://vault.azure.net").unwrap().with_identity(stranger);
    assert_eq!(code(host.drive(Client::new().token(&request))), "identity_not_found");
}

#[test]
fn events_are_seen_and_approved() {
    let mut host = Host::new(emulator());
    let client = Client::new();
    assert!(host.drive(client.scheduled_events()).unwrap().events.is_empty());
    let id = host.emulator.schedule(at(host.clock), &Scenario::by_name("user-reboot").unwrap());
    let seen = host.drive(client.scheduled_events()).unwrap();
    let event = seen.affecting("emulated-vm").next().unwrap();
    assert_eq!(event.event_id.as_ref().map(EventId::as_str), Some(id.as_str()));
    assert!(event.not_before.is_some() && seen.unreadable().is_empty());
    host.drive(client.approve(&[EventId::new(&id).unwrap()]).unwrap()).unwrap();
    let seen = host.drive(client.scheduled_events()).unwrap();
    assert_eq!(seen.events[0].event_status, Some(EventStatus::Started));
    assert_eq!(seen.events[0].not_before, None);
    // A word that nobody knows yet.
    let novel = Scenario { event_type: EventType::Other("SpotRebalanceRecommendation".into()), ..Scenario::default() };
    host.emulator.schedule(at(host.clock), &novel);
    let seen = host.drive(client.scheduled_events()).unwrap();
    assert_eq!(seen.events[1].event_type, Some(novel.event_type));
}

#[test]
fn faults_that_pass_are_waited_for() {
    for (rule, least, most, asked) in [
        ("token:429x3", 3_000, 30_000, 4),
        ("*:410@60s", 60_000, 75_000, 7),
        ("*:wireserver,503,500", 3_000, 30_000, 4),
        ("*:drop,ok", 1, 10_000, 2),
        ("*:truncatex2", 1, 10_000, 3),
    ] {
        let mut host = Host::faulty(rule);
        let token = host.drive(Client::new().token(&TokenRequest::new("a:b").unwrap()));
        assert_eq!((code(token), host.asked), ("ok", asked), "{rule}");
        assert!((least..most).contains(&host.clock), "{rule}: {}", host.clock);
    }
}

#[test]
fn faults_that_last_are_told_apart() {
    for (rule, expected) in [
        ("*:429x*", "throttled"),
        ("*:410x*", "updating"),
        ("*:403x*", "rejected"),
        ("*:proxyx*", "proxy_answered"),
        ("*:loginx*", "proxy_answered"),
        ("*:redirectx*", "redirected"),
        ("*:dockerx*", "not_on_azure"),
        ("*:bad-jsonx*", "answer_malformed"),
        ("*:bad-utf8x*", "answer_not_utf8"),
        ("*:emptyx*", "answer_empty"),
        ("*:giantx*", "too_long"),
        ("*:endlessx*", "too_long"),
        ("*:dropx*", "truncated"),
        ("*:hangx*", "read_timeout"),
        ("*:slow=1x*", "read_timeout"),
    ] {
        let mut host = Host::faulty(rule);
        let result = code(host.drive(Client::new().instance()));
        assert_eq!(result, expected, "{rule}");
        assert!(host.clock <= 90_000, "{rule}: {}", host.clock);
    }
}

#[test]
fn a_version_that_is_refused_is_exchanged_for_one_that_is_not() {
    let mut host = Host::new(emulator());
    let instance = host.drive(Client::new().with_version(ApiVersion::new(2027, 1, 1)).instance());
    assert_eq!((code(instance), host.asked), ("ok", 2));
}

#[test]
fn a_client_keeps_within_the_limits() {
    let mut host = Host::new(emulator().with_limits(Limits::default()));
    let client = Client::new();
    for _ in 0..30 {
        host.drive(client.instance()).unwrap();
        host.drive(client.identity_info()).unwrap();
    }
    let refused = host.emulator.journal().entries().filter(|entry| entry.status == 429).count();
    assert_eq!((refused, host.asked), (0, 60));
    // One that does not is refused, and waits.
    let mut host = Host::new(emulator().with_limits(Limits::default()));
    let hasty = Client::new().with_policy(unpaced());
    for _ in 0..30 {
        host.drive(hasty.instance()).unwrap();
    }
    assert!(host.emulator.journal().entries().any(|entry| entry.status == 429));
}

fn unpaced() -> Policy {
    let mut policy = Policy::default();
    policy.paced = false;
    policy
}
