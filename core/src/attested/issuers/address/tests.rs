//! Addresses that may be asked, and a long list of those that may not.

use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::AddressRefusal::{Character, Host, Path, Port, Scheme, TooLong, UserInformation};
use super::*;

/// Named by real leaves, by real issuers and by the authorities' own pages. Must stay fetchable.
const GOOD: &[&str] = &[
    "http://cacerts.digicert.com/DigiCertGlobalRootCA.crt",
    "http://cacerts.digicert.com/DigiCertGlobalRootG2.crt",
    "http://cacerts.digicert.com/DigiCertGlobalRootG3.crt",
    "http://cacerts.digicert.cn/DigiCertBasicRSACNCAG2.crt",
    "http://cacerts.geotrust.com/GeoTrustTLSRSACAG1.crt",
    "http://caissuers.microsoft.com/pkiops/certs/Microsoft%20TLS%20G2%20RSA%20CA%20OCSP%2002.crt",
    "http://caissuers.microsoft.com/pkiops/certs/Microsoft%20TLS%20RSA%20Root%20G2%20-%20xsign.crt",
    "http://www.microsoft.com/pki/mscorp/Microsoft%20IT%20TLS%20CA%204.crt",
    "http://www.microsoft.com/pki/mscorp/Microsoft%20RSA%20TLS%20CA%2001.crt",
    "http://www.microsoft.com/pki/mscorp/msitwww2(1).crt",
    "http://www.microsoft.com/pkiops/certs/Microsoft%20Azure%20ECC%20TLS%20Issuing%20CA%2007%20-%20xsign.crt",
    "http://www.microsoft.com/pkiops/certs/Microsoft%20Azure%20RSA%20TLS%20Issuing%20CA%2008%20-%20xsign.crt",
    "http://www.microsoft.com/pkiops/certs/Microsoft%20RSA%20Root%20Certificate%20Authority%202017.crt",
    "http://www.microsoft.com/pkiops/certs/Microsoft%20TLS%20G2%20RSA%20CA%20OCSP%2002.crt",
    "http://www.microsoft.com/pkiops/certs/Microsoft%20TLS%20RSA%20Root%20G2%20-%20xsign.crt",
    "http://www.microsoft.com:80/pkiops/certs/Microsoft%20TLS%20G2%20RSA%20CA%20OCSP%2002.crt",
    "https://cacerts.digicert.com/DigiCertGlobalRootG2.crt",
    "https://www.microsoft.com/pkiops/certs/Microsoft%20Azure%20TLS%20Issuing%20CA%2005.cer",
    "https://www.microsoft.com:443/pkiops/certs/Microsoft%20TLS%20G2%20RSA%20CA%20OCSP%2016.crt",
];

