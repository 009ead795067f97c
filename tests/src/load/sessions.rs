//! The manners in which clients come and go.

use std::net::SocketAddr;
use std::time::Duration;

use super::connection::{Answer, Connection, Failure};
use super::question::{self, Expects, Question, below};
use crate::rng::SeededRng;

/// Within this time a connection that can bring nothing more is closed: before the 30 seconds that a request may take.
const ENDS: Duration = Duration::from_secs(25);

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It got the right answer.
    Answered,
    /// Its client left before the end: the server may have read it, or not.
    Left,
    /// Not all of it was sent: the server must not have taken it for a request.
    Half,
}

/// A client: where it asks, and who hears what became of its requests.
pub struct Client<'a> {
    /// The server.
    pub address: SocketAddr,
    /// Its own chance.
    pub random: SeededRng,
    /// The number of the next request; none if there are enough.
    pub next: &'a (dyn Fn() -> Option<usize> + Sync),
    /// Hears the fate of a request.
    pub tell: &'a (dyn Fn(usize, Fate) + Sync),
}

impl Client<'_> {
    /// Comes once, in some manner, and leaves.
    ///
    /// # Errors
    ///
    /// What was wrong.
    pub fn visit(&mut self) -> Result<(), String> {
        match below(&mut self.random, 24) {
            0..=4 => self.keep_alive(20),
            5..=7 => self.one_by_one(4),
            8..=13 => self.pipelined(),
            14..=16 => self.heavy(),
            17 => self.leave_early(),
            18..=19 => self.half(),
            20 => self.garbage(),
            21 => self.giant_head(),
            22 => self.too_long(),
            _ => self.come_and_go(),
        }
    }

    /// One request after the other on one connection.
    fn keep_alive(&mut self, requests: usize) -> Result<(), String> {
        let mut connection = Connection::open(self.address)?;
        for _ in 0..requests {
            let Some(id) = (self.next)() else { return Ok(()) };
            let question = question::plain(&mut self.random, id);
            if !self.ask(&mut connection, &question)? {
                connection = Connection::open(self.address)?;
            }
        }
        Ok(())
    }

    /// A connection for each request, closed by the client without a word.
    fn one_by_one(&mut self, requests: usize) -> Result<(), String> {
        for _ in 0..requests {
            let Some(id) = (self.next)() else { return Ok(()) };
            let mut connection = Connection::open(self.address)?;
            let question = question::plain(&mut self.random, id);
            self.ask(&mut connection, &question)?;
        }
        Ok(())
    }

    /// Many requests in one piece: the answers come in their order.
    fn pipelined(&mut self) -> Result<(), String> {
        let mut connection = Connection::open(self.address)?;
        let count = 2 + below(&mut self.random, 200);
        let ids: Vec<usize> = (0..count).map_while(|_| (self.next)()).collect();
        let questions: Vec<Question> = ids.into_iter().map(|id| question::plain(&mut self.random, id)).collect();
        let all: Vec<u8> = questions.iter().flat_map(|question| question.bytes.iter().copied()).collect();
        if !connection.send(&all) {
            return Err("pipelined requests could not be sent".into());
        }
        for question in &questions {
            self.read(&mut connection, question)?;
        }
        Ok(())
    }

    fn heavy(&mut self) -> Result<(), String> {
        let mut connection = Connection::open(self.address)?;
        for _ in 0..2 {
            let Some(id) = (self.next)() else { return Ok(()) };
            let question = question::heavy(&mut self.random, id);
            if !self.ask(&mut connection, &question)? {
                connection = Connection::open(self.address)?;
            }
        }
        Ok(())
    }

    /// Leaves in the middle of an answer, or of waiting for it; some have sent more behind it.
    fn leave_early(&mut self) -> Result<(), String> {
        let Some(id) = (self.next)() else { return Ok(()) };
        let question = question::unending(&mut self.random, id);
        let Expects::Unending(bytes) = question.expects else { return Err("not unending".into()) };
        let mut connection = Connection::open(self.address)?;
        (self.tell)(id, Fate::Left);
        connection.send(&question.bytes);
        for _ in 0..[0, 0, 0, 3][below(&mut self.random, 4)] {
            let Some(id) = (self.next)() else { break };
            (self.tell)(id, Fate::Left);
            connection.send(&question::plain(&mut self.random, id).bytes);
        }
        connection.wait(bytes, Duration::from_millis(30));
        Ok(())
    }

    /// Sends a part of a request.
    fn half(&mut self) -> Result<(), String> {
        let Some(id) = (self.next)() else { return Ok(()) };
        let question = if below(&mut self.random, 2) == 0 {
            question::plain(&mut self.random, id)
        } else {
            question::too_long(id)
        };
        let mut connection = Connection::open(self.address)?;
        (self.tell)(id, Fate::Half);
        // Of what is too long, less than the emulator needs to see that it is.
        let most = question.bytes.len().min(60_000) - 1;
        connection.send(question.bytes.get(..1 + below(&mut self.random, most)).unwrap_or_default());
        if below(&mut self.random, 2) == 0 {
            connection.end();
            if connection.rest(ENDS).is_none() {
                return Err("half a request, and its end: the connection stays open".into());
            }
        }
        Ok(())
    }

    /// What is no HTTP: refused or closed, never left open.
    fn garbage(&mut self) -> Result<(), String> {
        let length = 1 + below(&mut self.random, 2_000);
        let mut bytes = match below(&mut self.random, 4) {
            0 => TLS_HELLO.to_vec(),
            1 => b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
            2 => b"SSH-2.0-OpenSSH_9.6\r\n".to_vec(),
            _ => self.random.bytes(length),
        };
        bytes.extend_from_slice(b"\r\n\r\n\r\n\r\n");
        let mut connection = Connection::open(self.address)?;
        connection.send(&bytes);
        connection.end();
        match connection.rest(ENDS) {
            None => Err("garbage, and the connection stays open".into()),
            Some(came) if came.is_empty() || refuses(&came) => Ok(()),
            Some(came) => Err(format!("garbage was answered by {:?}", String::from_utf8_lossy(&came))),
        }
    }

    /// A head that no server reads to its end.
    fn giant_head(&mut self) -> Result<(), String> {
        let mut connection = Connection::open(self.address)?;
        let piece = format!("X-{}: {}\r\n", "n".repeat(100), "v".repeat(8_000));
        let mut is_open = connection.send(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        for _ in 0..200 {
            is_open = is_open && connection.send(piece.as_bytes());
        }
        match connection.rest(ENDS) {
            None => Err("a head of 1.6 MB, and the connection stays open".into()),
            Some(came) if came.is_empty() || refuses(&came) => Ok(()),
            Some(came) => Err(format!("a head of 1.6 MB was answered by {:?}", String::from_utf8_lossy(&came))),
        }
    }

    /// A body that is too long: refused in the words of the emulator.
    fn too_long(&mut self) -> Result<(), String> {
        let Some(id) = (self.next)() else { return Ok(()) };
        let mut connection = Connection::open(self.address)?;
        let question = question::too_long(id);
        self.ask(&mut connection, &question).map(|_| ())
    }

    /// Connects and says nothing.
    fn come_and_go(&mut self) -> Result<(), String> {
        for _ in 0..3 {
            Connection::open(self.address)?;
        }
        Ok(())
    }

    /// Asks. Says whether the connection stays open.
    ///
    /// # Errors
    ///
    /// If the answer is wrong.
    pub fn ask(&self, connection: &mut Connection, question: &Question) -> Result<bool, String> {
        if !connection.send(&question.bytes) {
            return Err(format!("{}: could not be sent", begin(question)));
        }
        self.read(connection, question)
    }

    fn read(&self, connection: &mut Connection, question: &Question) -> Result<bool, String> {
        let answer = connection.answer(question.is_head);
        let is_right = match (&question.expects, &answer) {
            (Expects::Answer(statuses, body), Ok(answer)) => {
                answer.is_whole && statuses.contains(&answer.status) && body.fits(&answer.body)
            }
            (Expects::Nothing, Err(Failure::Closed)) => true,
            (Expects::Short, Ok(answer)) => !answer.is_whole,
            _ => false,
        };
        if !is_right {
            return Err(format!("{}: {}", begin(question), described(&answer)));
        }
        (self.tell)(question.id, Fate::Answered);
        Ok(answer.is_ok_and(|answer| answer.is_whole && !answer.is_last))
    }
}

/// The beginning of a handshake.
const TLS_HELLO: &[u8] =
    b"\x16\x03\x01\x00\x31\x01\x00\x00\x2d\x03\x03abcdefghijklmnopqrstuvwxyz012345\x00\x00\x06\x13\x01\
    \x13\x02\x13\x03\x01\x00";

fn refuses(came: &[u8]) -> bool {
    ["HTTP/1.1 400", "HTTP/1.1 414", "HTTP/1.1 431", "HTTP/1.1 501", "HTTP/1.1 505", "HTTP/1.0 400"]
        .iter()
        .any(|start| came.starts_with(start.as_bytes()))
}

fn begin(question: &Question) -> String {
    let line = question.bytes.split(|byte| *byte == b'\r').next().unwrap_or_default();
    String::from_utf8_lossy(line).chars().take(120).collect()
}

fn described(answer: &Result<Answer, Failure>) -> String {
    match answer {
        Ok(answer) => {
            let body: String = String::from_utf8_lossy(&answer.body).chars().take(200).collect();
            format!("{} with {} bytes, whole: {}: {body:?}", answer.status, answer.body.len(), answer.is_whole)
        }
        Err(failure) => format!("{failure:?}"),
    }
}
