//! The grid: columns of blocks, a line for now, and a range to be chosen by drag, tap or keys.

use std::sync::Arc;

use domain::{
    api::{CentreView, Occupancy},
    centre::availability::{Occupied, State, Timeline},
    id::{BookingId, CentreId},
    language::Lang,
    page::Page,
    time::{DAY, LocalTime, Slot, clock},
    view::column::{Block, Column, blocks},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};

use crate::{
    components::live,
    pages::calendar::{
        model::{Choice, cause, drag, hours, tap},
        mover::{Mover, Moving, Whole},
    },
    prefs::lang,
    store::Store,
};

/// What takes the rooms in the days that are shown; nothing until it is known.
pub type Week = Memo<Option<Arc<Occupancy>>>;

/// What the grid shows.
#[derive(Clone)]
pub struct Shown {
    /// The centre.
    pub centre: Arc<CentreView>,
    /// What takes its rooms.
    pub week: Week,
    /// What its rooms do.
    pub timelines: Memo<Arc<Vec<Timeline>>>,
    /// The columns with their heads.
    pub columns: Vec<(Column, String)>,
    /// The column that stays where there is room for one only.
    pub first: usize,
}

/// What staff know of a block.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// Who has it, where it has no public name.
    pub who: Option<String>,
    /// The booking, to be opened and moved; none where the block is of several.
    pub booking: Option<BookingId>,
}

/// What is behind a block, for those who may know.
pub type Label = Arc<dyn Fn(&Occupied) -> Option<Named> + Send + Sync>;

/// The minute of the day at which the pointer is in a column that shows the minutes `from` to `until`.
fn minute_at(event: &PointerEvent, (from, until): (i64, i64)) -> i64 {
    let column = event
        .current_target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let bounds = column.map(|column| column.get_bounding_client_rect());
    let share = bounds.map_or(0.0, |b| {
        (f64::from(event.client_y()) - b.top()) / b.height().max(1.0)
    });
    (from + (share.clamp(0.0, 0.999) * (until - from) as f64) as i64).min(DAY - 1)
}

/// A range that is chosen, or where a block would go, in a column that begins at `top`.
fn draw_range(top: i64, from: i64, until: i64) -> AnyView {
    view! {
        <div class="chosen-range" style=("--from", (from - top).to_string()) style=("--length", (until - from).to_string())>
            {format!("{}–{}", clock(from), clock(until))}
        </div>
    }
    .into_any()
}

/// The blocks of a column. Others change one of them: the rest stays where it is, with the focus in it.
fn follow_shapes(
    (column, step): (Column, i64),
    (week, timelines): (Week, Memo<Arc<Vec<Timeline>>>),
    now: Memo<LocalTime>,
    label: Option<Label>,
) -> Memo<Vec<Shape>> {
    Memo::new(move |_| {
        let all = timelines.with(|lines| {
            let line = lines.iter().find(|line| line.room == column.room);
            line.map(|line| blocks(&column, line, now.get()))
        });
        let taken = week.get();
        let taken = taken.as_ref().map_or(&[][..], |week| &week.taken);
        let shape = |block: Block| {
            let entry = cause(&block, taken).cloned();
            let named = entry.as_ref().and_then(|one| label.as_ref()?(one));
            Shape {
                block,
                entry,
                named,
                step,
            }
        };
        all.into_iter().flatten().map(shape).collect::<Vec<_>>()
    })
}

