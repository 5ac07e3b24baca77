//! Publishing form, its fields: what, where and when, how many, for whom.

use std::sync::Arc;

use domain::{
    activity::Per,
    api::{CentreView, MyClub},
    centre::room::Purpose,
    id::{ClubId, RoomId},
    money::{fen, yuan},
    time::{DAY, Date, parse_clock},
};
use leptos::prelude::*;

use crate::{
    components::live,
    pages::{activity::other::OtherLanguage, calendar::model::bookable},
    prefs::lang,
};

use super::typed::Typed;

/// Name, kind, club, and what it is about.
#[component]
pub(super) fn WhatFields(typed: Typed, mine: Memo<Vec<MyClub>>) -> impl IntoView {
    let t = lang();
    let kinds = Purpose::ALL.iter().map(|one| {
        view! { <option value=one.code() selected=move || typed.kind.get() == *one>{one.word(t)}</option> }
    });
    let club_options = move || {
        let option = |club: MyClub| {
            let id = club.club;
            let value = id.to_string();
            view! { <option value=value selected=move || typed.club.get().as_ref() == Some(&id)>{club.name.get(t).to_owned()}</option> }
        };
        mine.get().into_iter().map(option).collect_view()
    };
    view! {
            <label class="field">
                <span>{t.activity_title_label()}</span>
                <input name="title" required maxlength="60" prop:value=move || typed.title.get() on:input=move |event| typed.title.set(event_target_value(&event))/>
            </label>
            <div class="pair">
                <label class="field">
                    <span>{t.activity_kind_label()}</span>
                    <select name="kind" prop:value=move || typed.kind.get().code() on:change=move |event| {
                        if let Some(kind) = Purpose::from_code(&event_target_value(&event)) {
                            typed.kind.set(kind);
                        }
                    }>{kinds.collect_view()}</select>
                </label>
                <label class="field">
                    <span>{t.club_label()}</span>
                    <select name="club" prop:value=move || typed.club.get().map(|id| id.to_string()).unwrap_or_default() on:change=move |event| {
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
            <OtherLanguage than=t title=typed.other_title about=typed.other_about
                set_title=Callback::new(move |text| typed.other_title.set(text))
                set_about=Callback::new(move |text| typed.other_about.set(text))/>
    }
}

/// Where and when.
#[component]
pub(super) fn WhenFields(typed: Typed, centre: Arc<CentreView>) -> impl IntoView {
    let t = lang();
    let room_options = bookable(&centre.centre).map(|one| {
        let id = one.id.clone();
        view! { <option value=one.id.to_string() selected=move || typed.room.get() == id>{one.name.get(t).to_owned()}</option> }
    });
    let room_options = room_options.collect_view();
    let choose_room = move |id: String| {
        let id = RoomId::new(id);
        let counted = typed.counted.get_value();
        if let Some(room) = centre.centre.room(&id).filter(|_| !counted) {
            typed.places.set(room.people.comfortable);
        }
        typed.room.set(id);
    };
    let clock = |minute: i64| domain::time::clock(minute.min(DAY - 1));
    view! {
            <label class="field">
                <span>{t.room()}</span>
                <select name="room" prop:value=move || typed.room.get().to_string() on:change=move |event| choose_room(event_target_value(&event))>{room_options}</select>
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
    }
}

/// For how many people.
#[component]
pub(super) fn CountFields(typed: Typed) -> impl IntoView {
    let t = lang();
    view! {
            <label class="field">
                <span>{t.places_label()}</span>
                <input type="number" name="places" min="1" max="500" inputmode="numeric" prop:value=move || typed.places.get().to_string()
                    on:change=move |event| {
                        typed.counted.set_value(true);
                        typed.places.set(event_target_value(&event).parse().unwrap_or(1));
                    }/>
            </label>
    }
}

/// For whom, what it costs, and how one signs up.
#[component]
pub(super) fn WhoFields(typed: Typed) -> impl IntoView {
    let t = lang();
    let age = |text: String| text.parse::<u8>().ok();
    view! {
            <div class="pair">
                <label class="field">
                    <span>{t.age_from_label()}</span>
                    <input type="number" name="from-age" data-field="audience" min="0" max="120" inputmode="numeric" placeholder=t.any() prop:value=move || typed.from_age.get().map(|age| age.to_string())
                        on:change=move |event| typed.from_age.set(age(event_target_value(&event)))/>
                </label>
                <label class="field">
                    <span>{t.age_to_label()}</span>
                    <input type="number" name="to-age" min="0" max="120" inputmode="numeric" placeholder=t.any() prop:value=move || typed.to_age.get().map(|age| age.to_string())
                        on:change=move |event| typed.to_age.set(age(event_target_value(&event)))/>
                </label>
            </div>
            <label class="field">
                <span>{t.fee_label()}</span>
                <input type="number" name="fee" min="0" max="10000" step="0.01" required inputmode="decimal" prop:value=move || yuan(typed.fee.get())
                    on:change=move |event| if let Some(fee) = fen(&event_target_value(&event)) { typed.fee.set(fee) }/>
            </label>
            <label class="field">
                <span>{t.per_label()}</span>
                <select name="per" prop:value=move || typed.per.get().code() on:change=move |event| typed.per.set(Per::from_code(&event_target_value(&event)).unwrap_or_default())>
                    <option value="session">{t.each_session()}</option>
                    <option value="course">{t.whole_course()}</option>
                </select>
            </label>
            <label class="check">
                <input type="checkbox" name="pick-up" prop:checked=move || typed.pick_up.get() on:change=move |event| typed.pick_up.set(event_target_checked(&event))/>
                <span>{t.pick_up_label()}</span>
            </label>
    }
}
