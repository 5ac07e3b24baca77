//! Saving a part of a centre's description: what it hits is shown and decided first, and it can be undone.

use std::sync::Arc;

use domain::{
    api::{CentreChange, CentreView, ChangeCentre, Made, UndoChange},
    centre::{Centre, edit::Edit, edit::merge},
    id::{CentreId, RoomId},
};
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    api::{self, Trouble},
    components::{act::Act, consequence::Sheet, live},
    prefs::lang,
    store::Store,
};

/// What was saved last on this page, to be undone.
#[derive(Clone, Copy)]
pub(super) struct Undo {
    centre: StoredValue<CentreId>,
    made: RwSignal<Option<Made>>,
    act: Act,
    /// The revision from which the forms began.
    begun: RwSignal<i64>,
    /// What was saved here is not shown yet.
    stale: StoredValue<bool>,
    /// Which parts are unfolded.
    open: RwSignal<Vec<&'static str>>,
    /// The room that is edited.
    room: RwSignal<Option<RoomId>>,
}

impl Undo {
    pub(super) fn new(centre: &CentreView) -> Self {
        let store = Store::get();
        let begun = RwSignal::new(centre.revision);
        let stale = StoredValue::new(false);
        // Once something of one's own was saved the forms begin again from there; what others save leaves them as they are.
        Effect::new(move |_| {
            let now = store.centre.get().and_then(Result::ok);
            if let Some(now) = now.filter(|now| now.revision != begun.get_untracked())
                && stale.get_value()
            {
                stale.set_value(false);
                begun.set(now.revision);
            }
        });
        Self {
            centre: StoredValue::new(centre.centre.id.clone()),
            made: RwSignal::new(None),
            act: Act::new(),
            begun,
            stale,
            open: RwSignal::new(Vec::new()),
            room: RwSignal::new(None),
        }
    }

    /// Tracks what was saved here.
    pub(super) fn saved(self) {
        self.begun.get();
    }

    /// The room that is edited.
    pub(super) fn room(self) -> RwSignal<Option<RoomId>> {
        self.room
    }

    /// Whether a part is unfolded.
    pub(super) fn is_open(self, part: &'static str) -> bool {
        self.open.with_untracked(|open| open.contains(&part))
    }

    /// A part was folded or unfolded.
    pub(super) fn fold(self, part: &'static str, is_open: bool) {
        self.open.update(|open| {
            open.retain(|one| *one != part);
            if is_open {
                open.push(part);
            }
        });
    }

    fn set(self, made: Option<Made>) {
        self.stale.try_update_value(|stale| *stale = true);
        self.made.try_set(made);
    }

    pub(super) fn draw(self) -> AnyView {
        let t = lang();
        let store = Store::get();
        let press = move |made: Made| {
            let path = (self.centre.get_value(), made.id);
            self.act.run(async move {
                api::send::<UndoChange>(&path, &()).await?;
                self.set(None);
                Ok(Some(t.change_undone().to_owned()))
            });
        };
        let button = move || {
            let made = self.made.get()?;
            (made.undo_until.utc() >= store.clock.get()).then(|| {
                let label = t.undo_until(&made.undo_until.local.clock());
                view! { <div class="actions"><button class="button" aria-disabled=self.act.disabled() on:click=move |_| press(made.clone())>{label}</button></div> }
            })
        };
        view! { {live(button)}{self.act.refusal()} }.into_any()
    }
}

/// The button that saves, what it hits, and why it cannot be saved.
#[derive(Clone, Copy)]
pub(super) struct Saver {
    opened: StoredValue<Arc<CentreView>>,
    undo: Undo,
    act: Act,
    sheet: Sheet,
    hit: RwSignal<bool>,
    reason: RwSignal<String>,
    merged: RwSignal<bool>,
}

