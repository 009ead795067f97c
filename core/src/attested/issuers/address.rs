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
use crate::time::decimal;

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
    let url = url.as_bytes();
    if url.len() > LIMIT {
        return Err(AddressRefusal::TooLong);
    }
    if let Some(path) = origins.iter().find_map(|origin| url.strip_prefix(origin.as_str().as_bytes())) {
        return check_path(path);
    }
    let [_, authority, path] = split(url)?;
    let (host, port) = match authority.iter().position(|byte| *byte == b':') {
        Some(at) => (authority.get(..at).unwrap_or_default(), authority.get(at..).unwrap_or_default()),
        None => (authority, &b":80"[..]),
    };
    let file = match host {
        b"www.microsoft.com" | b"caissuers.microsoft.com" => {
            path.strip_prefix(b"pkiops/certs/").or_else(|| path.strip_prefix(b"pki/mscorp/"))
        }
        b"cacerts.digicert.com" | b"cacerts.digicert.cn" | b"cacerts.geotrust.com" => {
            Some(path).filter(|path| !path.contains(&b'/'))
        }
        _ => return Err(AddressRefusal::Host),
    };
    if !matches!(port, b":80" | b":443") {
        return Err(AddressRefusal::Port);
    }
    check_characters(path)?;
    check_path(file.ok_or(AddressRefusal::Path)?)
}

/// The host of a URL that may be fetched, with its port unless that is 80 or 443.
pub(crate) fn host(url: &str) -> &str {
    let [_, authority, _] = split(url.as_bytes()).unwrap_or_default();
    let authority = core::str::from_utf8(authority).unwrap_or_default();
    authority.strip_suffix(":80").or_else(|| authority.strip_suffix(":443")).unwrap_or(authority)
}

/// The origin with a slash at its end, or what is wrong.
fn parse_origin(text: &str) -> Result<String, &'static str> {
    if text.len() > LIMIT {
        return Err(AddressRefusal::TooLong.reason());
    }
    let [scheme, authority, prefix] = split(text.as_bytes()).map_err(AddressRefusal::reason)?;
    let at = authority.iter().rposition(|byte| *byte == b':').ok_or(ORIGIN_PORT)?;
    let (host, port) = authority.split_at_checked(at).ok_or(ORIGIN_PORT)?;
    if port.starts_with(b":0") || port.strip_prefix(b":").and_then(decimal).is_none() {
        return Err(ORIGIN_PORT);
    }
    if !is_host(host) {
        return Err("the host is not a name or an address in lower case");
    }
    let mut origin = text.get(..scheme.len().saturating_add(authority.len())).unwrap_or_default().to_owned();
    origin.push('/');
    if !prefix.is_empty() {
        let prefix = prefix.strip_suffix(b"/").unwrap_or(prefix);
        check_path(prefix).map_err(|_| ORIGIN_PREFIX)?;
        origin.push_str(core::str::from_utf8(prefix).map_err(|_| ORIGIN_PREFIX)?);
        origin.push('/');
    }
    Ok(origin)
}

/// Scheme with its slashes, authority, and path without its first slash.
fn split(url: &[u8]) -> Result<[&[u8]; 3], AddressRefusal> {
    let scheme = if url.starts_with(b"http://") { 7 } else { 8 };
    let (scheme, rest) = url.split_at_checked(scheme).ok_or(AddressRefusal::Scheme)?;
    if !matches!(scheme, b"http://" | b"https://") {
        return Err(AddressRefusal::Scheme);
    }
    let end = rest.iter().position(|byte| *byte == b'/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end).unwrap_or_default();
    if authority.contains(&b'@') {
        return Err(AddressRefusal::UserInformation);
    }
    Ok([scheme, authority, path.get(1..).unwrap_or_default()])
}

/// The characters of a name, of an IPv4 address, or of an IPv6 address in brackets.
fn is_host(host: &[u8]) -> bool {
    match host.strip_prefix(b"[").and_then(|host| host.strip_suffix(b"]")) {
        Some(address) => {
            !address.is_empty() && address.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b':' | b'.'))
        }
        None => {
            !host.is_empty() && host.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'-' | b'.' | b'_'))
        }
    }
}

/// A path without its first slash: known characters only, and no segment that is empty or nothing but dots and spaces.
fn check_path(path: &[u8]) -> Result<(), AddressRefusal> {
    check_characters(path)?;
    if path.split(|byte| *byte == b'/').all(names_something) { Ok(()) } else { Err(AddressRefusal::Path) }
}

fn names_something(mut segment: &[u8]) -> bool {
    while let [b'.', rest @ ..] | [b'%', b'2', b'0', rest @ ..] = segment {
        segment = rest;
    }
    !segment.is_empty()
}

/// No percent sign but in `%20`, so that no server and no client can read another path out of this one.
fn check_characters(mut path: &[u8]) -> Result<(), AddressRefusal> {
    loop {
        path = match path {
            [] => return Ok(()),
            [b'%', b'2', b'0', rest @ ..] => rest,
            [b'-' | b'.' | b'_' | b'~' | b'(' | b')' | b'/', rest @ ..] => rest,
            [byte, rest @ ..] if byte.is_ascii_alphanumeric() => rest,
            _ => return Err(AddressRefusal::Character),
        };
    }
}

/// Bytes of a URL.
const LIMIT: usize = 512;

const ORIGIN_PORT: &str = "there is no port from 1 to 65535";

const ORIGIN_PREFIX: &str =
    "the prefix has an empty or dotted segment, or a character other than A-Za-z0-9-._~() and %20";

#[cfg(test)]
mod tests;
