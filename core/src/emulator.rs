//! A metadata service of one's own: it answers as the service does, faults included.
//!
//! An [`Emulator`] is made of a [`Machine`] and a seed, and driven by the caller's clocks; it does no I/O. A host turns
//! what comes over HTTP into [`Incoming`], and delivers the [`Reply`]; the feature `http` does it for the types of the
//! `http` crate, and the example `serve` is a whole server. The same requests at the same moments get the same answers.
//!
//! ```
//! use azure_imds::emulator::{Emulator, Incoming, Machine, Moment};
//! use azure_imds::{Instant, Timestamp};
//!
//! let mut emulator = Emulator::new(Machine::default().tagged("env", "test"), [7; 32]);
//! let now = Moment::new(Instant::from_millis(0), Timestamp::from_unix(1_790_000_000));
//! let request = Incoming::get("/metadata/instance/compute/tags?api-version=2021-02-01&format=text");
//! let reply = emulator.handle(now, &request);
//! assert_eq!((reply.response.status, reply.response.body.as_slice()), (200, &b"env:test"[..]));
//! ```
//!
//! | to | use |
//! |---|---|
//! | describe the machine | [`Machine`], also a recorded answer, in JSON or TOML |
//! | let something go wrong | [`Playbook`] and its grammar, or a header field `X-Azure-Imds-Emulator-Fault` |
//! | let something happen | [`Timeline`], [`Scenario`] |
//! | trust its documents, in tests | [`Emulator::authority`] |
//! | know which part answered, and which fault was played | [`Reply`] |
//! | see what was asked | [`Journal`] |
//! | change what nobody knows of the service | [`Choices`] |
//!
//! # Faults in text
//!
//! ```text
#![doc = include_str!("emulator/fault/grammar.txt")]
//! ```
//!
//! `token:429x3` throttles the next three token requests; `*:410@70s` updates the service for 70 seconds from the first
//! request on; `instance:500,ok+delay=2s,404,partial,ok,repeat` goes round and round. Rules are played at requests that
//! pass the service's first checks, so that probes without the `Metadata` field use none up. The header field holds one
//! step, played at any request that has it.
//!
//! # Pages of its own
//!
//! Under `/emulator/`, without the `Metadata` field: `issuers/issuing.crt` and `issuers/root.crt` (DER), `root.pem`,
//! `identity/<tenant>/.well-known/openid-configuration` and `identity/<tenant>/keys`.
//!
//! # What differs from the service on purpose
//!
//! Documents and tokens are signed by an authority and an issuer that are plainly the emulator's. Credentials bound to
//! certificates (`issuecredential`) and provisioning data (`reprovisiondata`) are answered with 404. Smuggled requests,
//! pipelining and TLS are the host's server's matter.

use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use chacha20::ChaCha20Rng;

pub use self::choices::{Choice, Choices};
pub use self::configuration::Configuration;
pub use self::events::{Course, Event, Scenario, Timeline};
pub use self::fault::{FaultAnswer, FaultEnding, FaultStep, Lasts, Playbook, Rule, Scope};
pub use self::incoming::{Delivery, Ending, Incoming, Moment, Reply};
pub use self::journal::{Journal, JournalEntry};
pub use self::machine::{Identities, Machine, SystemAssigned, UserAssigned};
pub use self::part::Part;
pub use self::random::Seed;
use self::random::generator;
use self::sign::DocumentSigner;
pub use self::sign::{Authority, Tamper};
pub use self::throttle::RateLimits;
use self::throttle::Throttle;
use self::token::Issuer;
use crate::attested::issuers::Origin;
use crate::error::UsageError;
use crate::metadata::api_version::ApiVersion;
use crate::metadata::document::Value;

mod answering;
mod choices;
mod chosen;
mod configuration;
mod events;
mod fault;
#[cfg(feature = "http")]
mod handler;
mod incoming;
mod instance;
mod journal;
mod machine;
mod part;
mod random;
mod render;
mod route;
mod serve;
mod sign;
mod spans;
mod throttle;
mod token;

/// The header field of a request that asks for a fault, one step in text.
pub const FAULT_HEADER: &str = "X-Azure-Imds-Emulator-Fault";

/// Where the emulator is reached unless said otherwise.
const ORIGIN: &str = "http://127.0.0.1:8080";

/// A metadata service for one machine. See the [module](self).
#[derive(Debug)]
pub struct Emulator {
    machine: Machine,
    seed: Seed,
    choices: Arc<Choices>,
    origin: String,
    throttle: Throttle,
    is_unlimited: bool,
    playbook: Playbook,
    timeline: Timeline,
    journal: Journal,
    issuer: Issuer,
    signer: Option<DocumentSigner>,
    request_ids: ChaCha20Rng,
    tree: Option<(ApiVersion, bool, Value)>,
    events_were_asked: bool,
}

