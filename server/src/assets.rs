//! The app's files: inside the binary, or in a folder while the app is being worked on.

use std::{
    collections::HashMap,
    io::Write,
    path::PathBuf,
    sync::{Arc, OnceLock},
};

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// The name of the service worker: never kept by browsers, which look whether there is a newer one.
pub const SERVICE_WORKER: &str = "sw.js";

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/assets.rs"));
}

/// Where the files come from.
#[derive(Clone, Debug)]
pub enum Assets {
    /// Compressed in the binary, by name.
    Embedded(HashMap<&'static str, Packed>),
    /// A folder, read at each request.
    Folder(PathBuf),
}

/// A file as it lies in the binary, unpacked once for all who do not take brotli.
#[derive(Clone, Debug)]
pub struct Packed {
    packed: &'static [u8],
    plain: Arc<OnceLock<Bytes>>,
}

impl Packed {
    fn new(packed: &'static [u8]) -> Self {
        Self {
            packed,
            plain: Arc::default(),
        }
    }

    fn plain(&self) -> Bytes {
        let plain = self.plain.get_or_init(|| unpack(self.packed).into());
        plain.clone()
    }
}

impl Assets {
    /// The files that were built into this binary.
    pub fn embedded() -> Self {
        let files = embedded::EMBEDDED.iter();
        Self::Embedded(
            files
                .map(|(name, bytes)| (*name, Packed::new(bytes)))
                .collect(),
        )
    }

    /// The page that everything starts from, as text.
    pub fn index(&self) -> String {
        let bytes = match self {
            Self::Embedded(files) => files.get("index.html").map(|file| file.plain().to_vec()),
            Self::Folder(folder) => std::fs::read(folder.join("index.html")).ok(),
        };
        bytes
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .unwrap_or_default()
    }

    /// The service worker with the files that it keeps: all of this build but the part of those who run a house, which they fetch
    /// themselves. None while the app is being worked on: what it keeps would be shown instead of what was changed.
    pub fn service_worker(&self) -> Option<String> {
        let Self::Embedded(files) = self else {
            return None;
        };
        let worker = String::from_utf8(files.get(SERVICE_WORKER)?.plain().to_vec()).ok()?;
        let is_kept = |name: &&&str| {
            !["index.html", SERVICE_WORKER].contains(*name) && !name.starts_with("staff-")
        };
        let mut names: Vec<_> = files.keys().filter(is_kept).collect();
        names.sort_unstable();
        let names: Vec<_> = names.iter().map(|name| format!("'/{name}'")).collect();
        Some(worker.replacen("/*FILES*/", &names.join(", "), 1))
    }

    /// Answers with the file of that name, if there is one.
    pub fn get(&self, name: &str, request: &HeaderMap) -> Option<Response> {
        let (bytes, packed) = match self {
            Self::Embedded(files) => {
                let file = files.get(name)?;
                match takes_brotli(request) {
                    true => (Bytes::from_static(file.packed), true),
                    false => (file.plain(), false),
                }
            }
            Self::Folder(folder) => {
                let safe = name
                    .split('/')
                    .all(|part| !part.is_empty() && !part.starts_with('.'));
                let bytes = safe
                    .then(|| std::fs::read(folder.join(name)).ok())
                    .flatten()?;
                (bytes.into(), false)
            }
        };
        // trunk names files by their content, except for those that it copies.
        let hashed = name
            .rsplit_once('-')
            .is_some_and(|(_, rest)| rest.len() > 16);
        let keep = if hashed {
            "public, max-age=31536000, immutable"
        } else {
            "public, max-age=3600"
        };
        let mut response = (StatusCode::OK, bytes).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(media_type(name)),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if packed {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
        }
        Some(response)
    }
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, end)| end) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// True when the browser takes brotli.
pub fn takes_brotli(request: &HeaderMap) -> bool {
    let accepted = request
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok());
    accepted.is_some_and(|list| {
        list.split(',')
            .any(|one| one.trim().split(';').next() == Some("br"))
    })
}

/// Compresses quickly, for replies made at the moment.
pub fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(bytes.len() / 4);
    let mut writer = brotli::CompressorWriter::new(&mut packed, 1 << 16, 5, 20);
    let written = writer.write_all(bytes);
    drop(writer);
    if written.is_ok() { packed } else { Vec::new() }
}

fn unpack(packed: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut reader = brotli::Decompressor::new(packed, 1 << 16);
    // The bytes were packed by this program's own build.
    let _ = std::io::Read::read_to_end(&mut reader, &mut bytes);
    bytes
}
