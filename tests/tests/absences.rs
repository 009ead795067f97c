//! The shared table of what is not given, or is nothing, as far as Rust's types let it be said.

use std::time::Duration;

use azure_imds::attested::Plan;
use azure_imds::{Cloud, Error, Expectations, Nonce, SignedDocument, Timestamp, Trust, Verifier};
use azure_imds_tests::claims::NONCE;
use data_encoding::BASE64;
use serde_json::Value;

#[test]
fn no_absence_means_less_checking() {
    let table: Value = serde_json::from_str(include_str!("../vectors/absences.json")).unwrap();
    let suite: Value = serde_json::from_str(include_str!("../vectors/attested.json")).unwrap();
    let document = suite["cases"].as_array().unwrap().iter().find(|case| case["id"] == table["document"]).unwrap();
    let rows = table["cases"].as_array().unwrap();
    let said: Vec<&Value> =
        rows.iter().filter(|row| row["said_in"].as_array().unwrap().contains(&Value::from("rust"))).collect();
    assert!(said.len() > 20, "{}", said.len());
    for row in said {
        let code = verdict(document, &suite["certificates"], row).map_or_else(|error| error.code(), |()| "verified");
        match row["code"].as_str().unwrap() {
            "refused" => assert_ne!(code, "verified", "{row}"),
            expected => assert_eq!(code, expected, "{row}"),
        }
    }
}

fn verdict(case: &Value, certificates: &Value, row: &Value) -> Result<(), Error> {
    let (option, value) = (row["option"].as_str().unwrap(), row["given"].get("value"));
    let text = || value.and_then(Value::as_str).unwrap();
    let number = || value.and_then(Value::as_u64).unwrap();
    let nonce = if option == "nonce" { text() } else { NONCE };
    let mut expected = Expectations::new(Nonce::new(nonce)?);
    if let Some(value) = value {
        expected = match option {
            "clouds" => {
                let names = value.as_array().unwrap().iter().map(|name| name.as_str().unwrap().parse());
                expected.clouds(&names.collect::<Result<Vec<Cloud>, _>>()?)?
            }
            "skew" => expected.skew(Duration::from_secs(number()))?,
            "max_age" => expected.max_age(Duration::from_secs(number())),
            "vm_id" => expected.vm_id(text()),
            "subscription_id" => expected.subscription_id(text()),
            "sku" => expected.sku(text()),
            "plan" => {
                let part = |name| value[name].as_str().unwrap().to_owned();
                expected.plan(Plan::new(part("name"), part("product"), part("publisher")))
            }
            "nonce" | "anchors" | "issuers" | "allow_origins" => expected,
            other => panic!("the type has no option {other}: {row}"),
        };
    }
    let document = SignedDocument::parse(case["input"]["text"].as_str().unwrap().as_bytes())?;
    let at = row.get("at").unwrap_or(&case["at"]).as_u64().unwrap();
    Verifier::new(trust(case, certificates, option, value)?).verify(&document, &expected, Timestamp::from_unix(at))?;
    Ok(())
}

/// What the document leads to, unless the option is about that: then what is given, which is nothing or empty.
fn trust(case: &Value, certificates: &Value, option: &str, value: Option<&Value>) -> Result<Trust, Error> {
    let bundle = |name: &Value| BASE64.decode(certificates[name.as_str().unwrap()].as_str().unwrap().as_bytes());
    let mut trust =
        if option == "anchors" && value.is_none() { Trust::builder() } else { Trust::builder_without_anchors() };
    if option != "anchors" {
        trust = trust.anchors(&bundle(&case["anchors"][0]).unwrap())?;
    }
    if option != "issuers" {
        trust = trust.issuers(&bundle(&case["issuers"][0]).unwrap())?;
    }
    let origins = value.filter(|_| option == "allow_origins").and_then(Value::as_array);
    for origin in origins.into_iter().flatten() {
        trust = trust.allow_origin(origin.as_str().unwrap())?;
    }
    Ok(trust.build())
}
