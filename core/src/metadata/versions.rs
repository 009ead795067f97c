//! The answer of `/metadata/versions`.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use crate::metadata::api_version::ApiVersion;
use crate::metadata::document::{Document, Value};
use crate::metadata::error::ServiceError;
use crate::metadata::instance::unexpected;

/// The versions that the service says it knows. It accepts more than it lists.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Versions {
    /// The versions, in the order of the answer, which is oldest first.
    pub versions: Vec<ApiVersion>,
    /// Entries that are no date, as text.
    pub unknown: Vec<String>,
    document: Document,
}

impl Versions {
    /// Reads an answer.
    ///
    /// # Errors
    ///
    /// `answer_malformed`, `answer_too_deep`; `answer_unexpected` without an array `apiVersions`.
    pub fn parse(text: &str) -> Result<Self, ServiceError> {
        Self::from_document(Document::parse(text)?)
    }

    /// The same for an answer that is already read.
    ///
    /// # Errors
    ///
    /// `answer_unexpected`.
    pub fn from_document(document: Document) -> Result<Self, ServiceError> {
        let Some(Value::Array(entries)) = document.root().member("apiVersions") else {
            return Err(unexpected("an object with the array apiVersions", document.root()));
        };
        let (mut versions, mut unknown) = (Vec::new(), Vec::new());
        for entry in entries {
            match entry.as_str().map(ApiVersion::parse) {
                Some(Ok(version)) => versions.push(version),
                _ => unknown.push(entry.as_str().map_or_else(|| entry.to_json(), ToOwned::to_owned)),
            }
        }
        Ok(Self { versions, unknown, document })
    }

    /// The newest version listed.
    ///
    /// ```
    /// use azure_imds::metadata::Versions;
    ///
    /// let versions = Versions::parse(r#"{"apiVersions":["2017-03-01","2021-02-01"]}"#)?;
    /// assert_eq!(versions.newest().unwrap().to_string(), "2021-02-01");
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    #[must_use]
    pub fn newest(&self) -> Option<ApiVersion> {
        self.versions.iter().copied().max()
    }

    /// The answer as it came.
    #[must_use]
    pub const fn document(&self) -> &Document {
        &self.document
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_entries_are_kept() {
        let text = r#"{"apiVersions":["2017-03-01","2025-04-07","2021-02-01","next",7]}"#;
        let versions = Versions::parse(text).unwrap();
        assert_eq!(versions.versions.len(), 3);
        assert_eq!(versions.newest(), Some(ApiVersion::new(2025, 4, 7)));
        assert_eq!(versions.unknown, ["next", "7"]);
        assert_eq!(versions.document().as_str(), text);
        assert_eq!(Versions::parse(r#"{"apiVersions":[]}"#).unwrap().newest(), None);
        for text in ["{}", r#"{"apiVersions":"2017-03-01"}"#, r#"["2017-03-01"]"#] {
            assert_eq!(Versions::parse(text).unwrap_err().code(), "answer_unexpected");
        }
    }
}
