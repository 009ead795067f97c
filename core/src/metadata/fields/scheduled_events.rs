//! `/metadata/scheduledevents`: what is about to happen to the machine.

use alloc::vec::Vec;

use crate::metadata::document::Document;
use crate::metadata::record::{Unreadable, record};
use crate::metadata::scheduled_events::{EventId, EventSource, EventStatus, EventType, start};

record! {
    /// The events of all machines of an availability set or placement group are listed: see
    /// [`ScheduledEvent::affects`].
    ///
    /// Source: [scheduled events][docs].
    ///
    /// [docs]: https://learn.microsoft.com/azure/virtual-machines/linux/scheduled-events
    #[derive(Clone, Debug, PartialEq, Eq)]
    ScheduledEvents: "The answer of `/metadata/scheduledevents`" {
        document_incarnation: integer = "DocumentIncarnation", "2017-03-01",
            "A number that grows whenever the events change" => "Absent if it is larger than 64 bits hold";
        incarnation_text: spelling = "DocumentIncarnation", inherited, "The same as it was written, for comparing";
        events: list(ScheduledEvent) = "Events", "2017-03-01", "The events"
            => "Those of all machines of an availability set or placement group are listed";
    } beside {
        pub(in crate::metadata) document: Document;
        pub(in crate::metadata) unreadable: Vec<Unreadable>;
    }
}

record! {
    ScheduledEvent: "One event" => "What the answer's version does not have yet is absent" {
        event_id: word(EventId) = "EventId", "2017-03-01", "The event's identifier, the same for all of its life";
        event_status: word(EventStatus) = "EventStatus", "2017-03-01", "Whether it has begun: Scheduled or Started"
            => "An event that is over vanishes";
        event_type: word(EventType) = "EventType", "2017-03-01",
            "What will happen: Freeze, Reboot, Redeploy, Preempt, SpotRebalanceRecommendation, Terminate or a \
             newer word";
        resource_type: text = "ResourceType", "2017-03-01", "VirtualMachine";
        resources: texts = "Resources", "2017-03-01", "The names of the machines that it happens to";
        not_before: time(start) = "NotBefore", "2017-03-01",
            "It begins no earlier than this, UTC, unless it is approved" => "Absent once it has begun";
        not_before_text: written = "NotBefore", inherited,
            "The same as it was written, also when it can't be read";
        description: text = "Description", "2019-04-01", "What will happen, in words";
        event_source: word(EventSource) = "EventSource", "2019-08-01", "Who caused it: Platform or User";
        duration_in_seconds: seconds = "DurationInSeconds", "2020-07-01",
            "How long the machine will be interrupted, zero for not at all";
        duration_unknown: seconds_unknown = "DurationInSeconds", inherited,
            "Whether the service says that it does not know for how long";
    }
}
