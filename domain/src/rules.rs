//! What a centre asks of a booking, and the one function that decides it.

use serde::{Deserialize, Serialize};

use crate::{
    activity::weekly,
    availability::{Timeline, Why},
    centre::Centre,
    id::{BookingId, RoomId},
    permission::Actor,
    person::Role,
    room::{Purpose, Room, UseMode},
    text::Name,
    time::{DAY, Date, LocalTime, Slot},
};

/// The rules of a centre. Times are minutes unless the name says days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Bookings start and end on multiples of this after midnight: 15, 30 or 60.
    pub step: u16,
    /// Shortest booking.
    pub shortest: u16,
    /// Longest booking.
    pub longest: u16,
    /// How many days ahead one may book.
    pub ahead_days: u16,
    /// How long before its start a booking must be made; 0 until the start.
    pub notice: u16,
    /// Kept free before a booking, to set up.
    pub buffer_before: u16,
    /// Kept free after a booking, to clear away.
    pub buffer_after: u16,
    /// Who may book.
    pub who: Who,
    /// How many bookings to come one person may have at the centre.
    pub open_bookings: u16,
    /// How long one person may use one room in a week (Monday to Sunday).
    pub week_minutes: u16,
    /// How long one person may use one room in a calendar month.
    pub month_minutes: u16,
    /// Fewest people that a booking is for.
    pub fewest_people: u16,
    /// Until how long before its start a booking can be cancelled.
    pub cancel_notice: u16,
}

/// Who may book a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Everybody who has signed in.
    Residents,
    /// Organisers of clubs, and staff.
    Organisers,
    /// Staff.
    Staff,
}

macro_rules! room_rules {
    ($($field:ident: $type:ty)*) => {
        /// Where a room differs from the rules of its centre; what is not named stays as it is there.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        #[expect(missing_docs, reason = "as in Rules")]
        pub struct RoomRules {
            $(#[serde(default, skip_serializing_if = "Option::is_none")]
            pub $field: Option<$type>,)*
        }

        impl RoomRules {
            /// True when the room follows its centre in everything.
            pub fn is_empty(&self) -> bool {
                *self == Self::default()
            }

            /// The rules that hold in the room.
            pub fn over(&self, centre: &Rules) -> Rules {
                Rules { $($field: self.$field.unwrap_or(centre.$field)),* }
            }
        }
    };
}

room_rules! {
    step: u16 shortest: u16 longest: u16 ahead_days: u16 notice: u16 buffer_before: u16 buffer_after: u16
    who: Who open_bookings: u16 week_minutes: u16 month_minutes: u16 fewest_people: u16 cancel_notice: u16
}

/// The longest that any rule may allow one booking to last, in minutes: overlap queries rely on it.
pub const LONGEST: u16 = 24 * 60;

impl Rules {
    /// Quotas and lengths that cannot be meant: the names of the fields.
    pub fn faults(&self) -> Vec<&'static str> {
        let mut faults = Vec::new();
        let mut need = |sound: bool, field| {
            if !sound {
                faults.push(field);
            }
        };
        need(matches!(self.step, 15 | 30 | 60), "step");
        need(
            self.shortest > 0 && self.step > 0 && self.shortest.is_multiple_of(self.step),
            "shortest",
        );
        need(
            self.shortest <= self.longest && self.longest <= LONGEST,
            "longest",
        );
        need((1..=400).contains(&self.ahead_days), "ahead_days");
        need(self.buffer_before <= 120, "buffer_before");
        need(self.buffer_after <= 120, "buffer_after");
        need(self.open_bookings > 0, "open_bookings");
        need(self.fewest_people > 0, "fewest_people");
        faults
    }
}

