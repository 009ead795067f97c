//! What nobody has recorded: one documented choice each, to be changed by whoever knows better.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use crate::emulator::spans::{millis, seconds};
use crate::metadata::api_version::ApiVersion;

/// A status and the words of an error; the braces around are those of the part of the service that answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Choice {
    /// Status code.
    pub status: u16,
    /// The error's words.
    pub message: String,
}

impl Choice {
    /// A status and the words of an error.
    #[must_use]
    pub fn new(status: u16, message: &str) -> Self {
        Self { status, message: message.to_string() }
    }
}

/// How the emulator does what no document and no recording tells of the service.
///
/// What is known is not here: it can't be changed. Known and fixed are also the choices that have no sensible other:
/// keys of paths are compared with case, empty segments lead nowhere, listings are in ASCII order and end lines with LF.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Choices {
    /// Whether the field `X-Azure-Imds-Emulator-Fault` of a request is obeyed. On.
    pub fault_header: bool,
    /// The last number of `Server: IMDS/150.870.65.<build>`. 1556: from 1854 on, clients expect credential endpoints
    /// that are not emulated.
    pub server_build: u32,
    /// Versions that the service lists after the documented ones: 2025-11-11. They are accepted, too.
    #[serde(with = "versions")]
    pub listed_versions: Vec<ApiVersion>,
    /// Versions accepted and not listed: 2025-07-24 and 2025-11-15, which clients send.
    #[serde(with = "versions")]
    pub further_versions: Vec<ApiVersion>,
    /// The answer to `X-Forwarded-For`: 400.
    pub forwarded_for: Choice,
    /// The answer to a query that names a parameter twice: 400.
    pub duplicate_parameter: Choice,
    /// The answer to a `format` that is neither `json` nor `text`: 400.
    pub bad_format: Choice,
    /// The answer to a single value asked for as JSON: 400.
    pub leaf_as_json: Choice,
    /// The answer to a request that no service would read: an URL over 16 KiB, headers or body over 64 KiB, encoding
    /// that is none. 400; what is wrong follows after a colon.
    pub absurd: Choice,
    /// The answer to a method that is not GET, HEAD included: 405.
    pub method: Choice,
    /// The same on the identity side: 405.
    pub identity_method: Choice,
    /// The answer of identity without an api-version: 400. (One that is not accepted is known.)
    pub identity_no_version: Choice,
    /// The answer of identity without a resource: 400, in the words recorded.
    pub identity_no_resource: Choice,
    /// The answer to more than one of `client_id`, `object_id` and `msi_res_id`: 400.
    pub identity_selectors: Choice,
    /// The words of 410, while the service is updated.
    pub gone: String,
    /// The answer to a nonce that is too long, empty, or not of visible ASCII characters and spaces: 400.
    pub nonce: Choice,
    /// Characters of a nonce: 32, as the interface definition says; the documentation says 10.
    pub nonce_limit: usize,
    /// The first version that attested documents are given for: 2018-10-01. Earlier ones are refused as unknown.
    #[serde(with = "version")]
    pub attested_from: ApiVersion,
    /// The answer to approving an event that is not there: 400.
    pub unknown_event: Choice,
    /// The answer to an approval that can't be read: 400.
    pub bad_approval: Choice,
    /// The body of a successful approval: empty.
    pub approval_body: String,
    /// The answer of scheduled events to a version that is not its own: 404.
    pub events_version: Choice,
    /// Whether `/metadata/versions` wants the header field as well. It does.
    pub versions_want_header: bool,
    /// Whether a plus sign in a query means a space, as in forms. It does: who means a plus must write `%2B`.
    pub plus_is_space: bool,
    /// The `Content-Type` of text: `text/plain; charset=utf-8`.
    pub text_type: String,
    /// Whether the last line of a listing ends with a line feed. It does not.
    pub final_newline: bool,
    /// What a token takes: 20 milliseconds. As long it counts among those that are out.
    #[serde(rename = "identityMillis", with = "millis")]
    pub identity_delay: Duration,
    /// What any other answer takes: no time.
    #[serde(rename = "otherMillis", with = "millis")]
    pub other_delay: Duration,
    /// How long a token lives, in whole seconds: a day.
    #[serde(with = "seconds")]
    pub token_life: Duration,
    /// The life left below which a cached token is not given again, in whole seconds: half a day.
    #[serde(with = "seconds")]
    pub token_renewal: Duration,
    /// What the very first request for scheduled events takes: no time. Two minutes are documented.
    #[serde(rename = "firstEventsMillis", with = "millis")]
    pub first_events_delay: Duration,
    /// The status of `extended=true` while data are partial: 500.
    pub partial_extended: u16,
}

