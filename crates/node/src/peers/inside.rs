//! Addresses that lead to this machine, or to what is beside it: whoever introduces a node names where it is called, and no node is made to
//! call itself, or what listens for this machine alone.

use std::net::{IpAddr, Ipv6Addr};

use anyhow::Result;
use url::{Host, Url};

use super::fault::{Fault, Told};
use crate::keys::Introduction;
use crate::node::Node;

impl Node {
    /// Fails where a peer's address is one of this node's own, or leads into this machine and that is not to be.
    pub(super) fn may_call(&self, address: &str) -> Result<()> {
        let own = self.own_addresses()?;
        let is = |other: &String| origin(other).is_some() && origin(other) == origin(address);
        if own.iter().any(is) {
            let why = "its introduction names an address of this node itself";
            return Err(Told::new(Fault::Other, why).into());
        }
        // On one machine, as for a trial, nodes call themselves by such addresses, and so does whoever introduces this one.
        let allowed = self.config().local_peers;
        let allowed = allowed.unwrap_or_else(|| own.iter().any(|own| is_inside(own)));
        if is_inside(address) && !allowed {
            let why = "its introduction names an address of the machine that this node runs on, which is not called; \
                 where that is meant, set `local_peers = true` in config.toml";
            return Err(Told::new(Fault::Other, why).into());
        }
        Ok(())
    }

    /// Where others reach this node, as its operator said.
    fn own_addresses(&self) -> Result<Vec<String>> {
        let mut own: Vec<String> = self.config().address.iter().cloned().collect();
        if let Some(file) = self.own_introduction()? {
            let last = Introduction::read(file.as_bytes()).ok();
            own.extend(last.iter().flat_map(|last| last.addresses()).cloned());
        }
        Ok(own)
    }
}

fn origin(address: &str) -> Option<url::Origin> {
    Url::parse(address).ok().map(|url| url.origin())
}

/// Whether an address leads to this machine, or to its neighbors on one wire. A name may lead there as well: what is called by a name proves
/// itself by its key before anything is asked of it.
fn is_inside(address: &str) -> bool {
    let url = Url::parse(address);
    match url.as_ref().ok().and_then(Url::host) {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(ip)) => is_local(ip.into()),
        Some(Host::Ipv6(ip)) => is_local(ip.into()),
        None => false,
    }
}

fn is_local(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_link_local() || ip.is_unspecified(),
        IpAddr::V6(ip) => {
            let neighbor = ip
                .segments()
                .first()
                .is_some_and(|first| first & 0xffc0 == 0xfe80);
            ip == Ipv6Addr::LOCALHOST || ip.is_unspecified() || neighbor
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_into_this_machine_is_told_from_what_leads_out() {
        for inside in [
            "http://127.0.0.1:7117/",
            "http://127.8.9.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://LOCALHOST:5432/",
            "https://node.localhost./",
            "https://[::1]:7117/",
            "https://[::ffff:127.0.0.1]/",
            "http://0.0.0.0:80/",
            "https://[::]/",
            "https://169.254.169.254/",
            "https://[fe80::1]/",
        ] {
            assert!(is_inside(inside), "{inside}");
        }
        for outside in [
            "https://node.arland.example/",
            "https://localhost.arland.example/",
            "https://192.0.2.1:7117/",
            "https://10.0.0.7/",
            "https://[2001:db8::1]/",
        ] {
            assert!(!is_inside(outside), "{outside}");
        }
    }
}
