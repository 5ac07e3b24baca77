//! Changing a booking, for staff: room, time, people, note; what cannot go is shown while one types, and all of it can be undone.

use std::sync::Arc;

use domain::{
    api::{
        BookingChange, BookingSeen, CentreView, ChangeBooking, Consequences, Displaced, Made,
        UndoChange,
    },
    booking::Booking,
    centre::consequence::Outside,
    id::RoomId,
    time::{DAY, Date, LocalTime, parse_clock},
    view::View,
};
use leptos::prelude::*;

use super::along::{AlongDraft, along_fields};
use crate::{
    api::{self, Trouble},
    components::{act::Act, consequence::Sheet, icon::Icon, live},
    pages::calendar::model::bookable,
    prefs::{self, lang},
    store::Store,
};

/// Opens the form; afterwards offers to undo.
#[component]
pub(super) fn ChangeForm(booking: RwSignal<Booking>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let proposed = StoredValue::new(store.view.with_untracked(Proposed::of));
    let open = RwSignal::new(proposed.with_value(Option::is_some));
    let id = StoredValue::new(booking.with_untracked(|booking| booking.id.to_string()));
    let made = RwSignal::new(store.kept_undo(&id.get_value()));
    let keep = move |act: Option<Made>| {
        store.keep_undo(&id.get_value(), act.as_ref());
        made.try_set(act);
    };
    let undo = Act::new();
    let press = move |made_id: domain::id::ConsequenceId| {
        let path = (
            booking.with_untracked(|booking| booking.centre.clone()),
            made_id,
        );
        undo.run(async move {
            let left = api::send::<UndoChange>(&path, &()).await?;
            keep(None);
            Ok(Some(t.undone_but(left)))
        });
    };
    let undoing = move || {
        let made = made.get()?;
        (made.undo_until.utc() >= store.clock.get()).then(|| {
            let label = t.undo_until(&made.undo_until.local.clock());
            view! { <button class="button" aria-disabled=undo.disabled() on:click=move |_| press(made.id.clone())>{label}</button> }
        })
    };
    // A memo: the clock ticks, and the form must outlive that.
    let is_live = Memo::new(move |_| {
        let now = store.clock.get();
        booking.with(|one| one.state.is_live() && now < one.end.utc())
    });
    let toggle = move |_| {
        open.update(|open| *open = !*open);
        if open.get_untracked() {
            request_animation_frame(|| prefs::focus(".change select"));
        }
    };
    let body = move || {
        (open.get() && is_live.get()).then(|| {
            // Once the centre is there; what others change in it leaves what is typed as it is.
            let ready =
                Memo::new(move |_| store.centre.with(|centre| matches!(centre, Some(Ok(_)))));
            let form = move || {
                ready.get();
                let centre = store.centre.get_untracked()?.ok()?;
                let done = Callback::new(move |done: Made| {
                    // What was proposed is done: back and reload propose it no more.
                    if let Some(page) = store.router.page.get_untracked() {
                        store.go(&page, &store.here.get_untracked(), true);
                    }
                    open.set(false);
                    keep(Some(done));
                });
                // Proposed once: what is opened anew begins with how it stands.
                let proposed = proposed.try_update_value(Option::take).flatten();
                Some(view! { <Fields booking=booking.get_untracked() proposed centre done/> })
            };
            live(form)
        })
    };
    view! {
        <div class="actions">
            <Show when=move || is_live.get()>
                <button class="button" aria-expanded=move || open.get().to_string() on:click=toggle>{t.change_booking()}</button>
            </Show>
            {live(undoing)}
        </div>
        {undo.refusal()}
        {live(body)}
    }
}

/// Where the address says that the booking should go: it was dragged there on the timeline.
#[derive(Clone)]
struct Proposed {
    room: RoomId,
    start: LocalTime,
    minutes: Option<i64>,
}

impl Proposed {
    fn of(view: &View) -> Option<Self> {
        Some(Self {
            room: view.room.clone()?,
            start: view.day?.at(view.at?),
            minutes: view.length,
        })
    }
}

