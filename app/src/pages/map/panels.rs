//! Panels of the map that are fetched once it stands.

use std::sync::Arc;

use domain::{
    api::CentreView,
    centre::{
        Centre,
        room::{Needs, Room},
    },
};
use leptos::prelude::*;
use web_sys::MouseEvent;

use crate::{api::Trouble, pages::map::shown::Shown};

/// A part of the program; nothing while it is on its way.
pub type Fetched<T> = RwSignal<Option<Result<T, Trouble>>>;

/// What the map opens: the sheet of a room, and the filters.
#[derive(Clone, Copy)]
pub struct MapPanels {
    /// Makes the sheet of a room.
    pub detail: fn(Arc<CentreView>, Room, Shown) -> AnyView,
    /// Makes what stands in the dialog of filters.
    pub filters: fn(Centre, Shown, Callback<Needs>, Callback<MouseEvent>) -> AnyView,
}
