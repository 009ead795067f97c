//! A run: many clients at once, in five parts, with crowds after the first and the last, and a look at what the server takes.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::connection::Connection;
use super::question;
use super::server::{Server, Size};
use super::sessions::{Client, Fate};
use crate::rng::SeededRng;

/// Parts of a run.
pub const PARTS: usize = 5;

/// Clients at once.
const CLIENTS: usize = 8;

/// Connections at once that all are answered, and those of which some may be turned away: servers take a thousand.
const CROWDS: (usize, usize) = (700, 2_500);

/// Connections that send a byte now and then.
const SLOW: usize = 40;

/// Wrong answers that are told.
const TOLD: usize = 20;

/// Requests that a run may make beyond the number that was asked for: those of crowds, and of sessions under way.
#[must_use]
pub const fn room(requests: usize) -> usize {
    requests + 2 * (CROWDS.0 + CROWDS.1) + 10_000
}

/// What came of a run.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Requests made, half ones included.
    pub made: usize,
    /// Those that got their right answer.
    pub answered: usize,
    /// Those whose clients left.
    pub left: usize,
    /// Those of which a part was sent.
    pub half: usize,
    /// Sessions.
    pub sessions: usize,
    /// Connections of the crowd that is too large: answered, and turned away.
    pub turned_away: (usize, usize),
    /// Slow connections that the server closed, and the longest that one was open.
    pub slow_closed: (usize, Duration),
    /// How long it took.
    pub took: Duration,
    /// What the server took before, and after each part.
    pub sizes: Vec<Size>,
    /// What was wrong.
    pub wrong: Vec<String>,
}

struct Account {
    fates: Vec<AtomicU8>,
    next: AtomicUsize,
    sessions: AtomicUsize,
    wrong: Mutex<Vec<String>>,
    is_over: AtomicBool,
    slow_closed: AtomicUsize,
    slow_longest: AtomicUsize,
}

/// Makes so many requests, or as many as the time allows, crowds apart. So many file descriptors may be left open.
///
/// # Errors
///
/// If the run can't be made; wrong answers are told in the outcome.
pub fn run(server: &Server, requests: usize, time: Duration, spare: usize) -> Result<Outcome, String> {
    let account = Account {
        fates: (0..room(requests)).map(|_| AtomicU8::new(0)).collect(),
        next: AtomicUsize::new(0),
        sessions: AtomicUsize::new(0),
        wrong: Mutex::new(Vec::new()),
        is_over: AtomicBool::new(false),
        slow_closed: AtomicUsize::new(0),
        slow_longest: AtomicUsize::new(0),
    };
    let begin = Instant::now();
    let mut outcome = Outcome::default();
    outcome.sizes.push(server.size()?);
    thread::scope(|scope| {
        scope.spawn(|| account.slowly(server.address));
        for part in 0..PARTS {
            let most = requests * (part + 1) / PARTS;
            // Time of its own: what crowds take on a busy machine is not taken from the requests that come after them.
            let until = Instant::now() + time / u32::try_from(PARTS).unwrap_or(1);
            account.part(server.address, part, most, until);
            if part == 0 || part == PARTS - 1 {
                let (answered, away) = account.crowds(server.address);
                outcome.turned_away = (outcome.turned_away.0 + answered, outcome.turned_away.1 + away);
            }
            let files = outcome.sizes.first().map_or(0, |size| size.files) + SLOW;
            match server.settled(files, Duration::from_secs(60)) {
                Ok(size) => outcome.sizes.push(size),
                Err(error) => account.complain(error),
            }
        }
        account.is_over.store(true, Ordering::Relaxed);
    });
    let fate = |fate: Fate| account.fates.iter().filter(|it| it.load(Ordering::Relaxed) == fate as u8 + 1).count();
    outcome.made = account.next.load(Ordering::Relaxed);
    (outcome.answered, outcome.left, outcome.half) = (fate(Fate::Answered), fate(Fate::Left), fate(Fate::Half));
    outcome.sessions = account.sessions.load(Ordering::Relaxed);
    let longest = Duration::from_millis(account.slow_longest.load(Ordering::Relaxed) as u64);
    outcome.slow_closed = (account.slow_closed.load(Ordering::Relaxed), longest);
    outcome.took = begin.elapsed();
    // The last of the slow ones have gone: nothing may be left.
    let files = outcome.sizes.first().map_or(0, |size| size.files) + spare;
    let end = server.settled(files, Duration::from_secs(120))?;
    if end.files > files {
        account.complain(format!("{} file descriptors are left open beyond what may be", end.files - files));
    }
    outcome.sizes.push(end);
    // The log is written by then, but for what the reader of it has to do yet.
    let deadline = Instant::now() + Duration::from_secs(120);
    while Instant::now() < deadline && account.lost(server).is_some() {
        thread::sleep(Duration::from_millis(50));
    }
    if let Some(lost) = account.lost(server) {
        account.complain(lost);
    }
    outcome.wrong = account.wrong.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(outcome)
}

