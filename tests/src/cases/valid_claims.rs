//! Documents that must verify: what the content may look like, and the edges of time.

use serde_json::json;

use crate::claims::{Claims, SKU, SUBSCRIPTION_ID, VM_ID};
use crate::clock::{self, CREATED, EXPIRES, HOUR, MINUTE, SKEW};
use crate::pki::Pki;
use crate::signed_data::Document;
use crate::suite::Importance::{Critical, High, Low, Medium};
use crate::suite::{Case, VERIFIED};

/// The cases.
#[must_use]
pub fn cases(pki: &Pki) -> Vec<Case> {
    [contents(pki), expectations(pki), times(pki), signing_times(pki)].concat()
}

fn contents(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, importance, description: &str, content: &dyn Fn(Claims) -> Vec<u8>| {
        pki.short_case(&format!("valid::claims_{name}"), VERIFIED, importance, &[], description)
            .document(&pki.short(content(Claims::default())))
    };
    vec![
        case(
            "unknown",
            High,
            "Claims that this verifier does not know, one of them a list; a later service may add some.",
            &|claims| claims.json("region", "[\"eastus\",2]").json("confidential", "true").into(),
        ),
        case("to_come_object", High, "A claim to come that is an object.", &|claims| {
            claims.json("tenant", r#"{"id":"x","region":{"name":"eastus","zones":["1","2"]}}"#).into()
        }),
        case("to_come_list_of_objects", High, "A claim to come that is a list of objects.", &|claims| {
            claims.json("extensions", r#"[{"name":"a","settings":[{}]},{"name":"b","settings":[null]}]"#).into()
        }),
        case("to_come_eight_levels", Medium, "A claim to come that has all of the eight levels.", &|claims| {
            claims.json("extra", &format!("{}{{}}{}", r#"{"a":"#.repeat(6), "}".repeat(6))).into()
        }),
        case("to_come_eight_levels_of_lists", Medium, "The same by lists.", &|claims| {
            claims.json("extra", &format!("{}{}", "[".repeat(7), "]".repeat(7))).into()
        }),
        case(
            "to_come_long_list",
            Medium,
            "A claim to come that is a list of 5,000 numbers: members are counted, elements are not.",
            &|claims| claims.json("extra", &format!("[{}0]", "0,".repeat(4_999))).into(),
        ),
        case("to_come_in_known", High, "Members to come of plan and timeStamp, of any shape.", &|claims| {
            let rendered = claims.render();
            let rendered = rendered.replace(r#""publisher":"""#, r#""publisher":"","offers":[{"id":{"of":1}}]"#);
            rendered.replace(r#""timeStamp":{"#, r#""timeStamp":{"zone":{"offset":[0]},"#).into_bytes()
        }),
        case(
            "to_come_with_known_names",
            Critical,
            "A claim to come that holds another vmId, nonce and timeStamp: those within it are not the document's.",
            &|claims| {
                let other = r#"{"vmId":"11111111-2222-3333-4444-555555555555","nonce":"1","timeStamp":{}}"#;
                claims.json("extra", &format!("[{other},{other}]")).json("outer", other).into()
            },
        ),
        case(
            "escaped_names",
            High,
            "vmId and createdOn with escapes in their names: names compare as text.",
            &|claims| {
                let rendered = claims.render().replace(r#""vmId""#, r#""vm\u0049d""#);
                rendered.replace(r#""createdOn""#, r#""\u0063reatedOn""#).into_bytes()
            },
        ),
        case("classic_vm", High, "A classic VM's document: nonce, times and vmId alone.", &|claims| {
            claims.without("licenseType").without("plan").without("sku").without("subscriptionId").into()
        }),
        case(
            "of_2018",
            Medium,
            "The shape of api-version 2018-10-01: no licenseType, sku and subscriptionId.",
            &|claims| claims.without("licenseType").without("sku").without("subscriptionId").into(),
        ),
        case(
            "spread",
            Low,
            "The JSON spread over lines, as no service writes it but any JSON writer may.",
            &|claims| claims.render().replace(',', ",\n  ").replace('{', "{\n  ").into_bytes(),
        ),
        case(
            "white_space_after",
            Low,
            "White space follows the JSON object; it is part of what is signed and of JSON.",
            &|claims| format!("{}\r\n ", claims.render()).into_bytes(),
        ),
        case("not_ascii", Medium, "UTF-8 beyond ASCII, and a surrogate pair, in a text.", &|claims| {
            claims.json("sku", "\"größe-\\ud83d\\ude00\"").into()
        }),
        case("upper_case_vm_id", Medium, "The vmId in upper case.", &|claims| {
            claims.text("vmId", &VM_ID.to_ascii_uppercase()).into()
        }),
        case("no_life", Low, "Created and expired in the same second.", &|claims| {
            claims.times(CREATED, CREATED).into()
        }),
        case("sample_life", Low, "A life of 45 seconds, as the sample in the documentation.", &|claims| {
            claims.times(CREATED, CREATED + 45).into()
        }),
        case("longest_life", Medium, "A life of six hours and the whole of the skew.", &|claims| {
            claims.times(CREATED, CREATED + 6 * HOUR + SKEW).into()
        }),
    ]
}

fn expectations(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, importance, flaws, description: &str| {
        pki.short_case(&format!("valid::{name}"), VERIFIED, importance, flaws, description)
    };
    let nonce = "q/Q+8jFhNlvmMUSMFCXnAD2dWCTrnA==";
    let plan = pki.short(Claims::default().plan("standard", "appliance", "contoso"));
    let own_nonce = pki.short(Claims::default().text("nonce", &clock::service_nonce(EXPIRES)));
    vec![
        case(
            "nonce_not_checked",
            Critical,
            &["AZ8"],
            "The caller spelled out that no nonce is checked; the service filled in its own.",
        )
        .document(&own_nonce)
        .nonce(None),
        case("nonce_absent_not_checked", Medium, &[], "No nonce in the document, and none is checked.")
            .document(&pki.short(Claims::default().without("nonce")))
            .nonce(None),
        case(
            "nonce_of_32_characters",
            High,
            &["AZ8"],
            "A nonce of 32 characters with all of base64's signs comes back as it was.",
        )
        .document(&pki.short(Claims::default().text("nonce", nonce)))
        .nonce(Some(nonce)),
        case("nonce_escaped", Low, &[], "The nonce is written with JSON escapes; it is compared as the text it means.")
            .document(&pki.short(Claims::default().json("nonce", "\"\\u0039876543210\""))),
        case("expectations_met", High, &["45"], "vmId (in upper case), subscriptionId and sku are as expected.")
            .document(&pki.short(Claims::default()))
            .expect("vm_id", json!(VM_ID.to_ascii_uppercase()))
            .expect("subscription_id", json!(SUBSCRIPTION_ID))
            .expect("sku", json!(SKU)),
        case("plan_expected", Medium, &[], "The marketplace plan is the one expected, in all three parts.")
            .document(&plan)
            .expect("plan", json!({"name": "standard", "product": "appliance", "publisher": "contoso"})),
    ]
}

fn times(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, importance, at, description: &str| {
        pki.short_case(&format!("valid::{name}"), VERIFIED, importance, &["41"], description).at(at)
    };
    let leap = clock::midnight(2028, 2, 29);
    let leap_leaf = pki.short_leaf().valid(leap - 30 * clock::DAY, leap + 30 * clock::DAY).issue();
    let leap_document = Document::new(&leap_leaf, Claims::default().times(leap, leap + 6 * HOUR));
    vec![
        case("at_creation", Medium, CREATED, "Asked in the second of creation."),
        case("at_expiry", Medium, EXPIRES, "Asked in the second of expiry."),
        case(
            "before_creation_within_skew",
            High,
            CREATED - SKEW,
            "Asked five minutes before creation: the clocks may differ so much.",
        ),
        case(
            "after_expiry_within_skew",
            High,
            EXPIRES + SKEW,
            "Asked five minutes after expiry: the clocks may differ so much.",
        ),
        case("at_creation_without_skew", Medium, CREATED, "Asked in the second of creation, no skew allowed.")
            .expect("skew", json!(0)),
        case("at_expiry_without_skew", Medium, EXPIRES, "Asked in the second of expiry, no skew allowed.")
            .expect("skew", json!(0)),
        case(
            "within_own_skew",
            Low,
            EXPIRES + 10 * MINUTE,
            "Asked ten minutes after expiry with a skew of ten minutes.",
        )
        .expect("skew", json!(600)),
        case(
            "longest_life_to_its_end",
            High,
            CREATED + 6 * HOUR + SKEW,
            "The longest life accepted, to its last second.",
        )
        .document(&pki.short(Claims::default().times(CREATED, CREATED + 6 * HOUR + SKEW))),
        case("largest_skew_to_its_end", Medium, EXPIRES + HOUR, "Asked an hour after expiry with a skew of an hour.")
            .expect("skew", json!(HOUR)),
        case("largest_skew_from_its_start", Medium, CREATED - HOUR, "Asked an hour before creation with such a skew.")
            .expect("skew", json!(HOUR)),
        case("life_of_seven_hours_to_its_end", Low, CREATED + 7 * HOUR, "Claims seven hours, with a skew of an hour.")
            .document(&pki.short(Claims::default().times(CREATED, CREATED + 7 * HOUR)))
            .expect("skew", json!(HOUR)),
        case("short_life_to_its_end", Medium, CREATED + 45 + SKEW, "A life of 45 seconds, and the skew.")
            .document(&pki.short(Claims::default().times(CREATED, CREATED + 45))),
        case("no_age_at_creation", Low, CREATED, "Asked in the second of creation, no age allowed.")
            .expect("max_age", json!(0)),
        case(
            "age_of_the_future_within_skew",
            Medium,
            CREATED - SKEW,
            "Asked five minutes before creation, no age allowed: the age is zero.",
        )
        .expect("max_age", json!(0)),
        case("as_old_as_can_be", Low, EXPIRES + SKEW, "As old as a document can be, and as is allowed.")
            .expect("max_age", json!(6 * HOUR + SKEW)),
        case("as_old_as_allowed", High, CREATED + 60, "Sixty seconds old, at most sixty allowed.")
            .expect("max_age", json!(60)),
        case(
            "age_of_the_future",
            Low,
            CREATED - 10,
            "Asked ten seconds before creation: the age is none, not a huge one.",
        )
        .expect("max_age", json!(0)),
        case("leap_day", Low, leap + 60, "Created on 29 February 2028.").document(&leap_document),
    ]
}

fn signing_times(pki: &Pki) -> Vec<Case> {
    let old = clock::midnight(2026, 1, 15);
    let leaf = pki.short_leaf().valid(clock::midnight(2025, 8, 15), clock::midnight(2026, 2, 11)).issue();
    let document = Document::new(&leaf, Claims::default().times(old, old + 6 * HOUR));
    let case = |name: &str, importance, description: &str| {
        pki.short_case(&format!("valid::{name}"), VERIFIED, importance, &["33"], description).at_signing_time()
    };
    vec![
        case(
            "signing_time_of_old_document",
            High,
            "A document of the archive, its leaf long expired, judged at its signing time.",
        )
        .document(&document),
        case("signing_time_of_new_document", Medium, "The ordinary document judged at its signing time."),
    ]
}
