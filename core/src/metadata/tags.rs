//! Tags, from `tagsList` or, with loss, from `tags`.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use crate::metadata::document::Value;
use crate::metadata::record::MAX_ELEMENTS;

/// The tags of a machine, in the order of the answer.
///
/// `tagsList` (since 2019-06-04) says them without loss. The older `tags` puts them into one text, `name:value` joined
/// by `;` without any escaping. That is read so: it is split at each `;`, and each part at its first `:`; a part
/// without `:` is a name without value, an empty part is nothing. So a `;` in a name or value, and a `:` in a name,
/// are read wrongly; [`Self::source`] tells whether that could be.
///
/// An instance of a scale set keeps its old tags until it is restarted or reimaged, or its disks change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tags {
    tags: Vec<(String, String)>,
    source: TagsSource,
}

/// What tags were read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TagsSource {
    /// The answer has neither form: its version is older than 2017-08-01, or it is partial.
    Absent,
    /// The caller.
    Given,
    /// `tags`, by the rule that can go wrong.
    Tags,
    /// `tagsList`, without loss.
    TagsList,
}

impl TagsSource {
    /// All sources.
    pub const ALL: &'static [Self] = &[Self::Absent, Self::Given, Self::Tags, Self::TagsList];

    /// The short name: `absent`, `given`, or the name of the field, `tags` or `tagsList`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Given => "given",
            Self::Tags => "tags",
            Self::TagsList => "tagsList",
        }
    }
}

impl Tags {
    /// Reads `tagsList` of an answer's `compute`, or `tags` where there is no such list.
    ///
    /// An element of the list without a name is left out here, and only the first 1,024 are read.
    #[must_use]
    pub fn from_compute(compute: &Value) -> Self {
        if let Some(Value::Array(elements)) = compute.member("tagsList") {
            let tags = elements.iter().take(MAX_ELEMENTS).filter_map(|element| {
                let name = element.member("name")?.as_str()?;
                let value = element.member("value").and_then(Value::as_str).unwrap_or_default();
                Some((name.to_owned(), value.to_owned()))
            });
            return Self { tags: tags.collect(), source: TagsSource::TagsList };
        }
        match compute.member("tags").and_then(Value::as_str) {
            Some(text) => Self::from_text(text),
            None => Self { tags: Vec::new(), source: TagsSource::Absent },
        }
    }

    /// Reads the form of `tags` by the rule above.
    ///
    /// ```
    /// use azure_imds::metadata::Tags;
    ///
    /// let tags = Tags::from_text("env:prod;owner:ops");
    /// assert_eq!(tags.value_of("env"), Some("prod"));
    /// ```
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        let parts = text.split(';').filter(|part| !part.is_empty());
        let tags = parts.map(|part| part.split_once(':').unwrap_or((part, "")));
        Self { tags: tags.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(), source: TagsSource::Tags }
    }

    /// What the tags were read from.
    ///
    /// ```
    /// use azure_imds::metadata::{Tags, TagsSource};
    ///
    /// assert_eq!(Tags::from_text("env:prod").source(), TagsSource::Tags); // a `;` inside a value would have split it
    /// assert_eq!(Tags::from_iter([("env", "prod")]).source(), TagsSource::Given);
    /// ```
    #[must_use]
    pub const fn source(&self) -> TagsSource {
        self.source
    }

    /// The value of a tag, whose name is compared without case, as Azure does. Of tags of one name the last counts.
    ///
    /// ```
    /// use azure_imds::metadata::Tags;
    ///
    /// let tags = Tags::from_text("Env:prod;env:test");
    /// assert_eq!(tags.value_of("ENV"), Some("test"));
    /// assert_eq!(tags.value_of("owner"), None);
    /// ```
    #[must_use]
    pub fn value_of(&self, name: &str) -> Option<&str> {
        self.tags.iter().rfind(|(own, _)| same_name(own, name)).map(|(_, value)| value.as_str())
    }

    /// Names and values, in the order of the answer.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.tags.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.tags.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }

    /// As `tagsList` has them.
    #[must_use]
    pub fn to_list(&self) -> Value {
        let tag =
            |(name, value): (&str, &str)| Value::object([("name", Value::text(name)), ("value", Value::text(value))]);
        Value::Array(self.iter().map(tag).collect())
    }

    /// As `tags` has them, without any escaping.
    ///
    /// ```
    /// use azure_imds::metadata::Tags;
    ///
    /// assert_eq!(Tags::from_iter([("env", "prod")]).to_text(), "env:prod");
    /// ```
    #[must_use]
    pub fn to_text(&self) -> String {
        self.iter().map(|(name, value)| alloc::format!("{name}:{value}")).collect::<Vec<_>>().join(";")
    }
}

