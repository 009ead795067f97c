//! The JSON that is signed: compact, keys in alphabetical order, a field only from its api-version on.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use super::{Order, Tamper};
use crate::metadata::api_version::ApiVersion;
use crate::metadata::document::Value;
use crate::time::Timestamp;

/// Seconds that a document lives.
pub(super) const LIFE: Duration = Duration::from_secs(6 * 60 * 60);

/// Claims that repeat a field of `compute` under its name, each with the first version that signs it. That is another
/// version than the one that first shows the field. A classic VM has none of them.
const REPEATED: &[(&str, ApiVersion)] = &[
    ("licenseType", ApiVersion::new(2020, 9, 1)),
    ("sku", ApiVersion::new(2019, 11, 1)),
    ("subscriptionId", ApiVersion::new(2019, 4, 30)),
];

/// The octets to sign.
pub(super) fn signed_content(order: &Order<'_>) -> Vec<u8> {
    let created_on = match order.tamper {
        Some(Tamper::Expired) => order.now - LIFE - Duration::from_secs(60 * 60),
        _ => order.now,
    };
    let expires_on = created_on + LIFE;
    // In every recorded answer to a call without a nonce, the time put there is the end of the document's life.
    let mut nonce = order.nonce.map_or_else(|| nonce_time(expires_on), Into::into);
    if order.tamper == Some(Tamper::WrongNonce) {
        nonce = nonce.chars().rev().chain("0".chars()).collect();
    }
    let text = |path: &str| Value::text(order.machine.text(path));
    let times = [("createdOn", claim_time(created_on)), ("expiresOn", claim_time(expires_on))];
    let mut claims = Vec::from([
        ("nonce", Value::String(nonce)),
        ("timeStamp", Value::object(times.map(|(name, time)| (name, Value::String(time))))),
        ("vmId", text("compute/vmId")),
    ]);
    if !order.machine.classic {
        let plan = ["name", "product", "publisher"].map(|part| (part, text(&format!("compute/plan/{part}"))));
        claims.push(("plan", Value::object(plan)));
        let signed = REPEATED.iter().filter(|(_, since)| *since <= order.version);
        claims.extend(signed.map(|(name, _)| (*name, text(&format!("compute/{name}")))));
    }
    Value::object(claims).sorted().to_json().into_bytes()
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
    use super::*;
    use crate::emulator::Machine;

    fn order<'a>(machine: &'a Machine, nonce: Option<&'a str>) -> Order<'a> {
        let now = Timestamp::parse_rfc3339("2026-07-28T13:24:00Z").unwrap();
        Order { machine, version: ApiVersion::NEWEST, nonce, now, origin: "", tamper: None }
    }

    fn content(order: &Order<'_>) -> String {
        String::from_utf8(signed_content(order)).unwrap()
    }

    #[test]
    fn is_what_the_service_writes() {
        let changes = r#"{"compute":{"vmId":"VM","subscriptionId":"SUB","sku":""}}"#;
        let machine = Machine::default().with(changes).unwrap();
        let expected = concat!(
            r#"{"licenseType":"","nonce":"20260728-192400","plan":{"name":"","product":"","publisher":""},"sku":"","#,
            r#""subscriptionId":"SUB","timeStamp":{"createdOn":"07/28/26 13:24:00 -0000","#,
            r#""expiresOn":"07/28/26 19:24:00 -0000"},"vmId":"VM"}"#
        );
        assert_eq!(content(&order(&machine, None)), expected);
        let nonce = "a\"\\\u{2028}";
        let read: serde_json::Value = serde_json::from_str(&content(&order(&machine, Some(nonce)))).unwrap();
        assert_eq!(read["nonce"], nonce);
    }

    #[test]
    fn a_claim_is_signed_from_its_version_on() {
        let machine = Machine::default();
        let of_version = |version| content(&Order { version, ..order(&machine, None) });
        for (name, since) in REPEATED {
            let key = format!("\"{name}\":");
            let before = ApiVersion::INSTANCE.iter().copied().filter(|version| version < since).max().unwrap();
            assert!(of_version(*since).contains(&key) && !of_version(before).contains(&key), "{name}");
        }
        let classic = content(&order(&Machine::classic(), None));
        assert!(REPEATED.iter().all(|(name, _)| !classic.contains(name)) && !classic.contains("plan"));
    }

    #[test]
    fn times_stay_well_formed_at_the_ends_of_the_clock() {
        assert_eq!(claim_time(Timestamp::from_unix(0)), "01/01/70 00:00:00 -0000");
        assert_eq!(claim_time(Timestamp::MAX), "12/31/99 23:59:59 -0000");
        assert_eq!(nonce_time(Timestamp::MAX), "99991231-235959");
    }
}
