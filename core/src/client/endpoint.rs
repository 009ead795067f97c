//! The address of the service, and the environment variables that name another one.

use alloc::format;
use alloc::string::String;
use core::fmt;

use crate::error::UsageError;
use crate::metadata::category::Category;
use crate::quoted::Quoted;

/// Where the service is: everything before the category in a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// `http://host[:port][/prefix]/metadata`
    base: String,
}

/// Characters of an address.
const LENGTH_LIMIT: usize = 1_024;

impl Endpoint {
    /// The address of the service on every Azure VM.
    pub const DEFAULT: &'static str = "http://169.254.169.254";

    /// Reads an address: `http://host[:port]`, with a path before `/metadata` if there is one. A last `/metadata` and
    /// a last slash may be written or left out.
    ///
    /// # Errors
    ///
    /// `endpoint_malformed`. `https` is refused: the service speaks plain HTTP.
    ///
    /// ```
    /// use azure_imds::client::Endpoint;
    ///
    /// assert!(Endpoint::parse("http://127.0.0.1:8080").is_ok());
    /// assert!(Endpoint::parse("somewhere").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, UsageError> {
        match base_of(text) {
            Ok(base) => Ok(Self { base }),
            Err(reason) => Err(UsageError::EndpointMalformed { endpoint: Quoted::from(text), reason }),
        }
    }

    /// The URL of a path of the category, which is already encoded and begins with a slash unless it is empty.
    pub(crate) fn url(&self, category: Category, path: &str) -> String {
        format!("{}/{}{path}", self.base, category.segment())
    }
}

impl Default for Endpoint {
    fn default() -> Self {
        Self { base: format!("{}/metadata", Self::DEFAULT) }
    }
}

/// As it is asked: `http://169.254.169.254/metadata`.
impl fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.base)
    }
}

fn base_of(text: &str) -> Result<String, &'static str> {
    let rest = match text.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => rest,
        Some((scheme, _)) if scheme.eq_ignore_ascii_case("https") => return Err("the service speaks plain http only"),
        _ => return Err("it does not begin with http://"),
    };
    if text.len() > LENGTH_LIMIT {
        return Err("it is too long");
    }
    if !rest.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("it holds a space, a control character or a character outside ASCII");
    }
    if rest.contains(['?', '#', '@', '\\', '"', '<', '>']) {
        return Err("it holds more than host, port and path");
    }
    let (authority, path) = match rest.find('/') {
        Some(slash) => rest.split_at(slash),
        None => (rest, ""),
    };
    if !is_authority(authority) {
        return Err("its host or port can't be read");
    }
    let prefix = path.trim_end_matches('/');
    let prefix = prefix.strip_suffix("/metadata").unwrap_or(prefix);
    if prefix.split('/').skip(1).any(|segment| matches!(segment, "" | "." | "..")) {
        return Err("its path has an empty or a dot segment");
    }
    Ok(format!("http://{}{prefix}/metadata", authority.to_ascii_lowercase()))
}

/// A name, an IPv4 address or an IPv6 address in brackets, with a port or without.
fn is_authority(authority: &str) -> bool {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((address, after)) if address.parse::<core::net::Ipv6Addr>().is_ok() => ("ipv6", after),
            _ => return false,
        },
        None => match authority.find(':') {
            Some(colon) => authority.split_at(colon),
            None => (authority, ""),
        },
    };
    let is_port =
        |port: &str| port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse().is_ok_and(|port: u16| port > 0);
    let is_host = |host: &str| {
        !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
    };
    is_host(host) && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port))
}

/// The environment variables that name another address, in the order in which they are looked at.
///
/// `AZURE_IMDS_ENDPOINT` is this package's own, for all of the service. `AZURE_POD_IDENTITY_AUTHORITY_HOST` is the one
/// that Azure's SDKs read; it stands for tokens only, and only where the first is not set.
pub const ENDPOINT_VARIABLES: [&str; 2] = ["AZURE_IMDS_ENDPOINT", "AZURE_POD_IDENTITY_AUTHORITY_HOST"];

