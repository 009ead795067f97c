//! JSON, told by its members.

use alloc::string::String;

use super::{Material, Recognised, Wrapping, find, layer};
use crate::attested::input::{InputForm, LIMIT};
use crate::json::Json;

/// Levels of an answer of the metadata service, and some more.
const DEPTH: usize = 32;

/// What an object is. One that can't be read and names a signature is left to the strict reader, which says where it
/// ends.
pub(super) fn object(text: &[u8]) -> Material {
    let is_named = |member: &[u8]| find(text.get(..LIMIT).unwrap_or(text), member).is_some();
    if text.len() > LIMIT {
        return if is_named(b"\"signature\"") { Material::Document(InputForm::Envelope) } else { Material::Json };
    }
    let Some(json) = core::str::from_utf8(text).ok().and_then(|text| Json::parse(text, DEPTH).ok()) else {
        let is_envelope = is_named(b"\"signature\"") || is_named(b"\"encoding\"");
        return if is_envelope { Material::Document(InputForm::Envelope) } else { Material::Json };
    };
    let has = |member: &str| json.member(member).is_some();
    if has("signature") || has("encoding") {
        Material::Document(InputForm::Envelope)
    } else if has("compute") || has("azEnvironment") || has("network") {
        Material::InstanceMetadata
    } else if has("vmId") && has("timeStamp") {
        Material::Claims
    } else if has("access_token") || has("id_token") || has("token") {
        Material::Token
    } else if has("error") || has("errors") {
        Material::ErrorAnswer
    } else {
        Material::Json
    }
}

/// A document that is a member of other JSON: as an object, or as a string in which its own JSON is written.
pub(super) fn nested(text: &[u8], depth: usize) -> Option<Recognised<'_>> {
    if text.len() > LIMIT.saturating_mul(2) || find(text, b"signature").is_none() {
        return None;
    }
    let outer = Json::parse(core::str::from_utf8(text).ok()?, DEPTH).ok()?;
    let Json::Object(members) = &outer else {
        return None;
    };
    // An envelope itself, of which the strict reader says what is wrong.
    if outer.member("signature").is_some() || outer.member("encoding").is_some() {
        return None;
    }
    if members.iter().any(|(_, member)| member.member("signature").is_some()) {
        let (begin, end) = (text.iter().rposition(|byte| *byte == b'{')?, text.iter().position(|byte| *byte == b'}')?);
        let object = text.get(begin..=end)?;
        return Some(Recognised::part(object, InputForm::Envelope, Wrapping::Json));
    }
    members.iter().find_map(|(_, member)| match member {
        Json::String(inner) => within(inner.as_bytes(), depth),
        _ => None,
    })
}

/// The signature of an envelope.
pub(super) fn signature(text: &[u8]) -> Option<String> {
    let text = core::str::from_utf8(text.get(..LIMIT).unwrap_or(text)).ok()?;
    match Json::parse(text, DEPTH).ok()?.member("signature")? {
        Json::String(signature) => Some(signature.clone()),
        _ => None,
    }
}

/// The document in a string of JSON, if there is one.
pub(super) fn within(inner: &[u8], depth: usize) -> Option<Recognised<'static>> {
    let found = layer(inner, depth).into_owned();
    found.is_document().then(|| found.inside(Wrapping::Json))
}
