//! Connections: accepts them within bounds, gives headers, idle and unread ones a time limit, and stops in bounded time.

use std::{
    collections::HashMap,
    convert::Infallible,
    future::Future,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{Request, Response},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_io_timeout::TimeoutStream;
use tower_service::Service;

use super::caller::prefix;

/// How long somebody may take to read on what is sent to them.
const UNREAD: Duration = Duration::from_secs(30);

/// Files that the database, the log and the like need beside connections.
const OWN_FILES: u64 = 128;

/// The most connections that are useful: beyond this memory is the limit.
const MOST: u64 = 50_000;

/// How many connections there may be, and how long they may take.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// In all.
    pub connections: usize,
    /// From one address (IPv4) or network (/64 of IPv6); nothing behind a proxy, from which all come.
    pub per_address: Option<usize>,
    /// How long the head of a request may take to arrive, and so how long an unused connection stays.
    pub head: Duration,
    /// How long requests under way may take once the server is to stop.
    pub stop: Duration,
}

impl Bounds {
    /// As many as the system allows, after asking it for as many as it may.
    pub fn of_system(behind_proxy: bool) -> Self {
        let files = rlimit::increase_nofile_limit(MOST + OWN_FILES).unwrap_or(1024);
        let connections = files.saturating_sub(OWN_FILES).clamp(64, MOST);
        let connections = usize::try_from(connections).unwrap_or(usize::MAX);
        Self {
            connections,
            // Nobody alone keeps the others out; a whole hall behind one address still comes in.
            per_address: (!behind_proxy).then_some((connections / 2).max(32)),
            head: Duration::from_secs(30),
            stop: Duration::from_secs(10),
        }
    }
}

type Counts = Arc<Mutex<HashMap<IpAddr, usize>>>;

/// One of the connections of an address.
struct Place {
    counts: Counts,
    address: IpAddr,
}

impl Place {
    /// Takes a place, if the address has one left.
    fn take(counts: &Counts, address: IpAddr, most: Option<usize>) -> Option<Self> {
        let mut all = counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = all.entry(address).or_insert(0);
        if most.is_some_and(|most| *count >= most) {
            return None;
        }
        *count += 1;
        Some(Self {
            counts: Arc::clone(counts),
            address,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut all = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = all.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                all.remove(&self.address);
            }
        }
    }
}

/// Serves until `stop` is there; then requests under way get some seconds to end.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    bounds: Bounds,
    stop: impl Future<Output = ()>,
) {
    let counts = Counts::default();
    let places = Arc::new(Semaphore::new(bounds.connections));
    let graceful = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        let permit = Arc::clone(&places).acquire_owned();
        let (stream, address, permit) = tokio::select! {
            () = &mut stop => break,
            accepted = async {
                // Whoever comes when all places are taken waits in the system's queue.
                let permit = permit.await;
                (listener.accept().await, permit)
            } => match accepted {
                (Ok((stream, address)), Ok(permit)) => (stream, address, permit),
                (Err(cause), _) => {
                    tracing::warn!(%cause, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
                (_, Err(_)) => break,
            },
        };
        let Some(place) = Place::take(&counts, prefix(address.ip()), bounds.per_address) else {
            continue;
        };
        let connection = connection(stream, address, router.clone(), bounds.head);
        let watched = graceful.watch(connection);
        tokio::spawn(async move {
            // Whoever goes away in the middle of something is no news.
            let _ = watched.await;
            drop((place, permit));
        });
    }
    drop(listener);
    if tokio::time::timeout(bounds.stop, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some requests were still under way when the server stopped");
    }
}

type Io = TokioIo<std::pin::Pin<Box<TimeoutStream<TcpStream>>>>;

fn connection(
    stream: TcpStream,
    address: SocketAddr,
    router: Router,
    head: Duration,
) -> http1::Connection<
    Io,
    impl hyper::service::Service<
        Request<Incoming>,
        Response = Response<Body>,
        Error = Infallible,
        Future: Send,
    > + use<>,
> {
    // Small answers go at once.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(UNREAD));
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(address));
        router.clone().call(request)
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .serve_connection(TokioIo::new(Box::pin(stream)), service)
}
