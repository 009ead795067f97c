//! The table of codes for people.

use azure_imds::codes::{CodeKind, Retryable};

use super::{GENERATED, of, plain};

pub(super) fn write() -> String {
    let mut text = format!("<!-- {GENERATED} -->\n\n# Codes\n\n");
    text.push_str(
        "Every code of this library, the same in Rust, Python, JavaScript and on the command line. A *kind* is\n",
    );
    text.push_str(
        "what a code is of: an error of the caller (*usage*), of the way to the service (*transport*), of the\n",
    );
    text.push_str(
        "*service*, or of the document (*verify*); of an attempt to *fetch* an issuer, which has the codes of\n",
    );
    text.push_str(
        "transport too; why none was made (*not fetched*); a *finding* of the doctor. *Again* says whether the\n",
    );
    text.push_str(
        "same call may well succeed later, with nothing changed; where it depends, `retryable` of the error or\n",
    );
    text.push_str("of the report says so.\n\n");
    text.push_str("| code | kind | what happened | what to do | again |\n|---|---|---|---|---|\n");
    for code in of(CodeKind::ALL) {
        let kind = code.kind.name().replace('_', " ");
        let again = match code.retryable {
            Retryable::Always => "yes",
            Retryable::Depends => "depends",
            _ => "no",
        };
        let (cause, remedy) = (code.cause.replace('|', "\\|"), plain(code.remedy).replace('|', "\\|"));
        text.push_str(&format!("| `{}` | {kind} | {cause} | {remedy} | {again} |\n", code.name));
    }
    text
}
