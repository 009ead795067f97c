//! JSON, told by its members.

use super::{Material, find};
use crate::attested::input::{InputForm, LIMIT};
use crate::attested::json::Json;

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