impl Choices {
    /// The versions that the service lists, in the order of its list: oldest first.
    pub(super) fn listed(&self) -> impl DoubleEndedIterator<Item = ApiVersion> {
        ApiVersion::INSTANCE.iter().chain(&self.listed_versions).copied()
    }

    /// Whether most of the service accepts a version.
    pub(super) fn accepts(&self, version: ApiVersion) -> bool {
        self.listed().chain(self.further_versions.iter().copied()).any(|accepted| accepted == version)
    }
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            fault_header: true,
            server_build: 1556,
            listed_versions: Vec::from([ApiVersion::new(2025, 11, 11)]),
            further_versions: Vec::from([ApiVersion::new(2025, 7, 24), ApiVersion::new(2025, 11, 15)]),
            forwarded_for: Choice::new(400, "Bad request. X-Forwarded-For header is not allowed"),
            duplicate_parameter: Choice::new(400, "Bad request. Duplicate query parameters are not allowed"),
            bad_format: Choice::new(400, "Bad request. The format is not supported"),
            leaf_as_json: Choice::new(400, "Bad request. Leaf values are available with format=text only"),
            absurd: Choice::new(400, "Bad request"),
            method: Choice::new(405, "Not allowed"),
            identity_method: Choice::new(405, "Method not allowed"),
            identity_no_version: Choice::new(400, "Required query variable 'api-version' is missing"),
            identity_no_resource: Choice::new(400, "Required query variable 'resource' is missing"),
            identity_selectors: Choice::new(400, "Only one of client_id, object_id and msi_res_id can be specified"),
            gone: "Gone".to_string(),
            nonce: Choice::new(400, "Bad request. The nonce is not valid"),
            nonce_limit: 32,
            attested_from: ApiVersion::new(2018, 10, 1),
            unknown_event: Choice::new(400, "Bad request. The event does not exist"),
            bad_approval: Choice::new(400, "Bad request. The body is not a list of events to start"),
            approval_body: String::new(),
            events_version: Choice::new(404, "Not found"),
            versions_want_header: true,
            plus_is_space: true,
            text_type: "text/plain; charset=utf-8".to_string(),
            final_newline: false,
            identity_delay: Duration::from_millis(20),
            other_delay: Duration::ZERO,
            token_life: Duration::from_secs(24 * 60 * 60),
            token_renewal: Duration::from_secs(12 * 60 * 60),
            first_events_delay: Duration::ZERO,
            partial_extended: 500,
        }
    }
}

/// A version as its text.
mod version {
    use alloc::string::String;

    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    use crate::metadata::api_version::ApiVersion;

    pub(super) fn serialize<S: Serializer>(version: &ApiVersion, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(version)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ApiVersion, D::Error> {
        ApiVersion::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// Versions as their texts.
mod versions {
    use alloc::string::String;
    use alloc::vec::Vec;

    use serde::de::Error as _;
    use serde::ser::SerializeSeq as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    use crate::metadata::api_version::ApiVersion;

    pub(super) fn serialize<S: Serializer>(versions: &[ApiVersion], serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(versions.len()))?;
        for version in versions {
            list.serialize_element(&alloc::format!("{version}"))?;
        }
        list.end()
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<ApiVersion>, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        texts.iter().map(|text| ApiVersion::parse(text).map_err(D::Error::custom)).collect()
    }
}
