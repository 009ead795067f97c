//! The signed JSON: what Azure says of a VM, and whether it is what the caller expects.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use core::time::Duration;

use subtle::ConstantTimeEq;

use crate::attested::claims::expectations::{At, Expectations};
use crate::attested::error::VerifyError;
use crate::guid;
use crate::json::{Json, JsonError};
use crate::quoted::Quoted;
use crate::time::Timestamp;

pub(in crate::attested) mod expectations;
pub(in crate::attested) mod names;
pub(in crate::attested) mod nonce;

/// Seconds that a document of the service lives, to the second in all that are known.
const LIFE_LIMIT: Duration = Duration::from_secs(6 * 60 * 60);

/// Levels of the signed JSON. Those of today have two: the object, and `plan` and `timeStamp` in it. The others are for
/// claims to come, which may be of any shape: what is not known is skipped.
const DEPTH: usize = 8;

/// A plan of the Azure Marketplace, which the VM's image was sold under.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Plan {
    /// The plan.
    pub name: String,
    /// The offer.
    pub product: String,
    /// The publisher.
    pub publisher: String,
}

impl Plan {
    /// A plan of these parts.
    ///
    /// ```
    /// use azure_imds::attested::Plan;
    ///
    /// let plan = Plan::new("standard", "appliance", "contoso");
    /// assert_eq!(plan.publisher, "contoso");
    /// ```
    #[must_use]
    pub fn new(name: impl Into<String>, product: impl Into<String>, publisher: impl Into<String>) -> Self {
        Self { name: name.into(), product: product.into(), publisher: publisher.into() }
    }

    /// Each part with its name.
    fn parts(&self) -> [(&'static str, &str); 3] {
        [("name", &self.name), ("product", &self.product), ("publisher", &self.publisher)]
    }
}

/// The claims of an attested document. `""` reads as absent, as the service means it.
///
/// Source: [attested data][docs]. Classic VMs promise no more than `vmId`.
///
/// [docs]: https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service#attested-data
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Claims {
    /// `vmId`: the VM's UUID, as written.
    pub vm_id: String,
    /// `subscriptionId`: since 2019-04-30.
    pub subscription_id: Option<String>,
    /// `sku` of the image: since 2019-11-01.
    pub sku: Option<String>,
    /// `plan` of the image, for images of the marketplace.
    pub plan: Option<Plan>,
    /// `nonce`: the caller's, or a time that the service put there.
    pub nonce: Option<String>,
    /// `licenseType`: since 2020-09-01, with Azure Hybrid Benefit.
    pub license_type: Option<String>,
    /// `timeStamp.createdOn`.
    pub created_on: Timestamp,
    /// `timeStamp.expiresOn`.
    pub expires_on: Timestamp,
}

impl Claims {
    /// Reads the signed content. A claim that is not known is skipped, whatever its value, as long as the whole is strict
    /// JSON without a key that stands twice in an object, of at most 8 levels and 1,024 members.
    ///
    /// # Errors
    ///
    /// `claims_not_utf8`, `claims_malformed`, `claims_duplicate_key`, `claims_too_deep`, `claim_missing`, `claim_type`,
    /// `claim_time`, `vm_id_malformed`.
    pub(super) fn parse(content: &[u8]) -> Result<Self, VerifyError> {
        let text = core::str::from_utf8(content)
            .map_err(|error| VerifyError::ClaimsNotUtf8 { position: error.valid_up_to() })?;
        let json = Json::parse(text, DEPTH).map_err(|fault| match fault {
            JsonError::DuplicateKey(key) => VerifyError::ClaimsDuplicateKey { key: Quoted::from(key.as_str()) },
            JsonError::TooDeep => VerifyError::ClaimsTooDeep { limit: DEPTH },
            JsonError::Malformed { position, reason } => VerifyError::ClaimsMalformed { position, reason },
        })?;
        let vm_id = required(&json, "vmId", "vmId")?;
        let nonce = string(&json, "nonce", "nonce")?;
        let subscription_id = string(&json, "subscriptionId", "subscriptionId")?;
        let sku = string(&json, "sku", "sku")?;
        let license_type = string(&json, "licenseType", "licenseType")?;
        let plan = plan(&json)?;
        let times = object(&json, "timeStamp")?.ok_or(VerifyError::ClaimMissing { claim: "timeStamp" })?;
        let created_on = time(times, "createdOn", "timeStamp.createdOn")?;
        let expires_on = time(times, "expiresOn", "timeStamp.expiresOn")?;
        if guid::read(vm_id.as_bytes()).is_none() {
            return Err(VerifyError::VmIdMalformed { found: Quoted::from(vm_id.as_str()) });
        }
        Ok(Self { vm_id, subscription_id, sku, plan, nonce, license_type, created_on, expires_on })
    }

