//! All that an emulator is made of beside its keys, in one file: machine, choices, limits.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::de::Deserializer;
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use serde_path_to_error::{Path, Segment};

use super::machine::{self, MachineFile};
use super::random::Seed;
use super::throttle::Throttle;
use super::{Choices, Emulator, Machine, RateLimits};
use crate::error::UsageError;

/// A machine, with the choices and limits of its service.
///
/// As a file it has the parts of the machine at its top, `choices` and `limits` beside them:
/// `{"classic":false,"limits":{..},"choices":{..},"compute":{..},"network":{..},"extended":{..},"identity":{..}}`. What
/// is left out is as on the default machine. [`Machine::unknown`] says what the list of fields does not know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Configuration {
    /// The machine that the service tells about.
    pub machine: Machine,
    /// What the service does where its documentation leaves it open.
    pub choices: Choices,
    /// How many requests it takes.
    pub limits: RateLimits,
}

impl Configuration {
    /// Reads JSON. An error names the path of what is wrong, and in a file line and column as well.
    ///
    /// # Errors
    ///
    /// `configuration_malformed`.
    ///
    /// ```
    /// use azure_imds::emulator::{Configuration, Emulator};
    ///
    /// let json = r#"{"compute":{"zone":"3"},"limits":{"perSecond":0}}"#;
    /// let emulator = Emulator::of(Configuration::from_json(json, false)?, [7; 32]);
    /// assert_eq!(emulator.machine().text("compute/zone"), "3");
    /// assert_eq!(emulator.limits().per_second, 0);
    ///
    /// let error = Configuration::from_json(r#"{"colour":"blue"}"#, false).unwrap_err();
    /// assert_eq!(error.code(), "configuration_malformed");
    /// # Ok::<(), azure_imds::UsageError>(())
    /// ```
    pub fn from_json(json: &str, is_file: bool) -> Result<Self, UsageError> {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let malformed = |error: &serde_json::Error, place: &str| {
            let position = (error.line(), error.column());
            let said = error.to_string();
            let said = said.strip_suffix(&format!(" at line {} column {}", position.0, position.1)).unwrap_or(&said);
            let reason = said.trim_end().to_string();
            UsageError::ConfigurationMalformed { position: is_file.then_some(position), place: place.into(), reason }
        };
        let read = serde_path_to_error::deserialize(&mut deserializer);
        let read = read.map_err(|error| malformed(error.inner(), &path_of(error.path())))?;
        deserializer.end().map_err(|error| malformed(&error, "")).map(|()| read)
    }

    /// Why a file of another format is refused: what its reader says, and at which byte of the text.
    #[must_use]
    pub fn malformed(text: &str, at: Option<usize>, said: &str) -> UsageError {
        let position = at.and_then(|at| text.get(..at)).map(|before| {
            let line = before.matches('\n').count().saturating_add(1);
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count().saturating_add(1);
            (line, column)
        });
        let reason = said.trim_end().to_string();
        UsageError::ConfigurationMalformed { position, place: "".into(), reason }
    }

    /// All of it as JSON, which [`from_json`](Self::from_json) reads.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Texts, numbers and lists always serialise.
        serde_json::to_string(self).unwrap_or_default()
    }

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

impl Emulator {
    /// An emulator of a machine with its choices and limits; see [`new`](Self::new).
    #[must_use]
    pub fn of(configuration: Configuration, seed: Seed) -> Self {
        let Configuration { machine, choices, limits } = configuration;
        Self::new(machine, seed).with_choices(choices).with_limits(limits)
    }

    /// Machine, choices and limits in force.
    #[must_use]
    pub fn configuration(&self) -> Configuration {
        Configuration { machine: self.machine.clone(), choices: self.choices().clone(), limits: self.limits() }
    }

    /// Replaces machine, choices and limits. Limits that stay the same keep count; where they are switched off, they stay
    /// off.
    pub fn configure(&mut self, mut configuration: Configuration) {
        if self.is_unlimited {
            configuration.limits = RateLimits::none();
        }
        self.replace(configuration);
    }

    fn replace(&mut self, Configuration { machine, choices, limits }: Configuration) {
        *self.machine_mut() = machine;
        self.choices = Arc::new(choices);
        self.set_limits(limits);
    }

    /// Lays changes in JSON over machine, choices and limits, as [`Configuration::with`] does. Limits that they name are
    /// in force, even where they were switched off.
    ///
    /// # Errors
    ///
    /// `configuration_malformed`; then nothing changes.
    pub fn change(&mut self, json: &str) -> Result<(), UsageError> {
        let changed = self.configuration().with(json)?;
        self.replace(changed);
        Ok(())
    }

