//! Values that JavaScript has a type of its own for.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use azure_imds::Timestamp;
use js_sys::{Array, Date, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use crate::errors;

/// A plain object of these members.
pub(crate) fn object(members: &[(&str, JsValue)]) -> JsValue {
    with(Object::new().into(), members)
}

/// Adds members to a plain object.
pub(crate) fn with(object: JsValue, members: &[(&str, JsValue)]) -> JsValue {
    for (name, value) in members {
        // Only a frozen object or a proxy refuses a member; this one is new.
        let _is_set = Reflect::set(&object, &(*name).into(), value);
    }
    object
}

/// A member of an object; undefined if it has none of that name.
pub(crate) fn member(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// The items of an array, and of nothing else.
pub(crate) fn items(name: &str, array: &JsValue) -> Result<Vec<JsValue>, JsValue> {
    let array = array.dyn_ref::<Array>().ok_or_else(|| errors::of_type(name))?;
    Ok((0..array.length()).map(|place| array.get(place)).collect())
}

/// A text, and nothing else.
pub(crate) fn text(name: &str, value: &JsValue) -> Result<String, JsValue> {
    value.as_string().ok_or_else(|| errors::of_type(name))
}

/// True or false, and nothing that passes for it.
pub(crate) fn flag(name: &str, value: &JsValue) -> Result<bool, JsValue> {
    value.as_bool().ok_or_else(|| errors::of_type(name))
}

/// A whole number that is not negative, and nothing else.
pub(crate) fn whole(name: &str, value: &JsValue) -> Result<u64, JsValue> {
    let given = value.as_f64().ok_or_else(|| errors::of_type(name))?;
    // What the conversion changes (a fraction, a sign, no number at all) is another number than the one given.
    #[expect(clippy::cast_precision_loss, clippy::float_cmp)]
    let is_whole = count(given) as f64 == given;
    if is_whole { Ok(count(given)) } else { Err(errors::of_type(name)) }
}

/// Names and values that JavaScript gives one after the other.
#[cfg(feature = "client")]
pub(crate) fn pairs(flat: Vec<String>) -> impl Iterator<Item = (String, String)> {
    let mut flat = flat.into_iter();
    core::iter::from_fn(move || Some((flat.next()?, flat.next()?)))
}

/// An array of these values.
pub(crate) fn array<T>(items: impl IntoIterator<Item = T>, convert: impl FnMut(T) -> JsValue) -> JsValue {
    items.into_iter().map(convert).collect::<Array>().into()
}

/// A `Date`.
pub(crate) fn date(time: Timestamp) -> JsValue {
    // Whole seconds up to the year 9999, in milliseconds: a double holds them exactly.
    #[expect(clippy::cast_precision_loss)]
    let millis = time.unix() as f64 * 1000.0;
    Date::new(&millis.into()).into()
}

/// A `Uint8Array` of its own.
pub(crate) fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

/// Bytes in hexadecimal, lower case.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A number that JavaScript gives for a count; anything below zero is zero.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(crate) const fn count(number: f64) -> u64 {
    number as u64
}

/// A span of so many milliseconds.
#[cfg(feature = "client")]
pub(crate) const fn span(millis: f64) -> Duration {
    Duration::from_millis(count(millis))
}

/// A span's whole milliseconds as JavaScript has them.
pub(crate) fn millis(span: Duration) -> JsValue {
    number(span.as_secs().saturating_mul(1_000).saturating_add(u64::from(span.subsec_millis())))
}

/// A count as JavaScript has it.
#[expect(clippy::cast_precision_loss)]
pub(crate) fn number(count: u64) -> JsValue {
    (count as f64).into()
}
