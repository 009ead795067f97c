//! Writes the seeds of every target into corpus/, from the shared vectors.

use std::fs;
use std::path::Path;

use azure_imds::SignedDocument;
use azure_imds_fuzz::{SUITE, certificate, input, names, verified};

fn main() -> std::io::Result<()> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut count = 0;
    let mut write = |target: &str, name: &str, data: &[u8]| -> std::io::Result<()> {
        let folder = corpus.join(target);
        fs::create_dir_all(&folder)?;
        count += 1;
        fs::write(folder.join(name.replace("::", "-")), data)
    };
    for case in SUITE["cases"].as_array().expect("cases") {
        let (id, input) = (case["id"].as_str().expect("an id"), input(case));
        if input.len() > 8_000 {
            continue;
        }
        write("document", id, &input)?;
        if let Ok(document) = SignedDocument::parse(&input) {
            write("signed_data", id, document.der())?;
            write("claims", id, &document.unverified_content())?;
        }
    }
    for name in SUITE["certificates"].as_object().expect("certificates").keys() {
        write("certificate", name, &certificate(name))?;
    }
    let issuers: Vec<Vec<u8>> = names("issuers").into_iter().map(certificate).collect();
    for case in verified() {
        let Ok(document) = SignedDocument::parse(&input(case)) else { continue };
        let Some(leaf) = leaf(document.der()) else { continue };
        let own = case["issuers"].as_array().expect("names").iter().filter_map(|name| name.as_str());
        let own: Vec<u8> = own.take(4).flat_map(certificate).collect();
        write("path", case["id"].as_str().expect("an id"), &[leaf, own].concat())?;
    }
    write("path", "all", &issuers.concat())?;
    for (number, url) in [
        "http://www.microsoft.com/pkiops/certs/a.crt",
        "https://cacerts.digicert.com:443/a.crt",
        "http://caissuers.microsoft.com/pki/mscorp/a%20b.crt",
        "http://127.0.0.1:8080/certs/a.crt",
    ]
    .iter()
    .enumerate()
    {
        write("urls", &number.to_string(), url.as_bytes())?;
    }
    println!("{count} seeds");
    Ok(())
}

fn leaf(der: &[u8]) -> Option<Vec<u8>> {
    let content_info = azure_imds_fuzz::elements(der)?;
    let signed = azure_imds_fuzz::elements(azure_imds_fuzz::elements(content_info.get(1)?)?.first()?)?;
    let bag = signed.into_iter().find(|field| field.first() == Some(&0xa0))?;
    Some(azure_imds_fuzz::elements(bag)?.first()?.to_vec())
}