const HOSTILE: &[(&str, AddressRefusal)] = &[
    // Schemes.
    ("", Scheme),
    ("//", Scheme),
    ("//www.microsoft.com/pkiops/certs/a.crt", Scheme),
    ("/pkiops/certs/a.crt", Scheme),
    ("www.microsoft.com/pkiops/certs/a.crt", Scheme),
    ("HTTP://www.microsoft.com/pkiops/certs/a.crt", Scheme),
    ("Http://www.microsoft.com/pkiops/certs/a.crt", Scheme),
    ("HTTPS://www.microsoft.com/pkiops/certs/a.crt", Scheme),
    ("http:www.microsoft.com/pkiops/certs/a.crt", Scheme),
    ("http:/www.microsoft.com/pkiops/certs/a.crt", Scheme),
    ("http:\\\\www.microsoft.com\\pkiops\\certs\\a.crt", Scheme),
    (" http://www.microsoft.com/pkiops/certs/a.crt", Scheme),
    ("\nhttp://www.microsoft.com/pkiops/certs/a.crt", Scheme),
    ("\u{feff}http://www.microsoft.com/pkiops/certs/a.crt", Scheme),
    ("h\tttp://www.microsoft.com/pkiops/certs/a.crt", Scheme),
    ("file:", Scheme),
    ("file:///etc/passwd", Scheme),
    ("ftp://www.microsoft.com/pkiops/certs/a.crt", Scheme),
    ("gopher://www.microsoft.com/pkiops/certs/a.crt", Scheme),
    ("javascript:alert(1)", Scheme),
    ("ldap:", Scheme),
    ("ldap:///CN=a,CN=AIA?cACertificate?base?objectClass=certificationAuthority", Scheme),
    ("ldap://www.microsoft.com/pkiops/certs/a.crt", Scheme),
    // User information.
    ("http://www.microsoft.com@evil", UserInformation),
    ("http://www.microsoft.com@evil/", UserInformation),
    ("http://www.microsoft.com@evil/pkiops/certs/a.crt", UserInformation),
    ("http://evil@www.microsoft.com/pkiops/certs/a.crt", UserInformation),
    ("http://evil:80@www.microsoft.com/pkiops/certs/a.crt", UserInformation),
    ("http://@www.microsoft.com/pkiops/certs/a.crt", UserInformation),
    ("http://www.microsoft.com:80@evil/pkiops/certs/a.crt", UserInformation),
    ("http://evil\\@www.microsoft.com/pkiops/certs/a.crt", UserInformation),
    ("http://evil#@www.microsoft.com/pkiops/certs/a.crt", UserInformation),
    ("http://www.microsoft.com?@evil/pkiops/certs/a.crt", UserInformation),
    // Addresses of the metadata service and of this machine.
    ("http://169.254.169.254/", Host),
    ("http://169.254.169.254/pkiops/certs/a.crt", Host),
    ("http://169.254.169.254:80/metadata/instance?api-version=2021-02-01", Host),
    ("http://[::ffff:a9fe:a9fe]/", Host),
    ("http://[::ffff:169.254.169.254]/", Host),
    ("http://[fd00:ec2::254]/", Host),
    ("http://0xa9fea9fe/", Host),
    ("http://0xa9.0xfe.0xa9.0xfe/", Host),
    ("http://2852039166/", Host),
    ("http://0251.0376.0251.0376/", Host),
    ("http://025177524776/", Host),
    ("http://169.254.43518/", Host),
    ("http://169.16689662/", Host),
    ("http://168.63.129.16/", Host),
    ("http://127.0.0.1/pkiops/certs/a.crt", Host),
    ("http://[::1]/pkiops/certs/a.crt", Host),
    ("http://localhost/pkiops/certs/a.crt", Host),
    ("http://metadata.google.internal/", Host),
    ("http://169.254.169.254.nip.io/pkiops/certs/a.crt", Host),
    ("http://\u{2460}\u{2465}\u{2468}.254.169.254/", Host),
    // Hosts that look like the right one.
    ("http://", Host),
    ("http:///pkiops/certs/a.crt", Host),
    ("http:////www.microsoft.com/pkiops/certs/a.crt", Host),
    ("http://:80/pkiops/certs/a.crt", Host),
    ("http://www.microsoft.com.evil", Host),
    ("http://www.microsoft.com.evil/", Host),
    ("http://www.microsoft.com.evil/pkiops/certs/a.crt", Host),
    ("http://evil.www.microsoft.com/pkiops/certs/a.crt", Host),
    ("http://evilwww.microsoft.com/pkiops/certs/a.crt", Host),
    ("http://microsoft.com/pkiops/certs/a.crt", Host),
    ("http://crl.microsoft.com/pkiops/certs/a.crt", Host),
    ("http://www.microsoft.com./pkiops/certs/a.crt", Host),
    ("http://WWW.microsoft.com/pkiops/certs/a.crt", Host),
    ("http://www.microsoft.com%2eevil/pkiops/certs/a.crt", Host),
    ("http://www%2emicrosoft.com/pkiops/certs/a.crt", Host),
    ("http://www.microsoft.com%00.evil/pkiops/certs/a.crt", Host),
    ("http://www.microsoft.com\0.evil/pkiops/certs/a.crt", Host),
    ("http://www.microsoft.com\\.evil/pkiops/certs/a.crt", Host),
    ("http://www.microsoft.com\\pkiops\\certs\\a.crt", Host),
    ("http://www.microsoft.com?.evil/pkiops/certs/a.crt", Host),
    ("http://www.microsoft.com#.evil/pkiops/certs/a.crt", Host),
    ("http://www.microsoft.com;evil/pkiops/certs/a.crt", Host),
    ("http://www.microsoft.com /pkiops/certs/a.crt", Host),
    ("http://www.microsoft.com\t/pkiops/certs/a.crt", Host),
    ("http://www.microsoft.com\r\nHost: evil/pkiops/certs/a.crt", Host),
    ("http://www.micr\u{43e}soft.com/pkiops/certs/a.crt", Host),
    ("http://www.micro\u{ad}soft.com/pkiops/certs/a.crt", Host),
    ("http://www\u{3002}microsoft\u{3002}com/pkiops/certs/a.crt", Host),
    ("http://cacerts.digicert.com.cn/a.crt", Host),
    ("http://cacerts.digicert.com.evil/a.crt", Host),
    // Ports.
    ("http://www.microsoft.com:8080/pkiops/certs/a.crt", Port),
    ("http://www.microsoft.com:22/pkiops/certs/a.crt", Port),
    ("http://www.microsoft.com:/pkiops/certs/a.crt", Port),
    ("http://www.microsoft.com:080/pkiops/certs/a.crt", Port),
    ("http://www.microsoft.com:+80/pkiops/certs/a.crt", Port),
    ("http://www.microsoft.com:80:443/pkiops/certs/a.crt", Port),
    ("http://www.microsoft.com:65616/pkiops/certs/a.crt", Port),
    ("http://www.microsoft.com:80 /pkiops/certs/a.crt", Port),
    ("http://cacerts.digicert.com:8080/a.crt", Port),
    // Paths.
    ("http://www.microsoft.com", Path),
    ("http://www.microsoft.com/", Path),
    ("http://www.microsoft.com/pkiops/certs", Path),
    ("http://www.microsoft.com/pkiops/certs/", Path),
    ("http://www.microsoft.com/pkiops/certsX/a.crt", Path),
    ("http://www.microsoft.com/pkiops/crl/a.crl", Path),
    ("http://www.microsoft.com/PKIOPS/certs/a.crt", Path),
    ("http://www.microsoft.com/pki/certs/a.crt", Path),
    ("http://www.microsoft.com/other/a.crt", Path),
    ("http://www.microsoft.com//pkiops/certs/a.crt", Path),
    ("http://www.microsoft.com/pkiops//certs/a.crt", Path),
    ("http://www.microsoft.com/pkiops/certs//a.crt", Path),
    ("http://www.microsoft.com/pkiops/certs/a.crt/", Path),
    ("http://www.microsoft.com/./pkiops/certs/a.crt", Path),
    ("http://www.microsoft.com/x/../pkiops/certs/a.crt", Path),
    ("http://www.microsoft.com/pkiops/certs/.", Path),
    ("http://www.microsoft.com/pkiops/certs/..", Path),
    ("http://www.microsoft.com/pkiops/certs/./a.crt", Path),
    ("http://www.microsoft.com/pkiops/certs/../a.crt", Path),
    ("http://www.microsoft.com/pkiops/certs/a/../../../fwlink", Path),
    ("http://www.microsoft.com/pkiops/certs/.../a.crt", Path),
    ("http://www.microsoft.com/pkiops/certs/..%20/a.crt", Path),
    ("http://www.microsoft.com/pkiops/certs/%20../a.crt", Path),
    ("http://www.microsoft.com/pkiops/certs/%20", Path),
    ("http://cacerts.digicert.com", Path),
    ("http://cacerts.digicert.com/", Path),
    ("http://cacerts.digicert.com/..", Path),
    ("http://cacerts.digicert.com/a/b.crt", Path),
    ("http://cacerts.digicert.com//a.crt", Path),
    // Characters.
    ("http://www.microsoft.com/pkiops/certs/%2e%2e/a.crt", Character),
    ("http://www.microsoft.com/pkiops/certs/%2E%2E/a.crt", Character),
    ("http://www.microsoft.com/pkiops/certs/.%2e/a.crt", Character),
    ("http://www.microsoft.com/pkiops/certs/%252e%252e/a.crt", Character),
    ("http://www.microsoft.com/pkiops/certs/..%2Fa.crt", Character),
    ("http://www.microsoft.com/pkiops/certs/..%2fa.crt", Character),
    ("http://www.microsoft.com/pkiops/certs/..%5ca.crt", Character),
    ("http://www.microsoft.com/pkiops%2Fcerts/a.crt", Character),
    ("http://www.microsoft.com/%70kiops/certs/a.crt", Character),
    ("http://www.microsoft.com/pkiops/certs/a%0d%0ab", Character),
    ("http://www.microsoft.com/pkiops/certs/a%00.crt", Character),
    ("http://www.microsoft.com/pkiops/certs/a%2", Character),
    ("http://www.microsoft.com/pkiops/certs/a%", Character),
    ("http://www.microsoft.com/pkiops/certs/%2%200", Character),
    ("http://www.microsoft.com/pkiops/certs/%%2020", Character),
    ("http://www.microsoft.com/pkiops/certs/%c0%ae%c0%ae/a.crt", Character),
    ("http://www.microsoft.com/pkiops/certs/%u002e/a.crt", Character),
    ("http://www.microsoft.com/pkiops/certs/a b.crt", Character),
    ("http://www.microsoft.com/pkiops/certs/a+b.crt", Character),
    ("http://www.microsoft.com/pkiops/certs/..\\a.crt", Character),
    ("http://www.microsoft.com/pkiops/certs/a.crt\r\nX-Evil: 1", Character),
    ("http://www.microsoft.com/pkiops/certs/a.crt\r\n", Character),
    ("http://www.microsoft.com/pkiops/certs/a.crt\n", Character),
    ("http://www.microsoft.com/pkiops/certs/a.crt\t", Character),
    ("http://www.microsoft.com/pkiops/certs/a\t.crt", Character),
    ("http://www.microsoft.com/pkiops/certs/a.crt\0", Character),
    ("http://www.microsoft.com/pkiops/certs/a.crt\u{7f}", Character),
    ("http://www.microsoft.com/pkiops/certs/a.crt\u{2028}", Character),
    ("http://www.microsoft.com/pkiops/certs/\u{ff0e}\u{ff0e}/a.crt", Character),
    ("http://www.microsoft.com/pkiops/certs/a.crt#b", Character),
    ("http://www.microsoft.com/pkiops/certs/a.crt#", Character),
    ("http://www.microsoft.com/pkiops/certs/a.crt?b=c", Character),
    ("http://www.microsoft.com/pkiops/certs/a.crt?", Character),
    ("http://www.microsoft.com/pkiops/certs/a.crt;b", Character),
    ("http://www.microsoft.com/pkiops/certs/http://evil/", Character),
    ("http://www.microsoft.com/pkiops/certs/a@evil", Character),
    ("http://cacerts.digicert.com/%2e%2e", Character),
    ("http://cacerts.digicert.com/a%2Fb.crt", Character),
    ("http://cacerts.digicert.com/a.crt?b", Character),
];

