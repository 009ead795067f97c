//! Rows of every kind: reading them, their table and their form.

use alloc::format;

use super::*;
use crate::metadata::document::Document;

record! {
    Inner: "Inner" {
        size: number = "size", inherited, "Size";
    }
}

record! {
    Outer: "Outer" => "It has everything" {
        the_text: text = "theText" | "TheText", "2017-04-02", "Text" => "Spelled in two ways", fixed;
        on: flag = "on", unknown, "Flag";
        one: record(Inner) = "one", "2021-11-15", "One";
        many: list(Inner) = "many", inherited, "Many";
    }
}

fn read(text: &str) -> (Outer, Vec<String>) {
    let mut reader = Reader::default();
    let outer = Outer::read(Document::parse(text).unwrap().root(), &mut reader);
    (outer, reader.finish().iter().map(|odd| format!("{} {}", odd.path, odd.text)).collect())
}

#[test]
fn reads_both_forms() {
    let (typed, odd) = read(r#"{"theText":"a","on":"TRUE","one":{"size":"07"},"many":[{"size":8},{"size":""}],"x":1}"#);
    assert!(odd.is_empty());
    assert_eq!((typed.the_text.as_deref(), typed.on, typed.one.size), (Some("a"), Some(true), Some(7)));
    assert_eq!(typed.many.iter().map(|inner| inner.size).collect::<Vec<_>>(), [Some(8), None]);
    assert_eq!(read(r#"{"TheText":"b","theText":"","on":false}"#).0.the_text.as_deref(), Some("b"));
}

#[test]
fn absence_is_no_fault() {
    for text in
        ["{}", r#"{"theText":"","on":"","one":"","many":""}"#, r#"{"theText":null,"on":null,"one":null,"many":null}"#]
    {
        assert_eq!(read(text), (Outer::default(), Vec::new()), "{text}");
    }
    let fields = Outer::default().fields();
    assert_eq!(fields.value_of("the_text"), Some(&FieldValue::Absent));
    assert_eq!(fields.value_of("many"), Some(&FieldValue::List(Vec::new())));
}

#[test]
fn the_form_has_every_row() {
    let (outer, _) = read(r#"{"theText":"\"","on":"false","many":[{"size":8},{}]}"#);
    let inner = |size: &str| format!("{{\"size\":{size}}}");
    let expected = format!(
        "{{\"schema_version\":1,\"the_text\":\"\\\"\",\"on\":false,\"one\":{},\"many\":[{},{}]}}",
        inner("null"),
        inner("8"),
        inner("null")
    );
    assert_eq!(outer.to_json(), expected);
    assert_eq!(outer.one.to_json(), r#"{"schema_version":1,"size":null}"#);
}

#[test]
fn what_cannot_be_read_is_listed() {
    let (typed, odd) = read(
        r#"{"theText":1e999,"on":"yes","one":{"size":"-1"},
            "many":[7,{"size":"1.0"},{"size":"99999999999999999999"},{"size":[]},{"size":4}]}"#,
    );
    assert_eq!(typed.many.len(), 5);
    assert_eq!(typed.many[4].size, Some(4));
    assert_eq!(
        odd,
        [
            "theText \"1e999\"",
            "on \"yes\"",
            "one/size \"-1\"",
            "many/0 \"7\"",
            "many/1/size \"1.0\"",
            "many/2/size \"99999999999999999999\"",
            "many/3/size \"an array\"",
        ]
    );
    assert_eq!(read(r#"{"one":[],"many":{}}"#).1, ["one \"an array\"", "many \"an object\""]);
    assert_eq!(read(r#"{"many":[null]}"#).1, ["many/0 \"null\""]);
}

#[test]
fn long_lists_are_cut_and_say_so() {
    let text = format!("{{\"many\":[{}0]}}", "{},".repeat(5_000));
    let (typed, odd) = read(&text);
    assert_eq!(typed.many.len(), MAX_ELEMENTS);
    assert_eq!(odd, ["many \"5001 elements, of which 1024 are read\""]);
    let text = format!("{{\"many\":[{}0]}}", "0,".repeat(1_023));
    assert_eq!(read(&text).1.len(), reader::MAX_UNREADABLE);
}

#[test]
fn a_row_says_all_of_a_field() {
    let table = Outer::TYPE;
    assert_eq!((table.name, table.about, table.note), ("Outer", "Outer", Some("It has everything")));
    let [text, on, one, many] = table.fields else { panic!("four rows") };
    let expected = RecordField {
        name: "the_text",
        wire_name: "theText",
        other_names: &["TheText"],
        kind: RecordKind::Text,
        wire: Wire::Text,
        since: Since::Version(ApiVersion::new(2017, 4, 2)),
        fixed: true,
        required: false,
        about: "Text",
        note: Some("Spelled in two ways"),
    };
    assert_eq!(text, &expected);
    assert_eq!((on.since, on.fixed, on.note, on.wire), (Since::Unknown, false, None, Wire::Flag));
    assert_eq!(
        (one.since, one.kind.parts()),
        (Since::Version(ApiVersion::new(2021, 11, 15)), ("record", Some(Inner::TYPE)))
    );
    assert_eq!((many.since, many.kind, many.wire), (Since::Inherited, RecordKind::List(Inner::TYPE), Wire::Array));
}
