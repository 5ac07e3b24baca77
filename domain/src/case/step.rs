//! Steps of a case: who may take which, from which state to which. One table for server, app and tests.

use serde::{Deserialize, Serialize};

use super::{due::Urgency, kind::CaseKind, state::CaseState};
use crate::{
    id::{CaseId, PersonId},
    time::LocalTime,
};

/// Whose step it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Whoever asked.
    Asker,
    /// The house.
    House,
}

/// For whom a case waits.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitsFor {
    /// For whoever asked.
    Asker,
    /// For another office.
    Office,
    /// For a craftsman or a part.
    Works,
}

impl WaitsFor {
    /// All.
    pub const ALL: [Self; 3] = [Self::Asker, Self::Office, Self::Works];

    /// Its name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Asker => "asker",
            Self::Office => "office",
            Self::Works => "works",
        }
    }

    /// The one of that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// A step, with what it needs.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Whoever takes it answers for it.
    Take,
    /// Somebody else answers for it.
    HandOver {
        /// Who works there as well.
        to: PersonId,
    },
    /// The house begins.
    Start,
    /// Somebody comes, or it is mended.
    Plan {
        /// When.
        at: LocalTime,
    },
    /// It cannot go on; the words say why.
    Wait {
        /// For whom.
        on: WaitsFor,
    },
    /// It goes on.
    Resume,
    /// It is done; the words say what.
    Finish,
    /// It is not done; the words say why.
    Decline,
    /// It is done indeed.
    Confirm,
    /// It is not done after all; the words say what is missing.
    Reopen,
    /// It is not wanted any more.
    Withdraw,
    /// Something to be known.
    Say {
        /// Whoever asked sees it.
        shown: bool,
    },
    /// The house called.
    Call,
    /// The house was there.
    Visit,
    /// It is sooner or later than it was.
    SetUrgency {
        /// How soon.
        urgency: Urgency,
    },
    /// It is of another kind.
    SetKind {
        /// Which.
        kind: CaseKind,
    },
    /// The house calls it so: the words. Of what is public everybody reads them.
    Name,
    /// It is the same as another: it goes on there, and whoever asked hears of it.
    Join {
        /// The other.
        into: CaseId,
    },
    /// Somebody else wants to hear of it.
    Follow,
    /// They do not any more.
    Unfollow,
}