impl Emulator {
    /// An emulator of a machine. All keys and identifiers follow from the seed: 32 random bytes, or fixed ones in tests.
    /// Keys are made when they are first needed.
    #[must_use]
    pub fn new(machine: Machine, seed: Seed) -> Self {
        Self {
            machine,
            seed,
            choices: Arc::new(Choices::default()),
            origin: ORIGIN.to_string(),
            throttle: Throttle::new(RateLimits::default()),
            is_unlimited: false,
            playbook: Playbook::default(),
            timeline: Timeline::new(&seed),
            journal: Journal::default(),
            issuer: Issuer::new(seed),
            signer: None,
            request_ids: generator(&seed, "request identifiers"),
            tree: None,
            events_were_asked: false,
        }
    }

    /// Chooses what nobody knows of the service.
    ///
    /// ```
    /// use azure_imds::emulator::{Choice, Choices, Emulator, Incoming, Machine, Moment};
    /// use azure_imds::{Instant, Timestamp};
    ///
    /// let mut choices = Choices::default();
    /// choices.forwarded_for = Choice::new(403, "Forwarded requests are not answered");
    /// let mut emulator = Emulator::new(Machine::default(), [7; 32]).with_choices(choices);
    /// let now = Moment::new(Instant::ORIGIN, Timestamp::from_unix(1_790_000_000));
    /// let mut request = Incoming::get("/metadata/instance?api-version=2021-02-01");
    /// request.headers.append("X-Forwarded-For", "192.0.2.1");
    /// assert_eq!(emulator.handle(now, &request).response.status, 403);
    /// ```
    #[must_use]
    pub fn with_choices(mut self, choices: Choices) -> Self {
        self.choices = Arc::new(choices);
        self
    }

    /// Sets the limits; [`RateLimits::none`] switches them off.
    #[must_use]
    pub fn with_limits(mut self, limits: RateLimits) -> Self {
        self.throttle = Throttle::new(limits);
        self
    }

    /// Signs with this authority instead of one made from the seed.
    #[must_use]
    pub fn with_authority(mut self, authority: Authority) -> Self {
        self.signer = Some(DocumentSigner::new(authority));
        self
    }

    /// Says where the emulator is reached, `http://127.0.0.1:8080` unless said otherwise: its certificates and tokens
    /// name pages there. A verifier that is to fetch issuers needs the same origin allowed.
    ///
    /// # Errors
    ///
    /// `origin_malformed` for anything but scheme, host and port in lower case.
    ///
    /// ```
    /// # #[cfg(feature = "rustcrypto")] {
    /// use azure_imds::attested::Fetch;
    /// use azure_imds::emulator::{Emulator, Incoming, Machine, Moment};
    /// use azure_imds::{
    ///     Exchange, Expectations, Instant, NONCE_NOT_CHECKED, Step, Timestamp, Trust, Verification, Verifier,
    /// };
    ///
    /// let mut emulator = Emulator::new(Machine::default(), [7; 32]).with_origin("http://127.0.0.1:9090")?;
    /// let now = Moment::new(Instant::ORIGIN, Timestamp::from_unix(1_790_000_000));
    /// let request = Incoming::get("/metadata/attested/document?api-version=2021-02-01");
    /// let answer = emulator.handle(now, &request).response.body;
    /// let trust = Trust::builder().anchors(&emulator.authority()?.root_der()?)?.allow_origin(emulator.origin())?;
    /// let expectations = Expectations::new(NONCE_NOT_CHECKED);
    /// let mut verification = Verification::new(&Verifier::new(trust.build()), &answer, expectations, now.wall);
    /// let report = loop {
    ///     match verification.poll(now.instant) {
    ///         Step::Send(id, request) => {
    ///             let reply = emulator.handle(now, &Incoming::from(&request));
    ///             verification.receive(id, now.instant, reply.response)?;
    ///         }
    ///         Step::Wait(_) => unreachable!("nobody else asks"),
    ///         Step::Done(report) => break report,
    ///     }
    /// };
    /// assert!(report.verdict().is_ok());
    /// let fetch: &Fetch = &report.fetches()[0];
    /// assert_eq!((fetch.url.as_str(), &fetch.error), ("http://127.0.0.1:9090/emulator/issuers/issuing.crt", &None));
    /// # }
    /// # Ok::<(), azure_imds::UsageError>(())
    /// ```
    pub fn with_origin(mut self, origin: &str) -> Result<Self, UsageError> {
        let origin = Origin::parse(origin)?;
        self.origin = origin.as_str().trim_end_matches('/').to_string();
        Ok(self)
    }

    /// The machine.
    #[must_use]
    pub const fn machine(&self) -> &Machine {
        &self.machine
    }

    /// The machine, to be changed: the next answer shows it.
    pub fn machine_mut(&mut self) -> &mut Machine {
        self.tree = None;
        self.issuer.forget();
        &mut self.machine
    }

    /// The choices in force.
    #[must_use]
    pub fn choices(&self) -> &Choices {
        &self.choices
    }

    /// The limits in force.
    #[must_use]
    pub const fn limits(&self) -> RateLimits {
        self.throttle.limits()
    }

    /// Where the emulator says that it is reached.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The faults in play.
    #[must_use]
    pub const fn faults(&self) -> &Playbook {
        &self.playbook
    }

