//! Reading the instance: every version, every path, classic VMs, negotiation.

use azure_imds::emulator::Machine;
use azure_imds::metadata::{MetadataPath, TagsSource, Value, schema};
use azure_imds::{ApiVersion, Client};

use crate::world::{World, code};

fn machine() -> Machine {
    Machine::default().named("vm7").tagged("env", "prod").tagged("when", "2025-10-08T13:52:29Z").tagged("odd", "a;b")
}

#[test]
fn the_machine_is_read_as_it_is() {
    let mut world = World::new(machine());
    let instance = world.run(world.client.instance()).unwrap();
    let machine = world.emulator.machine();
    assert_eq!(instance.compute.name.as_deref(), Some("vm7"));
    assert_eq!(instance.compute.vm_id.as_deref(), Some(machine.text("compute/vmId")));
    assert_eq!(instance.compute.cloud(), Some(machine.cloud()));
    assert_eq!((instance.absent(), instance.unreadable().len()), (&[][..], 0));
    let tags = world.run(world.client.tags()).unwrap();
    assert_eq!(tags.source(), TagsSource::TagsList);
    assert_eq!(tags.iter().collect::<Vec<_>>(), [("env", "prod"), ("odd", "a;b"), ("when", "2025-10-08T13:52:29Z")]);
}

#[test]
fn every_version_shows_its_own_fields_and_no_others() {
    for version in ApiVersion::INSTANCE {
        let mut world = World::new(machine());
        world.client = Client::new().with_version(*version);
        let instance = world.run(world.client.instance()).unwrap();
        assert_eq!((instance.version(), instance.absent()), (Some(*version), &[][..]), "{version}");
        for field in schema::fields().iter().filter(|field| !field.path.contains("[]")) {
            let path = MetadataPath::parse(&field.path).unwrap();
            let is_there = instance.select(&path).is_ok();
            // The preview of March 2017 shows what the first version does.
            let belongs = schema::visible(&path, (*version).max(ApiVersion::new(2017, 4, 2)), false);
            let is_extended = field.path.starts_with("extended");
            assert!(is_there == (belongs && !is_extended), "{version}: {} there: {is_there}", field.path);
        }
    }
}

#[test]
fn one_full_answer_answers_every_later_question_as_the_service_does() {
    let mut world = World::new(machine());
    let instance = world.run(world.client.instance()).unwrap();
    let mut paths = vec![MetadataPath::root()];
    let mut asked = 0;
    while let Some(path) = paths.pop() {
        asked += 1;
        let value = instance.select(&path).unwrap();
        match value {
            Value::Object(members) => paths.extend(members.iter().map(|(key, _)| below(&path, key))),
            Value::Array(elements) => paths.extend((0..elements.len()).map(|index| below(&path, &index.to_string()))),
            _ => {}
        }
        assert_eq!(&*world.run(world.client.get(&path)).unwrap(), value, "{path}");
        assert_eq!(*world.run(world.client.text(&path)).unwrap(), instance.text(&path).unwrap(), "{path}");
    }
    assert!(asked > 100, "{asked} paths");
    for path in ["compute/nothing", "compute/name/below", "network/interface/9", "network/interface/-1", "Compute"] {
        let path = MetadataPath::parse(path).unwrap();
        assert_eq!(code(world.run(world.client.text(&path))), "path_not_found", "{path}");
        assert_eq!(code(instance.text(&path).map_err(Into::into)), "path_not_found", "{path}");
    }
}

fn below(path: &MetadataPath, segment: &str) -> MetadataPath {
    let mut path = path.clone();
    path.push(segment).unwrap();
    path
}

#[test]
fn a_missing_field_says_since_when_it_is_there() {
    let mut world = World::new(machine());
    world.client = Client::new().with_version(ApiVersion::new(2021, 2, 1));
    let path = MetadataPath::parse("compute/physicalZone").unwrap();
    let error = world.run(world.client.get(&path)).unwrap_err().to_string();
    assert!(error.contains("2023-11-15") && error.contains("2021-02-01"), "{error}");
}

#[test]
fn a_path_in_another_case_is_explained_as_in_an_answer_that_is_there() {
    let mut world = World::new(machine());
    let instance = world.run(world.client.instance()).unwrap();
    for path in ["compute/vmid", "Compute", "compute/storageProfile/osdisk/name", "network/interface/0/MacAddress"] {
        let path = MetadataPath::parse(path).unwrap();
        let error = world.run(world.client.get(&path)).unwrap_err();
        assert_eq!(error, azure_imds::Error::from(instance.select(&path).unwrap_err()));
        assert!(error.to_string().contains("keys are compared with case; there is \""), "{error}");
    }
    for path in ["network/interface/5", "network/interface/5/macAddress"] {
        let path = MetadataPath::parse(path).unwrap();
        let error = world.run(world.client.get(&path)).unwrap_err().to_string();
        let next = "an index may be past the end of its array; list what is there with \"network/interface\" as text";
        assert!(error.ends_with(next), "{error}");
    }
}

#[test]
fn a_refused_version_is_negotiated() {
    let mut world = World::new(machine());
    world.client = Client::new().with_version(ApiVersion::new(2099, 1, 1));
    let instance = world.run(world.client.instance()).unwrap();
    assert_eq!(instance.version(), Some(ApiVersion::new(2025, 11, 11)));
    assert_eq!(world.emulator.journal().entries().count(), 2);
    world.run(world.client.instance()).unwrap();
    assert_eq!(world.emulator.journal().entries().count(), 3);
}

#[test]
fn a_classic_machine_has_only_a_network() {
    let mut world = World::new(Machine::classic());
    let compute = MetadataPath::parse("compute").unwrap();
    let error = world.run(world.client.get(&compute)).unwrap_err();
    assert_eq!(error.code(), "path_not_found");
    assert!(error.to_string().contains("classic VM"), "{error}");
    let instance = world.run(world.client.instance()).unwrap();
    assert_eq!(instance.absent(), ["compute"]);
    assert!(!instance.network.interfaces.is_empty());
}

#[test]
fn extended_data_and_versions() {
    let mut world = World::new(machine());
    let instance = world.run(world.client.extended_instance()).unwrap();
    assert_eq!(instance.extended.compute.has_custom_data, Some(false));
    let versions = world.run(world.client.versions()).unwrap();
    assert_eq!(versions.newest(), Some(ApiVersion::new(2025, 11, 11)));
    assert!(world.run(world.client.availability()).is_available);
    assert_eq!(code(world.run(world.client.load_balancer())), "load_balancer_absent");
}
