//! Strip of the day: what a room does from opening to closing, one's choice on it, and steppers to move the choice.

use domain::{centre::availability::State, decimal::Decimal, time::clock, view::column::Block};
use leptos::{html, prelude::*};
use web_sys::{MouseEvent, PointerEvent};

use crate::{
    components::{icon::Icon, live},
    prefs::lang,
};

/// What a strip shows, in minutes after midnight.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Day {
    /// Opening and closing.
    pub bounds: (i64, i64),
    /// What the room does.
    pub blocks: Vec<Block>,
    /// The room's step.
    pub step: i64,
}

/// Shows the day and one's choice of it: first minute and first minute after. A tap, a drag, or a press of plus or minus, calls `pick`
/// with a new first minute. `breach` is what of the choice breaks a rule.
#[component]
pub fn Strip(
    day: Memo<Day>,
    choice: Memo<(i64, i64)>,
    pick: Callback<i64>,
    #[prop(optional_no_strip)] breach: Option<Memo<Option<(i64, i64)>>>,
) -> impl IntoView {
    let t = lang();
    let line = NodeRef::<html::Div>::new();
    let part = move |from: i64, until: i64| {
        day.with(|day| {
            let (open, close) = day.bounds;
            let whole = (close - open).max(1) as f64;
            let at = |minute: i64| (minute.clamp(open, close) - open) as f64 / whole * 100.0;
            (at(from), at(until) - at(from))
        })
    };
    let percent = |share: f64| format!("{}%", Decimal(share, 2));
    let blocks = move || {
        day.with(|day| day.blocks.clone())
            .into_iter()
            .map(|block| {
                let class = match (block.state, block.past) {
                    (State::Free, false) => "free",
                    (State::Free, true) => "past",
                    (State::Requested, _) => "requested",
                    (State::Closed, _) => "closed",
                    _ => "busy",
                };
                let (from, length) = part(block.from, block.until);
                view! { <span class=class style:inset-inline-start=percent(from) style:inline-size=percent(length)></span> }
            })
            .collect_view()
    };
    let words = move || {
        day.with(|day| {
            let free = day
                .blocks
                .iter()
                .filter(|block| block.state == State::Free && !block.past);
            let spans: Vec<String> = free
                .map(|block| format!("{}–{}", clock(block.from), clock(block.until)))
                .collect();
            match spans.is_empty() {
                true => t.strip_full().to_owned(),
                false => t.strip_free(&spans.join(t.comma())),
            }
        })
    };
    let minute_at = move |event: &MouseEvent| {
        let rect = line.get_untracked()?.get_bounding_client_rect();
        let share = (f64::from(event.client_x()) - rect.left()) / rect.width().max(1.0);
        let (open, close) = day.with_untracked(|day| day.bounds);
        Some(open + (share.clamp(0.0, 0.999) * (close - open) as f64) as i64)
    };
    let put = move |minute: i64| {
        let (step, open) = day.with_untracked(|day| (day.step, day.bounds.0));
        let start = (minute.div_euclid(step) * step).max(open);
        if start != choice.get_untracked().0 {
            pick.run(start);
        }
    };
    let press = move |event: MouseEvent| {
        if let Some(minute) = minute_at(&event) {
            put(minute);
        }
    };
    // Where the choice was and at which minute it was taken, while it is dragged.
    let held = StoredValue::new(None::<(i64, i64)>);
    let dragged = StoredValue::new(false);
    let grab = move |event: PointerEvent| {
        let (from, until) = choice.get_untracked();
        let at = minute_at(&event).filter(|at| event.button() == 0 && (from..until).contains(at));
        held.set_value(at.map(|at| (from, at)));
        dragged.set_value(false);
        if let Some(line) = line.get_untracked().filter(|_| at.is_some()) {
            // The finger may leave the strip; a pointer that is gone meanwhile is let go already.
            let _ = line.set_pointer_capture(event.pointer_id());
        }
    };
    let carry = move |event: PointerEvent| {
        if event.buttons() == 0 {
            held.set_value(None);
        }
        if let (Some((from, grabbed)), Some(at)) = (held.get_value(), minute_at(&event)) {
            let step = day.with_untracked(|day| day.step);
            let steps = ((at - grabbed) as f64 / step as f64).round() as i64;
            if steps != 0 {
                dragged.set_value(true);
            }
            put(from + steps * step);
        }
    };
    let tap = move |event: MouseEvent| {
        held.set_value(None);
        if !dragged.get_value() {
            press(event);
        }
    };
    let shift = move |by: i64| {
        let start = choice.get_untracked().0;
        day.with_untracked(|day| {
            let (open, close) = day.bounds;
            let next = (start / day.step + by) * day.step;
            pick.run(next.clamp(open, (close - day.step).max(open)));
        });
    };
    let chosen = move || {
        let (from, until) = choice.get();
        part(from, until)
    };
    let ends = move || day.with(|day| day.bounds);
    let broken = move || {
        let (from, length) = breach?.get().map(|(from, until)| part(from, until))?;
        Some(
            view! { <b style:inset-inline-start=percent(from) style:inline-size=percent(length)></b> },
        )
    };
    let said = move || {
        let (from, until) = breach?.get()?;
        let span = format!("{}–{}", clock(from), clock(until));
        Some(view! { <p class="strip-breach">{t.strip_breach(&span)}</p> })
    };
    view! {
        <div class="strip-row">
            <button type="button" class="round" aria-label=t.earlier() on:click=move |_| shift(-1)><Icon icon=Icon::Minus/></button>
            <div class="strip-box">
                <div class="strip" role="img" aria-label=words node_ref=line on:click=tap on:pointerdown=grab on:pointermove=carry on:pointercancel=move |_| held.set_value(None)>
                    {move || blocks()}
                    <i style:inset-inline-start=move || percent(chosen().0) style:inline-size=move || percent(chosen().1)></i>
                    {live(broken)}
                </div>
                <div class="strip-ends" aria-hidden="true">
                    <span>{move || clock(ends().0)}</span>
                    <span>{move || clock(ends().1)}</span>
                </div>
                {live(said)}
            </div>
            <button type="button" class="round" aria-label=t.later() on:click=move |_| shift(1)><Icon icon=Icon::Plus/></button>
        </div>
    }
}