/// The grid. What is chosen goes into `choice`; without one the grid is only looked at.
#[component]
pub fn Grid(
    shown: Shown,
    #[prop(optional_no_strip)] choice: Option<RwSignal<Option<Choice>>>,
    #[prop(optional_no_strip)] label: Option<Label>,
    #[prop(optional_no_strip)] mover: Option<Mover>,
) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let days: Vec<_> = shown.columns.iter().map(|(column, _)| column.day).collect();
    let (from, until) = hours(&shown.centre.centre, &days);
    let step = i64::from(shown.centre.centre.rules.step.max(1));
    let (count, first) = (shown.columns.len(), shown.first);
    let ticks = (from / 60..until / 60)
        .map(|hour| {
            view! {
                <li style=("--from", (hour * 60 - from).to_string())>{clock(hour * 60)}</li>
            }
        })
        .collect_view();
    let centre = shown.centre.clone();
    let now = Memo::new(move |_| store.now(&centre));
    let all_columns: Arc<[Column]> = shown.columns.iter().map(|(one, _)| one.clone()).collect();
    let columns = shown
        .columns
        .clone()
        .into_iter()
        .enumerate()
        .map(|(number, (column, head))| {
            let (week, timelines, label) = (shown.week, shown.timelines, label.clone());
            let centre_id = shown.centre.centre.id.clone();
            let room = shown.centre.centre.room(&column.room);
            let own = room.map(|room| shown.centre.centre.rules_of(room).step.max(1));
            let step = own.map_or(step, i64::from);
            let minute_at = move |event: &PointerEvent| minute_at(event, (from, until));
            let pressed = StoredValue::new(None::<i64>);
            let (moved, up, chosen_in) = (column.clone(), column.clone(), column.clone());
            let (over, landed, pressed_in) = (column.clone(), column.clone(), column.clone());
            let on_down = move |event: PointerEvent| {
                if event.button() != 0 {
                    return;
                }
                let minute = minute_at(&event);
                if mover.is_none_or(|mover| !mover.grab(&event, &pressed_in, minute)) {
                    pressed.set_value(Some(minute));
                }
            };
            let on_move = move |event: PointerEvent| {
                if mover.is_some_and(|mover| mover.carry(&event, &over, minute_at(&event), step)) {
                    return;
                }
                let (Some(start), Some(choice), "mouse") =
                    (pressed.get_value(), choice, event.pointer_type().as_str())
                else {
                    return;
                };
                // Let go outside of the column.
                if event.buttons() == 0 {
                    pressed.set_value(None);
                    return;
                }
                let minute = minute_at(&event);
                if (minute - start).abs() >= step / 2 {
                    choice.set(Some(drag(&moved, start, minute, step)));
                }
            };
            let on_up = move |event: PointerEvent| {
                if mover.is_some_and(Mover::let_go) {
                    return;
                }
                let (Some(start), Some(choice)) = (pressed.get_value(), choice) else {
                    return;
                };
                pressed.set_value(None);
                let minute = minute_at(&event);
                if (minute - start).abs() < step / 2 {
                    choice.update(|choice| {
                        *choice = Some(tap(choice.as_ref(), &up, minute, step, 60.max(step)));
                    });
                }
            };
            let chosen = move || {
                let chosen = choice?.get().filter(|chosen| chosen.column == chosen_in)?;
                Some(draw_range(from, chosen.from, chosen.until))
            };
            let ghost = move || {
                let moving = mover?.moving.get().filter(|moving| moving.column == landed)?;
                Some(draw_range(from, moving.from, moving.from + moving.length))
            };
            let (column_of_blocks, column_of_now) = (column.clone(), column.clone());
            let shapes = follow_shapes((column_of_blocks, step), (week, timelines), now, label);
            let on = On {
                column: column.clone(),
                columns: all_columns.clone(),
                centre: centre_id,
                from,
                choice,
                mover,
            };
            let drawn = move |shape: Shape| draw(t, shape, &on);
            let now_line = move || {
                let now = now.get();
                let minute = now.minute_of_day();
                (now.date() == column_of_now.day && (from..until).contains(&minute)).then(|| {
                    view! {
                        <div class="now-line" style=("--from", (minute - from).to_string())></div>
                    }
                })
            };
            let name = head.clone();
            view! {
                <div class="column" class:shown=number == first role="group" aria-label=name>
                    <p class="column-head" aria-hidden="true">{head}</p>
                    <div
                        class="column-body"
                        on:pointerdown=on_down
                        on:pointermove=on_move
                        on:pointerup=on_up
                        on:pointercancel=move |_| pressed.set_value(None)
                    >
                        <For each=move || shapes.get() key=|shape| format!("{shape:?}") children=drawn/>
                        {live(chosen)}
                        {live(ghost)}
                        {live(now_line)}
                    </div>
                </div>
            }
        });
    let columns = columns.collect_view();
    view! {
        <div
            class="grid"
            class:looking=choice.is_none()
            style=("--minutes", (until - from).to_string())
            style=("--columns", count.to_string())
        >
            <ol class="ticks" aria-hidden="true">{ticks}</ol>
            <div class="columns">{columns}</div>
        </div>
    }
}

/// Free gaps below this, in minutes, are no buttons: they would be lower than 24 CSS pixels (WCAG 2.2, criterion 2.5.8).
const SMALL: i64 = 30;

/// A block with what is written on it.
#[derive(Clone, Debug, PartialEq)]
struct Shape {
    block: Block,
    /// What takes the room then.
    entry: Option<Occupied>,
    /// What staff know of it.
    named: Option<Named>,
    /// The minutes of a step in the room.
    step: i64,
}

/// The column that a block stands in, and what can be done there.
#[derive(Clone)]
struct On {
    column: Column,
    columns: Arc<[Column]>,
    centre: CentreId,
    /// The first minute that is shown.
    from: i64,
    choice: Option<RwSignal<Option<Choice>>>,
    mover: Option<Mover>,
}

