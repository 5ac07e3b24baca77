//! The form by which something is asked of the house, in one's own words.

use domain::{
    api::{NewCase, NewNameless, SendCase, SendNameless},
    case::{MOST_PLACE, MOST_WORDS, kind::CaseKind},
    page::Page,
    person::permission::Role,
};
use leptos::prelude::*;

use super::{nameless, picture::Pictures};
use crate::{
    api::{self, Trouble},
    components::{act::Act, live},
    prefs::{self, lang},
    store::Store,
};

/// What is typed.
#[derive(Clone, Copy)]
struct Typed {
    kind: RwSignal<CaseKind>,
    words: RwSignal<String>,
    place: RwSignal<String>,
    room: RwSignal<String>,
    agreed: RwSignal<bool>,
    to_manager: RwSignal<bool>,
    nameless: RwSignal<bool>,
    /// What opens it without a name: the same until it is answered, so that it is sent once.
    secret: StoredValue<String>,
    pictures: Pictures,
}

/// Between the fields of a kept form (ASCII, unit separator).
const PARTED: char = '\u{1f}';

impl Typed {
    /// What is kept over a reload and a page in between; nothing where there is nothing to lose. Kind and addressee go along: what was
    /// meant for the manager alone comes back as nothing else.
    fn read(self) -> Option<String> {
        let flag = |on: RwSignal<bool>| if on.get() { "1" } else { "" }.to_owned();
        let fields = [
            self.kind.get().code().to_owned(),
            flag(self.to_manager),
            flag(self.nameless),
            self.place.get(),
            self.words.get(),
        ];
        let is_typed = !(fields[3].is_empty() && fields[4].is_empty());
        is_typed.then(|| fields.join(&PARTED.to_string()))
    }

    fn restore(self, kept: &str) {
        let mut fields = kept.split(PARTED);
        let mut next = || fields.next().unwrap_or_default().to_owned();
        self.kind
            .set(CaseKind::from_code(&next()).unwrap_or_default());
        self.to_manager.set(!next().is_empty());
        self.nameless.set(!next().is_empty());
        self.place.set(next());
        self.words.set(next());
    }

    fn terms(self) -> domain::case::kind::Terms {
        self.kind.get().terms()
    }

    /// Whether it goes without a name.
    fn is_nameless(self) -> bool {
        self.nameless.get_untracked() && self.kind.get_untracked().terms().nameless
    }
}

/// The name under which what a visitor typed is carried over signing in.
const CARRIED: &str = "case-typed";

/// The form.
#[component]
pub fn SendForm() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let typed = Typed {
        kind: RwSignal::new(CaseKind::Matter),
        words: RwSignal::new(String::new()),
        place: RwSignal::new(String::new()),
        room: RwSignal::new(String::new()),
        agreed: RwSignal::new(false),
        to_manager: RwSignal::new(false),
        nameless: RwSignal::new(false),
        secret: StoredValue::new(api::new_key()),
        pictures: Pictures::new(store.centre_id.into()),
    };
    // What a visitor typed before they were asked to sign in.
    let carried = prefs::kept(CARRIED);
    if !carried.is_empty() {
        prefs::keep(CARRIED, "");
        typed.restore(&carried);
    }
    store.keep_draft(
        "case".to_owned(),
        move || typed.read(),
        move |kept| typed.restore(kept),
    );
    let act = Act::new();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        send(store, typed, act);
    };
    let label = move || store.says_for_whom(|name| t.case_send_for(name), t.case_send());
    view! {
        <form class="form case-form" on:submit=send>
            <label class="field">
                <span>{t.case_words()}</span>
                <textarea name="words" data-field="words" rows="3" maxlength=MOST_WORDS.to_string() placeholder=t.case_words_hint()
                    prop:value=move || typed.words.get() on:input=move |event| typed.words.set(event_target_value(&event))></textarea>
            </label>
            {kinds(typed)}
            {where_it_is(store, typed)}
            {live(move || promises(store, typed))}
            {act.refusal()}
            <button class="button primary" aria-disabled=act.disabled()>{label}</button>
        </form>
    }
    .into_any()
}

fn kinds(typed: Typed) -> AnyView {
    let t = lang();
    let choices = CaseKind::ALL.map(|kind| {
        view! {
            <label class="check">
                <input type="radio" name="kind" value=kind.code() prop:checked=move || typed.kind.get() == kind on:change=move |_| typed.kind.set(kind)/>
                <span><strong>{kind.word(t)}</strong>" "<small class="quiet">{kind.about(t)}</small></span>
            </label>
        }
    });
    view! { <fieldset class="checks case-kinds" data-field="kind"><legend>{t.case_kind()}</legend>{choices}</fieldset> }.into_any()
}

