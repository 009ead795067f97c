//! The load balancer's document.

use super::*;

#[test]
fn is_exact_with_ports_as_numbers() {
    let machine = Machine::default().with(
        r#"{"loadBalancer":{"publicIpAddresses":[{"frontendIpAddress":"51.0.0.1","privateIpAddress":"10.1.0.4"}],
            "tunnelInterfaces":[],"inboundRules":[{"frontendIpAddress":"50.0.0.1","protocol":"Tcp","frontendPort":80,
            "backendPort":"443","privateIpAddress":"10.1.0.4"}]}}"#,
    );
    let mut emulator = with(machine.unwrap());
    let expected = concat!(
        r#"{"loadbalancer":{"publicIpAddresses":[{"frontendIpAddress":"51.0.0.1","privateIpAddress":"10.1.0.4"}],"#,
        r#""inboundRules":[{"frontendIpAddress":"50.0.0.1","protocol":"Tcp","frontendPort":80,"backendPort":443,"#,
        r#""privateIpAddress":"10.1.0.4"}],"outboundRules":[],"tunnelInterfaces":[]}}"#
    );
    for query in ["api-version=2020-10-01", "api-version=2021-12-13&format=json", "api-version=2021-12-13&format=text"]
    {
        let reply = get(&mut emulator, &format!("/metadata/loadbalancer?{query}"));
        assert_eq!((reply.response.status, text(&reply)), (200, expected));
    }
    assert_eq!(status(&mut emulator, "/metadata/loadbalancer/publicIpAddresses?api-version=2021-12-13"), 404);
}
