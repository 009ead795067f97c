//! NIST's Public Key Interoperability Test Suite: paths that need neither CRLs nor policies, and signed messages.
//!
//! The data come from two packages of PyPI, pinned by hash, into a folder beside the build's: certificates and messages
//! from `cryptography-vectors` (Apache-2.0 or BSD-3-Clause; the data are NIST's), expected results from
//! `pyhanko-certvalidator` (MIT). Nothing of them is part of this repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use azure_imds::attested::{Check, Outcome};
use azure_imds::layers::{self, Leaf};
use azure_imds::{Expectations, NONCE_NOT_CHECKED, Timestamp, Trust, Verifier};
use data_encoding::BASE64_MIME_PERMISSIVE;
use serde_json::Value;

use crate::asn1::{element, elements, sequence, tag};

const REQUIREMENTS: &str = "\
cryptography-vectors==46.0.7 --hash=sha256:ecf571e08088b26aaf0e0dbe83e3de5f9d184b29192f3810b5e42d954c08dd4b
pyhanko-certvalidator==0.33.0 --hash=sha256:a4c3309f99c77cdcad24532f75340bd8cc8b108aa8992b8102d44f250ebd449c
";

/// Sections about paths alone: signatures, validity, names, self-issued CAs, basic constraints, key usage, name
/// constraints, private extensions.
const SECTIONS: &[&str] = &["401", "402", "403", "405", "406", "407", "413", "416"];

/// Cases of these sections that need more: DSA, or CRLs.
const LEFT_OUT: &[&str] = &["40104", "40105", "40106", "40502", "40505", "40507", "40704", "40705"];

/// Paths that PKITS accepts and the verifier refuses: the case, the code, the reason.
pub const STRICTER: &[(&str, &str, &str)] = &[
    ("40203", "certificate_malformed", "a validity that begins in 1950; no certificate of Azure's begins before 1970"),
    ("40204", "certificate_malformed", "a GeneralizedTime before 2050, against RFC 5280, section 4.1.2.5"),
    ("40303", "issuer_missing", NAMES),
    ("40304", "issuer_missing", NAMES),
    ("40305", "issuer_missing", NAMES),
    ("40306", "certificate_profile", "unique identifiers, which conforming CAs must not write (section 4.1.2.8)"),
    ("40310", "issuer_missing", NAMES),
    ("40311", "issuer_missing", NAMES),
    ("40604", "certificate_profile", "basic constraints that are not critical, against section 4.2.1.9"),
    ("40608", "path_invalid", CA_AS_LEAF),
    ("40614", "path_invalid", CA_AS_LEAF),
    ("40615", "path_invalid", SELF_ISSUED),
    ("40617", "path_invalid", SELF_ISSUED),
    ("41301", "name_constraint", DIRECTORY_NAME),
    ("41304", "name_constraint", DIRECTORY_NAME),
    ("41305", "name_constraint", DIRECTORY_NAME),
    ("41306", "name_constraint", DIRECTORY_NAME),
    ("41311", "name_constraint", DIRECTORY_NAME),
    ("41314", "name_constraint", DIRECTORY_NAME),
    ("41318", "name_constraint", DIRECTORY_NAME),
    ("41319", "path_invalid", SELF_ISSUED),
    ("41321", "name_constraint", OTHER_NAME),
    ("41323", "name_constraint", OTHER_NAME),
    ("41325", "name_constraint", OTHER_NAME),
    ("41327", "name_constraint", DIRECTORY_NAME),
    ("41334", "name_constraint", OTHER_NAME),
    ("41336", "name_constraint", OTHER_NAME),
];

/// Messages that can't be read, since a certificate in them can't be: the name, the reason.
pub const UNREADABLE: &[(&str, &str)] = &[
    ("SignedInvalidpre2000UTCEEnotAfterDateTest7", "the validity ends before 1970"),
    ("SignedValidGeneralizedTimenotBeforeDateTest4", "a GeneralizedTime before 2050"),
    ("SignedValidpre2000UTCnotBeforeDateTest3", "the validity begins before 1970"),
];

const NAMES: &str = "names are compared byte for byte: case, white space and string type count";
const CA_AS_LEAF: &str = "a CA's certificate at the end of the path";
const SELF_ISSUED: &str = "a certificate that a CA issues to its own name is held to path length and name constraints";
const DIRECTORY_NAME: &str = "directory names are not compared with constraints; what is constrained is refused";
const OTHER_NAME: &str = "e-mail addresses and URIs are not compared with constraints; what is constrained is refused";

/// 2022-05-01, at which all certificates of the suite are valid that ever are.
pub const TIME: u64 = 1_651_363_200;

/// One path of the suite.
#[derive(Clone, Debug)]
pub struct PathOutcome {
    /// Five digits: section and test.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether the suite accepts it.
    pub expected: bool,
    /// The number of certificates in the path found, or a code.
    pub found: Result<usize, String>,
}

