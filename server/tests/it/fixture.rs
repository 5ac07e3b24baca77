//! A real server on a free port with a real database, and people who talk to it over HTTP.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc, Barrier,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use domain::{
    api::{Endpoint, KEY_HEADER, Method, NewBooking},
    centre::Centre,
    id::{CentreId, PersonId},
    language::Lang,
    person::{Phone, permission::Role},
    problem::{Problem, Reported},
    time::LocalTime,
};
use serde_json::Value;
use server::{
    assets::Assets,
    clock::Clock,
    db::{Access, Fail, Place, Tx},
    http::{
        self,
        serve::{self, Bounds},
    },
    outgoing::Targets,
    sender::{Countries, Nobody},
    state::{Parts, Site},
    usecase::{Call, centre, person},
};

/// Sunday 22 November 2026, 12:00 in China: the time at which every test begins.
pub const NOON: i64 = 1_795_320_000;

/// A small house: a hall with two halves, a room to ask for, one to drop in, one for staff.
const HOUSE: &str = include_str!("house.toml");

/// The same house in a zone with daylight saving, never closed.
const ABROAD: &str = "abroad";

pub struct Town {
    pub site: Site,
    clock: Arc<AtomicI64>,
    address: SocketAddr,
    folder: Option<Folder>,
    database: Option<String>,
    runtime: tokio::runtime::Runtime,
}

static COUNT: AtomicU64 = AtomicU64::new(0);

pub fn postgres() -> String {
    std::env::var("LINLI_TEST_POSTGRES")
        .expect("LINLI_TEST_POSTGRES names a PostgreSQL server; `cargo xtask test` starts one")
}

/// Host and port of the PostgreSQL server.
pub fn postgres_address() -> String {
    let url = postgres();
    let rest = url.rsplit_once('@').map_or(url.as_str(), |(_, rest)| rest);
    rest.split('/').next().unwrap().to_owned()
}

/// The URL of a database on it. Without TLS, which one test switches on.
fn url_of(name: &str) -> String {
    let server = postgres();
    let front = server.rsplit_once('/').unwrap().0;
    format!("{front}/{name}?sslmode=disable")
}

/// Runs a story on both databases.
pub fn on_both(story: impl Fn(&Town)) {
    story(&Town::on_sqlite());
    story(&Town::on_postgres());
}

impl Town {
    pub fn on_sqlite() -> Self {
        Self::on_sqlite_reached_at(None)
    }

