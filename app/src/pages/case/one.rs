//! One case: where it stands, what was said, what happened, and what can be done.

use std::sync::Arc;

use domain::{
    api::{Endpoint, GetCase, GetCasePicture, NewStep, TakeStep},
    case::{Case, CaseLink, Entry, step::Side},
    id::{CaseId, CentreId},
    page::Page,
    person::permission::{Role, may_work_on_case},
    view::View,
};
use leptos::prelude::*;

use super::step::{self, MORE_OF_HOUSE, OF_ASKER, OF_HOUSE, Send};
use crate::{
    api,
    components::{live, once::once},
    prefs::lang,
    query::query,
    store::Store,
};

/// The page.
#[component]
pub fn CasePage() -> impl IntoView {
    let store = Store::get();
    let key = Memo::new(move |_| match store.router.page.get() {
        Some(Page::Case(centre, id)) => Some((centre, id)),
        _ => None,
    });
    let opened = StoredValue::new(false);
    let case = query(
        move || key.get(),
        move || store.version(),
        None,
        move |path: (CentreId, CaseId)| api::look::<GetCase>(path, opened),
    );
    let body = move || {
        key.get();
        once(case, 8, |case| draw(case, true))
    };
    view! {
        <main class="page form-page case-page" id="main">{live(body)}</main>
    }
    .into_any()
}

/// A case on its page; `steps` where they are taken by who is signed in.
pub fn draw(case: Memo<Arc<Case>>, steps: bool) -> AnyView {
    let t = lang();
    let store = Store::get();
    Effect::new(move |_| {
        let title =
            case.with(|case| format!("{} {}", t.case_number(case.row.number), case.row.title));
        store.about.set(Some(title));
    });
    // What is said beside it builds nothing of it anew.
    let top = Memo::new(move |_| {
        case.with(|case| Case {
            story: Vec::new(),
            pictures: Vec::new(),
            revision: 0,
            ..Case::clone(case)
        })
    });
    let head = move || top.with(|case| ticket(case, steps));
    let pictures = Memo::new(move |_| case.with(|case| case.pictures.clone()));
    let shown = move || {
        let centre = case.with_untracked(|case| case.row.centre.clone());
        let all = pictures.get();
        (!all.is_empty()).then(|| {
            let all = all.into_iter().map(|one| {
                let src = GetCasePicture::url(&(centre.clone(), one.id));
                let alt = match one.by_house {
                    true => t.picture_after(),
                    false => t.picture_before(),
                };
                view! {
                    <figure class="picture">
                        <a href=src.clone() rel="external" target="_blank"><img src=src.clone() alt=alt width=one.width height=one.height loading="lazy"/></a>
                        <figcaption>{alt}</figcaption>
                    </figure>
                }
            });
            view! { <div class="pictures">{all.collect_view()}</div> }
        })
    };
    let story = move || {
        case.with(|case| {
            case.story
                .iter()
                .enumerate()
                .map(|(at, entry)| (at, entry.clone()))
                .collect::<Vec<_>>()
        })
    };
    let works = Memo::new(move |_| {
        steps && case.with(|case| may_work_on_case(&store.actor(), &case.row.centre, case.reader))
    });
    let mine = Memo::new(move |_| steps && case.with(|case| case.row.mine));
    let send: Send = Callback::new(move |new: NewStep| {
        let path = case.with_untracked(|case| (case.row.centre.clone(), case.row.id.clone()));
        Box::pin(async move { api::send::<TakeStep>(&path, &new).await.map(drop) }) as _
    });
    let of_asker = move || {
        mine.get()
            .then(|| step::steps(case, Side::Asker, (OF_ASKER, &[]), (send, true)))
    };
    let of_house = move || {
        // Staff who asked themselves do not answer themselves.
        let house = works.get() && !mine.get();
        house.then(|| step::steps(case, Side::House, (OF_HOUSE, MORE_OF_HOUSE), (send, true)))
    };
    view! {
        {live(head)}
        {live(shown)}
        {live(of_asker)}
        {live(of_house)}
        {live(move || works.get().then(|| case.with(|case| links(case))))}
        <section aria-labelledby="case-story">
            <h2 id="case-story">{t.case_story()}</h2>
            <ol class="plain log story case-story"><For each=story key=|(at, _)| *at children=move |(_, one)| entry(&one)/></ol>
        </section>
    }
    .into_any()
}

