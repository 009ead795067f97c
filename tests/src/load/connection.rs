//! One connection: bytes out, answers in, read as strictly as they should have been written.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long an answer may take. Nothing that is asked for takes more than a second; the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// A connection, and what has come of it and is not read yet.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    came: Vec<u8>,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its body, of a truncated one what came.
    pub body: Vec<u8>,
    /// Whether the body is as long as was announced.
    pub is_whole: bool,
    /// Whether the server said that it closes the connection.
    pub is_last: bool,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Failure {
    /// The connection was closed or reset before the first byte.
    Closed,
    /// Nothing came in time.
    Late,
    /// What came is no HTTP, or ended within the head.
    Malformed(String),
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    ///
    /// Why there is no connection.
    pub fn open(address: SocketAddr) -> Result<Self, String> {
        let stream =
            TcpStream::connect_timeout(&address, PATIENCE).map_err(|error| format!("no connection: {error}"))?;
        stream.set_nodelay(true).and_then(|()| stream.set_read_timeout(Some(PATIENCE))).map_err(|it| it.to_string())?;
        stream.set_write_timeout(Some(PATIENCE)).map_err(|error| error.to_string())?;
        Ok(Self { stream, came: Vec::new() })
    }

    /// Sends. Says whether all of it went out.
    pub fn send(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).is_ok()
    }

    /// Sends no more, and says so.
    pub fn end(&self) {
        let _ = self.stream.shutdown(std::net::Shutdown::Write); // It may be closed already.
    }

    /// Waits for so many bytes, for at most that long, and says how many came.
    pub fn wait(&mut self, bytes: usize, time: Duration) -> usize {
        let _ = self.stream.set_read_timeout(Some(time));
        while self.came.len() < bytes && matches!(self.more(), Ok(true)) {}
        let _ = self.stream.set_read_timeout(Some(PATIENCE));
        self.came.len()
    }

    /// Reads until the other side closes, and gives everything; nothing if it does not within the time.
    pub fn rest(&mut self, time: Duration) -> Option<Vec<u8>> {
        let _ = self.stream.set_read_timeout(Some(time));
        loop {
            match self.more() {
                Ok(true) => {}
                Err(Failure::Late) => return None,
                Ok(false) | Err(_) => return Some(std::mem::take(&mut self.came)),
            }
        }
    }

    /// Reads an answer: that to HEAD has no body.
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub fn answer(&mut self, is_head: bool) -> Result<Answer, Failure> {
        loop {
            let (status, length, is_chunked, is_last) = self.head()?;
            if (100..200).contains(&status) {
                continue;
            }
            let (body, is_whole) = match (is_head, is_chunked, length) {
                (true, ..) => (Vec::new(), true),
                (_, true, _) => self.chunks(),
                (_, _, Some(length)) => self.exactly(length),
                _ => return Err(Failure::Malformed("an answer without a length".into())),
            };
            return Ok(Answer { status, body, is_whole, is_last });
        }
    }

    /// Status, length, whether it comes in chunks, and whether it is the last.
    fn head(&mut self) -> Result<(u16, Option<usize>, bool, bool), Failure> {
        loop {
            let mut fields = [httparse::EMPTY_HEADER; 64];
            let mut response = httparse::Response::new(&mut fields);
            match response.parse(&self.came) {
                Ok(httparse::Status::Complete(end)) => {
                    let field = |name: &str| {
                        let found = response.headers.iter().find(|field| field.name.eq_ignore_ascii_case(name));
                        found.map(|field| String::from_utf8_lossy(field.value).to_ascii_lowercase())
                    };
                    let length = field("Content-Length").map(|text| text.parse());
                    let Ok(length) = length.transpose() else {
                        return Err(Failure::Malformed("a length that is none".into()));
                    };
                    let found = (
                        response.code.unwrap_or(0),
                        length,
                        field("Transfer-Encoding").as_deref() == Some("chunked"),
                        field("Connection").as_deref() == Some("close"),
                    );
                    self.came.drain(..end);
                    return Ok(found);
                }
                Ok(httparse::Status::Partial) => {}
                Err(error) => return Err(Failure::Malformed(error.to_string())),
            }
            if !self.more()? {
                let is_begun = !self.came.is_empty();
                return Err(if is_begun { Failure::Malformed("a head cut off".into()) } else { Failure::Closed });
            }
        }
    }

    fn exactly(&mut self, length: usize) -> (Vec<u8>, bool) {
        while self.came.len() < length && matches!(self.more(), Ok(true)) {}
        let is_whole = self.came.len() >= length;
        (self.came.drain(..length.min(self.came.len())).collect(), is_whole)
    }

    fn chunks(&mut self) -> (Vec<u8>, bool) {
        let mut body = Vec::new();
        loop {
            match httparse::parse_chunk_size(&self.came) {
                Ok(httparse::Status::Complete((start, length))) => {
                    let length = usize::try_from(length).unwrap_or(usize::MAX).saturating_add(2);
                    self.came.drain(..start);
                    let (piece, is_whole) = self.exactly(length);
                    body.extend_from_slice(piece.strip_suffix(b"\r\n").unwrap_or(&piece));
                    if length == 2 || !is_whole {
                        return (body, is_whole);
                    }
                }
                Ok(httparse::Status::Partial) if matches!(self.more(), Ok(true)) => {}
                _ => return (body, false),
            }
        }
    }

    /// Reads what there is; false at the end.
    fn more(&mut self) -> Result<bool, Failure> {
        let mut piece = [0; 16 * 1024];
        match self.stream.read(&mut piece) {
            Ok(count) => {
                self.came.extend_from_slice(piece.get(..count).unwrap_or_default());
                Ok(count > 0)
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => Err(Failure::Late),
            Err(error) if error.kind() == ErrorKind::Interrupted => Ok(true),
            Err(_) => Err(Failure::Closed),
        }
    }
}