    /// A town behind a proxy, which others reach by that address.
    pub fn on_sqlite_reached_at(public: Option<&str>) -> Self {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("linli-it-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let place = Place::File(folder.join("linli.db"));
        Self {
            folder: Some(Folder(folder)),
            ..Self::open_at(place, public).furnished()
        }
    }

    /// A town that sends nothing to addresses of its own network, as a real house.
    pub fn on_sqlite_among_strangers() -> Self {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("linli-it-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let place = Place::File(folder.join("linli.db"));
        Self {
            folder: Some(Folder(folder)),
            ..Self::open_to(place, None, Targets::Public).furnished()
        }
    }

    /// The URL of a new database with nothing in it.
    pub fn empty_database() -> String {
        url_of(&Self::new_database())
    }

    fn new_database() -> String {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("it_{}_{number}", std::process::id());
        let server = postgres();
        let mut client = ::postgres::Client::connect(&server, ::postgres::NoTls).unwrap();
        client
            .batch_execute(&format!("create database {name}"))
            .unwrap();
        name
    }

    /// A town whose server reaches PostgreSQL by another port than the test does.
    pub fn on_postgres_through(port: u16) -> Self {
        let name = Self::new_database();
        let server = postgres();
        let user = server.rsplit_once('@').map_or(&*server, |(user, _)| user);
        let through = format!("{user}@127.0.0.1:{port}/{name}?sslmode=disable");
        Self {
            database: Some(name),
            ..Self::open(Place::Url(through)).furnished()
        }
    }

    pub fn on_postgres() -> Self {
        let name = Self::new_database();
        Self {
            database: Some(name.clone()),
            ..Self::open(Place::Url(url_of(&name))).furnished()
        }
    }

    /// Another server on the same database, as a second process would be. On SQLite there is one process: it is the same.
    pub fn beside(&self) -> Option<Self> {
        let name = self.database.as_ref()?;
        Some(Self {
            clock: Arc::clone(&self.clock),
            ..Self::open(Place::Url(url_of(name)))
        })
    }

    /// Another server on the same SQLite file, as somebody might start one by mistake.
    pub fn beside_on_file(&self) -> Self {
        Self {
            clock: Arc::clone(&self.clock),
            ..Self::open(Place::File(self.file()))
        }
    }

    fn open(place: Place) -> Self {
        Self::open_at(place, None)
    }

    fn open_at(place: Place, public: Option<&str>) -> Self {
        Self::open_to(place, public, Targets::Internal)
    }

    fn open_to(place: Place, public: Option<&str>, targets: Targets) -> Self {
        let clock = Arc::new(AtomicI64::new(NOON * 1000));
        let site = Site::open(Parts {
            place,
            access: Access::Migrate,
            clock: Clock::Set(Arc::clone(&clock)),
            assets: Assets::embedded(),
            sender: Arc::new(Nobody),
            countries: Countries::parse("86,353").unwrap(),
            writes_per_minute: 0,
            public_url: public.map(str::to_owned),
            behind_proxy: true,
            targets,
        })
        .unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .unwrap();
        let address = listener.local_addr().unwrap();
        let router = http::router(site.clone());
        runtime.spawn(serve::serve(
            listener,
            router,
            Bounds {
                connections: 500,
                per_address: None,
                head: Duration::from_secs(30),
                stop: Duration::from_secs(1),
            },
            std::future::pending(),
        ));
        Self {
            site,
            clock,
            address,
            folder: None,
            database: None,
            runtime,
        }
    }

    /// Puts the two houses into an empty town.
    fn furnished(self) -> Self {
        let here: Centre = toml::from_str(HOUSE).unwrap();
        let abroad = Centre {
            id: ABROAD.into(),
            zone: "Europe/Dublin".into(),
            ..here.clone()
        };
        for centre in [here, abroad] {
            self.run(move |tx| {
                save(tx, &centre)?.expect("the house is sound");
                Ok(())
            });
        }
        self
    }

    /// From now on codes are told in the reply, as in the demo.
    pub fn as_demo(&self) {
        self.run(|tx| {
            let sql = "insert into setting (name, value) values ('demo', '1')";
            Ok(tx.exec(sql, &[])?)
        });
    }

    /// Something done straight in the database.
    pub fn run<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Tx<'_>) -> Result<T, Fail> + Send + 'static,
    ) -> T {
        self.site
            .db
            .write_blocking(work)
            .expect("the database works")
    }

    /// Waits for something that the server does by itself.
    pub fn wait<T>(&self, what: impl Future<Output = T>) -> T {
        self.runtime.block_on(what)
    }

    /// The SQLite file.
    pub fn file(&self) -> PathBuf {
        self.folder.as_ref().unwrap().0.join("linli.db")
    }

    /// Where the server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A statement on a connection of its own, on PostgreSQL.
    pub fn sql(&self, sql: &str) {
        let name = self.database.as_ref().unwrap();
        let mut client = ::postgres::Client::connect(&url_of(name), ::postgres::NoTls).unwrap();
        client.batch_execute(sql).unwrap();
    }

    /// Ends all connections to the PostgreSQL database, as a restart would.
    pub fn cut_connections(&self) {
        let mut client = ::postgres::Client::connect(&postgres(), ::postgres::NoTls).unwrap();
        let sql = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1";
        client
            .query(sql, &[self.database.as_ref().unwrap()])
            .unwrap();
    }

    pub fn is_postgres(&self) -> bool {
        self.database.is_some()
    }

    pub fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1000, Ordering::Relaxed);
    }

    /// The seconds in which staff can take a decision back are over, and the server carries it out by itself.
    pub fn decisions_stand(&self) {
        self.pass(domain::booking::DECISION_HELD + 1);
        self.wait(server::jobs::settle_due(&self.site))
            .expect("the database works");
    }

    pub fn visitor(&self) -> Person<'_> {
        Person {
            town: self,
            id: PersonId::default(),
            cookie: None,
            lang: "zh",
        }
    }

    pub fn resident(&self) -> Person<'_> {
        self.person(None)
    }

    /// Somebody known, on a new device.
    pub fn signed_in(&self, person: &PersonId) -> Person<'_> {
        let (of, now_ms) = (person.clone(), self.site.clock.now_ms());
        let token = self.run(move |tx| person::start_session(tx, now_ms, &of, "test"));
        Person {
            town: self,
            id: person.clone(),
            cookie: Some(format!("linli={token}")),
            lang: "zh",
        }
    }

    /// Somebody with a role at the house, or at all centres.
    pub fn person(&self, role: Option<(Option<&str>, Role)>) -> Person<'_> {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let phone = Phone::parse(&format!("138{number:08}")).unwrap();
        let role = role.map(|(centre, role)| (centre.map(CentreId::from), role));
        let (id, token) = self.run(move |tx| {
            let new = person::NewPerson {
                phone: Some(&phone),
                name: "测试",
                lang: Lang::Zh,
            };
            let id = person::create(tx, NOON * 1000, new)?;
            if let Some((centre, role)) = &role {
                person::role::grant(tx, &id, centre.as_ref(), *role)?;
            }
            let token = person::start_session(tx, NOON * 1000, &id, "test")?;
            Ok((id, token))
        });
        Person {
            town: self,
            id,
            cookie: Some(format!("linli={token}")),
            lang: "zh",
        }
    }

    pub fn staff(&self) -> Person<'_> {
        self.person(Some((Some("house"), Role::Staff)))
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

