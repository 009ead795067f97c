//! What somebody pasted: the same answer twice, a part of a form that the strict reader knows, and nothing that the strict
//! reader takes is taken for something else.
#![no_main]

use std::borrow::Cow;

use azure_imds::attested::{InputForm, Material, recognise};
use azure_imds::SignedDocument;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let found = recognise(data);
    assert_eq!(recognise(data), found);
    assert!(!found.material.description().is_empty() && !found.material.next_step().is_empty());
    if let Cow::Borrowed(part) = found.document {
        let whole = data.as_ptr_range();
        assert!(part.is_empty() || (whole.start <= part.as_ptr() && part.as_ptr_range().end <= whole.end));
    }
    let read = SignedDocument::parse(data).ok();
    match found.material {
        Material::Document(form) => {
            let first = found.document.trim_ascii().first();
            let told = match first {
                Some(b'{') => InputForm::Envelope,
                Some(b'-') => InputForm::Pem,
                Some(0x30) => InputForm::Der,
                _ => InputForm::Base64,
            };
            // The strict reader tells by that byte too. What begins with 0 is DER to it; no document's base64 does.
            if (form, told) == (InputForm::Base64, InputForm::Der) {
                return assert!(read.is_none());
            }
            assert_eq!(form, told, "{first:?}");
            // What can be read stands alone: nothing is left to be found around it.
            if SignedDocument::parse(&found.document).is_ok() {
                let again = recognise(&found.document);
                assert_eq!((again.material, again.wrapping), (found.material, None), "{:?}", found.wrapping);
            }
        }
        other => assert!(read.is_none(), "{other:?}"),
    }
    if let Some(read) = read {
        let part = SignedDocument::parse(&found.document).expect("a part of what is read");
        assert_eq!(part.der(), read.der());
    }
});
