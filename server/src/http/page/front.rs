//! The front page as the server draws it: the plan with its frame, and the data it was drawn from.

use std::fmt::Write;

use domain::{
    centre::availability::{availability, room_state},
    id::CentreId,
    language::Lang,
    time::{DAY, Slot},
    view::{
        View,
        boot::{self, Boot},
        drawing::{Scale, escape, floor_svg, look},
        ways::ways_html,
    },
};

use super::public::centre_shown;
use crate::{
    db::{Fail, Tx},
    live::Bus,
    usecase::{Call, centre},
};

/// The frame that the plan is drawn for, in pixels: most people come by phone. The program draws it anew for what it finds.
const PHONE: (f64, f64) = (360.0, 440.0);

/// The same in the elder view, where the page is scrolled.
const PHONE_ELDER: (f64, f64) = (350.0, 760.0);

/// The front page's content: the plan with its frame, and the data it was drawn from.
pub(super) fn front(
    tx: &mut Tx<'_>,
    call: &Call,
    bus: &Bus,
    (view, last): (&View, Option<CentreId>),
    (lang, elder): (Lang, bool),
) -> Result<Option<String>, Fail> {
    let Some(id) = centre_shown(tx, call, view, last)? else {
        return Ok(None);
    };
    let centres = centre::list(tx, call, ())?;
    // Counted before reading, so that nothing that changes meanwhile is missed.
    let generation = bus.generation(&id);
    let known = centre::get(tx, call, id.clone())?;
    let now = known.local(call.now());
    let day = view.day.unwrap_or_else(|| now.date());
    let week = centre::occupancy::get_occupancy(tx, call, (id, day.monday(), 7))?;
    let lines = availability(
        &known.centre,
        &week.taken,
        Slot::lasting(week.from.at(0), 7 * DAY),
    );
    let slot = view.slot(day, now);
    let fits = |room: &domain::centre::room::Room| view.wants(room);
    let floor = view.floor_of(&known.centre);
    let frame = if elder { PHONE_ELDER } else { PHONE };
    let scale = |floor| Scale::fitting(floor, frame, elder);
    let plan = floor
        .map(|floor| {
            floor_svg(
                &known.centre,
                floor,
                &lines,
                slot,
                (lang, scale(floor)),
                &fits,
            )
        })
        .unwrap_or_default();
    let mut rows = String::new();
    for (room, line) in known
        .centre
        .rooms
        .iter()
        .zip(&lines)
        .filter(|(room, _)| fits(room))
    {
        let look = look(room_state(room, line, slot), slot, lang);
        let _ = write!(
            rows,
            "<li><div class=\"row\"><span class=\"row-name\">{}</span><span class=\"state {}\"><i aria-hidden=\"true\">{}</i>{}</span></div></li>",
            escape(room.name.get(lang)),
            look.class,
            look.glyph,
            escape(&look.detail)
        );
    }
    let floors = match known.centre.floors.as_slice() {
        [] | [_] => String::new(),
        floors => {
            let tab = |one: &domain::centre::Floor| {
                let pressed = floor.is_some_and(|floor| floor.id == one.id);
                format!(
                    "<span class=\"chip\" aria-pressed=\"{pressed}\">{}</span>",
                    escape(one.name.get(lang))
                )
            };
            format!(
                "<div class=\"floors\">{}</div>",
                floors.iter().map(tab).collect::<String>()
            )
        }
    };
    let hours = lang.day_hours(known.centre.hours.on(day));
    let phone = escape(&known.centre.phone);
    let name = escape(known.centre.name.get(lang));
    let list = if view.list { " as-list" } else { "" };
    let canvas = format!(
        "<div class=\"canvas\"><div class=\"frame\"><div class=\"sheet-of-paper\">{plan}</div></div></div>"
    );
    let (canvas, listed) = if view.list {
        (String::new(), format!("<ul class=\"rooms\">{rows}</ul>"))
    } else {
        (canvas, String::new())
    };
    let (bar, ways, switch) = match elder {
        true => {
            let ways = ways_html(&known.centre, &View::at_centre(view.centre.clone()), lang);
            let ways = format!(
                "<nav class=\"ways-in\" aria-label=\"{}\">{ways}</nav>",
                lang.ways()
            );
            ("<div class=\"elder-bar\"></div>", ways, String::new())
        }
        false => {
            let switch = format!("<span class=\"tool\">{}</span>", lang.elder_short());
            ("", String::new(), switch)
        }
    };
    let mut html = format!(
        "<div id=\"shell\">{bar}<main class=\"page map-page\">{ways}<div class=\"map-top\">\
         <h1 class=\"centre-picker\">{name}</h1>{switch}<p class=\"shell-tools\"></p></div>{floors}\
         <div class=\"map-body{list}\">{canvas}{listed}<div class=\"side\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><div class=\"beside\"><ul class=\"rooms\">{rows}</ul></div></div></div>\
         <section class=\"scrubber\"><p class=\"shell-time\">{}</p>\
         <p class=\"open-hours\"><span>{} {hours}</span><span>{} <a href=\"tel:{}\"><bdi>{phone}</bdi></a></span></p>\
         <p class=\"late\">{}</p></section></main></div>",
        lang.rooms(),
        escape(&lang.slot(slot)),
        lang.open_hours(),
        lang.desk_phone(),
        phone.replace([' ', '-'], ""),
        escape(&lang.without_program(&known.centre.phone)),
    );
    let data = Boot {
        generation,
        centres,
        view: known,
        week,
    };
    let json = serde_json::to_string(&data)
        .unwrap_or_default()
        .replace('<', "\\u003c");
    let _ = write!(
        html,
        "<script type=\"application/json\" id=\"{}\">{json}</script>",
        boot::ELEMENT
    );
    Ok(Some(html))
}
