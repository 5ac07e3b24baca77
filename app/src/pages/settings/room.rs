//! Settings: a room's names, people, equipment, purposes, use, hours and rules.

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    api::{CentreView, Endpoint, GetDoorSign},
    centre::{
        edit::Edit,
        hours::Hours,
        room::{Capacity, Equipment, Purpose, Room, UseMode},
        rules::RoomRules,
    },
    id::RoomId,
    language::Name,
};
use leptos::prelude::*;

use super::{
    about::NameFields,
    hours::HoursFields,
    rules,
    saver::{Part, Saver, Undo},
};
use crate::{components::live, prefs::lang, store::Store};

pub(super) fn draw(opened: Arc<CentreView>, undo: Undo) -> AnyView {
    let t = lang();
    let chosen = undo.room();
    let rooms = opened
        .centre
        .rooms
        .iter()
        .map(|room| {
            let (id, own) = (room.id.to_string(), room.id.to_string());
            let is_chosen = move || chosen.with(|chosen| chosen.as_ref().is_some_and(|id| id.as_str() == own));
            view! { <option value=id prop:selected=is_chosen>{room.name.get(t).to_owned()}</option> }
        })
        .collect_view();
    let form = move || {
        let id = chosen.get()?;
        let room = opened.centre.room(&id)?.clone();
        Some(form(opened.clone(), undo, room))
    };
    let choose = move |event| {
        let id = event_target_value(&event);
        chosen.set((!id.is_empty()).then(|| RoomId::new(id)));
    };
    view! {
        <label class="field">
            <span>{t.room()}</span>
            <select name="room" on:change=choose>
                <option value="" prop:selected=move || chosen.with(Option::is_none)>{t.choose_one()}</option>
                {rooms}
            </select>
        </label>
        {live(form)}
    }
    .into_any()
}

/// Other names, one a line, the two languages parted by a slash.
fn write_names(names: &[Name]) -> String {
    let line = |name: &Name| match name.zh == name.en {
        true => name.zh.clone(),
        false => format!("{} / {}", name.zh, name.en),
    };
    names.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn read_names(text: &str) -> Vec<Name> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let name = |line: &str| match line.split_once('/') {
        Some((zh, en)) => Name::new(zh.trim(), en.trim()),
        None => Name::new(line, line),
    };
    lines.map(name).collect()
}

