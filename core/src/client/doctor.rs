//! The doctor: says why the metadata service can't be reached, and what to do about it.
//!
//! The host gathers what stands in [`Surroundings`]; the doctor asks the service twice, and interprets both.
//!
//! Source: [the service's own troubleshooting][docs].
//!
//! [docs]: https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service#frequently-asked-questions

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use crate::attested::error::Error;
use crate::client::{Availability, Call, Client, Detection, Endpoint, Policy};
use crate::error::{TransportError, UsageError};
use crate::exchange::{Exchange, RequestId, Requests, Step};
use crate::http::{Request, Response};
use crate::instant::Instant;
use crate::metadata::fields::Instance;

mod findings;
mod found;
mod routes;
mod surroundings;

pub use self::findings::{Finding, Severity};
pub use self::surroundings::{OperatingSystem, Surroundings};

/// For reading the instance.
const TIME: Duration = Duration::from_secs(6);

/// What the doctor found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnosis {
    /// What is wrong or worth knowing, the gravest first.
    pub findings: Vec<Finding>,
    /// What the first look for the service found.
    pub availability: Availability,
    /// The instance as the service describes it; `None` if it was not asked.
    pub instance: Option<Result<Arc<Instance>, Error>>,
}

impl Diagnosis {
    /// Whether the service can be used: nothing found is a fault.
    #[must_use]
    pub fn is_healthy(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity != Severity::Fault)
    }
}

/// An examination under way, made by [`Client::diagnose`]. Drive it by the loop of [`Exchange`]; it takes a few seconds.
#[derive(Debug)]
pub struct Examination {
    surroundings: Surroundings,
    endpoint: Endpoint,
    detection: Detection,
    instance: Call<Instance>,
    requests: Requests<Part>,
    done: Option<Diagnosis>,
}

/// Who made a request of an examination, and the identifier that it gave it.
#[derive(Clone, Copy, Debug)]
enum Part {
    Detection(RequestId),
    Instance(RequestId),
}

impl Client {
    /// Examines why the service can't be reached, or whether all is well.
    ///
    /// ```
    /// use azure_imds::client::{Diagnosis, Examination, Finding, OperatingSystem, Severity, Surroundings};
    /// use azure_imds::{Client, Exchange, Instant, Step, TransportError};
    ///
    /// let surroundings = Surroundings::new(OperatingSystem::of_platform("linux"))
    ///     .with_variable("HTTP_PROXY", "http://proxy.example:3128");
    /// let mut examination: Examination = Client::new().diagnose(surroundings);
    /// let Step::Send(id, _request) = examination.poll(Instant::ORIGIN) else { panic!("nothing to send") };
    /// examination.fail(id, Instant::ORIGIN, TransportError::ConnectTimeout)?;
    /// let Step::Done(diagnosis) = examination.poll(Instant::ORIGIN) else { panic!("nobody is there to be asked") };
    /// assert!(!diagnosis.is_healthy());
    /// let Diagnosis { findings, .. } = diagnosis; // the gravest first
    /// let gravest: &Finding = &findings[0];
    /// assert_eq!(gravest.severity, Severity::Fault);
    /// println!("{}: {}; {}", gravest.code, gravest.summary, gravest.remedy);
    /// # Ok::<(), azure_imds::UsageError>(())
    /// ```
    #[must_use]
    pub fn diagnose(&self, surroundings: Surroundings) -> Examination {
        let policy =
            Policy { deadline: Some(TIME), retries: 0, transport_retries: 0, paced: false, ..self.policy().clone() };
        Examination {
            surroundings,
            endpoint: self.endpoint().clone(),
            detection: self.availability(),
            instance: self.clone().with_policy(policy).instance(),
            requests: Requests::new(),
            done: None,
        }
    }
}

impl Examination {
    fn send(&mut self, part: Part, request: Request) -> Step<Diagnosis> {
        Step::Send(self.requests.send(request.deadline, part), request)
    }

    fn conclude(
        &mut self,
        availability: Availability,
        instance: Option<Result<Arc<Instance>, Error>>,
    ) -> Step<Diagnosis> {
        let refused = self.instance.attempts().iter().filter_map(|attempt| attempt.error.as_ref());
        let refused: Vec<&Error> = refused.collect();
        let read = instance.as_ref().map(|instance| instance.as_deref());
        let findings = findings::all(&self.surroundings, &self.endpoint, &availability, read, &refused);
        let diagnosis = Diagnosis { findings, availability, instance };
        self.done = Some(diagnosis.clone());
        Step::Done(diagnosis)
    }
}

/// Each part knows until when it waits for its request, and gives it up.
impl Exchange for Examination {
    type Output = Diagnosis;

    fn poll(&mut self, now: Instant) -> Step<Diagnosis> {
        if let Some(diagnosis) = &self.done {
            return Step::Done(diagnosis.clone());
        }
        let availability = match self.detection.poll(now) {
            Step::Send(id, request) => return self.send(Part::Detection(id), request),
            Step::Wait(until) => return Step::Wait(until),
            Step::Done(availability) => availability,
        };
        if !availability.is_available {
            return self.conclude(availability, None);
        }
        match self.instance.poll(now) {
            Step::Send(id, request) => self.send(Part::Instance(id), request),
            Step::Wait(until) => Step::Wait(until),
            Step::Done(instance) => self.conclude(availability, Some(instance)),
        }
    }

    fn receive(&mut self, id: RequestId, now: Instant, response: Response) -> Result<(), UsageError> {
        match self.requests.answered(id)? {
            Some(Part::Detection(id)) => self.detection.receive(id, now, response),
            Some(Part::Instance(id)) => self.instance.receive(id, now, response),
            None => Ok(()),
        }
    }

    fn fail(&mut self, id: RequestId, now: Instant, error: TransportError) -> Result<(), UsageError> {
        match self.requests.answered(id)? {
            Some(Part::Detection(id)) => self.detection.fail(id, now, error),
            Some(Part::Instance(id)) => self.instance.fail(id, now, error),
            None => Ok(()),
        }
    }

    fn release(&mut self) {
        self.requests.give_up();
        self.detection.release();
        self.instance.release();
    }
}
