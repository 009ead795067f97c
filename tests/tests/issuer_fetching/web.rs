//! The scripted web, and what lies there.

use super::*;

/// The certificates of the vectors.
pub(crate) static PKI: LazyLock<Pki> =
    LazyLock::new(|| Pki::new(KeyRing::parse(include_str!("../../vectors/keys.json"))));
/// The root that is trusted here, beside that of the vectors.
pub(crate) static ROOT_CA: LazyLock<Certificate> =
    LazyLock::new(|| pki::root("azure-imds test Root CA 09", &PKI.keys.key("ecc_root")).issue());
/// The issuer that is missing here, if nothing else is said.
pub(crate) static ISSUING_CA: LazyLock<Certificate> = LazyLock::new(|| issuing(&PKI.keys.key("ecc_issuing")).issue());

/// Where the leafs of the vectors say their issuer is.
pub(crate) const ISSUING: &str = "http://www.microsoft.com/pkiops/certs/azure-imds%20test%20Issuing%20CA%2001.crt";
/// Where the issuers of the vectors say theirs is.
pub(crate) const ROOT: &str = "http://www.microsoft.com/pkiops/certs/azure-imds%20test%20Root.crt";
/// Another address on the list, and where all pages here redirect to.
pub(crate) const ELSEWHERE: &str = "http://cacerts.digicert.com/elsewhere.crt";

pub(crate) const OFF_THE_LIST: &[&str] = &[
    "http://evil.test/pkiops/certs/a.crt",
    "http://www.microsoft.com.evil.test/pkiops/certs/a.crt",
    "http://www.microsoft.com@evil.test/pkiops/certs/a.crt",
    "http://evil.test#@www.microsoft.com/pkiops/certs/a.crt",
    "http://user:word@www.microsoft.com/pkiops/certs/a.crt",
    "http://www.microsoft.com:8080/pkiops/certs/a.crt",
    "http://www.microsoft.com:22/pkiops/certs/a.crt",
    "http://www.microsoft.com/pkiops/certs/../../fwlink",
    "http://www.microsoft.com/pkiops/certs/%2e%2e/a.crt",
    "http://www.microsoft.com/fwlink?LinkId=1",
    "http://www.microsoft.com/pkiops/certs/a.crt?to=http://evil.test",
    "http://169.254.169.254/metadata/identity/oauth2/token",
    "http://[::ffff:169.254.169.254]/pkiops/certs/a.crt",
    "http://2852039166/pkiops/certs/a.crt",
    "http://168.63.129.16/machine",
    "http://127.0.0.1:8080/certs/a.crt",
    "http://localhost/pkiops/certs/a.crt",
    "ftp://www.microsoft.com/pkiops/certs/a.crt",
    "file:///etc/passwd",
    "ldap:///CN=a",
    "gopher://www.microsoft.com/pkiops/certs/a.crt",
    "//www.microsoft.com/pkiops/certs/a.crt",
    "http://www.microsoft.com/pkiops/certs/a.crt\r\nMetadata: true",
    "",
];

/// Pages by address, and a clock that runs while a request is out. What is not there is answered with 404.
pub(crate) struct Web {
    pub(crate) pages: BTreeMap<String, Answer>,
    pub(crate) otherwise: Option<Answer>,
    pub(crate) asked: Vec<Request>,
    pub(crate) asked_at: Vec<u64>,
    pub(crate) round_trip: u64,
    pub(crate) clock: u64,
}

#[derive(Clone, Debug)]
pub(crate) enum Answer {
    Page(Response),
    Failure(TransportError),
    Silence,
}

impl Default for Web {
    fn default() -> Self {
        let pages = BTreeMap::new();
        Self { pages, otherwise: None, asked: Vec::new(), asked_at: Vec::new(), round_trip: 40, clock: 0 }
    }
}

impl Web {
    pub(crate) fn serving(pages: &[(&str, &[u8])]) -> Self {
        let pages = pages.iter().map(|(url, body)| ((*url).to_owned(), page(200, body))).collect();
        Self { pages, ..Self::default() }
    }

    pub(crate) fn verify(&mut self, input: &[u8]) -> Report {
        self.drive(&mut verification(input))
    }

    pub(crate) fn drive<M: SharedMemory>(&mut self, verification: &mut Verification<M>) -> Report {
        loop {
            match verification.poll(Instant::from_millis(self.clock)) {
                Step::Send(id, request) => self.carry(verification, id, request),
                Step::Wait(until) => {
                    assert!(until.millis() > self.clock, "a wait that is over");
                    self.clock = until.millis();
                }
                Step::Done(report) => return report,
            }
        }
    }

    pub(crate) fn carry<M: SharedMemory>(
        &mut self,
        verification: &mut Verification<M>,
        id: RequestId,
        request: Request,
    ) {
        let answer = self.pages.get(&request.url).or(self.otherwise.as_ref());
        let answer = answer.cloned().unwrap_or_else(|| page(404, b"not found"));
        self.asked_at.push(self.clock);
        let back = self.clock + self.round_trip;
        let in_time = back < request.deadline.millis();
        let deadline = request.deadline;
        self.asked.push(request);
        if matches!(answer, Answer::Silence) {
            return;
        }
        self.clock = back.min(deadline.millis());
        let now = Instant::from_millis(self.clock);
        let taken = match answer {
            Answer::Page(response) if in_time => verification.receive(id, now, response),
            Answer::Failure(error) if in_time => verification.fail(id, now, error),
            _ => verification.fail(id, now, TransportError::ReadTimeout),
        };
        taken.unwrap();
    }

    pub(crate) fn asked(&self) -> Vec<&str> {
        self.asked.iter().map(|request| request.url.as_str()).collect()
    }
}

pub(crate) fn page(status: u16, body: &[u8]) -> Answer {
    Answer::Page(response(status, body))
}

pub(crate) fn response(status: u16, body: &[u8]) -> Response {
    Response::new(status, Headers::from_iter([("Location", ELSEWHERE)]), body.to_vec())
}

pub(crate) fn sent(step: Step<Report>) -> (RequestId, Request) {
    match step {
        Step::Send(id, request) => (id, request),
        other => panic!("not a request: {other:?}"),
    }
}

pub(crate) fn done(step: Step<Report>) -> Report {
    match step {
        Step::Done(report) => report,
        other => panic!("not the end: {other:?}"),
    }
}

/// Answers to a request that is no longer out.
pub(crate) fn answer_late(verification: &mut Verification, id: RequestId) {
    let now = Instant::from_millis(1);
    verification.receive(id, now, response(200, &ISSUING_CA.der)).unwrap();
    verification.fail(id, now, TransportError::Truncated).unwrap();
}

/// Answers to a request that was never made.
pub(crate) fn answer_foreign(verification: &mut Verification, id: RequestId) {
    let now = Instant::from_millis(1);
    let received = verification.receive(id, now, response(200, &ISSUING_CA.der));
    assert_eq!(received.unwrap_err().code(), "request_stale");
    let failed = verification.fail(id, now, TransportError::Truncated);
    assert_eq!(failed.unwrap_err().code(), "request_stale");
}
