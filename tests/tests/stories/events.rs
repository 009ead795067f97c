//! Scheduled events: seen, approved, started, gone.

use azure_imds::emulator::{Machine, Scenario};
use azure_imds::metadata::{EventStatus, EventsWatch};

use crate::world::{World, code};

#[test]
fn an_event_is_seen_approved_and_gone() {
    let mut world = World::new(Machine::default().named("vm7"));
    let mut watch = EventsWatch::new();
    let quiet = world.run(world.client.scheduled_events()).unwrap();
    assert!(quiet.events.is_empty() && watch.observe(&quiet));
    let id = world.emulator.schedule(world.now, &Scenario::by_name("user-reboot").unwrap());

    let seen = world.run(world.client.scheduled_events()).unwrap();
    assert!(watch.observe(&seen) && !watch.observe(&seen));
    let event = &seen.events[0];
    assert_eq!(event.event_id.as_ref().map(ToString::to_string), Some(id));
    assert_eq!(event.event_status, Some(EventStatus::Scheduled));
    assert!(event.affects("vm7") && !event.affects("vm8"));
    assert!(event.not_before.unwrap() > world.now.wall);

    let approval = world.client.approve(&[event.event_id.clone().unwrap()]).unwrap();
    world.run(approval).unwrap();
    let started = world.run(world.client.scheduled_events()).unwrap();
    assert!(watch.observe(&started));
    assert_eq!(
        (started.events[0].event_status.clone(), started.events[0].not_before),
        (Some(EventStatus::Started), None)
    );

    world.pass(3_600_000);
    let gone = world.run(world.client.scheduled_events()).unwrap();
    assert!(watch.observe(&gone) && gone.events.is_empty());
}

#[test]
fn every_scenario_can_be_read_at_every_moment() {
    for name in Scenario::NAMES {
        let mut world = World::new(Machine::default());
        world.emulator.schedule(world.now, &Scenario::by_name(name).unwrap());
        let mut last = 0;
        // First minute by minute, then by the half day: a failure may be predicted a week ahead.
        for step in (0..40).map(|_| 60_000).chain((0..20).map(|_| 43_200_000)) {
            let events = world.run(world.client.scheduled_events()).unwrap();
            assert!(events.unreadable().is_empty(), "{name}");
            assert!(events.document_incarnation.unwrap() >= last, "{name}");
            last = events.document_incarnation.unwrap();
            world.pass(step);
        }
        assert!(world.run(world.client.scheduled_events()).unwrap().events.is_empty(), "{name} never ends");
    }
}

#[test]
fn an_unknown_event_is_not_approved() {
    let mut world = World::new(Machine::default());
    let unknown = azure_imds::metadata::EventId::new("0A1B2C3D-0000-4000-8000-000000000001").unwrap();
    let approval = world.client.approve(&[unknown]).unwrap();
    assert_eq!(code(world.run(approval)), "rejected");
}
