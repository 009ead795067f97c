//! Managed identity: which one is meant, its access token, its tenant.

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;

use crate::error::UsageError;
use crate::guid;
use crate::metadata::document::{Document, Value};
use crate::metadata::error::ServiceError;
use crate::metadata::fields::{AccessToken, IdentityInfo};
use crate::metadata::instance::unexpected;
use crate::metadata::record::{Reader, Unreadable, whole_number};
use crate::quoted::Quoted;
use crate::time::Timestamp;

/// Which identity of the machine is meant. Its value is checked when it is made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct IdentitySelector(Selected);

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
enum Selected {
    #[default]
    Default,
    ClientId(String),
    ObjectId(String),
    ResourceId(String),
}

impl IdentitySelector {
    /// The system-assigned identity; on a machine without one, its only user-assigned one.
    pub const DEFAULT: Self = Self(Selected::Default);

    /// A user-assigned identity by its client id, a UUID.
    ///
    /// # Errors
    ///
    /// `selector_malformed`.
    ///
    /// ```
    /// use azure_imds::metadata::IdentitySelector;
    ///
    /// let id = "01234567-89ab-cdef-0123-456789abcdef";
    /// assert_eq!(IdentitySelector::client_id(id)?.parameter(), Some(("client_id", id)));
    /// # Ok::<(), azure_imds::UsageError>(())
    /// ```
    pub fn client_id(text: &str) -> Result<Self, UsageError> {
        Ok(Self(Selected::ClientId(uuid("client_id", text)?)))
    }

    /// A user-assigned identity by the object id of its service principal, a UUID.
    ///
    /// # Errors
    ///
    /// `selector_malformed`.
    pub fn object_id(text: &str) -> Result<Self, UsageError> {
        Ok(Self(Selected::ObjectId(uuid("object_id", text)?)))
    }

    /// A user-assigned identity by its resource id, `/subscriptions/.../userAssignedIdentities/...`.
    ///
    /// # Errors
    ///
    /// `selector_malformed`.
    pub fn resource_id(text: &str) -> Result<Self, UsageError> {
        let lower = text.to_ascii_lowercase();
        let shaped = lower.starts_with("/subscriptions/")
            && lower.contains("/providers/microsoft.managedidentity/userassignedidentities/")
            && !lower.ends_with('/');
        let plain = text.chars().all(|character| !character.is_control() && !character.is_whitespace())
            && !text.contains(['?', '#', '&', '%', '\\']);
        if shaped && plain && text.len() <= MAX_RESOURCE_ID {
            return Ok(Self(Selected::ResourceId(text.to_owned())));
        }
        Err(UsageError::SelectorMalformed {
            selector: "resource_id",
            text: Quoted::from(text),
            expected: "/subscriptions/../resourceGroups/../providers/Microsoft.ManagedIdentity/\
                       userAssignedIdentities/..",
        })
    }

    /// At most one of the three; none of them is [`Self::DEFAULT`].
    ///
    /// # Errors
    ///
    /// `selector_ambiguous` for more than one; `selector_malformed`, also for an empty text, which is not nothing.
    pub fn from_parts(
        client_id: Option<&str>,
        object_id: Option<&str>,
        resource_id: Option<&str>,
    ) -> Result<Self, UsageError> {
        let ambiguous = |first, second| Err(UsageError::SelectorAmbiguous { first, second });
        match (client_id, object_id, resource_id) {
            (Some(_), Some(_), _) => ambiguous("client_id", "object_id"),
            (Some(_), _, Some(_)) => ambiguous("client_id", "resource_id"),
            (_, Some(_), Some(_)) => ambiguous("object_id", "resource_id"),
            (Some(text), None, None) => Self::client_id(text),
            (None, Some(text), None) => Self::object_id(text),
            (None, None, Some(text)) => Self::resource_id(text),
            (None, None, None) => Ok(Self::DEFAULT),
        }
    }

    /// The query parameter of the request and its value, not encoded; nothing for the default.
    ///
    /// A resource id goes by the service's own name, `msi_res_id`.
    #[must_use]
    pub fn parameter(&self) -> Option<(&'static str, &str)> {
        match &self.0 {
            Selected::Default => None,
            Selected::ClientId(text) => Some(("client_id", text)),
            Selected::ObjectId(text) => Some(("object_id", text)),
            Selected::ResourceId(text) => Some(("msi_res_id", text)),
        }
    }
}

/// Longer than any resource id of Azure.
const MAX_RESOURCE_ID: usize = 1_024;

fn uuid(selector: &'static str, text: &str) -> Result<String, UsageError> {
    match guid::read(text.as_bytes()) {
        Some(_) => Ok(text.to_owned()),
        None => Err(UsageError::SelectorMalformed {
            selector,
            text: Quoted::from(text),
            expected: "a UUID like 01234567-89ab-cdef-0123-456789abcdef",
        }),
    }
}