fn origin(text: &str) -> Origin {
    Origin::parse(text).unwrap()
}

#[test]
fn known_places_are_allowed() {
    for url in GOOD {
        assert_eq!(allowed(url, &[]), Ok(()), "{url}");
    }
}

#[test]
fn hostile_urls_are_refused_with_and_without_origins() {
    let elsewhere = [origin("http://mirror.test:8080/certs"), origin("https://[::1]:8443")];
    for (url, refusal) in HOSTILE {
        assert_eq!(allowed(url, &[]), Err(*refusal), "{url:?}");
        assert_eq!(allowed(url, &elsewhere), Err(*refusal), "{url:?}");
    }
}

#[test]
fn length_is_bounded() {
    let start = "http://www.microsoft.com/pkiops/certs/";
    let fill = |length: usize| format!("{start}{}", "a".repeat(length - start.len()));
    assert_eq!(allowed(&fill(512), &[]), Ok(()));
    assert_eq!(allowed(&fill(513), &[]), Err(TooLong));
    assert_eq!(allowed(&fill(65_536), &[]), Err(TooLong));
    assert_eq!(allowed(&"a".repeat(65_536), &[]), Err(TooLong));
    let mirror = [origin("http://mirror.test:80/")];
    assert_eq!(allowed(&format!("http://mirror.test:80/{}", "a".repeat(600)), &mirror), Err(TooLong));
}

