//! The table of the certification authorities behind Azure's attested documents: facts, no certificates.
//!
//! Fingerprints, names and validity were read from the certificates. The URLs are those of the authority information
//! access extensions and of the authorities' own pages, with `http:` as the extensions write them; derived ones are
//! marked.

use crate::time::Timestamp;

/// A certification authority that has issued Azure's attested documents, is listed for them, or is a root of those.
///
/// To be in the table gives no trust: only anchors do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KnownIssuer {
    /// Its common name.
    pub name: &'static str,
    /// Its subject in the form of RFC 4514. Several certificates may share it.
    pub subject: &'static str,
    /// SHA-256 of its certificate.
    pub sha256: [u8; 32],
    /// The first moment of its validity.
    pub not_before: Timestamp,
    /// The last moment of its validity.
    pub not_after: Timestamp,
    /// Where its certificate can be fetched, DER.
    pub url: Option<&'static str>,
    /// The common name of its issuer; of itself for a root.
    pub issuer: &'static str,
    /// What it is in a chain.
    pub kind: Role,
    /// Whether it is one of the roots trusted by default.
    pub default_anchor: bool,
}

impl KnownIssuer {
    /// Whether its certificate is valid at this time.
    ///
    /// ```
    /// use azure_imds::Timestamp;
    /// use azure_imds::attested::{KnownIssuer, Role, known_issuers};
    ///
    /// let now = Timestamp::parse_rfc3339("2026-06-25T18:57:45Z")?;
    /// let anchors: Vec<&KnownIssuer> = known_issuers().iter().filter(|issuer| issuer.default_anchor).collect();
    /// assert!(anchors.iter().all(|anchor| anchor.kind == Role::Root && anchor.is_valid_at(now)));
    /// # Ok::<(), azure_imds::UsageError>(())
    /// ```
    #[must_use]
    pub fn is_valid_at(&self, time: Timestamp) -> bool {
        self.not_before <= time && time <= self.not_after
    }
}

/// What a certification authority is in a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Role {
    /// Signed by another; helps to build a chain, and is never trusted for itself.
    Intermediate,
    /// Signed by itself; trusted if it is an anchor.
    Root,
}

impl Role {
    /// Both roles.
    pub const ALL: &'static [Self] = &[Self::Intermediate, Self::Root];

    /// The short name: `intermediate` or `root`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Intermediate => "intermediate",
            Self::Root => "root",
        }
    }
}

