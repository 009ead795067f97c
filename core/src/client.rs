//! The client: makes the calls to every part of the service that a VM can ask.

use crate::quoted::Quoted;
use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use core::sync::atomic::{AtomicU32, Ordering};

use crate::attested::error::Error;
use crate::error::UsageError;
use crate::http::Method;
use crate::metadata::api_version::ApiVersion;
use crate::metadata::category::Category;
use crate::metadata::document::{Document, Value};
use crate::metadata::error::ServiceError;
use crate::metadata::fields::{AccessToken, IdentityInfo, Instance, LoadBalancer, ScheduledEvents};
use crate::metadata::path::MetadataPath;
use crate::metadata::scheduled_events::{EventId, approval_body};
use crate::metadata::schema;
use crate::metadata::tags::Tags;
use crate::metadata::versions::Versions;

mod attested_document;
mod availability;
mod call;
mod doctor;
mod endpoint;
mod form;
mod judge;
mod negotiate;
mod observation;
mod pace;
mod question;
mod remembered;
mod retry;
mod token_request;

pub use self::attested_document::AttestedDocument;
pub use self::availability::{Availability, Detection};
pub use self::call::{Attempt, Call};
pub use self::doctor::{Diagnosis, Examination, Finding, OperatingSystem, Severity, Surroundings};
pub use self::endpoint::{ENDPOINT_VARIABLES, Endpoint};
pub use self::form::RESULTS;
pub use self::observation::Observation;
pub use self::retry::Policy;
pub use self::token_request::TokenRequest;

use self::call::Answer;
use self::endpoint::Endpoints;
use self::pace::Pace;
use self::question::{Format, Question};
use self::remembered::Remembered;

/// Characters of a nonce that the service is documented to take.
const NONCE_LIMIT: usize = 32;

/// Makes calls. Holds the address, the version to ask for, and the policy; knows from earlier calls which version the
/// service accepts. Clones share that knowledge, and the pace.
///
/// ```
/// use azure_imds::{Client, Exchange, Instant, Step};
///
/// let client = Client::new();
/// let mut call = client.instance();
/// let Step::Send(_id, request) = call.poll(Instant::from_millis(0)) else { panic!("nothing to send") };
/// assert_eq!(request.url, "http://169.254.169.254/metadata/instance?api-version=2025-04-07");
/// assert_eq!(request.headers.first("Metadata"), Some("true"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Client {
    endpoints: Endpoints,
    policy: Policy,
    version: Option<ApiVersion>,
    learnt: Arc<Learnt>,
    pace: Arc<Pace>,
}

impl Client {
    /// A client of the address that every Azure VM has.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A client of the address that the environment names, if it does: `read` gives the value of a variable. The
    /// variables are [`ENDPOINT_VARIABLES`].
    ///
    /// # Errors
    ///
    /// `endpoint_malformed`.
    pub fn from_environment(read: impl Fn(&str) -> Option<String>) -> Result<Self, UsageError> {
        Ok(Self { endpoints: Endpoints::from_environment(read)?, ..Self::default() })
    }

    /// Asks at another address, for everything.
    #[must_use]
    pub fn with_endpoint(mut self, endpoint: Endpoint) -> Self {
        self.endpoints = endpoint.into();
        self.learnt = Arc::default();
        self
    }

    /// Asks for that version wherever it exists: of the instance, attested documents and the load balancer, and of
    /// scheduled events if it is one of theirs. Tokens are always asked for in their first version.
    #[must_use]
    pub fn with_version(mut self, version: ApiVersion) -> Self {
        self.version = Some(version);
        self.learnt = Arc::default();
        self
    }

    /// Sets deadlines, retries and limits.
    #[must_use]
    pub fn with_policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// The address asked.
    #[must_use]
    pub const fn endpoint(&self) -> &Endpoint {
        &self.endpoints.other
    }

    /// The policy.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Everything about the instance.
    ///
    /// Source: [instance metadata](https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service#instance-metadata).
    #[must_use]
    pub fn instance(&self) -> Call<Instance> {
        Call::new(self, Question::new(Category::Instance, ""), read_instance)
    }

    /// Everything about the instance, and what provisioning agents need. Fails where the plain call would answer in
    /// part, while the service is not ready.
    #[must_use]
    pub fn extended_instance(&self) -> Call<Instance> {
        let mut question = Question::new(Category::Instance, "");
        question.parameters.push(("extended", "true".to_owned()));
        Call::new(self, question, read_instance)
    }