/// Who loses a place and stands in line again, by session.
fn list_displaced(all: &[Displaced]) -> Option<AnyView> {
    let t = lang();
    let mut sessions: Vec<(LocalTime, Vec<&str>)> = Vec::new();
    for one in all {
        match sessions.iter_mut().find(|(start, _)| *start == one.start) {
            Some((_, names)) => names.push(&one.name),
            None => sessions.push((one.start, vec![&one.name])),
        }
    }
    let rows = sessions.into_iter().map(|(start, names)| {
        view! { <li><time>{t.moment(start)}</time>" · "{names.join(t.comma())}</li> }
    });
    (!all.is_empty()).then(|| {
        view! {
            <p class="warn" role="status">{t.displaced(all.len())}</p>
            <ul class="plain">{rows.collect_view()}</ul>
        }
        .into_any()
    })
}

/// What the server says of the change that stands in the form.
type Seen = Option<Result<Consequences, Trouble>>;

/// What is typed.
#[derive(Clone, Copy)]
struct Draft {
    room: RwSignal<String>,
    day: RwSignal<String>,
    start: RwSignal<String>,
    minutes: RwSignal<i64>,
    people: RwSignal<String>,
    note: RwSignal<String>,
    along: AlongDraft,
    sheet: Sheet,
    reason: RwSignal<String>,
    /// The booking as it was when the form was opened.
    opened: StoredValue<BookingSeen>,
}

impl Draft {
    fn new(booking: &Booking, proposed: Option<Proposed>) -> Self {
        let slot = booking.slot();
        let to = proposed.unwrap_or_else(|| Proposed {
            room: booking.room.clone(),
            start: slot.start(),
            minutes: None,
        });
        Self {
            room: RwSignal::new(to.room.to_string()),
            day: RwSignal::new(to.start.date().to_string()),
            start: RwSignal::new(to.start.clock()),
            minutes: RwSignal::new(to.minutes.unwrap_or(slot.minutes())),
            people: RwSignal::new(booking.people.to_string()),
            note: RwSignal::new(booking.note.clone()),
            along: AlongDraft::new(booking),
            sheet: Sheet::of_bookings(),
            reason: RwSignal::new(lang().settings_reason().to_owned()),
            opened: StoredValue::new(BookingSeen::of(booking)),
        }
    }

    /// The change as it is sent; nothing where a field cannot be read, or is gone.
    fn read(self, preview: bool) -> Option<BookingChange> {
        // A field that goes says that it was changed: the form is gone then.
        let text = |field: RwSignal<String>| field.try_get_untracked();
        let at = Date::parse(&text(self.day)?)?.at(parse_clock(&text(self.start)?)?);
        let along = self.along.read()?;
        Some(BookingChange {
            along,
            room: RoomId::new(text(self.room)?),
            start: at,
            end: at.plus(self.minutes.try_get_untracked()?),
            people: text(self.people)?.parse().unwrap_or_default(),
            note: text(self.note)?,
            decisions: match preview {
                true => Vec::new(),
                // People read it where a booking is cancelled.
                false => self.sheet.decisions(&self.reason.get_untracked()),
            },
            displaced: Vec::new(),
            seen: self.opened.try_get_value(),
            preview,
        })
    }
}

