//! Fields of a recurrence rule (RFC 5545): how often, on which days, until when.

use domain::{
    recurrence::{End, MOST_DATES, MOST_EVERY, Pattern, Recurrence, nth_in_month},
    time::{Date, Weekday},
};
use leptos::prelude::*;

use crate::{
    components::{icon::Icon, live},
    prefs::lang,
};

/// How something repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Once,
    Days,
    Weeks,
    MonthDay,
    MonthWeekday,
}

impl Kind {
    const ALL: [Self; 5] = [
        Self::Once,
        Self::Weeks,
        Self::Days,
        Self::MonthDay,
        Self::MonthWeekday,
    ];

    fn code(self) -> &'static str {
        match self {
            Self::Once => "once",
            Self::Days => "days",
            Self::Weeks => "weeks",
            Self::MonthDay => "month-day",
            Self::MonthWeekday => "month-weekday",
        }
    }
}

/// What is chosen of a recurrence.
#[derive(Clone, Copy)]
pub struct Repeats {
    kind: RwSignal<Kind>,
    every: RwSignal<u16>,
    /// Empty for the weekday of the first date.
    days: RwSignal<Vec<Weekday>>,
    by_day: RwSignal<bool>,
    count: RwSignal<u16>,
    until: RwSignal<Option<Date>>,
}

impl Repeats {
    /// Nothing repeats.
    pub fn new() -> Self {
        Self {
            kind: RwSignal::new(Kind::Once),
            every: RwSignal::new(1),
            days: RwSignal::new(Vec::new()),
            by_day: RwSignal::new(false),
            count: RwSignal::new(4),
            until: RwSignal::new(None),
        }
    }

    /// The rule for something that is first on a day; none where it does not repeat.
    pub fn rule(self, first: Date) -> Option<Recurrence> {
        let pattern = match self.kind.get() {
            Kind::Once => return None,
            Kind::Days => Pattern::Days,
            Kind::Weeks => Pattern::Weekdays(self.weekdays(first)),
            Kind::MonthDay => Pattern::MonthDay(u8::try_from(first.ymd().2).unwrap_or(1)),
            Kind::MonthWeekday => Pattern::MonthWeekday(nth_in_month(first), first.weekday()),
        };
        let end = match self.by_day.get() {
            true => End::Until(self.until.get().unwrap_or_else(|| first.plus(27))),
            false => End::Count(self.count.get()),
        };
        Some(Recurrence {
            pattern,
            every: self.every.get(),
            end,
        })
    }

    fn weekdays(self, first: Date) -> Vec<Weekday> {
        let days = self.days.get();
        match days.is_empty() {
            true => vec![first.weekday()],
            false => days,
        }
    }

    /// Chooses as a rule has it, for something that is first on a day.
    pub fn set(self, rule: Option<&Recurrence>, first: Date) {
        let Some(rule) = rule else {
            self.kind.set(Kind::Once);
            return;
        };
        self.every.set(rule.every);
        self.kind.set(match &rule.pattern {
            Pattern::Days => Kind::Days,
            Pattern::Weekdays(days) => {
                // The weekday of the first date follows that date.
                let follows = *days == [first.weekday()];
                self.days
                    .set(if follows { Vec::new() } else { days.clone() });
                Kind::Weeks
            }
            Pattern::MonthDay(_) => Kind::MonthDay,
            Pattern::MonthWeekday(..) => Kind::MonthWeekday,
        });
        match rule.end {
            End::Count(count) => self.count.set(count),
            End::Until(day) => self.until.set(Some(day)),
        }
        self.by_day.set(matches!(rule.end, End::Until(_)));
    }
}

