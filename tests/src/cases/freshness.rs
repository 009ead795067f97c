//! Genuine documents that are another's, too old, or not what the caller expects.

use serde_json::json;

use crate::claims::{Claims, NONCE};
use crate::clock::{self, CREATED, EXPIRES, HOUR, SKEW};
use crate::pki::Pki;
use crate::suite::Case;
use crate::suite::Importance::{self, Critical, High, Low, Medium};

/// The cases.
#[must_use]
pub fn cases(pki: &Pki) -> Vec<Case> {
    [nonces(pki), windows(pki), expectations(pki), order(pki)].concat()
}

fn nonces(pki: &Pki) -> Vec<Case> {
    let case = |id: &str, verdict, importance: Importance, description: &str, content: Claims| {
        pki.short_case(&format!("nonce::{id}"), verdict, importance, &["AZ8", "43"], description)
            .document(&pki.short(content))
    };
    let other = |id: &str, importance, description: &str, nonce: &str| {
        case(id, "nonce_mismatch", importance, description, Claims::default().text("nonce", nonce))
    };
    vec![
        pki.case(
            "nonce::mismatch",
            "nonce_mismatch",
            Critical,
            &["AZ8", "43"],
            "A genuine document with another nonce: a replay, or the service's cache.",
        )
        .nonce(Some("1111111111")),
        other("prefix", Critical, "The nonce asked for, less its last character.", &NONCE[..9]),
        other("suffix", Critical, "The nonce asked for, less its first character.", &NONCE[1..]),
        other(
            "extended",
            Critical,
            "The nonce asked for and one character more: a search for the text finds it.",
            &format!("{NONCE}0"),
        ),
        other("surrounded", Critical, "The nonce asked for between others.", &format!("1{NONCE}2")),
        other("white_space", High, "The nonce asked for with a space behind it.", &format!("{NONCE} ")),
        other("nul", High, "The nonce asked for with a NUL behind it.", &format!("{NONCE}\0")),
        other(
            "of_the_service",
            High,
            "The nonce that the service fills in where none was asked for.",
            &clock::service_nonce(EXPIRES),
        ),
        other(
            "in_other_digits",
            High,
            "The nonce asked for in full-width digits.",
            "\u{ff19}\u{ff18}\u{ff17}\u{ff16}\u{ff15}\u{ff14}\u{ff13}\u{ff12}\u{ff11}\u{ff10}",
        ),
        other("upper_case", High, "The nonce asked for in upper case.", "ABCDEF").nonce(Some("abcdef")),
        case(
            "missing",
            "nonce_missing",
            Critical,
            "No nonce, though one was asked for.",
            Claims::default().without("nonce"),
        ),
        case(
            "empty",
            "nonce_missing",
            Critical,
            "An empty nonce, though one was asked for.",
            Claims::default().text("nonce", ""),
        ),
    ]
}

