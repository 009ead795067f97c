//! Paths into the metadata: `compute/vmId`, how they are walked, and how what they lead to is written.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::error::UsageError;
use crate::metadata::document::Value;
use crate::metadata::error::ServiceError;
use crate::quoted::Quoted;

/// A path below `/metadata/instance`, as keys and zero-based indexes: `network/interface/0/macAddress`.
///
/// The empty path is the whole document. Two paths are equal when they lead to the same place.
/// [`fmt::Display`] writes it as it goes into a URL, percent-encoded and without a slash in front, and
/// [`MetadataPath::parse`] reads that back; only a path that begins with a key `instance`, which the service does not
/// have, would lose it there.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MetadataPath {
    segments: Vec<String>,
}

impl MetadataPath {
    /// Bytes of a path, as text and as encoded for a URL.
    pub const MAX_BYTES: usize = 1_024;
    /// Keys and indexes of a path.
    pub const MAX_SEGMENTS: usize = 32;

    /// The path of the whole document.
    #[must_use]
    pub const fn root() -> Self {
        Self { segments: Vec::new() }
    }

    /// Reads a path as people write it: `compute/vmId`, `/compute/vmId/`.
    ///
    /// A leading `instance/`, `metadata/instance/` or the same after a slash is taken away, so that what stands in the
    /// service's documentation can be pasted. One slash may stand in front and one at the end. Percent-encoding is
    /// decoded once.
    ///
    /// # Errors
    ///
    /// `path_malformed` for an empty segment in the middle, `.` and `..`, a query or fragment, encoding that is no
    /// encoding or hides a slash, control characters, and more than [`Self::MAX_BYTES`] or [`Self::MAX_SEGMENTS`].
    ///
    /// ```
    /// use azure_imds::metadata::MetadataPath;
    ///
    /// let path = MetadataPath::parse("compute/name")?;
    /// assert_eq!(path.segments().collect::<Vec<_>>(), ["compute", "name"]);
    /// # Ok::<(), azure_imds::UsageError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, UsageError> {
        let refuse = |reason| UsageError::PathMalformed { text: Quoted::from(text), reason };
        if text.len() > Self::MAX_BYTES {
            return Err(refuse("it is too long, at most 1,024 bytes"));
        }
        if text.contains(['?', '#']) {
            return Err(refuse("a query or fragment is no part of a path; leave out ? and #"));
        }
        let inner = text.strip_prefix('/').unwrap_or(text);
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        let mut path = Self::root();
        if !inner.is_empty() {
            for segment in inner.split('/') {
                path.push_checked(decode(segment).map_err(refuse)?).map_err(refuse)?;
            }
        } else if text.len() > 1 {
            return Err(refuse(EMPTY_SEGMENT));
        }
        path.strip_prefix();
        Ok(path)
    }

    /// One key or index further down; the segment is taken as it is, without decoding.
    ///
    /// # Errors
    ///
    /// `path_malformed` for a segment that is empty, `.` or `..`, or holds a slash or control characters, and for a
    /// path that would grow too long.
    ///
    /// ```
    /// use azure_imds::metadata::MetadataPath;
    ///
    /// let mut path = MetadataPath::root();
    /// path.push("compute")?;
    /// assert_eq!(path.to_string(), "compute");
    /// # Ok::<(), azure_imds::UsageError>(())
    /// ```
    pub fn push(&mut self, segment: &str) -> Result<(), UsageError> {
        self.push_checked(segment.to_owned())
            .map_err(|reason| UsageError::PathMalformed { text: Quoted::from(segment), reason })
    }

    /// This path with another one after it.
    ///
    /// # Errors
    ///
    /// `path_malformed` if it would be too long.
    ///
    /// ```
    /// use azure_imds::metadata::MetadataPath;
    ///
    /// let path = MetadataPath::parse("compute")?.join(&MetadataPath::parse("osProfile")?)?;
    /// assert_eq!(path.to_string(), "compute/osProfile");
    /// # Ok::<(), azure_imds::UsageError>(())
    /// ```
    pub fn join(&self, further: &Self) -> Result<Self, UsageError> {
        let mut joined = self.clone();
        for segment in &further.segments {
            joined.push(segment)?;
        }
        Ok(joined)
    }

    /// The keys and indexes, decoded.
    pub fn segments(&self) -> impl ExactSizeIterator<Item = &str> {
        self.segments.iter().map(String::as_str)
    }

    /// Whether this is the path of the whole document.
    #[must_use]
    pub const fn is_root(&self) -> bool {
        self.segments.is_empty()
    }

    /// Walks down as the service does: keys with case, indexes in decimal from zero.
    ///
    /// An index is written without sign and without leading zeros, so that an element has one path.
    ///
    /// # Errors
    ///
    /// What the first segment that leads nowhere stands before.
    ///
    /// ```
    /// use azure_imds::metadata::{Document, MetadataPath};
    ///
    /// let document = Document::parse(r#"{"compute":{"name":"vm-1"}}"#)?;
    /// let path = MetadataPath::parse("compute/name").unwrap();
    /// assert_eq!(path.select(document.root()).unwrap().as_str(), Some("vm-1"));
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    pub fn select<'v>(&self, root: &'v Value) -> Result<&'v Value, PathFault> {
        let mut value = root;
        for (at, segment) in self.segments.iter().enumerate() {
            value = match value {
                Value::Object(_) => value
                    .member(segment)
                    .ok_or_else(|| PathFault { at, before: Before::Object { similar: similar_key(value, segment) } })?,
                Value::Array(elements) => index_of(segment)
                    .and_then(|index| elements.get(index))
                    .ok_or(PathFault { at, before: Before::Array { length: elements.len() } })?,
                _ => return Err(PathFault { at, before: Before::Leaf }),
            };
        }
        Ok(value)
    }

    /// For paths made of the wire names of records, and of indexes.
    pub(crate) const fn of_segments(segments: Vec<String>) -> Self {
        Self { segments }
    }

    fn push_checked(&mut self, segment: String) -> Result<(), &'static str> {
        if segment.is_empty() {
            return Err(EMPTY_SEGMENT);
        }
        if segment == "." || segment == ".." {
            return Err("`.` and `..` lead nowhere here");
        }
        if segment.contains('/') {
            return Err("a segment holds a slash; no key does");
        }
        if segment.chars().any(char::is_control) {
            return Err("it holds a control character");
        }
        if self.segments.len() >= Self::MAX_SEGMENTS {
            return Err("it has too many segments, at most 32");
        }
        self.segments.push(segment);
        if self.encoded_len() > Self::MAX_BYTES {
            self.segments.pop();
            return Err("it is too long, at most 1,024 bytes as encoded for a URL");
        }
        Ok(())
    }

    fn encoded_len(&self) -> usize {
        let slashes = self.segments.len().saturating_sub(1);
        self.segments.iter().flat_map(|segment| encode(segment)).map(str::len).sum::<usize>().saturating_add(slashes)
    }

    /// `instance` is no key of the document, so nothing is lost.
    fn strip_prefix(&mut self) {
        let prefix = match self.segments.as_slice() {
            [metadata, instance, ..] if metadata == "metadata" && instance == "instance" => 2,
            [instance, ..] if instance == "instance" => 1,
            _ => 0,
        };
        self.segments.drain(..prefix);
    }
}