#[component]
fn Fields(
    booking: Booking,
    proposed: Option<Proposed>,
    centre: Arc<CentreView>,
    done: Callback<Made>,
) -> impl IntoView {
    let t = lang();
    let path = StoredValue::new((booking.centre.clone(), booking.id.clone()));
    let is_proposed = proposed.is_some();
    let draft = Draft::new(&booking, proposed);
    let Draft { people, sheet, .. } = draft;
    // What the server was asked last, and has answered.
    let looked = StoredValue::new(None::<BookingChange>);
    let seen: RwSignal<Seen> = RwSignal::new(None);
    let act = Act::new();
    let read = move |preview: bool| draft.read(preview);
    // What was dragged there is saved once it was seen what it does.
    let is_looking = RwSignal::new(is_proposed);
    // Only what was asked last is shown.
    let turn = StoredValue::new(0u32);
    let look = move || {
        let Some(mine) = turn.try_update_value(|turn| {
            *turn += 1;
            *turn
        }) else {
            return;
        };
        act.forget();
        let Some(wanted) = read(true) else {
            seen.set(None);
            return;
        };
        is_looking.set(is_proposed);
        let path = path.get_value();
        leptos::task::spawn_local(async move {
            let reply = api::send::<ChangeBooking>(&path, &wanted).await;
            if turn.try_get_value() != Some(mine) {
                return;
            }
            looked.try_set_value(Some(wanted));
            let hits = reply.as_ref().map(|seen| seen.hits.clone());
            sheet.take(hits.unwrap_or_default());
            seen.try_set(Some(reply));
            is_looking.try_set(false);
        });
    };
    if is_proposed {
        look();
        request_animation_frame(|| prefs::focus(".change select"));
    }
    // Who loses a place, as it was seen.
    let displaced = move || match seen.get_untracked() {
        Some(Ok(seen)) => seen.displaced,
        _ => Vec::new(),
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(mut wanted) = read(false) else {
            act.run(async move { Err(Trouble::said(t.change_unreadable())) });
            return;
        };
        // What was decided about other values, or not seen yet, decides nothing.
        let same = looked.get_value() == read(true);
        if is_looking.get_untracked() {
            return;
        }
        match same {
            true => wanted.displaced = displaced().iter().map(|one| one.id.clone()).collect(),
            false => wanted.decisions = Vec::new(),
        }
        act.run(async move {
            let reply = api::send::<ChangeBooking>(&path.get_value(), &wanted).await?;
            if let Some(made) = reply.made {
                done.try_run(made);
                return Ok(Some(t.booking_changed().to_owned()));
            }
            let lose = reply.displaced != displaced();
            sheet.take(reply.hits.clone());
            seen.try_set(Some(Ok(reply)));
            looked.try_set_value(read(true));
            // Where it was looked at before, others booked or cancelled since.
            Ok(Some(match (same, lose) {
                (_, true) => t.displaced_changed().to_owned(),
                (true, false) => t.hits_changed().to_owned(),
                (false, false) => t.settings_decide().to_owned(),
            }))
        });
    };
    let is_session = booking.title.is_some();
    let of = centre.clone();
    let fit = Callback::new(move |most: u16| {
        people.set(most.to_string());
        look();
        request_animation_frame(|| prefs::focus(".change input[name=people]"));
    });
    let says = move || Some(draw_seen(seen.get()?, is_session, fit));
    // Stays while it is looked at again: somebody types the reason.
    let has_strays = Memo::new(move |_| {
        seen.with(|seen| matches!(seen, Some(Ok(seen)) if !seen.hits.is_empty()))
    });
    let strays = move || {
        has_strays
            .get()
            .then(|| view! { {sheet.draw(of.clone())}{sheet.reason(draft.reason)} })
    };
    let label = move || {
        let lose = seen.with(|seen| match seen {
            Some(Ok(seen)) => seen.displaced.len(),
            _ => 0,
        });
        sheet.label_with(t.change_now(), (lose > 0).then(|| t.waits_again(lose)))
    };
    view! {
        <form class="form card change" aria-label=t.change_booking() on:submit=submit>
            {draw_fields(draft, &booking, &centre, look)}
            {live(says)}
            {live(strays)}
            {act.refusal()}
            <button class="button primary" aria-disabled=move || (is_looking.get() || act.pending()).to_string()>{label}</button>
        </form>
    }
}

