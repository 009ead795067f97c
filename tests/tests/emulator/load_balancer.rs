//! The load balancer's document.

use super::*;

#[test]
fn is_exact_with_ports_as_numbers() {
    let rule = InboundRule {
        frontend_ip_address: "50.0.0.1".to_owned(),
        protocol: "Tcp".to_owned(),
        frontend_port: 80,
        backend_port: 443,
        private_ip_address: "10.1.0.4".to_owned(),
    };
    let load_balancer = LoadBalancer {
        inbound_rules: vec![rule],
        tunnel_interfaces: Some(Vec::new()),
        ..serde_json::from_str(
            r#"{"publicIpAddresses":[{"frontendIpAddress":"51.0.0.1","privateIpAddress":"10.1.0.4"}]}"#,
        )
        .unwrap()
    };
    let mut emulator = with(Machine { load_balancer: Some(load_balancer), ..Machine::default() });
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
