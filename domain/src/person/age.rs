//! Age, and who is a child to the law.

use crate::time::Date;

/// From this age on, in years, a person agrees for themselves to what is stored about them; below it a guardian does
/// (Personal Information Protection Law of the PRC, article 31).
pub const AGE_OF_CONSENT: u8 = 14;

/// Whole years on a day. Whoever was born on 29 February has a birthday on 1 March in other years (Civil Code of the
/// PRC, article 1259: a term begins on the day itself).
pub fn age_on(birth: Date, day: Date) -> u8 {
    let ((year, month, date), (now_year, now_month, now_date)) = (birth.ymd(), day.ymd());
    let had_birthday = (now_month, now_date) >= (month, date);
    let years = now_year - year - i32::from(!had_birthday);
    u8::try_from(years.max(0)).unwrap_or(u8::MAX)
}

/// True when a guardian must agree to what is stored about somebody.
pub fn needs_consent(birth: Option<Date>, today: Date) -> bool {
    birth.is_some_and(|birth| age_on(birth, today) < AGE_OF_CONSENT)
}

/// From this age on, in years, somebody is an adult (Civil Code of the PRC, article 17).
const ADULT: u8 = 18;

/// True for somebody of whom it is known that they are an adult.
pub fn is_adult(birth: Option<Date>, today: Date) -> bool {
    birth.is_some_and(|birth| age_on(birth, today) >= ADULT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn an_age_changes_on_the_birthday() {
        let born = day("2014-11-26");
        assert_eq!(age_on(born, day("2026-11-25")), 11);
        assert_eq!(age_on(born, day("2026-11-26")), 12);
        assert_eq!(age_on(day("2020-02-29"), day("2026-02-28")), 5);
        assert_eq!(age_on(day("2020-02-29"), day("2026-03-01")), 6);
        assert_eq!(age_on(day("2027-01-01"), day("2026-11-26")), 0);
    }
}