impl AccessToken {
    /// Reads an answer.
    ///
    /// Times are seconds since 1970 in a string, as the service writes them. Read as well: a JSON number, RFC 3339, and
    /// `MM/DD/YYYY hh:mm:ss +00:00` with or without AM and PM, which other hosts of managed identities write.
    ///
    /// # Errors
    ///
    /// `answer_malformed`, `answer_too_deep`; `answer_unexpected` without an `access_token`.
    pub fn parse(text: &str) -> Result<Self, ServiceError> {
        Self::from_document(&Document::parse(text)?)
    }

    /// The same for an answer that is already read. The document shows the token: drop it.
    ///
    /// # Errors
    ///
    /// `answer_unexpected`.
    pub fn from_document(document: &Document) -> Result<Self, ServiceError> {
        let root = document.root();
        let Some(secret) = root.member("access_token").and_then(Value::as_str).filter(|text| !text.is_empty()) else {
            return Err(unexpected("an object with the text access_token", root));
        };
        let mut reader = Reader::default();
        let rows = Self::read_rows(root, &mut reader);
        Ok(Self::assemble(rows, secret.to_owned(), reader.finish()))
    }

    /// The token. Whoever holds it acts as the machine: keep it out of logs and command lines.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use azure_imds::metadata::AccessToken;
    ///
    /// let token = AccessToken::parse(r#"{"access_token":"eyJ0","expires_in":"3599"}"#)?;
    /// assert_eq!(token.expires_in, Some(Duration::from_secs(3_599)));
    /// assert_eq!(token.secret(), "eyJ0");
    /// assert!(!format!("{token:?}").contains("eyJ0"));
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// Fields that hold something that can't be read as what it should be.
    #[must_use]
    pub fn unreadable(&self) -> &[Unreadable] {
        &self.unreadable
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("AccessToken")
            .field("client_id", &self.client_id)
            .field("expires_in", &self.expires_in)
            .field("expires_on", &self.expires_on)
            .field("resource", &self.resource)
            .finish_non_exhaustive()
    }
}

/// For people, without the token.
impl fmt::Display for AccessToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("access token")?;
        if let Some(resource) = &self.resource {
            write!(formatter, " for {}", Quoted::from(resource.as_str()))?;
        }
        match self.expires_on {
            Some(time) => write!(formatter, " until {time}"),
            None => Ok(()),
        }
    }
}

/// Reads a time in any form that hosts of managed identities write.
pub(super) fn moment(value: &Value) -> Option<Timestamp> {
    if let Some(seconds) = whole_number(value) {
        return Some(Timestamp::from_unix(seconds));
    }
    let text = value.as_str()?;
    Timestamp::parse_rfc3339(text).ok().or_else(|| Timestamp::parse_us_date(text))
}

impl IdentityInfo {
    /// Reads an answer.
    ///
    /// # Errors
    ///
    /// `answer_malformed`, `answer_too_deep`; `answer_unexpected` without a `tenantId`.
    ///
    /// ```
    /// use azure_imds::metadata::IdentityInfo;
    ///
    /// let info = IdentityInfo::parse(r#"{"tenantId":"00000000-0000-4000-8000-0000000000e1"}"#)?;
    /// assert_eq!(info.tenant_id.as_deref(), Some("00000000-0000-4000-8000-0000000000e1"));
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, ServiceError> {
        Self::from_document(&Document::parse(text)?)
    }

    /// The same for an answer that is already read.
    ///
    /// # Errors
    ///
    /// `answer_unexpected`.
    pub fn from_document(document: &Document) -> Result<Self, ServiceError> {
        let tenant_id = Reader::default().text(document.root(), &["tenantId"]);
        if tenant_id.is_none() {
            return Err(unexpected("an object with the text tenantId", document.root()));
        }
        Ok(Self { tenant_id })
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::ToString;
    use core::time::Duration;

    use super::*;
    use crate::metadata::record::Record as _;

    const ID: &str = "01234567-89AB-cdef-0123-456789abcdef";
    const RESOURCE: &str =
        "/subscriptions/s/resourcegroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-1";

    #[test]
    fn a_token_keeps_its_secret() {
        let text = r#"{"access_token":"eyJsecret","client_id":"c","expires_in":"86317","expires_on":"1709895997",
            "ext_expires_in":"86399","not_before":"1709809297","resource":"https://management.azure.com/",
            "token_type":"Bearer","more":1}"#;
        let token = AccessToken::parse(text).unwrap();
        assert_eq!(token.secret(), "eyJsecret");
        assert_eq!(
            (token.expires_in, token.ext_expires_in),
            (Some(Duration::from_secs(86_317)), Some(Duration::from_secs(86_399)))
        );
        assert_eq!(token.expires_on, Some(Timestamp::from_unix(1_709_895_997)));
        assert_eq!(token.not_before, Some(Timestamp::from_unix(1_709_809_297)));
        assert!(token.unreadable().is_empty());
        for shown in [format!("{token:?}"), format!("{token:#?}"), token.to_string(), format!("{:?}", token.fields())] {
            assert!(!shown.contains("secret"), "{shown}");
        }
        assert_eq!(token.to_string(), "access token for \"https://management.azure.com/\" until 2024-03-08T11:06:37Z");
    }

