//! Who may do what. The server asks here before it acts; the app asks here before it shows a button.

use serde::{Deserialize, Serialize};

use crate::id::{CentreId, PersonId};

/// What somebody is at a centre. Each may do all that the ones before may.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Anyone who has signed in 居民.
    Resident,
    /// Runs a club 组织者.
    Organiser,
    /// Runs the house day by day 工作人员.
    Staff,
    /// Answers for the house 负责人.
    Manager,
}

impl Role {
    /// All roles, least first.
    pub const ALL: [Self; 4] = [Self::Resident, Self::Organiser, Self::Staff, Self::Manager];

    /// Its name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::Organiser => "organiser",
            Self::Staff => "staff",
            Self::Manager => "manager",
        }
    }

    /// The role of that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// Where a role holds.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// At one centre.
    #[default]
    Here,
    /// At all centres of the deployment.
    Everywhere,
}

impl std::fmt::Display for Reach {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Here => "here",
            Self::Everywhere => "everywhere",
        })
    }
}

/// Who acts: a visitor, or a person with their roles.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The person; nobody for a visitor.
    pub person: Option<PersonId>,
    /// Their roles.
    pub roles: Vec<Grant>,
}

/// A role at one centre, or at all of them.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The centre; all centres of the deployment when there is none.
    pub centre: Option<CentreId>,
    /// The role.
    pub role: Role,
}

impl Actor {
    /// The highest role at that centre; none for a visitor.
    pub fn role_at(&self, centre: &CentreId) -> Option<Role> {
        self.person.as_ref()?;
        let here = self
            .roles
            .iter()
            .filter(|grant| grant.centre.as_ref().is_none_or(|c| c == centre));
        Some(here.map(|grant| grant.role).max().unwrap_or(Role::Resident))
    }

    /// True when the role at that centre is `role` or a higher one.
    pub fn is_at_least(&self, role: Role, centre: &CentreId) -> bool {
        self.role_at(centre).is_some_and(|mine| mine >= role)
    }

    fn is(&self, person: &PersonId) -> bool {
        self.person.as_ref() == Some(person)
    }
}

/// Ask for a room. The rules then say whether it is admitted.
pub fn may_book(actor: &Actor) -> bool {
    actor.person.is_some()
}

/// See a booking with the name of the person it is for.
pub fn may_see_booking(actor: &Actor, centre: &CentreId, beneficiary: &PersonId) -> bool {
    actor.is(beneficiary) || actor.is_at_least(Role::Staff, centre)
}

/// Undo a booking: who made it, and nobody else, not even staff.
pub fn may_undo_booking(actor: &Actor, booked_by: &PersonId) -> bool {
    actor.is(booked_by)
}

/// Cancel a booking.
pub fn may_cancel_booking(actor: &Actor, centre: &CentreId, beneficiary: &PersonId) -> bool {
    actor.is(beneficiary) || actor.is_at_least(Role::Staff, centre)
}

/// Cancel after the deadline.
pub fn may_cancel_late(actor: &Actor, centre: &CentreId) -> bool {
    actor.is_at_least(Role::Staff, centre)
}

/// Check the people of a booking in, and say that they have finished.
pub fn may_check_in(actor: &Actor, centre: &CentreId, beneficiary: &PersonId) -> bool {
    actor.is(beneficiary) || actor.is_at_least(Role::Staff, centre)
}

/// Say that nobody came, and whether that counts.
pub fn may_judge_absence(actor: &Actor, centre: &CentreId) -> bool {
    actor.is_at_least(Role::Staff, centre)
}

/// Approve or decline a request.
pub fn may_decide(actor: &Actor, centre: &CentreId) -> bool {
    actor.is_at_least(Role::Staff, centre)
}

/// Put rooms out of use, and decide about the bookings that it hits.
pub fn may_close_rooms(actor: &Actor, centre: &CentreId) -> bool {
    actor.is_at_least(Role::Staff, centre)
}

/// Change a booking for its people: room, time, how many, note.
pub fn may_change_booking(actor: &Actor, centre: &CentreId) -> bool {
    actor.is_at_least(Role::Staff, centre)
}

/// Change the description of a centre: hours, rules, rooms.
pub fn may_change_centre(actor: &Actor, centre: &CentreId) -> bool {
    actor.is_at_least(Role::Manager, centre)
}

/// Make and close clubs, and name who organises them.
pub fn may_run_clubs(actor: &Actor, centre: &CentreId) -> bool {
    actor.is_at_least(Role::Manager, centre)
}

/// Make a new centre: those who manage all of them.
pub fn may_make_centre(actor: &Actor) -> bool {
    let everywhere = |grant: &Grant| grant.role == Role::Manager && grant.centre.is_none();
    actor.roles.iter().any(everywhere)
}

