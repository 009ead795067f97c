//! A machine as a file: read with the place of what is wrong, changed, and written.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};
use serde::ser::{SerializeMap as _, SerializeSeq as _, Serializer};
use serde::{Deserialize, Serialize};

use super::default::Defaults;
use super::expect::{Expect, Misfit};
use super::{LOAD_BALANCER, Machine, malformed, section};
use crate::emulator::choices::Choices;
use crate::emulator::throttle::RateLimits;
use crate::error::UsageError;
use crate::metadata::document::{Document, Value};
use crate::metadata::schema::Place;
use crate::quoted::Quoted;

/// A machine, and what its file may have beside it.
#[derive(Default)]
pub(in crate::emulator) struct MachineFile {
    pub(in crate::emulator) machine: Machine,
    pub(in crate::emulator) choices: Option<Choices>,
    pub(in crate::emulator) limits: Option<RateLimits>,
}

impl<'de> Deserialize<'de> for MachineFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MachineFileVisitor)
    }
}

struct MachineFileVisitor;

impl<'de> Visitor<'de> for MachineFileVisitor {
    type Value = MachineFile;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the parts of a machine")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<MachineFile, A::Error> {
        let mut parts = MachineFile::default();
        while let Some(key) = members.next_key::<String>()? {
            match key.as_str() {
                "choices" => parts.choices = Some(members.next_value()?),
                "classic" => parts.machine.classic = members.next_value()?,
                "identity" => parts.machine.identity = members.next_value()?,
                "limits" => parts.limits = Some(members.next_value()?),
                LOAD_BALANCER => match members.next_value_seed(Optional(Expect::Known(Place::LOAD_BALANCER)))? {
                    Value::Null => parts.machine.load_balancer = None,
                    value => parts.machine.lay_load_balancer(value),
                },
                _ => {
                    let (name, expect) = section(&key);
                    let value = members.next_value_seed(expect)?;
                    parts.machine.lay_section(name, value);
                }
            }
        }
        Ok(parts)
    }
}

/// What may be `null`, too.
struct Optional(Expect);

impl<'de> DeserializeSeed<'de> for Optional {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for Optional {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(formatter)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.0.deserialize(deserializer)
    }
}

/// What is left out is as on the default machine. Choices and limits are of the configuration.
impl<'de> Deserialize<'de> for Machine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match MachineFile::deserialize(deserializer)? {
            MachineFile { machine, choices: None, limits: None } => Ok(machine),
            _ => Err(D::Error::custom("choices and limits are not parts of a machine, but of a configuration")),
        }
    }
}

impl Serialize for Machine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        written(self, None, serializer)
    }
}

/// Writes a machine, with the choices and limits if there are.
pub(in crate::emulator) fn written<S: Serializer>(
    machine: &Machine,
    others: Option<(&Choices, &RateLimits)>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    map.serialize_entry("classic", &machine.classic)?;
    if let Some((choices, limits)) = others {
        map.serialize_entry("limits", limits)?;
        map.serialize_entry("choices", choices)?;
    }
    if let Value::Object(sections) = &machine.sections {
        for (key, value) in sections {
            map.serialize_entry(key, &Plain(value))?;
        }
    }
    map.serialize_entry("identity", &machine.identity)?;
    if let Some(balancer) = &machine.load_balancer {
        map.serialize_entry(LOAD_BALANCER, &Plain(balancer))?;
    }
    map.end()
}

/// A tree of values as it is written in any format.
struct Plain<'v>(&'v Value);

impl Serialize for Plain<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => serializer.serialize_none(),
            Value::Bool(flag) => serializer.serialize_bool(*flag),
            Value::Number(text) => match (text.parse::<i64>(), text.parse::<f64>()) {
                (Ok(number), _) => serializer.serialize_i64(number),
                (_, Ok(number)) if number.to_string() == *text => serializer.serialize_f64(number),
                // Too long for any of the two: the digits are worth more than the kind.
                _ => serializer.serialize_str(text),
            },
            Value::String(text) => serializer.serialize_str(text),
            Value::Array(elements) => {
                let mut list = serializer.serialize_seq(Some(elements.len()))?;
                for element in elements {
                    list.serialize_element(&Plain(element))?;
                }
                list.end()
            }
            Value::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (key, value) in members {
                    map.serialize_entry(key, &Plain(value))?;
                }
                map.end()
            }
        }
    }
}

/// Reads changes: the members of a JSON object.
pub(in crate::emulator) fn changes(json: &str) -> Result<Vec<(String, Value)>, UsageError> {
    let document = Document::parse(json).map_err(|error| UsageError::ConfigurationMalformed {
        position: None,
        place: Quoted::from(""),
        reason: error.to_string(),
    })?;
    match document.root() {
        Value::Object(members) => Ok(members.clone()),
        other => Err(malformed(Misfit { segments: Vec::new(), expected: "an object", found: other.kind() })),
    }
}

/// A value laid over a part that the list of fields does not know, such as identities or choices.
pub(in crate::emulator) fn laid<T: Serialize + DeserializeOwned>(
    part: &T,
    value: Value,
    key: &str,
) -> Result<T, UsageError> {
    let merged = Defaults::new().laid(Some(plain(part)), value, None, "");
    serde_json::from_str(&merged.to_json()).map_err(|error| {
        let said = error.to_string();
        // The place that it ends with is one in the merged text, which nobody wrote.
        let reason = said.rsplit_once(" at line ").map_or(&*said, |(said, _)| said).to_string();
        UsageError::ConfigurationMalformed { position: None, place: Quoted::from(key), reason }
    })
}

/// A plain struct as a tree of values.
fn plain(data: &impl Serialize) -> Value {
    // Structs of texts and lists always serialise.
    let text = serde_json::to_string(data).unwrap_or_default();
    Document::parse(&text).map_or(Value::Null, |document| document.root().clone())
}
