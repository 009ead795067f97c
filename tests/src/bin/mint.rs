//! Mints a document on the spot: fresh keys, the present time, and the same document tampered with.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use azure_imds_tests::certificate::{Certificate, CertificateBuilder};
use azure_imds_tests::claims::{Claims, SUBSCRIPTION_ID, VM_ID};
use azure_imds_tests::clock::{DAY, HOUR};
use azure_imds_tests::input::{envelope, pem};
use azure_imds_tests::key::Key;
use azure_imds_tests::rng::SeededRng;
use azure_imds_tests::signed_data::Document;
use azure_imds_tests::{name, pki};
use data_encoding::BASE64;
use lexopt::prelude::*;
use rsa::RsaPrivateKey;

const USAGE: &str = "\
usage: mint --nonce NONCE --out DIR [--vm-id UUID]

Writes into DIR, with keys made for this run and thrown away:

  document.json   a document as the service answers it, valid now, for six hours
  tampered.json   the same with one character of the signed vmId changed
  anchor.pem      the root to trust
  issuers.pem     the issuing CA below it";

struct Arguments {
    nonce: String,
    out: PathBuf,
    vm_id: String,
}

fn main() -> Result<(), lexopt::Error> {
    let Some(arguments) = arguments()? else {
        println!("{USAGE}");
        return Ok(());
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs() as i64;
    let (root, issuing, leaf) = chain(now);
    let claims = Claims::default()
        .text("nonce", &arguments.nonce)
        .text("vmId", &arguments.vm_id)
        .text("subscriptionId", SUBSCRIPTION_ID)
        .times(now, now + 6 * HOUR);
    let document = Document::new(&leaf, claims).der();
    let out = |name: &str, text: String| {
        let path = arguments.out.join(name);
        std::fs::write(&path, text).unwrap_or_else(|error| panic!("writing {}: {error}", path.display()));
    };
    create(&arguments.out);
    out("document.json", envelope(&BASE64.encode(&document)) + "\n");
    out("tampered.json", envelope(&BASE64.encode(&tampered(document))) + "\n");
    out("anchor.pem", pem("CERTIFICATE", &root.der));
    out("issuers.pem", pem("CERTIFICATE", &issuing.der));
    Ok(())
}

fn arguments() -> Result<Option<Arguments>, lexopt::Error> {
    let (mut nonce, mut out, mut vm_id) = (None, None, String::from(VM_ID));
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("nonce") => nonce = Some(parser.value()?.string()?),
            Long("out") => out = Some(PathBuf::from(parser.value()?)),
            Long("vm-id") => vm_id = parser.value()?.string()?,
            Short('h') | Long("help") => return Ok(None),
            _ => return Err(argument.unexpected()),
        }
    }
    let nonce = nonce.ok_or("--nonce is missing; see --help")?;
    let out = out.ok_or("--out is missing; see --help")?;
    Ok(Some(Arguments { nonce, out, vm_id }))
}

/// Root, issuing CA and leaf of RSA-2048, each begun some time ago.
fn chain(now: i64) -> (Certificate, Certificate, Certificate) {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).expect("the operating system's randomness");
    let key = |purpose: &str| Key::rsa(RsaPrivateKey::new(&mut SeededRng::new(&seed, purpose), 2048).expect("RSA key"));
    let fresh = |builder: CertificateBuilder, purpose: &str, from: i64, to: i64| {
        let mut serial = SeededRng::new(&seed, purpose).bytes(16);
        serial[0] = 0x33;
        builder.valid(from, to).with(|builder| builder.serial = Some(serial)).issue()
    };
    let root = pki::root("azure-imds test Root CA, minted", &key("root"));
    let root = fresh(root, "serial of root", now - 30 * DAY, now + 30 * DAY);
    let issuing = pki::issuing(name::authority("azure-imds test Issuing CA, minted"), &key("issuing"), &root);
    let issuing = fresh(issuing, "serial of issuing", now - 20 * DAY, now + 20 * DAY);
    let leaf = pki::leaf(&key("leaf"), &issuing);
    let leaf = fresh(leaf, "serial of leaf", now - 10 * DAY, now + 10 * DAY);
    (root, issuing, leaf)
}

/// Changes the first character of vmId inside the DER, and nothing else.
fn tampered(mut document: Vec<u8>) -> Vec<u8> {
    let mark = b"\"vmId\":\"";
    let at = document.windows(mark.len()).position(|window| window == mark).expect("the claim vmId") + mark.len();
    document[at] = if document[at] == b'0' { b'1' } else { b'0' };
    document
}

fn create(folder: &Path) {
    std::fs::create_dir_all(folder).unwrap_or_else(|error| panic!("making {}: {error}", folder.display()));
}
