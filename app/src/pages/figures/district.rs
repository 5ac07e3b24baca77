//! The centres of a district side by side, for whoever manages several: their totals, in the order of the centres.

use domain::{
    api::{Endpoint, GetDistrictFile, ListFigures},
    figures::period::Period,
    person::permission::may_see_figures,
};
use leptos::prelude::*;

use crate::{
    api,
    components::{
        live,
        notice::{Notice, Skeleton},
    },
    prefs::lang,
    query::query,
    store::Store,
};

/// A button that opens the table; it is asked for only then.
pub(super) fn district(period: Memo<Period>) -> AnyView {
    let t = lang();
    let store = Store::get();
    let several = Memo::new(move |_| {
        let actor = store.actor();
        let centres = store.centres.get().and_then(Result::ok);
        centres.is_some_and(|all| {
            let mine = all.iter().filter(|one| may_see_figures(&actor, &one.id));
            mine.count() > 1
        })
    });
    let open = RwSignal::new(false);
    let figures = query(
        move || (open.get() && several.get()).then(|| period.get()),
        || 0,
        None,
        |period| async move { api::get::<ListFigures>(&period).await },
    );
    let table = move || {
        open.get().then(|| match figures.get() {
            None => view! { <Skeleton lines=6/> }.into_any(),
            Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
            Some(Ok(all)) => {
                let heads = all.first().map(|one| one.totals.lines());
                let heads = heads.into_iter().flatten();
                let heads = heads
                    .map(|(total, _)| view! { <th scope="col">{total.word(t)}</th> })
                    .collect_view();
                let rows = all.iter().map(|one| {
                    let cells = one.totals.lines().map(|(_, told)| view! { <td>{t.told_total(told)}</td> });
                    view! { <tr><th scope="row">{one.name.get(t).to_owned()}</th>{cells.collect_view()}</tr> }
                });
                let file = GetDistrictFile::url(&period.get_untracked());
                view! {
                    <div class="table" role="region" tabindex="0" aria-label=t.district_title()>
                        <table><thead><tr><th scope="col">{t.centre()}</th>{heads}</tr></thead><tbody>{rows.collect_view()}</tbody></table>
                    </div>
                    <p><a class="button" href=file download>{t.as_file()}</a></p>
                }
                .into_any()
            }
        })
    };
    let body = move || {
        several.get().then(|| {
            view! {
                <section class="card district">
                    <h2>{t.district_title()}</h2>
                    <button class="button" aria-expanded=move || open.get().to_string() on:click=move |_| open.update(|open| *open = !*open)>{t.district_open()}</button>
                    {live(table)}
                </section>
            }
        })
    };
    live(body).into_any()
}
