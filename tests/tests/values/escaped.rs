//! Characters from outside are shown as the shared table says.

use azure_imds::Quoted;
use data_encoding::HEXLOWER;
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

#[test]
fn characters_are_shown_as_the_table_says() {
    let table: Json = serde_json::from_str(include_str!("../../vectors/escaped.json")).unwrap();
    assert_eq!(table["version"], 1);
    let rows = table["characters"].as_array().unwrap();
    assert_eq!(rows.len(), 42);
    for row in rows {
        let (character, shown) = (row["character"].as_str().unwrap(), row["shown"].as_str().unwrap());
        assert_eq!(Quoted::printable(character), shown, "{}", row["is"]);
        let before = if matches!(character, "\"" | "\\") { "\\" } else { "" };
        assert_eq!(Quoted::from(character).as_str(), format!("{before}{shown}"), "{}", row["is"]);
    }
    let all: String = ('\0'..=char::MAX).collect();
    assert_eq!(HEXLOWER.encode(&Sha256::digest(Quoted::printable(&all))), table["all"].as_str().unwrap());
}