/// Intermediates from old to new, those of one subject by the end of their validity, the last first; then roots.
pub(crate) const KNOWN: &[KnownIssuer] = &[
    // 2018 to 2020.
    intermediate(
        "Microsoft IT TLS CA 1",
        "CN=Microsoft IT TLS CA 1,OU=Microsoft IT,O=Microsoft Corporation,L=Redmond,ST=Washington,C=US",
        "4ff404f02e2cd00188f15d1c00f4b6d1e38b5a395cf85314eaeba855b6a64b75",
        utc(2016, 5, 20, 12, 51, 28),
        utc(2024, 5, 20, 12, 51, 28),
        "Baltimore CyberTrust Root",
        "http://www.microsoft.com/pki/mscorp/Microsoft%20IT%20TLS%20CA%201.crt",
    ),
    intermediate(
        "Microsoft IT TLS CA 2",
        "CN=Microsoft IT TLS CA 2,OU=Microsoft IT,O=Microsoft Corporation,L=Redmond,ST=Washington,C=US",
        "4e107c981b42acbe41c01067e16d44db64814d4193e572317ea04b87c79c475f",
        utc(2016, 5, 20, 12, 51, 57),
        utc(2024, 5, 20, 12, 51, 57),
        "Baltimore CyberTrust Root",
        "http://www.microsoft.com/pki/mscorp/Microsoft%20IT%20TLS%20CA%202.crt",
    ),
    intermediate(
        "Microsoft IT TLS CA 4",
        "CN=Microsoft IT TLS CA 4,OU=Microsoft IT,O=Microsoft Corporation,L=Redmond,ST=Washington,C=US",
        "5ffac43e0ddc5b4af2b696f6bc4db7e91df314bb8fe0d0713a0b1a7ad2a68fac",
        utc(2016, 5, 20, 12, 52, 38),
        utc(2024, 5, 20, 12, 52, 38),
        "Baltimore CyberTrust Root",
        "http://www.microsoft.com/pki/mscorp/Microsoft%20IT%20TLS%20CA%204.crt",
    ),
    intermediate(
        "Microsoft IT TLS CA 5",
        "CN=Microsoft IT TLS CA 5,OU=Microsoft IT,O=Microsoft Corporation,L=Redmond,ST=Washington,C=US",
        "f0ee5914ed94c7252d058b4e39808aee6fa8f62cf0974fb7d6d2a9df16e3a87f",
        utc(2016, 5, 20, 12, 53, 3),
        utc(2024, 5, 20, 12, 53, 3),
        "Baltimore CyberTrust Root",
        "http://www.microsoft.com/pki/mscorp/Microsoft%20IT%20TLS%20CA%205.crt",
    ),
    // 2020 to 2022.
    intermediate(
        "Microsoft RSA TLS CA 01",
        "CN=Microsoft RSA TLS CA 01,O=Microsoft Corporation,C=US",
        "04eeea8e50b4775b3c24797262917ee50002ec4c75b56cdf3ee1c18cfca5ba52",
        utc(2020, 7, 21, 23, 0, 0),
        utc(2024, 10, 8, 7, 0, 0),
        "Baltimore CyberTrust Root",
        "http://www.microsoft.com/pki/mscorp/Microsoft%20RSA%20TLS%20CA%2001.crt",
    ),
    intermediate(
        "Microsoft RSA TLS CA 02",
        "CN=Microsoft RSA TLS CA 02,O=Microsoft Corporation,C=US",
        "05e4005db0c382f3bd66b47729e9011577601bf6f7b287e9a52ced710d258346",
        utc(2020, 7, 21, 23, 0, 0),
        utc(2024, 10, 8, 7, 0, 0),
        "Baltimore CyberTrust Root",
        "http://www.microsoft.com/pki/mscorp/Microsoft%20RSA%20TLS%20CA%2002.crt",
    ),
    // 2022 to 2024.
    intermediate(
        "Microsoft Azure TLS Issuing CA 01",
        "CN=Microsoft Azure TLS Issuing CA 01,O=Microsoft Corporation,C=US",
        "24c7299864e0a2a6964f551c0e8df2461532fa8c48e4dbbb6080716691f190e5",
        utc(2020, 7, 29, 12, 30, 0),
        utc(2024, 6, 27, 23, 59, 59),
        "DigiCert Global Root G2",
        "http://www.microsoft.com/pkiops/certs/Microsoft%20Azure%20TLS%20Issuing%20CA%2001%20-%20xsign.crt",
    ),
    intermediate(
        "Microsoft Azure TLS Issuing CA 02",
        "CN=Microsoft Azure TLS Issuing CA 02,O=Microsoft Corporation,C=US",
        "15a98761ebe011554da3a46d206b0812cb2eb69ae87aaa11a6dd4cb84ed5142a",
        utc(2020, 7, 29, 12, 30, 0),
        utc(2024, 6, 27, 23, 59, 59),
        "DigiCert Global Root G2",
        "http://www.microsoft.com/pkiops/certs/Microsoft%20Azure%20TLS%20Issuing%20CA%2002%20-%20xsign.crt",
    ),
    intermediate(
        "Microsoft Azure TLS Issuing CA 05",
        "CN=Microsoft Azure TLS Issuing CA 05,O=Microsoft Corporation,C=US",
        "d6831ba43607f5ac19778d627531562af55145f191cab5efafa0e0005442b302",
        utc(2020, 7, 29, 12, 30, 0),
        utc(2024, 6, 27, 23, 59, 59),
        "DigiCert Global Root G2",
        "http://www.microsoft.com/pkiops/certs/Microsoft%20Azure%20TLS%20Issuing%20CA%2005%20-%20xsign.crt",
    ),
    intermediate(
        "Microsoft Azure TLS Issuing CA 06",
        "CN=Microsoft Azure TLS Issuing CA 06,O=Microsoft Corporation,C=US",
        "48ff8b494668c752304b48bfe818758987def6582e5f09b921f4b60bb3d6a8dd",
        utc(2020, 7, 29, 12, 30, 0),
        utc(2024, 6, 27, 23, 59, 59),
        "DigiCert Global Root G2",
        "http://www.microsoft.com/pkiops/certs/Microsoft%20Azure%20TLS%20Issuing%20CA%2006%20-%20xsign.crt",
    ),
    // 2024 to 2026: two certificates for each name and key, the Microsoft root's (it lives longer) and DigiCert's.
    intermediate(
        "Microsoft Azure RSA TLS Issuing CA 03",
        "CN=Microsoft Azure RSA TLS Issuing CA 03,O=Microsoft Corporation,C=US",
        "3d3f4b440f933ffd269565eda9e20e8df863c9cbe3651d3b476c5b4f4af5ce28",
        utc(2023, 5, 25, 23, 49, 25),
        utc(2028, 5, 25, 23, 49, 25),
        "Microsoft RSA Root Certificate Authority 2017",
        "http://www.microsoft.com/pkiops/certs/Microsoft%20Azure%20RSA%20TLS%20Issuing%20CA%2003.crt",
    ),
    intermediate(
        "Microsoft Azure RSA TLS Issuing CA 03",
        "CN=Microsoft Azure RSA TLS Issuing CA 03,O=Microsoft Corporation,C=US",
        "9d1bc5d2dd75bf8b64f35e7f919e2546c225be888c1a8cbe82c0e9579234a7ed",
        utc(2023, 6, 8, 0, 0, 0),
        utc(2026, 8, 25, 23, 59, 59),
        "DigiCert Global Root G2",
        "http://www.microsoft.com/pkiops/certs/Microsoft%20Azure%20RSA%20TLS%20Issuing%20CA%2003%20-%20xsign.crt",
    ),
    intermediate(
        "Microsoft Azure RSA TLS Issuing CA 04",
        "CN=Microsoft Azure RSA TLS Issuing CA 04,O=Microsoft Corporation,C=US",
        "fd39ffc48f148354262162a2f55dd46dc2564cfc1499309ad53f09c10981dcca",
        utc(2023, 5, 25, 23, 49, 33),
        utc(2028, 5, 25, 23, 49, 33),
        "Microsoft RSA Root Certificate Authority 2017",
        "http://www.microsoft.com/pkiops/certs/Microsoft%20Azure%20RSA%20TLS%20Issuing%20CA%2004.crt",
    ),
    intermediate(
        "Microsoft Azure RSA TLS Issuing CA 04",
        "CN=Microsoft Azure RSA TLS Issuing CA 04,O=Microsoft Corporation,C=US",
        "33f9731be910a66dc6acd07d9d9ca212ee8d0a9a5c78c8bf3e89bb74df8fb936",
        utc(2023, 6, 8, 0, 0, 0),
        utc(2026, 8, 25, 23, 59, 59),
        "DigiCert Global Root G2",
        "http://www.microsoft.com/pkiops/certs/Microsoft%20Azure%20RSA%20TLS%20Issuing%20CA%2004%20-%20xsign.crt",
    ),
    intermediate(
        "Microsoft Azure RSA TLS Issuing CA 07",
        "CN=Microsoft Azure RSA TLS Issuing CA 07,O=Microsoft Corporation,C=US",
        "fbb7926a451badf516be518614a77e6e325e29819908796d807f59320f918ee2",
        utc(2023, 5, 25, 23, 49, 30),
        utc(2028, 5, 25, 23, 49, 30),
        "Microsoft RSA Root Certificate Authority 2017",
        "http://www.microsoft.com/pkiops/certs/Microsoft%20Azure%20RSA%20TLS%20Issuing%20CA%2007.crt",
    ),
    intermediate(
        "Microsoft Azure RSA TLS Issuing CA 07",
        "CN=Microsoft Azure RSA TLS Issuing CA 07,O=Microsoft Corporation,C=US",
        "724247794951c93f3e41711617e95ce143263e3196c345a1da78f6639749ec03",
        utc(2023, 6, 8, 0, 0, 0),
        utc(2026, 8, 25, 23, 59, 59),
        "DigiCert Global Root G2",
        "http://www.microsoft.com/pkiops/certs/Microsoft%20Azure%20RSA%20TLS%20Issuing%20CA%2007%20-%20xsign.crt",
    ),
    intermediate(
        "Microsoft Azure RSA TLS Issuing CA 08",
        "CN=Microsoft Azure RSA TLS Issuing CA 08,O=Microsoft Corporation,C=US",
        "cfdd061fcd4cff3bb9e133264ca7fde45ca49b70cfaa977ae0dc422b4330a8c1",
        utc(2023, 5, 25, 23, 49, 28),
        utc(2028, 5, 25, 23, 49, 28),
        "Microsoft RSA Root Certificate Authority 2017",
        "http://www.microsoft.com/pkiops/certs/Microsoft%20Azure%20RSA%20TLS%20Issuing%20CA%2008.crt",
    ),
    intermediate(
        "Microsoft Azure RSA TLS Issuing CA 08",
        "CN=Microsoft Azure RSA TLS Issuing CA 08,O=Microsoft Corporation,C=US",
        "511c1c41cb7eb2a10078c32c82f17925ba786de46c633921d038e7409e15a5ea",
        utc(2023, 6, 8, 0, 0, 0),
        utc(2026, 8, 25, 23, 59, 59),
        "DigiCert Global Root G2",
        "http://www.microsoft.com/pkiops/certs/Microsoft%20Azure%20RSA%20TLS%20Issuing%20CA%2008%20-%20xsign.crt",
    ),
    // Since April 2026.
    intermediate(
        "Microsoft TLS G2 RSA CA OCSP 02",
        "CN=Microsoft TLS G2 RSA CA OCSP 02,O=Microsoft Corporation,C=US",
        "ea7a25255d111fc3ce4cb8fabe3adf9c27bbe6db203f955066bab4c5a71f3d08",
        utc(2025, 8, 1, 20, 3, 0),
        utc(2029, 6, 3, 20, 3, 0),
        "Microsoft TLS RSA Root G2",
        "http://www.microsoft.com/pkiops/certs/Microsoft%20TLS%20G2%20RSA%20CA%20OCSP%2002.crt",
    ),
    intermediate(
        "Microsoft TLS G2 RSA CA OCSP 04",
        "CN=Microsoft TLS G2 RSA CA OCSP 04,O=Microsoft Corporation,C=US",
        "ac8ea9f2874fd368a3e778b1a0b165ee898db9b9687c17edcdc76908ab58c82c",
        utc(2025, 8, 1, 20, 2, 59),
        utc(2029, 6, 3, 20, 2, 59),
        "Microsoft TLS RSA Root G2",
        "http://www.microsoft.com/pkiops/certs/Microsoft%20TLS%20G2%20RSA%20CA%20OCSP%2004.crt",
    ),
    intermediate(
        "Microsoft TLS G2 RSA CA OCSP 06",
        "CN=Microsoft TLS G2 RSA CA OCSP 06,O=Microsoft Corporation,C=US",
        "16b74b335c6f9801cfc499e39cc292f6d13c5191be87126226403819da4ad213",
        utc(2025, 8, 1, 20, 3, 1),
        utc(2029, 6, 3, 20, 3, 1),
        "Microsoft TLS RSA Root G2",
        "http://www.microsoft.com/pkiops/certs/Microsoft%20TLS%20G2%20RSA%20CA%20OCSP%2006.crt",
    ),
    intermediate(
        "Microsoft TLS G2 RSA CA OCSP 08",
        "CN=Microsoft TLS G2 RSA CA OCSP 08,O=Microsoft Corporation,C=US",
        "885451307a4abf298bb28add793ec7826629b057eca79e6f51dc51f42cd64a2d",
        utc(2025, 8, 14, 23, 3, 40),
        utc(2029, 6, 3, 23, 3, 40),
        "Microsoft TLS RSA Root G2",
        "http://www.microsoft.com/pkiops/certs/Microsoft%20TLS%20G2%20RSA%20CA%20OCSP%2008.crt",
    ),
    intermediate(
        "Microsoft TLS G2 RSA CA OCSP 10",
        "CN=Microsoft TLS G2 RSA CA OCSP 10,O=Microsoft Corporation,C=US",
        "6ebff927297a5b3aaf5eae672252c36a5158473fa5bbf0e29508d5528358f83b",
        utc(2025, 8, 1, 20, 3, 3),
        utc(2029, 6, 3, 20, 3, 3),
        "Microsoft TLS RSA Root G2",
        "http://www.microsoft.com/pkiops/certs/Microsoft%20TLS%20G2%20RSA%20CA%20OCSP%2010.crt",
    ),
    intermediate(
        "Microsoft TLS G2 RSA CA OCSP 12",
        "CN=Microsoft TLS G2 RSA CA OCSP 12,O=Microsoft Corporation,C=US",
        "d9280dda01fcdfe208955cc7fbef27c3909c0a05d2c2e24e27dbb33c3be5889c",
        utc(2025, 8, 14, 23, 3, 39),
        utc(2029, 6, 3, 23, 3, 39),
        "Microsoft TLS RSA Root G2",
        "http://www.microsoft.com/pkiops/certs/Microsoft%20TLS%20G2%20RSA%20CA%20OCSP%2012.crt",
    ),
    intermediate(
        "Microsoft TLS G2 RSA CA OCSP 14",
        "CN=Microsoft TLS G2 RSA CA OCSP 14,O=Microsoft Corporation,C=US",
        "b2abe84672548695c111ff9a9d6d8d55eababf2fc311d02ecf86a93cd7fce361",
        utc(2025, 8, 14, 23, 3, 41),
        utc(2029, 6, 3, 23, 3, 41),
        "Microsoft TLS RSA Root G2",
        "http://www.microsoft.com/pkiops/certs/Microsoft%20TLS%20G2%20RSA%20CA%20OCSP%2014.crt",
    ),
    intermediate(
        "Microsoft TLS G2 RSA CA OCSP 16",
        "CN=Microsoft TLS G2 RSA CA OCSP 16,O=Microsoft Corporation,C=US",
        "38d895f5105bc2545822c17a2444f4b0ea3d298d2c15a38296aa7295a3d85ce9",
        utc(2025, 8, 1, 20, 3, 2),
        utc(2029, 6, 3, 20, 3, 2),
        "Microsoft TLS RSA Root G2",
        "http://www.microsoft.com/pkiops/certs/Microsoft%20TLS%20G2%20RSA%20CA%20OCSP%2016.crt",
    ),
    intermediate(
        "Microsoft TLS RSA Root G2",
        "CN=Microsoft TLS RSA Root G2,O=Microsoft Corporation,C=US",
        "ddcd1e8a20638d4aaff7201bb1d56452acd2c759f1686bdc38f73dd15732bdc2",
        utc(2025, 5, 21, 0, 0, 0),
        utc(2029, 6, 19, 23, 59, 59),
        "DigiCert Global Root G2",
        "http://www.microsoft.com/pkiops/certs/Microsoft%20TLS%20RSA%20Root%20G2%20-%20xsign.crt",
    ),
    // Listed by Microsoft for elliptic curve keys, not yet seen under a document. No page gives the URLs of 01, 02, 05
    // and 06: they are derived from those of 03, 04, 07 and 08.
    intermediate(
        "Microsoft Azure ECC TLS Issuing CA 01",
        "CN=Microsoft Azure ECC TLS Issuing CA 01,O=Microsoft Corporation,C=US",
        "949d6b4b761ca134ad3e7a8571186f580ee887f2c6b568b5140f4157f98d68dd",
        utc(2020, 8, 12, 0, 0, 0),
        utc(2024, 6, 27, 23, 59, 59),
        "DigiCert Global Root G3",
        "http://www.microsoft.com/pkiops/certs/Microsoft%20Azure%20ECC%20TLS%20Issuing%20CA%2001%20-%20xsign.crt",
    ),
    intermediate(
        "Microsoft Azure ECC TLS Issuing CA 02",
        "CN=Microsoft Azure ECC TLS Issuing CA 02,O=Microsoft Corporation,C=US",
        "9c64a9a43e990e98fbce8317b2d4c1c07ffe6e032da8bb6d60a696e2ff038f1f",
        utc(2020, 8, 12, 0, 0, 0),
        utc(2024, 6, 27, 23, 59, 59),
        "DigiCert Global Root G3",
        "http://www.microsoft.com/pkiops/certs/Microsoft%20Azure%20ECC%20TLS%20Issuing%20CA%2002%20-%20xsign.crt",
    ),
    intermediate(
        "Microsoft Azure ECC TLS Issuing CA 03",
        "CN=Microsoft Azure ECC TLS Issuing CA 03,O=Microsoft Corporation,C=US",
        "bbd27139c5302c63d903f570f173ad4dc06c974b9ebe292c90ffccab5d6fa54e",
        utc(2023, 6, 8, 0, 0, 0),
        utc(2026, 8, 25, 23, 59, 59),
        "DigiCert Global Root G3",
        "http://www.microsoft.com/pkiops/certs/Microsoft%20Azure%20ECC%20TLS%20Issuing%20CA%2003%20-%20xsign.crt",
    ),
    intermediate(
        "Microsoft Azure ECC TLS Issuing CA 04",
        "CN=Microsoft Azure ECC TLS Issuing CA 04,O=Microsoft Corporation,C=US",
        "7a3ae4f12920d5a8129be1183fbec4370ef10b8b3ad41eae4a58d5385aa94d33",
        utc(2023, 6, 8, 0, 0, 0),
        utc(2026, 8, 25, 23, 59, 59),
        "DigiCert Global Root G3",
        "http://www.microsoft.com/pkiops/certs/Microsoft%20Azure%20ECC%20TLS%20Issuing%20CA%2004%20-%20xsign.crt",
    ),
    intermediate(
        "Microsoft Azure ECC TLS Issuing CA 05",
        "CN=Microsoft Azure ECC TLS Issuing CA 05,O=Microsoft Corporation,C=US",
        "003f71dc4820216575fc5aacfe3b1aeb76f72aea5b8e8fcefc80b9f517a4a612",
        utc(2020, 8, 12, 0, 0, 0),
        utc(2024, 6, 27, 23, 59, 59),
        "DigiCert Global Root G3",
        "http://www.microsoft.com/pkiops/certs/Microsoft%20Azure%20ECC%20TLS%20Issuing%20CA%2005%20-%20xsign.crt",
    ),
    intermediate(
        "Microsoft Azure ECC TLS Issuing CA 06",
        "CN=Microsoft Azure ECC TLS Issuing CA 06,O=Microsoft Corporation,C=US",
        "2975bab51d00d862d0e16eedef8306a759c65cd4b9f00daf50ecdfcb4ec396e4",
        utc(2020, 8, 12, 0, 0, 0),
        utc(2024, 6, 27, 23, 59, 59),
        "DigiCert Global Root G3",
        "http://www.microsoft.com/pkiops/certs/Microsoft%20Azure%20ECC%20TLS%20Issuing%20CA%2006%20-%20xsign.crt",
    ),
    intermediate(
        "Microsoft Azure ECC TLS Issuing CA 07",
        "CN=Microsoft Azure ECC TLS Issuing CA 07,O=Microsoft Corporation,C=US",
        "be23414a42e74886e7c72a861ba2ddda0175ed829223d894c5d272651fc0c189",
        utc(2023, 6, 8, 0, 0, 0),
        utc(2026, 8, 25, 23, 59, 59),
        "DigiCert Global Root G3",
        "http://www.microsoft.com/pkiops/certs/Microsoft%20Azure%20ECC%20TLS%20Issuing%20CA%2007%20-%20xsign.crt",
    ),
    intermediate(
        "Microsoft Azure ECC TLS Issuing CA 08",
        "CN=Microsoft Azure ECC TLS Issuing CA 08,O=Microsoft Corporation,C=US",
        "89aade767b7ba43f8dde8e9e74a2fcbbea40d57155f7e1f2259c88835601faed",
        utc(2023, 6, 8, 0, 0, 0),
        utc(2026, 8, 25, 23, 59, 59),
        "DigiCert Global Root G3",
        "http://www.microsoft.com/pkiops/certs/Microsoft%20Azure%20ECC%20TLS%20Issuing%20CA%2008%20-%20xsign.crt",
    ),
    // China.
    intermediate(
        "DigiCert Basic RSA CN CA G2",
        "CN=DigiCert Basic RSA CN CA G2,O=DigiCert Inc,C=US",
        "cb57b3ff2040cb269497625bc90fa9d7b4ed4938c6f60f42f69afdf508ac2993",
        utc(2020, 3, 4, 12, 4, 7),
        utc(2030, 3, 4, 12, 4, 7),
        "DigiCert Global Root CA",
        "http://cacerts.digicert.cn/DigiCertBasicRSACNCAG2.crt",
    ),
    // The roots trusted by default.
    default_anchor(
        "DigiCert Global Root G2",
        "CN=DigiCert Global Root G2,OU=www.digicert.com,O=DigiCert Inc,C=US",
        "cb3ccbb76031e5e0138f8dd39a23f9de47ffc35e43c1144cea27d46a5ab1cb5f",
        utc(2013, 8, 1, 12, 0, 0),
        utc(2038, 1, 15, 12, 0, 0),
        "http://cacerts.digicert.com/DigiCertGlobalRootG2.crt",
    ),
    default_anchor(
        "DigiCert Global Root G3",
        "CN=DigiCert Global Root G3,OU=www.digicert.com,O=DigiCert Inc,C=US",
        "31ad6648f8104138c738f39ea4320133393e3a18cc02296ef97c2ac9ef6731d0",
        utc(2013, 8, 1, 12, 0, 0),
        utc(2038, 1, 15, 12, 0, 0),
        "http://cacerts.digicert.com/DigiCertGlobalRootG3.crt",
    ),
    default_anchor(
        "Microsoft RSA Root Certificate Authority 2017",
        "CN=Microsoft RSA Root Certificate Authority 2017,O=Microsoft Corporation,C=US",
        "c741f70f4b2a8d88bf2e71c14122ef53ef10eba0cfa5e64cfa20f418853073e0",
        utc(2019, 12, 18, 22, 51, 22),
        utc(2042, 7, 18, 23, 0, 23),
        "http://www.microsoft.com/pkiops/certs/Microsoft%20RSA%20Root%20Certificate%20Authority%202017.crt",
    ),
    default_anchor(
        "Microsoft ECC Root Certificate Authority 2017",
        "CN=Microsoft ECC Root Certificate Authority 2017,O=Microsoft Corporation,C=US",
        "358df39d764af9e1b766e9c972df352ee15cfac227af6ad1d70e8e4a6edcba02",
        utc(2019, 12, 18, 23, 6, 45),
        utc(2042, 7, 18, 23, 16, 4),
        "http://www.microsoft.com/pkiops/certs/Microsoft%20ECC%20Root%20Certificate%20Authority%202017.crt",
    ),
    // The other roots: of the documents until 2022, of China, of today (in no public trust store seen).
    other_root(
        "Baltimore CyberTrust Root",
        "CN=Baltimore CyberTrust Root,OU=CyberTrust,O=Baltimore,C=IE",
        "16af57a9f676b0ab126095aa5ebadef22ab31119d644ac95cd4b93dbf3f26aeb",
        utc(2000, 5, 12, 18, 46, 0),
        utc(2025, 5, 12, 23, 59, 0),
        "http://cacerts.digicert.com/BaltimoreCyberTrustRoot.crt",
    ),
    other_root(
        "DigiCert Global Root CA",
        "CN=DigiCert Global Root CA,OU=www.digicert.com,O=DigiCert Inc,C=US",
        "4348a0e9444c78cb265e058d5e8944b4d84f9662bd26db257f8934a443c70161",
        utc(2006, 11, 10, 0, 0, 0),
        utc(2031, 11, 10, 0, 0, 0),
        "http://cacerts.digicert.com/DigiCertGlobalRootCA.crt",
    ),
    other_root(
        "Microsoft TLS RSA Root G2",
        "CN=Microsoft TLS RSA Root G2,O=Microsoft Corporation,C=US",
        "6a170583db584151e1c454eeca2a64cc5d8e484a5bd1156e720b4458654ee9e5",
        utc(2025, 4, 10, 18, 36, 30),
        utc(2040, 4, 10, 18, 43, 51),
        "http://www.microsoft.com/pkiops/certs/Microsoft%20TLS%20RSA%20Root%20G2.crt",
    ),
];

