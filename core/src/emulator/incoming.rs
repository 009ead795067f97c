//! What comes in, and what goes out.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::ops::Add;
use core::time::Duration;

use super::fault::FaultStep;
use super::part::Part;
use crate::http::{Headers, Request, Response};
use crate::instant::Instant;
use crate::metadata::path;
use crate::time::Timestamp;

/// A moment by both clocks of the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Moment {
    /// The monotonic clock: limits, faults and events run by it.
    pub instant: Instant,
    /// The wall clock: documents, tokens, `NotBefore` and `Date` are written by it.
    pub wall: Timestamp,
}

impl Moment {
    /// A moment by both clocks.
    #[must_use]
    pub const fn new(instant: Instant, wall: Timestamp) -> Self {
        Self { instant, wall }
    }
}

/// The moment so much later, by both clocks.
impl Add<Duration> for Moment {
    type Output = Self;

    fn add(self, time: Duration) -> Self {
        Self { instant: self.instant + time, wall: self.wall + time }
    }
}

/// A request as a server receives it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Incoming {
    /// The method, as it came.
    pub method: String,
    /// The request's target, as it came: path and query, or a whole URL.
    pub target: String,
    /// The header fields.
    pub headers: Headers,
    /// The body.
    pub body: Vec<u8>,
}

impl Incoming {
    /// A request of these parts.
    #[must_use]
    pub fn new(method: impl Into<String>, target: impl Into<String>, headers: Headers, body: Vec<u8>) -> Self {
        Self { method: method.into(), target: target.into(), headers, body }
    }

    /// A GET with the header field that the service wants.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use azure_imds::emulator::{Emulator, Incoming, Machine, Moment};
    /// use azure_imds::{Instant, Timestamp};
    ///
    /// let mut emulator = Emulator::new(Machine::default(), [7; 32]);
    /// let now = Moment::new(Instant::ORIGIN, Timestamp::from_unix(1_790_000_000)) + Duration::from_secs(1);
    /// let reply = emulator.handle(now, &Incoming::get("/metadata/versions"));
    /// assert_eq!(reply.response.status, 200);
    /// ```
    #[must_use]
    pub fn get(target: &str) -> Self {
        let headers = Headers::from_iter([("Metadata", "true")]);
        Self { method: "GET".to_string(), target: target.to_string(), headers, body: Vec::new() }
    }
}

/// What a client of this crate hands out, as its server sees it.
impl From<&Request> for Incoming {
    fn from(request: &Request) -> Self {
        Self {
            method: request.method.as_str().to_string(),
            target: request.url.clone(),
            headers: request.headers.clone(),
            body: request.body.clone(),
        }
    }
}

/// The answer, how it is to be delivered, and who gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reply<R = Response> {
    /// The answer. The host adds `Content-Length`, and leaves the body out if the method was HEAD.
    pub response: R,
    /// What the answer itself can't say.
    pub delivery: Delivery,
    /// The part of the service that was asked.
    pub part: Part,
    /// The fault that was played; none for the service's own answer.
    pub fault: Option<FaultStep>,
}

/// How the host is to send a response.
///
/// ```
/// use std::time::Duration;
///
/// use azure_imds::emulator::{Delivery, Emulator, Ending, Incoming, Machine, Moment, Reply};
/// use azure_imds::{Instant, Timestamp};
///
/// let mut emulator = Emulator::new(Machine::default(), [7; 32]);
/// let now = Moment::new(Instant::ORIGIN, Timestamp::from_unix(1_790_000_000));
/// emulator.faults_mut().add_text("versions:ok+delay=2s+slow=64")?;
/// let reply: Reply = emulator.handle(now, &Incoming::get("/metadata/versions"));
/// let Delivery { delay, ending, .. } = reply.delivery;
/// assert_eq!((delay, ending), (Duration::from_secs(2), Ending::Slow { bytes_per_second: 64 }));
/// # Ok::<(), azure_imds::UsageError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// How long to wait before the first byte. Later requests are answered meanwhile.
    pub delay: Duration,
    /// How the answer ends.
    pub ending: Ending,
}

