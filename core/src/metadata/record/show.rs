//! The values of fields, by the kind of their row.

use alloc::string::String;
use core::time::Duration;

use super::{FieldValue, Leaf, Record};
use crate::time::Timestamp;

pub(crate) fn boolean(field: &Option<bool>) -> FieldValue {
    flag(field)
}

pub(crate) fn flag(field: &Option<bool>) -> FieldValue {
    field.map_or(FieldValue::Absent, FieldValue::Flag)
}

pub(crate) fn integer(field: &Option<u64>) -> FieldValue {
    number(field)
}

pub(crate) fn list(field: &[impl Record]) -> FieldValue {
    FieldValue::List(field.iter().map(record).collect())
}

pub(crate) fn number(field: &Option<u64>) -> FieldValue {
    field.map_or(FieldValue::Absent, FieldValue::Number)
}

pub(crate) fn record(field: &impl Record) -> FieldValue {
    FieldValue::Record(field.fields())
}

pub(crate) fn seconds(field: &Option<u64>) -> FieldValue {
    number(field)
}

pub(crate) fn seconds_unknown(field: &Option<bool>) -> FieldValue {
    flag(field)
}

pub(crate) fn span(field: &Option<Duration>) -> FieldValue {
    number(&field.map(|span| span.as_secs()))
}

pub(crate) fn spelling(field: &str) -> FieldValue {
    FieldValue::Text(field.into())
}

pub(crate) fn text(field: &Option<String>) -> FieldValue {
    field.clone().map_or(FieldValue::Absent, FieldValue::Text)
}

pub(crate) fn texts(field: &[String]) -> FieldValue {
    FieldValue::List(field.iter().cloned().map(FieldValue::Text).collect())
}

pub(crate) fn time(field: &Option<Timestamp>) -> FieldValue {
    field.map_or(FieldValue::Absent, FieldValue::Time)
}

pub(crate) fn word(field: &Option<impl Leaf>) -> FieldValue {
    field.as_ref().map_or(FieldValue::Absent, |word| FieldValue::Text(word.show().into()))
}

pub(crate) fn written(field: &Option<String>) -> FieldValue {
    text(field)
}
