//! Kinds of events, and the stories that happen to machines.

use alloc::string::{String, ToString as _};

use serde::{Deserialize, Serialize};

/// What happens to a machine.
///
/// Source: [scheduled events, event properties][docs].
///
/// [docs]: https://learn.microsoft.com/azure/virtual-machines/linux/scheduled-events#event-properties
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum EventType {
    /// Paused for a few seconds.
    Freeze,
    /// A Spot machine is taken away.
    Preempt,
    /// Restarted.
    Reboot,
    /// Moved to another node; temporary disks are lost.
    Redeploy,
    /// Deleted.
    Terminate,
}

impl EventType {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Freeze => "Freeze",
            Self::Preempt => "Preempt",
            Self::Reboot => "Reboot",
            Self::Redeploy => "Redeploy",
            Self::Terminate => "Terminate",
        }
    }

    /// Seconds of notice that Azure gives at least. A machine's owner sets 5 to 15 minutes for `Terminate`.
    #[must_use]
    pub const fn minimum_notice(self) -> u64 {
        match self {
            Self::Freeze | Self::Reboot => 15 * 60,
            Self::Preempt => 30,
            Self::Redeploy => 10 * 60,
            Self::Terminate => 5 * 60,
        }
    }
}

/// Who caused an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum EventSource {
    /// The platform.
    Platform,
    /// The machine's owner.
    User,
}

impl EventSource {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Platform => "Platform",
            Self::User => "User",
        }
    }
}

/// How an event goes on.
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
pub struct Scenario {
    /// `EventType`.
    pub event_type: EventType,
    /// `EventSource`.
    pub event_source: EventSource,
    /// `Description`.
    pub description: String,
    /// `DurationInSeconds`: -1 for unknown, 0 for no interruption.
    pub duration_in_seconds: i64,
    /// Seconds from its appearance to `NotBefore`.
    pub notice: u64,
    /// Seconds that it is shown as started.
    pub started: u64,
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
            duration_in_seconds: 5,
            notice: 15 * 60,
            started: 5 * 60,
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
        "terminate",
        "user-reboot",
        "user-redeploy",
    ];

    /// A story by its name, one of [`NAMES`](Self::NAMES).
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        let platform = |event_type, description: &str, duration_in_seconds| Self {
            event_type,
            description: description.to_string(),
            duration_in_seconds,
            started: 10 * 60,
            ..Self::default()
        };
        Some(match name {
            "canceled-maintenance" => Self {
                course: Course::Canceled,
                ..platform(EventType::Reboot, "Host server is undergoing maintenance.", -1)
            },
            "hardware-failure" => Self {
                course: Course::Fails,
                ..platform(EventType::Reboot, "Virtual machine is restarted because its host failed.", -1)
            },
            "host-agent-maintenance" => platform(EventType::Freeze, "Host server is undergoing maintenance.", 0),
            "live-migration" => Self::default(),
            "predicted-failure" => Self {
                notice: 7 * 24 * 60 * 60,
                ..platform(EventType::Redeploy, "Hardware of the host is predicted to fail.", -1)
            },
            "redeploy" => Self {
                notice: EventType::Redeploy.minimum_notice(),
                ..platform(EventType::Redeploy, "Virtual machine is going to be moved to another host.", -1)
            },
            "spot-preemption" => Self {
                notice: EventType::Preempt.minimum_notice(),
                started: 60,
                ..platform(EventType::Preempt, "Spot virtual machine is going to be evicted.", -1)
            },
            "terminate" => Self {
                notice: EventType::Terminate.minimum_notice(),
                event_source: EventSource::User,
                ..platform(EventType::Terminate, "Virtual machine is going to be deleted.", -1)
            },
            "user-reboot" => Self {
                event_source: EventSource::User,
                ..platform(
                    EventType::Reboot,
                    "Virtual machine is going to be restarted as requested by authorized user.",
                    -1,
                )
            },
            "user-redeploy" => Self {
                event_source: EventSource::User,
                notice: EventType::Redeploy.minimum_notice(),
                ..platform(
                    EventType::Redeploy,
                    "Virtual machine is going to be redeployed as requested by authorized user.",
                    -1,
                )
            },
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_story_that_keeps_the_notice() {
        for name in Scenario::NAMES {
            let scenario = Scenario::by_name(name).unwrap();
            assert!(scenario.notice >= scenario.event_type.minimum_notice(), "{name}");
        }
        assert_eq!(Scenario::by_name("picnic"), None);
    }
}