    /// The faults in play, to be changed.
    pub const fn faults_mut(&mut self) -> &mut Playbook {
        &mut self.playbook
    }

    /// The scheduled events.
    #[must_use]
    pub const fn events(&self) -> &Timeline {
        &self.timeline
    }

    /// The scheduled events, to be changed.
    pub const fn events_mut(&mut self) -> &mut Timeline {
        &mut self.timeline
    }

    /// Schedules an event for this machine alone, and gives its `EventId`.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use azure_imds::emulator::{Emulator, Event, Machine, Moment, Scenario};
    /// use azure_imds::metadata::EventStatus;
    /// use azure_imds::{Instant, Timestamp};
    ///
    /// let mut emulator = Emulator::new(Machine::default(), [7; 32]);
    /// let now = Moment::new(Instant::ORIGIN, Timestamp::from_unix(1_790_000_000));
    /// let id = emulator.schedule(now, &Scenario::default());
    /// let event: &Event = &emulator.events().events()[0];
    /// assert_eq!((&event.id, &event.status), (&id, &EventStatus::Scheduled));
    /// assert_eq!(event.not_before, now.wall + Duration::from_secs(15 * 60));
    /// ```
    pub fn schedule(&mut self, now: Moment, scenario: &Scenario) -> String {
        self.timeline.schedule(now, scenario, &[self.machine.text("compute/name")])
    }

    /// Schedules a [scenario by its name and changed fields](Scenario::changed), and gives its `EventId`: for these
    /// machines, or for this one alone.
    ///
    /// # Errors
    ///
    /// `scenario_malformed`; then nothing is scheduled.
    pub fn schedule_named(
        &mut self,
        now: Moment,
        name: &str,
        fields: &str,
        resources: Option<&[String]>,
    ) -> Result<String, UsageError> {
        let scenario = Scenario::changed(name, fields)?;
        Ok(match resources {
            None => self.schedule(now, &scenario),
            Some(names) => {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                self.timeline.schedule(now, &scenario, &names)
            }
        })
    }

    /// What was asked.
    #[must_use]
    pub const fn journal(&self) -> &Journal {
        &self.journal
    }

    /// What was asked, to be cleared or made longer.
    pub const fn journal_mut(&mut self) -> &mut Journal {
        &mut self.journal
    }

    /// The authority that signs attested documents; made now if it was not needed yet.
    ///
    /// # Errors
    ///
    /// `authority_unusable`; none is known to happen.
    pub fn authority(&mut self) -> Result<&Authority, UsageError> {
        self.signer().map(|signer| signer.authority())
    }

    /// Makes the keys of documents and of tokens now, so that no answer waits for them: half a second or so.
    ///
    /// # Errors
    ///
    /// `authority_unusable`; none is known to happen.
    pub fn make_keys(&mut self) -> Result<(), UsageError> {
        self.signer()?;
        self.issuer.make_key()
    }

    /// Answers a request, and notes it in the journal.
    pub fn handle(&mut self, now: Moment, request: &Incoming) -> Reply {
        let reply = self.answer(now, request);
        self.journal.note(now, request, &reply);
        reply
    }

    /// The tree that a version shows; kept, since most clients ask the same again.
    fn tree(&mut self, version: ApiVersion, extended: bool) -> &Value {
        let is_it =
            |(known, was_extended, _): &(ApiVersion, bool, Value)| *known == version && *was_extended == extended;
        let kept = self.tree.take().filter(is_it);
        let tree = kept.unwrap_or_else(|| (version, extended, instance::tree(&self.machine, version, extended, false)));
        &self.tree.insert(tree).2
    }

    fn signer(&mut self) -> Result<&mut DocumentSigner, UsageError> {
        DocumentSigner::ready(&mut self.signer, &self.seed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instant::Instant;
    use crate::time::Timestamp;

    #[test]
    fn a_scenario_is_scheduled_for_those_named() {
        let mut emulator = Emulator::new(Machine::default().named("vm7"), [7; 32]);
        let now = Moment::new(Instant::from_millis(0), Timestamp::from_unix(1_790_000_000));
        let others = ["a".to_string(), "b".to_string()];
        for (resources, shown) in [(None, &["vm7".to_string()][..]), (Some(&others[..]), &others), (Some(&[]), &[])] {
            let id = emulator.schedule_named(now, "redeploy", r#"{"description":"soon"}"#, resources).unwrap();
            let event = emulator.events().events().last().unwrap();
            assert_eq!((&event.id, &event.resources[..], &*event.scenario.description), (&id, shown, "soon"));
        }
        let error = emulator.schedule_named(now, "picnic", "{}", None).unwrap_err();
        assert_eq!((error.code(), emulator.events().events().len()), ("scenario_malformed", 3));
    }

    #[test]
    fn keys_are_made_without_a_request() {
        let mut emulator = Emulator::new(Machine::default(), [7; 32]);
        assert!(emulator.signer.is_none() && !emulator.issuer.has_key());
        emulator.make_keys().unwrap();
        assert!(emulator.signer.is_some() && emulator.issuer.has_key());
        assert_eq!(emulator.journal.total(), 0);
    }
}
