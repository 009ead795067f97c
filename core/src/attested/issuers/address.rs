//! Which URL may be asked for an issuer's certificate.
//!
//! A certificate under verification names these URLs, so an attacker may have written them. They are judged by their
//! exact text, without decoding or normalising: what is not plainly one of the known places is refused. What the host
//! name resolves to, and redirects (never to be followed), are the host's business.

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;

use crate::error::UsageError;
use crate::quoted::Quoted;

/// A place of the caller's own from which issuers may be fetched as well: a mirror, an emulator.
///
/// It permits every URL that begins with exactly this text, path segment by path segment. Give one only if whoever
/// can send a document may make this program ask for anything under it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Origin(String);

impl Origin {
    /// Reads `scheme://host:port/prefix`: `http` or `https`, all in lower case, the port spelled out. Without a prefix
    /// the whole origin is meant. `/certs` and `/certs/` are the same, and neither covers `/certs2/`.
    ///
    /// # Errors
    ///
    /// `origin_malformed`.
    pub(crate) fn parse(text: &str) -> Result<Self, UsageError> {
        parse_origin(text)
            .map(Self)
            .map_err(|reason| UsageError::OriginMalformed { origin: Quoted::from(text), reason })
    }

    /// The origin, ending in a slash.
    #[must_use]
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Why a URL may not be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AddressRefusal {
    Character,
    Host,
    Path,
    Port,
    Scheme,
    TooLong,
    UserInformation,
}

impl AddressRefusal {
    pub(crate) const fn reason(self) -> &'static str {
        match self {
            Self::Character => "the path holds a character other than A-Za-z0-9-._~() and %20",
            Self::Host => "the host is not one that serves issuers of Azure's documents",
            Self::Path => "the path is not that of a certificate, or has an empty or dotted segment",
            Self::Port => "the port is not 80 or 443",
            Self::Scheme => "the scheme is not http:// or https://, in lower case",
            Self::TooLong => "it is longer than 512 bytes",
            Self::UserInformation => "it holds user information",
        }
    }
}

/// Whether this URL may be fetched: under one of the caller's origins, or at one of the known places.
pub(crate) fn allowed(url: &str, origins: &[Origin]) -> Result<(), AddressRefusal> {
    if url.len() > LIMIT {
        return Err(AddressRefusal::TooLong);
    }
    if let Some(path) = origins.iter().find_map(|origin| url.strip_prefix(origin.as_str())) {
        return check_path(path);
    }
    let (_, authority, path) = split(url)?;
    let (host, port) = authority.split_once(':').unwrap_or((authority, "80"));
    let file = match host {
        "www.microsoft.com" | "caissuers.microsoft.com" => {
            path.strip_prefix("pkiops/certs/").or_else(|| path.strip_prefix("pki/mscorp/"))
        }
        "cacerts.digicert.com" | "cacerts.digicert.cn" | "cacerts.geotrust.com" => {
            Some(path).filter(|path| !path.contains('/'))
        }
        _ => return Err(AddressRefusal::Host),
    };
    if !matches!(port, "80" | "443") {
        return Err(AddressRefusal::Port);
    }
    check_characters(path)?;
    check_path(file.ok_or(AddressRefusal::Path)?)
}

/// The origin with a slash at its end, or what is wrong.
fn parse_origin(text: &str) -> Result<String, &'static str> {
    if text.len() > LIMIT {
        return Err(AddressRefusal::TooLong.reason());
    }
    let (scheme, authority, prefix) = split(text).map_err(AddressRefusal::reason)?;
    let (host, port) = authority.rsplit_once(':').ok_or(ORIGIN_PORT)?;
    if port.starts_with(['0', '+']) || port.parse::<u16>().is_err() {
        return Err(ORIGIN_PORT);
    }
    if !is_host(host) {
        return Err("the host is not a name or an address in lower case");
    }
    let mut origin = scheme.to_owned();
    origin.extend([authority, "/"]);
    if !prefix.is_empty() {
        let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
        check_path(prefix).map_err(|_| ORIGIN_PREFIX)?;
        origin.extend([prefix, "/"]);
    }
    Ok(origin)
}

/// Scheme with its slashes, authority, and path without its first slash.
fn split(url: &str) -> Result<(&str, &str, &str), AddressRefusal> {
    let (scheme, rest) = ["http://", "https://"]
        .into_iter()
        .find_map(|scheme| url.strip_prefix(scheme).map(|rest| (scheme, rest)))
        .ok_or(AddressRefusal::Scheme)?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    if authority.contains('@') {
        return Err(AddressRefusal::UserInformation);
    }
    Ok((scheme, authority, path))
}

/// The characters of a name, of an IPv4 address, or of an IPv6 address in brackets.
fn is_host(host: &str) -> bool {
    match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => {
            !address.is_empty() && address.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b':' | b'.'))
        }
        None => {
            !host.is_empty() && host.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'-' | b'.' | b'_'))
        }
    }
}

/// A path without its first slash: known characters only, and no segment that is empty or nothing but dots and spaces.
fn check_path(path: &str) -> Result<(), AddressRefusal> {
    check_characters(path)?;
    let names_something = |segment: &str| segment.split("%20").flat_map(str::bytes).any(|byte| byte != b'.');
    if path.split('/').all(names_something) { Ok(()) } else { Err(AddressRefusal::Path) }
}

/// No percent sign but in `%20`, so that no server and no client can read another path out of this one.
fn check_characters(path: &str) -> Result<(), AddressRefusal> {
    let is_known =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'(' | b')' | b'/');
    if path.split("%20").flat_map(str::bytes).all(is_known) { Ok(()) } else { Err(AddressRefusal::Character) }
}

/// Bytes of a URL.
const LIMIT: usize = 512;

const ORIGIN_PORT: &str = "there is no port from 1 to 65535";

const ORIGIN_PREFIX: &str =
    "the prefix has an empty or dotted segment, or a character other than A-Za-z0-9-._~() and %20";

#[cfg(test)]
mod tests;
