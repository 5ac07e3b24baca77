//! Pinyin: whether a Chinese name sounds as somebody typed it in Latin letters, whole or by its initials.

use pinyin::ToPinyin;

/// The letters of a search by sound, without spaces; nothing where something else than letters was typed.
pub(super) fn letters(text: &str) -> Option<String> {
    let typed: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '\'' | '-'))
        .collect();
    let sounds = typed.len() >= 2 && typed.chars().all(|c| c.is_ascii_alphabetic());
    sounds.then(|| typed.to_ascii_lowercase())
}

/// Whether a name sounds like letters that [`letters`] gave: `wangguilan`, `guilan`, `wgl`, `gl`.
///
/// Of signs with several readings the first counts.
pub(super) fn sounds_like(name: &str, letters: &str) -> bool {
    let (mut whole, mut initials) = (String::new(), String::new());
    // Where each syllable begins: a search begins with one of them.
    let mut starts = Vec::new();
    for (sign, sound) in name.chars().zip(name.to_pinyin()) {
        starts.push(whole.len());
        if let Some(sound) = sound {
            whole.push_str(&sound.plain().replace('ü', "v"));
            initials.push_str(sound.first_letter());
        } else {
            let sign = sign.to_ascii_lowercase();
            whole.push(sign);
            initials.push(sign);
        }
    }
    initials.contains(letters) || starts.iter().any(|at| whole[*at..].starts_with(letters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_their_sound_and_their_initials() {
        for typed in ["wangguilan", "wang", "guilan", "wgl", "gl", "Wang Gui"] {
            let letters = letters(typed).unwrap();
            assert!(sounds_like("王桂兰", &letters), "{typed}");
        }
        for typed in ["angg", "wlan", "lg"] {
            assert!(!sounds_like("王桂兰", &letters(typed).unwrap()), "{typed}");
        }
        assert!(sounds_like("吕布", &letters("lvbu").unwrap()));
        assert!(sounds_like("阿依古丽·买买提", &letters("aygl").unwrap()));
        assert_eq!(letters("w"), None);
        assert_eq!(letters("王w"), None);
        assert_eq!(letters("13"), None);
    }
}