impl PathOutcome {
    /// What is wrong with it, unless the table says why.
    #[must_use]
    pub fn divergence(&self) -> Option<String> {
        let listed = STRICTER.iter().find(|(id, ..)| *id == self.id);
        let right = match (&self.found, listed) {
            (Err(code), Some((_, listed, _))) => self.expected && code == listed,
            (found, None) => found.is_ok() == self.expected,
            _ => false,
        };
        (!right).then(|| format!("{} {}: expected {}, found {:?}", self.id, self.name, self.expected, self.found))
    }
}

/// What became of one signed message.
#[derive(Clone, Debug)]
pub struct MessageOutcome {
    /// The name of its file.
    pub name: String,
    /// The content signature as it came: `passed`, or a code.
    pub original: String,
    /// The same with one octet of the content changed.
    pub changed: String,
}

/// The folder with the data, fetched if need be; nothing with the reason on standard error if it can't be had.
///
/// # Panics
///
/// If it can't be had in continuous integration.
#[must_use]
pub fn folder() -> Option<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from);
    let folder = target.join("corpora/pkits");
    match fetch(&folder) {
        Ok(()) => Some(folder),
        Err(reason) => {
            assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "PKITS can't be had: {reason}");
            eprintln!("skipped: PKITS: {reason}");
            None
        }
    }
}

/// The name of the anchor's files, without their endings.
pub const ANCHOR: &str = "TrustAnchorRootCertificate";

/// One path of the suite as it came, DER throughout.
#[derive(Clone, Debug)]
pub struct PathCase {
    /// Five digits: section and test.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether the suite accepts it.
    pub expected: bool,
    /// The name of the leaf's file, without its ending.
    pub leaf_name: String,
    /// The certificate at the end of the path.
    pub leaf: Vec<u8>,
    /// The others below the anchor.
    pub issuers: Vec<Vec<u8>>,
    /// The names of their files, likewise.
    pub issuer_names: Vec<String>,
    /// The anchor.
    pub anchor: Vec<u8>,
}

/// All paths that need neither CRLs nor policies.
///
/// # Panics
///
/// If the data are not what they should be.
#[must_use]
pub fn path_cases(folder: &Path) -> Vec<PathCase> {
    let text =
        fs::read(folder.join("pyhanko_certvalidator-0.33.0/tests/fixtures/nist_pkits/pkits.json")).expect("cases");
    let cases: Value = serde_json::from_slice(&text).expect("JSON");
    let wanted = |id: &str| SECTIONS.contains(&&id[..3]) && !LEFT_OUT.contains(&id);
    let cases = cases.as_array().expect("a list").iter().filter(|case| wanted(case["id"].as_str().expect("an id")));
    cases.map(|case| path_case(folder, case)).collect()
}

fn path_case(folder: &Path, case: &Value) -> PathCase {
    let text = |name: &str| case[name].as_str().expect("a text").to_owned();
    let certificate = |name: &str| fs::read(data(folder).join("certs").join(name)).expect("a certificate");
    let issuers = case["other_certs"].as_array().into_iter().flatten().map(|name| name.as_str().expect("a name"));
    let leaf = text("cert");
    let stem = |name: &str| name.trim_end_matches(".crt").to_owned();
    PathCase {
        id: text("id"),
        name: text("name"),
        expected: case["error"].is_null(),
        leaf: certificate(&leaf),
        leaf_name: stem(&leaf),
        issuers: issuers.clone().map(certificate).collect(),
        issuer_names: issuers.map(stem).collect(),
        anchor: certificate(&format!("{ANCHOR}.crt")),
    }
}

/// The same, run.
///
/// # Panics
///
/// If the data are not what they should be.
#[must_use]
pub fn paths(folder: &Path) -> Vec<PathOutcome> {
    path_cases(folder).iter().map(PathCase::run).collect()
}

impl PathCase {
    fn run(&self) -> PathOutcome {
        let anchor = Trust::builder_without_anchors().anchors(&self.anchor).expect("the anchor");
        let found = match self.issuers.iter().try_fold(anchor, |trust, issuer| trust.issuers(issuer)) {
            Ok(trust) => {
                let (found, _) = layers::chain(&trust.build(), &self.leaf, Leaf::Any, Timestamp::from_unix(TIME));
                found.map(|path| path.len()).map_err(|error| error.code().to_owned())
            }
            Err(error) => Err(error.code().to_owned()),
        };
        PathOutcome { id: self.id.clone(), name: self.name.clone(), expected: self.expected, found }
    }
}

/// A signed message, put into the form of a document.
#[derive(Clone, Debug)]
pub struct MessageCase {
    /// The name of its file, without its ending.
    pub name: String,
    /// As it came, but for its form.
    pub original: Vec<u8>,
    /// The same with one octet of the content changed.
    pub changed: Vec<u8>,
    /// The anchor of the suite.
    pub anchor: Vec<u8>,
}