fn draw(t: Lang, shape: Shape, on: &On) -> AnyView {
    let On {
        column,
        centre,
        from,
        choice,
        ..
    } = on;
    let Shape {
        block,
        entry,
        named,
        step,
    } = shape;
    let entry = entry.as_ref();
    let at = (block.from - from).to_string();
    let length = (block.until - block.from).to_string();
    // A block may show a part of what takes the room: of a hall beside its halves.
    let whole = entry.filter(|_| matches!(block.state, State::Booked | State::Requested));
    let time = t.span(
        whole
            .and_then(Occupied::slot)
            .unwrap_or_else(|| Slot::lasting(column.day.at(block.from), block.until - block.from)),
    );
    if let (State::Free, false, Some(choice)) = (block.state, block.past, *choice) {
        let (column, first, last) = (column.clone(), block.from, block.until);
        // By keys a gap is chosen as a whole hour from its start; with a finger the tapped place counts.
        let by_key = move |event: web_sys::MouseEvent| {
            if event.detail() == 0 {
                let start = (first + step - 1) / step * step;
                choice.set(Some(Choice {
                    column: column.clone(),
                    from: start,
                    until: (start + 60).min(last),
                }));
            }
        };
        if block.until - block.from < SMALL {
            // Too short to be hit, and to be booked in most rooms; the column itself still takes a tap.
            return view! {
                <div class="block b-free" style=("--from", at) style=("--length", length)></div>
            }
            .into_any();
        }
        let label = t.free_gap(&time);
        return view! {
            <button class="block b-free" aria-label=label style=("--from", at) style=("--length", length) on:click=by_key>
                <span>{t.state_free()}" "{time}</span>
            </button>
        }
        .into_any();
    }
    let who = named.as_ref().and_then(|named| named.who.clone());
    let what = who.or_else(|| {
        entry
            .and_then(|one| one.title.as_ref())
            .map(|title| title.get(t).to_owned())
    });
    let (class, word) = match block.state {
        State::Free => ("b-past", t.state_free()),
        State::Requested => ("b-requested", t.state_requested()),
        State::Held => ("b-requested", t.state_held()),
        State::Buffer => ("b-buffer", t.state_buffer()),
        State::Booked => ("b-busy", t.booked()),
        State::Closed => ("b-closed", t.state_closed()),
    };
    // The strip of clearing away repeats nothing.
    let left = entry.filter(|_| block.state != State::Buffer);
    let left = left.and_then(|one| one.left).map(|left| match left {
        0 => t.full().to_owned(),
        left => t.left(left),
    });
    let what = what.filter(|_| block.state != State::Buffer);
    let what = what.unwrap_or_else(|| word.to_owned());
    let past = if block.past { " past" } else { "" };
    let show_time = !matches!(block.state, State::Free | State::Buffer);
    let named = named.filter(|_| matches!(block.state, State::Booked | State::Requested));
    let booking = named.and_then(|named| named.booking);
    if let (Some(booking), Some(mover), Some(entry)) = (booking, on.mover, entry) {
        let home = Moving {
            booking: booking.clone(),
            column: column.clone(),
            from: block.from,
            length: block.until - block.from,
            home: (column.clone(), block.from, block.until - block.from),
            whole: Whole {
                room: entry.room.clone(),
                start: entry.start.local,
                minutes: entry.end.local.minutes() - entry.start.local.minutes(),
            },
        };
        let href = Store::get().href(Page::Booking(centre.clone(), booking));
        let (columns, of) = (on.columns.clone(), home.clone());
        let is_past = block.past;
        let by_key = move |event| {
            if !is_past {
                mover.press(&event, &of, &columns, step);
            }
        };
        // What is over is opened, and moved no more.
        let moves = (!block.past).then(|| home.code());
        return view! {
            <a class=format!("block {class}{past}") href=href draggable="false" data-booking=home.booking.to_string() data-moves=moves
                aria-keyshortcuts=(!block.past).then_some("Shift+ArrowUp Shift+ArrowDown Shift+ArrowLeft Shift+ArrowRight Alt+Shift+ArrowUp Alt+Shift+ArrowDown") aria-describedby=(!block.past).then_some("move-hint")
                on:blur=move |_| mover.put_back()
                style=("--from", at) style=("--length", length)
                on:click=move |event| mover.keep_still(&event)
                on:keydown=by_key>
                <span>{what}</span>
                <time>{time}</time>
                {left.map(|left| view! { <span>{left}</span> })}
            </a>
        }
        .into_any();
    }
    let what = match entry.and_then(|one| one.activity.as_ref()) {
        Some(activity) => {
            let href = Store::get().href(Page::Activity(centre.clone(), activity.clone()));
            view! { <a href=href>{what}</a> }.into_any()
        }
        None => what.into_any(),
    };
    view! {
        <div class=format!("block {class}{past}") style=("--from", at) style=("--length", length)>
            <span class:hidden=block.state == State::Buffer>{what}</span>
            {show_time.then(|| view! { <time>{time}</time> })}
            {left.map(|left| view! { <span>{left}</span> })}
        </div>
    }
    .into_any()
}