/// The two addresses of a client: that for tokens, and that for everything else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Endpoints {
    pub(super) identity: Endpoint,
    pub(super) other: Endpoint,
}

impl Endpoints {
    /// Interprets what the host read from its environment; an empty value counts as none.
    pub(super) fn from_environment(read: impl Fn(&str) -> Option<String>) -> Result<Self, UsageError> {
        let [own, identity] = ENDPOINT_VARIABLES.map(|name| read(name).filter(|value| !value.is_empty()));
        if let Some(own) = own {
            let endpoint = Endpoint::parse(own.trim())?;
            return Ok(Self { identity: endpoint.clone(), other: endpoint });
        }
        let identity = identity.map(|text| Endpoint::parse(text.trim())).transpose()?;
        Ok(Self { identity: identity.unwrap_or_default(), other: Endpoint::default() })
    }

    pub(super) const fn of(&self, category: Category) -> &Endpoint {
        match category {
            Category::Identity => &self.identity,
            _ => &self.other,
        }
    }
}

impl From<Endpoint> for Endpoints {
    fn from(endpoint: Endpoint) -> Self {
        Self { identity: endpoint.clone(), other: endpoint }
    }
}

impl core::str::FromStr for Endpoint {
    type Err = UsageError;

    fn from_str(text: &str) -> Result<Self, UsageError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn takes_a_base_with_or_without_its_end() {
        for (text, base) in [
            ("http://169.254.169.254", "http://169.254.169.254/metadata"),
            ("HTTP://Localhost:8080/", "http://localhost:8080/metadata"),
            ("http://127.0.0.1:8080/metadata", "http://127.0.0.1:8080/metadata"),
            ("http://127.0.0.1:8080/metadata/", "http://127.0.0.1:8080/metadata"),
            ("http://[::1]:80/imds/metadata", "http://[::1]:80/imds/metadata"),
            ("http://host/imds", "http://host/imds/metadata"),
        ] {
            assert_eq!(Endpoint::parse(text).unwrap().to_string(), base, "{text}");
        }
        assert_eq!(Endpoint::default(), Endpoint::parse(Endpoint::DEFAULT).unwrap());
    }

    #[test]
    fn refuses_the_rest() {
        for text in [
            "",
            "http://",
            "169.254.169.254",
            "https://169.254.169.254",
            "ftp://host",
            "http://user@host",
            "http://host:0",
            "http://host:65536",
            "http://host:",
            "http://host:+1",
            "http://ho st",
            "http://host?x=1",
            "http://host/#x",
            "http://host/a/../b",
            "http://host//b",
            "http://h\u{f6}st",
            "http://host\r\nX: y",
            "http://[::1",
            "http://[x]",
            "http://\\host",
        ] {
            assert_eq!(Endpoint::parse(text).unwrap_err().code(), "endpoint_malformed", "{text}");
        }
        assert!(Endpoint::parse(&format!("http://host/{}", "x".repeat(2_000))).is_err());
    }

    #[test]
    fn reads_the_environment_in_order() {
        let read = |own: &'static str, identity: &'static str| {
            Endpoints::from_environment(move |name| {
                Some(String::from(if name == ENDPOINT_VARIABLES[0] { own } else { identity }))
            })
        };
        assert_eq!(read("", ""), Ok(Endpoints::default()));
        let both = read("http://own:1", "http://pod:2").unwrap();
        assert_eq!(
            (both.identity.to_string(), both.other.to_string()),
            ("http://own:1/metadata".into(), "http://own:1/metadata".into())
        );
        let pod = read("", "http://pod:2/").unwrap();
        assert_eq!((pod.identity.to_string(), pod.other), ("http://pod:2/metadata".into(), Endpoint::default()));
        assert!(read("nonsense", "").is_err());
    }
}
