//! Publishing an activity: what, when and where, who and how many. The rules of the room answer while one is choosing.

use std::sync::Arc;

use domain::{
    activity::{Activity, Audience, ClubRef, MOST_WEEKS, Per, fen, yuan},
    api::{CentreView, GetOccupancy, ListMyClubs, NewActivity, Publish},
    availability::availability,
    id::{ClubId, RoomId},
    permission::may_publish,
    room::Purpose,
    rules::{Ask, Situation},
    text::Name,
    time::{DAY, Date, LocalTime, Slot, parse_clock},
};
use leptos::prelude::*;

use crate::components::live;
use crate::{
    api::{self, Press},
    calendar::model::bookable,
    components::{
        notice::{Notice, Skeleton},
        picker::CentrePicker,
    },
    map::model::bounds,
    prefs::lang,
    query::query,
    store::Store,
};

/// How many days of the room are looked at; later dates are the server's to judge.
const DAYS: u16 = 100;

/// The page.
#[component]
pub fn PublishPage() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let body = move || match store.centre.get() {
        None => view! { <Skeleton lines=8/> }.into_any(),
        Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
        Some(Ok(centre)) => view! { <Form centre/> }.into_any(),
    };
    view! {
        <main class="page form-page" id="main">
            <h1 tabindex="-1">{t.publish()}</h1>
            <p>{t.publish_about()}</p>
            <CentrePicker path="/publish"/>
            {live(body)}
        </main>
    }
    .into_any()
}

/// What is typed; each field by itself, so that nothing is drawn anew while one types.
#[derive(Clone, Copy)]
struct Typed {
    club: RwSignal<Option<ClubId>>,
    title: RwSignal<String>,
    about: RwSignal<String>,
    kind: RwSignal<Purpose>,
    room: RwSignal<RoomId>,
    day: RwSignal<Date>,
    from: RwSignal<i64>,
    until: RwSignal<i64>,
    weeks: RwSignal<u16>,
    places: RwSignal<u16>,
    from_age: RwSignal<Option<u8>>,
    to_age: RwSignal<Option<u8>>,
    fee: RwSignal<u32>,
    per: RwSignal<Per>,
    pick_up: RwSignal<bool>,
}

impl Typed {
    fn new(centre: &CentreView, now: LocalTime) -> Self {
        let room = bookable(&centre.centre).next();
        let day = now.date().plus(1);
        let (open, close) = bounds(&centre.centre, day);
        // Tomorrow afternoon, where the house is open then.
        let at = (14 * 60).clamp(open, (close - 90).max(open));
        Self {
            club: RwSignal::new(None),
            title: RwSignal::new(String::new()),
            about: RwSignal::new(String::new()),
            kind: RwSignal::new(Purpose::Class),
            room: RwSignal::new(room.map(|room| room.id.clone()).unwrap_or_default()),
            day: RwSignal::new(day),
            from: RwSignal::new(at),
            until: RwSignal::new((at + 90).min(close)),
            weeks: RwSignal::new(1),
            places: RwSignal::new(room.map_or(10, |room| room.people.comfortable)),
            from_age: RwSignal::new(None),
            to_age: RwSignal::new(None),
            fee: RwSignal::new(0),
            per: RwSignal::new(Per::Session),
            pick_up: RwSignal::new(false),
        }
    }

    fn get(self) -> NewActivity {
        NewActivity {
            club: self.club.get(),
            title: self.title.get(),
            about: self.about.get(),
            kind: self.kind.get(),
            room: self.room.get(),
            start: self.day.get().at(self.from.get()),
            end: self.day.get().at(self.until.get()),
            weeks: self.weeks.get(),
            audience: Audience {
                from_age: self.from_age.get(),
                to_age: self.to_age.get(),
            },
            fee: self.fee.get(),
            places: self.places.get(),
            per: self.per.get(),
            pick_up: self.pick_up.get(),
        }
    }
}

