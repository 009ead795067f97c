//! Tokens: which identity, in which form, signed how, and which refusals.

use num_bigint::BigUint;
use sha2::{Digest as _, Sha256};

use super::*;

const TOKEN: &str = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://management.azure.com/";

fn user(number: u8) -> UserAssigned {
    UserAssigned::new(
        format!("00000000-0000-4000-8000-00000000c00{number}"),
        format!("00000000-0000-4000-8000-00000000b00{number}"),
        format!("/subscriptions/s/resourceGroups/g/providers/x/userAssignedIdentities/id{number}"),
    )
}

fn users(system: bool, count: u8) -> Emulator {
    let mut machine = (1..=count).fold(Machine::default(), |machine, number| machine.with_user_assigned(user(number)));
    if !system {
        machine.identity.system_assigned = None;
    }
    with(machine)
}

#[test]
fn the_answer_is_the_services_all_of_it_text() {
    let mut emulator = emulator();
    let answer = json(&get(&mut emulator, TOKEN));
    let expected = [
        "access_token",
        "client_id",
        "expires_in",
        "expires_on",
        "ext_expires_in",
        "not_before",
        "resource",
        "token_type",
    ];
    assert_eq!(keys(&answer), expected);
    assert_eq!(string(&answer, "client_id"), "00000000-0000-4000-8000-0000000000c0");
    assert_eq!(string(&answer, "expires_in"), "86400");
    assert_eq!(string(&answer, "expires_on"), (NOW + 86_400).to_string());
    assert_eq!(string(&answer, "ext_expires_in"), "86399");
    assert_eq!(string(&answer, "not_before"), (NOW - 300).to_string());
    assert_eq!(string(&answer, "resource"), "https://management.azure.com/");
    assert_eq!(string(&answer, "token_type"), "Bearer");
    // Node's client adds a slash, others escape the resource.
    let escaped =
        "/metadata/identity/oauth2/token/?resource=https%3A%2F%2Fmanagement.azure.com%2F&api-version=2019-08-01";
    assert_eq!(json(&get(&mut emulator, escaped)), answer);
}

#[test]
fn tokens_verify_with_the_published_key() {
    let mut emulator = emulator().with_origin("http://127.0.0.1:9000").unwrap();
    let answer = json(&get(&mut emulator, TOKEN));
    let token = string(&answer, "access_token");
    let (message, signature) = token.rsplit_once('.').unwrap();
    let (header, claims) = message.split_once('.').unwrap();
    let part =
        |text: &str| Document::from_bytes(&BASE64URL_NOPAD.decode(text.as_bytes()).unwrap()).unwrap().root().clone();
    let (header, claims) = (part(header), part(claims));
    let issuer = "http://127.0.0.1:9000/emulator/identity/00000000-0000-4000-8000-0000000000e1";
    assert_eq!((string(&claims, "iss"), string(&claims, "aud")), (issuer, "https://management.azure.com/"));
    assert_eq!(string(&claims, "tid"), "00000000-0000-4000-8000-0000000000e1");
    assert_eq!(string(&claims, "appid"), string(&answer, "client_id"));
    assert_eq!(claims.member("exp"), Some(&Value::Number((NOW + 86_400).to_string())));
    // From the issuer to the key, as a resource goes.
    let found = emulator.handle(at(0), &bare("GET", &format!("{issuer}/.well-known/openid-configuration")));
    let configuration = json(&found);
    assert_eq!(string(&configuration, "issuer"), issuer);
    let found = emulator.handle(at(0), &bare("GET", string(&configuration, "jwks_uri")));
    let jwks = json(&found);
    let key = jwks.member("keys").unwrap().element(0).unwrap();
    assert_eq!(keys(key), ["alg", "e", "kid", "kty", "n", "use"]);
    assert_eq!(string(key, "kid"), string(&header, "kid"));
    assert_eq!((string(&header, "alg"), string(key, "alg")), ("RS256", "RS256"));
    // RFC 8017 section 8.2.2, by another implementation of arithmetic.
    let number = |text: &str| BigUint::from_bytes_be(&BASE64URL_NOPAD.decode(text.as_bytes()).unwrap());
    let block = number(signature).modpow(&number(string(key, "e")), &number(string(key, "n"))).to_bytes_be();
    let mut expected = vec![1];
    expected.extend([0xff; 202]);
    expected.push(0);
    expected.extend(data_encoding::HEXLOWER.decode(b"3031300d060960864801650304020105000420").unwrap());
    expected.extend(Sha256::digest(message));
    assert_eq!(block, expected);
}