    /// The value at a path below the instance: an object, a list, or for a leaf its text.
    ///
    /// What stays the same while the machine runs, as [`schema::Field::fixed`] says, is asked for once: later calls of
    /// this client and its clones have it at their first poll, unless [`Policy::remembers`] is off.
    #[must_use]
    pub fn get(&self, path: &MetadataPath) -> Call<Value> {
        let is_leaf = schema::is_leaf(path) == Some(true);
        let question = below_instance(path, if is_leaf { Format::Text } else { Format::JsonOrText });
        Call::new(self, question, read_value)
    }

    /// The text at a path below the instance: a leaf as it is, without quotes; of anything else a listing of its keys.
    /// What stays the same is asked for once, as by [`get`](Self::get).
    #[must_use]
    pub fn text(&self, path: &MetadataPath) -> Call<String> {
        let question = below_instance(path, Format::Text);
        Call::new(self, question, |answer| Ok(text_of(answer.body)?.to_owned()))
    }

    /// The tags of the VM.
    #[must_use]
    pub fn tags(&self) -> Call<Tags> {
        Call::new(self, Question::new(Category::Instance, "/compute"), |answer| {
            Ok(Tags::from_compute(Document::from_bytes(answer.body)?.root()))
        })
    }

    /// A signed document that a [`Verifier`](crate::Verifier) elsewhere can check, holding the nonce: 32 random
    /// letters and digits of the verifying party; the service takes at most 32 printable ASCII characters. Without one
    /// it puts a time there.
    ///
    /// The service caches. A document with another nonce is asked for again until the deadline, then `nonce_stale`.
    ///
    /// Source: [attested data](https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service#attested-data).
    ///
    /// # Errors
    ///
    /// `nonce_empty`, `nonce_too_long`, `nonce_malformed`.
    ///
    /// ```
    /// use azure_imds::{Client, Exchange, Instant, Step};
    ///
    /// let mut call = Client::new().attested_document(Some("9f8c2e7145d04a6fb3c1e8a27d905b6e"))?;
    /// let Step::Send(_id, request) = call.poll(Instant::ORIGIN) else { panic!("nothing to send") };
    /// assert!(request.url.ends_with("&nonce=9f8c2e7145d04a6fb3c1e8a27d905b6e"), "{}", request.url);
    /// assert_eq!(Client::new().attested_document(Some("")).unwrap_err().code(), "nonce_empty");
    /// # Ok::<(), azure_imds::UsageError>(())
    /// ```
    pub fn attested_document(&self, nonce: Option<&str>) -> Result<Call<AttestedDocument>, UsageError> {
        let mut question = Question::new(Category::Attested, "/document");
        if let Some(nonce) = nonce {
            check_nonce(nonce)?;
            question.parameters.push(("nonce", nonce.to_owned()));
            question.nonce = Some(nonce.to_owned());
        }
        Ok(Call::new(self, question, AttestedDocument::read))
    }

    /// A token of one of the VM's managed identities.
    ///
    /// Source: [tokens on a VM](https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token).
    #[must_use]
    pub fn token(&self, request: &TokenRequest) -> Call<AccessToken> {
        let mut question = Question::new(Category::Identity, "/oauth2/token");
        question.parameters = request.parameters();
        Call::new(self, question, |answer| Ok(AccessToken::parse(text_of(answer.body)?)?))
    }

    /// The tenant of the VM's managed identities.
    #[must_use]
    pub fn identity_info(&self) -> Call<IdentityInfo> {
        let question = Question::new(Category::Identity, "/info");
        Call::new(self, question, |answer| Ok(IdentityInfo::parse(text_of(answer.body)?)?))
    }

    /// The maintenance to come. The first reading ever may take two minutes.
    ///
    /// Source: [scheduled events](https://learn.microsoft.com/azure/virtual-machines/linux/scheduled-events).
    #[must_use]
    pub fn scheduled_events(&self) -> Call<ScheduledEvents> {
        let question = Question::new(Category::ScheduledEvents, "");
        Call::new(self, question, |answer| Ok(ScheduledEvents::parse(text_of(answer.body)?)?))
    }

    /// Approves events, so that they start without waiting for their time; for all the VMs that they concern.
    ///
    /// Tried again only where the service has certainly not acted on the request.
    ///
    /// # Errors
    ///
    /// `event_id_malformed` if none is given.
    pub fn approve(&self, event_ids: &[EventId]) -> Result<Call<()>, UsageError> {
        if event_ids.is_empty() {
            let (event_id, reason) = (Quoted::from(""), "no event is given");
            return Err(UsageError::EventIdMalformed { event_id, reason });
        }
        let mut question = Question::new(Category::ScheduledEvents, "");
        question.method = Method::Post;
        question.body = approval_body(event_ids).into_bytes();
        Ok(Call::new(self, question, |_| Ok(())))
    }

