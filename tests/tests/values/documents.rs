//! The sample answers, and how a test walks them.

use azure_imds::ApiVersion;
use azure_imds::metadata::{Document, MetadataPath, Value};

/// Instance metadata as the service would answer for each version. Values are invented; the newest one holds every
/// field of the table, with those that no document lists and those of `extended=true`.
pub(crate) const INSTANCES: [(ApiVersion, &str); 7] = [
    (ApiVersion::new(2017, 4, 2), include_str!("../../vectors/instance_2017-04-02.json")),
    (ApiVersion::new(2017, 8, 1), include_str!("../../vectors/instance_2017-08-01.json")),
    (ApiVersion::new(2019, 3, 11), include_str!("../../vectors/instance_2019-03-11.json")),
    (ApiVersion::new(2019, 8, 15), include_str!("../../vectors/instance_2019-08-15.json")),
    (ApiVersion::new(2020, 9, 1), include_str!("../../vectors/instance_2020-09-01.json")),
    (ApiVersion::new(2021, 12, 13), include_str!("../../vectors/instance_2021-12-13.json")),
    NEWEST,
];

pub(crate) const NEWEST: (ApiVersion, &str) =
    (ApiVersion::NEWEST, include_str!("../../vectors/instance_2025-04-07.json"));

/// Every path of a document, the root first.
pub(crate) fn paths(document: &Document) -> Vec<MetadataPath> {
    let mut paths = vec![MetadataPath::root()];
    below(document.root(), &MetadataPath::root(), &mut paths);
    paths
}

fn below(value: &Value, path: &MetadataPath, paths: &mut Vec<MetadataPath>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(key, child)| (key.clone(), child)).collect(),
        Value::Array(elements) => {
            elements.iter().enumerate().map(|(index, child)| (index.to_string(), child)).collect()
        }
        _ => Vec::new(),
    };
    for (segment, child) in children {
        let mut path = path.clone();
        path.push(&segment).unwrap();
        paths.push(path.clone());
        below(child, &path, paths);
    }
}

/// The path with `*` for each index, as the table of fields writes it.
pub(crate) fn pattern(path: &MetadataPath) -> String {
    let segments = path.segments().map(|segment| if segment.parse::<usize>().is_ok() { "*" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

/// Where serde_json keeps the same value: a second reader of the same text.
pub(crate) fn pointer(path: &MetadataPath) -> String {
    path.segments().map(|segment| format!("/{segment}")).collect()
}
