//! Strip of the day: what a room does from opening to closing, one's choice on it, and steppers to move the choice.

use domain::{centre::availability::State, decimal::Decimal, time::clock, view::column::Block};
use leptos::{html, prelude::*};
use web_sys::MouseEvent;

use crate::{components::icon::Icon, prefs::lang};

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

/// Shows the day and one's choice of it: first minute and first minute after. A tap, or a press of plus or minus, calls `pick`
/// with a new first minute.
#[component]
pub fn Strip(day: Memo<Day>, choice: Memo<(i64, i64)>, pick: Callback<i64>) -> impl IntoView {
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
    let press = move |event: MouseEvent| {
        let Some(line) = line.get_untracked() else {
            return;
        };
        let rect = line.get_bounding_client_rect();
        let share = (f64::from(event.client_x()) - rect.left()) / rect.width().max(1.0);
        day.with_untracked(|day| {
            let (open, close) = day.bounds;
            let minute = open + (share.clamp(0.0, 0.999) * (close - open) as f64) as i64;
            pick.run(minute / day.step * day.step);
        });
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
    view! {
        <div class="strip-row">
            <button type="button" class="round" aria-label=t.earlier() on:click=move |_| shift(-1)><Icon icon=Icon::Minus/></button>
            <div class="strip-box">
                <div class="strip" role="img" aria-label=words node_ref=line on:click=press>
                    {move || blocks()}
                    <i style:inset-inline-start=move || percent(chosen().0) style:inline-size=move || percent(chosen().1)></i>
                </div>
                <div class="strip-ends" aria-hidden="true">
                    <span>{move || clock(ends().0)}</span>
                    <span>{move || clock(ends().1)}</span>
                </div>
            </div>
            <button type="button" class="round" aria-label=t.later() on:click=move |_| shift(1)><Icon icon=Icon::Plus/></button>
        </div>
    }
}
