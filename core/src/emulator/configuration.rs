//! All that an emulator is made of beside its keys, in one file: machine, choices, limits.

use serde::de::Deserializer;
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

use super::machine::{self, MachineFile};
use super::{Choices, Machine, RateLimits};

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
    fn what_is_written_is_read_again() {
        let machine = Machine::default().with(r#"{"loadBalancer":{},"classic":true,"new":{"a":[1,true,"x"]}}"#);
        let configuration = Configuration { machine: machine.unwrap(), ..Configuration::default() };
        let written = serde_json::to_string(&configuration).unwrap();
        assert_eq!(serde_json::from_str::<Configuration>(&written).unwrap(), configuration);
    }
}
