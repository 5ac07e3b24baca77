//! Second factor: a one-time code from an app on the phone (RFC 6238), beside the code by text, for those who run a house.

use serde::{Deserialize, Serialize};

use crate::person::permission::{Actor, Role};

/// How it stands with somebody's second factor in a session.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactor {
    /// They run no house: none is asked of them.
    #[default]
    NotAsked,
    /// They may set one up.
    Unset,
    /// They must set one up before they can act as staff.
    Wanted,
    /// A code must be given before they can act as staff.
    Due,
    /// A code was given.
    Given,
}

impl SecondFactor {
    /// How it stands: where a code was `given`, where one is `set` up, and where the house `requires` it.
    pub fn of(actor: &Actor, given: bool, set: bool, requires: bool) -> Self {
        let runs_house = actor.roles.iter().any(|grant| grant.role >= Role::Staff);
        match (runs_house, set, given) {
            (false, ..) => Self::NotAsked,
            (true, true, true) => Self::Given,
            (true, true, false) => Self::Due,
            (true, false, _) if requires => Self::Wanted,
            (true, false, _) => Self::Unset,
        }
    }

    /// True while nobody can act as staff in this session.
    pub fn withholds(self) -> bool {
        matches!(self, Self::Wanted | Self::Due)
    }
}

impl Actor {
    /// The person without the roles of those who run a house.
    pub fn withheld(&mut self) {
        self.roles.retain(|grant| grant.role < Role::Staff);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::permission::Grant;

    fn actor(role: Role) -> Actor {
        let grant = Grant { centre: None, role };
        Actor {
            person: Some("p".into()),
            roles: vec![grant],
        }
    }

    #[test]
    fn roles_are_withheld_until_a_code_is_given() {
        let staff = actor(Role::Staff);
        let of = |given, set, requires| SecondFactor::of(&staff, given, set, requires);
        assert_eq!(of(false, false, false), SecondFactor::Unset);
        assert_eq!(of(false, false, true), SecondFactor::Wanted);
        assert_eq!(of(true, false, true), SecondFactor::Wanted);
        assert_eq!(of(false, true, false), SecondFactor::Due);
        assert_eq!(of(true, true, true), SecondFactor::Given);
        let organiser = actor(Role::Organiser);
        let of_organiser = SecondFactor::of(&organiser, false, true, true);
        assert_eq!(of_organiser, SecondFactor::NotAsked);
        let mut left = staff;
        left.withheld();
        assert_eq!(left.roles, []);
    }
}
