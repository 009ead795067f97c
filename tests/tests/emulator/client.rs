//! The client of this crate against the emulator over a network that takes time: what the stories do not tell.

use azure_imds::client::{Policy, TokenRequest};
use azure_imds::metadata::{MetadataPath, schema};
use azure_imds::{Client, Error, Exchange, Response, Step, TransportError};

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
    let time = u64::try_from(reply.delivery.delay.as_millis()).unwrap() + 1;
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
fn every_version_is_read_and_every_field_can_be_asked_for() {
    let mut machine = Machine::default().tagged("a", "b");
    machine.set("compute/storageProfile/dataDisks/0", Value::object([])).unwrap();
    machine.set("network/interface/0/ipv6/ipAddress/0", Value::object([])).unwrap();
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
fn a_load_balancer_and_novel_events_are_read() {
    let addresses = r#"{"publicIpAddresses":[{"frontendIpAddress":"51.0.0.1","privateIpAddress":"10.0.0.4"}]}"#;
    let balanced = Machine::default().with(&format!(r#"{{"loadBalancer":{addresses}}}"#)).unwrap();
    let mut host = Host::new(with(balanced));
    let balancer = host.drive(Client::new().load_balancer()).unwrap();
    assert_eq!(balancer.public_ip_addresses[0].frontend_ip_address.as_deref(), Some("51.0.0.1"));
    // A word that nobody knows yet.
    let mut novel = Scenario::default();
    novel.event_type = EventType::Other("SpotForecast".into());
    host.emulator.schedule(at(host.clock), &novel);
    let seen = host.drive(Client::new().scheduled_events()).unwrap();
    assert_eq!(seen.events[0].event_type, Some(novel.event_type));
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
fn a_client_keeps_within_the_limits() {
    let mut host = Host::new(emulator().with_limits(RateLimits::default()));
    let client = Client::new();
    for _ in 0..30 {
        host.drive(client.instance()).unwrap();
        host.drive(client.identity_info()).unwrap();
    }
    let refused = host.emulator.journal().entries().filter(|entry| entry.status == 429).count();
    assert_eq!((refused, host.asked), (0, 60));
    // One that does not is refused, and waits.
    let mut host = Host::new(emulator().with_limits(RateLimits::default()));
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
