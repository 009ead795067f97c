//! Writes the JavaScript and the types that belong to a WebAssembly module: `bindgen MODULE FOLDER NAME`.
//!
//! What the program `wasm-bindgen` does with `--target web`, of the version that the lock file names.

use std::env;
use std::error::Error;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [module, folder, name] = arguments.as_slice() else {
        return Err("usage: bindgen MODULE FOLDER NAME".into());
    };
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).out_name(name).web(true)?.typescript(true).remove_producers_section(true);
    Ok(bindgen.generate(folder)?)
}