/// Why a room cannot be booked like that, with the figures that a person needs to understand it.
/// Its sentence is made by [`crate::text`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the sentences in the catalogue explain the figures"
)]
pub enum Refusal {
    /// Nobody books this room: one just comes.
    DropIn,
    /// Only staff use this room.
    StaffOnly,
    /// Only some people may book this room.
    NotForYou { who: Who },
    /// The end is not after the start.
    EndBeforeStart,
    /// The clocks go forward over this time: it does not exist.
    NoSuchTime { at: LocalTime },
    /// The start has passed.
    Past { now: LocalTime },
    /// Starts or ends off the step, in minutes.
    OffStep { step: u16 },
    /// Shorter than allowed, in minutes.
    TooShort { shortest: u16, asked: i64 },
    /// Longer than allowed, in minutes.
    TooLong { longest: u16, asked: i64 },
    /// Later than one may book.
    TooFarAhead { days: u16, last: Date },
    /// Sooner than one may book, in minutes.
    TooSoon { notice: u16 },
    /// The house or the room is not open then.
    OutsideHours { date: Date, open: Vec<Opening> },
    /// The room is out of use.
    Closed { reason: Name, until: LocalTime },
    /// Somebody has it, set-up and clearing away included.
    Taken {
        from: LocalTime,
        until: LocalTime,
        buffer: u16,
    },
    /// More people than fit.
    TooManyPeople { most: u16, asked: u16 },
    /// Fewer people than the room is for.
    TooFewPeople { fewest: u16, asked: u16 },
    /// As many bookings to come as one may have.
    OpenBookings { most: u16, have: u16 },
    /// As long in one week as one may have this room, in minutes.
    WeekQuota { most: u16, have: i64, asked: i64 },
    /// As long in one month as one may have this room, in minutes.
    MonthQuota { most: u16, have: i64, asked: i64 },
    /// Too late to cancel, in minutes before the start.
    CancelTooLate { notice: u16, deadline: LocalTime },
    /// The time to undo is over, in minutes after booking.
    UndoTooLate { minutes: u16 },
    /// Nothing can be done with a booking that has ended like this.
    Over,
}

/// A stretch of a day's opening, on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Opening.
    pub from: LocalTime,
    /// Closing.
    pub until: LocalTime,
}

/// What somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The room.
    pub room: RoomId,
    /// When.
    pub slot: Slot,
    /// How many people, at least 1.
    pub people: u16,
    /// What for, if they said so.
    pub purpose: Option<Purpose>,
}

/// One of the person's own bookings that counts in quotas: requested or confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    /// The booking.
    pub booking: BookingId,
    /// Its room.
    pub room: RoomId,
    /// Its time.
    pub slot: Slot,
}

/// All that a decision depends on.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The centre with its rules.
    pub centre: &'a Centre,
    /// Who asks.
    pub actor: &'a Actor,
    /// Bookings of the person for whom it is, at this centre.
    pub own: &'a [Own],
    /// The time at the centre.
    pub now: LocalTime,
}

/// What becomes of a booking that is not refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It stands at once.
    Confirmed,
    /// Staff decide.
    Requested,
}

