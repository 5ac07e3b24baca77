//! A new centre: from a few words with a plain plan, or from a file.

use domain::{
    api::{MakeCentre, NewCentre},
    centre::start::{MOST_ROOMS, Start},
    language::Name,
    page::Page,
    view::View,
};
use leptos::prelude::*;

use super::holiday::read_file;
use crate::{
    api::{self, Trouble},
    components::act::Act,
    prefs::lang,
    store::Store,
};

/// Rooms as they are typed: one a line, the people it holds at the end.
fn read_rooms(text: &str) -> Vec<(Name, u16)> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let room = |line: &str| {
        let digits = line.trim_end_matches([')', '）', ' ']);
        let digits =
            digits.trim_end_matches(|c: char| c == '人' || c.is_ascii_alphabetic() || c == ' ');
        let digits = if digits.ends_with(|c: char| c.is_ascii_digit()) {
            digits
        } else {
            line
        };
        let at = digits.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let (name, most) = digits.split_at(at);
        let name = name
            .trim()
            .trim_end_matches([',', '，', '、', ':', '：', '(', '（', ' '])
            .trim();
        match (name.is_empty(), most.parse::<u16>()) {
            (false, Ok(most)) => (Name::new(name, name), most.clamp(1, 9999)),
            _ => (Name::new(line, line), 10),
        }
    };
    lines.map(room).take(MOST_ROOMS).collect()
}

/// The form.
#[component]
pub(super) fn Make() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let field = || RwSignal::new(String::new());
    let (name, english, address, phone) = (field(), field(), field(), field());
    let rooms = RwSignal::new(String::new());
    // A proposal, until somebody types one.
    let own_id = RwSignal::new(None::<String>);
    let id = Memo::new(move |_| own_id.get().unwrap_or_else(|| slug(&english.get())));
    let act = Act::new();
    let make = move |new: NewCentre| {
        act.run(async move {
            let card = api::send::<MakeCentre>(&(), &new).await?;
            let said = t.centre_made(card.name.get(t));
            store.made.update(|made| *made += 1);
            // Whoever has gone elsewhere meanwhile stays there.
            if untrack(|| store.router.page.get()) == Some(Page::Settings) {
                store.go(&Page::Settings, &View::at_centre(Some(card.id)), false);
            }
            Ok(Some(said))
        });
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = |one: RwSignal<String>| one.get_untracked().trim().to_owned();
        let both = |zh: String, en: String| match en.is_empty() {
            true => Name::new(zh.clone(), zh),
            false => Name::new(zh, en),
        };
        let address = typed(address);
        make(NewCentre::Start(Start {
            id: id.get_untracked().trim().to_lowercase(),
            name: both(typed(name), typed(english)),
            address: Name::new(address.clone(), address),
            phone: typed(phone),
            zone: zone(),
            rooms: read_rooms(&rooms.get_untracked()),
        }));
    };
    let choose = move |event: leptos::ev::Event| {
        read_file(&event, 900_000.0, move |read| match read {
            Some(read) => make(NewCentre::File(read)),
            None => act.run(async move { Err(Trouble::said(t.file_unreadable())) }),
        });
    };
    let text = |label: &'static str, name: &'static str, value: RwSignal<String>, needed: bool| {
        view! {
            <label class="field">
                <span>{label}</span>
                <input name=name maxlength="200" required=needed prop:value=move || value.get() on:input=move |event| value.set(event_target_value(&event))/>
            </label>
        }
    };
    let read = move || {
        let all = read_rooms(&rooms.get());
        if all.is_empty() {
            return t.rooms_none().to_owned();
        }
        let each = all
            .iter()
            .map(|(name, most)| format!("{} {}", name.get(t), t.people(*most)));
        t.rooms_read(all.len(), &each.collect::<Vec<_>>().join(t.comma()))
    };
    view! {
        <section aria-label=t.make_centre()>
            <p>{t.make_centre_about()}</p>
            <form class="form" on:submit=submit>
                <div class="pair">
                    {text(t.centre_name(), "name", name, true)}
                    {text(t.centre_english(), "english", english, false)}
                </div>
                <div class="pair">
                    <label class="field">
                        <span>{t.centre_id()}</span>
                        <input name="id" required maxlength="40" title=t.centre_id_how() autocapitalize="none" prop:value=move || id.get() on:input=move |event| own_id.set(Some(event_target_value(&event)))/>
                        <small>{t.centre_id_how()}</small>
                    </label>
                    <label class="field">
                        <span>{t.desk_phone_label()}</span>
                        <input type="tel" name="phone" required maxlength="40" prop:value=move || phone.get() on:input=move |event| phone.set(event_target_value(&event))/>
                    </label>
                </div>
                {text(t.address_label(), "address", address, true)}
                <label class="field">
                    <span>{t.rooms_typed()}</span>
                    <textarea name="rooms" rows="5" required placeholder=t.rooms_example() prop:value=move || rooms.get() on:input=move |event| rooms.set(event_target_value(&event))></textarea>
                    <small>{read}</small>
                </label>
                {act.refusal()}
                <button class="button primary" aria-disabled=act.disabled()>{t.make_centre()}</button>
            </form>
            <label class="field">
                <span>{t.or_from_file()}</span>
                <input type="file" name="file" accept=".toml" on:change=choose/>
            </label>
        </section>
    }
}

/// A name as an id: what of it is Latin letters and digits, with hyphens between.
fn slug(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    words.join("-").chars().take(40).collect()
}

/// The browser's time zone.
fn zone() -> String {
    let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
    let options = format.resolved_options();
    let zone = js_sys::Reflect::get(&options, &"timeZone".into());
    zone.ok()
        .and_then(|zone| zone.as_string())
        .unwrap_or_else(|| "Asia/Shanghai".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_are_read_as_people_type_them() {
        let rooms = read_rooms("舞蹈室 30人\n棋牌室，12\n\nReading room\n101教室 20\n");
        let read: Vec<_> = rooms
            .iter()
            .map(|(name, most)| (name.zh.as_str(), *most))
            .collect();
        assert_eq!(
            read,
            [
                ("舞蹈室", 30),
                ("棋牌室", 12),
                ("Reading room", 10),
                ("101教室", 20)
            ]
        );
        let rooms = read_rooms("棋牌室（12人）\nDance room (30 people)\nHall B");
        let read: Vec<_> = rooms
            .iter()
            .map(|(name, most)| (name.zh.as_str(), *most))
            .collect();
        assert_eq!(read, [("棋牌室", 12), ("Dance room", 30), ("Hall B", 10)]);
        assert_eq!(slug("East Wind Centre No. 2"), "east-wind-centre-no-2");
    }
}
