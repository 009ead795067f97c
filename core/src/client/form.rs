//! The JSON form of what a client finds, and of the attempts before an error.

use alloc::string::ToString;

use super::attested_document::AttestedDocument;
use super::availability::Availability;
use super::call::Attempt;
use super::doctor::{Diagnosis, Finding};
use crate::attested::KnownIssuer;
use crate::attested::error::{Error, ErrorForm, Tried};
use crate::metadata::fields::{AccessToken, IdentityInfo, Instance, LoadBalancer, ScheduledEvents};
use crate::metadata::record::{Record as _, RecordType, has_form, result};
use crate::metadata::schema::Field;
use crate::metadata::{Tags, Versions};

/// The results and errors that have a JSON form of rows. [`Report`](crate::Report) and
/// [`VerifiedDocument`](crate::VerifiedDocument) have a schema of their own.
pub const RESULTS: &[&RecordType] = &[
    AccessToken::TYPE,
    AttestedDocument::TYPE,
    Availability::TYPE,
    Diagnosis::TYPE,
    Error::TYPE,
    Field::TYPE,
    IdentityInfo::TYPE,
    Instance::TYPE,
    KnownIssuer::TYPE,
    LoadBalancer::TYPE,
    ScheduledEvents::TYPE,
    Tags::TYPE,
    Versions::TYPE,
];

impl ErrorForm<'_> {
    /// The same with what was tried before an error of the transport or the service, which is
    /// [`Call::attempts`](super::Call::attempts). Other errors are told without.
    #[must_use]
    pub fn with_attempts(mut self, attempts: &[Attempt]) -> Self {
        if !self.is_of_a_request() {
            return self;
        }
        let start = attempts.first().map_or(0, |attempt| attempt.sent.millis());
        let tried = attempts.iter().map(|attempt| Tried {
            after_ms: attempt.sent.millis().saturating_sub(start),
            api_version: attempt.version.map(|version| version.to_string()),
            status: attempt.status,
            code: attempt.error.as_ref().map(Error::code),
            message: attempt.error.as_ref().map(ToString::to_string),
        });
        self.attempts = tried.collect();
        self
    }
}

result! {
    AttestedDocument, "AttestedDocument": "A signed document of this VM, as the service gave it", |document| {
        "text": text = document.as_str(), "The service's whole answer: what to send to the verifying party";
        "signature": text = document.signature(), "The signature alone: base64 of the PKCS#7 message";
    }
}
has_form!(AttestedDocument);

result! {
    Availability, "Availability": "What a look for the service found", |found| {
        "is_available": flag = found.is_available,
            "Whether the metadata service answers, be it that it is busy or being updated";
        "reason": optional_record(Error) = found.reason.as_ref(), "Why it is not there, or what it is busy with";
        "server": optional_text = found.server.as_ref(), "What it calls itself, like `IMDS/150.870.65.1854`";
    }
}
has_form!(Availability);

result! {
    Finding, "Finding": "Something that the doctor found", |finding| {
        "code": text = finding.code, "Its stable name";
        "severity": text = finding.severity.name(), "How grave it is";
        "summary": text = &finding.summary, "What was found, with the values, bounded and escaped";
        "remedy": text = &finding.remedy, "What to do";
    }
}
has_form!(Finding);

result! {
    Diagnosis, "Diagnosis": "What the doctor found", |found| {
        "findings": list(Finding) = &found.findings, "What is wrong or worth knowing, the gravest first";
        "is_healthy": flag = found.is_healthy(), "Whether the service can be used: nothing found is a fault";
        "availability": record(Availability) = &found.availability, "What the first look for the service found";
        "instance": optional_record(Instance) = found.instance.as_ref().and_then(|it| it.as_deref().ok()),
            "The instance as the service describes it; null if it was not asked, or gave no use";
        "error": optional_record(Error) = found.instance.as_ref().and_then(|it| it.as_ref().err()),
            "Why there is no instance, if it was asked";
    }
}
has_form!(Diagnosis);
