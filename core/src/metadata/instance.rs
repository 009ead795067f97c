//! The instance metadata, typed: `compute`, `network` and, for provisioning agents, `extended`.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::metadata::api_version::ApiVersion;
use crate::metadata::document::{Document, Value};
use crate::metadata::error::ServiceError;
use crate::metadata::fields::Instance;
use crate::metadata::path::MetadataPath;
use crate::metadata::record::{Reader, Unreadable};
use crate::metadata::schema::{self, Place};
use crate::metadata::tags::Tags;
use crate::quoted::Quoted;

impl Instance {
    /// Reads an answer; the version is the one it was asked with, if the caller knows.
    ///
    /// # Errors
    ///
    /// `answer_malformed`, `answer_too_deep`; `answer_unexpected` for anything but an object that has `compute` or
    /// `network`.
    ///
    /// ```
    /// use azure_imds::Instance;
    ///
    /// let instance = Instance::parse(r#"{"compute":{"location":"westeurope"}}"#, None)?;
    /// assert_eq!(instance.compute.location.as_deref(), Some("westeurope"));
    /// assert!(Instance::parse("{}", None).is_err_and(|error| error.code() == "answer_unexpected"));
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    pub fn parse(text: &str, version: Option<ApiVersion>) -> Result<Self, ServiceError> {
        Self::from_document(Document::parse(text)?, version)
    }

    /// The same for an answer that is already read.
    ///
    /// # Errors
    ///
    /// `answer_unexpected`.
    pub fn from_document(document: Document, version: Option<ApiVersion>) -> Result<Self, ServiceError> {
        let root = document.root();
        if root.member("compute").is_none() && root.member("network").is_none() {
            return Err(unexpected("an object with compute or network", root));
        }
        let mut reader = Reader::default();
        let rows = Self::read_rows(root, &mut reader);
        let tags = Tags::from_compute(root.member("compute").unwrap_or(&Value::Null));
        let absent = absent_sections(root, version);
        Ok(Self::assemble(rows, tags, document, version, absent, reader.finish()))
    }

    /// The answer as it came.
    #[must_use]
    pub const fn document(&self) -> &Document {
        &self.document
    }

    /// The version the answer was asked with, if it was said.
    #[must_use]
    pub const fn version(&self) -> Option<ApiVersion> {
        self.version
    }

    /// Whole sections that a partial answer lacks, as paths: `compute`, `network`, and below those, when the version
    /// is known, the documented objects and lists that belong to it. The service gives such answers while one of its
    /// sources is not ready; `extended=true` makes it fail instead.
    ///
    /// ```
    /// use azure_imds::Instance;
    ///
    /// let instance = Instance::parse(r#"{"compute":{"location":"westeurope"}}"#, None)?;
    /// assert_eq!(instance.absent(), ["network"]);
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    #[must_use]
    pub fn absent(&self) -> &[String] {
        &self.absent
    }

    /// Fields that hold something that can't be read as what it should be.
    ///
    /// ```
    /// use azure_imds::Instance;
    /// use azure_imds::metadata::Unreadable;
    ///
    /// let answer = r#"{"compute":{"storageProfile":{"osDisk":{"diskSizeGB":"many"}}}}"#;
    /// let instance = Instance::parse(answer, None)?;
    /// assert_eq!(instance.compute.storage_profile.os_disk.disk_size_gb, None);
    /// let odd: &Unreadable = &instance.unreadable()[0];
    /// assert_eq!(odd.path.to_string(), "compute/storageProfile/osDisk/diskSizeGB");
    /// assert_eq!(odd.text.to_string(), "\"many\"");
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    #[must_use]
    pub fn unreadable(&self) -> &[Unreadable] {
        &self.unreadable
    }

    /// What the path leads to.
    ///
    /// # Errors
    ///
    /// `path_not_found`, which says so when the field is newer than the answer.
    pub fn select(&self, path: &MetadataPath) -> Result<&Value, ServiceError> {
        self.document.select(path).map_err(|error| self.explained(path, error))
    }

    /// What the service answers for the path with `format=text`.
    ///
    /// # Errors
    ///
    /// `path_not_found`.
    pub fn text(&self, path: &MetadataPath) -> Result<String, ServiceError> {
        self.document.text(path).map_err(|error| self.explained(path, error))
    }

    /// What the service answers for the path with `format=json`.
    ///
    /// # Errors
    ///
    /// `path_not_found`, `leaf_needs_text`.
    pub fn json(&self, path: &MetadataPath) -> Result<String, ServiceError> {
        self.document.json(path).map_err(|error| self.explained(path, error))
    }

    /// Why this answer lacks a field, written as for [`schema::explain`].
    ///
    /// Nothing for a name that is not in the table, and for a field that is there.
    #[must_use]
    pub fn explain_missing(&self, name: &str) -> Option<String> {
        let found = schema::explain(name);
        if found.iter().any(|field| holds(self.document.root(), &field.path)) {
            return None;
        }
        match self.version {
            Some(version) => schema::explain_missing(name, version),
            None => found.first().map(|field| match field.since {
                Some(since) => {
                    format!("`{}` appears from {since}; the version of this answer is not known", field.name())
                }
                None => format!("`{}` is in no documented version; it may be missing from any answer", field.name()),
            }),
        }
    }

