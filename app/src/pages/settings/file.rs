//! Settings: all of a centre as a TOML file, out and in.

use std::sync::Arc;

use domain::{
    api::{CentreView, Endpoint, GetCentreFile},
    centre::edit::Edit,
};
use leptos::prelude::*;

use super::{
    holiday::read_file,
    saver::{Part, Saver, Undo},
};
use crate::{components::live, prefs::lang};

/// The largest file, in bytes; the server takes a little more.
const MOST: f64 = 900_000.0;

pub(super) fn draw(opened: Arc<CentreView>, undo: Undo) -> AnyView {
    let t = lang();
    let href = GetCentreFile::url(&opened.centre.id);
    let name = format!("{}.toml", opened.centre.id);
    let saver = Saver::new(opened, undo, Part::File);
    let text = RwSignal::new(None::<String>);
    let choose = move |event: leptos::ev::Event| {
        saver.touch();
        read_file(&event, MOST, move |read| match read {
            Some(read) => {
                text.try_set(Some(read));
            }
            None => {
                text.try_set(None);
                saver.refuse("file", t.file_unreadable().to_owned());
            }
        });
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match text.get_untracked() {
            Some(text) => saver.save(Edit::File { text }),
            None => saver.refuse("file", t.choose_a_file().to_owned()),
        }
    };
    let read = move || {
        let lines = text.with(|text| text.as_ref().map(|text| text.lines().count()))?;
        Some(view! { <p class="verdict" role="status">{t.file_read(lines)}</p> })
    };
    view! {
        <p class="quiet">{t.file_about()}</p>
        <div class="actions"><a class="button" href=href download=name>{t.file_download()}</a></div>
        <form class="form" on:submit=submit>
            <label class="field">
                <span>{t.file_upload()}</span>
                <input type="file" name="file" accept=".toml" on:change=choose/>
            </label>
            {live(read)}
            {saver.draw(t.file_take())}
        </form>
    }
    .into_any()
}
