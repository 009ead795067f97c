//! An emulator on a socket of this process, served by the example `serve`.

use std::sync::{Arc, LazyLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant as Clock, SystemTime, UNIX_EPOCH};

use azure_imds::Timestamp;
use azure_imds::client::Endpoint;
use azure_imds::emulator::{Authority, Emulator, Moment, RateLimits};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Handle};

use crate::calls;
use crate::serve::{self, Service};

const SEED: [u8; 32] = [7; 32];

/// Made once: its keys take a while.
static AUTHORITY: LazyLock<Authority> = LazyLock::new(|| Authority::from_seed(&SEED).unwrap());

/// A runtime on a thread of its own, for all servers.
static SERVERS: LazyLock<Handle> = LazyLock::new(|| {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let handle = runtime.handle().clone();
    thread::spawn(move || runtime.block_on(std::future::pending::<()>()));
    handle
});

/// A server that runs until it is dropped.
pub(crate) struct Served {
    pub(crate) origin: String,
    service: Arc<Service>,
    task: tokio::task::JoinHandle<()>,
}

impl Served {
    pub(crate) fn new(limits: RateLimits) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let emulator = Emulator::new(calls::machine(), SEED).with_authority(AUTHORITY.clone()).with_limits(limits);
        let service = Arc::new(Service::new(emulator.with_origin(&origin).unwrap(), false));
        let serving = Arc::clone(&service);
        let task = SERVERS.spawn(async move {
            let listener = TcpListener::from_std(listener).unwrap();
            serve::accept(&listener, &serving).await;
        });
        Self { origin, service, task }
    }

    pub(crate) fn endpoint(&self) -> Endpoint {
        Endpoint::parse(&self.origin).unwrap()
    }

    pub(crate) fn with<T>(&self, look: impl FnOnce(&mut Emulator) -> T) -> T {
        look(&mut self.service.emulator.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Makes the key of tokens, which takes a while.
    pub(crate) fn make_keys(&self) {
        self.with(Emulator::make_keys).unwrap();
    }

    /// The moment by the clocks that the server runs by.
    pub(crate) fn now(&self) -> Moment {
        self.service.now()
    }

    /// One event under way, no rule but that, nothing in the journal.
    pub(crate) fn reset(&self, fault: Option<&str>) {
        let now = self.now();
        self.with(|emulator| {
            let ids: Vec<String> = emulator.events().events().iter().map(|event| event.id.clone()).collect();
            for id in ids {
                emulator.events_mut().cancel(now, &id);
            }
            emulator.schedule(now, &calls::scenario());
            emulator.faults_mut().clear();
            if let Some(fault) = fault {
                emulator.faults_mut().add_text(&format!("*:{fault}")).unwrap();
            }
            emulator.journal_mut().clear();
        });
    }

    /// Waits until no connection is left.
    pub(crate) fn is_alone(&self) {
        // Held here, and by the task that takes connections.
        self.until(|_| Arc::strong_count(&self.service) == 2);
    }

    /// Waits until something holds of the emulator.
    pub(crate) fn until(&self, holds: impl Fn(&mut Emulator) -> bool) {
        // However busy the machine is: nothing that a test waits for takes this long.
        let end = Clock::now() + Duration::from_secs(120);
        while !self.with(&holds) {
            assert!(Clock::now() < end, "it did not come about in time");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(crate) fn wall() -> Timestamp {
    Timestamp::from_unix(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs())
}