    /// Compares the nonce, whole and in constant time.
    ///
    /// # Errors
    ///
    /// `nonce_missing`, `nonce_mismatch`.
    pub(super) fn check_nonce(&self, expected: &str) -> Result<(), VerifyError> {
        let Some(found) = &self.nonce else {
            return Err(VerifyError::NonceMissing { expected: Quoted::from(expected) });
        };
        if bool::from(found.as_bytes().ct_eq(expected.as_bytes())) {
            return Ok(());
        }
        Err(VerifyError::NonceMismatch { expected: Quoted::from(expected), found: Quoted::from(found.as_str()) })
    }

    /// Checks the document's own times against each other, and against the time asked for unless that is the
    /// signing time, by [the rule](crate::Expectations#times) that callers are told.
    ///
    /// A document that claims a little more than six hours is accepted, and is good for six hours and the skew all the
    /// same: the skew never counts twice.
    ///
    /// # Errors
    ///
    /// `document_times_reversed`, `document_life_too_long`, `document_not_yet_valid`, `document_expired`.
    pub(super) fn check_window(&self, at: At, skew: Duration) -> Result<(), VerifyError> {
        let (created_on, expires_on) = (self.created_on, self.expires_on);
        if created_on > expires_on {
            return Err(VerifyError::DocumentTimesReversed { created_on, expires_on });
        }
        let (life, limit) = (expires_on.duration_since(created_on), LIFE_LIMIT.saturating_add(skew));
        if life > limit {
            return Err(VerifyError::DocumentLifeTooLong { life, limit });
        }
        let At::Time(now) = at else {
            return Ok(());
        };
        if now < created_on - skew {
            return Err(VerifyError::DocumentNotYetValid { created_on, now, skew });
        }
        let expires_on = expires_on.min(created_on + LIFE_LIMIT);
        if now > expires_on + skew {
            return Err(VerifyError::DocumentExpired { expires_on, now, skew });
        }
        Ok(())
    }

    /// Checks the age, `now - createdOn`, and zero for a document from within the skew. The skew is not added to the
    /// limit.
    ///
    /// # Errors
    ///
    /// `document_too_old`, `max_age_needs_now`.
    pub(super) fn check_age(&self, at: At, limit: Duration) -> Result<Duration, VerifyError> {
        let At::Time(now) = at else {
            return Err(VerifyError::MaxAgeNeedsNow);
        };
        let age = now.duration_since(self.created_on);
        if age > limit { Err(VerifyError::DocumentTooOld { age, limit }) } else { Ok(age) }
    }

    /// Compares the VM. UUIDs are one in either case.
    ///
    /// # Errors
    ///
    /// `vm_id_mismatch`.
    pub(super) fn check_vm_id(&self, expected: &str) -> Result<(), VerifyError> {
        if self.vm_id.eq_ignore_ascii_case(expected) {
            return Ok(());
        }
        Err(VerifyError::VmIdMismatch { expected: Quoted::from(expected), found: Quoted::from(self.vm_id.as_str()) })
    }