#[test]
fn one_changed_byte_of_the_authority_is_refused() {
    for url in GOOD {
        let authority = url.find("://").unwrap() + 3;
        let path = authority + url[authority..].find('/').unwrap();
        for at in 0..path {
            for byte in 0..=127_u8 {
                let mut changed: Vec<u8> = url.bytes().collect();
                if changed[at] == byte {
                    continue;
                }
                changed[at] = byte;
                let changed = String::from_utf8(changed).unwrap();
                assert!(allowed(&changed, &[]).is_err(), "{changed:?}");
            }
        }
    }
}

#[test]
fn origins_end_at_a_slash() {
    for text in ["http://127.0.0.1:8080/certs", "http://127.0.0.1:8080/certs/"] {
        let origins = [origin(text)];
        assert_eq!(origins[0].to_string(), "http://127.0.0.1:8080/certs/");
        for (url, verdict) in [
            ("http://127.0.0.1:8080/certs/a.crt", Ok(())),
            ("http://127.0.0.1:8080/certs/a%20(1)/b~_-.crt", Ok(())),
            ("http://127.0.0.1:8080/certs", Err(Host)),
            ("http://127.0.0.1:8080/certs/", Err(Path)),
            ("http://127.0.0.1:8080/certsX", Err(Host)),
            ("http://127.0.0.1:8080/certsX/a.crt", Err(Host)),
            ("http://127.0.0.1:8080/certs/../a.crt", Err(Path)),
            ("http://127.0.0.1:8080/certs//a.crt", Err(Path)),
            ("http://127.0.0.1:8080/certs/%2e%2e/a.crt", Err(Character)),
            ("http://127.0.0.1:8080/certs/a.crt?b", Err(Character)),
            ("http://127.0.0.1:8080/certs/a.crt#b", Err(Character)),
            ("http://127.0.0.1:8080/certs/a\r\nb", Err(Character)),
            ("http://127.0.0.1:8080/a.crt", Err(Host)),
            ("http://127.0.0.1:80/certs/a.crt", Err(Host)),
            ("http://127.0.0.1/certs/a.crt", Err(Host)),
            ("https://127.0.0.1:8080/certs/a.crt", Err(Host)),
            ("http://127.0.0.1:8080@evil/certs/a.crt", Err(UserInformation)),
            ("http://127.0.0.1:80801/certs/a.crt", Err(Host)),
        ] {
            assert_eq!(allowed(url, &origins), verdict, "{url:?}");
        }
    }
}

