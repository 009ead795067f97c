//! The instance tree by version, by path and by format.

use azure_imds::metadata::schema;

use super::*;

const V2017: &[&str] = &[
    "location",
    "name",
    "offer",
    "osType",
    "platformFaultDomain",
    "platformUpdateDomain",
    "publisher",
    "sku",
    "version",
    "vmId",
    "vmSize",
];

#[test]
fn the_oldest_answer_is_exact() {
    let mut machine = Machine::default().named("vm0");
    machine.set("network/interface/0/macAddress", "000D3AB7733F").unwrap();
    let expected = concat!(
        r#"{"compute":{"location":"eastus2","name":"vm0","offer":"ubuntu-24_04-lts","osType":"Linux","#,
        r#""platformFaultDomain":"0","platformUpdateDomain":"0","publisher":"canonical","sku":"server","#,
        r#""version":"24.04.202510010","vmId":"00000000-0000-4000-8000-000000000001","#,
        r#""vmSize":"Standard_D2ds_v5"},"network":{"interface":[{"ipv4":{"ipAddress":[{"#,
        r#""privateIpAddress":"10.0.0.4","publicIpAddress":""}],"subnet":[{"address":"10.0.0.0","prefix":"24"}]},"#,
        r#""ipv6":{"ipAddress":[]},"macAddress":"000D3AB7733F"}]}}"#
    );
    let mut emulator = with(machine);
    for version in ["2017-04-02", "2017-03-01"] {
        let target = format!("/metadata/instance?api-version={version}");
        assert_eq!(text(&get(&mut emulator, &target)), expected);
    }
}

#[test]
fn fields_appear_with_their_version() {
    let mut emulator = emulator();
    for (version, fields) in [
        ("2017-04-02", V2017.to_vec()),
        ("2017-08-01", [V2017, &["placementGroupId", "resourceGroupName", "subscriptionId", "tags"]].concat()),
        (
            "2019-03-11",
            [
                V2017,
                &["azEnvironment", "customData", "placementGroupId", "plan", "provider", "publicKeys"],
                &["resourceGroupName", "resourceId", "subscriptionId", "tags", "vmScaleSetName", "zone"],
            ]
            .concat(),
        ),
        (
            "2021-12-13",
            "additionalCapabilities, azEnvironment, customData, evictionPolicy, extendedLocation, host, hostGroup, \
             isHostCompatibilityLayerVm, licenseType, location, name, offer, osProfile, osType, placementGroupId, plan, \
             platformFaultDomain, platformSubFaultDomain, platformUpdateDomain, priority, provider, publicKeys, \
             publisher, resourceGroupName, resourceId, securityProfile, sku, storageProfile, subscriptionId, tags, \
             tagsList, userData, version, virtualMachineScaleSet, vmId, vmScaleSetName, vmSize, zone"
                .split(", ")
                .collect(),
        ),
    ] {
        let mut fields = fields;
        fields.sort_unstable();
        let compute = json(&get(&mut emulator, &format!("/metadata/instance/compute?api-version={version}")));
        assert_eq!(keys(&compute), fields, "{version}");
    }
    // Everywhere in the tree, against the table.
    for version in ApiVersion::INSTANCE {
        let tree = json(&get(&mut emulator, &format!("/metadata/instance?api-version={version}")));
        let mut found = 0;
        walk(&tree, "", &mut |path| {
            let field =
                schema::fields().into_iter().find(|field| field.path == path).unwrap_or_else(|| panic!("{path}"));
            let since = field.since.unwrap_or_else(|| panic!("{path} is not documented"));
            assert!(since <= *version.max(&ApiVersion::new(2017, 4, 2)), "{path} in {version}");
            found += 1;
        });
        assert!(found >= 24, "{version}: {found}");
    }
}

#[test]
fn everything_is_compact_sorted_and_text() {
    let mut emulator = with(Machine::default().tagged("b", "2").tagged("a", "1"));
    for version in ApiVersion::INSTANCE {
        let reply = get(&mut emulator, &format!("/metadata/instance?api-version={version}"));
        let tree = json(&reply);
        assert_eq!(tree.to_json(), text(&reply));
        assert_eq!(tree.clone().sorted(), tree);
        assert_only_text(&tree);
    }
}

