//! A small HTTP/1.1 server on 127.0.0.1 that behaves as badly as it is told. One thread per connection, one answer per
//! connection.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use assay_feeds::Mirror;

/// What was asked.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) path: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// How often this path was asked for before.
    pub(crate) before: usize,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }
}

/// What to answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Body,
}

#[derive(Clone, Debug)]
enum Body {
    Whole(Vec<u8>),
    /// Announced, then cut off.
    Cut(Vec<u8>, usize),
    /// No length announced, never ends.
    Endless,
    /// These bytes, then silence until the client gives up.
    Stall(Vec<u8>),
    /// These bytes again and again, one at a time.
    Drip,
}

impl Answer {
    fn new(status: u16, body: Body) -> Answer {
        Answer { status, headers: Vec::new(), body }
    }

    pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Answer {
        Answer::new(200, Body::Whole(body.into()))
    }

    pub(crate) fn status(status: u16) -> Answer {
        Answer::new(status, Body::Whole(b"no".to_vec()))
    }

    pub(crate) fn redirect(to: impl Into<String>) -> Answer {
        Answer::status(302).with("location", to)
    }

    pub(crate) fn cut(body: impl Into<Vec<u8>>, announced: usize) -> Answer {
        Answer::new(200, Body::Cut(body.into(), announced))
    }

    pub(crate) fn endless() -> Answer {
        Answer::new(200, Body::Endless)
    }

    pub(crate) fn stall(body: impl Into<Vec<u8>>) -> Answer {
        Answer::new(200, Body::Stall(body.into()))
    }

    pub(crate) fn drip() -> Answer {
        Answer::new(200, Body::Drip)
    }

    pub(crate) fn with(mut self, header: &'static str, value: impl Into<String>) -> Answer {
        self.headers.push((header, value.into()));
        self
    }
}

type Handler = dyn Fn(&Asked) -> Answer + Send + Sync;

/// The server; its threads end with the test's process.
pub(crate) struct Server {
    address: SocketAddr,
    log: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    pub(crate) fn start(handler: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let log = Arc::new(Mutex::new(Vec::new()));
        let (handler, writing): (Arc<Handler>, _) = (Arc::new(handler), log.clone());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (handler, log) = (handler.clone(), writing.clone());
                // A client that hangs up early is what many of these tests are about.
                thread::spawn(move || serve(stream, &*handler, &log).ok());
            }
        });
        Server { address, log }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }

    pub(crate) fn mirror(&self) -> Mirror {
        self.url("").parse().unwrap()
    }

    /// Everything that was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.log.lock().unwrap().clone()
    }

    /// The paths that were asked for so far.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.path).collect()
    }

    pub(crate) fn forget(&self) {
        self.log.lock().unwrap().clear();
    }
}

fn serve(mut stream: TcpStream, handler: &Handler, log: &Mutex<Vec<Asked>>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let path = line.split(' ').nth(1).unwrap_or_default().trim_start_matches('/').to_owned();
    let mut headers = Vec::new();
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let asked = {
        let mut log = log.lock().unwrap();
        let before = log.iter().filter(|asked| asked.path == path).count();
        log.push(Asked { path, headers, before });
        log.last().unwrap().clone()
    };
    let answer = handler(&asked);
    let mut head = format!("HTTP/1.1 {} Answer\r\nconnection: close\r\n", answer.status);
    for (name, value) in &answer.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let length = match &answer.body {
        Body::Whole(body) if answer.status != 304 => Some(body.len()),
        Body::Cut(_, announced) => Some(*announced),
        _ => None,
    };
    head.extend(length.map(|length| format!("content-length: {length}\r\n")));
    head.push_str("\r\n");
    stream.write_all(head.as_bytes())?;
    match answer.body {
        Body::Whole(body) if answer.status != 304 => stream.write_all(&body),
        Body::Whole(_) => Ok(()),
        Body::Cut(body, _) => stream.write_all(&body),
        Body::Endless => loop {
            stream.write_all(&[b'x'; 64 * 1024])?;
        },
        Body::Drip => loop {
            stream.write_all(b"x")?;
        },
        Body::Stall(body) => {
            stream.write_all(&body)?;
            // Ends when the client closes the connection.
            reader.read_to_end(&mut Vec::new()).map(|_| ())
        }
    }
}
