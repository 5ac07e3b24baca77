//! Shared server state: database, clock, caches, limits and settings that every request may use.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::{
    assets::Assets,
    cache::Cache,
    clock::Clock,
    db::{Access, Database, Fault, Place},
    limits::Limits,
    live::Bus,
    outgoing::{Client, Targets},
    refusals::Refusals,
    sender::{Countries, Sender},
    usecase::centre::known::Centres,
};

/// The running server; cheap to clone.
#[derive(Clone)]
pub struct Site(Arc<Inner>);

/// See [`Site`].
pub struct Inner {
    /// The database.
    pub db: Database,
    /// The clock.
    pub clock: Clock,
    /// The centres.
    pub centres: Arc<Centres>,
    /// Who is told of changes.
    pub bus: Arc<Bus>,
    /// Replies that are the same for everybody.
    pub cache: Cache,
    /// Turns for drawing pictures.
    pub drawings: Semaphore,
    /// The app.
    pub assets: Assets,
    /// What stood against people.
    pub refusals: Refusals,
    /// Sends codes.
    pub sender: Arc<dyn Sender>,
    /// Where codes are sent to.
    pub countries: Countries,
    /// How much somebody may ask in a minute.
    pub limits: Limits,
    /// Sends requests to addresses that people gave.
    pub outgoing: Client,
    /// The site is reached by https, so cookies are for https only.
    pub secure: bool,
    /// The address that people type.
    pub public_url: Option<String>,
    /// Believe the proxy's `X-Forwarded-For`.
    pub behind_proxy: bool,
}

/// What the server is made of.
pub struct Parts {
    /// Where the data is.
    pub place: Place,
    /// How it is opened.
    pub access: Access,
    /// The clock.
    pub clock: Clock,
    /// The app.
    pub assets: Assets,
    /// Sends codes.
    pub sender: Arc<dyn Sender>,
    /// Where codes are sent to.
    pub countries: Countries,
    /// Writes per minute and address; 0 for no limit.
    pub writes_per_minute: u32,
    /// The address that people type, without a slash at its end; as the request says where there is none.
    pub public_url: Option<String>,
    /// Behind a proxy of the house's own.
    pub behind_proxy: bool,
    /// Which addresses push messages and webhooks go to.
    pub targets: Targets,
}

impl Site {
    /// Opens the database and puts everything together.
    ///
    /// # Errors
    /// When the database cannot be opened.
    pub fn open(parts: Parts) -> Result<Self, Fault> {
        let bus = Arc::new(Bus::new(parts.clock.now_ms().unsigned_abs()));
        let (publisher, misser) = (Arc::clone(&bus), Arc::clone(&bus));
        let db = Database::open(
            &parts.place,
            parts.access,
            Arc::new(move |told| publisher.publish(told)),
            Arc::new(move || misser.publish_all()),
        )?;
        Ok(Self(Arc::new(Inner {
            db,
            clock: parts.clock,
            centres: Arc::default(),
            bus,
            cache: Cache::default(),
            drawings: Semaphore::new(2),
            assets: parts.assets,
            refusals: Refusals::default(),
            sender: parts.sender,
            countries: parts.countries,
            limits: Limits::new(parts.writes_per_minute),
            outgoing: Client::new(parts.targets),
            secure: parts
                .public_url
                .as_ref()
                .is_some_and(|url| url.starts_with("https://")),
            public_url: parts.public_url,
            behind_proxy: parts.behind_proxy,
        })))
    }
}

impl std::ops::Deref for Site {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
