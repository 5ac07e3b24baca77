//! Families of the demo: every third person has a child or two.

use domain::{id::PersonId, language::Lang, person::household::CONSENT_VERSION, time::Date};

use super::people;
use crate::{
    clock,
    db::{Fail, Tx},
    usecase::person::{NewPerson, create},
};

/// A child of the demo.
pub(super) struct Child {
    pub(super) id: PersonId,
    pub(super) guardian: PersonId,
    pub(super) birth: Date,
}

/// Every third person has a child or two, the first of all (the demo's resident) two.
pub(super) fn make_families(
    tx: &mut Tx<'_>,
    now_ms: i64,
    folk: &[PersonId],
) -> Result<Vec<Child>, Fail> {
    let today = Date::from_days(now_ms / 86_400_000);
    let mut children = Vec::new();
    let parents = folk.len() - people::WITHOUT_PHONE;
    for (parent, guardian) in folk[..parents].iter().enumerate().step_by(3) {
        let household = clock::new_id(now_ms);
        tx.exec(
            "insert into household (id, made_at) values ($1, $2)",
            &[household.as_str().into(), (now_ms / 1000).into()],
        )?;
        let join = "update person set household_id = $2, birth = coalesce($3, birth) where id = $1";
        let values = |person: &PersonId, birth: Option<Date>| {
            [
                person.into(),
                household.as_str().into(),
                birth.map(|birth| birth.to_string()).into(),
            ]
        };
        tx.exec(join, &values(guardian, None))?;
        for number in 0..=usize::from(parent % 2 == 0) {
            let age = 6 + i64::try_from((parent + number * 3) % 7).unwrap_or_default();
            let birth = today.plus(-age * 365 - 100);
            let new = NewPerson {
                phone: None,
                name: &people::child(parent, number),
                lang: Lang::Zh,
            };
            let id = create(tx, now_ms, new)?;
            tx.exec(join, &values(&id, Some(birth)))?;
            tx.exec(
                "insert into consent (id, person_id, guardian_id, version, given_at, actor_id)
                values ($1, $2, $3, $4, $5, $3)",
                &[
                    clock::new_id(now_ms).into(),
                    (&id).into(),
                    guardian.into(),
                    CONSENT_VERSION.into(),
                    (now_ms / 1000 - 86_400).into(),
                ],
            )?;
            children.push(Child {
                id,
                guardian: guardian.clone(),
                birth,
            });
        }
    }
    Ok(children)
}
