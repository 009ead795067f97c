//! Which part of the service a path belongs to, and the checks that come before an answer.

use alloc::string::String;

use super::choices::Choices;
use super::incoming::{Incoming, Target};
use super::part::{Backend, Part};
use super::render::{Answered, Style};
use crate::quoted::Quoted;

/// Where a path leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Destination<'t> {
    pub(super) part: Part,
    pub(super) backend: Backend,
    pub(super) kind: Kind,
    /// What of the path is left to walk.
    pub(super) rest: &'t [String],
}

/// What is special about a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Credentials bound to a certificate, which are not emulated: clients look for the 404, some without the header.
    Credential,
    /// A category.
    Known,
    /// `/metadata` itself.
    Root,
    /// Nothing.
    Unknown,
}

/// Routes a decoded path. Segments are compared with case.
pub(super) fn place(target: &Target) -> Destination<'_> {
    let segments = target.segments.as_slice();
    let (head, tail) = segments.split_at_checked(1).unwrap_or((segments, &[]));
    let at = |part, backend, kind, rest| Destination { part, backend, kind, rest };
    match head.first().map(String::as_str) {
        Some("emulator") => at(Part::Emulator, Backend::Instance, Kind::Known, tail),
        Some("metadata") => {
            let mut names = tail.iter().map(String::as_str);
            let path = [names.next(), names.next(), names.next(), names.next()];
            let rest = tail.get(1..).unwrap_or_default();
            match path {
                [None, ..] => at(Part::Other, Backend::Instance, Kind::Root, rest),
                [Some("instance"), ..] => at(Part::Instance, Backend::Instance, Kind::Known, rest),
                [Some("versions"), None, ..] => at(Part::Versions, Backend::Instance, Kind::Known, rest),
                [Some("attested"), Some("document"), None, ..] => {
                    at(Part::Attested, Backend::Instance, Kind::Known, rest)
                }
                [Some("scheduledevents"), None, ..] => at(Part::ScheduledEvents, Backend::Instance, Kind::Known, rest),
                [Some("loadbalancer"), None, ..] => at(Part::LoadBalancer, Backend::LoadBalancer, Kind::Known, rest),
                [Some("identity"), Some("oauth2"), Some("token"), None] => {
                    at(Part::Token, Backend::Identity, Kind::Known, rest)
                }
                [Some("identity"), Some("info"), None, ..] => at(Part::Info, Backend::Identity, Kind::Known, rest),
                [Some("identity"), Some("credential" | "getplatformmetadata" | "issuecredential"), None, ..] => {
                    at(Part::Other, Backend::Identity, Kind::Credential, rest)
                }
                [Some("identity"), ..] => at(Part::Other, Backend::Identity, Kind::Unknown, rest),
                _ => at(Part::Other, Backend::Instance, Kind::Unknown, rest),
            }
        }
        _ => at(Part::Other, Backend::Instance, Kind::Unknown, segments),
    }
}

/// The checks before the limits, in the service's order as far as it is known.
///
/// # Errors
///
/// The refusal.
pub(super) fn check(
    request: &Incoming,
    target: &Target,
    place: &Destination<'_>,
    style: &Style<'_>,
    choices: &Choices,
) -> Result<(), Answered> {
    if place.kind == Kind::Credential {
        return Err(style.not_found());
    }
    let wants_header = place.part != Part::Versions || choices.versions_want_header;
    if wants_header && !has_header(request) {
        return Err(style.no_header());
    }
    if request.headers.first("X-Forwarded-For").is_some() {
        return Err(style.chosen(&choices.forwarded_for));
    }
    if target.has_duplicates() {
        return Err(style.chosen(&choices.duplicate_parameter));
    }
    if place.kind == Kind::Unknown {
        return Err(style.not_found());
    }
    let is_post = request.method == "POST" && place.part == Part::ScheduledEvents;
    if request.method != "GET" && !is_post {
        let method = Quoted::from(request.method.as_str());
        return Err(style.bad_method(place.part, method.as_str(), "/metadata/loadbalancer"));
    }
    Ok(())
}

/// Whether every `Metadata` field says true, in any case, and there is one. Many clients send `True`.
fn has_header(request: &Incoming) -> bool {
    let mut fields = request.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("Metadata")).peekable();
    fields.peek().is_some() && fields.all(|(_, value)| value.trim().eq_ignore_ascii_case("true"))
}