    /// The load balancer and the public addresses. Most VMs have none: `load_balancer_absent`.
    ///
    /// Source: [load balancer metadata](https://learn.microsoft.com/azure/load-balancer/howto-load-balancer-imds).
    #[must_use]
    pub fn load_balancer(&self) -> Call<LoadBalancer> {
        let question = Question::new(Category::LoadBalancer, "");
        Call::new(self, question, |answer| Ok(LoadBalancer::parse(text_of(answer.body)?)?))
    }

    /// The versions that the service names, which need not be all that it accepts.
    #[must_use]
    pub fn versions(&self) -> Call<Versions> {
        let question = Question::new(Category::Versions, "");
        Call::new(self, question, |answer| Ok(Versions::parse(text_of(answer.body)?)?))
    }

    /// Whether the service is there, within a second. Ask again as you like: the answer is never remembered.
    ///
    /// ```
    /// use azure_imds::client::{Availability, Detection};
    /// use azure_imds::{Client, Exchange, Instant, Step, TransportError};
    ///
    /// let mut detection: Detection = Client::new().availability();
    /// let Step::Send(id, _request) = detection.poll(Instant::ORIGIN) else { panic!("nothing to send") };
    /// detection.fail(id, Instant::ORIGIN, TransportError::Refused)?; // not on Azure
    /// let Step::Done(found) = detection.poll(Instant::ORIGIN) else { panic!("one request decides") };
    /// let Availability { is_available, reason, .. } = found;
    /// assert!(!is_available);
    /// assert_eq!(reason.map(|reason| reason.code()), Some("refused"));
    /// # Ok::<(), azure_imds::UsageError>(())
    /// ```
    #[must_use]
    pub fn availability(&self) -> Detection {
        Detection::new(self.endpoints.of(Category::Versions).clone())
    }

    /// The version to begin with.
    fn version_for(&self, category: Category) -> Option<ApiVersion> {
        let wanted = self.version.filter(|version| match category {
            Category::Identity | Category::Versions => false,
            Category::ScheduledEvents => category.versions().contains(version),
            _ => category.versions().first().is_some_and(|first| version >= first),
        });
        self.learnt.of(category).or(wanted).or(category.default_version())
    }
}

/// What earlier calls have learnt.
#[derive(Debug, Default)]
struct Learnt {
    /// The versions that the service has turned out to accept after it refused others.
    versions: [AtomicU32; Category::ALL.len()],
    /// What stays the same while the machine runs.
    remembered: Remembered,
}

impl Learnt {
    fn slot(&self, category: Category) -> Option<&AtomicU32> {
        let index = Category::ALL.iter().position(|other| *other == category)?;
        self.versions.get(index)
    }

    fn of(&self, category: Category) -> Option<ApiVersion> {
        ApiVersion::from_number(self.slot(category)?.load(Ordering::Relaxed))
    }

    fn put(&self, category: Category, version: ApiVersion) {
        if let Some(slot) = self.slot(category) {
            slot.store(version.number(), Ordering::Relaxed);
        }
    }
}

fn below_instance(path: &MetadataPath, format: Format) -> Question {
    let encoded = path.to_string();
    let slash = if encoded.is_empty() { "" } else { "/" };
    let mut question = Question::new(Category::Instance, &[slash, &encoded].concat());
    question.format = format;
    question.is_fixed = format == Format::Text && schema::field(path).is_some_and(|field| field.fixed);
    question
}

fn check_nonce(nonce: &str) -> Result<(), UsageError> {
    let malformed = |(position, character): (usize, char)| {
        let reason = if character.is_ascii() { "a control character" } else { "a character outside ASCII" };
        UsageError::NonceMalformed { nonce: Quoted::from(nonce), reason, position }
    };
    if nonce.is_empty() {
        return Err(UsageError::NonceEmpty);
    }
    if let Some(odd) = nonce.chars().enumerate().find(|(_, character)| !matches!(character, ' '..='~')) {
        return Err(malformed(odd));
    }
    let length = nonce.len();
    if length > NONCE_LIMIT { Err(UsageError::NonceTooLong { length, limit: NONCE_LIMIT }) } else { Ok(()) }
}

fn read_instance(answer: &Answer<'_>) -> Result<Instance, Error> {
    Ok(Instance::parse(text_of(answer.body)?, answer.version)?)
}

fn read_value(answer: &Answer<'_>) -> Result<Value, Error> {
    if answer.question.format == Format::Text {
        return Ok(Value::String(text_of(answer.body)?.to_owned()));
    }
    Ok(Document::from_bytes(answer.body)?.root().clone())
}

fn text_of(body: &[u8]) -> Result<&str, ServiceError> {
    core::str::from_utf8(body).map_err(|error| ServiceError::AnswerNotUtf8 { position: error.valid_up_to() })
}
