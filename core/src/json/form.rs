//! JSON as it is written, member by member. What it costs in a module of WebAssembly counts: no tree of values is made.

use alloc::string::{String, ToString as _};
use core::fmt::{Display, Write as _};

/// The version of every form and of its schema. It grows when a member changes its meaning or goes, not when one is added.
pub(crate) const SCHEMA_VERSION: &str = "1";

/// An object that is being written, without white space.
pub(crate) struct Object<'a> {
    text: &'a mut String,
    /// What stands before the next member.
    before: char,
}

/// The text of an object of these members.
pub(crate) fn object(members: impl FnOnce(&mut Object<'_>)) -> String {
    let mut text = String::new();
    Object::write(&mut text, members);
    text
}

impl Object<'_> {
    /// Writes an object of these members after what the text has.
    pub(crate) fn write(text: &mut String, members: impl FnOnce(&mut Object<'_>)) {
        let mut object = Object { text, before: '{' };
        members(&mut object);
        object.end();
    }

    fn end(self) {
        self.text.push_str(if self.before == '{' { "{}" } else { "}" });
    }

    /// The name of a member, after which its value is to be written.
    pub(crate) fn name(&mut self, name: &str) -> &mut String {
        self.text.push(core::mem::replace(&mut self.before, ','));
        write_text(self.text, name);
        self.text.push(':');
        self.text
    }

    /// A member that is JSON already.
    pub(crate) fn written(&mut self, name: &str, json: &str) {
        self.name(name).push_str(json);
    }

    /// A text.
    pub(crate) fn text(&mut self, name: &str, value: &str) {
        write_text(self.name(name), value);
    }

    /// A text, or null for nothing.
    pub(crate) fn optional_text(&mut self, name: &str, value: Option<&str>) {
        match value {
            Some(value) => self.text(name, value),
            None => self.written(name, "null"),
        }
    }

    /// Octets as a text: hexadecimal, lower case.
    pub(crate) fn octets(&mut self, name: &str, octets: &[u8]) {
        self.text(name, &base16ct::lower::encode_string(octets));
    }

    /// What displays as a text.
    pub(crate) fn shown(&mut self, name: &str, value: &dyn Display) {
        self.text(name, &value.to_string());
    }

    /// True or false.
    pub(crate) fn flag(&mut self, name: &str, value: bool) {
        self.written(name, if value { "true" } else { "false" });
    }

    /// An object of these members.
    pub(crate) fn object(&mut self, name: &str, members: impl FnOnce(&mut Object<'_>)) {
        Object::write(self.name(name), members);
    }

    /// An object of the members that a value has, or null for nothing.
    pub(crate) fn optional<T>(&mut self, name: &str, value: Option<T>, members: impl FnOnce(&mut Object<'_>, T)) {
        match value {
            Some(value) => self.object(name, |object| members(object, value)),
            None => self.written(name, "null"),
        }
    }

    /// A list of objects, each of the members that an item has.
    pub(crate) fn list<T>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        members: impl Fn(&mut Object<'_>, T),
    ) {
        self.items(name, items, |text, item| Object::write(text, |object| members(object, item)));
    }

    /// A list of texts.
    pub(crate) fn texts<T: AsRef<str>>(&mut self, name: &str, items: impl IntoIterator<Item = T>) {
        self.items(name, items, |text, item| write_text(text, item.as_ref()));
    }

    fn items<T>(&mut self, name: &str, items: impl IntoIterator<Item = T>, write: impl Fn(&mut String, T)) {
        let text = self.name(name);
        let mut before = "[";
        for item in items {
            text.push_str(before);
            write(text, item);
            before = ",";
        }
        text.push_str(if before == "[" { "[]" } else { "]" });
    }
}

/// RFC 8259 section 7: quotation mark, reverse solidus and control characters are escaped.
pub(crate) fn write_text(text: &mut String, value: &str) {
    text.push('"');
    for character in value.chars() {
        match character {
            '"' | '\\' => text.extend(['\\', character]),
            // Writing to a String does not fail.
            '\0'..='\x1f' => drop(write!(text, "\\u{:04x}", u32::from(character))),
            _ => text.push(character),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Json;

    #[test]
    fn what_is_written_is_read_back() {
        let all: String = ('\0'..='\u{ff}').chain("\u{2028}\u{1f600}".chars()).collect();
        let text = object(|object| {
            object.text("all", &all);
            object.texts("none", [""; 0]);
            object.texts("texts", ["a", "\""]);
            object.object("empty", |_| ());
            object.optional("nothing", None::<&str>, |object, value| object.text("value", value));
            object.optional("\n", Some("b"), |object, value| object.optional_text("value", Some(value)));
            object.list("list", [true, false], |object, value| object.flag("flag", value));
            object.optional_text("null", None);
            object.shown("shown", &1.5);
            object.octets("octets", &[0, 0xaf]);
            object.written("written", "{\"a\": 1e999}");
        });
        assert!(text.ends_with(concat!(
            r#","none":[],"texts":["a","\""],"empty":{},"nothing":null,"\u000a":{"value":"b"},"#,
            r#""list":[{"flag":true},{"flag":false}],"null":null,"shown":"1.5","octets":"00af","written":{"a": 1e999}}"#,
        )));
        assert_eq!(Json::parse(&text, 3).unwrap().member("all"), Some(&Json::String(all)));
        assert_eq!(object(|_| ()), "{}");
    }
}
