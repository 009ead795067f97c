//! What the core knows about fields and their values.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use azure_imds::Cloud;
use azure_imds::metadata::{RecordType, Tags, schema};
use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::convert::{array, object, pairs};
use crate::values::{camel, result};

/// The fields of a name.
#[wasm_bindgen]
pub fn explain(name: &str) -> JsValue {
    array(schema::explain(name), |field| result(&field))
}

/// The value of a tag; names and values are given one after the other.
#[wasm_bindgen(js_name = tagValue)]
pub fn tag_value(tags: Vec<String>, name: &str) -> Option<String> {
    pairs(tags).collect::<Tags>().value_of(name).map(ToOwned::to_owned)
}

/// The cloud that `azEnvironment` names.
#[wasm_bindgen(js_name = cloudOf)]
pub fn cloud_of(az_environment: &str) -> Option<String> {
    Cloud::of_environment(az_environment).map(|cloud| cloud.name().to_owned())
}

/// Whether two texts name the same VM.
#[wasm_bindgen(js_name = vmIdMatches)]
pub fn vm_id_matches(vm_id: &str, smbios: &str) -> bool {
    azure_imds::metadata::vm_id_matches(vm_id, smbios)
}

/// Whether an event happens to a machine.
#[wasm_bindgen(js_name = eventAffects)]
pub fn event_affects(resources: Vec<String>, vm_name: &str) -> bool {
    azure_imds::metadata::event_affects(&resources, vm_name)
}

/// The tables of all records: of each the names here, the kind, and the type of what is inside.
#[wasm_bindgen(js_name = recordTypes)]
pub fn record_types() -> JsValue {
    let tables = Object::new();
    for (_, table) in schema::ANSWERS {
        describe(&tables, table);
    }
    tables.into()
}

fn describe(tables: &Object, table: &'static RecordType) {
    let rows = array(table.fields, |field| {
        let (kind, inner) = field.kind.parts();
        if let Some(inner) = inner {
            describe(tables, inner);
        }
        let inner = inner.map(|inner| inner.name);
        object(&[("name", camel(field.name).into()), ("kind", kind.into()), ("inner", inner.into())])
    });
    let _is_set = Reflect::set(tables, &table.name.into(), &rows);
}
