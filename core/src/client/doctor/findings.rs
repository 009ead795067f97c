//! What the surroundings and the service's answers mean.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::found::Found;
use super::routes::{self, RoutesTaken};
use super::surroundings::{OperatingSystem, Surroundings};
use crate::attested::error::Error;
use crate::client::{Availability, ENDPOINT_VARIABLES, Endpoint};
use crate::error::{Code, TransportError};
use crate::metadata::error::ServiceError;
use crate::metadata::fields::Instance;
use crate::quoted::Quoted;

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// The service can't be used.
    Fault,
    /// The service may fail to be used, by this program or by others.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// All, the gravest first.
    pub const ALL: &'static [Self] = &[Self::Fault, Self::Warning, Self::Note];

    /// `fault`, `warning` or `note`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fault => "fault",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// Its stable name.
    pub code: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// What was found, with the values.
    pub summary: String,
    /// What to do.
    pub remedy: String,
}

impl Finding {
    /// All codes.
    pub const CODES: &'static [&'static str] = Found::CODES;

    /// All codes, with what was found and what to do about it.
    pub const DESCRIPTIONS: &'static [Code] = Found::DESCRIPTIONS;
}

/// The tag that the firmware of every Azure VM shows.
const AZURE_ASSET_TAG: &str = "7783-7084-3265-9085-8269-3286-77";

/// All findings, the gravest first.
pub(super) fn all(
    surroundings: &Surroundings,
    endpoint: &Endpoint,
    availability: &Availability,
    instance: Option<Result<&Instance, &Error>>,
    refused: &[&Error],
) -> Vec<Finding> {
    let mut findings = Findings(Vec::new());
    let is_default = *endpoint == Endpoint::default();
    let answers = matches!(instance, Some(Ok(_)));
    if is_default {
        findings.routes(surroundings, answers);
        findings.machine(surroundings, answers);
    } else {
        findings.overridden(surroundings, endpoint);
    }
    findings.proxies(surroundings);
    if !availability.is_available
        && let Some(reason) = &availability.reason
    {
        findings.failure(reason, endpoint);
    }
    match instance {
        None => {}
        Some(Err(error)) => findings.failure(error, endpoint),
        Some(Ok(instance)) => findings.instance(instance, availability, refused),
    }
    findings.0.sort_by_key(|finding| finding.severity);
    findings.0
}

struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, found: Found, severity: Severity, summary: impl Into<String>) {
        self.add_with(found, severity, summary, found.remedy());
    }

    /// The same with a remedy of its own.
    fn add_with(&mut self, found: Found, severity: Severity, summary: impl Into<String>, remedy: impl Into<String>) {
        self.0.push(Finding { code: found.code(), severity, summary: summary.into(), remedy: remedy.into() });
    }

    /// Which interface the request leaves by. A fault only if nothing answers: a route may be better than it looks.
    fn routes(&mut self, surroundings: &Surroundings, answers: bool) {
        let Some(text) = surroundings.routes.as_deref() else {
            return;
        };
        let severity = if answers { Severity::Warning } else { Severity::Fault };
        let table = match surroundings.operating_system {
            OperatingSystem::Linux => routes::linux(text),
            OperatingSystem::Windows => routes::windows(text),
            OperatingSystem::Other => return,
        };
        let ways = RoutesTaken::of(&table);
        let Some(service) = ways.service else {
            return self.add(Found::NoRoute, severity, "the machine has no route to 169.254.169.254");
        };
        let Some(default) = ways.default.filter(|default| default.interface != service.interface) else {
            return;
        };
        let (by, primary) = (Quoted::from(&*service.interface), Quoted::from(&*default.interface));
        if surroundings.operating_system == OperatingSystem::Windows && service.interface.starts_with("169.254.") {
            return self.add_with(
                Found::FailoverClusterRoute,
                severity,
                format!("a failover cluster's adapter {by} takes the requests to 169.254.169.254"),
                format!("run as administrator: route add 169.254.169.254/32 {} metric 1 -p", default.interface),
            );
        }
        self.add(
            Found::RouteByOtherInterface,
            severity,
            format!("requests to 169.254.169.254 leave by {by}, the default route by {primary}"),
        );
    }

    fn machine(&mut self, surroundings: &Surroundings, answers: bool) {
        if answers {
            return;
        }
        let in_container = ["/.dockerenv", "/run/.containerenv"].iter().any(|file| surroundings.file(file).is_some());
        if in_container || surroundings.variable("KUBERNETES_SERVICE_HOST").is_some() {
            self.add(
                Found::Container,
                Severity::Warning,
                "this program runs in a container, whose network may not lead to the service",
            );
        }
        if let Some(tag) = surroundings.file("/sys/class/dmi/id/chassis_asset_tag")
            && tag != AZURE_ASSET_TAG
        {
            let vendor = Quoted::from(surroundings.file("/sys/class/dmi/id/sys_vendor").unwrap_or_default());
            self.add(
                Found::NotAnAzureMachine,
                Severity::Warning,
                format!(
                    "the firmware's asset tag {} is not that of an Azure VM; its maker is {vendor}",
                    Quoted::from(tag)
                ),
            );
        }
    }

    fn overridden(&mut self, surroundings: &Surroundings, endpoint: &Endpoint) {
        let by = ENDPOINT_VARIABLES.iter().find(|name| surroundings.variable(name).is_some());
        let by = by.map_or_else(|| "by the caller".to_owned(), |name| format!("by {name}"));
        self.add(
            Found::EndpointOverridden,
            Severity::Note,
            format!("asked at {}, set {by}, not at 169.254.169.254", Quoted::from(&*endpoint.to_string())),
        );
    }

    /// This package takes no proxy; others do.
    fn proxies(&mut self, surroundings: &Surroundings) {
        let set: Vec<String> = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]
            .iter()
            .filter_map(|name| Some(format!("{name}={}", Quoted::from(without_password(surroundings.variable(name)?)))))
            .collect();
        let exempt = ["NO_PROXY", "no_proxy"].iter().filter_map(|name| surroundings.variable(name));
        let is_exempt = exempt
            .flat_map(|list| list.split(','))
            .any(|host| matches!(host.trim(), "*" | "169.254.169.254" | "169.254.0.0/16"));
        if !set.is_empty() && !is_exempt {
            self.add(
                Found::ProxySet,
                Severity::Warning,
                format!("a proxy is set ({}), and 169.254.169.254 is not exempt", set.join(", ")),
            );
        }
    }

    fn failure(&mut self, error: &Error, endpoint: &Endpoint) {
        let summary = error.to_string();
        let found = match error {
            Error::Transport(_) => Found::Unreachable,
            Error::Service(ServiceError::ProxyAnswered { .. } | ServiceError::Redirected { .. }) => Found::ProxyAnswers,
            Error::Service(ServiceError::NotOnAzure { .. }) => Found::OtherService,
            Error::Service(ServiceError::MetadataHeaderLost { .. }) => Found::MetadataHeaderLost,
            Error::Service(ServiceError::Throttled { .. }) => Found::Throttled,
            Error::Service(ServiceError::Updating { .. }) => Found::Updating,
            Error::Service(ServiceError::VersionRefused { .. }) => Found::VersionRefused,
            _ => Found::AnswerUnusable,
        };
        let remedy = match error {
            Error::Transport(error @ (TransportError::Refused | TransportError::Local { .. })) => error.remedy(),
            _ => found.remedy(),
        };
        let summary = match error {
            Error::Transport(_) => format!("{}: {summary}", Quoted::from(&*endpoint.to_string())),
            _ => summary,
        };
        self.add_with(found, Severity::Fault, summary, remedy);
    }

    fn instance(&mut self, instance: &Instance, availability: &Availability, refused: &[&Error]) {
        let server = availability.server.as_deref().unwrap_or("the metadata service");
        self.add(Found::Answers, Severity::Note, format!("{server} answers"));
        for error in refused {
            if let Error::Service(ServiceError::VersionRefused { .. }) = error {
                let remedy = "an older version was asked for instead; to save a request, ask for that one at once";
                self.add_with(Found::VersionRefused, Severity::Warning, error.to_string(), remedy);
            }
        }
        let lacks = |section: &str| instance.absent().iter().any(|absent| absent == section);
        match instance.absent() {
            [] => {}
            _ if lacks("compute") && !lacks("network") => {
                self.add(Found::NoCompute, Severity::Warning, "the answer has no compute section")
            }
            absent => {
                self.add(Found::PartialAnswer, Severity::Warning, format!("the answer has no {}", absent.join(", ")))
            }
        }
        if instance.compute.vm_scale_set_name.is_some() {
            self.add(
                Found::ScaleSetTags,
                Severity::Note,
                "the VM belongs to a scale set, whose instances see changed tags late",
            );
        }
    }
}

/// A proxy's address without the password that it may hold.
fn without_password(address: &str) -> &str {
    address.rsplit_once('@').map_or(address, |(_, host)| host)
}
