//! The doctor: what a host gathers for it, and what it finds.

use alloc::string::String;
use alloc::vec::Vec;

use azure_imds::client::{Diagnosis, Finding, OperatingSystem, Surroundings};
use wasm_bindgen::prelude::*;

use crate::convert::{array, object, pairs};
use crate::{errors, instance, values};

/// What the host is to gather: environment variables, files and routes of Linux, the command for routes of Windows.
#[wasm_bindgen(js_name = wantedSurroundings)]
pub fn wanted_surroundings() -> JsValue {
    let texts = |texts: &[&str]| array(texts, |text| JsValue::from(*text));
    object(&[
        ("variables", texts(Surroundings::VARIABLES)),
        ("linuxFiles", texts(Surroundings::LINUX_FILES)),
        ("linuxRoutes", Surroundings::LINUX_ROUTES.into()),
        ("windowsRoutes", texts(Surroundings::WINDOWS_ROUTES)),
    ])
}

/// What the host knows of the machine.
pub(crate) fn surroundings(
    platform: &str,
    variables: Vec<String>,
    files: Vec<String>,
    routes: Option<String>,
) -> Surroundings {
    let mut surroundings = Surroundings::new(OperatingSystem::of_platform(platform));
    surroundings = pairs(variables).fold(surroundings, |it, (name, value)| it.with_variable(name, value));
    surroundings = pairs(files).fold(surroundings, |it, (path, text)| it.with_file(path, text));
    routes.into_iter().fold(surroundings, Surroundings::with_routes)
}

/// What the doctor found.
pub(crate) fn diagnosis(found: &Diagnosis) -> JsValue {
    object(&[
        ("findings", array(&found.findings, finding)),
        ("isHealthy", found.is_healthy().into()),
        ("availability", values::availability(&found.availability)),
        ("instance", found.instance.as_ref().and_then(|it| it.as_deref().ok()).map(instance::value).into()),
        ("error", found.instance.as_ref().and_then(|it| it.as_ref().err()).map(|it| errors::error(it, &[])).into()),
        values::form(found),
    ])
}

fn finding(finding: &Finding) -> JsValue {
    object(&[
        ("code", finding.code.into()),
        ("severity", finding.severity.name().into()),
        ("summary", finding.summary.as_str().into()),
        ("remedy", finding.remedy.as_str().into()),
        values::form(finding),
    ])
}