/// Saves a centre as the import does, where no booking is hit.
pub fn save(tx: &mut Tx<'_>, centre: &Centre) -> Result<Result<(), centre::save::NotSaved>, Fail> {
    let call = Call::nobody(NOON * 1000, &Arc::default());
    Ok(centre::save::save(tx, &call, centre, &[])?.map(drop))
}

/// Removed at the end of its story.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Somebody at a browser.
pub struct Person<'a> {
    pub town: &'a Town,
    pub id: PersonId,
    pub cookie: Option<String>,
    pub lang: &'static str,
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub body: String,
    pub bytes: Vec<u8>,
    pub headers: ureq::http::HeaderMap,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|cause| panic!("{cause}: {}", self.body))
    }

    pub fn problem(&self) -> Problem {
        let told: Reported = serde_json::from_str(&self.body)
            .unwrap_or_else(|cause| panic!("{cause}: {}", self.body));
        assert!(!told.message.is_empty());
        told.problem
    }
}

pub fn key() -> String {
    format!("test-key-{:016}", COUNT.fetch_add(1, Ordering::Relaxed))
}

impl Person<'_> {
    /// Any request, as raw as it gets.
    pub fn raw(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build()
            .into();
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(self.town.url(path))
            .header("accept-language", self.lang);
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = agent.run(request.body(body).unwrap()).unwrap();
        let bytes = response.body_mut().read_to_vec().unwrap_or_default();
        Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
        }
    }

    /// A call by its type, with the answer as it came.
    pub fn call<E: Endpoint>(&self, path: &E::Path, body: &E::Body) -> Answer {
        self.call_with_key::<E>(path, body, &key())
    }

    pub fn call_with_key<E: Endpoint>(&self, path: &E::Path, body: &E::Body, key: &str) -> Answer {
        let method = method(E::METHOD);
        let body = if E::METHOD.is_write() {
            serde_json::to_vec(body).unwrap()
        } else {
            Vec::new()
        };
        let headers = [(KEY_HEADER, key), ("content-type", "application/json")];
        self.raw(method, &E::url(path), &headers, &body)
    }

    /// A call that must succeed.
    pub fn ok<E: Endpoint>(&self, path: &E::Path, body: &E::Body) -> E::Reply {
        let answer = self.call::<E>(path, body);
        assert_eq!(answer.status, 200, "{}: {}", E::PATH, answer.body);
        serde_json::from_str(&answer.body).unwrap()
    }

    /// A call that must fail.
    pub fn problem<E: Endpoint>(&self, path: &E::Path, body: &E::Body) -> Problem {
        let answer = self.call::<E>(path, body);
        assert!(answer.status >= 400, "{}: {}", E::PATH, answer.body);
        let problem = answer.problem();
        assert_eq!(answer.status, problem.status(), "{problem:?}");
        problem
    }
}

pub fn method(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Delete => "DELETE",
    }
}

pub fn house() -> CentreId {
    "house".into()
}

pub fn abroad() -> CentreId {
    ABROAD.into()
}

pub fn at(text: &str) -> LocalTime {
    LocalTime::parse(text).unwrap()
}

/// A booking tomorrow (Monday 23 November 2026) between two times of day.
pub fn tomorrow(room: &str, from: &str, until: &str) -> NewBooking {
    NewBooking {
        room: room.into(),
        start: at(&format!("2026-11-23T{from}")),
        end: at(&format!("2026-11-23T{until}")),
        people: 2,
        purpose: None,
        note: String::new(),
        behalf: None,
        revision: 0,
    }
}

/// A day that exists.
pub fn day(text: &str) -> domain::time::Date {
    domain::time::Date::parse(text).unwrap()
}

/// A period of figures.
pub fn period(text: &str) -> domain::figures::period::Period {
    domain::figures::period::Period::parse(text).unwrap()
}

/// Calls at once.
pub fn at_once<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let start = Barrier::new(count);
    std::thread::scope(|scope| {
        let callers: Vec<_> = (0..count)
            .map(|number| {
                let (start, work) = (&start, &work);
                scope.spawn(move || {
                    start.wait();
                    work(number)
                })
            })
            .collect();
        callers.into_iter().map(|one| one.join().unwrap()).collect()
    })
}