#[component]
fn Form(centre: Arc<CentreView>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let go = store.go();
    let typed = Typed::new(&centre, store.now(&centre));
    let id = centre.centre.id.clone();
    let clubs = query(
        || Some(()),
        || 0,
        None,
        |()| async { api::get::<ListMyClubs>(&()).await },
    );
    let of = id.clone();
    let taken = query(
        move || Some(typed.day.get()),
        move || store.version(),
        None,
        move |from| {
            let id = of.clone();
            async move { api::get::<GetOccupancy>(&(id, from, DAYS)).await }
        },
    );
    let of = centre.clone();
    // The very rule that the server will decide by, for every date.
    let verdict = Memo::new(move |_| {
        let taken = taken.get()?.ok()?;
        let new = typed.get();
        let room = of.centre.room(&new.room)?;
        let first = Slot::new(new.start, new.end);
        let Some(first) = first else {
            return Some(Err((
                domain::rules::Refusal::EndBeforeStart,
                new.start,
                Vec::new(),
            )));
        };
        let actor = store.actor();
        let situation = Situation {
            centre: &of.centre,
            actor: &actor,
            own: &[],
            now: store.now(&of),
        };
        let range = Slot::lasting(taken.from.at(0), i64::from(taken.days) * DAY);
        let lines = availability(&of.centre, &taken.taken, range);
        let line = lines.iter().find(|line| line.room == room.id)?;
        let ask = Ask {
            room: room.id.clone(),
            slot: first,
            people: new.places,
            purpose: Some(new.kind),
        };
        let (weeks, known) = (new.weeks, range.end());
        let decided = situation.decide_weekly(room, line, &ask, weeks, known);
        Some(decided.map_err(|(refusal, slot)| {
            let others = situation.weekly_alternatives(&lines, &ask, weeks, known);
            (refusal, slot.start(), others)
        }))
    });
    let pressed = Press::new();
    let of = id.clone();
    let submit = Action::new_local(move |new: &NewActivity| {
        let (new, id, go) = (new.clone(), of.clone(), go.clone());
        async move {
            let done = pressed.send::<Publish>(&id, &new).await;
            match &done {
                Ok(activity) => {
                    store.done(t.published());
                    store.changes.update(|n| *n += 1);
                    go(
                        &format!("/activities/{}/{}", activity.centre, activity.id),
                        &Default::default(),
                        true,
                    );
                }
                Err(problem) if problem.passing => {}
                Err(_) => store.changes.update(|n| *n += 1),
            }
            done.map(drop)
        }
    });
    // What the server said was about what was asked then.
    Effect::new(move |_| {
        typed.get();
        submit.value().set(None);
    });
    // As many places as the room takes in comfort, until somebody says how many.
    let counted = StoredValue::new(false);
    let of = centre.clone();
    let choose_room = move |id: RoomId| {
        if let Some(room) = of.centre.room(&id).filter(|_| !counted.get_value()) {
            typed.places.set(room.people.comfortable);
        }
        typed.room.set(id);
    };
    let offer_centre = centre.clone();
    let says = move || {
        if let Some(problem) = submit.value().get().and_then(Result::err) {
            return view! { <p class="refusal" role="alert">{problem.text}</p> }.into_any();
        }
        match verdict.get() {
            None => match taken.get() {
                Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
                _ => view! { <Skeleton lines=1/> }.into_any(),
            },
            Some(Ok(())) => ().into_any(),
            Some(Err((refusal, at, others))) => {
                // The weeks before the one that cannot be had are to be had.
                let first = typed.day.get();
                let before =
                    u16::try_from((at.date().days() - first.days()) / 7).unwrap_or_default();
                let label = match before {
                    1 => t.remedy_first_week().to_owned(),
                    before => t.remedy_fewer_weeks(before),
                };
                let fewer = (before > 0).then(|| {
                    view! { <button type="button" class="chip" on:click=move |_| typed.weeks.set(before)>{label}</button> }
                });
                let offers = others.into_iter().filter_map(|other| {
                    let slot = Slot::new(other.start, other.end)?;
                    let name = room_name(&offer_centre, &other.room);
                    let label = other.remedy.label(t, &name, slot);
                    let take = move |_| {
                        typed.room.set(other.room.clone());
                        typed.day.set(other.start.date());
                        typed.from.set(other.start.minute_of_day());
                        typed
                            .until
                            .set(other.start.minute_of_day() + slot.minutes());
                    };
                    Some(
                        view! { <button type="button" class="chip" on:click=take>{label}</button> },
                    )
                });
                view! {
                    <div class="refusal" role="status">
                        <p>{t.date(at.date())}" · "{refusal.sentence(t)}</p>
                        <div class="choices offers">{fewer}{offers.collect_view()}</div>
                    </div>
                }
                .into_any()
            }
        }
    };
    let actor_may = {
        let id = id.clone();
        move || {
            let actor = store.actor();
            let organises = clubs
                .get()
                .and_then(Result::ok)
                .is_some_and(|clubs| clubs.iter().any(|club| club.organises && club.centre == id));
            may_publish(&actor, &id, None) || organises
        }
    };
    let refused = move || verdict.with(|verdict| matches!(verdict, Some(Err(_))));
    let pending = submit.pending();
    let press = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        submit.dispatch(untrack(|| typed.get()));
    };
    let of = id.clone();
    let club_options = move || {
        let clubs = clubs.get()?.ok()?;
        let mine = clubs
            .iter()
            .filter(|club| club.organises && club.centre == of);
        Some(mine.map(|club| {
            let (id, name) = (club.club.clone(), club.name.get(t).to_owned());
            view! { <option value=id.to_string() selected=move || typed.club.get().as_ref() == Some(&id)>{name}</option> }
        }).collect_view())
    };
    let room_options = bookable(&centre.centre).map(|one| {
        let id = one.id.clone();
        view! { <option value=one.id.to_string() selected=move || typed.room.get() == id>{one.name.get(t).to_owned()}</option> }
    });
    let kinds = Purpose::ALL.iter().map(|one| {
        view! { <option value=one.code() selected=move || typed.kind.get() == *one>{one.word(t)}</option> }
    });
    let age = |text: String| text.parse::<u8>().ok();
    let clock = |minute: i64| domain::time::clock(minute.min(DAY - 1));
    let preview_of = centre.clone();
    let preview = move || {
        let new = typed.get();
        let clubs = clubs.get().and_then(Result::ok);
        let club = new.club.as_ref().and_then(|id| {
            let found = clubs.as_ref()?.iter().find(|club| club.club == *id)?;
            Some(ClubRef {
                id: id.clone(),
                name: found.name.clone(),
            })
        });
        let shown = Activity {
            id: Default::default(),
            centre: preview_of.centre.id.clone(),
            club,
            title: Name::new(new.title.clone(), new.title.clone()),
            about: new.about.clone(),
            kind: new.kind,
            audience: new.audience,
            fee: new.fee,
            per: new.per,
            pick_up: new.pick_up,
            sessions: Vec::new(),
        };
        let first = Slot::new(new.start, new.end).map(|slot| t.slot(slot));
        let room = room_name(&preview_of, &new.room);
        let club = shown
            .club
            .as_ref()
            .map(|club| format!("{} · ", t.by_club(club.name.get(t))));
        view! {
            <div class="row activity">
                <span class="row-name">{shown.title.get(t).to_owned()}</span>
                <span><time>{first}</time>" · "{room}</span>
                <span class="row-where">{club}{shown.audience.word(t)}" · "{t.price(shown.fee)}</span>
                <span class="tag t-confirmed">{t.places_left(new.places, new.places)}</span>
                <span>{shown.about}</span>
            </div>
        }
    };
    view! {
        <Show when=move || !actor_may()><p class="warn">{t.problem_not_allowed()}</p></Show>
        <form class="form" on:submit=press>
            <label class="field">
                <span>{t.activity_title_label()}</span>
                <input name="title" required maxlength="60" prop:value=move || typed.title.get() on:input=move |event| typed.title.set(event_target_value(&event))/>
            </label>
            <div class="pair">
                <label class="field">
                    <span>{t.activity_kind_label()}</span>
                    <select name="kind" on:change=move |event| {
                        if let Some(kind) = Purpose::from_code(&event_target_value(&event)) {
                            typed.kind.set(kind);
                        }
                    }>{kinds.collect_view()}</select>
                </label>
                <label class="field">
                    <span>{t.club_label()}</span>
                    <select name="club" on:change=move |event| {
                        let id = event_target_value(&event);
                        typed.club.set((!id.is_empty()).then(|| ClubId::new(id)));
                    }>
                        <option value="">{t.no_club()}</option>
                        {live(club_options)}
                    </select>
                </label>
            </div>
            <label class="field">
                <span>{t.activity_about_label()}</span>
                <textarea name="about" rows="3" maxlength="1000" prop:value=move || typed.about.get() on:input=move |event| typed.about.set(event_target_value(&event))></textarea>
            </label>
            <label class="field">
                <span>{t.room()}</span>
                <select name="room" on:change=move |event| choose_room(RoomId::new(event_target_value(&event)))>{room_options.collect_view()}</select>
            </label>
            <label class="field">
                <span>{t.first_session()}</span>
                <input type="date" name="day" required prop:value=move || typed.day.get().to_string() on:change=move |event| {
                    if let Some(day) = Date::parse(&event_target_value(&event)) {
                        typed.day.set(day);
                    }
                }/>
            </label>
            <div class="pair">
                <label class="field">
                    <span>{t.start()}</span>
                    <input type="time" name="from" required prop:value=move || clock(typed.from.get()) on:change=move |event| {
                        if let Some(at) = parse_clock(&event_target_value(&event)) {
                            typed.from.set(at);
                        }
                    }/>
                </label>
                <label class="field">
                    <span>{t.end()}</span>
                    <input type="time" name="until" required prop:value=move || clock(typed.until.get()) on:change=move |event| {
                        if let Some(at) = parse_clock(&event_target_value(&event)) {
                            typed.until.set(at);
                        }
                    }/>
                </label>
            </div>
            {live(says)}
            <div class="pair">
                <label class="field">
                    <span>{t.weeks_label()}</span>
                    <input type="number" name="weeks" min="1" max=MOST_WEEKS.to_string() inputmode="numeric" prop:value=move || typed.weeks.get().to_string()
                        on:change=move |event| typed.weeks.set(event_target_value(&event).parse().unwrap_or(1))/>
                </label>
                <label class="field">
                    <span>{t.places_label()}</span>
                    <input type="number" name="places" min="1" max="500" inputmode="numeric" prop:value=move || typed.places.get().to_string()
                        on:change=move |event| {
                            counted.set_value(true);
                            typed.places.set(event_target_value(&event).parse().unwrap_or(1));
                        }/>
                </label>
            </div>
            <div class="pair">
                <label class="field">
                    <span>{t.age_from_label()}</span>
                    <input type="number" name="from-age" min="0" max="120" inputmode="numeric" placeholder=t.any()
                        on:change=move |event| typed.from_age.set(age(event_target_value(&event)))/>
                </label>
                <label class="field">
                    <span>{t.age_to_label()}</span>
                    <input type="number" name="to-age" min="0" max="120" inputmode="numeric" placeholder=t.any()
                        on:change=move |event| typed.to_age.set(age(event_target_value(&event)))/>
                </label>
            </div>
            <div class="pair">
                <label class="field">
                    <span>{t.fee_label()}</span>
                    <input type="number" name="fee" min="0" max="10000" step="0.01" required inputmode="decimal" prop:value=move || yuan(typed.fee.get())
                        on:change=move |event| if let Some(fee) = fen(&event_target_value(&event)) { typed.fee.set(fee) }/>
                </label>
                <label class="field">
                    <span>{t.per_label()}</span>
                    <select name="per" on:change=move |event| typed.per.set(Per::from_code(&event_target_value(&event)).unwrap_or_default())>
                        <option value="session">{t.each_session()}</option>
                        <option value="course">{t.whole_course()}</option>
                    </select>
                </label>
            </div>
            <label class="check">
                <input type="checkbox" name="pick-up" on:change=move |event| typed.pick_up.set(event_target_checked(&event))/>
                <span>{t.pick_up_label()}</span>
            </label>
            <section aria-labelledby="preview">
                <h2 id="preview">{t.preview()}</h2>
                {live(preview)}
            </section>
            <div class="form-end">
                <button class="button primary wide" disabled=move || pending.get() || refused()>
                    {move || if pending.get() { t.sending() } else { t.publish_now() }}
                </button>
            </div>
        </form>
    }
}

fn room_name(centre: &CentreView, room: &RoomId) -> String {
    let room = centre.centre.room(room);
    room.map(|room| room.name.get(lang()).to_owned())
        .unwrap_or_default()
}
