//! Which way a packet to the metadata service takes, by the machine's own table of routes.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::net::Ipv4Addr;

/// The address of the service.
pub(super) const SERVICE: Ipv4Addr = Ipv4Addr::new(169, 254, 169, 254);

/// Lines that are read of a table.
const LINE_LIMIT: usize = 4_096;

/// One route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RouteEntry {
    destination: Ipv4Addr,
    mask: u32,
    /// A name on Linux, an address on Windows.
    pub(super) interface: String,
    metric: u32,
    is_refusal: bool,
}

impl RouteEntry {
    pub(super) fn is_default(&self) -> bool {
        self.mask == 0
    }

    fn leads_to(&self, address: Ipv4Addr) -> bool {
        u32::from(address) & self.mask == u32::from(self.destination) & self.mask
    }
}

/// The route taken to the service, and the default route.
pub(super) struct RoutesTaken<'r> {
    pub(super) service: Option<&'r RouteEntry>,
    pub(super) default: Option<&'r RouteEntry>,
}

impl<'r> RoutesTaken<'r> {
    /// The longest prefix wins, then the lowest metric.
    pub(super) fn of(routes: &'r [RouteEntry]) -> Self {
        let order = |route: &&RouteEntry| (route.mask.count_ones(), core::cmp::Reverse(route.metric));
        let service = routes.iter().filter(|route| route.leads_to(SERVICE)).max_by_key(order);
        let default = routes.iter().filter(|route| route.is_default() && !route.is_refusal).max_by_key(order);
        Self { service: service.filter(|route| !route.is_refusal), default }
    }
}

/// Reads Linux's `/proc/net/route`: addresses in hexadecimal, in the order of a little-endian machine.
pub(super) fn linux(text: &str) -> Vec<RouteEntry> {
    text.lines().skip(1).take(LINE_LIMIT).filter_map(linux_line).collect()
}

fn linux_line(line: &str) -> Option<RouteEntry> {
    const UP: u32 = 0x1;
    const REJECT: u32 = 0x200;
    let mut fields = line.split_ascii_whitespace();
    let hexadecimal = |field: &str| u32::from_str_radix(field, 16).ok();
    let interface = fields.next()?.to_owned();
    let destination = hexadecimal(fields.next()?)?.swap_bytes();
    let (_gateway, flags) = (fields.next()?, hexadecimal(fields.next()?)?);
    let metric = fields.nth(2)?.parse().ok()?;
    let mask = hexadecimal(fields.next()?)?.swap_bytes();
    let route =
        RouteEntry { destination: destination.into(), mask, interface, metric, is_refusal: flags & REJECT != 0 };
    (flags & UP != 0).then_some(route)
}

/// Reads what Windows' `route print -4` prints, in whatever language: lines of destination, mask, gateway, interface
/// and metric.
pub(super) fn windows(text: &str) -> Vec<RouteEntry> {
    text.lines().take(LINE_LIMIT).filter_map(windows_line).collect()
}

fn windows_line(line: &str) -> Option<RouteEntry> {
    let fields: Vec<&str> = line.split_ascii_whitespace().collect();
    let [destination, mask, _, .., interface, metric] = fields.as_slice() else {
        return None;
    };
    let (destination, mask): (Ipv4Addr, Ipv4Addr) = (destination.parse().ok()?, mask.parse().ok()?);
    interface.parse::<Ipv4Addr>().ok()?;
    let metric = metric.parse().ok()?;
    Some(RouteEntry { destination, mask: mask.into(), interface: (*interface).to_owned(), metric, is_refusal: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINUX: &str = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n\
        eth0\t00000000\t0145A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n\
        eth1\t00000000\t0146A8C0\t0003\t0\t0\t50\t00000000\t0\t0\t0\n\
        eth0\tFEA9FEA9\t0145A8C0\t0007\t0\t0\t100\tFFFFFFFF\t0\t0\t0\n";

    #[test]
    fn the_longest_prefix_wins_on_linux() {
        let routes = linux(LINUX);
        let ways = RoutesTaken::of(&routes);
        assert_eq!((routes.len(), ways.service.unwrap().interface.as_str()), (3, "eth0"));
        assert_eq!(ways.default.unwrap().interface, "eth1");
        let routes = linux(&LINUX.replace("0007", "0207"));
        assert!(RoutesTaken::of(&routes).service.is_none());
        assert!(linux("").is_empty() && linux("x\ny z\n\u{0}").is_empty());
    }

    #[test]
    fn reads_windows_tables() {
        let text = "Active Routes:\n\
            Network Destination        Netmask          Gateway       Interface  Metric\n\
                      0.0.0.0          0.0.0.0         10.0.1.1        10.0.1.10    266\n\
                  169.254.0.0      255.255.0.0         On-link     169.254.1.156    271\n\
              169.254.255.255  255.255.255.255         On-link     169.254.1.156    271\n";
        let routes = windows(text);
        let ways = RoutesTaken::of(&routes);
        assert_eq!(ways.service.unwrap().interface, "169.254.1.156");
        assert_eq!(ways.default.unwrap().interface, "10.0.1.10");
    }
}
