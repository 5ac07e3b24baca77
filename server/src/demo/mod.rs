//! The demo: real centres from their files, and four weeks back and four ahead that look like a lived-in house.
//! From a seed and relative to today, so that the same seed on the same day makes the same house.

mod activities;
mod cases;
mod dice;
mod families;
mod house;
mod people;
mod records;
mod recurring;

use std::sync::Arc;

use domain::{
    centre::Centre,
    language::Lang,
    person::{Phone, permission::Role},
    time::Date,
};

use self::{
    dice::Dice,
    families::make_families,
    house::DemoCentre,
    recurring::{Recurring, broken},
};
use crate::{
    db::{Fail, Tx},
    usecase::{
        Call,
        centre::{self, known::Known, save::NotSaved},
        person::{NewPerson, create, role::grant},
    },
    zone::Zone,
};

/// The centre files, in the order in which the app lists them.
pub const FILES: [&str; 7] = [
    include_str!("../../centres/xizhan.toml"),
    include_str!("../../centres/lijingjie.toml"),
    include_str!("../../centres/zhangqian.toml"),
    include_str!("../../centres/liuyi.toml"),
    include_str!("../../centres/binhu.toml"),
    include_str!("../../centres/shengtaiyuan.toml"),
    include_str!("../../centres/harbour.toml"),
];

/// What recurs in the houses.
const SESSIONS: &str = include_str!("../../centres/sessions.toml");

/// What was made.
#[derive(Clone, Copy, Debug, Default)]
pub struct DemoCounts {
    /// Centres.
    pub centres: usize,
    /// People.
    pub people: usize,
    /// Bookings.
    pub bookings: usize,
    /// Sign-ups.
    pub sign_ups: usize,
}

/// True when the database has a centre.
///
/// # Errors
/// When the database fails.
pub fn is_taken(tx: &mut Tx<'_>) -> Result<bool, Fail> {
    Ok(tx.opt("select 1 from centre limit 1", &[])?.is_some())
}

/// Fills an empty database.
///
/// # Errors
/// When it is not empty, or a centre file is at fault.
pub fn fill(tx: &mut Tx<'_>, now_ms: i64, seed: u64) -> Result<DemoCounts, Fail> {
    if is_taken(tx)? {
        return Err(broken(
            "the database is not empty; the demo fills a new one",
        ));
    }
    let mut dice = Dice::new(seed);
    tx.exec(
        "insert into setting (name, value) values ('demo', $1)",
        &[seed.to_string().into()],
    )?;
    let mut folk = Vec::new();
    for number in 0..people::COUNT {
        let phone = Phone::parse(&format!("{}", 13_800_000_000u64 + number as u64));
        let old = number >= people::COUNT - people::WITHOUT_PHONE;
        let new = NewPerson {
            phone: phone.as_ref().filter(|_| !old),
            name: &people::name(number),
            lang: Lang::Zh,
        };
        let id = create(tx, now_ms, new)?;
        if old {
            let birth = Date::from_days(now_ms / 86_400_000).plus(-(78 + number as i64 % 9) * 365);
            tx.exec(
                "update person set birth = $2 where id = $1",
                &[(&id).into(), birth.to_string().into()],
            )?;
        }
        folk.push(id);
    }
    // The first four are the accounts of the sign-in page.
    for (role, person) in Role::ALL.into_iter().zip(&folk) {
        let name = format!("demo-{}", role.code());
        tx.exec(
            "insert into setting (name, value) values ($1, $2)",
            &[name.into(), person.into()],
        )?;
        if role > Role::Resident {
            grant(tx, person, None, role)?;
        }
    }
    // One house has somebody of its own.
    grant(tx, &folk[4], Some(&"liuyi".into()), Role::Staff)?;
    let children = make_families(tx, now_ms, &folk)?;
    let sessions: Recurring =
        toml::from_str(SESSIONS).map_err(|cause| broken(&cause.to_string()))?;
    let mut made = DemoCounts {
        people: folk.len() + children.len(),
        ..DemoCounts::default()
    };
    let call = Call::nobody(now_ms, &Arc::default());
    for file in FILES {
        let centre: Centre = toml::from_str(file).map_err(|cause| broken(&cause.to_string()))?;
        match centre::save::save(tx, &call, &centre, &[])? {
            Ok(_) => {}
            Err(NotSaved::Faults(faults)) => {
                let told: Vec<_> = faults
                    .iter()
                    .map(|fault| fault.sentence(Lang::En))
                    .collect();
                return Err(broken(&format!("{}: {}", centre.id, told.join(" "))));
            }
            Err(other) => return Err(broken(&format!("{}: {other:?}", centre.id))),
        }
        let zone = Zone::parse(&centre.zone).ok_or_else(|| broken("unknown zone"))?;
        let known = Known {
            centre,
            revision: 1,
            zone,
        };
        let mut house = DemoCentre {
            tx,
            known: &known,
            now_ms,
            folk: &folk,
            children: &children,
            dice: &mut dice,
            taken: Vec::new(),
            made: 0,
            resident_missed: false,
            explained: false,
            sign_ups: 0,
        };
        house.live(&sessions)?;
        house.cases()?;
        made.sign_ups += house.sign_ups;
        made.bookings += house.made;
        made.centres += 1;
    }
    Ok(made)
}
