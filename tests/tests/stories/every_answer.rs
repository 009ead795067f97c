//! The whole route table under every answer that the emulator can give: the client takes it or refuses it for a reason.

use azure_imds::client::TokenRequest;
use azure_imds::emulator::Machine;
use azure_imds::metadata::MetadataPath;
use azure_imds::{Error, ServiceError, TransportError, UsageError, VerifyError};

use crate::world::World;

/// One step of each kind that the grammar of faults knows.
const STEPS: &[&str] = &[
    "ok",
    "partial",
    "empty",
    "empty-json",
    "bad-json",
    "bad-utf8",
    "giant",
    "login",
    "proxy",
    "docker",
    "wireserver",
    "redirect",
    "delay=200",
    "drop",
    "endless",
    "hang",
    "slow=100",
    "truncate",
];

#[test]
fn every_answer_is_taken_or_refused_by_a_known_code() {
    let codes: Vec<&str> = [UsageError::CODES, TransportError::CODES, ServiceError::CODES, VerifyError::CODES].concat();
    let statuses = (400..=431).chain(500..=511).chain([451, 499, 599]);
    let statuses: Vec<String> = statuses.map(|status: u16| status.to_string()).collect();
    let steps: Vec<&str> = STEPS.iter().copied().chain(statuses.iter().map(String::as_str)).collect();
    let (mut taken, mut refused) = (0, 0);
    for step in steps {
        for ask in CALLS {
            for lasts in ["", "x*"] {
                let mut world = World::new(Machine::default());
                let rule = format!("*:{step}{lasts}");
                let Ok(rule) = rule.parse() else { panic!("no rule: {rule}") };
                world.emulator.faults_mut().add(rule).unwrap();
                let before = world.now.instant.millis();
                let result = ask(&mut world);
                assert!(world.now.instant.millis() - before <= 200_000, "{step}{lasts}");
                match result {
                    Ok(()) => taken += 1,
                    Err(error) => {
                        assert!(codes.contains(&error.code()), "{step}: {}", error.code());
                        assert!(!error.to_string().is_empty());
                        refused += 1;
                    }
                }
            }
        }
    }
    assert!(taken > 250 && refused > 700, "{taken} taken, {refused} refused");
}

type Ask = fn(&mut World) -> Result<(), Error>;

/// A call to every route.
const CALLS: &[Ask] = &[
    |world| world.run(world.client.instance()).map(|_| ()),
    |world| world.run(world.client.extended_instance()).map(|_| ()),
    |world| world.run(world.client.get(&path("compute/name"))).map(|_| ()),
    |world| world.run(world.client.text(&path("network"))).map(|_| ()),
    |world| world.run(world.client.tags()).map(|_| ()),
    |world| world.run(world.client.attested_document(Some("7")).unwrap()).map(|_| ()),
    |world| world.run(world.client.token(&TokenRequest::new("r").unwrap())).map(|_| ()),
    |world| world.run(world.client.identity_info()).map(|_| ()),
    |world| world.run(world.client.scheduled_events()).map(|_| ()),
    |world| world.run(world.client.load_balancer()).map(|_| ()),
    |world| world.run(world.client.versions()).map(|_| ()),
];

fn path(text: &str) -> MetadataPath {
    MetadataPath::parse(text).unwrap()
}