    #[test]
    fn times_in_all_forms() {
        let expected = Some(Timestamp::parse_rfc3339("2017-09-14T13:00:00Z").unwrap());
        for written in [
            r#""1505394000""#,
            "1505394000",
            r#""2017-09-14T13:00:00Z""#,
            r#""2017-09-14T13:00:00.1234567+00:00""#,
            r#""09/14/2017 13:00:00 +00:00""#,
            r#""9/14/2017 1:00:00 PM +00:00""#,
        ] {
            let token = AccessToken::parse(&format!(r#"{{"access_token":"a","expires_on":{written}}}"#)).unwrap();
            assert_eq!(token.expires_on, expected, "{written}");
        }
        let token = AccessToken::parse(r#"{"access_token":"a","expires_on":"soon","expires_in":-1}"#).unwrap();
        assert_eq!((token.expires_on, token.expires_in), (None, None));
        assert_eq!(token.unreadable().len(), 2);
        let token = AccessToken::parse(r#"{"access_token":"a","expires_on":""}"#).unwrap();
        assert!(token.expires_on.is_none() && token.unreadable().is_empty());
    }

    #[test]
    fn the_token_is_the_point() {
        for text in [
            "{}",
            r#"{"access_token":""}"#,
            r#"{"access_token":{"secret":"secret"}}"#,
            r#"{"access_token":["secret"]}"#,
            r#"["secret"]"#,
            r#""secret""#,
        ] {
            let error = AccessToken::parse(text).unwrap_err();
            assert_eq!(error.code(), "answer_unexpected", "{text}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
        let error = AccessToken::parse(r#"{"access_token":"secret"#).unwrap_err();
        assert!(!error.to_string().contains("secret"), "{error}");
    }

    #[test]
    fn selectors_are_checked() {
        assert_eq!(IdentitySelector::client_id(ID).unwrap().parameter(), Some(("client_id", ID)));
        assert_eq!(IdentitySelector::object_id(ID).unwrap().parameter(), Some(("object_id", ID)));
        assert_eq!(IdentitySelector::resource_id(RESOURCE).unwrap().parameter(), Some(("msi_res_id", RESOURCE)));
        assert_eq!(IdentitySelector::DEFAULT.parameter(), None);
        for text in ["", "x", "{01234567-89ab-cdef-0123-456789abcdef}", "01234567-89ab-cdef-0123-456789abcde\r\n"] {
            assert_eq!(IdentitySelector::client_id(text).unwrap_err().code(), "selector_malformed", "{text}");
            assert_eq!(IdentitySelector::object_id(text).unwrap_err().code(), "selector_malformed", "{text}");
        }
        let long = format!("{RESOURCE}{}", "x".repeat(1_024));
        for text in ["", "rg", "/subscriptions/s", &format!("{RESOURCE}&a=b"), &format!("{RESOURCE}\n"), &long] {
            assert_eq!(IdentitySelector::resource_id(text).unwrap_err().code(), "selector_malformed", "{text}");
        }
    }

    #[test]
    fn at_most_one_selector() {
        let parts = IdentitySelector::from_parts;
        assert_eq!(parts(None, None, None), Ok(IdentitySelector::default()));
        assert_eq!(parts(Some(ID), None, None), IdentitySelector::client_id(ID));
        assert_eq!(parts(None, Some(ID), None), IdentitySelector::object_id(ID));
        assert_eq!(parts(None, None, Some(RESOURCE)), IdentitySelector::resource_id(RESOURCE));
        for ambiguous in [
            parts(Some(ID), Some(ID), None),
            parts(Some(""), None, Some("")),
            parts(None, Some(ID), Some(RESOURCE)),
            parts(Some(ID), Some(ID), Some(RESOURCE)),
        ] {
            assert_eq!(ambiguous.unwrap_err().code(), "selector_ambiguous");
        }
        assert_eq!(parts(Some(""), None, None).unwrap_err().code(), "selector_malformed");
    }

    #[test]
    fn the_tenant_is_the_point() {
        let info = IdentityInfo::parse(r#"{"tenantId":"t"}"#).unwrap();
        assert_eq!(info.tenant_id.as_deref(), Some("t"));
        for text in ["{}", r#"{"tenantId":""}"#, r#"{"tenantId":7}"#] {
            assert_eq!(IdentityInfo::parse(text).unwrap_err().code(), "answer_unexpected");
        }
    }
}
