//! What a test that failed tells of the removal that made it fail.

use std::fmt;

/// What caught a removal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The vector or the test.
    pub by: String,
    /// What came instead of the expected verdict, if the output tells: `verified`, or another code.
    pub instead: Option<String>,
}

impl Evidence {
    /// Reads the output of a test binary that failed.
    ///
    /// The runner of the vectors writes `ID: expected CODE, found CODE: ..`, or `ID: WAY says ..`, a line each. A
    /// vector that is now accepted tells the most.
    #[must_use]
    pub fn read(binary: &str, output: &str) -> Self {
        let mut vectors: Vec<Self> = output.lines().filter_map(vector).collect();
        if let Some(accepted) = vectors.iter().position(|it| it.instead.as_deref() == Some("verified")) {
            return vectors.swap_remove(accepted);
        }
        if let Some(first) = vectors.into_iter().next() {
            return first;
        }
        let failed = output.lines().find_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... FAILED"));
        Self { by: format!("{binary} {}", failed.unwrap_or("ended without a verdict")), instead: None }
    }
}

fn vector(line: &str) -> Option<Evidence> {
    let (id, problem) = line.split_once(": ").filter(|(id, _)| id.contains("::") && !id.contains(' '))?;
    let found = problem.strip_prefix("expected ").and_then(|rest| rest.split_once(", found "));
    let instead = match found {
        Some((_, found)) => found.split([':', ';']).next().unwrap_or_default().to_owned(),
        None => problem.chars().take(60).collect(),
    };
    Some(Evidence { by: id.to_owned(), instead: Some(instead) })
}

impl fmt::Display for Evidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.instead {
            Some(instead) => write!(formatter, "{}: {instead}", self.by),
            None => formatter.write_str(&self.by),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accepted_vector_tells_the_most() {
        let output = "3 of 9 vectors:\n\
            a::b: the cache says Err(X)\n\
            a::c: expected nonce_mismatch, found nonce_missing: Err(NonceMissing { expected: \"a::b: c\" })\n\
            a::d: expected nonce_mismatch, found verified: Ok(()); the report says Ok(())\n\
            test it ... FAILED\n";
        let evidence = Evidence::read("attested", output);
        assert_eq!(evidence.to_string(), "a::d: verified");
        let output = output.lines().take(2).collect::<String>();
        assert_eq!(Evidence::read("attested", &output).by, "attested ended without a verdict");
        assert_eq!(Evidence::read("lib", "test it::is ... FAILED\n").to_string(), "lib it::is");
    }
}