#[test]
fn paths_are_walked_and_listed() {
    let mut emulator = with(Machine::default().tagged("b", "2;3").tagged("a", "x:y").tagged("c", ""));
    let instance = "/metadata/instance";
    for (path, format, expected) in [
        ("", "text", "compute/\nnetwork/"),
        ("/", "text", "compute/\nnetwork/"),
        ("/network", "text", "interface/"),
        ("/network/interface/", "text", "0/"),
        ("/network/interface/0", "text", "ipv4/\nipv6/\nmacAddress"),
        ("/network/interface/0/ipv4/ipAddress/0/privateIpAddress", "text", "10.0.0.4"),
        ("/network/interface/0/ipv4/ipAddress/0/publicIpAddress", "text", ""),
        ("/network/interface/0/ipv6/ipAddress", "text", ""),
        ("/compute/tags", "text", "a:x:y;b:2;3;c:"),
        ("/compute/tagsList", "text", "0/\n1/\n2/"),
        ("/compute/tagsList/1/value", "text", "2;3"),
        ("/compute/storageProfile/osDisk/managedDisk", "text", "id\nstorageAccountType"),
        ("/compute/%76mId", "text", "00000000-0000-4000-8000-000000000001"),
        (
            "/compute/tagsList",
            "json",
            r#"[{"name":"a","value":"x:y"},{"name":"b","value":"2;3"},{"name":"c","value":""}]"#,
        ),
        ("/network/interface/0/ipv4/subnet/0", "json", r#"{"address":"10.0.0.0","prefix":"24"}"#),
        (
            "/compute/osProfile/",
            "json",
            r#"{"adminUsername":"azureuser","computerName":"emulated-vm","disablePasswordAuthentication":"true"}"#,
        ),
    ] {
        let target = format!("{instance}{path}?api-version=2021-02-01&format={format}");
        assert_eq!(answer(&mut emulator, &Incoming::get(&target)), (200, expected.to_owned()), "{target}");
    }
    for path in [
        "/compute/vmID",
        "/compute/tagsList/3",
        "/compute/tagsList/-1",
        "/compute/tagsList/+1",
        "/compute/tagsList/01",
        "/compute/tagsList/x",
        "/compute/vmId/0",
        "//compute",
        "/compute//vmId",
        "/compute/vmId//",
        "/compute/..",
        "/./compute",
        "/compute%2FvmId",
        "/compute/physicalZone",
        "/extended",
        "/instance/compute",
    ] {
        assert_eq!(
            status(&mut emulator, &format!("{instance}{path}?api-version=2021-02-01&format=text")),
            404,
            "{path}"
        );
    }
}

#[test]
fn text_comes_as_it_is() {
    let mut machine = Machine::default();
    machine.set("compute/publicKeys/0/keyData", "ssh-rsa AAAA \"é\u{2028}\n").unwrap();
    let mut emulator = with(machine);
    let path = "/metadata/instance/compute/publicKeys/0/keyData?api-version=2021-02-01&format=text";
    assert_eq!(text(&get(&mut emulator, path)), "ssh-rsa AAAA \"é\u{2028}\n");
}

#[test]
fn provisioning_agents_get_their_part() {
    let mut machine = Machine::default();
    machine.set("extended/compute/ppsType", "Savable").unwrap();
    let mut emulator = with(machine);
    let target = "/metadata/instance?api-version=2021-08-01&extended=true";
    let tree = json(&get(&mut emulator, target));
    assert_eq!(keys(&tree), ["compute", "extended", "network"]);
    let expected = r#"{"compute":{"hasCustomData":false,"ppsType":"Savable"}}"#;
    assert_eq!(tree.member("extended").unwrap().to_json(), expected);
    for target in
        ["/metadata/instance?api-version=2021-08-01", "/metadata/instance?api-version=2021-08-01&extended=false"]
    {
        assert_eq!(keys(&json(&get(&mut emulator, target))), ["compute", "network"]);
    }
}

#[test]
fn undocumented_fields_are_shown_when_given() {
    let mut machine = Machine::default();
    machine.set("compute/isVmInStandbyPool", "").unwrap();
    machine.set("compute/signatureInfo", "opaque").unwrap();
    machine.set("network/interface/0/interfaceCompartmentID", "7").unwrap();
    machine.set("network/interface/0/ipv6/ipAddress/0/publicIpAddress", "2001:db8::4").unwrap();
    let mut emulator = with(machine);
    for version in ["2021-08-01", "2025-07-24", "2025-11-11", "2025-11-15"] {
        let tree = json(&get(&mut emulator, &format!("/metadata/instance?api-version={version}")));
        assert_eq!(string(tree.member("compute").unwrap(), "isVmInStandbyPool"), "");
        let interface = tree.member("network").unwrap().member("interface").unwrap().element(0).unwrap();
        assert_eq!(string(interface, "interfaceCompartmentID"), "7");
        let instance = Instance::parse(&tree.to_json(), None).unwrap();
        assert_eq!(instance.compute.signature_info.as_deref(), Some("opaque"));
        let address = &instance.network.interfaces[0].ipv6.ip_addresses[0];
        assert_eq!(address.public_ip_address.as_deref(), Some("2001:db8::4"));
        assert!(instance.unreadable().is_empty(), "{version}");
    }
}

#[test]
fn a_classic_machine_has_a_network_only() {
    let mut emulator = with(Machine::classic());
    let tree = json(&get(&mut emulator, "/metadata/instance?api-version=2021-02-01&extended=true"));
    assert_eq!(keys(&tree), ["network"]);
    assert_eq!(status(&mut emulator, "/metadata/instance/compute?api-version=2021-02-01"), 404);
}

#[test]
fn identifiers_follow_from_names() {
    let mut emulator = with(Machine::scale_set_instance("front", 3));
    let compute = json(&get(&mut emulator, "/metadata/instance/compute?api-version=2021-02-01"));
    assert_eq!((string(&compute, "name"), string(&compute, "vmScaleSetName")), ("front_3", "front"));
    let group = "/subscriptions/00000000-0000-4000-8000-0000000000f1/resourceGroups/emulated-group/providers";
    let expected = format!("{group}/Microsoft.Compute/virtualMachineScaleSets/front/virtualMachines/3");
    assert_eq!(string(&compute, "resourceId"), expected);
    emulator.machine_mut().set("compute/resourceId", "/given").unwrap();
    let path = "/metadata/instance/compute/resourceId?api-version=2021-02-01&format=text";
    assert_eq!(text(&get(&mut emulator, path)), "/given");
    let disk = "/metadata/instance/compute/storageProfile/osDisk/managedDisk/id?api-version=2021-02-01&format=text";
    assert_eq!(text(&get(&mut emulator, disk)), format!("{group}/Microsoft.Compute/disks/front_3_OsDisk_1"));
}

#[test]
fn a_recorded_answer_is_a_machine() {
    let mut machine = Machine::default().tagged("semi", "a;b").tagged("env", "prod");
    machine.set("compute/storageProfile/dataDisks/0", Value::object([])).unwrap();
    let recorded = text(&get(&mut with(machine), "/metadata/instance?api-version=2025-04-07")).to_owned();
    let pasted: Machine = serde_json::from_str(&recorded).unwrap();
    let again = get(&mut with(pasted), "/metadata/instance?api-version=2025-04-07");
    assert_eq!(text(&again), recorded);
}

#[test]
fn shared_samples_are_given_back_byte_for_byte() {
    for (version, sample) in [
        ("2017-04-02", include_str!("../../vectors/instance_2017-04-02.json")),
        ("2017-08-01", include_str!("../../vectors/instance_2017-08-01.json")),
        ("2019-03-11", include_str!("../../vectors/instance_2019-03-11.json")),
        ("2019-08-15", include_str!("../../vectors/instance_2019-08-15.json")),
        ("2020-09-01", include_str!("../../vectors/instance_2020-09-01.json")),
        ("2021-12-13", include_str!("../../vectors/instance_2021-12-13.json")),
        ("2025-04-07", include_str!("../../vectors/instance_2025-04-07.json")),
    ] {
        let sample = sample.trim_end();
        let extended = Document::parse(sample).unwrap().root().member("extended").is_some();
        let machine: Machine = serde_json::from_str(sample).unwrap_or_else(|error| panic!("{version}: {error}"));
        let target = format!("/metadata/instance?api-version={version}&extended={extended}");
        assert_eq!(text(&get(&mut with(machine), &target)), sample, "{version}");
    }
}

#[test]
fn a_file_is_read_leniently_and_checked() {
    let machine: Machine = serde_json::from_str(
        r#"{"compute":{"zone":2,"osProfile":{"disablePasswordAuthentication":false},"tags":"a:1;b:x:y;c",
            "storageProfile":{"osDisk":{"diskSizeGB":64}}},"identity":{"systemAssigned":null}}"#,
    )
    .unwrap();
    for (path, expected) in [
        ("compute/zone", "2"),
        ("compute/osProfile/disablePasswordAuthentication", "false"),
        ("compute/osProfile/adminUsername", "azureuser"),
        ("compute/storageProfile/osDisk/diskSizeGB", "64"),
    ] {
        assert_eq!(machine.text(path), expected, "{path}");
    }
    assert_eq!(machine.tags(), [("a", "1"), ("b", "x:y"), ("c", "")]);
    assert_eq!(machine.identity, Identities::none());
    for (wrong, place) in [
        (r#"{"machine":1}"#, "machine"),
        (r#"{"compute":{"name":["x"]}}"#, "compute/name"),
        (r#"{"compute":7}"#, "compute"),
        (r#"{"compute":{"osProfile":""}}"#, "compute/osProfile"),
        (r#"{"compute":{"publicKeys":[{},{"path":{}}]}}"#, "compute/publicKeys/1/path"),
        (r#"{"compute":{"tags":3}}"#, "compute/tags"),
        (r#"{"compute":{"tags":{"a":[]}}}"#, "compute/tags/a"),
        (r#"{"extended":{"compute":{"hasCustomData":"yes"}}}"#, "extended/compute/hasCustomData"),
        (r#"{"network":{"interface":{}}}"#, "network/interface"),
        (r#"{"loadBalancer":{"inboundRules":[{"backendPort":"x"}]}}"#, "loadBalancer/inboundRules/0/backendPort"),
        (r#"{"identity":{"tenant":"x"}}"#, "identity"),
        (r#"{"compute":{"new":null}}"#, "compute/new"),
        ("[]", ""),
        ("{", ""),
    ] {
        assert!(serde_json::from_str::<Machine>(wrong).is_err(), "{wrong}");
        let error = Machine::default().with(wrong).unwrap_err();
        assert_eq!(error.code(), "configuration_malformed", "{wrong}");
        assert!(error.to_string().starts_with(&format!("the machine is malformed at \"{place}\": ")), "{error}");
    }
    let long = format!(r#"{{"{}":1}}"#, "x".repeat(100_000));
    assert!(Machine::default().with(&long).unwrap_err().to_string().len() < 1_000);
    for machine in [Machine::default(), Machine::classic(), Machine::scale_set_instance("a", 1)] {
        let written = serde_json::to_string(&machine).unwrap();
        assert_eq!(serde_json::from_str::<Machine>(&written).unwrap(), machine);
    }
}

#[test]
fn what_the_list_does_not_know_is_kept_served_and_reported() {
    let recorded = r#"{"compute":{"Priority":"Spot","attestation":{"a":["b",{"c":1}]},"name":"vm0","tags":"b:2;a:1",
        "tagsList":[{"name":"b","value":"2","novel":"x"},{"name":"a","value":"1"}]},
        "network":{"interface":[{"macAddress":"000D3AB7733F","novel":7}]},"weather":{"sky":"blue"}}"#;
    let machine: Machine = serde_json::from_str(recorded).unwrap();
    let reported: Vec<_> = machine.unknown().iter().map(ToString::to_string).collect();
    let expected = ["compute/attestation", "compute/tagsList/0/novel", "network/interface/0/novel", "weather"];
    assert_eq!(
        reported.iter().collect::<std::collections::BTreeSet<_>>(),
        expected.map(str::to_owned).iter().collect()
    );
    let mut emulator = with(machine.clone());
    for (path, expected) in [
        ("compute/attestation/a/1/c", "1"),
        ("compute/priority", "Spot"),
        ("compute/tags", "b:2;a:1"),
        ("network/interface/0/novel", "7"),
        ("network/interface/0/ipv4/ipAddress/0/privateIpAddress", "10.0.0.4"),
        ("weather/sky", "blue"),
    ] {
        let target = format!("/metadata/instance/{path}?api-version=2021-02-01&format=text");
        assert_eq!(text(&get(&mut emulator, &target)), expected, "{path}");
    }
    let written = serde_json::to_string(&machine).unwrap();
    assert_eq!(serde_json::from_str::<Machine>(&written).unwrap(), machine);
    assert_eq!(Machine::default().with(recorded).unwrap().unknown(), machine.unknown());
    assert_eq!(Machine::default().unknown(), []);
}

#[test]
fn what_does_not_fit_changes_nothing() {
    let mut machine = Machine::default();
    for (path, value, place) in [
        ("compute/name", Value::object([]), "compute/name"),
        ("compute/publicKeys/2", Value::object([]), "compute/publicKeys/2"),
        ("compute/publicKeys/1/path", Value::Array(Vec::new()), "compute/publicKeys/1/path"),
        ("compute/name/below", Value::text("x"), "compute/name/below"),
        ("network/interface/x/macAddress", Value::text("x"), "network/interface/x"),
        ("loadBalancer/inboundRules", Value::text("x"), "loadBalancer/inboundRules"),
        ("weather", Value::Null, "weather"),
    ] {
        let error = machine.set(path, value).unwrap_err();
        assert_eq!(error.code(), "configuration_malformed", "{path}");
        assert!(error.to_string().starts_with(&format!("the machine is malformed at \"{place}\": ")), "{error}");
        assert_eq!(machine, Machine::default(), "{path}");
    }
    assert_eq!(machine.set("compute/../x", "y").unwrap_err().code(), "path_malformed");
    machine.set("network/interface/1/macAddress", "000D3A000000").unwrap();
    assert_eq!(machine.text("network/interface/1/ipv4/subnet/0/prefix"), "24");
    machine.set("loadBalancer/inboundRules/0/frontendPort", "80").unwrap();
    let rules = machine.load_balancer().unwrap().member("inboundRules").unwrap();
    assert_eq!(rules.element(0).unwrap().member("frontendPort"), Some(&Value::Number("80".into())));
}

#[test]
fn a_change_is_seen_at_once() {
    let mut emulator = emulator();
    let target = "/metadata/instance/compute/tags?api-version=2021-02-01&format=text";
    assert_eq!(text(&get(&mut emulator, target)), "");
    emulator.machine_mut().set("compute/tags/env", "prod").unwrap();
    assert_eq!(text(&get(&mut emulator, target)), "env:prod");
}

fn walk(value: &Value, path: &str, visit: &mut impl FnMut(&str)) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                let path = if path.is_empty() { key.clone() } else { format!("{path}/{key}") };
                visit(&path);
                walk(value, &path, visit);
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| walk(element, &format!("{path}/*"), visit)),
        _ => {}
    }
}

fn assert_only_text(value: &Value) {
    match value {
        Value::Object(members) => members.iter().for_each(|(_, value)| assert_only_text(value)),
        Value::Array(elements) => elements.iter().for_each(assert_only_text),
        Value::String(_) => {}
        other => panic!("not text: {other}"),
    }
}
