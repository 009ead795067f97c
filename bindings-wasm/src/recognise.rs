//! What somebody pasted or dropped.

use wasm_bindgen::prelude::*;

use crate::convert::{bytes, object};

/// Says what an input is, and finds the document in it.
#[wasm_bindgen]
pub fn recognise(input: &[u8]) -> JsValue {
    let found = azure_imds::attested::recognise(input);
    object(&[
        ("material", found.material.name().into()),
        ("description", found.material.description().into()),
        ("nextStep", found.material.next_step().into()),
        ("wrapping", found.wrapping.map(azure_imds::attested::Wrapping::description).into()),
        ("document", bytes(&found.document)),
    ])
}
