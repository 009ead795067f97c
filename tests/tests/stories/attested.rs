//! A document asked for by nonce, verified elsewhere, and refused when anything is wrong with it.

use azure_imds::emulator::{Machine, Tamper};
use azure_imds::{Expectations, Nonce, Trust, Verifier};

use crate::world::{World, code};

#[test]
fn asked_by_nonce_and_verified() {
    let mut world = World::new(Machine::default());
    let document = world.run(world.client.attested_document(Some("1234567890")).unwrap()).unwrap();
    let authority = world.emulator.authority().unwrap();
    let trust = Trust::builder_without_anchors()
        .anchors(authority.root_pem().unwrap().as_bytes())
        .unwrap()
        .issuers(&authority.issuing_der().unwrap())
        .unwrap()
        .build();
    let expectations = Expectations::new(Nonce::new("1234567890").unwrap());
    let verified = Verifier::new(trust).verify(document.signed(), &expectations, world.now.wall).unwrap();
    assert_eq!(verified.vm_id(), world.emulator.machine().text("compute/vmId"));
    let refused = Verifier::default().verify(document.signed(), &expectations, world.now.wall).unwrap_err();
    assert!(["issuer_missing", "root_not_trusted"].contains(&refused.code()), "{}", refused.code());
}

#[test]
fn the_wrong_nonce_is_noticed_by_the_client() {
    let mut world = World::new(Machine::default());
    world.emulator.faults_mut().add("attested:tamper=wrong-nonce".parse().unwrap()).unwrap();
    let document = world.run(world.client.attested_document(Some("1234567890")).unwrap()).unwrap();
    assert!(String::from_utf8(document.signed().unverified_content()).unwrap().contains("1234567890"));
    assert_eq!(world.emulator.journal().entries().count(), 2, "it was asked for again");
    world.emulator.faults_mut().add("attested:tamper=wrong-nonce x*".replace(' ', "").parse().unwrap()).unwrap();
    assert_eq!(code(world.run(world.client.attested_document(Some("1234567890")).unwrap())), "nonce_stale");
}

#[test]
fn every_tampering_is_refused_by_the_verifier() {
    for tamper in Tamper::ALL {
        let mut world = World::new(Machine::default());
        world.emulator.faults_mut().add(format!("attested:tamper={}", tamper.name()).parse().unwrap()).unwrap();
        let document = match world.run(world.client.attested_document(None).unwrap()) {
            Ok(document) => document,
            Err(error) => {
                assert!(matches!(error, azure_imds::Error::Verify(_)), "{}: {error}", tamper.name());
                continue;
            }
        };
        let authority = world.emulator.authority().unwrap();
        let builder = Trust::builder_without_anchors().anchors(authority.root_pem().unwrap().as_bytes()).unwrap();
        let trust = builder.issuers(&authority.issuing_der().unwrap()).unwrap().build();
        let expectations = Expectations::new(Nonce::new("1234567890").unwrap());
        let verdict = Verifier::new(trust).verify(document.signed(), &expectations, world.now.wall);
        assert!(verdict.is_err(), "{} is accepted", tamper.name());
    }
}
