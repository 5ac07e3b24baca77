//! Settings: seasons with the hours of their weekdays, special days, and holidays from a file.

use std::sync::Arc;

use domain::{
    api::CentreView,
    centre::{
        edit::Edit,
        hours::{DayHours, Hours, MonthDay, Season, SpecialDay, WeekHours},
    },
    language::Name,
    time::Date,
};
use leptos::prelude::*;

use super::{
    holiday,
    saver::{Part, Saver, Undo, text},
};
use crate::{
    components::live,
    prefs::{self, lang},
    store::Store,
};

/// Hours as they are typed: `09:00-12:00 14:00-18:00`, nothing where it is closed.
fn shown(hours: &DayHours) -> String {
    match hours.spans().is_empty() {
        true => String::new(),
        false => hours.to_string(),
    }
}

/// The name of a field for hours: of a season's weekday, or of a special day.
fn open_name(id: u32, day: i64) -> String {
    format!("open-{id}-{day}")
}

#[derive(Clone, Copy, PartialEq)]
struct SeasonFields {
    id: u32,
    from: RwSignal<String>,
    to: RwSignal<String>,
    days: [RwSignal<String>; 7],
}

#[derive(Clone, Copy, PartialEq)]
struct SpecialFields {
    id: u32,
    date: RwSignal<String>,
    name: RwSignal<String>,
    /// The name as it stood, where it is not typed over.
    was: StoredValue<Name>,
    open: RwSignal<String>,
}

/// Hours in fields.
#[derive(Clone, Copy)]
pub(super) struct HoursFields {
    seasons: RwSignal<Vec<SeasonFields>>,
    special: RwSignal<Vec<SpecialFields>>,
    next: StoredValue<u32>,
}

impl HoursFields {
    pub(super) fn new(hours: &Hours) -> Self {
        let fields = Self {
            seasons: RwSignal::new(Vec::new()),
            special: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
        };
        for season in &hours.season {
            fields.add_season(season);
        }
        for day in &hours.special {
            fields.add_special(day);
        }
        fields
    }

    fn id(self) -> u32 {
        self.next.update_value(|next| *next += 1);
        self.next.get_value()
    }

    fn add_season(self, season: &Season) {
        let days = season.week.days().clone();
        let one = SeasonFields {
            id: self.id(),
            from: RwSignal::new(season.from.to_string()),
            to: RwSignal::new(season.to.to_string()),
            days: days.map(|day| RwSignal::new(shown(&day))),
        };
        self.seasons.update(|all| all.push(one));
    }

    fn add_special(self, day: &SpecialDay) {
        let one = SpecialFields {
            id: self.id(),
            date: RwSignal::new(day.date.to_string()),
            name: RwSignal::new(day.name.get(lang()).to_owned()),
            was: StoredValue::new(day.name.clone()),
            open: RwSignal::new(shown(&day.open)),
        };
        self.special.update(|all| all.push(one));
    }

    /// What a make-up working day is open like: as Mondays are typed.
    fn usual(hours: &Hours, date: Date) -> DayHours {
        let no_special = Hours {
            special: Vec::new(),
            ..hours.clone()
        };
        no_special.on(date.monday()).clone()
    }

    /// Adds the days of a file; those that stand there already stay as they are.
    ///
    /// # Errors
    /// What cannot be read in the fields: nobody knows then how long a make-up working day is open.
    fn add_holidays(
        self,
        days: Vec<domain::centre::holiday::Holiday>,
        today: Date,
    ) -> Result<usize, String> {
        let hours = self.read().map_err(|(_, typed)| typed)?;
        let known: Vec<String> = self
            .special
            .with_untracked(|all| all.iter().map(|one| one.date.get_untracked()).collect());
        let new = days
            .into_iter()
            .filter(|day| day.date >= today && !known.contains(&day.date.to_string()));
        let mut added = 0;
        for day in new {
            added += 1;
            let open = match day.works {
                true => Self::usual(&hours, day.date),
                false => DayHours::default(),
            };
            self.add_special(&SpecialDay {
                date: day.date,
                open,
                name: Name::new(day.name.clone(), day.name),
            });
        }
        Ok(added)
    }

    /// What is typed.
    ///
    /// # Errors
    /// The name of the field that cannot be read, and what it says.
    pub(super) fn read(self) -> Result<Hours, (String, String)> {
        let mut season = Vec::new();
        for one in self.seasons.get_untracked() {
            let day = |name: &str, field: RwSignal<String>| {
                let typed = field.get_untracked();
                MonthDay::read_typed(&typed).ok_or((format!("{name}-{}", one.id), typed))
            };
            let mut days: [DayHours; 7] = Default::default();
            for ((read, typed), at) in days.iter_mut().zip(one.days).zip(0i64..) {
                let typed = typed.get_untracked();
                *read = DayHours::read_typed(&typed).ok_or((open_name(one.id, at), typed))?;
            }
            season.push(Season {
                from: day("from", one.from)?,
                to: day("to", one.to)?,
                week: WeekHours::new(days),
            });
        }
        let mut special = Vec::new();
        for one in self.special.get_untracked() {
            let (date, open) = (one.date.get_untracked(), one.open.get_untracked());
            let name = one.name.get_untracked().trim().to_owned();
            let was = one.was.get_value();
            special.push(SpecialDay {
                date: Date::parse(&date).ok_or((format!("date-{}", one.id), date))?,
                open: DayHours::read_typed(&open).ok_or((open_name(one.id, 0), open))?,
                name: match was.get(lang()) == name {
                    true => was,
                    false => Name::new(name.clone(), name),
                },
            });
        }
        special.sort_by_key(|day| day.date);
        Ok(Hours { season, special })
    }