/// What the server says of the change: how many go, who is told, who loses a place. `fit` makes the places as many as the room takes.
fn draw_seen(seen: Result<Consequences, Trouble>, is_session: bool, fit: Callback<u16>) -> AnyView {
    let t = lang();
    match seen {
        Err(trouble) => view! { <p class="refusal" role="alert">{trouble.text}</p> }.into_any(),
        Ok(seen) => {
            let mut words = Vec::new();
            if seen.goes > 0 {
                words.push(t.goes(seen.goes));
            }
            if seen.rivals > 0 {
                words.push(t.rivals_declined(seen.rivals));
            }
            if seen.to_tell > 0 {
                words.push(t.hits_told(usize::from(seen.to_tell)));
            }
            let fine = (!words.is_empty())
                .then(|| view! { <p class="verdict" role="status">{words.join(" ")}</p> });
            // Into a smaller room goes who fits: the places are made fewer, and it is said who loses theirs.
            let fits = seen.hits.iter().filter_map(|hit| match hit.why {
                Outside::TooMany { most } => Some(most),
                _ => None,
            });
            let fit = fits.min().filter(|most| *most > 0).map(|most| {
                    let label = match is_session {
                        true => t.change_fit(most),
                        false => t.change_fit_people(most),
                    };
                    view! { <button type="button" class="button" on:click=move |_| fit.run(most)>{label}</button> }
                });
            view! { {fine}{list_displaced(&seen.displaced)}{fit} }.into_any()
        }
    }
}

/// The fields; each change of one is looked at by `look`.
fn draw_fields(
    draft: Draft,
    booking: &Booking,
    centre: &CentreView,
    look: impl Fn() + Copy + Send + Sync + 'static,
) -> AnyView {
    let t = lang();
    let Draft {
        room,
        day,
        start,
        minutes,
        people,
        note,
        along,
        ..
    } = draft;
    let set = move |field: RwSignal<String>| {
        move |event| {
            field.try_set(event_target_value(&event));
            look();
        }
    };
    let here = centre.centre.room(&booking.room);
    let step = here.map(|room| i64::from(centre.centre.rules_of(room).step.max(1)));
    let step = step.unwrap_or(30);
    let step_by = move |by: i64| {
        minutes.update(|minutes| *minutes = (*minutes + by * step).clamp(step, DAY));
        look();
    };
    let rooms = bookable(&centre.centre)
        .map(|one| {
            let (id, own) = (one.id.to_string(), one.id.to_string());
            let label = format!(
                "{} · {}",
                one.name.get(t),
                t.capacity(&t.people(one.people.most))
            );
            view! { <option value=id prop:selected=move || room.get() == own>{label}</option> }
        })
        .collect_view();
    let is_session = booking.title.is_some();
    let whole = along_fields(booking, along, t.change_which(), look);
    let how_many = match is_session {
        true => t.change_held(),
        false => t.how_many(),
    };
    view! {
            <label class="field">
                <span>{t.room()}</span>
                <select name="room" on:change=set(room)>{rooms}</select>
            </label>
            <div class="pair">
                <label class="field">
                    <span>{t.date_label()}</span>
                    <input type="date" name="start" required prop:value=move || day.get() on:change=set(day)/>
                </label>
                <label class="field">
                    <span>{t.start()}</span>
                    <input type="time" name="at" required prop:value=move || start.get() on:change=set(start)/>
                </label>
            </div>
            <div class="pair">
                <div class="field">
                    <span id="change-length">{t.how_long()}</span>
                    <div class="stepper" role="group" aria-labelledby="change-length">
                        <button type="button" class="round" aria-label=t.shorter() on:click=move |_| step_by(-1)><Icon icon=Icon::Minus/></button>
                        <output>{move || t.minutes(minutes.get())}</output>
                        <button type="button" class="round" aria-label=t.longer() on:click=move |_| step_by(1)><Icon icon=Icon::Plus/></button>
                    </div>
                </div>
                <label class="field">
                    <span>{how_many}</span>
                    <input type="number" name="people" min="1" max="999" inputmode="numeric" required prop:value=move || people.get() on:change=set(people)/>
                </label>
            </div>
            {whole}
            <label class="field">
                <span>{t.note()}</span>
                <textarea name="note" rows="2" maxlength="200" prop:value=move || note.get() on:change=set(note)></textarea>
            </label>
    }
    .into_any()
}