fn windows(pki: &Pki) -> Vec<Case> {
    let case = |id: &str, verdict, importance: Importance, description: &str, at| {
        pki.short_case(&format!("times::{id}"), verdict, importance, &["AZ8", "41"], description).at(at)
    };
    let claims = |id: &str, verdict, importance, description: &str, created, expires| {
        case(id, verdict, importance, description, clock::NOW)
            .document(&pki.short(Claims::default().times(created, expires)))
    };
    let (expired, early) = ("document_expired", "document_not_yet_valid");
    let longest = pki.short(Claims::default().times(CREATED, CREATED + 6 * HOUR + SKEW));
    vec![
        case("expired", expired, Critical, "Asked on the next day.", EXPIRES + clock::DAY),
        case("expired_by_a_second", expired, High, "Asked one second after expiry and skew.", EXPIRES + SKEW + 1),
        case("expired_without_skew", expired, Medium, "Asked one second after expiry, no skew allowed.", EXPIRES + 1)
            .expect("skew", json!(0)),
        case("not_yet_valid", early, High, "Asked an hour before creation.", CREATED - HOUR),
        case(
            "not_yet_valid_by_a_second",
            early,
            Medium,
            "Asked one second before creation less skew.",
            CREATED - SKEW - 1,
        ),
        case(
            "not_yet_valid_without_skew",
            early,
            Medium,
            "Asked one second before creation, no skew allowed.",
            CREATED - 1,
        )
        .expect("skew", json!(0)),
        case("too_old", "document_too_old", High, "Sixty-one seconds old, at most sixty allowed.", CREATED + 61)
            .expect("max_age", json!(60)),
        case(
            "too_old_in_window",
            "document_too_old",
            High,
            "Five hours old and still valid, at most five minutes allowed.",
            CREATED + 5 * HOUR,
        )
        .expect("max_age", json!(300)),
        case(
            "max_age_at_signing_time",
            "max_age_needs_now",
            Medium,
            "A maximum age together with the signing time, at which every document is new.",
            0,
        )
        .at_signing_time()
        .expect("max_age", json!(300)),
        claims(
            "reversed",
            "document_times_reversed",
            High,
            "Expires one second before creation.",
            CREATED,
            CREATED - 1,
        ),
        claims(
            "reversed_by_a_day",
            "document_times_reversed",
            High,
            "Expires a day before creation.",
            CREATED,
            CREATED - clock::DAY,
        ),
        claims("life_too_long", "document_life_too_long", High, "Lives a day.", CREATED, CREATED + clock::DAY),
        claims(
            "life_too_long_by_a_second",
            "document_life_too_long",
            Medium,
            "Lives six hours, the skew, and a second.",
            CREATED,
            CREATED + 6 * HOUR + SKEW + 1,
        ),
        claims(
            "life_too_long_with_largest_skew",
            "document_life_too_long",
            Low,
            "Lives seven hours and a second, a skew of an hour allowed.",
            CREATED,
            CREATED + 7 * HOUR + 1,
        )
        .expect("skew", json!(HOUR)),
        case(
            "life_too_long_at_signing_time",
            "document_life_too_long",
            Low,
            "Lives a day, judged at its signing time.",
            0,
        )
        .document(&pki.short(Claims::default().times(CREATED, CREATED + clock::DAY)))
        .at_signing_time(),
        case(
            "skew_counted_twice",
            expired,
            High,
            "Claims the longest life accepted, six hours and the skew, and is good for six hours and the skew.",
            CREATED + 6 * HOUR + SKEW + 1,
        )
        .document(&longest),
        case(
            "largest_skew_counted_twice",
            expired,
            High,
            "Claims seven hours, with a skew of an hour, and is good for seven.",
            CREATED + 7 * HOUR + 1,
        )
        .document(&pki.short(Claims::default().times(CREATED, CREATED + 7 * HOUR)))
        .expect("skew", json!(HOUR)),
        case(
            "expired_with_largest_skew",
            expired,
            Medium,
            "Six hours, an hour of skew, and a second.",
            EXPIRES + HOUR + 1,
        )
        .expect("skew", json!(HOUR)),
        case(
            "short_life_expired",
            expired,
            High,
            "A life of 45 seconds, asked one second after its end and the skew.",
            CREATED + 45 + SKEW + 1,
        )
        .document(&pki.short(Claims::default().times(CREATED, CREATED + 45))),
        case(
            "not_yet_valid_with_largest_skew",
            early,
            Medium,
            "Asked an hour and a second before creation, with a skew of an hour.",
            CREATED - HOUR - 1,
        )
        .expect("skew", json!(HOUR)),
        case(
            "not_yet_valid_with_age",
            early,
            Medium,
            "From the future, beyond the skew, with a maximum age.",
            CREATED - SKEW - 1,
        )
        .expect("max_age", json!(600)),
        case("too_old_by_a_second", "document_too_old", Medium, "One second old, no age allowed.", CREATED + 1)
            .expect("max_age", json!(0)),
        case(
            "too_old_without_skew",
            "document_too_old",
            Medium,
            "Sixty-one seconds old, at most sixty allowed: the skew, however large, is not added.",
            CREATED + 61,
        )
        .expect("max_age", json!(60))
        .expect("skew", json!(HOUR)),
        case(
            "expired_within_age",
            expired,
            High,
            "A maximum age of a day makes no document good for longer.",
            EXPIRES + SKEW + 1,
        )
        .expect("max_age", json!(clock::DAY)),
        claims(
            "life_too_long_without_skew",
            "document_life_too_long",
            Low,
            "Lives six hours and a second, no skew allowed.",
            CREATED,
            CREATED + 6 * HOUR + 1,
        )
        .expect("skew", json!(0)),
    ]
}