    pub(super) fn draw(self, saver: Saver, today: Date) -> AnyView {
        let t = lang();
        let remove_season = move |id: u32| {
            self.seasons.update(|all| all.retain(|one| one.id != id));
            saver.touch();
        };
        let remove_special = move |id: u32| {
            self.special.update(|all| all.retain(|one| one.id != id));
            saver.touch();
        };
        let monday = today.monday();
        let season = move |one: SeasonFields| {
            let days = one.days.into_iter().zip(0i64..).map(|(field, at)| {
                let label = t.weekday(monday.plus(at)).to_owned();
                text(label, open_name(one.id, at), field, saver)
            });
            let same = move |_| {
                let first = one.days[0].get_untracked();
                for day in one.days {
                    day.set(first.clone());
                }
                saver.touch();
            };
            view! {
                <fieldset class="season">
                    <legend>{t.season()}</legend>
                    <div class="pair">
                        {text(t.season_from(), format!("from-{}", one.id), one.from, saver)}
                        {text(t.season_to(), format!("to-{}", one.id), one.to, saver)}
                    </div>
                    <div class="week-hours">{days.collect_view()}</div>
                    <div class="actions">
                        <button type="button" class="button" on:click=same>{t.all_days_alike()}</button>
                        <button type="button" class="button" on:click=move |_| remove_season(one.id)>{t.remove_season()}</button>
                    </div>
                </fieldset>
            }
        };
        let special = move |one: SpecialFields| {
            view! {
                <li class="special">
                    <label class="field"><span>{t.date_label()}</span>
                        <input type="date" name=format!("date-{}", one.id) required min=today.to_string() prop:value=move || one.date.get() on:change=move |event| { one.date.set(event_target_value(&event)); saver.touch(); }/>
                    </label>
                    {text(t.special_name(), format!("name-{}", one.id), one.name, saver)}
                    {text(t.special_open(), open_name(one.id, 0), one.open, saver)}
                    <button type="button" class="button" aria-label=move || t.remove_day(&one.date.get()) on:click=move |_| remove_special(one.id)>{t.remove()}</button>
                </li>
            }
        };
        // What is over stays as it was; it need not be looked at.
        let coming = move || {
            let mut all = self.special.get();
            all.retain(|one| {
                Date::parse(&one.date.get_untracked()).is_none_or(|date| date >= today)
            });
            all
        };
        // What nobody would notice before the house stays shut.
        let gaps = move || {
            for one in self.seasons.get() {
                one.from.track();
                one.to.track();
            }
            let hours = untrack(|| self.read()).ok()?;
            let none = hours.stretches(|count| count == 0).into_iter();
            let none = none.map(|(from, to)| t.season_gap(&from.to_string(), &to.to_string()));
            let twice = hours.stretches(|count| count > 1).into_iter();
            let twice = twice.map(|(from, to)| t.season_twice(&from.to_string(), &to.to_string()));
            let words = none
                .chain(twice)
                .map(|words| view! { <p class="warn">{words}</p> });
            Some(words.collect_view())
        };
        let new_season = move |_| {
            let (from, to) = MonthDay::YEAR;
            let last = self
                .read()
                .ok()
                .and_then(|hours| hours.season.last().cloned());
            self.add_season(&Season {
                from,
                to,
                week: last.map(|season| season.week).unwrap_or_default(),
            });
            saver.touch();
        };
        let new_special = move |_| {
            // Which day, and what it is called, nobody can guess.
            let one = SpecialFields {
                id: self.id(),
                date: RwSignal::new(String::new()),
                name: RwSignal::new(String::new()),
                was: StoredValue::new(Name::default()),
                open: RwSignal::new(String::new()),
            };
            self.special.update(|all| all.push(one));
            saver.touch();
            request_animation_frame(move || prefs::focus(&format!("[name=date-{}]", one.id)));
        };
        let holidays = holiday::draw(move |days| {
            saver.touch();
            self.add_holidays(days, today)
        });
        view! {
            <p class="quiet">{t.hours_how()}</p>
            <For each=move || self.seasons.get() key=|one| one.id children=season/>
            {live(gaps)}
            <div class="actions"><button type="button" class="button" on:click=new_season>{t.add_season()}</button></div>
            <h3>{t.special_days()}</h3>
            <ul class="plain specials"><For each=coming key=|one| one.id children=special/></ul>
            <div class="actions"><button type="button" class="button" on:click=new_special>{t.add_special()}</button></div>
            {holidays}
        }
        .into_any()
    }
}

pub(super) fn draw(opened: Arc<CentreView>, undo: Undo) -> AnyView {
    let t = lang();
    let fields = HoursFields::new(&opened.centre.hours);
    let before = opened.centre.hours.clone();
    let today = opened.local(Store::get().clock.get_untracked()).date();
    let saver = Saver::new(opened, undo, Part::Hours);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match fields.read() {
            Ok(typed) => {
                // A day that is closed says why.
                let mut new = typed
                    .special
                    .iter()
                    .filter(|day| !before.special.contains(day));
                if let (Some(day), None) = (new.next(), new.next())
                    && !day.name.get(t).is_empty()
                {
                    saver.because(day.name.get(t).to_owned());
                }
                saver.save_part(
                    |centre| centre.hours.clone(),
                    typed,
                    |before, after| Edit::Hours { before, after },
                );
            }
            Err((field, typed)) => saver.refuse_typed(field, &typed),
        }
    };
    view! {
        <form class="form" on:submit=submit>
            {fields.draw(saver, today)}
            {saver.draw(t.save())}
        </form>
    }
    .into_any()
}