    /// Compares the subscription. UUIDs are one in either case.
    ///
    /// # Errors
    ///
    /// `subscription_id_mismatch`.
    pub(super) fn check_subscription_id(&self, expected: &str) -> Result<(), VerifyError> {
        let found = self.subscription_id.as_deref();
        if found.is_some_and(|found| found.eq_ignore_ascii_case(expected)) {
            return Ok(());
        }
        Err(VerifyError::SubscriptionIdMismatch {
            expected: Quoted::from(expected),
            found: Quoted::from(found.unwrap_or_default()),
        })
    }

    /// Compares the image's SKU, exactly.
    ///
    /// # Errors
    ///
    /// `sku_mismatch`.
    pub(super) fn check_sku(&self, expected: &str) -> Result<(), VerifyError> {
        let found = self.sku.as_deref();
        if found == Some(expected) {
            return Ok(());
        }
        Err(VerifyError::SkuMismatch {
            expected: Quoted::from(expected),
            found: Quoted::from(found.unwrap_or_default()),
        })
    }

    /// Compares the image's plan, all three parts exactly.
    ///
    /// # Errors
    ///
    /// `plan_mismatch`.
    pub(super) fn check_plan(&self, expected: &Plan) -> Result<(), VerifyError> {
        let Some(found) = &self.plan else {
            let [name, product, publisher] = expected.parts().map(|(_, part)| part);
            let expected = Quoted::from(&*format!("{name}, {product}, {publisher}"));
            return Err(VerifyError::PlanMismatch { part: "plan", expected, found: Quoted::from("") });
        };
        let mut parts = expected.parts().into_iter().zip(found.parts());
        match parts.find(|((_, expected), (_, found))| expected != found) {
            None => Ok(()),
            Some(((part, expected), (_, found))) => {
                Err(VerifyError::PlanMismatch { part, expected: Quoted::from(expected), found: Quoted::from(found) })
            }
        }
    }
}

impl Expectations {
    /// What of the claims is left unchecked by the caller's choice, in words.
    pub(super) fn unchecked_nonce_advice(&self) -> &'static str {
        if self.max_age.is_some() {
            "the caller does not check the nonce; a maximum age is asked for"
        } else {
            "the caller does not check the nonce and gives no maximum age: whoever saw the document may replay it"
        }
    }
}

fn required(json: &Json, key: &str, claim: &'static str) -> Result<String, VerifyError> {
    match json.member(key) {
        None => Err(VerifyError::ClaimMissing { claim }),
        Some(Json::String(text)) => Ok(text.clone()),
        Some(other) => Err(wrong_type(claim, other, "a string")),
    }
}

fn string(json: &Json, key: &str, claim: &'static str) -> Result<Option<String>, VerifyError> {
    match json.member(key) {
        None => Ok(None),
        Some(Json::String(text)) => Ok((!text.is_empty()).then(|| text.clone())),
        Some(other) => Err(wrong_type(claim, other, "a string")),
    }
}

fn object<'a>(json: &'a Json, claim: &'static str) -> Result<Option<&'a Json>, VerifyError> {
    match json.member(claim) {
        None => Ok(None),
        Some(object @ Json::Object(_)) => Ok(Some(object)),
        Some(other) => Err(wrong_type(claim, other, "an object")),
    }
}

fn plan(json: &Json) -> Result<Option<Plan>, VerifyError> {
    let Some(object) = object(json, "plan")? else {
        return Ok(None);
    };
    let part = |key, claim| string(object, key, claim).map(Option::unwrap_or_default);
    let plan = Plan {
        name: part("name", "plan.name")?,
        product: part("product", "plan.product")?,
        publisher: part("publisher", "plan.publisher")?,
    };
    let is_absent = plan.name.is_empty() && plan.product.is_empty() && plan.publisher.is_empty();
    Ok((!is_absent).then_some(plan))
}

fn time(times: &Json, key: &str, claim: &'static str) -> Result<Timestamp, VerifyError> {
    let text = required(times, key, claim)?;
    Timestamp::parse_claim(&text).ok_or_else(|| VerifyError::ClaimTime { claim, found: Quoted::from(text.as_str()) })
}

