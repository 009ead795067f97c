//! Signed content that is not the JSON the service writes.

use crate::claims::{Claims, VM_ID};
use crate::pki::Pki;
use crate::suite::Case;
use crate::suite::Importance::{self, Critical, High, Low, Medium};

/// The cases.
#[must_use]
pub fn cases(pki: &Pki) -> Vec<Case> {
    let table = Table { pki };
    [
        table.not_utf8(),
        table.malformed(),
        table.duplicates(),
        table.depth(),
        table.missing(),
        table.types(),
        table.times(),
        table.vm_ids(),
    ]
    .concat()
}

struct Table<'a> {
    pki: &'a Pki,
}

impl Table<'_> {
    fn case(
        &self,
        id: &str,
        verdict: &'static str,
        importance: Importance,
        flaws: &'static [&'static str],
        description: &str,
        content: impl Into<Vec<u8>>,
    ) -> Case {
        self.pki
            .short_case(&format!("claims::{id}"), verdict, importance, flaws, description)
            .document(&self.pki.short(content))
    }

    fn not_utf8(&self) -> Vec<Case> {
        let case = |id: &str, description: &str, octets: &[u8]| {
            let text = Claims::default().text("sku", "@").render();
            let (before, after) = text.split_once('@').expect("the mark");
            let content = [before.as_bytes(), octets, after.as_bytes()].concat();
            self.case(&format!("utf8_{id}"), "claims_not_utf8", Medium, &["44"], description, content)
        };
        vec![
            case("latin_1", "A letter of Latin-1.", b"gr\xf6\xdfe"),
            case("overlong", "An overlong form of a slash.", b"\xc0\xaf"),
            case("surrogate", "A surrogate, encoded like a character.", b"\xed\xa0\x80"),
            case("torn", "The beginning of a character, without its end.", b"\xe2\x82"),
            case("too_high", "A number beyond the last character.", b"\xf5\x80\x80\x80"),
        ]
    }

    fn malformed(&self) -> Vec<Case> {
        let valid = Claims::default().render();
        let case = |id: &str, description: &str, content: String| {
            self.case(id, "claims_malformed", Medium, &["44"], description, content)
        };
        vec![
            case("trailing_text", "Text follows the object.", format!("{valid}x")),
            case("trailing_object", "A second object follows the first.", format!("{valid}{valid}")),
            case("trailing_nul", "A NUL follows the object.", format!("{valid}\0")),
            case("torn", "The object does not end.", valid[..valid.len() - 1].into()),
            case("brace", "An opening brace and nothing else.", "{".into()),
            case("nan", "NaN, which is no JSON.", Claims::default().json("extra", "NaN").render()),
            case("infinity", "Infinity, which is no JSON.", Claims::default().json("extra", "-Infinity").render()),
            case("lone_surrogate", "Half of a surrogate pair.", Claims::default().json("sku", "\"\\ud800\"").render()),
            case(
                "reversed_surrogates",
                "The halves of a surrogate pair in the wrong order.",
                Claims::default().json("sku", "\"\\ude00\\ud83d\"").render(),
            ),
            case("trailing_comma", "A comma behind the last member.", valid.replace("\"}", "\",}")),
            case("comment", "A comment.", valid.replace("{\"licenseType\"", "{/*x*/\"licenseType\"")),
            case("single_quotes", "Single quotes.", valid.replace('"', "'")),
            case("unquoted_key", "A key without quotes.", valid.replace("\"vmId\"", "vmId")),
            case("leading_zero", "A number with a leading zero.", Claims::default().json("extra", "01").render()),
            case("hexadecimal", "A hexadecimal number.", Claims::default().json("extra", "0x10").render()),
            case("control_character", "A tab inside a text.", valid.replace("22_04", "22\t04")),
            case("unknown_escape", "An escape there is not.", Claims::default().json("sku", "\"\\x41\"").render()),
        ]
    }

    fn duplicates(&self) -> Vec<Case> {
        let case = |id: &str, importance, description: &str, content: Claims| {
            self.case(&format!("duplicate_{id}"), "claims_duplicate_key", importance, &["44"], description, content)
        };
        let base = Claims::default;
        let other = "\"11111111-2222-3333-4444-555555555555\"";
        let shorter = r#"{"createdOn":"09/21/26 12:00:00 -0000","expiresOn":"09/21/26 17:00:00 -0000"}"#;
        let twice = shorter.replace('}', r#","expiresOn":"09/21/26 18:00:00 -0000"}"#);
        vec![
            case("vm_id", Critical, "vmId twice: parsers take the first or the last.", base().repeat("vmId", other)),
            case("vm_id_same", High, "vmId twice with the same value.", base().repeat("vmId", &format!("\"{VM_ID}\""))),
            case(
                "vm_id_escaped",
                Critical,
                "vmId twice, once with an escape in its name.",
                base().repeat("vm\\u0049d", other),
            ),
            case("nonce", Critical, "The nonce twice.", base().repeat("nonce", "\"1111111111\"")),
            case("unknown", Medium, "A key nobody knows twice.", base().repeat("a", "1").repeat("a", "2")),
            case("time_stamp", High, "timeStamp twice.", base().repeat("timeStamp", shorter)),
            case("expires_on", High, "expiresOn twice within timeStamp.", base().json("timeStamp", &twice)),
            case(
                "plan_name",
                Medium,
                "name twice within plan.",
                base().json("plan", r#"{"name":"","name":"x","product":"","publisher":""}"#),
            ),
            case(
                "in_unknown",
                Medium,
                "A key twice within an object nobody knows.",
                base().json("extra", r#"{"a":1,"a":1}"#),
            ),
            case(
                "in_unknown_escaped",
                High,
                "A key twice within an object nobody knows, once with an escape.",
                base().json("extra", r#"{"a":1,"\u0061":1}"#),
            ),
            case(
                "in_unknown_list",
                High,
                "A key twice within an object in a list nobody knows.",
                base().json("extra", r#"[{"a":1},{"b":1,"a":{},"b":1}]"#),
            ),
            case(
                "in_unknown_at_the_bottom",
                High,
                "A key twice in an object at the eighth level.",
                base().json("extra", &format!("{}{}{}", "[".repeat(6), r#"{"a":1,"a":1}"#, "]".repeat(6))),
            ),
            case(
                "unknown_of_known",
                Medium,
                "A key nobody knows twice within timeStamp.",
                base().json("timeStamp", &shorter.replace('}', r#","zone":0,"zone":0}"#)),
            ),
        ]
    }

    fn depth(&self) -> Vec<Case> {
        let case = |id: &str, importance, description: &str, json: String| {
            let content = Claims::default().json("extra", &json);
            self.case(id, "claims_too_deep", importance, &["44"], description, content)
        };
        vec![
            case(
                "nine_levels",
                Medium,
                "A ninth level of objects: the whole content may have eight.",
                format!("{}{{}}{}", r#"{"a":"#.repeat(7), "}".repeat(7)),
            ),
            case(
                "nine_levels_of_lists",
                Medium,
                "A ninth level, by lists.",
                format!("{}{}", "[".repeat(8), "]".repeat(8)),
            ),
            case(
                "deep_lists",
                High,
                "A thousand lists inside one another.",
                format!("{}{}", "[".repeat(1000), "]".repeat(1000)),
            ),
            case(
                "deep_objects",
                High,
                "Five hundred objects inside one another.",
                format!("{}1{}", r#"{"a":"#.repeat(500), "}".repeat(500)),
            ),
        ]
    }

    fn missing(&self) -> Vec<Case> {
        let case = |id: &str, description: &str, content: Claims| {
            self.case(&format!("missing_{id}"), "claim_missing", High, &["45"], description, content)
        };
        let base = Claims::default;
        vec![
            case("vm_id", "No vmId.", base().without("vmId")),
            case(
                "vm_id_in_unknown",
                "A vmId within an object nobody knows is not the vmId.",
                base().without("vmId").json("extra", &format!(r#"{{"vmId":"{VM_ID}"}}"#)),
            ),
            case(
                "vm_id_in_unknown_list",
                "Nor is one within a list nobody knows.",
                base().without("vmId").json("extra", &format!(r#"[{{"vmId":"{VM_ID}"}}]"#)),
            ),
            case(
                "vm_id_in_known",
                "Nor is one within plan.",
                base().without("vmId").json("plan", &format!(r#"{{"name":"","vmId":"{VM_ID}"}}"#)),
            ),
            case(
                "created_on_in_unknown",
                "A createdOn within an object that timeStamp does not have is not its createdOn.",
                base().json(
                    "timeStamp",
                    r#"{"expiresOn":"09/21/26 18:00:00 -0000","zone":{"createdOn":"09/21/26 12:00:00 -0000"}}"#,
                ),
            ),
            case(
                "vm_id_lower_case",
                "vmid instead of vmId: keys are compared exactly.",
                base().without("vmId").text("vmid", VM_ID),
            ),
            case("time_stamp", "No timeStamp: the document would never end.", base().without("timeStamp")),
            case(
                "time_stamp_lower_case",
                "timestamp instead of timeStamp, as the documentation once wrote.",
                base().without("timeStamp").json(
                    "timestamp",
                    r#"{"createdOn":"09/21/26 12:00:00 -0000","expiresOn":"09/21/26 18:00:00 -0000"}"#,
                ),
            ),
            case("created_on", "No createdOn.", base().json("timeStamp", r#"{"expiresOn":"09/21/26 18:00:00 -0000"}"#)),
            case(
                "expires_on",
                "No expiresOn: the document would never end.",
                base().json("timeStamp", r#"{"createdOn":"09/21/26 12:00:00 -0000"}"#),
            ),
            self.case("empty_object", "claim_missing", Medium, &["45"], "An object without members.", "{}"),
        ]
    }

    fn types(&self) -> Vec<Case> {
        let case = |claim: &str, id: &str, json: &str| {
            let description = format!("{claim} is {}, not what the service writes.", id.replace('_', " "));
            let content = Claims::default().json(claim, json);
            self.case(&format!("type_{claim}_{id}"), "claim_type", Medium, &["44"], &description, content)
        };
        vec![
            case("vmId", "null", "null"),
            case("vmId", "number", "2"),
            case("vmId", "list", &format!("[\"{VM_ID}\"]")),
            case("vmId", "object", "{}"),
            case("nonce", "number", "9876543210"),
            case("nonce", "null", "null"),
            case("timeStamp", "text", "\"09/21/26 18:00:00 -0000\""),
            case("timeStamp", "list", "[]"),
            case("timeStamp", "null", "null"),
            case("timeStamp", "object_of_numbers", r#"{"createdOn":1789992000,"expiresOn":1790013600}"#),
            case("subscriptionId", "null", "null"),
            case("sku", "flag", "true"),
            case("plan", "text", "\"\""),
            case("plan", "null", "null"),
            case("plan", "object_of_numbers", r#"{"name":1,"product":"","publisher":""}"#),
            case("plan", "object_of_objects", r#"{"name":{},"product":"","publisher":""}"#),
            case("plan", "list_of_objects", r#"[{"name":"","product":"","publisher":""}]"#),
            case("sku", "nested_object", r#"{"name":{"name":""}}"#),
            case("licenseType", "number", "0"),
        ]
    }

    fn times(&self) -> Vec<Case> {
        let created = |id: &str, text: &str| {
            let description = format!("createdOn is {text:?}, which is no time as the service writes it.");
            let content = Claims::default().time_texts(text, "09/21/26 18:00:00 -0000");
            self.case(&format!("time_{id}"), "claim_time", Medium, &["42", "X7"], &description, content)
        };
        vec![
            created("year_of_four_digits", "09/21/2026 12:00:00 -0000"),
            created("iso_8601", "2026-09-21T12:00:00Z"),
            created("month_13", "13/21/26 12:00:00 -0000"),
            created("month_00", "00/21/26 12:00:00 -0000"),
            created("day_00", "09/00/26 12:00:00 -0000"),
            created("september_31", "09/31/26 12:00:00 -0000"),
            created("february_29", "02/29/26 12:00:00 -0000"),
            created("hour_24", "09/21/26 24:00:00 -0000"),
            created("second_60", "09/21/26 12:00:60 -0000"),
            created("offset_plus", "09/21/26 12:00:00 +0000"),
            created("offset_other", "09/21/26 12:00:00 -0100"),
            created("offset_letter", "09/21/26 12:00:00 Z"),
            created("offset_absent", "09/21/26 12:00:00"),
            created("one_digit", "9/21/26 12:00:00 -0000"),
            created("space_behind", "09/21/26 12:00:00 -0000 "),
            created("two_spaces", "09/21/26  12:00:00 -0000"),
            created("fraction", "09/21/26 12:00:00.5 -0000"),
            created("sign", "+9/21/26 12:00:00 -0000"),
            created("other_digits", "09/21/26 1\u{662}:00:00 -0000"),
            created("empty", ""),
            self.case(
                "time_expires_on",
                "claim_time",
                Medium,
                &["42"],
                "expiresOn is no time.",
                Claims::default().time_texts("09/21/26 12:00:00 -0000", "never"),
            ),
        ]
    }

    fn vm_ids(&self) -> Vec<Case> {
        let case = |id: &str, importance, text: &str| {
            let description = format!("vmId is {text:?}, which is no UUID.");
            let content = Claims::default().text("vmId", text);
            self.case(&format!("vm_id_{id}"), "vm_id_malformed", importance, &["45"], &description, content)
        };
        vec![
            case("empty", High, ""),
            case("word", Medium, "vm-1"),
            case("braces", Low, "{02aab8a4-74ef-476e-8182-f6d2ba4166a6}"),
            case("without_hyphens", Low, "02aab8a474ef476e8182f6d2ba4166a6"),
            case("urn", Low, "urn:uuid:02aab8a4-74ef-476e-8182-f6d2ba4166a6"),
            case("short", Medium, "02aab8a4-74ef-476e-8182-f6d2ba4166a"),
            case("long", Medium, "02aab8a4-74ef-476e-8182-f6d2ba4166a6\n"),
            case("group_behind", Medium, "02aab8a4-74ef-476e-8182-f6d2ba4166a6-00"),
            case("letter", Medium, "02aab8a4-74ef-476e-8182-f6d2ba4166ag"),
            case("hyphens_moved", Medium, "02aab8a47-4ef-476e-8182-f6d2ba4166a6"),
        ]
    }
}
