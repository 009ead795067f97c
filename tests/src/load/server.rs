//! A program that serves: started, looked at from outside, ended. What it logs is kept account of.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Lines kept of those that tell of no request.
const KEPT: usize = 1000;

/// A server that runs.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// What it has logged.
    pub log: Arc<Log>,
    readers: Vec<JoinHandle<()>>,
}

/// How often each request is in the log.
#[derive(Debug)]
pub struct Log {
    seen: Vec<AtomicU8>,
    others: AtomicUsize,
    kept: Mutex<Vec<String>>,
}

impl Log {
    /// How often the request of that number is there.
    #[must_use]
    pub fn count(&self, id: usize) -> u8 {
        self.seen.get(id).map_or(0, |seen| seen.load(Ordering::Relaxed))
    }

    /// Lines that tell of no request: how many, and the first thousand.
    #[must_use]
    pub fn others(&self) -> (usize, Vec<String>) {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone();
        (self.others.load(Ordering::Relaxed), kept)
    }

    fn note(&self, line: &str) {
        let id = line.split("?load=").nth(1).and_then(|rest| rest.split(['&', ' ']).next()).map(str::parse::<usize>);
        if let Some(seen) = id.and_then(Result::ok).and_then(|id| self.seen.get(id)) {
            seen.fetch_add(1, Ordering::Relaxed);
            return;
        }
        self.others.fetch_add(1, Ordering::Relaxed);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < KEPT {
            kept.push(line.chars().take(200).collect());
        }
    }
}

/// What a process takes.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Memory in kilobytes.
    pub memory: usize,
    /// File descriptors.
    pub files: usize,
    /// Threads.
    pub threads: usize,
}

impl Server {
    /// Starts a command that prints its URL first. Its log can hold so many requests.
    ///
    /// # Errors
    ///
    /// What went wrong.
    pub fn start(command: &[String], requests: usize) -> Result<Self, String> {
        let [program, arguments @ ..] = command else {
            return Err("name the command that serves after --".into());
        };
        let child = Command::new(program).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = child.map_err(|error| format!("{program} does not start: {error}"))?;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let (Some(stdout), Some(stderr)) = (stdout, stderr) else { return Err("there are no pipes".into()) };
        let mut stdout = BufReader::new(stdout);
        let mut url = String::new();
        stdout.read_line(&mut url).map_err(|error| error.to_string())?;
        let address = url.trim_end().strip_prefix("http://").and_then(|address| address.parse().ok());
        let Some(address) = address else {
            let _ = child.kill();
            return Err(format!("the first line is no URL: {url:?}"));
        };
        let seen = (0..requests).map(|_| AtomicU8::new(0)).collect();
        let log = Arc::new(Log { seen, others: AtomicUsize::new(0), kept: Mutex::new(Vec::new()) });
        let readers = vec![read_log(stderr, Arc::clone(&log)), pass_over(stdout)];
        Ok(Self { child, address, log, readers })
    }

    /// What it takes now.
    ///
    /// # Errors
    ///
    /// If it has ended, or the system has no `/proc`.
    pub fn size(&self) -> Result<Size, String> {
        let folder = format!("/proc/{}", self.child.id());
        let status = fs::read_to_string(format!("{folder}/status")).map_err(|error| format!("{folder}: {error}"))?;
        let number = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse().ok()
        };
        let (Some(memory), Some(threads)) = (number("VmRSS:"), number("Threads:")) else {
            return Err("the server has ended".into());
        };
        let files = fs::read_dir(format!("{folder}/fd")).map_err(|error| error.to_string())?.count();
        Ok(Size { memory, files, threads })
    }

    /// Waits until it has no more files open than that, and says how many it has then.
    ///
    /// # Errors
    ///
    /// As [`Self::size`].
    pub fn settled(&self, files: usize, time: Duration) -> Result<Size, String> {
        let end = Instant::now() + time;
        loop {
            let size = self.size()?;
            if size.files <= files || Instant::now() > end {
                return Ok(size);
            }
            thread::sleep(Duration::from_millis(100));
        }
    }

    /// Ends it by SIGTERM, and says whether it ended as it should: with 0, or by the signal if it does not catch it.
    ///
    /// # Errors
    ///
    /// What went wrong.
    pub fn end(mut self) -> Result<String, String> {
        let told = Command::new("kill").arg(self.child.id().to_string()).status().map_err(|error| error.to_string())?;
        if !told.success() {
            return Err("the server had ended before".into());
        }
        let status = self.child.wait().map_err(|error| error.to_string())?;
        for reader in self.readers.drain(..) {
            reader.join().map_err(|_| "a reader panicked")?;
        }
        Ok(status.to_string())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill(); // It may have ended already.
        let _ = self.child.wait();
    }
}

fn read_log(stderr: ChildStderr, log: Arc<Log>) -> JoinHandle<()> {
    thread::spawn(move || {
        let mut lines = BufReader::new(stderr);
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line).is_ok_and(|count| count > 0) {
            log.note(String::from_utf8_lossy(&line).trim_end());
            line.clear();
        }
    })
}

fn pass_over(mut stdout: BufReader<ChildStdout>) -> JoinHandle<()> {
    thread::spawn(move || {
        let _ = std::io::copy(&mut stdout, &mut std::io::sink());
    })
}
