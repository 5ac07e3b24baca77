//! Figures: what stood against people is counted by rule.

use domain::{
    api::{Book, CountRefusal, GetFigures},
    booking::refusal::Refusal,
    figures::Rule,
    person::permission::Role,
    problem::Problem,
};

use super::fixture::{day, house, on_both, tomorrow};

#[test]
fn what_stood_against_people_is_counted_by_rule() {
    on_both(|town| {
        let (one, other) = (town.resident(), town.resident());
        let wanted = tomorrow("hall-a", "10:00", "11:00");
        one.ok::<Book>(&house(), &wanted);
        for _ in 0..2 {
            let problem = other.problem::<Book>(&house(), &wanted);
            assert!(matches!(
                problem,
                Problem::Refused {
                    refusal: Refusal::Taken { .. },
                    ..
                }
            ));
        }
        town.visitor().ok::<CountRefusal>(&house(), &Rule::Hours);
        town.visitor()
            .ok::<CountRefusal>(&"no-such-house".into(), &Rule::Hours);
        let manager = town.person(Some((Some("house"), Role::Manager)));
        for expected in [2, 4] {
            town.wait(server::jobs::write_refusals(&town.site));
            let figures = manager.ok::<GetFigures>(&(house(), day("2026-11-22")), &());
            assert_eq!(figures.refusals[0], (Rule::Taken, expected));
            assert_eq!(figures.refusals[1], (Rule::Hours, 1));
            assert_eq!(figures.refusals.len(), 2);
            for _ in 0..2 {
                other.problem::<Book>(&house(), &wanted);
            }
        }
        let figures = manager.ok::<GetFigures>(&(house(), day("2030-01-01")), &());
        assert_eq!(figures.until, day("2026-11-22"), "not what is to come");
    });
}
