//! All that an emulator is made of beside its keys, in one file: machine, choices, limits.

use serde::de::Deserializer;
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

use super::machine::{self, MachineFile};
use super::{Choices, Machine, RateLimits};
use crate::error::UsageError;

/// A machine, with the choices and limits of its service.
///
/// As a file it has the parts of the machine at its top, `choices` and `limits` beside them:
/// `{"classic":false,"limits":{..},"choices":{..},"compute":{..},"network":{..},"extended":{..},"identity":{..}}`. What
/// is left out is as on the default machine. [`Machine::unknown`] says what the list of fields does not know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Configuration {
    /// The machine that the service tells about.
    pub machine: Machine,
    /// What the service does where its documentation leaves it open.
    pub choices: Choices,
    /// How many requests it takes.
    pub limits: RateLimits,
}

impl Configuration {
    /// The same configuration with changes in JSON laid over it: objects are merged, everything else is replaced. They
    /// are written as its file is, such as `{"compute":{"tags":{"env":"test"}},"choices":{"tokenLife":60}}`.
    ///
    /// # Errors
    ///
    /// `configuration_malformed` for anything but a JSON object, and for a value that does not fit its place.
    pub fn with(mut self, json: &str) -> Result<Self, UsageError> {
        for (key, value) in machine::changes(json)? {
            match key.as_str() {
                "choices" => self.choices = machine::laid(&self.choices, value, &key)?,
                "limits" => self.limits = machine::laid(&self.limits, value, &key)?,
                _ => self.machine.lay(&key, value)?,
            }
        }
        Ok(self)
    }
}

impl<'de> Deserialize<'de> for Configuration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let MachineFile { machine, choices, limits } = MachineFile::deserialize(deserializer)?;
        Ok(Self { machine, choices: choices.unwrap_or_default(), limits: limits.unwrap_or_default() })
    }
}

impl Serialize for Configuration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        machine::written(&self.machine, Some((&self.choices, &self.limits)), serializer)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn a_file_says_what_differs_from_the_default() {
        let read = |text| serde_json::from_str::<Configuration>(text);
        assert_eq!(read("{}").unwrap(), Configuration::default());
        let classic = read(r#"{"classic":true,"compute":{"name":"a"}}"#).unwrap();
        assert!(classic.machine.classic && classic.machine.text("compute/name") == "a");
        assert_eq!((classic.choices, classic.limits), Default::default());
        assert!(read(r#"{"limits":{"perMinute":1}}"#).unwrap_err().to_string().contains("unknown field `perMinute`"));
        assert!(serde_json::from_str::<Machine>(r#"{"limits":{}}"#).is_err());
    }

    #[test]
    fn changes_are_laid_over_every_part() {
        let before = Configuration::default();
        let changes = r#"{"classic":true,"compute":{"zone":"3"},"identity":{"systemAssigned":null},
            "choices":{"nonceLimit":10,"gone":"away"},"limits":{"perSecond":1},"loadBalancer":{}}"#;
        let after = before.clone().with(changes).unwrap();
        let mut machine = Machine::default();
        machine.classic = true;
        machine.set("compute/zone", "3").unwrap();
        machine.set("loadBalancer", crate::metadata::document::Value::object([])).unwrap();
        machine.identity.system_assigned = None;
        let choices = Choices { nonce_limit: 10, gone: "away".to_string(), ..Choices::default() };
        assert_eq!(after, Configuration { machine, choices, limits: RateLimits { per_second: 1, ..before.limits } });
        assert_eq!(before.clone().with("{}").unwrap(), before);
        for (changes, place) in [
            ("[]", ""),
            ("{", ""),
            (r#"{"compute":{"zone":null}}"#, "compute/zone"),
            (r#"{"choices":{"nonceLimit":-1}}"#, "choices"),
            (r#"{"choices":null}"#, "choices"),
            (r#"{"limits":{"perMinute":1}}"#, "limits"),
            (r#"{"identity":{"tenant":""}}"#, "identity"),
        ] {
            let error = before.clone().with(changes).unwrap_err();
            assert!(error.to_string().contains(&alloc::format!("malformed at \"{place}\": ")), "{error}");
            assert!(!error.to_string().contains(" line ") || place.is_empty(), "{error}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let machine = Machine::default().with(r#"{"loadBalancer":{},"classic":true,"new":{"a":[1,true,"x"]}}"#);
        let configuration = Configuration { machine: machine.unwrap(), ..Configuration::default() };
        let written = serde_json::to_string(&configuration).unwrap();
        assert_eq!(serde_json::from_str::<Configuration>(&written).unwrap(), configuration);
    }
}
