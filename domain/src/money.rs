//! Prices: fen in data, yuan for people.

/// A price in fen, from yuan as people write them: `12`, `12.5` or `12.50`.
pub fn fen(yuan: &str) -> Option<u32> {
    let yuan = yuan.trim();
    let (whole, rest) = yuan.split_once('.').unwrap_or((yuan, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(rest) || rest.len() > 2 {
        return None;
    }
    let rest: u32 = format!("{rest:0<2}").parse().ok()?;
    whole
        .parse::<u32>()
        .ok()?
        .checked_mul(100)?
        .checked_add(rest)
}

/// A price in yuan, from fen: `12` or `12.50`.
pub fn yuan(fen: u32) -> String {
    match fen % 100 {
        0 => (fen / 100).to_string(),
        rest => format!("{}.{rest:02}", fen / 100),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_read_as_people_write_it() {
        let read = ["0", "12", "12.5", " 12.50 ", "0.05"].map(fen);
        assert_eq!(read, [Some(0), Some(1200), Some(1250), Some(1250), Some(5)]);
        for text in ["", ".", "12.", "12.505", "-1", "1e3", "四", "99999999999"] {
            assert_eq!(fen(text), None, "{text}");
        }
        for price in [0, 5, 1200, 1250] {
            assert_eq!(fen(&yuan(price)), Some(price));
        }
    }
}