impl Saver {
    pub(super) fn new(opened: Arc<CentreView>, undo: Undo) -> Self {
        Self {
            opened: StoredValue::new(opened),
            undo,
            act: Act::new(),
            sheet: Sheet::new(),
            hit: RwSignal::new(false),
            reason: RwSignal::new(lang().settings_reason().to_owned()),
            merged: RwSignal::new(false),
        }
    }

    /// A field was changed: what was looked at was something else.
    pub(super) fn touch(self) {
        self.hit.set(false);
        self.act.forget();
    }

    /// A field that cannot be read.
    pub(super) fn refuse(self, field: &'static str, text: String) {
        self.act.run(async move {
            Err(Trouble {
                text,
                fields: vec![field.to_owned()],
                passing: false,
                outdated: false,
            })
        });
    }

    /// Saves a part: with what others changed in it since it was opened. Where they changed the same field, that is said first.
    pub(super) fn save_part<T>(
        self,
        of: impl Fn(&Centre) -> T,
        typed: T,
        edit: impl Fn(T, T) -> Edit,
    ) where
        T: Serialize + DeserializeOwned + Clone + PartialEq,
    {
        let store = Store::get();
        let opened = self.opened.with_value(|opened| of(&opened.centre));
        let now = store.centre.get_untracked().and_then(Result::ok);
        let now = now.map_or_else(|| opened.clone(), |now| of(&now.centre));
        let (after, clash) = merge(&opened, &typed, &now);
        if clash && !self.merged.get_untracked() {
            // Pressed again it is meant.
            self.merged.set(true);
            self.act.run(async move {
                Err(Trouble {
                    text: lang().settings_changed_meanwhile().to_owned(),
                    fields: Vec::new(),
                    passing: false,
                    outdated: false,
                })
            });
            return;
        }
        self.save(edit(now, after));
    }

    /// Saves an edit; where it hits bookings they are shown first.
    pub(super) fn save(self, edit: Edit) {
        let t = lang();
        let decided = self.hit.get_untracked();
        let new = CentreChange {
            edit,
            decisions: match decided {
                true => self.sheet.decisions(&self.reason.get_untracked()),
                false => Vec::new(),
            },
            preview: false,
        };
        let id = self.opened.with_value(|opened| opened.centre.id.clone());
        self.act.run(async move {
            let done = api::send::<ChangeCentre>(&id, &new).await?;
            if let Some(made) = done.made {
                self.hit.try_set(false);
                self.undo.set(Some(made));
                return Ok(Some(t.saved().to_owned()));
            }
            self.sheet.take(done.hits);
            self.hit.try_set(true);
            Ok(Some(match decided {
                true => t.hits_changed().to_owned(),
                false => t.settings_decide().to_owned(),
            }))
        });
    }

    /// The sheet, the refusal and the button.
    pub(super) fn draw(self, label: &'static str) -> AnyView {
        let t = lang();
        let sheet = move || {
            self.hit.get().then(|| {
                let reason = self.reason;
                view! {
                    {self.sheet.draw(self.opened.get_value())}
                    <label class="field">
                        <span>{t.settings_reason_told()}</span>
                        <input name="reason" maxlength="200" required prop:value=move || reason.get() on:input=move |event| reason.set(event_target_value(&event))/>
                    </label>
                }
            })
        };
        let label = move || match self.hit.get() {
            true => t.settings_save_with(self.sheet.count()),
            false => label.to_owned(),
        };
        view! {
            {live(sheet)}
            {self.act.refusal()}
            <button class="button primary" aria-disabled=self.act.disabled()>{label}</button>
        }
        .into_any()
    }
}

/// A text field.
pub(super) fn text(
    label: impl Into<String>,
    name: &'static str,
    value: RwSignal<String>,
    saver: Saver,
) -> AnyView {
    let label = label.into();
    view! {
        <label class="field">
            <span>{label}</span>
            <input name=name maxlength="200" prop:value=move || value.get() on:input=move |event| { value.set(event_target_value(&event)); saver.touch(); }/>
        </label>
    }
    .into_any()
}
