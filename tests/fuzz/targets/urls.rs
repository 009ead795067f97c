//! An address that a certificate names: what may be fetched lies at a known place, to the letter.
#![no_main]

use azure_imds::layers;
use azure_imds_fuzz::NOW;

const HOSTS: [&str; 5] = [
    "www.microsoft.com",
    "caissuers.microsoft.com",
    "cacerts.digicert.com",
    "cacerts.digicert.cn",
    "cacerts.geotrust.com",
];

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let own = "http://127.0.0.1:8080/certs/";
    let urls = layers::issuer_urls("CN=nobody", &[text], &[own], NOW).expect("an origin");
    for url in urls {
        assert_eq!(url, text);
        assert!(url.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'@' && byte != b'\\'), "{url}");
        let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://")).expect("a scheme");
        let (authority, path) = rest.split_once('/').expect("a path");
        assert!(path.split('/').all(|segment| !matches!(segment, "" | "." | "..")), "{url}");
        let host = authority.strip_suffix(":80").or_else(|| authority.strip_suffix(":443")).unwrap_or(authority);
        assert!(HOSTS.contains(&host) || url.starts_with(own), "{url}");
    }
    let _origin = layers::issuer_urls("CN=nobody", &[], &[text], NOW).is_ok();
});