const fn intermediate(
    name: &'static str,
    subject: &'static str,
    fingerprint: &str,
    not_before: Timestamp,
    not_after: Timestamp,
    issuer: &'static str,
    url: &'static str,
) -> KnownIssuer {
    KnownIssuer {
        name,
        subject,
        sha256: sha256(fingerprint),
        not_before,
        not_after,
        url: Some(url),
        issuer,
        kind: Role::Intermediate,
        default_anchor: false,
    }
}

const fn other_root(
    name: &'static str,
    subject: &'static str,
    fingerprint: &str,
    not_before: Timestamp,
    not_after: Timestamp,
    url: &'static str,
) -> KnownIssuer {
    let issuer = intermediate(name, subject, fingerprint, not_before, not_after, name, url);
    KnownIssuer { kind: Role::Root, ..issuer }
}

const fn default_anchor(
    name: &'static str,
    subject: &'static str,
    fingerprint: &str,
    not_before: Timestamp,
    not_after: Timestamp,
    url: &'static str,
) -> KnownIssuer {
    let root = other_root(name, subject, fingerprint, not_before, not_after, url);
    KnownIssuer { default_anchor: true, ..root }
}

/// Reads 64 hexadecimal digits; anything else stops the compiler.
const fn sha256(hexadecimal: &str) -> [u8; 32] {
    let mut digest = [0; 32];
    assert!(read_digits(&mut digest, hexadecimal.as_bytes()), "a SHA-256 is 64 hexadecimal digits");
    digest
}