impl Account {
    fn complain(&self, wrong: String) {
        let mut all = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() < TOLD {
            all.push(wrong);
        }
    }

    fn tell(&self, id: usize, fate: Fate) {
        if let Some(known) = self.fates.get(id) {
            known.store(fate as u8 + 1, Ordering::Relaxed);
        }
    }

    fn part(&self, address: SocketAddr, part: usize, requests: usize, until: Instant) {
        let next = || {
            let is_enough = self.next.load(Ordering::Relaxed) >= requests || Instant::now() > until;
            (!is_enough).then(|| self.next.fetch_add(1, Ordering::Relaxed))
        };
        let tell = |id, fate| self.tell(id, fate);
        thread::scope(|scope| {
            for number in 0..CLIENTS {
                let random = SeededRng::new(b"load", &format!("part {part}, client {number}"));
                let mut client = Client { address, random, next: &next, tell: &tell };
                scope.spawn(move || {
                    while self.next.load(Ordering::Relaxed) < requests && Instant::now() < until {
                        self.sessions.fetch_add(1, Ordering::Relaxed);
                        if let Err(error) = client.visit() {
                            self.complain(error);
                        }
                    }
                });
            }
        });
    }

    /// One crowd of which all are answered, and one of which as many are, and the rest turned away.
    fn crowds(&self, address: SocketAddr) -> (usize, usize) {
        let (answered, away) = self.crowd(address, CROWDS.0);
        if away > 0 {
            self.complain(format!("of a crowd of {} only {answered} were answered", CROWDS.0));
        }
        let (answered, away) = self.crowd(address, CROWDS.1);
        if answered < CROWDS.0 {
            self.complain(format!("of a crowd of {} only {answered} were answered", CROWDS.1));
        }
        (answered, away)
    }

    /// Opens so many connections, and only then asks on each: how many were answered, and how many turned away.
    fn crowd(&self, address: SocketAddr, size: usize) -> (usize, usize) {
        let random = SeededRng::new(b"load", "crowd");
        let tell = |id, fate| self.tell(id, fate);
        let mut client = Client { address, random, next: &|| None, tell: &tell };
        let mut all = Vec::new();
        for _ in 0..size {
            if let Ok(connection) = Connection::open(address) {
                all.push(connection);
            }
        }
        let (mut answered, mut away) = (0, size - all.len());
        for connection in &mut all {
            let id = self.next.fetch_add(1, Ordering::Relaxed);
            self.tell(id, Fate::Left);
            let question = question::plain(&mut client.random, id);
            match client.ask(connection, &question) {
                Ok(_) => answered += 1,
                Err(_) => away += 1,
            }
        }
        (answered, away)
    }

    /// Keeps connections open on which a byte comes now and then, and never a whole request.
    fn slowly(&self, address: SocketAddr) {
        let head = "GET /metadata/instance/compute/name HTTP/1.1\r\nHost: a\r\nX: ";
        let body = "POST /metadata/scheduledevents HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n";
        let starts = [head, body, "", "G"];
        let mut slow: Vec<Option<(Connection, Instant)>> = (0..SLOW).map(|_| None).collect();
        while !self.is_over.load(Ordering::Relaxed) {
            for (number, place) in slow.iter_mut().enumerate() {
                let start = starts.get(number % starts.len()).copied().unwrap_or_default();
                let is_open = match place {
                    None => {
                        *place = Connection::open(address).ok().map(|connection| (connection, Instant::now()));
                        place.as_mut().is_some_and(|(connection, _)| connection.send(start.as_bytes()))
                    }
                    // Those that say nothing at all go on saying nothing.
                    Some((connection, _)) => {
                        let is_heard = start.is_empty() || connection.send(b"a");
                        is_heard && connection.rest(Duration::from_millis(1)).is_none()
                    }
                };
                if !is_open && let Some((_, since)) = place.take() {
                    self.slow_closed.fetch_add(1, Ordering::Relaxed);
                    let millis = usize::try_from(since.elapsed().as_millis()).unwrap_or(usize::MAX);
                    self.slow_longest.fetch_max(millis, Ordering::Relaxed);
                }
            }
            thread::sleep(Duration::from_millis(500));
        }
    }

    /// What is in the log too often or not at all.
    fn lost(&self, server: &Server) -> Option<String> {
        let wrong = self.fates.iter().enumerate().find_map(|(id, fate)| {
            let count = server.log.count(id);
            let is_right = match fate.load(Ordering::Relaxed) {
                1 => count == 1,
                2 => count <= 1,
                _ => count == 0,
            };
            (!is_right).then_some((id, count))
        });
        wrong.map(|(id, count)| format!("request {id} is {count} times in the log"))
    }
}
