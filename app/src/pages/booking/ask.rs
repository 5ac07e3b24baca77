//! What the rules say of a booking while it is being asked for. The server decides by the same ones.

use domain::{
    booking::{
        Booking,
        admission::{Admission, Ask, History, Own, Situation},
        alternative::Alternative,
        refusal::Refusal,
        series::Place,
    },
    centre::{Centre, availability::Timeline, room::Room},
    id::{BookingId, CentreId},
    person::permission::Actor,
    time::{LocalTime, Slot},
};

/// What the rules say, and what could be had instead.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Whether it can be had, or why not.
    pub decided: Result<Admission, Refusal>,
    /// What could be had instead.
    pub others: Vec<Alternative>,
    /// Acting for somebody: what the rules would say to them alone.
    pub against: Option<Refusal>,
}

/// Who asks.
#[derive(Clone, Debug)]
pub struct Asker {
    /// The one at the keys.
    pub actor: Actor,
    /// They ask for somebody else.
    pub acts: bool,
}

/// What of somebody's bookings counts at a centre when they ask for more.
pub fn history(bookings: &[Booking], household: &[Place], centre: &CentreId) -> History {
    let counts =
        |one: &&Booking| one.centre == *centre && one.state.is_live() && one.title.is_none();
    let own = bookings.iter().filter(counts).map(|one| Own {
        booking: one.id.clone(),
        room: one.room.clone(),
        slot: one.slot(),
    });
    let missed = |one: &&Booking| one.centre == *centre && one.is_no_show();
    let missed = bookings.iter().filter(missed);
    // Whose they are is not told, and does not count.
    let theirs = household.iter().filter_map(|one| {
        Some(Own {
            booking: BookingId::default(),
            room: one.room.clone(),
            slot: Slot::new(one.start, one.end)?,
        })
    });
    History {
        own: own.collect(),
        household: theirs.collect(),
        no_shows: missed.map(|one| one.start.local.date()).collect(),
    }
}

/// What the rules say of `ask`. A visitor is told what they will be told as a resident.
pub fn verdict(
    centre: &Centre,
    (lines, history): (&[Timeline], &History),
    asker: &Asker,
    now: LocalTime,
    ask: &Ask,
) -> Option<Verdict> {
    let room = centre.room(&ask.room)?;
    let line = lines.iter().find(|line| line.room == ask.room)?;
    let mut actor = asker.actor.clone();
    actor.person.get_or_insert_default();
    let situation = Situation {
        centre,
        actor: &actor,
        history,
        now,
    };
    let decided = situation.decide(room, line, ask);
    // What the caller could not book alone, staff may; but they are told.
    let caller = Actor {
        person: actor.person.clone(),
        roles: Vec::new(),
    };
    let alone = Situation {
        actor: &caller,
        ..situation
    };
    let against = match (&decided, asker.acts) {
        (Ok(_), true) => alone.decide(room, line, ask).err(),
        _ => None,
    };
    let others = match &decided {
        Err(_) => situation.alternatives(lines, ask),
        Ok(_) => Vec::new(),
    };
    Some(Verdict {
        decided,
        others,
        against,
    })
}

/// True where nobody has the room in a slot.
pub fn is_free(lines: &[Timeline], room: &Room, slot: Slot) -> bool {
    let line = lines.iter().find(|line| line.room == room.id);
    line.is_some_and(|line| line.is_free(slot))
}

#[cfg(test)]
mod tests {
    use domain::{
        centre::availability::{Occupation, Occupied, availability},
        person::permission::{Grant, Role},
        time::{DAY, Stamp},
    };

    use super::*;

    #[test]
    fn staff_may_book_what_the_caller_could_not_and_are_told() {
        let centre: Centre =
            toml::from_str(include_str!("../../../../server/centres/xizhan.toml")).unwrap();
        let at = |text: &str| LocalTime::parse(text).unwrap();
        let stamp = |text: &str| Stamp {
            local: at(text),
            offset: 480,
        };
        let taken = [Occupied {
            room: "legal".into(),
            start: stamp("2026-11-26T14:00"),
            end: stamp("2026-11-26T15:00"),
            before: 0,
            after: 0,
            by: Occupation::Booked,
            title: None,
            activity: None,
            left: None,
        }];
        let week = Slot::lasting(at("2026-11-25T00:00"), 60 * DAY);
        let lines = availability(&centre, &taken, week);
        let asker = |role: Option<Role>| Asker {
            actor: Actor {
                person: None,
                roles: role
                    .into_iter()
                    .map(|role| Grant { centre: None, role })
                    .collect(),
            },
            acts: role.is_some(),
        };
        let ask = |text: &str| Ask {
            room: "legal".into(),
            slot: Slot::lasting(at(text), 60),
            people: 2,
            purpose: None,
        };
        let now = at("2026-11-26T09:00");
        let told = |role, text: &str| {
            verdict(
                &centre,
                (&lines, &History::default()),
                &asker(role),
                now,
                &ask(text),
            )
            .unwrap()
        };
        let free = told(None, "2026-11-26T16:00");
        assert_eq!(
            (free.decided, free.others.len()),
            (Ok(Admission::Confirmed), 0)
        );
        let clash = told(None, "2026-11-26T14:00");
        assert!(clash.decided.is_err() && !clash.others.is_empty());
        // A whole day is too long for the caller.
        let long = Ask {
            slot: Slot::lasting(at("2026-11-27T11:00"), 600),
            ..ask("2026-11-27T11:00")
        };
        let long = verdict(
            &centre,
            (&lines, &History::default()),
            &asker(Some(Role::Staff)),
            now,
            &long,
        )
        .unwrap();
        assert!(long.decided.is_ok() && long.against.is_some(), "{long:?}");
        let room = centre.room(&"legal".into()).unwrap();
        let slot = |text: &str| Slot::lasting(at(text), 60);
        assert!(is_free(&lines, room, slot("2026-11-26T15:00")));
        assert!(!is_free(&lines, room, slot("2026-11-26T13:30")));
    }
}