fn form(opened: Arc<CentreView>, undo: Undo, room: Room) -> AnyView {
    let t = lang();
    let today = opened.local(Store::get().clock.get_untracked()).date();
    let house = opened.centre.id.clone();
    let usual = opened.centre.rules.clone();
    let house_hours = opened.centre.hours.clone();
    let saver = Saver::new(opened, undo, Part::Rooms);
    let name = NameFields::new(&room.name);
    let about = NameFields::new(&room.about.clone().unwrap_or_default());
    let aliases = RwSignal::new(write_names(&room.aliases));
    let comfortable = RwSignal::new(room.people.comfortable.to_string());
    let most = RwSignal::new(room.people.most.to_string());
    let mode = RwSignal::new(room.use_mode);
    let step_free = RwSignal::new(room.step_free);
    let purposes = RwSignal::new(room.purposes.clone());
    let equipment: BTreeMap<Equipment, RwSignal<String>> = Equipment::ALL
        .iter()
        .map(|one| {
            let count = room.equipment.get(one).map(u16::to_string);
            (*one, RwSignal::new(count.unwrap_or_default()))
        })
        .collect();
    let equipment = StoredValue::new(equipment);
    let own_rules = rules::of_room(&room.rules, usual);
    let has_hours = RwSignal::new(room.hours.is_some());
    let hours = HoursFields::new(&room.hours.clone().unwrap_or(Hours {
        special: Vec::new(),
        ..house_hours
    }));

    let before = StoredValue::new(room);
    let read = move || -> Result<Room, (String, String)> {
        let number = |name: &str, field: RwSignal<String>| {
            let typed = field.get_untracked();
            let number = typed.trim().parse::<u16>();
            number.map_err(|_| (name.to_owned(), typed))
        };
        let mut counts = BTreeMap::new();
        for (one, field) in equipment.get_value() {
            if !field.with_untracked(|typed| typed.trim().is_empty()) {
                let count = number(&one.code(), field)?;
                if count > 0 {
                    counts.insert(one, count);
                }
            }
        }
        let about = about.read();
        Ok(Room {
            name: name.read(),
            about: (about != Name::default()).then_some(about),
            aliases: read_names(&aliases.get_untracked()),
            people: Capacity {
                comfortable: number("comfortable", comfortable)?,
                most: number("most", most)?,
            },
            use_mode: mode.get_untracked(),
            step_free: step_free.get_untracked(),
            purposes: purposes.get_untracked(),
            equipment: counts,
            rules: own_rules.read::<RoomRules>()?,
            hours: match has_hours.get_untracked() {
                true => Some(hours.read()?),
                false => None,
            },
            ..before.get_value()
        })
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match read() {
            Ok(typed) => {
                let before = before.get_value();
                saver.save_part(
                    |centre| centre.room(&before.id).unwrap_or(&before).clone(),
                    typed,
                    |before, after| Edit::Room {
                        before: Box::new(before),
                        after: Box::new(after),
                    },
                );
            }
            Err((field, typed)) => saver.refuse_typed(field, &typed),
        }
    };
    let modes = [
        UseMode::SelfService,
        UseMode::Approval,
        UseMode::DropIn,
        UseMode::StaffOnly,
    ];
    let options = modes
        .map(|one| {
            view! { <option value=format!("{one:?}") prop:selected=move || mode.get() == one>{one.word(t)}</option> }
        })
        .collect_view();
    let choose_mode = move |event| {
        let code = event_target_value(&event);
        if let Some(one) = modes.into_iter().find(|one| format!("{one:?}") == code) {
            mode.set(one);
            saver.touch();
        }
    };
    let purpose_boxes = draw_purposes(purposes, saver);
    let things = equipment.with_value(|all| draw_equipment(all, saver));
    let number = |label: &'static str, name: &'static str, field: RwSignal<String>| {
        view! {
            <label class="field">
                <span>{label}</span>
                <input type="number" name=name min="1" max="9999" inputmode="numeric" required prop:value=move || field.get()
                    on:input=move |event| { field.set(event_target_value(&event)); saver.touch(); }/>
            </label>
        }
    };
    let own_hours = move || has_hours.get().then(|| hours.draw(saver, today));
    let door = before.with_value(|room| GetDoorSign::url(&(house.clone(), room.id.clone())));
    view! {
        <form class="form" on:submit=submit>
            <div class="actions"><a class="button" href=door target="_blank" rel="noopener">{t.paper_door()}</a></div>
            {name.draw(t.name_label(), saver)}
            {about.draw(t.room_about(), saver)}
            <label class="field">
                <span>{t.room_aliases()}</span>
                <textarea name="aliases" rows="2" prop:value=move || aliases.get() on:input=move |event| { aliases.set(event_target_value(&event)); saver.touch(); }></textarea>
            </label>
            <div class="pair">
                {number(t.people_comfortable(), "comfortable", comfortable)}
                {number(t.people_most(), "most", most)}
            </div>
            <label class="field">
                <span>{t.how_it_is_booked()}</span>
                <select name="use" on:change=choose_mode>{options}</select>
            </label>
            <label class="check">
                <input type="checkbox" prop:checked=move || step_free.get() on:change=move |event| { step_free.set(event_target_checked(&event)); saver.touch(); }/>
                <span>{t.step_free()}</span>
            </label>
            <fieldset><legend>{t.purposes_label()}</legend><div class="checks">{purpose_boxes}</div></fieldset>
            <details><summary>{t.equipment_label()}</summary><div class="rule-fields">{things}</div></details>
            <details><summary>{t.room_rules()}</summary>{own_rules.draw(saver)}</details>
            <label class="check">
                <input type="checkbox" prop:checked=move || has_hours.get() on:change=move |event| { has_hours.set(event_target_checked(&event)); saver.touch(); }/>
                <span>{t.room_hours()}</span>
            </label>
            {live(own_hours)}
            {saver.draw(t.save())}
        </form>
    }
    .into_any()
}

fn draw_purposes(purposes: RwSignal<Vec<Purpose>>, saver: Saver) -> AnyView {
    let t = lang();
    let boxes = Purpose::ALL
        .iter()
        .map(|one| {
            let one = *one;
            let set = move |event| {
                let is_on = event_target_checked(&event);
                purposes.update(|all| match is_on {
                    true => all.push(one),
                    false => all.retain(|other| *other != one),
                });
                saver.touch();
            };
            view! { <label class="check"><input type="checkbox" prop:checked=move || purposes.with(|all| all.contains(&one)) on:change=set/><span>{one.word(t)}</span></label> }
        })
        .collect_view();
    boxes.into_any()
}

fn draw_equipment(all: &BTreeMap<Equipment, RwSignal<String>>, saver: Saver) -> AnyView {
    let t = lang();
    let fields =

        all.iter()
            .map(|(one, field)| {
                let field = *field;
                view! {
                    <label class="field">
                        <span>{one.word(t)}</span>
                        <input type="number" name=one.code() min="0" max="9999" inputmode="numeric" prop:value=move || field.get()
                            on:input=move |event| { field.set(event_target_value(&event)); saver.touch(); }/>
                    </label>
                }
            })
            .collect_view();
    fields.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_names_survive_their_text() {
        let names = vec![
            Name::new("心理咨询室", "Counselling room"),
            Name::new("妇女之家", "妇女之家"),
        ];
        assert_eq!(read_names(&write_names(&names)), names);
        assert!(read_names(" \n\n").is_empty());
    }
}
