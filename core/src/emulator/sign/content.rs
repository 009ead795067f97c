//! The JSON that is signed: compact, keys in alphabetical order, a field only from its api-version on.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::{Order, Tamper};
use crate::cloud::Cloud;
use crate::time::Timestamp;

/// Seconds that a document lives.
pub(super) const LIFE: u64 = 6 * 60 * 60;

/// What is signed about a machine, already chosen by api-version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::emulator) struct AttestedFacts {
    /// The cloud, which decides the domain of the signer's names.
    pub(in crate::emulator) cloud: Cloud,
    /// `compute.location`, the first label of one of the signer's names.
    pub(in crate::emulator) region: String,
    /// `vmId`.
    pub(in crate::emulator) vm_id: String,
    /// `plan`: name, product, publisher. None for a classic VM.
    pub(in crate::emulator) plan: Option<(String, String, String)>,
    /// `subscriptionId`, since 2019-04-30.
    pub(in crate::emulator) subscription_id: Option<String>,
    /// `sku`, since 2019-11-01.
    pub(in crate::emulator) sku: Option<String>,
    /// `licenseType`, since 2020-09-01.
    pub(in crate::emulator) license_type: Option<String>,
}

/// In the order in which the service writes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Content<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    license_type: Option<&'a str>,
    nonce: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<Plan<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sku: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subscription_id: Option<&'a str>,
    time_stamp: Times,
    vm_id: &'a str,
}

#[derive(Serialize)]
struct Plan<'a> {
    name: &'a str,
    product: &'a str,
    publisher: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Times {
    created_on: String,
    expires_on: String,
}

/// The octets to sign.
pub(super) fn signed_content(order: &Order<'_>) -> Vec<u8> {
    let facts = order.facts;
    let created_on = match order.tamper {
        Some(Tamper::Expired) => order.now.minus(LIFE.saturating_add(60 * 60)),
        _ => order.now,
    };
    let expires_on = created_on.plus(LIFE);
    // In every recorded answer to a call without a nonce, the time put there is the end of the document's life.
    let mut nonce = order.nonce.map_or_else(|| nonce_time(expires_on), Into::into);
    if order.tamper == Some(Tamper::WrongNonce) {
        nonce = nonce.chars().rev().chain("0".chars()).collect();
    }
    let content = Content {
        license_type: facts.license_type.as_deref(),
        nonce,
        plan: facts.plan.as_ref().map(|(name, product, publisher)| Plan { name, product, publisher }),
        sku: facts.sku.as_deref(),
        subscription_id: facts.subscription_id.as_deref(),
        time_stamp: Times { created_on: claim_time(created_on), expires_on: claim_time(expires_on) },
        vm_id: &facts.vm_id,
    };
    // A struct of strings always serialises.
    serde_json::to_vec(&content).unwrap_or_default()
}

/// `yyyyMMdd-HHmmss`, UTC.
fn nonce_time(time: Timestamp) -> String {
    let date = time.date();
    format!(
        "{:04}{:02}{:02}-{:02}{:02}{:02}",
        date.year(),
        date.month(),
        date.day(),
        date.hour(),
        date.minutes(),
        date.seconds()
    )
}

/// `MM/dd/yy HH:mm:ss -0000`. The format has no century; years after 2099 read as a hundred years earlier.
fn claim_time(time: Timestamp) -> String {
    let date = time.date();
    format!(
        "{:02}/{:02}/{:02} {:02}:{:02}:{:02} -0000",
        date.month(),
        date.day(),
        date.year() % 100,
        date.hour(),
        date.minutes(),
        date.seconds()
    )
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    fn facts() -> AttestedFacts {
        AttestedFacts {
            cloud: Cloud::Public,
            region: "westeurope".to_string(),
            vm_id: "VM".to_string(),
            plan: Some(Default::default()),
            subscription_id: Some("SUB".to_string()),
            sku: Some(String::new()),
            license_type: Some(String::new()),
        }
    }

    #[test]
    fn is_what_the_service_writes() {
        let facts = facts();
        let now = Timestamp::parse_rfc3339("2026-07-28T13:24:00Z").unwrap();
        let order = Order { facts: &facts, nonce: None, now, origin: "", tamper: None };
        let expected = concat!(
            r#"{"licenseType":"","nonce":"20260728-192400","plan":{"name":"","product":"","publisher":""},"sku":"","#,
            r#""subscriptionId":"SUB","timeStamp":{"createdOn":"07/28/26 13:24:00 -0000","#,
            r#""expiresOn":"07/28/26 19:24:00 -0000"},"vmId":"VM"}"#
        );
        assert_eq!(core::str::from_utf8(&signed_content(&order)), Ok(expected));
        let nonce = "a\"\\\u{2028}";
        let content = signed_content(&Order { nonce: Some(nonce), ..order });
        let read: serde_json::Value = serde_json::from_slice(&content).unwrap();
        assert_eq!(read["nonce"], nonce);
    }

    #[test]
    fn times_stay_well_formed_at_the_ends_of_the_clock() {
        assert_eq!(claim_time(Timestamp::from_unix(0)), "01/01/70 00:00:00 -0000");
        assert_eq!(claim_time(Timestamp::MAX), "12/31/99 23:59:59 -0000");
        assert_eq!(nonce_time(Timestamp::MAX), "99991231-235959");
    }
}
