//! JSON, told by its members.

use super::Material;
use crate::attested::input::{InputForm, LIMIT};
use crate::attested::json::Json;

/// Levels of an answer of the metadata service, and some more.
const DEPTH: usize = 32;

/// What an object is. One that can't be read and names a signature is left to the strict reader, which says where it
/// ends.
pub(super) fn object(text: &str) -> Material {
    let is_named = |member: &str| text.get(..LIMIT).unwrap_or(text).contains(member);
    if text.len() > LIMIT {
        return if is_named("\"signature\"") { Material::Document(InputForm::Envelope) } else { Material::Json };
    }
    let Ok(json) = Json::parse(text, DEPTH) else {
        let is_envelope = is_named("\"signature\"") || is_named("\"encoding\"");
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
