//! Every sentence that a person reads, in every language, for app and server.
//!
//! A sentence is a method of [`Lang`](crate::language::Lang). The compiler refuses a missing translation and a wrong argument; a test
//! finds sentences that nobody says any more.

mod access;
mod activity;
mod case;
mod desk;
mod figures;
mod format;
mod push;
pub mod question;
mod refusal;
mod screens;
mod second_factor;
mod series;
mod settings;
mod waitlist;
mod words;

/// Turns lines `key "中文" "English"` and `key(argument: Type) "…{argument}…" "…"` into methods of [`Lang`](crate::language::Lang).
/// `"{argument} cats" / "{argument} cat"` takes the latter where the first argument is one (the plural categories of English, CLDR).
macro_rules! catalogue {
    ($list:ident: $($key:ident $(($($arg:ident: $type:ty),+))? $zh:literal $en:literal $(/ $one:literal)?)*) => {
        impl crate::language::Lang {
            $(catalogue!(@one $key $(($($arg: $type),+))? $zh $en $(/ $one)?);)*
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
    (@one $key:ident ($count:ident: $number:ty $(, $arg:ident: $type:ty)*) $zh:literal $en:literal / $one:literal) => {
        #[doc = $en]
        pub fn $key(self, $count: $number $(, $arg: $type)*) -> String {
            match self {
                Self::Zh => format!($zh),
                Self::En if $count == 1 => format!($one),
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
            access::KEYS,
            activity::KEYS,
            case::KEYS,
            desk::KEYS,
            figures::KEYS,
            screens::KEYS,
            push::KEYS,
            words::KEYS,
            refusal::KEYS,
            second_factor::KEYS,
            settings::KEYS,
            series::KEYS,
            waitlist::KEYS,
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
}
