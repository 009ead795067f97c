//! Kinds of events, and the stories that happen to machines.

use alloc::format;
use alloc::string::{String, ToString as _};
use core::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::emulator::spans::{event_duration, seconds};
use crate::error::UsageError;
use crate::metadata::scheduled_events::{EventDuration, EventSource, EventType};
use crate::quoted::Quoted;

/// How an event goes on.
///
/// ```
/// use azure_imds::emulator::{Course, Scenario};
///
/// assert_eq!(Scenario::by_name("hardware-failure").map(|it| it.course), Some(Course::Fails));
/// assert_eq!(Scenario::default().course, Course::Completes);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Course {
    /// Scheduled, and gone after half of the notice, unless it was approved before.
    Canceled,
    /// Scheduled, started, gone.
    Completes,
    /// Started at once: there was no time for a notice.
    Fails,
}

/// An event to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Scenario {
    /// `EventType`; also a word that this release does not know, for clients that must bear new ones.
    #[serde(with = "event_type")]
    pub event_type: EventType,
    /// `EventSource`.
    #[serde(with = "event_source")]
    pub event_source: EventSource,
    /// `Description`.
    pub description: String,
    /// `DurationInSeconds`.
    #[serde(rename = "durationInSeconds", with = "event_duration")]
    pub duration: EventDuration,
    /// The time from its appearance to `NotBefore`, in whole seconds.
    #[serde(with = "seconds")]
    pub notice: Duration,
    /// How long it is shown as started, in whole seconds.
    #[serde(with = "seconds")]
    pub started: Duration,
    /// How it goes on.
    pub course: Course,
}

/// A live migration.
impl Default for Scenario {
    fn default() -> Self {
        Self {
            event_type: EventType::Freeze,
            event_source: EventSource::Platform,
            description: "Virtual machine is being paused because of a memory-preserving Live Migration operation."
                .to_string(),
            duration: EventDuration::Known(Duration::from_secs(5)),
            notice: Duration::from_secs(15 * 60),
            started: Duration::from_secs(5 * 60),
            course: Course::Completes,
        }
    }
}

impl Scenario {
    /// The names that [`by_name`](Self::by_name) knows.
    pub const NAMES: &'static [&'static str] = &[
        "canceled-maintenance",
        "hardware-failure",
        "host-agent-maintenance",
        "live-migration",
        "predicted-failure",
        "redeploy",
        "spot-preemption",
        "spot-rebalance",
        "terminate",
        "user-reboot",
        "user-redeploy",
    ];

    /// A story by its name, one of [`NAMES`](Self::NAMES).
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use azure_imds::emulator::Scenario;
    ///
    /// let scenario = Scenario::by_name("spot-preemption").unwrap();
    /// assert_eq!(scenario.notice, Duration::from_secs(30));
    /// ```
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        let platform = |event_type, description: &str, duration| Self {
            event_type,
            description: description.to_string(),
            duration,
            started: Duration::from_secs(10 * 60),
            ..Self::default()
        };
        Some(match name {
            "canceled-maintenance" => Self {
                course: Course::Canceled,
                ..platform(EventType::Reboot, "Host server is undergoing maintenance.", EventDuration::Unknown)
            },
            "hardware-failure" => Self {
                course: Course::Fails,
                ..platform(
                    EventType::Reboot,
                    "Virtual machine is restarted because its host failed.",
                    EventDuration::Unknown,
                )
            },
            "host-agent-maintenance" => platform(
                EventType::Freeze,
                "Host server is undergoing maintenance.",
                EventDuration::Known(Duration::ZERO),
            ),
            "live-migration" => Self::default(),
            "predicted-failure" => Self {
                notice: Duration::from_secs(7 * 24 * 60 * 60),
                ..platform(EventType::Redeploy, "Hardware of the host is predicted to fail.", EventDuration::Unknown)
            },
            "redeploy" => Self {
                notice: minimum_notice(&EventType::Redeploy),
                ..platform(
                    EventType::Redeploy,
                    "Virtual machine is going to be moved to another host.",
                    EventDuration::Unknown,
                )
            },
            "spot-preemption" => Self {
                notice: minimum_notice(&EventType::Preempt),
                started: Duration::from_secs(60),
                // Recorded evictions are not described.
                ..platform(EventType::Preempt, "", EventDuration::Unknown)
            },
            "spot-rebalance" => Self { ..platform(EventType::SpotRebalanceRecommendation, "", EventDuration::Unknown) },
            "terminate" => Self {
                notice: minimum_notice(&EventType::Terminate),
                event_source: EventSource::User,
                ..platform(EventType::Terminate, "Virtual machine is going to be deleted.", EventDuration::Unknown)
            },
            "user-reboot" => Self {
                event_source: EventSource::User,
                ..platform(
                    EventType::Reboot,
                    "Virtual machine is going to be restarted as requested by authorized user.",
                    EventDuration::Unknown,
                )
            },
            "user-redeploy" => Self {
                event_source: EventSource::User,
                notice: minimum_notice(&EventType::Redeploy),
                ..platform(
                    EventType::Redeploy,
                    "Virtual machine is going to be redeployed as requested by authorized user.",
                    EventDuration::Unknown,
                )
            },
            _ => return None,
        })
    }

    /// A story by its name, with the fields changed that a JSON object has: `{"notice":60,"course":"canceled"}`.
    ///
    /// # Errors
    ///
    /// `scenario_malformed` for a name that is not known, and for fields that a scenario does not have.
    pub fn changed(name: &str, fields: &str) -> Result<Self, UsageError> {
        let malformed = |reason| UsageError::ScenarioMalformed { name: Quoted::from(name), reason };
        let unknown = || malformed(format!("there is none of that name; the scenarios are {}", Self::NAMES.join(", ")));
        let scenario = Self::by_name(name).ok_or_else(unknown)?;
        let unreadable = |error: serde_json::Error| malformed(error.to_string());
        let changes: Map<String, Value> = serde_json::from_str(fields).map_err(unreadable)?;
        let mut whole = Map::new();
        if let Value::Object(members) = serde_json::to_value(scenario).map_err(unreadable)? {
            whole.extend(members);
        }
        whole.extend(changes);
        serde_path_to_error::deserialize(Value::Object(whole)).map_err(|error| malformed(error.to_string()))
    }
}