#[test]
fn a_whole_origin_can_be_given() {
    for text in ["http://[::1]:8080", "http://[::1]:8080/"] {
        let origins = [origin(text)];
        assert_eq!(allowed("http://[::1]:8080/a.crt", &origins), Ok(()));
        assert_eq!(allowed("http://[::1]:8080/", &origins), Err(Path));
        assert_eq!(allowed("http://[::1]:8080", &origins), Err(Host));
        assert_eq!(allowed(GOOD[0], &origins), Ok(()));
    }
    for text in ["https://mirror-1.test:443/a/b%20c", "http://fake_imds:1", "http://10.0.0.4:65535/"] {
        assert!(Origin::parse(text).is_ok(), "{text}");
    }
}

#[test]
fn malformed_origins_are_usage_errors() {
    let long = format!("http://mirror.test:80/{}", "a".repeat(600));
    for text in [
        "",
        "mirror.test:8080",
        "//mirror.test:8080/",
        "ftp://mirror.test:21/",
        "HTTP://mirror.test:80/",
        "http://mirror.test",
        "http://mirror.test/",
        "http://mirror.test:/",
        "http://mirror.test:0/",
        "http://mirror.test:080/",
        "http://mirror.test:+80/",
        "http://mirror.test:65536/",
        "http://mirror.test:http/",
        "http://:80/",
        "http://[]:80/",
        "http://[::1]/",
        "http://::1:80/",
        "http://[::g]:80/",
        "http://Mirror.test:80/",
        "http://mirror test:80/",
        "http://user@mirror.test:80/",
        "http://user:word@mirror.test:80/",
        "http://mirror.test:80?query",
        "http://mirror.test:80/certs?query",
        "http://mirror.test:80/certs#fragment",
        "http://mirror.test:80//",
        "http://mirror.test:80/certs//",
        "http://mirror.test:80/../",
        "http://mirror.test:80/%2e%2e/",
        "http://mirror.test:80/certs\r\n",
        "http://mirror.test:80\\certs",
        &long,
    ] {
        let error = Origin::parse(text).unwrap_err();
        assert!(matches!(error, UsageError::OriginMalformed { .. }), "{text:?}");
    }
}

#[test]
fn an_origin_is_as_long_as_an_address_at_most() {
    let of_length = |length: usize| format!("http://{}:80", "a".repeat(length - "http://:80".len()));
    assert!(Origin::parse(&of_length(LIMIT)).is_ok());
    assert_eq!(Origin::parse(&of_length(LIMIT + 1)).unwrap_err().code(), "origin_malformed");
}

#[test]
fn refusals_are_told_apart_in_words() {
    let refusals = [Character, Host, Path, Port, Scheme, TooLong, UserInformation];
    for (number, refusal) in refusals.iter().enumerate() {
        assert!(refusal.reason().contains(' '), "{refusal:?}");
        assert!(refusals.iter().take(number).all(|other| other.reason() != refusal.reason()), "{refusal:?}");
    }
}
