//! Families: people who are signed up together, and the children whose guardians speak for them.

use serde::{Deserialize, Serialize};

use crate::{id::PersonId, person::age::needs_consent, time::Date};

/// The version of the text that guardians agree to. A new text gets a new number; the old ones stay in the catalogue,
/// because what somebody agreed to must stay readable.
pub const CONSENT_VERSION: u16 = 2;

/// The most members of a household.
pub const MOST_MEMBERS: usize = 12;

/// A household as one of its members sees it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Household {
    /// Its members, oneself first.
    pub members: Vec<Member>,
    /// The code by which another adult joins; nobody else can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Members who do not sign in and were removed in the last day: they can be taken back until they are erased.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<Member>,
}

/// A member as people write one down: a name and a birth date, in whichever way they write dates: `小石 2018-03-01`,
/// `小石 2018年3月1日`, `小石 20180301`. None where either is missing.
///
/// ```
/// use domain::person::household::read_member;
///
/// let (name, birth) = read_member("小石头，2018.3.1").unwrap();
/// assert_eq!((name, birth.to_string().as_str()), ("小石头", "2018-03-01"));
/// assert_eq!(read_member("小石头"), None);
/// ```
pub fn read_member(line: &str) -> Option<(&str, Date)> {
    let at = line.find(|c: char| c.is_ascii_digit())?;
    let (name, digits) = line.split_at(at);
    let name = name.trim_matches(|c: char| c.is_whitespace() || ",，、:：;；(（".contains(c));
    let numbers: Vec<&str> = digits
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    let (year, month, day) = match numbers[..] {
        [year, month, day] => (year, month, day),
        [whole] if whole.len() == 8 => (&whole[..4], &whole[4..6], &whole[6..]),
        _ => return None,
    };
    let birth = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
    // Two digits of a year could be meant for either century.
    (!name.is_empty() && year.len() == 4).then_some((name, birth))
}

/// All members that are written down, one a line.
///
/// # Errors
/// The first line that is none.
pub fn read_members(text: &str) -> Result<Vec<(&str, Date)>, &str> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| read_member(line).ok_or(line)).collect()
}

/// Whether a member may leave a household, sent by `me`, with who stays: an adult who signs in leaves by themselves, nobody is put
/// out; and nobody is left behind without somebody who can act for them.
pub fn may_remove(leaves: &Member, stay: &[Member], me: &PersonId) -> bool {
    if !leaves.signs_in {
        return true;
    }
    leaves.id == *me && (stay.is_empty() || stay.iter().any(|one| one.signs_in))
}

/// Somebody in a household.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// Their birth date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth: Option<Date>,
    /// They sign in by themselves.
    pub signs_in: bool,
}

impl Member {
    /// True when a guardian agrees for them.
    pub fn is_child(&self, today: Date) -> bool {
        needs_consent(self.birth, today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_put_out_or_left_behind() {
        let member = |id: &str, signs_in| Member {
            id: id.into(),
            name: String::new(),
            birth: None,
            signs_in,
        };
        let (mother, father, child) = (member("m", true), member("f", true), member("c", false));
        let me = mother.id.clone();
        assert!(may_remove(&child, std::slice::from_ref(&mother), &me));
        assert!(may_remove(&mother, &[father.clone(), child.clone()], &me));
        assert!(may_remove(&mother, &[], &me));
        assert!(!may_remove(&father, &[mother.clone(), child.clone()], &me));
        assert!(!may_remove(&mother, &[child], &me));
    }

    #[test]
    fn members_are_read_as_people_write_them() {
        let born = Date::new(2018, 3, 1).unwrap();
        for line in [
            "小石 2018-03-01",
            "小石2018年3月1日",
            "小石，20180301",
            "小石 2018/3/1 生",
            "小石（2018.03.01）",
        ] {
            assert_eq!(read_member(line), Some(("小石", born)), "{line}");
        }
        for line in [
            "小石",
            "2018-03-01",
            "小石 2018-3",
            "小石 18-3-1",
            "小石 2018-13-1",
            "小石 1380013",
        ] {
            assert_eq!(read_member(line), None, "{line}");
        }
        let both = read_members("小石 2018-3-1\n\n  Xiao Yi 2020.5.6\n").unwrap();
        assert_eq!(both.len(), 2);
        assert_eq!(read_members("小石 2018-3-1\n小一"), Err("小一"));
    }
}
