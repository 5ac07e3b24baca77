//! Decimals: lengths read and written with a few digits after the point.
//!
//! The standard library reads and writes floats to the last bit, which takes 25 KB of tables and code in the app. Metres and shares
//! have no more than six digits.

use std::fmt;

/// The most digits after the point.
const MOST: usize = 6;

/// A value written with at most so many digits after the point (0 to 6), without zeros at the end.
///
/// ```
/// use domain::decimal::Decimal;
/// assert_eq!(Decimal(12.5, 2).to_string(), "12.5");
/// assert_eq!(Decimal(-0.005, 2).to_string(), "-0.01");
/// assert_eq!(Decimal(3.0, 2).to_string(), "3");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Decimal(pub f64, pub u8);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = usize::from(self.1).min(MOST);
        let scale = 10_u64.pow(digits as u32);
        let whole = (self.0.abs() * scale as f64).round() as u64;
        if self.0 < 0.0 && whole > 0 {
            f.write_str("-")?;
        }
        let (units, mut rest) = (whole / scale, whole % scale);
        if rest == 0 {
            return write!(f, "{units}");
        }
        let mut width = digits;
        while rest.is_multiple_of(10) {
            rest /= 10;
            width -= 1;
        }
        write!(f, "{units}.{rest:0width$}")
    }
}

/// Reads a value that is not negative: up to nine digits, and up to six after a point.
///
/// ```
/// use domain::decimal::read;
/// assert_eq!(read("12.35"), Some(12.35));
/// assert_eq!(read("-1"), None);
/// assert_eq!(read("1e3"), None);
/// ```
pub fn read(text: &str) -> Option<f64> {
    let (units, rest) = text.split_once('.').unwrap_or((text, "0"));
    let sound = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
    };
    if !sound(units, 9) || !sound(rest, MOST) {
        return None;
    }
    let scale = 10_u64.pow(rest.len() as u32);
    let whole = units.parse::<u64>().ok()? * scale + rest.parse::<u64>().ok()?;
    Some(whole as f64 / scale as f64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(thousandths in 0u64..100_000_000) {
            let value = thousandths as f64 / 1000.0;
            prop_assert_eq!(read(&Decimal(value, 3).to_string()), Some(value));
            prop_assert_eq!(Decimal(value, 6).to_string(), value.to_string());
        }

        #[test]
        fn it_reads_as_the_standard_library_does(units in 0u32..1_000_000, rest in "[0-9]{1,6}") {
            let text = format!("{units}.{rest}");
            prop_assert_eq!(read(&text), text.parse().ok());
        }
    }
}
