//! What can be added to the crate without breaking those who use it, and how its times are typed, by the list of its
//! public items.

use std::collections::BTreeSet;

const SURFACE: &str = include_str!("../../core/surface.txt");

/// Enums that callers match without a wildcard.
const COMPLETE: &[(&str, &str)] = &[
    ("Step", "a host that does not know what to do next can't go on"),
    ("metadata::FieldValue", "those who convert a record must not pass over a kind of value"),
    ("metadata::Value", "JSON has these kinds of values"),
];

/// Traits that callers implement.
const OPEN: &[(&str, &str)] = &[
    ("Exchange", "a host wraps the exchanges that it drives, and makes its own to be tested with"),
    ("attested::SharedMemory", "it says how a host shares a memory between threads"),
];

/// Times that are numbers.
const NUMBERS: &[(&str, &str)] = &[
    ("Instant::from_millis", "makes the moment"),
    ("Instant::millis", "reads the moment"),
    ("Timestamp::from_unix", "makes the moment"),
    ("Timestamp::unix", "reads the moment"),
    ("emulator::Ending::Slow::bytes_per_second", "a rate"),
    ("emulator::RateLimits::identity_per_second", "a rate"),
    ("emulator::RateLimits::per_second", "a rate"),
    ("metadata::DataDisk::bytes_per_second_throttle", "a rate"),
    ("metadata::DataDisk::ops_per_second_throttle", "a rate"),
    ("metadata::ScheduledEvent::duration_in_seconds", "the service's own field; `duration` gives the span"),
];

/// Words in the names of times.
const TIMES: &[&str] = &[
    "after", "age", "backoff", "deadline", "delay", "duration", "expires", "life", "millis", "notice", "renewal",
    "second", "seconds", "since", "skew", "started", "time", "timeout", "unix", "until", "wait",
];

/// Each public item: what is before its path, the path without the crate's name, and what is after.
fn items() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    SURFACE.lines().filter_map(|line| {
        let (before, rest) = line.split_once("azure_imds::")?;
        let end = rest.find(|it: char| !it.is_alphanumeric() && it != '_' && it != ':').unwrap_or(rest.len());
        let path = rest[..end].trim_end_matches(':');
        Some((before, path, &rest[path.len()..]))
    })
}

/// Exceptions are needed, and no others are.
fn assert_excused(found: &BTreeSet<&str>, exceptions: &[(&str, &str)]) {
    let listed: BTreeSet<&str> = exceptions.iter().map(|(name, _)| *name).collect();
    assert_eq!(*found, listed, "found, and listed");
}

#[test]
fn enums_can_have_more_variants() {
    let complete = items().filter(|(before, ..)| *before == "pub enum ").map(|(_, path, _)| path).collect();
    assert_excused(&complete, COMPLETE);
    assert!(items().filter(|(before, ..)| *before == "#[non_exhaustive] pub enum ").count() > 30);
}

#[test]
fn structs_with_open_fields_can_have_more() {
    let fields: BTreeSet<_> = items()
        .filter(|(before, _, after)| *before == "pub " && after.starts_with(": "))
        .filter_map(|(_, path, _)| path.rsplit_once("::"))
        .map(|(of, _)| of)
        .collect();
    let is_closed = |path: &str| fields.contains(path);
    let closed = items().filter(|(before, path, _)| *before == "pub struct " && is_closed(path));
    assert_excused(&closed.map(|(_, path, _)| path).collect(), &[]);
    let open = items().filter(|(before, path, _)| *before == "#[non_exhaustive] pub struct " && is_closed(path));
    assert!(open.count() > 60);
}

#[test]
fn traits_are_sealed_unless_hosts_implement_them() {
    let traits = || items().filter(|(before, ..)| *before == "pub trait ");
    let open = traits().filter(|(_, _, after)| !after.contains("::Sealed")).map(|(_, path, _)| path).collect();
    assert_excused(&open, OPEN);
    assert!(traits().count() > OPEN.len());
}

#[test]
fn times_are_not_bare_numbers() {
    let is_time = |path: &str| {
        let name = path.rsplit("::").next().unwrap_or_default();
        name.to_lowercase().split('_').any(|word| TIMES.contains(&word))
    };
    let is_number = |after: &str| after.split(|it: char| !it.is_alphanumeric()).any(|it| ["u32", "u64"].contains(&it));
    let is_number = |after: &str| is_number(after) || after.ends_with(": u16");
    let numbers = items().filter(|(_, path, after)| is_time(path) && is_number(after)).map(|(_, path, _)| path);
    assert_excused(&numbers.collect(), NUMBERS);
    assert!(items().filter(|(.., after)| after.contains("core::time::Duration")).count() > 20);
}