impl fmt::Display for MetadataPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, segment) in self.segments.iter().enumerate() {
            formatter.write_str(if index == 0 { "" } else { "/" })?;
            fmt::Display::fmt(&encode(segment), formatter)?;
        }
        Ok(())
    }
}

/// As [`MetadataPath::parse`].
impl FromStr for MetadataPath {
    type Err = UsageError;

    fn from_str(text: &str) -> Result<Self, UsageError> {
        Self::parse(text)
    }
}

/// Where a path stopped leading anywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathFault {
    at: usize,
    before: Before,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Before {
    Array { length: usize },
    Leaf,
    Object { similar: Option<String> },
}

impl PathFault {
    /// A segment that is a key in another case.
    #[cfg(feature = "client")]
    pub(crate) fn other_case(at: usize, key: &str) -> Self {
        Self { at, before: Before::Object { similar: Some(key.to_owned()) } }
    }

    /// The segment that leads nowhere, counted from zero.
    ///
    /// ```
    /// use azure_imds::metadata::{Document, MetadataPath, PathFault};
    ///
    /// let document = Document::parse(r#"{"compute":{"name":"vm-1"}}"#)?;
    /// let path = MetadataPath::parse("compute/Name")?;
    /// let fault: PathFault = path.select(document.root()).unwrap_err();
    /// assert_eq!(fault.segment(), 1); // keys are compared with case
    /// assert_eq!(fault.not_found(&path).code(), "path_not_found");
    /// # Ok::<(), azure_imds::Error>(())
    /// ```
    #[must_use]
    pub const fn segment(&self) -> usize {
        self.at
    }

    /// The error for a caller, with what to do next.
    #[must_use]
    pub fn not_found(&self, path: &MetadataPath) -> ServiceError {
        let above = path.segments.get(..self.at).unwrap_or_default();
        let above = Quoted::from(&*format!("{}", MetadataPath { segments: above.to_vec() }));
        let next = match &self.before {
            Before::Array { length: 0 } => format!("the array {above} is empty"),
            Before::Array { length } => {
                format!("elements of {above} are 0 to {}, without sign or leading zero", length.saturating_sub(1))
            }
            Before::Leaf => format!("{above} is a single value with nothing below"),
            Before::Object { similar: Some(key) } => {
                format!("keys are compared with case; there is {}", Quoted::from(key.as_str()))
            }
            Before::Object { similar: None } if self.at == 0 => "list what is there with the empty path as text".into(),
            Before::Object { similar: None } => format!("list what is there with {above} as text"),
        };
        ServiceError::PathNotFound { path: Quoted::from(&*format!("{path}")), next }
    }
}

/// All but the unreserved characters of RFC 3986, section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

const EMPTY_SEGMENT: &str = "it has an empty segment; write one slash between two names";

fn encode(segment: &str) -> percent_encoding::PercentEncode<'_> {
    utf8_percent_encode(segment, RESERVED)
}

/// Decodes percent-encoding once.
pub(crate) fn decode(segment: &str) -> Result<String, &'static str> {
    for encoded in segment.split('%').skip(1) {
        let digits = encoded.as_bytes().first_chunk::<2>();
        if !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
            return Err("a % is not followed by two hexadecimal digits; write %25 for the character itself");
        }
    }
    match percent_decode_str(segment).decode_utf8() {
        Ok(decoded) => Ok(decoded.into_owned()),
        Err(_) => Err("what is percent-encoded is not UTF-8"),
    }
}

fn index_of(segment: &str) -> Option<usize> {
    let digits = segment.bytes().all(|byte| byte.is_ascii_digit());
    let spelled_once = segment == "0" || !segment.starts_with('0');
    if digits && spelled_once { segment.parse().ok() } else { None }
}

fn similar_key(object: &Value, segment: &str) -> Option<String> {
    match object {
        Value::Object(members) => {
            members.iter().find(|(key, _)| key.eq_ignore_ascii_case(segment)).map(|(key, _)| key.clone())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
