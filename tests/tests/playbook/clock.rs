//! The clock of the examples: moments of one call and of the next are of the same origin.

use std::thread;
use std::time::Duration;

use azure_imds::{Exchange, Instant, RequestId, Response, Step, TransportError, UsageError};
use tokio::runtime::Builder;

use crate::{by_reqwest, by_ureq};

const PAUSE: u64 = 40;

/// Waits a while; its value are the moments at which it was asked, the first one and the last.
#[derive(Default)]
struct Asked(Option<Instant>);

impl Exchange for Asked {
    type Output = (Instant, Instant);

    fn poll(&mut self, now: Instant) -> Step<Self::Output> {
        let first = *self.0.get_or_insert(now);
        let until = first + Duration::from_millis(PAUSE);
        if now < until { Step::Wait(until) } else { Step::Done((first, now)) }
    }

    fn receive(&mut self, _: RequestId, _: Instant, _: Response) -> Result<(), UsageError> {
        Ok(())
    }

    fn fail(&mut self, _: RequestId, _: Instant, _: TransportError) -> Result<(), UsageError> {
        Ok(())
    }

    fn release(&mut self) {}
}

/// The pace of a client, and what a verifier remembers of a failed fetch, are moments of an earlier call.
#[track_caller]
fn goes_on(drive: impl Fn(Asked) -> (Instant, Instant)) {
    let (_, earlier) = drive(Asked::default());
    thread::sleep(Duration::from_millis(PAUSE));
    let (later, _) = drive(Asked::default());
    // Each moment is rounded down.
    assert!(later.millis() + 1 >= earlier.millis() + PAUSE, "{later:?} is a call later than {earlier:?}");
}

#[test]
fn of_ureq_goes_on_from_call_to_call() {
    goes_on(|asked| by_ureq::drive(asked).unwrap());
}

#[test]
fn of_reqwest_goes_on_from_call_to_call() {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    goes_on(|asked| runtime.block_on(by_reqwest::drive(asked)).unwrap());
}
