//! A real HTTP server on this machine that receives what the house sends: a push service, or somebody's program.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// What came in.
#[derive(Clone, Debug)]
pub struct Received {
    pub path: String,
    /// By names in small letters.
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

/// How it answers.
#[derive(Clone, Copy, Debug)]
pub enum Manner {
    /// By a status.
    Status(u16),
    /// By sending whoever asks elsewhere.
    Elsewhere,
    /// Not at all.
    Silent,
}

pub struct Receiver {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
    manner: Arc<Mutex<Manner>>,
    over: Arc<AtomicBool>,
}

impl Receiver {
    pub fn open(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let one = Self {
            address: listener.local_addr().unwrap(),
            received: Arc::default(),
            manner: Arc::new(Mutex::new(manner)),
            over: Arc::default(),
        };
        let (received, manner, over) = (
            Arc::clone(&one.received),
            Arc::clone(&one.manner),
            Arc::clone(&one.over),
        );
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if over.load(Ordering::Relaxed) {
                    return;
                }
                let (received, manner) = (Arc::clone(&received), Arc::clone(&manner));
                std::thread::spawn(move || answer(stream.unwrap(), &received, &manner));
            }
        });
        one
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn is_to(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    /// What came in since it was last asked.
    pub fn take(&self) -> Vec<Received> {
        std::mem::take(&mut self.received.lock().unwrap())
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        // It waits for somebody.
        let _ = TcpStream::connect(self.address);
    }
}

fn answer(stream: TcpStream, received: &Mutex<Vec<Received>>, manner: &Mutex<Manner>) {
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream;
    // One connection may carry several requests.
    while let Some(one) = read(&mut reader) {
        received.lock().unwrap().push(one);
        let manner = *manner.lock().unwrap();
        let reply = match manner {
            Manner::Status(status) => format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\n\r\n"),
            Manner::Elsewhere => {
                "HTTP/1.1 307 x\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"
                    .to_owned()
            }
            Manner::Silent => continue,
        };
        if stream.write_all(reply.as_bytes()).is_err() {
            return;
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Received> {
    let mut first = String::new();
    reader.read_line(&mut first).ok()?;
    let path = first.split(' ').nth(1)?.to_owned();
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    let length = headers.get("content-length").map_or("0", String::as_str);
    let mut body = vec![0; length.parse().unwrap()];
    reader.read_exact(&mut body).ok()?;
    Some(Received {
        path,
        headers,
        body,
    })
}
