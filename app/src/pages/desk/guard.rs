//! What a page for those who run a centre has around it: the centre to choose, and a word to whom it is not open.

use std::sync::Arc;

use domain::{
    api::CentreView,
    id::CentreId,
    page::Page,
    person::permission::{Actor, may_make_centre},
};
use leptos::prelude::*;

use crate::{
    components::{
        live,
        notice::{Notice, Skeleton},
        picker::CentrePicker,
    },
    prefs::lang,
    store::Store,
};

/// Such a page.
#[derive(Clone, Copy)]
pub struct Guard {
    /// Its heading.
    pub title: &'static str,
    /// Which page it is.
    pub page: fn() -> Page,
    /// To whom it is open.
    pub may: fn(&Actor, &CentreId) -> bool,
    /// What others are told.
    pub refusal: &'static str,
    /// What is on it.
    pub body: fn(Arc<CentreView>) -> AnyView,
}

impl Guard {
    /// Draws the page.
    pub fn draw(self) -> AnyView {
        let store = Store::get();
        let body = move || match store.centre.get() {
            None if store.has_no_centre() => {
                let make = may_make_centre(&store.actor()).then(|| {
                    view! { <p><a class="button primary" href=store.href(Page::Settings)>{lang().make_centre()}</a></p> }
                });
                view! { <p class="empty">{lang().no_centre()}</p>{make} }.into_any()
            }
            None => view! { <Skeleton lines=8/> }.into_any(),
            Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
            Some(Ok(centre)) if (self.may)(&store.actor(), &centre.centre.id) => {
                (self.body)(centre)
            }
            Some(Ok(_)) => view! {
                <div class="map-top"><CentrePicker page=(self.page)()/></div>
                <p class="empty">{self.refusal}</p>
            }
            .into_any(),
        };
        view! {
            <main class="page house-page" id="main">
                <h1 tabindex="-1">{self.title}</h1>
                {live(body)}
            </main>
        }
        .into_any()
    }
}
