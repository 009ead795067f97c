//! General names, as subject alternative names, name constraints and addresses of issuers have them.

use alloc::vec::Vec;

use der::asn1::Ia5StringRef;

use super::name::Name;
use crate::attested::der::element::{Element, Fault, Fields, Malformed, Tag};

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
#[derive(Clone, Copy)]
pub(in crate::attested) enum GeneralName<'a> {
    Rfc822(&'a str),
    Dns(&'a str),
    /// The name, as it came.
    Directory(&'a [u8]),
    Uri(&'a str),
    Ip(&'a [u8]),
    /// `otherName`, `ediPartyName`, `registeredID`.
    Other,
}

impl<'a> GeneralName<'a> {
    /// Reads one name. Nothing is done with names of other kinds, so these stay unread; X.400 addresses are refused.
    pub(in crate::attested) fn read(name: &Element<'a>) -> Result<Self, Malformed> {
        let value = name.contents;
        let kind: fn(&'a str) -> Self = match name.tag().octet() {
            RFC_822_NAME => Self::Rfc822,
            DNS_NAME => Self::Dns,
            UNIFORM_RESOURCE_IDENTIFIER => Self::Uri,
            DIRECTORY_NAME => {
                Name::read(&name.only(Tag::SEQUENCE)?)?;
                return Ok(Self::Directory(value));
            }
            IP_ADDRESS => return Ok(Self::Ip(value)),
            OTHER_NAME | EDI_PARTY_NAME | REGISTERED_ID => return Ok(Self::Other),
            _ => return Err(name.at(Fault::Choice(name.tag()))),
        };
        match Ia5StringRef::new(value) {
            Ok(text) => Ok(kind(text.as_str())),
            Err(_) => Err(name.at(Fault::Contents(Tag::IA5_STRING))),
        }
    }

    /// Reads names one after the other.
    pub(in crate::attested) fn all(mut names: Fields<'a>) -> Result<Vec<Self>, Malformed> {
        let mut read = Vec::new();
        while let Some(name) = names.following()? {
            read.push(Self::read(&name)?);
        }
        Ok(read)
    }
}

const OTHER_NAME: u8 = Tag::constructed(0).octet();
const RFC_822_NAME: u8 = Tag::primitive(1).octet();
const DNS_NAME: u8 = Tag::primitive(2).octet();
const DIRECTORY_NAME: u8 = Tag::constructed(4).octet();
const EDI_PARTY_NAME: u8 = Tag::constructed(5).octet();
const UNIFORM_RESOURCE_IDENTIFIER: u8 = Tag::primitive(6).octet();
const IP_ADDRESS: u8 = Tag::primitive(7).octet();
const REGISTERED_ID: u8 = Tag::primitive(8).octet();
