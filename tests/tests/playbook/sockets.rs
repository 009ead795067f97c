//! The table over real sockets, by both transports of the examples.

use std::sync::Mutex;
use std::thread;

use azure_imds::emulator::{Emulator, RateLimits};
use azure_imds::{Client, Exchange, Timestamp};
use tokio::runtime::{Builder, Runtime};

use crate::calls::{self, Host, Patience};
use crate::service::{self, Served};
use crate::table::{Case, cases};
use crate::{by_reqwest, by_ureq};

/// Cases at the same time: most of the time passes with waiting.
const WORKERS: usize = 16;

/// Chances that a case has that was late at first.
const CHANCES: usize = 20;

/// A client, its transport, and the server that it asks.
struct Asking<C> {
    served: Served,
    client: Client,
    carry: C,
}

/// Drives an exchange over the network.
trait Carry {
    fn new() -> Self;
    fn drive<E: Exchange>(&self, exchange: E) -> E::Output;
}

struct Ureq;

impl Carry for Ureq {
    fn new() -> Self {
        Self
    }

    fn drive<E: Exchange>(&self, exchange: E) -> E::Output {
        by_ureq::drive(exchange).unwrap()
    }
}

struct Reqwest(Runtime);

impl Carry for Reqwest {
    fn new() -> Self {
        Self(Builder::new_current_thread().enable_all().build().unwrap())
    }

    fn drive<E: Exchange>(&self, exchange: E) -> E::Output {
        self.0.block_on(by_reqwest::drive(exchange)).unwrap()
    }
}

impl<C: Carry> Asking<C> {
    fn new() -> Self {
        let asking = Self { served: Served::new(RateLimits::none()), client: Client::new(), carry: C::new() };
        asking.served.make_keys();
        asking
    }
}

impl<C: Carry> Host for Asking<C> {
    fn run<E: Exchange>(&mut self, exchange: E) -> E::Output {
        self.carry.drive(exchange)
    }

    fn client(&self) -> &Client {
        &self.client
    }

    fn emulator<T>(&mut self, look: impl FnOnce(&mut Emulator) -> T) -> T {
        self.served.with(look)
    }

    fn wall(&self) -> Timestamp {
        service::wall()
    }
}

fn the_table_holds<C: Carry>() {
    // Those that take longest first, so that none is waited for at the end.
    let mut queue = cases();
    queue.sort_by_key(|case| match case.patience {
        Patience::Ample => 0,
        Patience::Short => 1,
        Patience::Long => 2,
    });
    let all = queue.len();
    let (queue, wrong) = (Mutex::new(queue), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                let mut asking = Asking::<C>::new();
                while let Some(case) = { queue.lock().unwrap().pop() } {
                    if hold(&mut asking, &case).is_err() {
                        // What is late may come to the next one.
                        asking = Asking::new();
                        wrong.lock().unwrap().push(case);
                    }
                }
            });
        }
    });
    // A machine that is too busy for so many at once may make a case late: each has a few more chances, by itself.
    let wrong = wrong.into_inner().unwrap();
    // So many would not be late, but wrong.
    assert!(wrong.len() < all / 2, "{} of {all}: {wrong:?}", wrong.len());
    let again =
        |case| (0..CHANCES).map(|_| hold(&mut Asking::<C>::new(), case)).try_fold(String::new(), |_, held| held.err());
    let wrong: Vec<String> = wrong.iter().filter_map(again).collect();
    assert!(wrong.is_empty(), "{} of {all}:\n{}", wrong.len(), wrong.join("\n"));
}

fn hold<C: Carry>(asking: &mut Asking<C>, case: &Case) -> Result<(), String> {
    asking.served.reset(Some(&case.fault));
    asking.client = Client::new().with_endpoint(asking.served.endpoint()).with_policy(calls::policy(case.patience));
    let before = asking.served.with(|emulator| emulator.journal().total());
    let (outcome, value) = calls::made(asking, &case.call);
    let requests = asking.served.with(|emulator| emulator.journal().total()) - before;
    let found = (outcome.as_str(), value.as_deref(), requests);
    let expected = (case.outcome.as_str(), case.value.as_deref(), case.requests);
    if found == expected { Ok(()) } else { Err(format!("{} {}: {found:?}, not {expected:?}", case.call, case.fault)) }
}

#[test]
fn by_the_example_of_ureq() {
    the_table_holds::<Ureq>();
}

#[test]
fn by_the_example_of_reqwest() {
    the_table_holds::<Reqwest>();
}