    /// Switches the limits off, also those of configurations to come, or on: then the service's own are in force.
    pub fn switch_limits(&mut self, are_on: bool) {
        self.is_unlimited = !are_on;
        self.set_limits(if are_on { RateLimits::default() } else { RateLimits::none() });
    }

    /// Whether any limit is in force.
    #[must_use]
    pub fn has_limits(&self) -> bool {
        self.limits() != RateLimits::none()
    }

    /// Sets the limits, as [`with_limits`](Self::with_limits) does. Those that stay the same keep count.
    pub fn set_limits(&mut self, limits: RateLimits) {
        if self.limits() != limits {
            self.throttle = Throttle::new(limits);
        }
    }
}

/// A path as it is written everywhere else: `compute/tagsList/0/name`.
fn path_of(path: &Path) -> String {
    let segments = path.iter().map(|segment| match segment {
        Segment::Seq { index } => index.to_string(),
        Segment::Map { key } => key.clone(),
        Segment::Enum { variant } => variant.clone(),
        Segment::Unknown => "?".to_string(),
    });
    segments.collect::<Vec<_>>().join("/")
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
    fn what_is_wrong_has_its_place() {
        let said = |json, is_file| Configuration::from_json(json, is_file).unwrap_err().to_string();
        let nested = "{\"compute\": {\n \"tagsList\": [{\"name\": []}]}}";
        let reason = "invalid type: an array, expected a string, a number or a boolean";
        assert_eq!(said(nested, true), format!("line 2, column 25: \"compute/tagsList/0/name\": {reason}"));
        assert_eq!(said(nested, false), format!("the machine is malformed at \"compute/tagsList/0/name\": {reason}"));
        assert_eq!(said("{} {}", true), "line 1, column 4: trailing characters");
        assert_eq!(said("{} {}", false), "the machine is malformed at \"\": trailing characters");
        assert_eq!(said("\n[]", true), "line 2, column 0: invalid type: sequence, expected the parts of a machine");
        assert!(said("{\"compute\"", true).starts_with("line 1, column 10: EOF while parsing an object"));
        let evil = said("{\"\u{1b}[31m\": {\"a\": }}", false);
        assert!(!evil.contains('\u{1b}'), "{evil}");
    }

    #[test]
    fn the_place_in_a_file_of_another_format_is_found() {
        let text = "[compute]\ngröße = []\n";
        let said = |at| Configuration::malformed(text, at, "no array\n").to_string();
        assert_eq!(said(text.find("[]")), "line 2, column 9: no array");
        assert_eq!(said(Some(0)), "line 1, column 1: no array");
        assert_eq!(said(Some(text.len())), "line 3, column 1: no array");
        for nowhere in [None, Some(text.len() + 1), text.find('ö').map(|at| at + 1)] {
            assert_eq!(said(nowhere), "the machine is malformed at \"\": no array");
        }
    }

    #[test]
    fn limits_that_are_switched_off_stay_off() {
        let mut emulator = Emulator::of(Configuration::default(), [7; 32]);
        assert!(emulator.has_limits());
        emulator.switch_limits(false);
        emulator.configure(Configuration::default());
        assert!(!emulator.has_limits());
        emulator.change(r#"{"classic":true}"#).unwrap();
        assert!(emulator.machine().classic && !emulator.has_limits());
        emulator.change(r#"{"limits":{"perSecond":1}}"#).unwrap();
        assert_eq!(emulator.limits(), RateLimits { per_second: 1, ..RateLimits::none() });
        emulator.switch_limits(true);
        assert_eq!(emulator.limits(), RateLimits::default());
        let few = RateLimits { per_second: 2, ..RateLimits::none() };
        emulator.configure(Configuration { limits: few, ..Configuration::default() });
        assert_eq!(emulator.limits(), few);
    }

    #[test]
    fn an_emulator_is_made_of_a_configuration() {
        let changed = r#"{"classic":true,"choices":{"gone":"away"},"limits":{"perSecond":1}}"#;
        let configuration = Configuration::default().with(changed).unwrap();
        assert_eq!(Emulator::of(configuration.clone(), [7; 32]).configuration(), configuration);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let machine = Machine::default().with(r#"{"loadBalancer":{},"classic":true,"new":{"a":[1,true,"x"]}}"#);
        let configuration = Configuration { machine: machine.unwrap(), ..Configuration::default() };
        assert_eq!(Configuration::from_json(&configuration.to_json(), false).unwrap(), configuration);
    }
}
