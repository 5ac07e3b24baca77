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
    prefs::{self, lang},
    store::Store,
};

/// The parts of the settings, each with a form of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    About,
    Hours,
    Rules,
    Rooms,
    File,
    History,
}

impl Part {
    /// True for those that change all of the centre: every form begins again.
    fn is_all(self) -> bool {
        matches!(self, Self::File | Self::History)
    }
}

/// How many parts there are.
const PARTS: usize = 6;

/// What was saved on this page and is not shown yet: which part, and the revision that it made.
type Awaited = Option<(Option<Part>, i64)>;

/// What was saved last on this page, to be undone.
#[derive(Clone, Copy)]
pub(super) struct Undo {
    centre: StoredValue<CentreId>,
    made: RwSignal<Option<(Part, Made)>>,
    act: Act,
    /// How often each form began again.
    begun: RwSignal<[u32; PARTS]>,
    awaited: StoredValue<Awaited>,
    /// Which parts are unfolded.
    open: RwSignal<Vec<Part>>,
    /// The room that is edited.
    room: RwSignal<Option<RoomId>>,
}

impl Undo {
    pub(super) fn new(centre: &CentreView) -> Self {
        let store = Store::get();
        let undo = Self {
            centre: StoredValue::new(centre.centre.id.clone()),
            made: RwSignal::new(None),
            act: Act::new(),
            begun: RwSignal::new([0; PARTS]),
            awaited: StoredValue::new(None),
            open: RwSignal::new(Vec::new()),
            room: RwSignal::new(None),
        };
        // Once what was saved here is shown its form begins again from there; what others save leaves forms as they are.
        Effect::new(move |_| {
            store.centre.track();
            undo.settle();
        });
        undo
    }

    fn settle(self) {
        let Some((part, revision)) = self.awaited.try_get_value().flatten() else {
            return;
        };
        let now = self
            .act
            .store()
            .and_then(|store| store.centre.get_untracked()?.ok());
        if now.is_none_or(|now| now.revision < revision) {
            return;
        }
        self.awaited.set_value(None);
        self.begun.try_update(|begun| {
            for (at, count) in begun.iter_mut().enumerate() {
                if part.is_none_or(|part| part.is_all() || part as usize == at) {
                    *count += 1;
                }
            }
        });
    }

    /// Counts how often the form of a part began again.
    pub(super) fn begun(self, part: Part) -> Memo<u32> {
        Memo::new(move |_| {
            self.begun
                .with(|begun| begun.get(part as usize).copied().unwrap_or_default())
        })
    }

    /// The room that is edited.
    pub(super) fn room(self) -> RwSignal<Option<RoomId>> {
        self.room
    }

    /// Whether a part is unfolded.
    pub(super) fn is_open(self, part: Part) -> bool {
        self.open.with_untracked(|open| open.contains(&part))
    }

    /// A part was folded or unfolded.
    pub(super) fn fold(self, part: Part, is_open: bool) {
        self.open.update(|open| {
            open.retain(|one| *one != part);
            if is_open {
                open.push(part);
            }
        });
    }

    fn await_revision(self, part: Option<Part>, revision: i64) {
        self.awaited
            .try_update_value(|awaited| *awaited = Some((part, revision)));
        self.settle();
    }

    /// The way to take back what was saved last, beside the part where it was.
    pub(super) fn draw(self, part: Part) -> AnyView {
        let t = lang();
        let store = Store::get();
        let press = move |made: Made| {
            let path = (self.centre.get_value(), made.id);
            self.act.run(async move {
                let left = api::send::<UndoChange>(&path, &()).await?;
                self.made.try_set(None);
                self.await_revision(None, made.revision + 1);
                Ok(Some(t.undone_but(left)))
            });
        };
        let button = move || {
            let (_, made) = self.made.get().filter(|(of, _)| *of == part)?;
            (made.undo_until.utc() >= store.clock.get()).then(|| {
                let label = t.undo_until(&made.undo_until.local.clock());
                view! {
                    <div class="actions"><button type="button" class="button" aria-disabled=self.act.disabled() on:click=move |_| press(made.clone())>{label}</button></div>
                    {self.act.refusal()}
                }
            })
        };
        view! { {live(button)} }.into_any()
    }
}

/// The button that saves, what it hits, and why it cannot be saved.
#[derive(Clone, Copy)]
pub(super) struct Saver {
    opened: StoredValue<Arc<CentreView>>,
    undo: Undo,
    part: Part,
    act: Act,
    sheet: Sheet,
    /// Counts the changes of fields: what was looked at before one is about something else.
    turn: StoredValue<u32>,
    hit: RwSignal<bool>,
    reason: RwSignal<String>,
    /// The reason as it was proposed.
    proposed: StoredValue<String>,
    merged: RwSignal<bool>,
}