/// What a case is about and where it stands; `first` where its title is that of the page.
fn ticket(case: &Case, first: bool) -> AnyView {
    let t = lang();
    let store = Store::get();
    let today = store.today();
    let row = &case.row;
    let at = |stamp: domain::time::Stamp| t.moment_seen(stamp.local, today);
    let late = row
        .due
        .is_some_and(|due| due.utc() < store.clock.get_untracked());
    let due = row.due.map(|due| match late {
        true => view! { <p class="case-late">{t.case_late(&at(due))}</p> }.into_any(),
        false => view! { <p>{t.case_due(&at(due))}</p> }.into_any(),
    });
    let planned = row.planned.filter(|_| row.state.is_open());
    let planned =
        planned.map(|when| view! { <p class="ticket-time">{t.case_planned(&at(when))}</p> });
    let waits = row.waits.map(|whom| {
        view! { <p><strong>{t.case_waits(whom.word(t, row.mine))}</strong>" "{case.why.clone()}</p> }
    });
    let mut facts = vec![t.case_number(row.number), row.kind.word(t).to_owned()];
    if !row.place.is_empty() {
        facts.push(row.place.clone());
    }
    let room = row.room.as_ref().and_then(|room| {
        let centre = store.centre.get()?.ok()?;
        Some(centre.centre.room(room)?.name.get(t).to_owned())
    });
    facts.extend(room);
    facts.push(t.case_received(&at(row.received)));
    if case.nameless {
        facts.push(t.case_from_nameless().to_owned());
    }
    if case.reader > Role::Staff {
        facts.push(t.case_manager_only().to_owned());
    }
    if case.agreed {
        facts.push(t.case_agreed().to_owned());
    }
    if row.followers > 0 {
        facts.push(t.case_followers(row.followers));
    }
    facts.extend(row.lead.as_ref().map(|lead| t.case_lead(lead)));
    let who = row.name.clone().map(|name| {
        let record = case
            .person
            .as_ref()
            .map(|person| store.record_href(&row.centre, person));
        let call = case.phone.as_ref().map(|phone| {
            view! { <a class="button" href=format!("tel:{phone}")>{t.case_call_on(phone)}</a> }
        });
        view! { <p class="actions"><a class="button" href=record>{name}</a>{call}</p> }
    });
    let title = (row.title != case.words).then(|| row.title.clone());
    let heading = row.title.clone();
    let heading = match first {
        true => view! { <h1 tabindex="-1">{heading}</h1> }.into_any(),
        false => view! { <h2>{heading}</h2> }.into_any(),
    };
    let words = title
        .is_some()
        .then(|| view! { <p class="case-words">{case.words.clone()}</p> });
    let class = format!("ticket-state case-{}", row.state.code());
    view! {
        <article class="ticket case-ticket">
            <span class=class>{row.state.word(t)}</span>
            {heading}
            {words}
            {planned}
            {waits}
            {due}
            <p class="quiet">{facts.join(" · ")}</p>
            {who}
        </article>
    }
    .into_any()
}

/// How the house divides its work.
fn links(case: &Case) -> Option<AnyView> {
    let t = lang();
    if case.part_of.is_none() && case.parts.is_empty() {
        return None;
    }
    let centre = case.row.centre.clone();
    let link = move |one: CaseLink| {
        let view = View::at_centre(Some(centre.clone()));
        let href = view.address(&Page::Case(centre.clone(), one.id));
        view! { <li><a href=href>{t.case_number(one.number)}" "{one.title}</a>" "<span class="tag">{one.state.word(t)}</span></li> }
    };
    let whole = case.part_of.clone().map(|one| {
        view! { <h2>{t.case_part_of()}</h2><ul class="plain">{link(one)}</ul> }
    });
    let parts = (!case.parts.is_empty()).then(|| {
        let all = case.parts.iter().cloned().map(&link);
        view! { <h2>{t.case_parts()}</h2><ul class="plain">{all.collect_view()}</ul> }
    });
    Some(view! { <section>{whole}{parts}</section> }.into_any())
}

fn entry(entry: &Entry) -> AnyView {
    let t = lang();
    let when = t.moment_seen(entry.at.local, Store::get().today());
    let by = entry.by.clone().unwrap_or_else(|| {
        match entry.by_house {
            true => t.case_by_house(),
            false => t.case_by_asker(),
        }
        .to_owned()
    });
    let hidden = (!entry.shown).then(|| view! { " "<span class="tag">{t.case_hidden()}</span> });
    let words = (!entry.words.is_empty())
        .then(|| view! { <p class="case-words">{entry.words.clone()}</p> });
    view! {
        <li>
            <time>{when}</time>
            <div><strong>{entry.step.told(t)}</strong>" "<span class="quiet">{by}</span>{hidden}{words}</div>
        </li>
    }
    .into_any()
}