/// All messages that are signed with RSA.
///
/// # Panics
///
/// If the data are not what they should be.
#[must_use]
pub fn message_cases(folder: &Path) -> Vec<MessageCase> {
    let anchor = fs::read(data(folder).join("certs").join(format!("{ANCHOR}.crt"))).expect("the anchor");
    let mut files: Vec<_> = fs::read_dir(data(folder).join("smime"))
        .expect("messages")
        .map(|entry| entry.expect("a file").path())
        .collect();
    files.sort();
    let names = files.iter().map(|file| (file, file.file_stem().expect("a name").to_string_lossy().into_owned()));
    names
        .filter(|(_, name)| !name.contains("DSA"))
        .map(|(file, name)| message_case(file, name, anchor.clone()))
        .collect()
}

/// The same, run.
///
/// # Panics
///
/// If the data are not what they should be.
#[must_use]
pub fn messages(folder: &Path) -> Vec<MessageOutcome> {
    let run = |case: MessageCase| MessageOutcome {
        original: signature(&case.original),
        changed: signature(&case.changed),
        name: case.name,
    };
    message_cases(folder).into_iter().map(run).collect()
}

/// The messages are detached and carry CRLs, neither of which a document may: the content is put into the structure
/// and the CRLs are left out. No signature is over either.
fn message_case(file: &Path, name: String, anchor: Vec<u8>) -> MessageCase {
    let text = String::from_utf8(fs::read(file).expect("a message")).expect("text").replace("\r\n", "\n");
    let boundary = text.split_once("boundary=\"").and_then(|(_, rest)| rest.split_once('"')).expect("a boundary").0;
    let parts: Vec<&str> = text.split(&format!("--{boundary}")).collect();
    let content = parts[1].strip_prefix('\n').and_then(|part| part.strip_suffix('\n')).expect("a part");
    let content = content.replace('\n', "\r\n").into_bytes();
    let encoded = parts[2].split_once("\n\n").expect("a signature").1;
    let der = BASE64_MIME_PERMISSIVE.decode(encoded.trim().as_bytes()).expect("base64");
    let mut changed = content.clone();
    let last = changed.len() - 1;
    changed[last] ^= 1;
    MessageCase { name, original: attached(&der, &content), changed: attached(&der, &changed), anchor }
}

fn attached(der: &[u8], content: &[u8]) -> Vec<u8> {
    let [kind, signed] = elements(der)[..] else { panic!("no ContentInfo") };
    let fields = elements(elements(signed)[0]);
    let [version, digests, encapsulated, rest @ ..] = &fields[..] else { panic!("no SignedData") };
    let content = element(tag::explicit(0), &element(tag::OCTET_STRING, content));
    let encapsulated = sequence(&[elements(encapsulated)[0], &content]);
    let mut signed = vec![*version, *digests, &encapsulated];
    signed.extend(rest.iter().filter(|field| field[0] != tag::explicit(1)));
    sequence(&[kind, &element(tag::explicit(0), &sequence(&signed))])
}

impl MessageOutcome {
    /// Whether it is as it should be: right as it came and wrong once changed, or unreadable as listed.
    #[must_use]
    pub fn is_right(&self) -> bool {
        let expected = match UNREADABLE.iter().any(|(name, _)| *name == self.name) {
            true => ["certificate_malformed"; 2],
            false => ["passed", "message_digest_mismatch"],
        };
        [&*self.original, &*self.changed] == expected
    }
}

/// What the report says of the content signature: `passed`, a code, or the code at which it was not reached.
fn signature(der: &[u8]) -> String {
    let verifier = Verifier::new(Trust::builder_without_anchors().build());
    let report = verifier.explain(der, &Expectations::new(NONCE_NOT_CHECKED), Timestamp::from_unix(TIME));
    let line = report.checks().iter().find(|line| line.check == Check::ContentSignature);
    match line.map(|line| &line.outcome) {
        Some(Outcome::Passed) => String::from("passed"),
        _ => report.verdict().map_or_else(|error| error.code().to_owned(), |_| String::from("verified")),
    }
}

pub(crate) fn data(folder: &Path) -> PathBuf {
    folder.join("cryptography_vectors/x509/PKITS_data")
}

fn fetch(folder: &Path) -> Result<(), String> {
    let done = folder.join("done");
    if fs::read_to_string(&done).is_ok_and(|fetched| fetched == REQUIREMENTS) {
        return Ok(());
    }
    let fault = |error: std::io::Error| format!("writing to {}: {error}", folder.display());
    fs::create_dir_all(folder).map_err(fault)?;
    fs::write(folder.join("requirements.txt"), REQUIREMENTS).map_err(fault)?;
    let download = ["-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", "--dest", ".", "-r"];
    // Only the source package of the second holds the cases.
    python(folder, &[&download[..], &["requirements.txt", "--no-binary", "pyhanko-certvalidator"]].concat())?;
    python(folder, &["-m", "zipfile", "-e", "cryptography_vectors-46.0.7-py3-none-any.whl", "."])?;
    python(folder, &["-m", "tarfile", "-e", "pyhanko_certvalidator-0.33.0.tar.gz", "."])?;
    fs::write(done, REQUIREMENTS).map_err(fault)
}

fn python(folder: &Path, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new("python3")
        .args(arguments)
        .current_dir(folder)
        .output()
        .map_err(|error| format!("starting python3: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    Err(text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("python3 failed").to_owned())
}