/// Place, room and pictures, where the kind has them.
fn where_it_is(store: Store, typed: Typed) -> AnyView {
    let t = lang();
    let needs = Memo::new(move |_| typed.terms().place);
    let is_report = Memo::new(move |_| typed.terms().public);
    let place = move || {
        needs.get().then(|| {
            let (label, hint) = match is_report.get() {
                true => (t.case_place(), t.case_place_hint()),
                false => (t.case_place_home(), ""),
            };
            view! {
                <label class="field">
                    <span>{label}</span>
                    <input name="place" data-field="place" maxlength=MOST_PLACE.to_string() placeholder=hint autocomplete="street-address"
                        prop:value=move || typed.place.get() on:input=move |event| typed.place.set(event_target_value(&event))/>
                </label>
            }
        })
    };
    let room = move || {
        if !is_report.get() {
            return None;
        }
        let centre = store.centre.get()?.ok()?;
        let rooms = centre.centre.rooms.iter().map(|room| {
            view! { <option value=room.id.to_string()>{room.name.get(t).to_owned()}</option> }
        });
        let rooms = rooms.collect_view();
        Some(view! {
            <label class="field">
                <span>{t.case_room()}</span>
                <select name="room" prop:value=move || typed.room.get() on:change=move |event| typed.room.set(event_target_value(&event))>
                    <option value="">{t.case_room_none()}</option>
                    {rooms}
                </select>
            </label>
        })
    };
    let pictures = move || {
        let signed_in = store.signed_in() == Some(true);
        let has = signed_in && !typed.nameless.get();
        has.then(|| typed.pictures.draw())
    };
    view! { {live(place)}{live(room)}{live(pictures)} }.into_any()
}

/// What one agrees to or wishes, by kind.
fn promises(store: Store, typed: Typed) -> AnyView {
    let t = lang();
    let terms = typed.terms();
    let check = |name: &'static str, on: RwSignal<bool>, label: &'static str| {
        view! {
            <label class="check">
                <input type="checkbox" name=name prop:checked=move || on.get() on:change=move |event| on.set(event_target_checked(&event))/>
                <span>{label}</span>
            </label>
        }
    };
    let agree = terms
        .agreement
        .then(|| check("agreed", typed.agreed, t.case_agree()));
    let manager = (terms.nameless && terms.reader < Role::Manager)
        .then(|| check("to-manager", typed.to_manager, t.case_to_manager()));
    let nameless = (terms.nameless && store.acting().is_none()).then(|| {
        view! {
            {check("nameless", typed.nameless, t.case_nameless())}
            <Show when=move || typed.nameless.get()><p class="quiet">{t.case_nameless_about()}</p></Show>
        }
    });
    view! { {agree}{manager}{nameless} }.into_any()
}

fn send(store: Store, typed: Typed, act: Act) {
    let t = lang();
    let Some(centre) = store.centre_id.get_untracked() else {
        return;
    };
    let nameless = typed.is_nameless() && store.acting().is_none();
    if !nameless && store.signed_in() == Some(false) {
        prefs::keep(CARRIED, &untrack(|| typed.read()).unwrap_or_default());
        prefs::keep("next", &store.view.get_untracked().address(&Page::Cases));
        store.go(&Page::SignIn, &store.here.get_untracked(), false);
        return;
    }
    if nameless {
        let new = NewNameless {
            kind: typed.kind.get_untracked(),
            words: typed.words.get_untracked(),
            to_manager: typed.to_manager.get_untracked(),
            secret: typed.secret.get_value(),
        };
        act.run(async move {
            let case = api::send::<SendNameless>(&centre, &new).await?;
            if let Some(store) = act.store() {
                store.forget_draft("case");
                nameless::keep(&centre, &new.secret);
                store.go(&Page::Nameless, &store.here.get_untracked(), false);
            }
            Ok(Some(t.case_sent(case.row.number)))
        });
        return;
    }
    let room = typed.room.get_untracked();
    let is_report = typed.kind.get_untracked().terms().public;
    let new = NewCase {
        kind: typed.kind.get_untracked(),
        words: typed.words.get_untracked(),
        place: typed.place.get_untracked(),
        room: (is_report && !room.is_empty()).then(|| room.as_str().into()),
        agreed: typed.agreed.get_untracked(),
        to_manager: typed.to_manager.get_untracked(),
        urgency: None,
        pictures: Vec::new(),
        part_of: None,
        behalf: store.acting(),
    };
    act.run(async move {
        let Some(pictures) = typed.pictures.ready() else {
            return Err(Trouble::at("pictures", t.picture_failed()));
        };
        let new = NewCase { pictures, ..new };
        let case = api::send::<SendCase>(&centre, &new).await?;
        if let Some(store) = act.store() {
            store.forget_draft("case");
            // What is for other eyes is not opened by who took it: they hear its number.
            let is_theirs = case.reader == Role::Staff || case.row.mine;
            if is_theirs {
                let page = Page::Case(centre, case.row.id);
                store.go(&page, &store.here.get_untracked(), false);
            } else {
                typed.restore("");
                typed.pictures.clear();
            }
        }
        Ok(Some(t.case_sent(case.row.number)))
    });
}