/// The fields; `first` is the day of the first date.
#[component]
pub fn RecurrenceFields(repeats: Repeats, first: Memo<Date>) -> impl IntoView {
    let t = lang();
    let Repeats { kind, every, .. } = repeats;
    let kinds = move || {
        let first = first.get();
        let word = |one: Kind| match one {
            Kind::Once => t.repeat_none().to_owned(),
            Kind::Days => t.repeat_days().to_owned(),
            Kind::Weeks => t.repeat_weeks().to_owned(),
            Kind::MonthDay => {
                t.day_of_month(t.each_month(), u8::try_from(first.ymd().2).unwrap_or(1))
            }
            Kind::MonthWeekday => {
                t.nth_weekday(t.each_month(), t.nth(nth_in_month(first)), t.weekday(first))
            }
        };
        Kind::ALL
            .map(|one| view! { <option value=one.code() prop:selected=move || kind.get() == one>{word(one)}</option> })
            .collect_view()
    };
    let choose = move |event| {
        let code = event_target_value(&event);
        let chosen = Kind::ALL.into_iter().find(|one| one.code() == code);
        kind.set(chosen.unwrap_or(Kind::Once));
    };
    let how_often = move || match kind.get() {
        Kind::Once => String::new(),
        Kind::Days if every.get() == 1 => t.every_day().to_owned(),
        Kind::Days => t.every_n_days(every.get()),
        Kind::Weeks if every.get() == 1 => t.each_week().to_owned(),
        Kind::Weeks => t.every_n_weeks(every.get()),
        Kind::MonthDay | Kind::MonthWeekday if every.get() == 1 => t.each_month().to_owned(),
        Kind::MonthDay | Kind::MonthWeekday => t.every_n_months(every.get()),
    };
    let step = move |by: i32| {
        every.update(|every| {
            let next = i32::from(*every) + by;
            *every = u16::try_from(next.clamp(1, i32::from(MOST_EVERY))).unwrap_or(1);
        });
    };
    view! {
        <label class="field">
            <span>{t.repeat()}</span>
            <select name="repeat" on:change=choose>{live(kinds)}</select>
        </label>
        <Show when=move || kind.get() != Kind::Once>
            <div class="field">
                <span id="every-label">{t.repeat_every()}</span>
                <div class="stepper" role="group" aria-labelledby="every-label">
                    <button type="button" class="round" aria-label=t.more_often() on:click=move |_| step(-1)><Icon icon=Icon::Minus/></button>
                    <output>{how_often}</output>
                    <button type="button" class="round" aria-label=t.less_often() on:click=move |_| step(1)><Icon icon=Icon::Plus/></button>
                </div>
            </div>
            <Show when=move || kind.get() == Kind::Weeks>
                <Weekdays repeats first/>
            </Show>
            <Ends repeats first/>
        </Show>
    }
}

#[component]
fn Weekdays(repeats: Repeats, first: Memo<Date>) -> impl IntoView {
    let t = lang();
    let toggle = move |day: Weekday| {
        let mut days = untrack(|| repeats.weekdays(first.get()));
        match days.iter().position(|one| *one == day) {
            // One is left at least.
            Some(at) if days.len() > 1 => drop(days.remove(at)),
            Some(_) => {}
            None => days.push(day),
        }
        days.sort_unstable();
        repeats.days.set(days);
    };
    let chips = Weekday::ALL.map(|day| {
        let is_on = move || repeats.weekdays(first.get()).contains(&day);
        view! {
            <button type="button" class="chip weekday" aria-pressed=move || is_on().to_string() on:click=move |_| toggle(day)>
                {t.name_weekday(day)}
            </button>
        }
    });
    view! {
        <div class="field">
            <span id="weekdays-label">{t.repeat_on()}</span>
            <div class="choices" role="group" aria-labelledby="weekdays-label">{chips.collect_view()}</div>
        </div>
    }
}

#[component]
fn Ends(repeats: Repeats, first: Memo<Date>) -> impl IntoView {
    let t = lang();
    let Repeats {
        by_day,
        count,
        until,
        ..
    } = repeats;
    let last = move || until.get().unwrap_or_else(|| first.get().plus(27));
    view! {
        <div class="pair">
            <label class="field">
                <span>{t.repeat_ends()}</span>
                <select name="ends" on:change=move |event| by_day.set(event_target_value(&event) == "day")>
                    <option value="count" prop:selected=move || !by_day.get()>{t.repeat_by_count()}</option>
                    <option value="day" prop:selected=move || by_day.get()>{t.repeat_by_day()}</option>
                </select>
            </label>
            <label class="field" class:gone=move || by_day.get()>
                <span>{t.repeat_count()}</span>
                <input type="number" name="count" min="1" max=MOST_DATES.to_string() inputmode="numeric" prop:value=move || count.get().to_string()
                    on:input=move |event| {
                        // While nothing is typed what was asked for stands.
                        if let Ok(typed) = event_target_value(&event).parse::<u16>() {
                            count.set(typed.clamp(1, MOST_DATES));
                        }
                    }/>
            </label>
            <label class="field" class:gone=move || !by_day.get()>
                <span>{t.repeat_by_day()}</span>
                <input type="date" name="until" prop:value=move || last().to_string()
                    on:change=move |event| until.set(Date::parse(&event_target_value(&event)))/>
            </label>
        </div>
    }
}
