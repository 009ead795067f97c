//! The JSON form of what is not made of the service's fields: tags, versions, explained fields, what is beside an answer.

use alloc::vec::Vec;

use crate::metadata::fields::{AccessToken, Instance, LoadBalancer, ScheduledEvents};
use crate::metadata::record::result::{list, optional_text, record, row, texts};
use crate::metadata::record::{Beside, FieldValue, Record, RecordField, RecordKind, Unreadable, has_form, result};
use crate::metadata::schema::Field;
use crate::metadata::tags::Tags;
use crate::metadata::versions::Versions;

result! {
    Field, "Field": "A field of the instance metadata, as Microsoft documents it", |field| {
        "path": text = &field.path, "The path, with `*` for the index of an array";
        "wire": text = field.wire.words(), "What is on the wire, in words";
        "since": optional_text = field.since, "The first api-version that has it, if that is documented";
        "fixed": flag = field.fixed, "Whether it stays the same while the machine runs";
        "about": text = field.about, "What it says";
        "note": optional_text = field.note, "Where people stumble";
        "sentence": text = field, "All of this as a sentence";
    }
}
has_form!(Field);

/// A tag whose value may be empty.
struct TagPair<'a>(&'a str, &'a str);

result! {
    TagPair<'_>, "TagPair": "A tag", |tag| {
        "name": text = tag.0, "The name";
        "value": text = tag.1, "The value";
    }
}

result! {
    Tags, "Tags": "The tags of a machine", |tags| {
        "source": text = tags.source().name(), "What they were read from";
        "pairs": list(TagPair<'static>) = &pairs(tags), "Names and values, in the order of the answer";
    }
}
has_form!(Tags);

fn pairs(tags: &Tags) -> Vec<TagPair<'_>> {
    tags.iter().map(|(name, value)| TagPair(name, value)).collect()
}

result! {
    Unreadable, "Unreadable": "A field whose value can't be read as what it should be", |odd| {
        "path": text = &odd.path, "Where it is in the answer";
        "text": text = &odd.text, "What is there, bounded and escaped: a value as text, an object or array by its kind";
    }
}
has_form!(Unreadable);

result! {
    Versions, "Versions": "The answer of `/metadata/versions`", |answer| {
        "versions": texts = &answer.versions, "The versions, in the order of the answer, which is oldest first";
        "unknown": texts = &answer.unknown, "Entries that are not a date";
        "newest": optional_text = answer.newest(), "The newest version listed";
    }
}
has_form!(Versions);

const UNREADABLE: RecordField = row(
    "unreadable",
    "list",
    RecordKind::List(Unreadable::TYPE),
    "Fields that hold something that can't be read as what it should be",
);

impl Beside for Instance {
    const ROWS: &'static [RecordField] = &[
        row("tags", "record", RecordKind::Record(Tags::TYPE), "The tags, from whichever form the answer has"),
        row("api_version", "optional_text", RecordKind::Text, "The version that it was asked with, if that is known"),
        row("absent", "texts", RecordKind::Texts, "Whole sections that a partial answer lacks, as paths"),
        UNREADABLE,
    ];

    fn values(&self) -> Vec<FieldValue> {
        let unreadable = list(self.unreadable());
        Vec::from([record(&self.tags), optional_text(self.version()), texts(self.absent()), unreadable])
    }
}

/// The token is not among them, nor is it a field.
impl Beside for AccessToken {
    const ROWS: &'static [RecordField] = &[UNREADABLE];

    fn values(&self) -> Vec<FieldValue> {
        Vec::from([list(self.unreadable())])
    }
}

impl Beside for LoadBalancer {
    const ROWS: &'static [RecordField] = &[UNREADABLE];

    fn values(&self) -> Vec<FieldValue> {
        Vec::from([list(self.unreadable())])
    }
}

impl Beside for ScheduledEvents {
    const ROWS: &'static [RecordField] = &[UNREADABLE];

    fn values(&self) -> Vec<FieldValue> {
        Vec::from([list(self.unreadable())])
    }
}
