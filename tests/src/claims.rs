//! The signed content: JSON as the service writes it, each value replaceable by any text.

use crate::clock;

/// The nonce that the documents of the vectors carry and their verifiers ask for.
pub const NONCE: &str = "9876543210";
/// The VM they speak for.
pub const VM_ID: &str = "02aab8a4-74ef-476e-8182-f6d2ba4166a6";
/// Its subscription.
pub const SUBSCRIPTION_ID: &str = "8d10da13-8125-4ba9-a717-bf7490507b3d";
/// Its image.
pub const SKU: &str = "22_04-lts-gen2";

/// The claims, in the order in which they are written: key, and the JSON of its value.
#[derive(Clone, Debug)]
pub struct Claims(Vec<(String, String)>);

impl Default for Claims {
    fn default() -> Self {
        let text = |value: &str| format!("\"{value}\"");
        Self(vec![
            ("licenseType".into(), text("")),
            ("nonce".into(), text(NONCE)),
            ("plan".into(), r#"{"name":"","product":"","publisher":""}"#.into()),
            ("sku".into(), text(SKU)),
            ("subscriptionId".into(), text(SUBSCRIPTION_ID)),
            ("timeStamp".into(), time_stamp(clock::CREATED, clock::EXPIRES)),
            ("vmId".into(), text(VM_ID)),
        ])
    }
}

impl Claims {
    /// The claims of a classic VM: those that every document has.
    #[must_use]
    pub fn short() -> Self {
        Self::default().without("licenseType").without("plan").without("sku").without("subscriptionId")
    }

    /// Sets a claim to a text; a new one goes to the end.
    #[must_use]
    pub fn text(self, key: &str, value: &str) -> Self {
        self.json(key, &serde_json::to_string(value).expect("JSON of a string"))
    }

    /// Sets a claim to any JSON, or to what is none.
    #[must_use]
    pub fn json(mut self, key: &str, json: &str) -> Self {
        match self.0.iter_mut().find(|(known, _)| known == key) {
            Some((_, value)) => *value = json.into(),
            None => self.0.push((key.into(), json.into())),
        }
        self
    }

    /// Adds a claim even if there is one of this name. The key is written as it is, escapes and all.
    #[must_use]
    pub fn repeat(mut self, key: &str, json: &str) -> Self {
        self.0.push((key.into(), json.into()));
        self
    }

    /// Leaves a claim out.
    #[must_use]
    pub fn without(mut self, key: &str) -> Self {
        self.0.retain(|(known, _)| known != key);
        self
    }

    /// Sets creation and expiry.
    #[must_use]
    pub fn times(self, created: i64, expires: i64) -> Self {
        self.json("timeStamp", &time_stamp(created, expires))
    }

    /// Sets both times as written.
    #[must_use]
    pub fn time_texts(self, created: &str, expires: &str) -> Self {
        self.json("timeStamp", &format!(r#"{{"createdOn":"{created}","expiresOn":"{expires}"}}"#))
    }

    /// Sets the marketplace plan.
    #[must_use]
    pub fn plan(self, name: &str, product: &str, publisher: &str) -> Self {
        self.json("plan", &format!(r#"{{"name":"{name}","product":"{product}","publisher":"{publisher}"}}"#))
    }

    /// The text: one line, no white space.
    #[must_use]
    pub fn render(&self) -> String {
        let members: Vec<_> = self.0.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
        format!("{{{}}}", members.join(","))
    }
}

impl From<Claims> for Vec<u8> {
    fn from(claims: Claims) -> Self {
        claims.render().into_bytes()
    }
}

fn time_stamp(created: i64, expires: i64) -> String {
    format!(r#"{{"createdOn":"{}","expiresOn":"{}"}}"#, clock::claim_time(created), clock::claim_time(expires))
}