    fn explained(&self, path: &MetadataPath, error: ServiceError) -> ServiceError {
        match (error, schema::field(path)) {
            (ServiceError::PathNotFound { path, next }, Some(field)) => {
                let next = self.explain_missing(&field.path).unwrap_or(next);
                ServiceError::PathNotFound { path, next }
            }
            (error, _) => error,
        }
    }
}

/// The error for an answer that is something else.
pub(crate) fn unexpected(expected: &'static str, found: &Value) -> ServiceError {
    let found = match found {
        Value::Object(members) => {
            let keys: Vec<&str> = members.iter().take(8).map(|(key, _)| key.as_str()).collect();
            if keys.is_empty() { "an empty object".into() } else { format!("an object of {}", keys.join(", ")) }
        }
        other => other.kind().into(),
    };
    ServiceError::AnswerUnexpected { expected, found: Quoted::from(&*found) }
}

/// Sections of a section that is absent are not named.
fn absent_sections(root: &Value, version: Option<ApiVersion>) -> Vec<String> {
    let mut absent = Vec::new();
    add_absent(root, Place::INSTANCE, "", version, &mut absent);
    absent
}

fn add_absent(value: &Value, place: Place, above: &str, version: Option<ApiVersion>, absent: &mut Vec<String>) {
    for (row, place) in place.rows().filter(|(_, place)| !place.is_leaf()) {
        let belongs = place.since().is_some_and(|since| version.map_or(above.is_empty(), |version| since <= version));
        if belongs {
            let path = format!("{above}{}", row.wire_name);
            match value.member(row.wire_name) {
                None => absent.push(path),
                Some(inner) => add_absent(inner, place, &format!("{path}/"), version, absent),
            }
        }
    }
}

/// Whether the path of the table leads anywhere; for `*` one element is enough.
fn holds(value: &Value, pattern: &str) -> bool {
    let (segment, below) = match pattern.split_once('/') {
        Some((segment, below)) => (segment, Some(below)),
        None => (pattern, None),
    };
    let further = |value: &Value| below.is_none_or(|below| holds(value, below));
    match value {
        Value::Array(elements) if segment == "*" => elements.iter().any(further),
        _ => value.member(segment).is_some_and(further),
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;
    use crate::metadata::TagsSource;

    const OLD: Option<ApiVersion> = Some(ApiVersion::new(2017, 8, 1));

    #[test]
    fn what_is_no_instance_is_refused() {
        for (text, code) in [
            ("", "answer_malformed"),
            ("<html>", "answer_malformed"),
            ("[]", "answer_unexpected"),
            ("{}", "answer_unexpected"),
            (r#"{"error":"Not found"}"#, "answer_unexpected"),
        ] {
            assert_eq!(Instance::parse(text, None).unwrap_err().code(), code, "{text}");
        }
        assert_eq!(
            Instance::parse(r#"{"error":"x","b":1}"#, None).unwrap_err().to_string(),
            "the answer is not what was asked for: expected an object with compute or network, \
             found \"an object of error, b\"; look at its text"
        );
    }

    #[test]
    fn partial_answers_name_what_they_lack() {
        let instance = Instance::parse(r#"{"network":{"interface":[]}}"#, OLD).unwrap();
        assert_eq!(instance.absent(), ["compute"]);
        let newer = Some(ApiVersion::new(2019, 6, 4));
        let instance = Instance::parse(r#"{"compute":{"plan":{},"publicKeys":[]}}"#, newer).unwrap();
        assert_eq!(instance.absent(), ["compute/storageProfile", "compute/tagsList", "network"]);
        assert_eq!(Instance::parse(r#"{"compute":{}}"#, None).unwrap().absent(), ["network"]);
        assert_eq!(instance.tags.source(), TagsSource::Absent);
    }

    #[test]
    fn one_odd_field_costs_nothing_else() {
        let text = r#"{"compute":{"vmId":"a","platformFaultDomain":"x","osProfile":7},"network":[]}"#;
        let instance = Instance::parse(text, OLD).unwrap();
        assert_eq!(instance.compute.vm_id.as_deref(), Some("a"));
        let odd: Vec<_> = instance.unreadable().iter().map(|odd| odd.path.to_string()).collect();
        assert_eq!(odd, ["compute/osProfile", "compute/platformFaultDomain", "network"]);
        assert_eq!(instance.document().as_str(), text);
    }

    #[test]
    fn a_missing_field_is_explained() {
        let instance = Instance::parse(r#"{"compute":{"zone":""},"network":{"interface":[{}]}}"#, OLD).unwrap();
        let path = MetadataPath::parse("compute/physicalZone").unwrap();
        assert_eq!(
            instance.text(&path).unwrap_err().to_string(),
            "there is no \"compute/physicalZone\" in the answer; \
             `physicalZone` appears from 2023-11-15; this answer is 2017-08-01"
        );
        assert_eq!(instance.explain_missing("zone"), None);
        assert_eq!(instance.explain_missing("interface"), None);
        assert_eq!(instance.explain_missing("nothing"), None);
        assert!(instance.explain_missing("macAddress").unwrap().contains("partial"));
        let unknown = Instance::parse(r#"{"compute":{}}"#, None).unwrap();
        assert_eq!(
            unknown.explain_missing("vm_id").unwrap(),
            "`vmId` appears from 2017-04-02; the version of this answer is not known"
        );
        let path = MetadataPath::parse("compute/else").unwrap();
        assert_eq!(instance.select(&path), instance.document().select(&path));
    }
}