/// See the day of the house with names.
pub fn may_see_desk(actor: &Actor, centre: &CentreId) -> bool {
    actor.is_at_least(Role::Staff, centre)
}

/// Act for somebody else at the desk, on the phone or at a visit; find people and open their records.
pub fn may_act_for(actor: &Actor, centre: &CentreId) -> bool {
    actor.is_at_least(Role::Staff, centre)
}

/// Read a case: whoever asked, or for whom it is; and those of the house for whose eyes it is.
pub fn may_see_case(actor: &Actor, centre: &CentreId, reader: Role, is_theirs: bool) -> bool {
    is_theirs || may_work_on_case(actor, centre, reader)
}

/// Work on a case.
pub fn may_work_on_case(actor: &Actor, centre: &CentreId, reader: Role) -> bool {
    actor.is_at_least(reader.max(Role::Staff), centre)
}

/// Whose a record is: what decides who may correct it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecordKeeping {
    /// The desk of the centre made it.
    pub made_here: bool,
    /// Its person has signed in at some time.
    pub signed_in: bool,
    /// It has a number.
    pub has_number: bool,
    /// Somebody of its household signs in.
    pub household_signs_in: bool,
    /// The record of somebody else of its household was made elsewhere.
    pub household_made_elsewhere: bool,
}

/// Correct name and birth date of a record, as staff of the centre that made it; else its holder shows their number's code,
/// or the household does it.
pub fn may_correct_record(kept: RecordKeeping) -> bool {
    kept.made_here && !kept.signed_in
}

/// Give a record its first number, by which its person then signs in, with the number's code. Where a household could be read
/// with it, only the household lets somebody in: by its own code; and nobody reads with it what another centre recorded.
pub fn may_set_first_number(kept: RecordKeeping) -> bool {
    let opens_household = kept.household_signs_in || kept.household_made_elsewhere;
    may_correct_record(kept) && !kept.has_number && !opens_household
}

/// True for staff of any centre.
pub fn acts_for_others(actor: &Actor) -> bool {
    actor.roles.iter().any(|grant| grant.role >= Role::Staff)
}

/// Read the audit log of a centre.
pub fn may_read_log(actor: &Actor, centre: &CentreId) -> bool {
    actor.is_at_least(Role::Staff, centre)
}

/// Read what in the audit log concerns no single centre: who works at all of them.
pub fn may_read_log_of_none(actor: &Actor) -> bool {
    let mut roles = actor.roles.iter();
    roles.any(|grant| grant.centre.is_none() && grant.role >= Role::Staff)
}

/// Read a centre's figures.
pub fn may_see_figures(actor: &Actor, centre: &CentreId) -> bool {
    actor.is_at_least(Role::Manager, centre)
}

/// Require a second factor of all who run a house, or no longer: whoever answers for all of them.
pub fn may_require_second_factor(actor: &Actor) -> bool {
    let everywhere = |grant: &Grant| grant.centre.is_none() && grant.role == Role::Manager;
    actor.roles.iter().any(everywhere)
}

/// See who has a role at a centre, give roles there and take them. What holds everywhere is given by those alone who manage
/// everywhere.
pub fn may_give_role(actor: &Actor, centre: &CentreId, reach: Reach) -> bool {
    let everywhere = |grant: &Grant| grant.centre.is_none() && grant.role == Role::Manager;
    match reach {
        Reach::Here => actor.is_at_least(Role::Manager, centre),
        Reach::Everywhere => actor.person.is_some() && actor.roles.iter().any(everywhere),
    }
}

/// Publish activities at a centre; for a club, `organises` it.
pub fn may_publish(actor: &Actor, centre: &CentreId, organises: Option<bool>) -> bool {
    let trusted = actor.is_at_least(Role::Staff, centre);
    trusted || organises.unwrap_or_else(|| actor.is_at_least(Role::Organiser, centre))
}

/// Change an activity, call its sessions off, see its sheets: who organises its club; without a club who published it, as
/// long as they are an organiser; and staff. `club` says whether the actor organises the club, if there is one.
pub fn may_run_activity(
    actor: &Actor,
    centre: &CentreId,
    published_by: &PersonId,
    club: Option<bool>,
) -> bool {
    let organises = club
        .unwrap_or_else(|| actor.is(published_by) && actor.is_at_least(Role::Organiser, centre));
    organises || actor.is_at_least(Role::Staff, centre)
}