const fn read_digits(bytes: &mut [u8], digits: &[u8]) -> bool {
    match (bytes, digits) {
        ([], []) => true,
        ([byte, bytes @ ..], [high, low, digits @ ..]) => match (nibble(*high), nibble(*low)) {
            (Some(high), Some(low)) => {
                *byte = high << 4 | low;
                read_digits(bytes, digits)
            }
            _ => false,
        },
        _ => false,
    }
}

const fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit.wrapping_sub(b'0')),
        b'a'..=b'f' => Some(digit.wrapping_sub(b'a').wrapping_add(10)),
        _ => None,
    }
}

/// A moment of the Gregorian calendar. Years are counted from March, so that the leap day is the last.
#[allow(clippy::arithmetic_side_effects, reason = "runs in the compiler, which stops at an overflow")]
const fn utc(year: u64, month: u64, day: u64, hour: u64, minute: u64, second: u64) -> Timestamp {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
    Timestamp::from_unix((days - DAYS_UNTIL_1970) * 86_400 + hour * 3600 + minute * 60 + second)
}

/// From 0000-03-01 to 1970-01-01.
const DAYS_UNTIL_1970: u64 = 719_468;

#[cfg(test)]
mod tests {
    use der::DateTime;

    use super::*;

    #[test]
    fn moments_are_those_of_the_calendar() {
        for year in [1970, 1999, 2000, 2001, 2024, 2025, 2099, 2100, 2101, 2400] {
            for month in 1..=12_u8 {
                for (day, hour, minute, second) in [(1, 0, 0, 0), (2, 3, 4, 5), (28, 23, 59, 59)] {
                    let date = DateTime::new(year, month, day, hour, minute, second).unwrap();
                    let [month, day, hour, minute, second] = [month, day, hour, minute, second].map(u64::from);
                    let read = utc(year.into(), month, day, hour, minute, second);
                    assert_eq!(read.unix(), date.unix_duration().as_secs(), "{date}");
                }
            }
        }
        assert_eq!(utc(2024, 2, 29, 12, 0, 0), Timestamp::from_unix(1_709_208_000));
    }

    #[test]
    fn hexadecimal_digits_are_read_as_written() {
        assert_eq!(nibble(b'0').zip(nibble(b'9')), Some((0, 9)));
        assert_eq!(nibble(b'a').zip(nibble(b'f')), Some((10, 15)));
        for other in *b"/:`gA " {
            assert_eq!(nibble(other), None);
        }
        let mut bytes = [0; 2];
        assert!(read_digits(&mut bytes, b"a90f"));
        assert_eq!(bytes, [0xa9, 0x0f]);
        for other in [&b"a90"[..], b"a90f0", b"a90f00", b"", b"a9xf", b"a9fx"] {
            assert!(!read_digits(&mut [0; 2], other));
        }
    }
}
