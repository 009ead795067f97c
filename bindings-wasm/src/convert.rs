//! What JavaScript gives as the core reads it, and values that JavaScript has a type of its own for.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::time::Duration;

use azure_imds::Timestamp;
use azure_imds::attested::Host;
use azure_imds::bindings::{Argument, Arguments};
use js_sys::{Array, Date, Object, Reflect, Symbol, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

/// Named arguments: an object with nothing in it but values, as `arguments.js` makes them.
pub(crate) fn arguments(given: &JsValue) -> Arguments<'static> {
    Arguments::new(Host::JavaScript, members(given))
}

/// An argument. The symbols are those of `arguments.js`.
pub(crate) fn argument(value: &JsValue) -> Argument<'static> {
    if value.is_null() || value.is_undefined() {
        return Argument::Nothing;
    }
    if let Some(flag) = value.as_bool() {
        return Argument::Flag(flag);
    }
    if let Some(number) = value.as_f64() {
        return Argument::Number(number);
    }
    if let Some(text) = value.as_string() {
        return Argument::Text(Cow::Owned(text));
    }
    if let Some(octets) = value.dyn_ref::<Uint8Array>() {
        return Argument::Octets(Cow::Owned(octets.to_vec()));
    }
    if let Some(time) = value.dyn_ref::<Date>() {
        return Argument::Time(time.get_time() / 1000.0);
    }
    if Array::is_array(value) {
        return Argument::List(items(value).map(|item| argument(&item)).collect());
    }
    if value.is_object() {
        return Argument::Members(members(value));
    }
    match value.dyn_ref::<Symbol>().and_then(|symbol| Symbol::key_for(symbol).as_string()).as_deref() {
        Some("azure-imds: nonce not checked") => Argument::NonceNotChecked,
        Some("azure-imds: at signing time") => Argument::SigningTime,
        _ => Argument::Other(Cow::Owned(value.js_typeof().as_string().unwrap_or_default())),
    }
}

fn members(object: &JsValue) -> Vec<(Cow<'static, str>, Argument<'static>)> {
    let entries = Object::entries(object.unchecked_ref());
    let member = |entry: JsValue| {
        let entry: Array = entry.unchecked_into();
        let (name, value) = (entry.get(0), entry.get(1));
        // Undefined is the same as not there, as everywhere in JavaScript.
        (!value.is_undefined()).then(|| (Cow::Owned(name.as_string().unwrap_or_default()), argument(&value)))
    };
    items(&entries).filter_map(member).collect()
}

fn items(array: &JsValue) -> impl Iterator<Item = JsValue> {
    let array: Array = array.clone().unchecked_into();
    (0..array.length()).map(move |place| array.get(place))
}

/// A plain object of these members.
#[cfg(feature = "web")]
pub(crate) fn object(members: &[(&str, JsValue)]) -> JsValue {
    members.iter().fold(Members::new(), |object, (name, value)| object.with(name, value.clone())).into()
}

/// A plain object under way.
pub(crate) struct Members(Object);

impl Members {
    pub(crate) fn new() -> Self {
        Self(Object::new())
    }

    #[inline(never)]
    pub(crate) fn with(self, name: &str, value: JsValue) -> Self {
        // Only a frozen object or a proxy refuses a member; this one is new.
        let _is_set = Reflect::set(&self.0, &name.into(), &value);
        self
    }

    #[inline(never)]
    pub(crate) fn text(self, name: &str, text: &str) -> Self {
        self.with(name, text.into())
    }

    #[inline(never)]
    pub(crate) fn optional_text(self, name: &str, text: Option<&str>) -> Self {
        self.with(name, text.into())
    }
}

impl From<Members> for JsValue {
    fn from(members: Members) -> Self {
        members.0.into()
    }
}

/// Names and values that JavaScript gives one after the other.
#[cfg(feature = "client")]
pub(crate) fn pairs<T>(flat: Vec<T>) -> impl Iterator<Item = (T, T)> {
    let mut flat = flat.into_iter();
    core::iter::from_fn(move || Some((flat.next()?, flat.next()?)))
}

/// An array of these values.
pub(crate) fn array<T>(items: impl IntoIterator<Item = T>, convert: impl FnMut(T) -> JsValue) -> JsValue {
    items.into_iter().map(convert).collect::<Array>().into()
}

/// An array of pairs.
pub(crate) fn fields<'h>(headers: impl Iterator<Item = (&'h str, &'h str)>) -> JsValue {
    array(headers, |(name, value)| array([name, value], JsValue::from))
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

/// A number that JavaScript gives for a count; anything below zero is zero.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(crate) const fn count(number: f64) -> u64 {
    number as u64
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