#[test]
fn a_cached_token_ages_and_is_renewed() {
    let mut emulator = emulator();
    let token = |emulator: &mut Emulator, seconds: u64, query: &str| {
        let answer = json(&emulator.handle(at(seconds * 1000), &Incoming::get(&format!("{TOKEN}{query}"))));
        (string(&answer, "access_token").to_owned(), string(&answer, "expires_in").to_owned())
    };
    let (first, _) = token(&mut emulator, 0, "");
    assert_eq!(token(&mut emulator, 82, ""), (first.clone(), "86318".to_owned()));
    assert_eq!(token(&mut emulator, 43_199, ""), (first.clone(), "43201".to_owned()));
    let (second, left) = token(&mut emulator, 43_200, "");
    assert_eq!(left, "86400");
    assert_ne!(second, first);
    let (third, _) = token(&mut emulator, 43_200, "&bypass_cache=true");
    assert_ne!(third, second);
    assert_eq!(token(&mut emulator, 43_201, "").0, third);
    // A wall clock that went back: a token of the future is of no use.
    assert_ne!(token(&mut emulator, 0, "").0, third);
    // Tokens of many resources take no more memory than a few.
    for number in 0..200 {
        get(&mut emulator, &format!("/metadata/identity/oauth2/token?api-version=2018-02-01&resource={number}"));
    }
    let shown = format!("{emulator:?}");
    assert!(shown.contains("cached: 64, issued: 204"), "{shown}");
}

#[test]
fn the_identity_is_the_one_named_or_the_only_one() {
    let client = |emulator: &mut Emulator, query: &str| {
        let reply = get(emulator, &format!("{TOKEN}{query}"));
        if reply.response.status == 200 {
            string(&json(&reply), "client_id").to_owned()
        } else {
            text(&reply).to_owned()
        }
    };
    let system = "00000000-0000-4000-8000-0000000000c0";
    let not_found = r#"{"error":"invalid_request","error_description":"Identity not found"}"#;
    let several = concat!(
        r#"{"error":"invalid_request","error_description":"Multiple user assigned identities exist, please specify "#,
        r#"the clientId / resourceId of the identity in the token request"}"#
    );
    assert_eq!((not_found.len(), several.len()), (68, 168));
    let (one, two) = (user(1), user(2));
    for (mut emulator, query, expected) in [
        (users(true, 0), String::new(), system),
        (users(true, 2), String::new(), system),
        (users(false, 1), String::new(), &*one.client_id),
        (users(false, 0), String::new(), not_found),
        (users(false, 2), String::new(), several),
        (users(true, 2), format!("&client_id={}", two.client_id.to_uppercase()), &*two.client_id),
        (users(true, 2), format!("&object_id={}", one.object_id), &*one.client_id),
        (users(true, 2), format!("&msi_res_id={}", two.resource_id.to_uppercase()), &*two.client_id),
        (users(true, 2), format!("&mi_res_id={}", two.resource_id.replace('/', "%2F")), &*two.client_id),
        (users(true, 2), format!("&client_id={system}"), system),
        (users(true, 2), "&client_id=".to_owned(), not_found),
        (users(true, 2), format!("&client_id={}", two.object_id), not_found),
        (users(true, 1), "&msi_res_id=/nowhere".to_owned(), not_found),
        (with(Machine::classic()), String::new(), not_found),
    ] {
        assert_eq!(client(&mut emulator, &query), expected, "{query}");
    }
    let mut emulator = users(true, 2);
    let by_object = json(&get(&mut emulator, &format!("{TOKEN}&object_id={}", one.object_id)));
    assert_eq!(string(&by_object, "object_id"), one.object_id);
    let by_resource = json(&get(&mut emulator, &format!("{TOKEN}&msi_res_id={}", one.resource_id)));
    assert_eq!(string(&by_resource, "msi_res_id"), one.resource_id);
}

#[test]
fn refusals_are_in_the_services_form() {
    let mut emulator = users(true, 2);
    let token = "/metadata/identity/oauth2/token";
    for (target, description) in [
        (format!("{token}?resource=a"), "Required query variable 'api-version' is missing"),
        (format!("{token}?resource=a&api-version=2016-01-01"), "Invalid 'api-version' requested"),
        (format!("{token}?resource=a&api-version=x"), "Invalid 'api-version' requested"),
        (format!("{token}?api-version=2018-02-01"), "Required query variable 'resource' is missing"),
        (format!("{token}?api-version=2018-02-01&resource="), "Required query variable 'resource' is missing"),
        (
            format!("{TOKEN}&client_id=a&object_id=b"),
            "Only one of client_id, object_id and msi_res_id can be specified",
        ),
        ("/metadata/identity/info".to_owned(), "Required query variable 'api-version' is missing"),
    ] {
        let expected = format!(r#"{{"error":"invalid_request","error_description":"{description}"}}"#);
        assert_eq!(answer(&mut emulator, &Incoming::get(&target)), (400, expected), "{target}");
    }
    let info = get(&mut emulator, "/metadata/identity/info?api-version=2018-02-01");
    assert_eq!(text(&info), r#"{"tenantId":"00000000-0000-4000-8000-0000000000e1"}"#);
}

#[test]
fn nothing_private_is_shown() {
    let mut emulator = emulator();
    get(&mut emulator, TOKEN);
    let shown = format!("{emulator:?}");
    assert!(!shown.contains("eyJ"), "a token is shown");
    let keys = emulator.handle(at(0), &bare("GET", "/emulator/identity/00000000-0000-4000-8000-0000000000e1/keys"));
    for private in [r#""d":"#, r#""p":"#, r#""q":"#, r#""dp":"#, r#""dq":"#, r#""qi":"#] {
        assert!(!text(&keys).contains(private));
    }
    assert_eq!(emulator.handle(at(0), &bare("GET", "/emulator/identity/other/keys")).response.status, 404);
}
