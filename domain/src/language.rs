//! Languages of the interface, and names that carry their own translations.

use serde::{Deserialize, Serialize};

/// A language of the interface.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// Simplified Chinese, the source.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// All languages, each with its own name for itself.
    pub const ALL: [(Self, &'static str); 2] = [(Self::Zh, "中文"), (Self::En, "English")];

    /// The tag for HTML and HTTP (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// The direction in which it is written (HTML, `dir`).
    pub fn direction(self) -> &'static str {
        match self {
            Self::Zh | Self::En => "ltr",
        }
    }

    /// The first known language of an `Accept-Language` header or a tag; Chinese when there is none.
    pub fn choose(wanted: &str) -> Self {
        let mut wanted = wanted.split(',').map(|tag| tag.trim().to_ascii_lowercase());
        wanted
            .find_map(|tag| match tag.get(0..2) {
                Some("zh") => Some(Self::Zh),
                Some("en") => Some(Self::En),
                _ => None,
            })
            .unwrap_or_default()
    }
}

/// A text as it is compared in a search: small letters, and the letters and digits of a Chinese keyboard's full width as others type
/// them. Covers Latin, Greek and Cyrillic letters; the standard library's tables for all others would be paid by every phone.
///
/// ```
/// use domain::language::fold;
/// assert_eq!(fold("ＣＬＵＢ Ёлка １２"), "club ёлка 12");
/// ```
pub fn fold(text: &str) -> String {
    text.chars().map(fold_letter).collect()
}

fn fold_letter(letter: char) -> char {
    let shifted = |by: i32| {
        let code = i32::try_from(u32::from(letter)).unwrap_or_default() + by;
        u32::try_from(code).ok().and_then(char::from_u32)
    };
    let small = match letter {
        'A'..='Z' | 'À'..='Ö' | 'Ø'..='Þ' | 'Α'..='Ρ' | 'Σ'..='Ϋ' | 'А'..='Я' => {
            shifted(32)
        }
        'Ѐ'..='Џ' => shifted(80),
        // Full width: as far from the ordinary ones as the first is.
        'Ａ'..='Ｚ' => shifted(32 - 0xfee0),
        '！'..='～' => shifted(-0xfee0),
        '\u{3000}' => Some(' '),
        _ => None,
    };
    small.unwrap_or(letter)
}

/// A name that carries its own translations.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Name {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Name {
    /// From both texts.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            zh: zh.into(),
            en: en.into(),
        }
    }

    /// Whether the name, in any language, has a part that was folded by [`fold`].
    pub fn has(&self, folded: &str) -> bool {
        fold(&self.zh).contains(folded) || fold(&self.en).contains(folded)
    }

    /// From a text in one language, or in none, and what it is in the other.
    pub fn told(lang: Option<Lang>, text: String, other: String) -> Self {
        match lang {
            Some(Lang::Zh) => Self::new(text, other),
            Some(Lang::En) => Self::new(other, text),
            None => Self::new(text.clone(), text),
        }
    }

    /// The name in that language; where it has none in it, in the other.
    pub fn get(&self, lang: Lang) -> &str {
        let (own, other) = match lang {
            Lang::Zh => (&self.zh, &self.en),
            Lang::En => (&self.en, &self.zh),
        };
        if own.is_empty() { other } else { own }
    }

    /// True where it says nothing in any language.
    pub fn is_empty(&self) -> bool {
        self.zh.is_empty() && self.en.is_empty()
    }

    /// What stands there in that language, if anything.
    pub fn only(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_a_translation_is_never_empty() {
        let name = Name::told(Some(Lang::En), "Chess".to_owned(), String::new());
        assert_eq!((name.get(Lang::Zh), name.get(Lang::En)), ("Chess", "Chess"));
        assert_eq!(name.only(Lang::Zh), "");
        let both = Name::told(Some(Lang::Zh), "象棋".to_owned(), "Chess".to_owned());
        assert_eq!((both.get(Lang::Zh), both.get(Lang::En)), ("象棋", "Chess"));
        let any = Name::told(None, "Go".to_owned(), String::new());
        assert_eq!((any.get(Lang::Zh), any.only(Lang::En)), ("Go", "Go"));
    }

    #[test]
    fn languages_are_chosen_by_what_the_browser_wants() {
        assert_eq!(Lang::choose("en-GB,en;q=0.9,zh;q=0.8"), Lang::En);
        assert_eq!(Lang::choose("fr, zh-TW"), Lang::Zh);
        assert_eq!(Lang::choose("é,中文,*"), Lang::Zh);
    }
}
