//! Drafts: what is typed and not sent outlives a reload and a page in between.

use domain::api::Made;
use leptos::prelude::*;

use crate::{prefs, store::Store};

/// How the names of kept drafts begin.
const DRAFT: &str = "draft";

/// How the names of kept acts begin.
const UNDO: &str = "undo";

/// Between the fields of a kept draft (ASCII, unit separator).
const PARTED: &str = "\u{1f}";

impl Store {
    /// Keeps what is typed over a reload and a page in between, apart for each centre and each person, until this tab closes or one
    /// signs out. `read` gives it, nothing where there is nothing to lose; `restore` takes what was kept.
    pub fn keep_draft(
        self,
        name: String,
        read: impl Fn() -> Option<String> + 'static,
        restore: impl Fn(&str) + 'static,
    ) {
        let key = Memo::new(move |_| self.draft_key(&name));
        Effect::new(move |before: Option<Option<String>>| {
            let (key, text) = (key.get(), read());
            let before = before.flatten();
            match &key {
                Some(new) if before.as_ref() != Some(new) => {
                    // It is still what was typed for the former one: also that nothing is left of it.
                    if let Some(before) = &before {
                        prefs::keep(before, &text.unwrap_or_default());
                    }
                    let kept = prefs::kept(new);
                    // What was typed before it was known by whom stays; what was typed for another goes.
                    if !kept.is_empty() || before.is_some() {
                        untrack(|| restore(&kept));
                    }
                }
                Some(key) => prefs::keep(key, &text.unwrap_or_default()),
                None => {}
            }
            key
        });
    }

    fn draft_key(self, name: &str) -> Option<String> {
        let centre = self.centre_id.get()?;
        let actor = self.me.with(|me| Some(me.as_ref()?.actor.person.clone()))?;
        let whose = self.acting().map(|behalf| behalf.person).or(actor)?;
        Some(format!("{DRAFT} {name} {centre} {whose}"))
    }

    /// What was typed is sent: nothing of it is kept, also where the page goes at once.
    pub fn forget_draft(self, name: &str) {
        if let Some(key) = untrack(|| self.draft_key(name)) {
            prefs::keep(&key, "");
        }
    }

    /// [`Self::keep_draft`] of the fields of a form. As they were when it was made they are nothing to keep.
    pub fn keep_fields(self, name: &'static str, fields: &[RwSignal<String>]) {
        let fields = StoredValue::new(fields.to_vec());
        let all =
            move || fields.with_value(|fields| fields.iter().map(|field| field.get()).collect());
        let first: Vec<String> = untrack(all);
        let before = first.clone();
        self.keep_draft(
            name.to_owned(),
            move || {
                let now: Vec<String> = all();
                (now != before).then(|| now.join(PARTED))
            },
            move |kept| {
                let kept =
                    (!kept.is_empty()).then(|| kept.split(PARTED).map(str::to_owned).collect());
                let now: Vec<String> = kept.unwrap_or_else(|| first.clone());
                for (field, text) in fields.get_value().iter().zip(now) {
                    field.set(text);
                }
            },
        );
    }

    /// Keeps an act that can still be undone, or that it no longer can, over a reload and a page in between. `of` names what it was
    /// about.
    pub fn keep_undo(self, of: &str, made: Option<&Made>) {
        let text = made.and_then(|made| serde_json::to_string(made).ok());
        prefs::keep(&format!("{UNDO} {of}"), &text.unwrap_or_default());
    }

    /// The act about it that can still be undone.
    pub fn kept_undo(self, of: &str) -> Option<Made> {
        let made: Made = serde_json::from_str(&prefs::kept(&format!("{UNDO} {of}"))).ok()?;
        let now = self.clock.get_untracked();
        (now <= made.undo_until.utc()).then_some(made)
    }
}