impl Saver {
    pub(super) fn new(opened: Arc<CentreView>, undo: Undo, part: Part) -> Self {
        Self {
            opened: StoredValue::new(opened),
            undo,
            part,
            act: Act::new(),
            sheet: Sheet::new(),
            turn: StoredValue::new(0),
            hit: RwSignal::new(false),
            reason: RwSignal::new(lang().settings_reason().to_owned()),
            proposed: StoredValue::new(lang().settings_reason().to_owned()),
            merged: RwSignal::new(false),
        }
    }

    /// A field was changed: what was looked at was something else.
    pub(super) fn touch(self) {
        self.turn.update_value(|turn| *turn += 1);
        self.hit.set(false);
        self.merged.set(false);
        self.act.forget();
    }

    /// A field that cannot be read.
    pub(super) fn refuse(self, field: impl Into<String>, text: String) {
        let field = field.into();
        self.act.run(async move {
            Err(Trouble {
                fields: vec![field],
                ..Trouble::said(text)
            })
        });
    }

    /// A field whose text cannot be read: what it says, and how hours are written where it is one of those.
    pub(super) fn refuse_typed(self, field: String, typed: &str) {
        let t = lang();
        let mut text = match typed.trim().is_empty() {
            true => t.cannot_be_empty().to_owned(),
            false => t.cannot_read(typed),
        };
        if ["open-", "from-", "to-"]
            .iter()
            .any(|of| field.starts_with(of))
        {
            text = format!("{text} {}", t.hours_example());
        }
        self.refuse(field, text);
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
            self.act
                .run(async move { Err(Trouble::said(lang().settings_changed_meanwhile())) });
            return;
        }
        self.save(edit(now, after));
    }

    /// Why those read that their booking is cancelled, unless somebody wrote it.
    pub(super) fn because(self, reason: String) {
        let is_written = self
            .proposed
            .with_value(|proposed| self.reason.with_untracked(|reason| reason != proposed));
        if !is_written {
            self.proposed.set_value(reason.clone());
            self.reason.set(reason);
        }
    }

    /// Shows what an edit hits, also where that is nothing: it is carried out at the next press.
    pub(super) fn look(self, edit: Edit) {
        self.send(edit, true);
    }

    /// Saves an edit; where it hits bookings they are shown first.
    pub(super) fn save(self, edit: Edit) {
        self.send(edit, false);
    }

    fn send(self, edit: Edit, preview: bool) {
        let t = lang();
        let decided = self.hit.get_untracked();
        let turn = self.turn.get_value();
        let new = CentreChange {
            edit,
            decisions: match decided {
                true => self.sheet.decisions(&self.reason.get_untracked()),
                false => Vec::new(),
            },
            preview,
        };
        let id = self.opened.with_value(|opened| opened.centre.id.clone());
        self.act.run(async move {
            let done = api::send::<ChangeCentre>(&id, &new).await?;
            if let Some(made) = done.made {
                self.hit.try_set(false);
                let revision = made.revision;
                self.undo.made.try_set(Some((self.part, made)));
                self.undo.await_revision(Some(self.part), revision);
                return Ok(Some(t.saved().to_owned()));
            }
            if self.turn.try_get_value() != Some(turn) {
                // Whoever typed on meanwhile has not looked at that.
                return Ok(None);
            }
            self.sheet.take(done.hits);
            self.hit.try_set(true);
            // The same button saves it next: what it hits is read first.
            request_animation_frame(|| prefs::focus(".verdict"));
            // The sheet says by itself what is to be decided.
            Ok(decided.then(|| t.hits_changed().to_owned()))
        });
    }

    /// The sheet, the refusal and the button.
    pub(super) fn draw(self, label: &'static str) -> AnyView {
        let sheet = move || {
            self.hit.get().then(|| {
                let reason = self.reason;
                view! {
                    {self.sheet.draw(self.opened.get_value())}
                    {self.sheet.reason(reason)}
                }
            })
        };
        let label = move || match self.hit.get() {
            true => self.sheet.label(label),
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
    name: impl Into<String>,
    value: RwSignal<String>,
    saver: Saver,
) -> AnyView {
    let (label, name) = (label.into(), name.into());
    view! {
        <label class="field">
            <span>{label}</span>
            <input name=name maxlength="200" prop:value=move || value.get() on:input=move |event| { value.set(event_target_value(&event)); saver.touch(); }/>
        </label>
    }
    .into_any()
}