impl Situation<'_> {
    /// Decides whether `ask` is admitted. `timeline` is that of the room asked for and covers the slot's days.
    ///
    /// # Errors
    /// The first rule that stands against it, the hardest to mend first.
    pub fn decide(
        &self,
        room: &Room,
        timeline: &Timeline,
        ask: &Ask,
    ) -> Result<Admission, Refusal> {
        let rules = room.rules.over(&self.centre.rules);
        let staff = self.actor.is_at_least(Role::Staff, &self.centre.id);
        self.admit_person(room, &rules, staff)?;
        self.admit_time(&rules, ask.slot, staff)?;
        self.admit_place(room, &rules, timeline, ask.slot)?;
        admit_people(room, &rules, ask.people)?;
        if !staff {
            self.admit_quota(&rules, ask)?;
        }
        let at_once = staff || room.use_mode == UseMode::SelfService;
        Ok(if at_once {
            Admission::Confirmed
        } else {
            Admission::Requested
        })
    }

    fn admit_person(&self, room: &Room, rules: &Rules, staff: bool) -> Result<(), Refusal> {
        match room.use_mode {
            UseMode::DropIn => return Err(Refusal::DropIn),
            UseMode::StaffOnly if !staff => return Err(Refusal::StaffOnly),
            _ => {}
        }
        let admitted = match rules.who {
            Who::Residents => true,
            Who::Organisers => self.actor.is_at_least(Role::Organiser, &self.centre.id),
            Who::Staff => staff,
        };
        if admitted {
            Ok(())
        } else {
            Err(Refusal::NotForYou { who: rules.who })
        }
    }

    /// Staff book at short notice and for longer, but neither in the past nor off the step.
    fn admit_time(&self, rules: &Rules, slot: Slot, staff: bool) -> Result<(), Refusal> {
        let step = i64::from(rules.step);
        let minutes = slot.minutes();
        if slot.start() < self.now {
            return Err(Refusal::Past { now: self.now });
        }
        if slot.start().minutes() % step != 0 || slot.end().minutes() % step != 0 {
            return Err(Refusal::OffStep { step: rules.step });
        }
        if minutes < i64::from(rules.shortest) {
            return Err(Refusal::TooShort {
                shortest: rules.shortest,
                asked: minutes,
            });
        }
        let longest = if staff { LONGEST } else { rules.longest };
        if minutes > i64::from(longest) {
            return Err(Refusal::TooLong {
                longest,
                asked: minutes,
            });
        }
        let last = self.now.date().plus(i64::from(rules.ahead_days));
        if slot.start().date() > last {
            return Err(Refusal::TooFarAhead {
                days: rules.ahead_days,
                last,
            });
        }
        if !staff && slot.start() < self.now.plus(i64::from(rules.notice)) {
            return Err(Refusal::TooSoon {
                notice: rules.notice,
            });
        }
        Ok(())
    }

    fn admit_place(
        &self,
        room: &Room,
        rules: &Rules,
        timeline: &Timeline,
        slot: Slot,
    ) -> Result<(), Refusal> {
        if !timeline.is_open(slot) {
            let date = slot.start().date();
            let open =
                crate::hours::open_slots(&self.centre.hours, room.hours.as_ref(), date.whole())
                    .into_iter()
                    .map(|slot| Opening {
                        from: slot.start(),
                        until: slot.end(),
                    })
                    .collect();
            return Err(Refusal::OutsideHours { date, open });
        }
        match timeline.clash(slot, rules.buffer_before, rules.buffer_after) {
            Some(Why::Closed { reason, until }) => Err(Refusal::Closed { reason, until }),
            Some(Why::Taken { slot }) => Err(Refusal::Taken {
                from: slot.start(),
                until: slot.end(),
                buffer: rules.buffer_before + rules.buffer_after,
            }),
            None => Ok(()),
        }
    }

    fn admit_quota(&self, rules: &Rules, ask: &Ask) -> Result<(), Refusal> {
        let open = self
            .own
            .iter()
            .filter(|own| own.slot.end() > self.now)
            .count();
        if open >= usize::from(rules.open_bookings) {
            let have = u16::try_from(open).unwrap_or(u16::MAX);
            return Err(Refusal::OpenBookings {
                most: rules.open_bookings,
                have,
            });
        }
        let asked = ask.slot.minutes();
        let used = |same: &dyn Fn(Date) -> bool| -> i64 {
            let here = self.own.iter().filter(|own| own.room == ask.room);
            here.filter(|own| same(own.slot.start().date()))
                .map(|own| own.slot.minutes())
                .sum()
        };
        let date = ask.slot.start().date();
        let have = used(&|other| other.monday() == date.monday());
        if have + asked > i64::from(rules.week_minutes) {
            return Err(Refusal::WeekQuota {
                most: rules.week_minutes,
                have,
                asked,
            });
        }
        let month = |date: Date| (date.ymd().0, date.ymd().1);
        let have = used(&|other| month(other) == month(date));
        if have + asked > i64::from(rules.month_minutes) {
            return Err(Refusal::MonthQuota {
                most: rules.month_minutes,
                have,
                asked,
            });
        }
        Ok(())
    }
}

fn admit_people(room: &Room, rules: &Rules, asked: u16) -> Result<(), Refusal> {
    if asked > room.people.most {
        return Err(Refusal::TooManyPeople {
            most: room.people.most,
            asked,
        });
    }
    if asked < rules.fewest_people {
        return Err(Refusal::TooFewPeople {
            fewest: rules.fewest_people,
            asked,
        });
    }
    Ok(())
}

/// A slot that would be admitted instead of the one that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// The same room and length at another time.
    Shift,
    /// The same room and start, shorter.
    Shorten,
    /// Another room at the same time.
    OtherRoom,
    /// The same room and time on another day.
    OtherDay,
}

/// What to do instead, one tap away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alternative {
    /// In which way it differs.
    pub remedy: Remedy,
    /// The room.
    pub room: RoomId,
    /// Start.
    pub start: LocalTime,
    /// End.
    pub end: LocalTime,
}