/// Tags of the caller's own, in the order given.
impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Tags {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(tags: I) -> Self {
        let tags = tags.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { tags, source: TagsSource::Given }
    }
}

fn same_name(one: &str, other: &str) -> bool {
    one.chars().flat_map(char::to_lowercase).eq(other.chars().flat_map(char::to_lowercase))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::document::Document;

    fn pairs(tags: &Tags) -> Vec<(&str, &str)> {
        tags.iter().collect()
    }

    fn of(compute: &str) -> Tags {
        Tags::from_compute(Document::parse(compute).unwrap().root())
    }

    #[test]
    fn the_list_comes_first() {
        let tags = of(r#"{"tags":"x:1","tagsList":[{"name":"a:b","value":"c;d"},{"name":"E"},{"value":"f"},7]}"#);
        assert_eq!(pairs(&tags), [("a:b", "c;d"), ("E", "")]);
        assert_eq!((tags.source(), tags.len()), (TagsSource::TagsList, 2));
        assert!(of(r#"{"tags":"x:1","tagsList":[]}"#).is_empty());
    }

    #[test]
    fn the_text_is_read_by_the_rule() {
        let tags = of(r#"{"tags":"end:2025-10-08T13:52:29.4Z;;Department;empty:;:x;"}"#);
        assert_eq!(pairs(&tags), [("end", "2025-10-08T13:52:29.4Z"), ("Department", ""), ("empty", ""), ("", "x")]);
        assert_eq!(tags.source(), TagsSource::Tags);
        assert_eq!(of(r#"{"tags":"a:1","tagsList":""}"#).source(), TagsSource::Tags);
        assert_eq!(of(r#"{"tags":""}"#).source(), TagsSource::Tags);
        assert_eq!(of("{}").source(), TagsSource::Absent);
    }

    #[test]
    fn names_have_no_case() {
        let tags: Tags = [("Env", "old"), ("env", "new"), ("Größe", "1")].into_iter().collect();
        assert_eq!(tags.value_of("ENV"), Some("new"));
        assert_eq!(tags.value_of("GRÖßE"), Some("1"));
        assert_eq!(tags.value_of("en"), None);
        assert_eq!(tags.source(), TagsSource::Given);
    }

    #[test]
    fn each_source_has_its_name() {
        let named = |text| Tags::from_compute(Document::parse(text).unwrap().root()).source().name();
        assert_eq!(named("{}"), "absent");
        assert_eq!(named(r#"{"tags":"a:1"}"#), "tags");
        assert_eq!(named(r#"{"tags":"a:1","tagsList":[]}"#), "tagsList");
        assert_eq!([("a", "1")].into_iter().collect::<Tags>().source().name(), "given");
    }

    #[test]
    fn both_forms_are_written() {
        let tags: Tags = [("env", "prod"), ("role", "")].into_iter().collect();
        assert_eq!(tags.to_text(), "env:prod;role:");
        assert_eq!(tags.to_list().to_json(), r#"[{"name":"env","value":"prod"},{"name":"role","value":""}]"#);
        assert_eq!(pairs(&Tags::from_text(&tags.to_text())), pairs(&tags));
    }
}