const fn wrong_type(claim: &'static str, found: &Json, expected: &'static str) -> VerifyError {
    VerifyError::ClaimType { claim, found: found.kind(), expected }
}

/// The content as text, for a report on a document that was refused. Only what is text at all.
pub(super) fn unverified_text(content: &[u8]) -> Option<String> {
    core::str::from_utf8(content).ok().filter(|text| !text.is_empty()).map(ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    /// The plan of claims that hold this JSON in its place.
    fn plan_of(json: &str) -> Option<[String; 3]> {
        let content = alloc::format!(
            r#"{{"vmId":"02aab8a4-74ef-476e-8182-f6d2ba4166a6","plan":{json},"timeStamp":{{
                "createdOn":"06/25/26 18:56:45 -0000","expiresOn":"06/25/26 19:06:45 -0000"}}}}"#
        );
        let plan = Claims::parse(content.as_bytes()).unwrap().plan?;
        Some([plan.name, plan.product, plan.publisher])
    }

    #[test]
    fn a_plan_of_which_any_part_is_named_is_there() {
        for (name, product, publisher) in [("a", "", ""), ("", "b", ""), ("", "", "c"), ("", "b", "c"), ("a", "b", "")]
        {
            let json = alloc::format!(r#"{{"name":"{name}","product":"{product}","publisher":"{publisher}"}}"#);
            assert_eq!(plan_of(&json), Some([name, product, publisher].map(ToString::to_string)), "{json}");
        }
        assert_eq!(plan_of(r#"{"product":"b"}"#), Some(["", "b", ""].map(ToString::to_string)));
        for absent in [r#"{"name":"","product":"","publisher":""}"#, "{}"] {
            assert_eq!(plan_of(absent), None, "{absent}");
        }
    }

    #[test]
    fn the_part_of_a_plan_that_differs_is_named() {
        let plan = |name: &str, product: &str, publisher: &str| Plan {
            name: name.to_string(),
            product: product.to_string(),
            publisher: publisher.to_string(),
        };
        let content = r#"{"vmId":"02aab8a4-74ef-476e-8182-f6d2ba4166a6","timeStamp":{
            "createdOn":"06/25/26 18:56:45 -0000","expiresOn":"06/25/26 19:06:45 -0000"}}"#;
        let mut claims = Claims::parse(content.as_bytes()).unwrap();
        let told = |claims: &Claims| {
            claims.check_plan(&plan("a/b", "c", "d")).map_or_else(|error| error.to_string(), |()| "".to_string())
        };
        assert_eq!(told(&claims), "plan mismatch: expected plan \"a/b, c, d\", document has \"\"");
        for (found, expected) in [
            (plan("a/b", "c", "d"), ""),
            (plan("a", "b/c", "d"), "plan mismatch: expected name \"a/b\", document has \"a\""),
            (plan("a/b", "", "d"), "plan mismatch: expected product \"c\", document has \"\""),
            (plan("a/b", "c", "D"), "plan mismatch: expected publisher \"d\", document has \"D\""),
        ] {
            claims.plan = Some(found);
            assert_eq!(told(&claims), expected);
        }
    }

    #[test]
    fn advice_on_a_nonce_that_nobody_checks_depends_on_the_age() {
        let expectations = Expectations::new(crate::NONCE_NOT_CHECKED);
        assert!(expectations.unchecked_nonce_advice().contains("whoever saw the document may replay it"));
        assert!(
            expectations
                .max_age(Duration::from_secs(60))
                .unchecked_nonce_advice()
                .contains("a maximum age is asked for")
        );
    }

    #[test]
    fn content_is_shown_if_it_is_text() {
        assert_eq!(unverified_text(b"{"), Some(String::from("{")));
        assert_eq!(unverified_text(b""), None);
        assert_eq!(unverified_text(b"\xff"), None);
    }
}