/// The notice that Azure gives at least. A machine's owner sets 5 to 15 minutes for `Terminate`.
///
/// Source: [scheduled events, event properties][docs].
///
/// [docs]: https://learn.microsoft.com/azure/virtual-machines/linux/scheduled-events#event-properties
pub(super) const fn minimum_notice(event_type: &EventType) -> Duration {
    match event_type {
        EventType::Freeze | EventType::Reboot => Duration::from_secs(15 * 60),
        EventType::Preempt => Duration::from_secs(30),
        EventType::Redeploy => Duration::from_secs(10 * 60),
        EventType::Terminate => Duration::from_secs(5 * 60),
        // Nothing is promised.
        EventType::SpotRebalanceRecommendation | EventType::Other(_) => Duration::ZERO,
    }
}

/// Defines how a word of the service is read and written.
macro_rules! word {
    ($module:ident, $name:ident) => {
        mod $module {
            use alloc::string::String;

            use serde::{Deserialize as _, Deserializer, Serializer};

            use crate::metadata::scheduled_events::$name;

            pub(super) fn serialize<S: Serializer>(word: &$name, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(word.as_str())
            }

            pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                Ok($name::from_word(&String::deserialize(deserializer)?))
            }
        }
    };
}

word!(event_source, EventSource);
word!(event_type, EventType);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_story_that_keeps_the_notice() {
        for name in Scenario::NAMES {
            let scenario = Scenario::by_name(name).unwrap();
            assert!(scenario.notice >= minimum_notice(&scenario.event_type), "{name}");
        }
        assert_eq!(Scenario::by_name("picnic"), None);
    }

    #[test]
    fn a_story_is_changed_by_its_fields() {
        let known = Scenario::by_name("user-reboot").unwrap();
        assert_eq!(Scenario::changed("user-reboot", "{}").unwrap(), known);
        let changes =
            r#"{"eventType":"Flood","eventSource":"user","notice":60,"course":"canceled","durationInSeconds":-1}"#;
        let expected = Scenario {
            event_type: EventType::Other("Flood".to_string()),
            event_source: EventSource::User,
            notice: Duration::from_secs(60),
            course: Course::Canceled,
            duration: EventDuration::Unknown,
            ..known
        };
        assert_eq!(Scenario::changed("user-reboot", changes).unwrap(), expected);
        for (name, fields, said) in [
            (
                "picnic",
                "{}",
                "the scenario \"picnic\" is malformed: there is none of that name; the scenarios are canceled-",
            ),
            ("redeploy", r#"{"colour":"red"}"#, "colour: unknown field `colour`"),
            ("redeploy", r#"{"notice":"soon"}"#, "notice: invalid type: string \"soon\""),
            ("redeploy", r#"{"notice":-1}"#, "notice: "),
            ("redeploy", "[]", "invalid type: sequence"),
            ("redeploy", "{", "EOF"),
            ("redeploy\n", "{}", "\"redeploy\\u{a}\""),
        ] {
            let error = Scenario::changed(name, fields).unwrap_err();
            assert_eq!(error.code(), "scenario_malformed");
            assert!(error.to_string().contains(said), "{error}");
        }
    }
}
