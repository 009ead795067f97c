//! Every fault of the playbook: the client waits, gives up or says what it met.

use azure_imds::client::TokenRequest;
use azure_imds::emulator::Machine;
use azure_imds::metadata::MetadataPath;

use crate::world::{World, code};

fn faulty(rule: &str) -> World {
    let mut world = World::new(Machine::default());
    world.emulator.faults_mut().add(rule.parse().unwrap()).unwrap();
    world
}

#[test]
fn what_passes_is_waited_for() {
    for rule in [
        "instance:429x3",
        "instance:500,503,504",
        "instance:410@70s",
        "instance:410@69s",
        "instance:410+delay=300@70s",
        "instance:wireserver",
        "instance:empty",
        "instance:drop",
        "instance:truncate=7",
        "instance:delay=6s",
        "instance:hang",
        "instance:slow=1",
    ] {
        let mut world = faulty(rule);
        let started = world.now.instant;
        let result = world.run(world.client.instance());
        assert!(result.is_ok(), "{rule}: {:?}", result.err());
        let took = world.now.instant.millis() - started.millis();
        assert!(took <= 90_000 && world.emulator.journal().entries().count() > 1, "{rule}: {took} ms");
    }
}

#[test]
fn what_does_not_pass_is_reported() {
    for (rule, expected) in [
        ("instance:429x*", "throttled"),
        ("instance:410x*", "updating"),
        ("instance:500x*", "unavailable"),
        ("instance:401", "rejected"),
        ("instance:403", "rejected"),
        ("instance:405", "rejected"),
        ("instance:login", "proxy_answered"),
        ("instance:proxy", "proxy_answered"),
        ("instance:docker", "not_on_azure"),
        ("instance:redirect", "redirected"),
        ("instance:redirect=http://127.0.0.1/x", "redirected"),
        ("instance:bad-json", "answer_malformed"),
        ("instance:bad-utf8", "answer_not_utf8"),
        ("instance:empty-json", "answer_unexpected"),
        ("instance:giant", "too_long"),
        ("instance:endless", "too_long"),
        ("instance:dropx*", "truncated"),
        ("instance:hangx*", "read_timeout"),
    ] {
        let mut world = faulty(rule);
        let started = world.now.instant;
        assert_eq!(code(world.run(world.client.instance())), expected, "{rule}");
        let took = world.now.instant.millis() - started.millis();
        assert!(took <= 90_000, "{rule}: {took} ms");
    }
}

#[test]
fn an_answer_in_part_is_an_answer() {
    let mut world = faulty("instance:partialx*");
    let instance = world.run(world.client.instance()).unwrap();
    assert!(!instance.absent().is_empty());
    assert!(world.run(world.client.extended_instance()).is_err());
}

#[test]
fn tokens_outlast_an_update() {
    let mut world = faulty("token:404x2,410@30s");
    let token = world.run(world.client.token(&TokenRequest::new("r").unwrap()));
    assert!(token.is_ok(), "{:?}", token.err());
    let mut world = faulty("instance:404");
    let path = MetadataPath::parse("compute").unwrap();
    assert_eq!(code(world.run(world.client.get(&path))), "path_not_found");
    assert_eq!(world.emulator.journal().entries().count(), 1, "404 is not retried here");
}

#[test]
fn availability_says_what_is_there() {
    for (rule, is_available) in [
        ("versions:ok", true),
        ("versions:429", true),
        ("versions:410", true),
        ("versions:hang", false),
        ("versions:drop", false),
        ("versions:delay=950", false),
        ("versions:login", false),
        ("versions:docker", false),
        ("versions:empty-json", false),
    ] {
        let mut world = faulty(rule);
        let started = world.now.instant;
        let found = world.run(world.client.availability());
        assert_eq!(found.is_available, is_available, "{rule}: {:?}", found.reason);
        assert!(world.now.instant.millis() - started.millis() < 1_000, "{rule}");
        assert!(world.run(world.client.availability()).is_available, "{rule}: remembered");
    }
}