/// How an answer ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ending {
    /// The connection is closed without a byte.
    Drop,
    /// The body is sent over and over, without `Content-Length`, until the client leaves.
    Endless,
    /// Nothing is ever sent, and the connection stays open until the client leaves.
    Hang,
    /// The body is sent at this pace.
    Slow {
        /// Bytes a second, at least 1.
        bytes_per_second: u32,
    },
    /// `Content-Length` tells of the whole body, so many bytes are sent, and the connection is closed.
    Truncate {
        /// Bytes sent.
        bytes: usize,
    },
    /// Whole, the ordinary case.
    #[default]
    Whole,
}

impl Ending {
    /// The short name: `drop`, `endless`, `hang`, `slow`, `truncate` or `whole`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Drop => "drop",
            Self::Endless => "endless",
            Self::Hang => "hang",
            Self::Slow { .. } => "slow",
            Self::Truncate { .. } => "truncate",
            Self::Whole => "whole",
        }
    }

    /// Bytes a second of one that is slow, bytes in all of one that is truncated.
    #[must_use]
    pub fn bytes(self) -> Option<u64> {
        match self {
            Self::Slow { bytes_per_second } => Some(bytes_per_second.into()),
            Self::Truncate { bytes } => u64::try_from(bytes).ok(),
            Self::Drop | Self::Endless | Self::Hang | Self::Whole => None,
        }
    }
}

/// Bytes that a target may have.
const TARGET: usize = 16 * 1024;

/// Header fields that a request may have, and bytes of them in all.
const FIELDS: (usize, usize) = (200, 64 * 1024);

/// Bytes that a body may have.
const BODY: usize = 64 * 1024;

/// A request's path and query, decoded once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// The segments between the slashes. One trailing slash adds none.
    pub(super) segments: Vec<String>,
    /// Names and values in order.
    pub(super) parameters: Vec<(String, String)>,
}

/// Why a request is no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Absurd {
    Body,
    Headers,
    Path,
    Query,
    Target,
}

impl Absurd {
    pub(super) const fn reason(self) -> &'static str {
        match self {
            Self::Body => "The body is longer than 64 KiB",
            Self::Headers => "There are more than 200 header fields, or 64 KiB of them",
            Self::Path => "The path is not UTF-8 with well-formed percent-encoding",
            Self::Query => "The query is not UTF-8 with well-formed percent-encoding",
            Self::Target => "The URL is longer than 16 KiB",
        }
    }
}

/// Holds a request against the limits, and reads its target.
///
/// # Errors
///
/// Why it is no use.
pub(super) fn read(request: &Incoming, plus_is_space: bool) -> Result<Target, Absurd> {
    if request.target.len() > TARGET {
        return Err(Absurd::Target);
    }
    if request.body.len() > BODY {
        return Err(Absurd::Body);
    }
    let (mut fields, mut bytes) = (0_usize, 0_usize);
    for (name, value) in request.headers.iter() {
        fields = fields.saturating_add(1);
        bytes = bytes.saturating_add(name.len()).saturating_add(value.len());
        if fields > FIELDS.0 || bytes > FIELDS.1 {
            return Err(Absurd::Headers);
        }
    }
    let (path, query) = split(&request.target);
    Ok(Target { segments: segments(path)?, parameters: parameters(query, plus_is_space)? })
}

/// Path and query. Scheme and authority of an absolute target are passed over: a proxy sends such.
fn split(target: &str) -> (&str, &str) {
    let target = target.split_once('#').map_or(target, |(before, _)| before);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let path = match path.split_once("://") {
        Some(("http" | "https" | "HTTP" | "HTTPS", rest)) => rest.find('/').and_then(|slash| rest.get(slash..)),
        _ => Some(path),
    };
    (path.unwrap_or("/"), query)
}

