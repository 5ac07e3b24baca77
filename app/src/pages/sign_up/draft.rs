//! Sign-up form, its draft: which dates and whom somebody chose, and who is meant before they do.

use std::sync::Arc;

use domain::{
    activity::{Activity, Per, Session},
    id::{ActivitySessionId, PersonId},
    person::{
        age::{AGE_OF_CONSENT, age_on},
        behalf::Channel,
        household::{Household, Member},
    },
    time::Date,
};
use leptos::prelude::*;

use crate::{prefs::lang, store::Store};

/// What is chosen in the form.
#[derive(Clone, Copy)]
pub(crate) struct Chosen {
    pub(super) dates: RwSignal<Option<Vec<ActivitySessionId>>>,
    pub(super) people: RwSignal<Option<Vec<PersonId>>>,
    pub(super) agreed: RwSignal<bool>,
    /// Somebody has just been signed up, and wants to see it.
    pub(crate) signed: RwSignal<bool>,
}

impl Chosen {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self {
            dates: RwSignal::new(None),
            people: RwSignal::new(None),
            agreed: RwSignal::new(false),
            signed: RwSignal::new(false),
        }
    }
}

/// What the parts of the form share.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    pub(super) chosen: Chosen,
    pub(super) activity: Memo<Arc<Activity>>,
    pub(super) sessions: Memo<Vec<Session>>,
    pub(super) household: Memo<Arc<Household>>,
    /// The dates that are chosen and can still be had, in order; a course has no dates of its own.
    pub(super) dates: Memo<Vec<ActivitySessionId>>,
    pub(super) people: Memo<Vec<PersonId>>,
    pub(super) today: Date,
    /// The days on which they come, at least one: how old they are then counts.
    pub(super) days: Memo<Vec<Date>>,
}

impl Draft {
    pub(super) fn new(
        chosen: Chosen,
        activity: Memo<Arc<Activity>>,
        sessions: Memo<Vec<Session>>,
        household: Memo<Arc<Household>>,
        today: Date,
    ) -> Self {
        // The first that had places when the form was opened, until somebody chooses; it stays, whatever others do.
        let first = sessions.with_untracked(|all| {
            let first = all.iter().find(|one| one.left() > 0).or(all.first());
            first.map(|one| one.id.clone())
        });
        let dates = Memo::new(move |_| {
            let picked = chosen.dates.get();
            let picked = picked.unwrap_or_else(|| first.iter().cloned().collect());
            sessions.with(|all| {
                let ids = all.iter().map(|one| one.id.clone());
                ids.filter(|id| picked.contains(id)).collect::<Vec<_>>()
            })
        });
        let days = Memo::new(move |_| {
            let chosen = dates.get();
            sessions.with(|all| {
                let is_chosen = |one: &&Session| chosen.contains(&one.id);
                let mut days: Vec<Date> = all.iter().filter(is_chosen).map(day_of).collect();
                if days.is_empty() {
                    days.push(all.first().map_or(today, day_of));
                }
                days
            })
        });
        // Who stands at the desk; whoever is on the phone says who is meant.
        let acts = Store::get()
            .acting()
            .is_some_and(|behalf| behalf.channel != Channel::Phone);
        let people = Memo::new(move |_| {
            chosen.people.get().unwrap_or_else(|| {
                household.with(|household| {
                    let meant = find_meant(&household.members, &activity.get(), &days.get(), acts);
                    meant.into_iter().map(|one| one.id.clone()).collect()
                })
            })
        });
        Self {
            chosen,
            activity,
            sessions,
            household,
            dates,
            people,
            today,
            days,
        }
    }

    /// True when a date has too few places for all who are chosen.
    pub(super) fn is_full(self, session: &Session) -> bool {
        usize::from(session.left()) < self.people.with(Vec::len).max(1)
    }

    /// How many of the chosen dates are full.
    pub(super) fn full(self) -> usize {
        let dates = self.dates.get();
        let of_course = self.is_course();
        self.sessions.with(|all| {
            let chosen = all
                .iter()
                .filter(|one| of_course || dates.contains(&one.id));
            chosen.filter(|one| self.is_full(one)).count()
        })
    }

    /// The names of all who are chosen.
    pub(super) fn names(self) -> String {
        let people = self.people.get();
        self.household.with(|household| {
            let chosen = household.members.iter();
            let chosen = chosen.filter(|one| people.contains(&one.id));
            let names: Vec<&str> = chosen.map(|one| one.name.as_str()).collect();
            names.join(lang().comma())
        })
    }

    /// The day of the one date that is chosen.
    pub(super) fn only_date(self) -> Option<Date> {
        let dates = self.dates.get();
        let [only] = dates.as_slice() else {
            return None;
        };
        self.sessions.with(|all| {
            let session = all.iter().find(|one| one.id == *only)?;
            Some(session.start.local.date())
        })
    }

    pub(super) fn is_course(self) -> bool {
        self.activity.with(|one| one.per == Per::Course)
    }

    pub(super) fn has_children(self) -> bool {
        let people = self.people.get();
        self.household.with(|household| {
            let mut chosen = household
                .members
                .iter()
                .filter(|one| people.contains(&one.id));
            chosen.any(|one| one.is_child(self.today))
        })
    }
}

/// Who is meant before anybody was chosen: who is alone in their household means themselves, where they may come at all; what is for
/// children alone is for the one child whose age fits, and at the desk for all of them, who stand there.
fn find_meant<'a>(
    members: &'a [Member],
    activity: &Activity,
    days: &[Date],
    at_desk: bool,
) -> Vec<&'a Member> {
    if let [one] = members {
        return members
            .iter()
            .filter(|_| fits(one, activity, days))
            .collect();
    }
    let for_children = activity
        .audience
        .to_age
        .is_some_and(|to| to < AGE_OF_CONSENT);
    let children: Vec<&Member> = members
        .iter()
        .filter(|one| {
            for_children && fits(one, activity, days) && days.iter().all(|day| one.is_child(*day))
        })
        .collect();
    match children.len() == 1 || at_desk {
        true => children,
        false => Vec::new(),
    }
}

/// True when a member is of the age that an activity is for on all days, as far as that is known.
pub(super) fn fits(member: &Member, activity: &Activity, days: &[Date]) -> bool {
    let takes = |birth: Date| {
        let ages = days.iter().map(|day| age_on(birth, *day));
        ages.into_iter().all(|age| activity.audience.takes(age))
    };
    member.birth.is_none_or(takes)
}

fn day_of(session: &Session) -> Date {
    session.start.local.date()
}
