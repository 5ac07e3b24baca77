//! One function is one use case is one transaction. SQL stands here, in plain sight, and nowhere else.

pub mod activity;
pub mod audit;
pub mod booking;
pub mod call;
pub mod case;
pub mod centre;
pub mod club;
pub mod desk;
pub mod feed;
pub mod figures;
pub mod health;
pub mod hook;
pub mod household;
pub mod idempotency;
pub mod message;
pub mod person;
pub mod privacy;
pub mod push;
pub mod sign_up;

pub use call::Call;

use domain::{api::Endpoint, problem::Problem};

use crate::db::{Fail, Tx};

/// A use case that reads.
pub type Read<E> =
    fn(&mut Tx<'_>, &Call, <E as Endpoint>::Path) -> Result<<E as Endpoint>::Reply, Fail>;
/// A use case that reads what a body asks for.
pub type Question<E> = fn(
    &mut Tx<'_>,
    &Call,
    &<E as Endpoint>::Path,
    &<E as Endpoint>::Body,
) -> Result<<E as Endpoint>::Reply, Fail>;
/// What somebody asks for.
#[derive(Debug)]
pub struct Asked<E: Endpoint> {
    /// Who asks.
    pub call: Call,
    /// The address.
    pub path: E::Path,
    /// The body.
    pub body: E::Body,
}
/// A use case that does what several ask for at one address. A rule may stand against some of them; it has changed nothing for
/// those then.
pub type ChangeAll<E> =
    fn(&mut Tx<'_>, &[&Asked<E>]) -> Result<Vec<Result<<E as Endpoint>::Reply, Problem>>, Fail>;
/// A use case that changes something.
pub type Change<E> = fn(
    &mut Tx<'_>,
    &Call,
    <E as Endpoint>::Path,
    <E as Endpoint>::Body,
) -> Result<<E as Endpoint>::Reply, Fail>;
