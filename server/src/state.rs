//! What every request has at hand.

use std::{net::IpAddr, num::NonZeroU32, sync::Arc};

use governor::{DefaultKeyedRateLimiter, Quota};

use crate::{
    assets::Assets,
    clock::Clock,
    db::{Database, Fault, Place},
    http::cache::Cache,
    live::Bus,
    refusals::Refusals,
    sender::Sender,
    usecase::centre::Centres,
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
    /// The app.
    pub assets: Assets,
    /// What stood against people.
    pub refusals: Refusals,
    /// Sends codes.
    pub sender: Arc<dyn Sender>,
    /// Writes and code checks per address.
    pub limiter: Option<DefaultKeyedRateLimiter<IpAddr>>,
    /// The site is reached by https, so cookies are for https only.
    pub secure: bool,
    /// Believe the proxy's `X-Forwarded-For`.
    pub behind_proxy: bool,
}

/// What the server is made of.
pub struct Parts {
    /// Where the data is.
    pub place: Place,
    /// The clock.
    pub clock: Clock,
    /// The app.
    pub assets: Assets,
    /// Sends codes.
    pub sender: Arc<dyn Sender>,
    /// Writes per minute and address; 0 for no limit.
    pub writes_per_minute: u32,
    /// Reached by https.
    pub secure: bool,
    /// Behind a proxy of the house's own.
    pub behind_proxy: bool,
}

impl Site {
    /// Opens the database and puts everything together.
    ///
    /// # Errors
    /// When the database cannot be opened.
    pub fn open(parts: Parts) -> Result<Self, Fault> {
        let bus = Arc::new(Bus::new(parts.clock.now_ms().unsigned_abs()));
        let publisher = Arc::clone(&bus);
        let db = Database::open(&parts.place, Arc::new(move |told| publisher.publish(told)))?;
        let limiter = NonZeroU32::new(parts.writes_per_minute)
            .map(|most| DefaultKeyedRateLimiter::keyed(Quota::per_minute(most)));
        Ok(Self(Arc::new(Inner {
            db,
            clock: parts.clock,
            centres: Arc::default(),
            bus,
            cache: Cache::default(),
            assets: parts.assets,
            refusals: Refusals::default(),
            sender: parts.sender,
            limiter,
            secure: parts.secure,
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