fn expectations(pki: &Pki) -> Vec<Case> {
    let case = |id: &str, verdict, description: &str, content: Claims| {
        pki.short_case(&format!("expect::{id}"), verdict, High, &["45"], description).document(&pki.short(content))
    };
    let base = Claims::default;
    let plan =
        |name: &str, product: &str, publisher: &str| json!({"name": name, "product": product, "publisher": publisher});
    let planned = || base().plan("standard", "appliance", "contoso");
    let other = "11111111-2222-3333-4444-555555555555";
    vec![
        case("vm_id", "vm_id_mismatch", "Another VM's document.", base()).expect("vm_id", json!(other)),
        case("subscription_id", "subscription_id_mismatch", "A VM of another subscription.", base())
            .expect("subscription_id", json!(other)),
        case(
            "subscription_id_absent",
            "subscription_id_mismatch",
            "The document names no subscription, as that of a classic VM.",
            base().without("subscriptionId"),
        )
        .expect("subscription_id", json!(other)),
        case(
            "subscription_id_empty",
            "subscription_id_mismatch",
            "The document names an empty subscription.",
            base().text("subscriptionId", ""),
        )
        .expect("subscription_id", json!(other)),
        case("sku", "sku_mismatch", "Another image.", base()).expect("sku", json!("2025-datacenter")),
        case("sku_prefix", "sku_mismatch", "An image whose name only begins so.", base())
            .expect("sku", json!("22_04-lts")),
        case("sku_absent", "sku_mismatch", "The document names no image.", base().without("sku"))
            .expect("sku", json!("22_04-lts-gen2")),
        case("plan_name", "plan_mismatch", "Another plan.", planned())
            .expect("plan", plan("premium", "appliance", "contoso")),
        case("plan_product", "plan_mismatch", "A plan of another product.", planned())
            .expect("plan", plan("standard", "gateway", "contoso")),
        case("plan_publisher", "plan_mismatch", "A plan of another publisher.", planned())
            .expect("plan", plan("standard", "appliance", "fabrikam")),
        case(
            "plan_shifted",
            "plan_mismatch",
            "The same letters, divided in another way.",
            base().plan("a/b", "c", "d"),
        )
        .expect("plan", plan("a", "b/c", "d")),
        case("plan_absent", "plan_mismatch", "The document names no plan.", base().without("plan"))
            .expect("plan", plan("standard", "appliance", "contoso")),
    ]
}

/// Several failures at once: the verdict is the first in the order of the checks.
fn order(pki: &Pki) -> Vec<Case> {
    let case = |id: &str, verdict, importance: Importance, description: &str| {
        pki.case(&format!("order::{id}"), verdict, importance, &[], description)
    };
    let expired = pki.leaf().valid(clock::midnight(2025, 8, 15), clock::midnight(2026, 2, 11)).issue();
    let elsewhere = pki.leaf().names(&["evil.test"]).issue();
    let small = pki.leaf_with(&pki.keys.key("small")).issue();
    let unsigned =
        |document: crate::signed_data::Document| document.signer(|signer| signer.signature = Some(vec![0; 256]));
    let not_json = pki.claiming(b"{\"vmId\":\xff}".to_vec());
    vec![
        case(
            "signature_before_names",
            "content_signature",
            High,
            "A wrong signature and a wrong name: nothing of an unsigned document is worth a look.",
        )
        .document(&unsigned(pki.signed_by(&elsewhere))),
        case(
            "signature_before_chain",
            "content_signature",
            High,
            "A wrong signature, and no issuer at hand: none may be fetched for it.",
        )
        .document(&unsigned(pki.document()))
        .issuers(&[]),
        case("key_before_signature", "key_too_small", High, "A key too small, and a wrong signature.")
            .document(&unsigned(pki.signed_by(&small))),
        case("names_before_chain", "name_not_azure", High, "A wrong name, and no anchor.")
            .document(&pki.signed_by(&elsewhere))
            .anchors(&[]),
        case(
            "chain_before_claims",
            "issuer_missing",
            High,
            "No issuer at hand, and content that is no JSON: untrusted content is not read.",
        )
        .document(&not_json)
        .issuers(&[]),
        case("leaf_before_path", "certificate_expired", Medium, "An expired leaf, and no issuer at hand.")
            .document(&pki.signed_by(&expired))
            .issuers(&[]),
        case("claims_before_nonce", "claims_duplicate_key", High, "A claim twice, and another nonce.")
            .document(&pki.claiming(Claims::default().repeat("vmId", "\"\"")))
            .nonce(Some("1111111111")),
        case("nonce_before_times", "nonce_mismatch", Medium, "Another nonce, and expired.")
            .nonce(Some("1111111111"))
            .at(EXPIRES + clock::DAY),
        case("times_before_expectations", "document_expired", Medium, "Expired, and another VM's.")
            .at(EXPIRES + clock::DAY)
            .expect("vm_id", json!("11111111-2222-3333-4444-555555555555")),
    ]
}