/// See and change a sign-up: the person, their household, and staff. Whoever signed them up and has left the household since
/// has no say any more.
pub fn may_see_sign_up(
    actor: &Actor,
    centre: &CentreId,
    person: &PersonId,
    same_household: bool,
) -> bool {
    actor.is(person) || same_household || actor.is_at_least(Role::Staff, centre)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(centre: Option<&str>, role: Role) -> Actor {
        let centre = centre.map(CentreId::from);
        Actor {
            person: Some("me".into()),
            roles: vec![Grant { centre, role }],
        }
    }

    #[test]
    fn roles_hold_at_their_centre_only() {
        let (here, there) = ("here".into(), "there".into());
        let staff = actor(Some("here"), Role::Staff);
        assert!(may_see_desk(&staff, &here) && !may_see_desk(&staff, &there));
        assert!(may_decide(&actor(None, Role::Manager), &there));
        assert!(may_act_for(&staff, &here) && !may_act_for(&staff, &there));
        assert!(may_read_log(&staff, &here) && !may_read_log(&Actor::default(), &here));
        assert!(!may_see_figures(&staff, &here));
        assert!(may_see_figures(&actor(None, Role::Manager), &here));
        assert_eq!(staff.role_at(&there), Some(Role::Resident));
        assert_eq!(Actor::default().role_at(&here), None);
        assert!(!may_book(&Actor::default()) && may_book(&staff));
    }

    #[test]
    fn what_holds_everywhere_is_given_by_those_who_manage_everywhere() {
        let here = CentreId::from("here");
        let (of_one, of_all) = (
            actor(Some("here"), Role::Manager),
            actor(None, Role::Manager),
        );
        assert!(may_give_role(&of_one, &here, Reach::Here));
        assert!(!may_give_role(&of_one, &here, Reach::Everywhere));
        assert!(!may_give_role(&of_one, &"there".into(), Reach::Here));
        assert!(may_give_role(&of_all, &here, Reach::Everywhere));
        assert!(!may_give_role(
            &actor(None, Role::Staff),
            &here,
            Reach::Here
        ));
    }

    #[test]
    fn a_number_opens_no_household() {
        let made_here = RecordKeeping {
            made_here: true,
            ..RecordKeeping::default()
        };
        assert!(may_correct_record(made_here) && may_set_first_number(made_here));
        for kept in [
            RecordKeeping::default(),
            RecordKeeping {
                signed_in: true,
                ..made_here
            },
        ] {
            assert!(!may_correct_record(kept) && !may_set_first_number(kept));
        }
        let with_family = RecordKeeping {
            household_signs_in: true,
            ..made_here
        };
        assert!(may_correct_record(with_family) && !may_set_first_number(with_family));
        let of_others = RecordKeeping {
            household_made_elsewhere: true,
            ..made_here
        };
        assert!(!may_set_first_number(of_others));
    }

    #[test]
    fn a_booking_is_its_persons_and_the_staffs() {
        let (here, me, other) = ("here".into(), "me".into(), "other".into());
        let resident = actor(None, Role::Organiser);
        assert!(
            may_see_booking(&resident, &here, &me) && !may_see_booking(&resident, &here, &other)
        );
        assert!(
            may_cancel_booking(&resident, &here, &me)
                && !may_cancel_booking(&resident, &here, &other)
        );
        let staff = actor(Some("here"), Role::Staff);
        assert!(may_cancel_booking(&staff, &here, &other) && !may_undo_booking(&staff, &other));
        assert!(may_cancel_late(&staff, &here) && !may_cancel_late(&resident, &here));
    }

    #[test]
    fn a_club_is_run_by_its_organisers_and_by_staff() {
        let (here, me, other) = ("here".into(), "me".into(), "other".into());
        let organiser = actor(Some("here"), Role::Organiser);
        let resident = actor(None, Role::Resident);
        assert!(may_publish(&organiser, &here, None) && !may_publish(&resident, &here, None));
        assert!(
            may_publish(&resident, &here, Some(true)),
            "of a club of hers"
        );
        assert!(
            !may_publish(&organiser, &here, Some(false)),
            "of another's club"
        );
        let staff = actor(Some("here"), Role::Staff);
        // Who published it runs it while they are an organiser; a club's is run by whoever organises the club.
        assert!(may_run_activity(&organiser, &here, &me, None));
        assert!(!may_run_activity(&resident, &here, &me, None));
        assert!(!may_run_activity(&organiser, &here, &me, Some(false)));
        assert!(may_run_activity(&resident, &here, &other, Some(true)));
        assert!(may_run_activity(&staff, &here, &other, None));
        assert!(may_see_sign_up(&resident, &here, &me, false));
        assert!(may_see_sign_up(&resident, &here, &other, true));
        assert!(!may_see_sign_up(&organiser, &here, &other, false));
        assert!(may_see_sign_up(&staff, &here, &other, false));
    }
}
