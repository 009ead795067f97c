//! Input that is no document: too long, torn, or in a form that two readers would read in two ways.

use data_encoding::BASE64;

use crate::claims::Claims;
use crate::input::{self, Input};
use crate::pki::Pki;
use crate::suite::Case;
use crate::suite::Importance::{self, High, Low, Medium};

/// The cases.
#[must_use]
pub fn cases(pki: &Pki) -> Vec<Case> {
    let base64 = BASE64.encode(&pki.short(Claims::short()).der());
    let reader = Reader { pki, base64 };
    [reader.limits(), reader.envelopes(), reader.signatures(), reader.base64(), reader.pem()].concat()
}

struct Reader<'a> {
    pki: &'a Pki,
    base64: String,
}

impl Reader<'_> {
    fn text(
        &self,
        name: &str,
        verdict: &'static str,
        importance: Importance,
        flaws: &'static [&'static str],
        description: &str,
        text: impl Into<String>,
    ) -> Case {
        self.pki.short_case(&format!("input::{name}"), verdict, importance, flaws, description).input(Input::text(text))
    }

    fn limits(&self) -> Vec<Case> {
        let envelope = input::envelope(&self.base64);
        let long = format!("{envelope}{}", " ".repeat(65_537 - envelope.len()));
        vec![
            self.text("empty", "input_empty", Medium, &[], "Nothing at all.", ""),
            self.text("white_space", "input_empty", Low, &[], "White space and nothing else.", " \t\r\n \n"),
            self.text(
                "too_long",
                "input_too_long",
                High,
                &["21"],
                "65,537 bytes: one more than the longest input, though a valid document stands in front.",
                long,
            ),
            self.text(
                "empty_signature",
                "input_empty",
                Low,
                &[],
                "The envelope's signature is empty.",
                input::envelope(""),
            ),
            self.text("empty_pem", "pem_malformed", Low, &[], "A PEM block around nothing.", input::pem("PKCS7", &[])),
        ]
    }

    fn envelopes(&self) -> Vec<Case> {
        let base64 = &self.base64;
        let malformed = |name: &str, importance, description: &str, text: String| {
            self.text(&format!("envelope_{name}"), "envelope_malformed", importance, &["46"], description, text)
        };
        let duplicate = |name: &str, description: &str, text: String| {
            let name = format!("envelope_{name}");
            self.text(&name, "envelope_duplicate_key", Medium, &["44", "46"], description, text)
        };
        let encoding = |name: &str, description: &str, encoding: &str| {
            let text = format!(r#"{{{encoding}"signature":"{base64}"}}"#);
            self.text(&format!("envelope_encoding_{name}"), "envelope_encoding", Medium, &["46"], description, text)
        };
        let valid = input::envelope(base64);
        let invalid_utf8 =
            [br#"{"encoding":"pkcs7","note":""#, &[0xff][..], br#"","signature":""#, base64.as_bytes(), br#""}"#]
                .concat();
        vec![
            encoding("absent", "The envelope does not say which encoding it uses.", ""),
            encoding("other", "Another encoding.", r#""encoding":"cms","#),
            encoding(
                "upper_case",
                "The encoding in upper case: values are compared exactly.",
                r#""encoding":"PKCS7","#,
            ),
            encoding("padded", "White space behind the encoding.", r#""encoding":"pkcs7 ","#),
            encoding("null", "The encoding is null.", r#""encoding":null,"#),
            encoding("key_upper_case", "The key in upper case is another key.", r#""Encoding":"pkcs7","#),
            self.text(
                "envelope_of_an_error",
                "envelope_encoding",
                High,
                &[],
                "The service's answer to a bad request instead of a document.",
                r#"{"error":"Bad request. api-version was not specified in the request"}"#,
            ),
            duplicate(
                "signature_twice",
                "The signature stands twice; readers take the first or the last.",
                format!(r#"{{"encoding":"pkcs7","signature":"AAAA","signature":"{base64}"}}"#),
            ),
            duplicate(
                "encoding_twice",
                "The encoding stands twice.",
                format!(r#"{{"encoding":"cms","encoding":"pkcs7","signature":"{base64}"}}"#),
            ),
            duplicate(
                "same_twice",
                "The signature stands twice with the same value.",
                format!(r#"{{"signature":"{base64}","encoding":"pkcs7","signature":"{base64}"}}"#),
            ),
            duplicate(
                "twice_by_escape",
                "The signature stands twice, once with an escape in its name.",
                format!(r#"{{"encoding":"pkcs7","signatur\u0065":"AAAA","signature":"{base64}"}}"#),
            ),
            duplicate(
                "unknown_twice",
                "A key nobody knows stands twice.",
                format!(r#"{{"a":1,"encoding":"pkcs7","a":1,"signature":"{base64}"}}"#),
            ),
            malformed("signature_absent", Medium, "No signature.", r#"{"encoding":"pkcs7"}"#.into()),
            malformed(
                "signature_null",
                Medium,
                "The signature is null.",
                r#"{"encoding":"pkcs7","signature":null}"#.into(),
            ),
            malformed(
                "signature_list",
                Low,
                "The signature is a list.",
                format!(r#"{{"encoding":"pkcs7","signature":["{base64}"]}}"#),
            ),
            malformed(
                "torn",
                Medium,
                "The envelope ends in the midst of the signature.",
                valid[..valid.len() / 2].into(),
            ),
            malformed("trailing_comma", Low, "A comma behind the last member.", valid.replace("\"}", "\",}")),
            malformed("trailing_text", Medium, "Text follows the envelope.", format!("{valid}x")),
            malformed("two", Medium, "A second envelope follows the first.", format!("{valid}\n{valid}")),
            malformed(
                "control_character",
                Low,
                "A line feed inside a text, which JSON does not allow.",
                valid.replace("pkcs7", "pkcs7\n"),
            ),
            malformed(
                "deep_lists",
                Medium,
                "Eight lists inside one another in a key nobody knows: one more than may be.",
                valid.replacen('{', &format!(r#"{{"extra":{}{},"#, "[".repeat(8), "]".repeat(8)), 1),
            ),
            malformed("invalid_utf8", Medium, "A byte that is not UTF-8 in a key nobody knows.", String::new())
                .input(Input::Bytes(invalid_utf8)),
        ]
    }

    fn signatures(&self) -> Vec<Case> {
        let base64 = &self.base64;
        let case = |name: &str, description: &str, signature: String| {
            let name = format!("envelope_signature_{name}");
            self.text(&name, "base64_malformed", Medium, &["20"], description, input::envelope(&signature))
        };
        vec![
            case(
                "line_feed",
                "A line feed (escaped) in the envelope's signature, which the service writes in one line.",
                format!("{}\\n{}", &base64[..64], &base64[64..]),
            ),
            case(
                "trailing_line_feed",
                "A line feed (escaped) behind the envelope's signature.",
                format!("{base64}\\n"),
            ),
            case("space", "A space in the envelope's signature.", format!("{} {}", &base64[..64], &base64[64..])),
            case("url_alphabet", "The alphabet for URLs.", url_alphabet(base64)),
            case("unpadded", "The padding is left out.", self.padded().trim_end_matches('=').into()),
            case(
                "junk",
                "A sign of no alphabet; lenient readers skip it.",
                format!("{}!{}", &base64[..64], &base64[64..]),
            ),
        ]
    }

    fn base64(&self) -> Vec<Case> {
        let base64 = &self.base64;
        let case = |name: &str, description: &str, text: String| {
            self.text(&format!("base64_{name}"), "base64_malformed", Medium, &["20"], description, text)
        };
        let padded = self.padded();
        let bits = {
            let stem = padded.trim_end_matches('=');
            let last = stem.chars().last().expect("a character");
            let position = ALPHABET.find(last).expect("of the alphabet");
            let other = &ALPHABET[position + 1..position + 2];
            format!("{}{other}{}", &stem[..stem.len() - 1], &padded[stem.len()..])
        };
        vec![
            case("space", "A space inside; only line ends may be.", format!("{} {}", &base64[..64], &base64[64..])),
            case("tab", "A tab inside; only line ends may be.", format!("{}\t{}", &base64[..64], &base64[64..])),
            case(
                "form_feed",
                "A form feed inside; only line ends may be.",
                format!("{}\u{c}{}", &base64[..64], &base64[64..]),
            ),
            case("url_alphabet", "The alphabet for URLs.", url_alphabet(base64)),
            case("unpadded", "The padding is left out.", padded.trim_end_matches('=').into()),
            case("too_much_padding", "A padding of four signs.", format!("{}====", padded.trim_end_matches('='))),
            case("padding_inside", "Two pieces of base64, each padded, in a row.", format!("{padded}{padded}")),
            case(
                "trailing_bits",
                "Bits that belong to no octet are set: a second spelling of the same document.",
                bits,
            ),
            case("after_padding", "A sign behind the padding.", format!("{padded}A")),
            case(
                "junk",
                "A sign of no alphabet; lenient readers skip it.",
                format!("{}*{}", &base64[..64], &base64[64..]),
            ),
            case("nul", "A NUL inside.", format!("{}\0{}", &base64[..64], &base64[64..])),
            case("not_ascii", "A letter that only looks like one of the alphabet.", base64.replacen('A', "\u{410}", 1)),
            case("byte_order_mark", "A byte order mark in front.", format!("\u{feff}{base64}")),
            case("quoted", "The signature with its quotes.", format!("\"{base64}\"")),
            case("html", "The page of a captive portal.", "<html><body>log in</body></html>".into()),
        ]
    }

    fn pem(&self) -> Vec<Case> {
        let der = self.pki.short(Claims::short()).der();
        let pem = input::pem("PKCS7", &der);
        let case = |name: &str, description: &str, text: String| {
            self.text(&format!("pem_{name}"), "pem_malformed", Low, &["20"], description, text)
        };
        let label = |name: &str, description: &str, label: &str, der: &[u8]| {
            self.text(&format!("pem_label_{name}"), "pem_label", Low, &[], description, input::pem(label, der))
        };
        vec![
            label("certificate", "A certificate instead of a document.", "CERTIFICATE", &self.pki.leaf.der),
            label("data", "The document under the label of another object.", "PRIVATE KEY", &der),
            label("lower_case", "The label in lower case.", "pkcs7", &der),
            case("no_end", "The last line is missing.", pem.replace("-----END PKCS7-----\n", "")),
            case("other_end", "The last line names another label than the first.", pem.replace("END PKCS7", "END CMS")),
            case("text_after", "Text follows the block.", format!("{pem}x")),
            case("two", "A second block follows the first.", format!("{pem}{pem}")),
            case("dashes", "Four dashes where five belong.", pem.replacen("-----BEGIN", "----BEGIN", 1)),
            case("junk", "A sign of no alphabet inside.", pem.replacen("\nMII", "\nM*II", 1)),
            case(
                "headers",
                "Headers as in encrypted keys of old.",
                pem.replacen("-----\n", "-----\nProc-Type: 4,MIC-ONLY\n\n", 1),
            ),
        ]
    }

    /// A document whose base64 ends with padding.
    fn padded(&self) -> String {
        ["x", "xx", "xxx"]
            .iter()
            .map(|nonce| BASE64.encode(&self.pki.short(Claims::short().text("licenseType", nonce)).der()))
            .find(|base64| base64.ends_with('='))
            .expect("one of three lengths")
    }
}

fn url_alphabet(base64: &str) -> String {
    assert!(base64.contains(['+', '/']));
    base64.replace('+', "-").replace('/', "_")
}

const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
