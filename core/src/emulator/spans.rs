//! Spans of time as the emulator's files write them: whole numbers.

/// Whole milliseconds.
pub(super) mod millis {
    use core::time::Duration;

    use serde::{Deserialize as _, Deserializer, Serializer};

    use crate::instant::whole_millis;

    pub(in crate::emulator) fn serialize<S: Serializer>(span: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(whole_millis(*span))
    }

    pub(in crate::emulator) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_millis)
    }
}

/// Whole seconds.
pub(super) mod seconds {
    use core::time::Duration;

    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(in crate::emulator) fn serialize<S: Serializer>(span: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(span.as_secs())
    }

    pub(in crate::emulator) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_secs)
    }
}

/// Whole seconds, or -1 for unknown, as scheduled events have them.
pub(super) mod event_duration {
    use core::time::Duration;

    use serde::de::{Error as _, Unexpected};
    use serde::{Deserialize as _, Deserializer, Serializer};

    use crate::metadata::scheduled_events::EventDuration;

    pub(in crate::emulator) fn serialize<S: Serializer>(
        duration: &EventDuration,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match duration {
            EventDuration::Known(span) => serializer.serialize_u64(span.as_secs()),
            EventDuration::Unknown => serializer.serialize_i64(-1),
        }
    }

    pub(in crate::emulator) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<EventDuration, D::Error> {
        match i64::deserialize(deserializer)? {
            -1 => Ok(EventDuration::Unknown),
            seconds => match u64::try_from(seconds) {
                Ok(seconds) => Ok(EventDuration::Known(Duration::from_secs(seconds))),
                Err(_) => Err(D::Error::invalid_value(Unexpected::Signed(seconds), &"seconds, or -1 for unknown")),
            },
        }
    }
}
