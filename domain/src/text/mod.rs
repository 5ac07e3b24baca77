//! Every sentence that a person reads, in every language, for app and server.
//!
//! A sentence is a method of [`Lang`]. The compiler refuses a missing translation and a wrong argument; a test
//! finds sentences that nobody says any more.

mod activity;
mod format;
mod house;
mod refusal;
mod screens;
mod words;

use serde::{Deserialize, Serialize};

/// A language of the interface.
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

/// A name that carries its own translations.
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

    /// The name in that language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// Turns lines `key "中文" "English"` and `key(argument: Type) "…{argument}…" "…"` into methods of [`Lang`].
macro_rules! catalogue {
    ($list:ident: $($key:ident $(($($arg:ident: $type:ty),+))? $zh:literal $en:literal)*) => {
        impl crate::text::Lang {
            $(catalogue!(@one $key $(($($arg: $type),+))? $zh $en);)*
        }

        /// The keys of this part of the catalogue.
        #[cfg(test)]
        pub(crate) const $list: &[&str] = &[$(stringify!($key)),*];
    };
    (@one $key:ident $zh:literal $en:literal) => {
        #[doc = $en]
        pub fn $key(self) -> &'static str {
            match self {
                Self::Zh => $zh,
                Self::En => $en,
            }
        }
    };
    (@one $key:ident ($($arg:ident: $type:ty),+) $zh:literal $en:literal) => {
        #[doc = $en]
        pub fn $key(self, $($arg: $type),+) -> String {
            match self {
                Self::Zh => format!($zh),
                Self::En => format!($en),
            }
        }
    };
}
use catalogue;

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn sources(folder: &Path, text: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, text);
            } else if path.extension().is_some_and(|end| end == "rs") {
                text.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }

    #[test]
    fn every_sentence_is_said_somewhere() {
        let mut text = String::new();
        for part in ["domain/src", "app/src", "server/src"] {
            sources(
                &Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(part),
                &mut text,
            );
        }
        let keys = [
            activity::KEYS,
            house::KEYS,
            screens::KEYS,
            words::KEYS,
            refusal::KEYS,
        ]
        .concat();
        let unused: Vec<_> = keys
            .into_iter()
            .filter(|key| {
                !text.contains(&format!(".{key}(")) && !text.contains(&format!("Lang::{key}"))
            })
            .collect();
        assert!(unused.is_empty(), "sentences that nobody says: {unused:?}");
    }

    #[test]
    fn languages_are_chosen_by_what_the_browser_wants() {
        assert_eq!(Lang::choose("en-GB,en;q=0.9,zh;q=0.8"), Lang::En);
        assert_eq!(Lang::choose("fr, zh-TW"), Lang::Zh);
        assert_eq!(Lang::choose("é,中文,*"), Lang::Zh);
    }
}
