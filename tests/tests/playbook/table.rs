//! The table: which faults, and on a virtual clock what comes of them. `tests/vectors/playbook.json` is what it makes.

use std::path::PathBuf;

use azure_imds::emulator::{Emulator, RateLimits, Tamper};
use azure_imds::{Client, Exchange, Timestamp};
use serde_json::{Value as Json, json};

use crate::calls::{self, CALLS, Host, MACHINE, MAX_BODY, Patience, SCENARIO};
use crate::world::World;

/// A row.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) call: String,
    pub(crate) fault: String,
    pub(crate) patience: Patience,
    pub(crate) outcome: String,
    pub(crate) value: Option<String>,
    /// Requests that came.
    pub(crate) requests: u64,
}

/// The kinds of fault that the grammar knows, but for statuses and tampering; once, and for as long as is asked.
const STEPS: &[&str] = &[
    "ok",
    "partial",
    "empty",
    "empty-json",
    "bad-json",
    "bad-utf8",
    "giant",
    "login",
    "proxy",
    "docker",
    "wireserver",
    "redirect",
    "redirect=http://127.0.0.1:9/",
    "drop",
    "endless",
    "truncate",
    "truncate=7",
    "slow=100000",
    "delay=100",
    "500+truncate=1",
    "404+delay=50",
    "429+endless",
    "503+drop",
];

/// Those that cost the whole time of an attempt: each either once or for ever.
const SLOW_STEPS: &[&str] = &["hangx*", "hang", "slow=1", "delay=5sx*", "500+delay=5s"];

const STATUSES: &[u16] =
    &[400, 401, 403, 404, 405, 408, 410, 413, 418, 429, 431, 451, 500, 501, 502, 503, 504, 505, 599];

/// Every fault, as a rule writes it behind its target.
fn faults() -> Vec<String> {
    let steps = STEPS.iter().map(ToString::to_string);
    let statuses = STATUSES.iter().map(ToString::to_string);
    let both = steps.chain(statuses).flat_map(|step| [step.clone(), format!("{step}x*")]);
    both.chain(SLOW_STEPS.iter().map(ToString::to_string)).collect()
}

impl Host for World {
    fn run<E: Exchange>(&mut self, exchange: E) -> E::Output {
        Self::run(self, exchange)
    }

    fn client(&self) -> &Client {
        &self.client
    }

    fn emulator<T>(&mut self, look: impl FnOnce(&mut Emulator) -> T) -> T {
        look(&mut self.emulator)
    }

    fn wall(&self) -> Timestamp {
        self.now.wall
    }
}

/// One world for all cases: its keys take a while.
struct Stage(World);

impl Stage {
    fn new() -> Self {
        let mut world = World::new(calls::machine());
        world.emulator = Emulator::new(calls::machine(), [7; 32]).with_limits(RateLimits::none());
        Self(world)
    }

    /// What comes of it on the virtual clock.
    fn played(&mut self, call: &str, fault: &str, patience: Patience) -> Case {
        let world = &mut self.0;
        let ids: Vec<String> = world.emulator.events().events().iter().map(|event| event.id.clone()).collect();
        for id in ids {
            world.emulator.events_mut().cancel(world.now, &id);
        }
        world.emulator.schedule(world.now, &calls::scenario());
        world.emulator.faults_mut().clear();
        world.emulator.faults_mut().add_text(&format!("*:{fault}")).unwrap();
        world.client = Client::new().with_policy(calls::policy(patience));
        let before = world.emulator.journal().total();
        let (outcome, value) = calls::made(world, call);
        let requests = world.emulator.journal().total() - before;
        Case { call: call.to_owned(), fault: fault.to_owned(), patience, outcome, value, requests }
    }
}

fn generated() -> Vec<Case> {
    let (mut cases, mut stage) = (Vec::new(), Stage::new());
    for call in CALLS {
        for fault in faults() {
            cases.push(stage.played(call, &fault, patience(&fault)));
        }
    }
    for tamper in Tamper::ALL {
        for call in ["attested_document", "verified_document"] {
            for lasts in ["", "x*"] {
                let fault = format!("tamper={tamper}{lasts}");
                cases.push(stage.played(call, &fault, patience(&fault)));
            }
        }
    }
    // An update of the service is over when the client asks for the second time, ten seconds later.
    for call in ["instance", "token", "scheduled_events"] {
        cases.push(stage.played(call, "410@8s", Patience::Long));
    }
    cases
}

/// Short where the client waits for something: an answer that is late, the end of an update, another nonce.
fn patience(fault: &str) -> Patience {
    let is_late = SLOW_STEPS.contains(&fault) || fault.starts_with("410") || fault.starts_with("tamper=wrong-nonce");
    if is_late { Patience::Short } else { Patience::Ample }
}

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors/playbook.json")
}

/// The rows of the file.
pub(crate) fn cases() -> Vec<Case> {
    let suite: Json = serde_json::from_slice(&std::fs::read(file()).unwrap()).unwrap();
    assert_eq!(suite["version"], 1);
    let text = |case: &Json, name: &str| case[name].as_str().unwrap().to_owned();
    let cases = suite["cases"].as_array().unwrap().iter().map(|case| Case {
        call: text(case, "call"),
        fault: text(case, "fault"),
        patience: Patience::ALL.iter().find(|(_, name)| case["patience"] == *name).unwrap().0,
        outcome: text(case, "outcome"),
        value: case["value"].as_str().map(str::to_owned),
        requests: case["requests"].as_u64().unwrap(),
    });
    cases.collect()
}

fn written() -> String {
    let mut policy = json!({
        "retries": 2, "transport_retries": 1, "backoff_ms": 1, "max_body": MAX_BODY, "paced": false,
    });
    for (patience, name) in Patience::ALL {
        let (attempt, whole) = patience.times();
        policy[name] = json!({"attempt_timeout_ms": attempt, "timeout_ms": whole});
    }
    let cases = generated().into_iter().map(|case| {
        let mut row = json!({
            "call": case.call, "fault": case.fault, "outcome": case.outcome, "requests": case.requests,
            "patience": case.patience.name(),
        });
        if let Some(value) = case.value {
            row["value"] = json!(value);
        }
        format!("  {row}")
    });
    let cases: Vec<String> = cases.collect();
    format!(
        "{{\"version\": 1,\n \"machine\": {MACHINE},\n \"scenario\": \"{SCENARIO}\",\n \"policy\": {policy},\n \
         \"cases\": [\n{}\n]}}\n",
        cases.join(",\n")
    )
}

#[test]
fn the_table_is_what_the_client_does_on_a_virtual_clock() {
    let known = std::fs::read_to_string(file()).unwrap();
    let made = written();
    let differs = known.lines().zip(made.lines()).find(|(known, made)| known != made);
    assert!(known == made, "playbook.json is not what is made: {differs:?}");
    let cases = cases();
    assert!(cases.len() > 1_200, "{}", cases.len());
    let codes: std::collections::BTreeSet<&str> = cases.iter().map(|case| case.outcome.as_str()).collect();
    assert!(codes.len() >= 20, "{codes:?}");
}

#[test]
#[ignore = "writes tests/vectors/playbook.json anew"]
fn write_the_table() {
    std::fs::write(file(), written()).unwrap();
}