fn segments(path: &str) -> Result<Vec<String>, Absurd> {
    // An asterisk, or anything else without a slash in front, is one segment that nothing is called.
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    if path.is_empty() {
        return Ok(Vec::new());
    }
    let decode = |segment| decoded(segment, false).ok_or(Absurd::Path);
    path.split('/').map(decode).collect()
}

fn parameters(query: &str, plus_is_space: bool) -> Result<Vec<(String, String)>, Absurd> {
    let mut parameters = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let decode = |text| decoded(text, plus_is_space).ok_or(Absurd::Query);
        parameters.push((decode(name)?, decode(value)?));
    }
    Ok(parameters)
}

/// Percent-decoding of RFC 3986 section 2.1, once; in a query a plus sign can mean a space.
fn decoded(text: &str, plus_is_space: bool) -> Option<String> {
    if plus_is_space && text.contains('+') {
        return path::decode(&text.replace('+', " ")).ok();
    }
    path::decode(text).ok()
}

impl Target {
    /// The value of the parameter of that name.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether a name is there twice.
    pub(super) fn has_duplicates(&self) -> bool {
        let mut seen = BTreeSet::new();
        !self.parameters.iter().all(|(name, _)| seen.insert(name.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    fn target(text: &str) -> Result<Target, Absurd> {
        read(&Incoming::get(text), true)
    }

    #[test]
    fn decodes_once_and_keeps_segments_apart() {
        let segments = |text: &str| target(text).map(|target| target.segments);
        assert_eq!(segments("/metadata/instance/").unwrap(), ["metadata", "instance"]);
        assert_eq!(segments("http://169.254.169.254/metadata?x").unwrap(), ["metadata"]);
        assert_eq!(segments("http://169.254.169.254").unwrap(), [""; 0]);
        assert_eq!(segments("/a%2fb/%252e/..%5C//c").unwrap(), ["a/b", "%2e", "..\\", "", "c"]);
        assert_eq!(segments("*").unwrap(), ["*"]);
        assert_eq!(segments("/a//").unwrap(), ["a", ""]);
        for text in ["/%", "/%2", "/%zz", "/%+1", "/%ff", "/%c3%28"] {
            assert_eq!(segments(text), Err(Absurd::Path), "{text}");
        }
    }

    #[test]
    fn parameters_are_names_and_values() {
        let read = target("/?a=1&&b&c=x%3Dy=z&d=a+b%2B&=e&a=2").unwrap();
        let expected = [("a", "1"), ("b", ""), ("c", "x=y=z"), ("d", "a b+"), ("", "e"), ("a", "2")];
        assert!(read.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).eq(expected));
        assert!(read.has_duplicates());
        assert!(!target("/?a=1&A=2").unwrap().has_duplicates());
        assert_eq!(target("/?a=%zz"), Err(Absurd::Query));
    }

    #[test]
    fn an_ending_has_a_name_and_its_bytes() {
        let told = |ending: Ending| (ending.name(), ending.bytes());
        assert_eq!(told(Ending::default()), ("whole", None));
        assert_eq!([Ending::Drop, Ending::Endless, Ending::Hang].map(Ending::name), ["drop", "endless", "hang"]);
        assert_eq!(told(Ending::Slow { bytes_per_second: 9 }), ("slow", Some(9)));
        assert_eq!(told(Ending::Truncate { bytes: 7 }), ("truncate", Some(7)));
    }

    #[test]
    fn absurd_sizes_are_refused() {
        assert_eq!(target(&format!("/{}", "a".repeat(TARGET))), Err(Absurd::Target));
        assert!(target(&format!("/?{}", "a&".repeat(TARGET / 4))).unwrap().has_duplicates());
        let mut request = Incoming::get("/");
        request.body = alloc::vec![0; BODY + 1];
        assert_eq!(read(&request, true), Err(Absurd::Body));
        let mut request = Incoming::get("/");
        for _ in 0..FIELDS.0 {
            request.headers.append("a", "b");
        }
        assert_eq!(read(&request, true), Err(Absurd::Headers));
    }
}
