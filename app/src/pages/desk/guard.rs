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
    pages::person::second_factor::SecondFactorCard,
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
    /// What is on it where there is no centre yet, for those who may make one.
    pub none: Option<fn() -> AnyView>,
}

/// What stands on such a page.
#[derive(Clone, PartialEq)]
enum Shown {
    Waiting,
    NoCentre(bool),
    NotTheirs,
    /// It may be theirs once they have given their second code.
    CodeDue,
    Trouble(crate::api::Trouble),
    Of(CentreId),
}

impl Guard {
    /// Draws the page.
    pub fn draw(self) -> AnyView {
        let store = Store::get();
        let code_due = move || {
            store
                .me
                .with(|me| me.as_ref().is_some_and(|me| me.second.withholds()))
        };
        // What is typed stays while others change the centre, and while letters arrive.
        let shown = Memo::new(move |_| match store.centre.get() {
            None if store.has_no_centre() && code_due() => Shown::CodeDue,
            None if store.has_no_centre() => Shown::NoCentre(may_make_centre(&store.actor())),
            None => Shown::Waiting,
            Some(Err(trouble)) => Shown::Trouble(trouble),
            Some(Ok(centre)) if (self.may)(&store.actor(), &centre.centre.id) => {
                Shown::Of(centre.centre.id.clone())
            }
            Some(Ok(_)) if code_due() => Shown::CodeDue,
            Some(Ok(_)) => Shown::NotTheirs,
        });
        let body = move || match shown.get() {
            Shown::Waiting => view! { <Skeleton lines=8/> }.into_any(),
            Shown::Trouble(problem) => view! { <Notice problem/> }.into_any(),
            Shown::NoCentre(may_make) => match self.none {
                Some(draw) if may_make => draw(),
                _ => {
                    let make = may_make.then(|| {
                        view! { <p><a class="button primary" href=store.href(Page::Settings)>{lang().make_centre()}</a></p> }
                    });
                    view! { <p class="empty">{lang().no_centre()}</p>{make} }.into_any()
                }
            },
            Shown::Of(_) => {
                let centre = store.centre.get_untracked().and_then(Result::ok);
                centre.map(self.body).into_any()
            }
            Shown::CodeDue => view! { <SecondFactorCard/> }.into_any(),
            Shown::NotTheirs => view! {
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
