//! Merging two records of one person: which may go into which.

use serde::{Deserialize, Serialize};

use crate::{id::PersonId, language::Name, time::Date};

/// A record, as far as it matters whether it can be merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Whose.
    pub id: PersonId,
    /// It has a number, by which somebody signs in.
    pub has_number: bool,
    /// Staff of the centre may correct it: see [`may_correct_record`](super::permission::may_correct_record).
    pub kept_by_staff: bool,
    /// The birth date, where it is known.
    pub birth: Option<Date>,
    /// Somebody under age, for whom others speak.
    pub is_child: bool,
    /// The household.
    pub household: Option<String>,
    /// How many others are in it.
    pub relatives: usize,
    /// Somebody else of it signs in, or was recorded elsewhere: see [`RecordKeeping`](super::permission::RecordKeeping).
    pub household_theirs: bool,
}

/// Why two records are not made one.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unmergeable {
    /// It is the same record.
    Oneself,
    /// The record that would go has a number: it is the one to keep.
    HasNumber,
    /// Each has a number, by which somebody signs in.
    BothNumbers,
    /// It is not one that the desk of this centre made and keeps.
    NotKeptHere,
    /// The birth dates differ: one of them is mended first, or they are two people.
    Births,
    /// Others of its household sign in, or were recorded elsewhere: nobody comes among them, and gets what is theirs, by a merge.
    HouseholdTheirs,
    /// Each is the head of a family.
    TwoFamilies,
    /// Both are signed up for the same: one sign-up is given up first.
    BothSignedUp {
        /// For what.
        title: Name,
    },
}

/// Whether a record that is `gone` afterwards may go into one that is `kept`.
///
/// # Errors
/// Why not.
pub fn check(kept: &Side, gone: &Side) -> Result<(), Unmergeable> {
    if kept.id == gone.id {
        return Err(Unmergeable::Oneself);
    }
    if gone.has_number && kept.has_number {
        return Err(Unmergeable::BothNumbers);
    }
    if gone.has_number {
        return Err(Unmergeable::HasNumber);
    }
    if !gone.kept_by_staff {
        return Err(Unmergeable::NotKeptHere);
    }
    if kept
        .birth
        .zip(gone.birth)
        .is_some_and(|(one, other)| one != other)
    {
        return Err(Unmergeable::Births);
    }
    let together = kept.household.is_some() && kept.household == gone.household;
    if gone.household_theirs && !together {
        return Err(Unmergeable::HouseholdTheirs);
    }
    // Whoever goes and has others to speak for them leaves those behind; whoever speaks for others takes them along.
    if !together && kept.relatives > 0 && gone.relatives > 0 && !gone.is_child {
        return Err(Unmergeable::TwoFamilies);
    }
    Ok(())
}

/// Whether whoever is kept comes into the household of whoever goes: where they have none of their own.
pub fn takes_household(kept: &Side, gone: &Side) -> bool {
    gone.relatives > 0 && kept.relatives == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(id: &str) -> Side {
        Side {
            id: id.into(),
            has_number: false,
            kept_by_staff: true,
            birth: None,
            is_child: false,
            household: None,
            relatives: 0,
            household_theirs: false,
        }
    }

    fn at_home(id: &str, household: &str, relatives: usize) -> Side {
        Side {
            household: Some(household.to_owned()),
            relatives,
            ..side(id)
        }
    }

    #[test]
    fn only_what_the_desk_made_goes_and_nobody_loses_a_number() {
        assert_eq!(check(&side("a"), &side("b")), Ok(()));
        assert_eq!(check(&side("a"), &side("a")), Err(Unmergeable::Oneself));
        let number = Side {
            has_number: true,
            ..side("b")
        };
        assert_eq!(check(&side("a"), &number), Err(Unmergeable::HasNumber));
        assert_eq!(check(&number, &side("a")), Ok(()));
        let other = Side {
            has_number: true,
            ..side("a")
        };
        assert_eq!(check(&other, &number), Err(Unmergeable::BothNumbers));
        let theirs = Side {
            kept_by_staff: false,
            ..side("b")
        };
        assert_eq!(check(&side("a"), &theirs), Err(Unmergeable::NotKeptHere));
        let born = |id: &str, day: &str| Side {
            birth: Date::parse(day),
            ..side(id)
        };
        let twins = check(&born("a", "2016-01-02"), &born("b", "2016-01-03"));
        assert_eq!(twins, Err(Unmergeable::Births));
        assert_eq!(check(&born("a", "2016-01-02"), &side("b")), Ok(()));
    }

    #[test]
    fn two_families_stay_two() {
        let (one, other) = (at_home("a", "h", 2), at_home("b", "i", 1));
        assert_eq!(check(&one, &other), Err(Unmergeable::TwoFamilies));
        let child = Side {
            is_child: true,
            ..other.clone()
        };
        assert_eq!(check(&one, &child), Ok(()));
        assert!(!takes_household(&one, &child));
        assert_eq!(check(&side("a"), &other), Ok(()));
        assert!(takes_household(&side("a"), &other));
        // Nobody comes into a household, or gets what one of it has, but by the household's own code.
        let theirs = Side {
            household_theirs: true,
            is_child: true,
            ..at_home("b", "i", 1)
        };
        for kept in [side("a"), at_home("a", "h", 2)] {
            assert_eq!(check(&kept, &theirs), Err(Unmergeable::HouseholdTheirs));
        }
        assert_eq!(check(&at_home("a", "i", 1), &theirs), Ok(()));
        // Twice in one family is one of them too many.
        assert_eq!(check(&one, &at_home("c", "h", 2)), Ok(()));
    }
}
