//! Boot data: what the server embeds in the front page, so that the app need not ask for it again.

use serde::{Deserialize, Serialize};

use crate::api::{CentreCard, CentreView, Occupancy};

/// The id of the element that holds it.
pub const ELEMENT: &str = "linli-data";

/// The data of the page that the server drew.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Boot {
    /// The count of the centre's changes when this was read; named when its changes are followed.
    pub generation: u64,
    /// All centres.
    pub centres: Vec<CentreCard>,
    /// The one that is shown.
    pub view: CentreView,
    /// The week that is shown, from its Monday.
    pub week: Occupancy,
}