impl Situation<'_> {
    /// What could be had instead of `ask`, the nearest first: at most two other times on that day, one shorter
    /// booking, two other rooms and one other day. Each would be admitted as it stands.
    pub fn alternatives(&self, timelines: &[Timeline], ask: &Ask) -> Vec<Alternative> {
        self.weekly_alternatives(timelines, ask, 1, ask.slot.end())
    }

    /// Decides about `ask` in each of so many weeks, as far as what is known reaches.
    ///
    /// # Errors
    /// The first week that cannot be had, with the rule against it.
    pub fn decide_weekly(
        &self,
        room: &Room,
        timeline: &Timeline,
        ask: &Ask,
        weeks: u16,
        known_until: LocalTime,
    ) -> Result<(), (Refusal, Slot)> {
        for slot in
            weekly(ask.slot, weeks).filter(|slot| *slot == ask.slot || slot.end() <= known_until)
        {
            let ask = Ask {
                slot,
                ..ask.clone()
            };
            self.decide(room, timeline, &ask)
                .map_err(|refusal| (refusal, slot))?;
        }
        Ok(())
    }

    /// [`Self::alternatives`] for something that takes place in each of so many weeks: each would be admitted in all of
    /// them, as far as what is known reaches.
    pub fn weekly_alternatives(
        &self,
        timelines: &[Timeline],
        ask: &Ask,
        weeks: u16,
        known_until: LocalTime,
    ) -> Vec<Alternative> {
        let find = |id: &RoomId| timelines.iter().find(|timeline| timeline.room == *id);
        let admitted = |room: &Room, slot: Slot| {
            let ask = Ask {
                room: room.id.clone(),
                slot,
                ..ask.clone()
            };
            find(&room.id).is_some_and(|timeline| {
                self.decide_weekly(room, timeline, &ask, weeks, known_until)
                    .is_ok()
            })
        };
        let offer = |remedy, room: &Room, slot: Slot| {
            let (start, end) = (slot.start(), slot.end());
            Alternative {
                remedy,
                room: room.id.clone(),
                start,
                end,
            }
        };
        let mut found = Vec::new();
        if let Some(room) = self.centre.room(&ask.room) {
            let step = i64::from(room.rules.over(&self.centre.rules).step).max(1);
            let whole = |minutes: i64| minutes.div_euclid(step) * step;
            let base = LocalTime::from_minutes(whole(ask.slot.start().minutes()));
            let length = (whole(ask.slot.minutes() + step - 1)).max(step);
            let asked = Slot::lasting(base, length);

            let day = base.date();
            let same_day = |slot: &Slot| slot.start().date() == day && *slot != ask.slot;
            let shifts =
                (0..=DAY / step).flat_map(|n| [asked.shifted(n * step), asked.shifted(-n * step)]);
            let shifts = shifts
                .skip(1)
                .filter(same_day)
                .filter(|slot| admitted(room, *slot));
            found.extend(shifts.take(2).map(|slot| offer(Remedy::Shift, room, slot)));

            let shorter = (1..length / step)
                .rev()
                .map(|n| Slot::lasting(base, n * step));
            let shorter = shorter
                .into_iter()
                .find(|slot| *slot != ask.slot && admitted(room, *slot));
            found.extend(shorter.map(|slot| offer(Remedy::Shorten, room, slot)));

            let days = (1..=14)
                .map(|n| asked.shifted(n * DAY))
                .find(|slot| admitted(room, *slot));
            found.extend(days.map(|slot| offer(Remedy::OtherDay, room, slot)));
        }
        let fits = |room: &&Room| {
            room.id != ask.room
                && ask
                    .purpose
                    .is_none_or(|purpose| room.purposes.contains(&purpose))
        };
        let mut rooms: Vec<_> = self.centre.rooms.iter().filter(fits).collect();
        rooms.sort_by_key(|room| room.people.most);
        let rooms = rooms.into_iter().filter(|room| admitted(room, ask.slot));
        let rooms: Vec<_> = rooms
            .take(2)
            .map(|room| offer(Remedy::OtherRoom, room, ask.slot))
            .collect();
        found.extend(rooms);
        found
    }
}
