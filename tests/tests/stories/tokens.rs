//! Tokens: each selector, each refusal, the pace of many at once.

use std::time::Duration;

use azure_imds::client::TokenRequest;
use azure_imds::emulator::{Emulator, Machine, RateLimits, UserAssigned};
use azure_imds::metadata::IdentitySelector;

use crate::world::{World, code};

const RESOURCE: &str = "https://management.azure.com/";

fn assigned(name: &str) -> UserAssigned {
    let mut identity = UserAssigned::default();
    let number = name.len();
    identity.client_id = format!("00000000-0000-0000-0000-0000000c000{number}");
    identity.object_id = format!("00000000-0000-0000-0000-0000000b000{number}");
    identity.resource_id =
        format!("/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}");
    identity
}

fn request() -> TokenRequest {
    TokenRequest::new(RESOURCE).unwrap()
}

#[test]
fn the_systems_own_identity() {
    let mut world = World::new(Machine::default());
    let token = world.run(world.client.token(&request())).unwrap();
    assert_eq!((token.resource.as_deref(), token.token_type.as_deref()), (Some(RESOURCE), Some("Bearer")));
    assert_eq!(token.secret().split('.').count(), 3);
    assert!(!format!("{token:?}").contains(token.secret()));
    let first = token.expires_in.unwrap();
    world.pass(600_000);
    let again = world.run(world.client.token(&request())).unwrap();
    assert_eq!((again.secret(), again.expires_on), (token.secret(), token.expires_on));
    assert!(again.expires_in.unwrap() + Duration::from_secs(599) <= first, "{:?} of {first:?}", again.expires_in);
    let fresh = world.run(world.client.token(&request().bypassing_cache())).unwrap();
    assert_ne!(fresh.secret(), token.secret());
    let info = world.run(world.client.identity_info()).unwrap();
    assert!(info.tenant_id.is_some());
}

#[test]
fn every_selector_finds_its_identity() {
    let (one, two) = (assigned("one"), assigned("three"));
    let machine = Machine::default().with_user_assigned(one.clone()).with_user_assigned(two);
    let mut world = World::new(machine);
    let machine = world.emulator.machine();
    let identity = machine.identity.user_assigned[0].clone();
    let resource_id = identity.resource_id.clone();
    for selector in [
        IdentitySelector::client_id(&identity.client_id),
        IdentitySelector::object_id(&identity.object_id),
        IdentitySelector::resource_id(&resource_id),
    ] {
        let call = world.client.token(&request().with_identity(selector.unwrap()));
        let token = world.run(call).unwrap();
        assert_eq!(token.client_id.as_deref(), Some(&*identity.client_id));
    }
    let unknown = IdentitySelector::client_id("00000000-0000-0000-0000-0000000000ff").unwrap();
    assert_eq!(code(world.run(world.client.token(&request().with_identity(unknown)))), "identity_not_found");
}

#[test]
fn no_identity_and_too_many() {
    let mut machine = Machine::default();
    machine.identity.system_assigned = None;
    let mut world = World::new(machine);
    assert_eq!(code(world.run(world.client.token(&request()))), "identity_not_found");
    let machine = world.emulator.machine_mut();
    machine.identity.user_assigned = vec![assigned("one"), assigned("three")];
    assert_eq!(code(world.run(world.client.token(&request()))), "identity_ambiguous");
}

#[test]
fn a_paced_client_is_never_throttled() {
    let mut world = World::new(Machine::default());
    world.emulator = Emulator::new(Machine::default(), [7; 32]).with_limits(RateLimits::default());
    for _ in 0..60 {
        world.run(world.client.instance()).unwrap();
        world.run(world.client.token(&request())).unwrap();
    }
    assert!(world.emulator.journal().entries().all(|entry| entry.status == 200));
}
