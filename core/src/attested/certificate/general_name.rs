//! General names, as subject alternative names, name constraints and addresses of issuers have them.

use alloc::vec::Vec;

use der::asn1::Ia5StringRef;
use der::{AnyRef, Decode, Tag, Tagged};

use super::name::Name;

/// The `GeneralName` type is defined in [RFC 5280 Section 4.2.1.6]; the kinds that anything is done with.
///
/// ```text
/// GeneralName ::= CHOICE {
///   otherName [0] OtherName,
///   rfc822Name [1] IA5String,
///   dNSName [2] IA5String,
///   x400Address [3] ORAddress,
///   directoryName [4] Name,
///   ediPartyName [5] EDIPartyName,
///   uniformResourceIdentifier [6] IA5String,
///   iPAddress [7] OCTET STRING,
///   registeredID [8] OBJECT IDENTIFIER }
/// ```
///
/// [RFC 5280 Section 4.2.1.6]: https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.6
pub(in crate::attested) enum GeneralName<'a> {
    Rfc822(&'a str),
    Dns(&'a str),
    Directory(Name<'a>),
    Uri(&'a str),
    Ip(&'a [u8]),
    /// `otherName`, `ediPartyName`, `registeredID`.
    Other,
}

impl<'a> GeneralName<'a> {
    /// Reads one name. Nothing is done with names of other kinds, so these stay unread; X.400 addresses are refused.
    pub(in crate::attested) fn parse(name: AnyRef<'a>) -> Result<Self, der::Error> {
        let value = name.value();
        let ascii = || Ia5StringRef::new(value).map(|text| text.as_str());
        let Tag::ContextSpecific { constructed, number } = name.tag() else {
            return Err(name.tag().unexpected_error(None).into());
        };
        match (number.value(), constructed) {
            (1, false) => ascii().map(Self::Rfc822),
            (2, false) => ascii().map(Self::Dns),
            (4, true) => Name::parse(value).map(Self::Directory),
            (6, false) => ascii().map(Self::Uri),
            (7, false) => Ok(Self::Ip(value)),
            (0 | 5, true) | (8, false) => Ok(Self::Other),
            _ => Err(name.tag().unexpected_error(None).into()),
        }
    }

    /// Reads names one after the other, each whole.
    pub(in crate::attested) fn all(encoded: Vec<&'a [u8]>) -> Result<Vec<Self>, der::Error> {
        encoded.into_iter().map(|name| Self::parse(AnyRef::from_der(name)?)).collect()
    }
}
