//! HTTP client of the benchmarks: one connection, one request at a time.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, TcpStream},
};

use crate::shell::Done;

/// A connection that stays open.
pub(crate) struct Http {
    stream: BufReader<TcpStream>,
}

impl Http {
    pub(crate) fn connect(port: u16) -> Done<Self> {
        let stream =
            TcpStream::connect((Ipv4Addr::LOCALHOST, port)).map_err(|cause| cause.to_string())?;
        stream
            .set_nodelay(true)
            .map_err(|cause| cause.to_string())?;
        Ok(Self {
            stream: BufReader::new(stream),
        })
    }

    pub(crate) fn get(&mut self, path: &str, headers: &str) -> Done<(u16, String)> {
        self.send(&format!(
            "GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{headers}\r\n"
        ))
    }

    /// Status and ETag of the answer; the body is read and dropped.
    pub(crate) fn send(&mut self, request: &str) -> Done<(u16, String)> {
        let (status, tag, _) = self.exchange(request)?;
        Ok((status, tag))
    }

    /// Status, ETag and text of the answer.
    pub(crate) fn exchange(&mut self, request: &str) -> Done<(u16, String, String)> {
        let broken = |cause: std::io::Error| cause.to_string();
        self.stream
            .get_mut()
            .write_all(request.as_bytes())
            .map_err(broken)?;
        let (mut status, mut length, mut tag) = (0, 0, String::new());
        let mut line = String::new();
        loop {
            line.clear();
            self.stream.read_line(&mut line).map_err(broken)?;
            let text = line.trim_end();
            if text.is_empty() {
                break;
            }
            if status == 0 {
                status = text
                    .get(9..12)
                    .and_then(|code| code.parse().ok())
                    .unwrap_or(599);
            } else if let Some(value) = text.strip_prefix("content-length: ") {
                length = value.parse().unwrap_or(0);
            } else if let Some(value) = text.strip_prefix("etag: ") {
                value.clone_into(&mut tag);
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).map_err(broken)?;
        Ok((status, tag, String::from_utf8_lossy(&body).into_owned()))
    }
}