macro_rules! steps {
    ($($(#[$doc:meta])* $step:ident $code:literal;)*) => {
        /// A step by its name.
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum StepName {
            $($(#[$doc])* $step,)*
        }

        impl StepName {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$step),*];

            /// Its name in the database.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$step => $code,)*
                }
            }

            /// The step of that name.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}

steps! {
    /// It came.
    Received "received";
    /// As [`Step::Take`].
    Take "take";
    /// As [`Step::HandOver`].
    HandOver "hand_over";
    /// As [`Step::Start`].
    Start "start";
    /// As [`Step::Plan`].
    Plan "plan";
    /// As [`Step::Wait`].
    Wait "wait";
    /// As [`Step::Resume`].
    Resume "resume";
    /// As [`Step::Finish`].
    Finish "finish";
    /// As [`Step::Decline`].
    Decline "decline";
    /// As [`Step::Confirm`].
    Confirm "confirm";
    /// As [`Step::Reopen`].
    Reopen "reopen";
    /// As [`Step::Withdraw`].
    Withdraw "withdraw";
    /// As [`Step::Say`].
    Say "say";
    /// As [`Step::Call`].
    Call "call";
    /// As [`Step::Visit`].
    Visit "visit";
    /// As [`Step::SetUrgency`].
    SetUrgency "set_urgency";
    /// As [`Step::SetKind`].
    SetKind "set_kind";
    /// As [`Step::Name`].
    Name "name";
    /// As [`Step::Join`].
    Join "join";
    /// As [`Step::Follow`].
    Follow "follow";
    /// As [`Step::Unfollow`].
    Unfollow "unfollow";
}

impl Step {
    /// Its name.
    pub fn name(&self) -> StepName {
        match self {
            Self::Take => StepName::Take,
            Self::HandOver { .. } => StepName::HandOver,
            Self::Start => StepName::Start,
            Self::Plan { .. } => StepName::Plan,
            Self::Wait { .. } => StepName::Wait,
            Self::Resume => StepName::Resume,
            Self::Finish => StepName::Finish,
            Self::Decline => StepName::Decline,
            Self::Confirm => StepName::Confirm,
            Self::Reopen => StepName::Reopen,
            Self::Withdraw => StepName::Withdraw,
            Self::Say { .. } => StepName::Say,
            Self::Call => StepName::Call,
            Self::Visit => StepName::Visit,
            Self::SetUrgency { .. } => StepName::SetUrgency,
            Self::SetKind { .. } => StepName::SetKind,
            Self::Name => StepName::Name,
            Self::Join { .. } => StepName::Join,
            Self::Follow => StepName::Follow,
            Self::Unfollow => StepName::Unfollow,
        }
    }
}

impl StepName {
    /// Whether words must go with it.
    pub fn needs_words(self) -> bool {
        matches!(
            self,
            Self::Wait | Self::Finish | Self::Decline | Self::Reopen | Self::Say | Self::Name
        )
    }

    /// Whether whoever asked sees it in the story, and hears of it where the house did it. Of [`Step::Say`] whoever says it decides.
    pub fn is_shown(self) -> bool {
        !matches!(
            self,
            Self::SetUrgency
                | Self::SetKind
                | Self::Name
                | Self::Follow
                | Self::Unfollow
                | Self::HandOver
        )
    }

    /// Where a case stands after the step; none where it cannot be taken, by that side, from there.
    pub fn lead_from(self, state: CaseState, side: Side) -> Option<CaseState> {
        use CaseState::{
            Accepted, Confirmed, Declined, Done, InWork, Joined, Received, Waiting, Withdrawn,
        };
        let open = state.is_open();
        match side {
            Side::House => match self {
                Self::Take | Self::HandOver => match state {
                    Received => Some(Accepted),
                    _ => open.then_some(state),
                },
                Self::Start => matches!(state, Received | Accepted).then_some(InWork),
                Self::Plan => open.then_some(InWork),
                Self::Wait => (open && state != Waiting).then_some(Waiting),
                Self::Resume => (state == Waiting).then_some(InWork),
                Self::Finish => open.then_some(Done),
                Self::Decline => open.then_some(Declined),
                Self::Reopen => {
                    matches!(state, Done | Confirmed | Declined | Withdrawn).then_some(InWork)
                }
                Self::Say | Self::Call | Self::Visit | Self::Name => {
                    (state != Joined).then_some(state)
                }
                Self::SetUrgency | Self::SetKind => open.then_some(state),
                Self::Join => open.then_some(Joined),
                Self::Received | Self::Confirm | Self::Withdraw | Self::Follow | Self::Unfollow => {
                    None
                }
            },
            Side::Asker => match self {
                Self::Confirm => (state == Done).then_some(Confirmed),
                // Nobody works on what was withdrawn: it comes anew.
                Self::Reopen if state == Withdrawn => Some(Received),
                Self::Reopen => matches!(state, Done | Declined).then_some(InWork),
                Self::Withdraw => open.then_some(Withdrawn),
                // Whoever answers lets it go on.
                Self::Say => match state {
                    Waiting => Some(InWork),
                    Joined => None,
                    _ => Some(state),
                },
                _ => None,
            },
        }
    }
}

/// Why a case cannot be sent, or a step not be taken.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseRefusal {
    /// It does not stand where that could be done.
    NotFrom {
        /// Where it stands.
        state: CaseState,
    },
    /// Parts of it are not over.
    OpenParts {
        /// How many.
        count: u32,
    },
    /// It was over for too long.
    TooLate {
        /// For how many days it can be opened again.
        days: u16,
    },
    /// So many of theirs wait to be looked at already.
    TooMany {
        /// The most.
        most: u16,
    },
    /// They must agree that the house acts for them.
    NotAgreed,
    /// What is planned must be to come.
    Past,
    /// Only what everybody sees is joined or followed, and not with itself.
    NotPublic,
    /// So many pictures belong to it already.
    TooManyPictures {
        /// The most.
        most: u16,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_house_works_and_whoever_asked_says_whether_it_is_done() {
        let mut state = CaseState::Received;
        for (step, side, after) in [
            (StepName::Take, Side::House, CaseState::Accepted),
            (StepName::Start, Side::House, CaseState::InWork),
            (StepName::Wait, Side::House, CaseState::Waiting),
            (StepName::Say, Side::Asker, CaseState::InWork),
            (StepName::Finish, Side::House, CaseState::Done),
            (StepName::Reopen, Side::Asker, CaseState::InWork),
            (StepName::Finish, Side::House, CaseState::Done),
            (StepName::Confirm, Side::Asker, CaseState::Confirmed),
        ] {
            state = step.lead_from(state, side).unwrap();
            assert_eq!(state, after, "{step:?}");
        }
    }

    #[test]
    fn nobody_does_the_others_part() {
        for state in CaseState::ALL.iter().copied() {
            for step in [StepName::Finish, StepName::Decline, StepName::Take] {
                assert_eq!(step.lead_from(state, Side::Asker), None);
            }
            for step in [StepName::Confirm, StepName::Withdraw] {
                assert_eq!(step.lead_from(state, Side::House), None);
            }
            for step in StepName::ALL.iter().copied() {
                for side in [Side::Asker, Side::House] {
                    let after = step.lead_from(state, side);
                    if state == CaseState::Joined {
                        assert_eq!(after, None, "what was joined goes on elsewhere");
                    }
                    if !state.is_open() && after.is_some_and(CaseState::is_open) {
                        assert_eq!(step, StepName::Reopen);
                    }
                }
            }
        }
    }

    #[test]
    fn every_step_has_a_name_of_its_own() {
        for (number, step) in StepName::ALL.iter().enumerate() {
            assert_eq!(StepName::from_code(step.code()), Some(*step));
            let others = &StepName::ALL[number + 1..];
            assert!(others.iter().all(|other| other.code() != step.code()));
        }
    }
}
