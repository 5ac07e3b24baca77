//! Checks the structure of the code: no import circle, no lower floor that imports a higher one, SQL in its place.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Item, UseTree};

use crate::shell::{Done, root};

/// The floors of `domain`, from the ground. A module may import its own floor and those below it.
const FLOORS: &[&[&str]] = &[
    &["time", "recurrence", "id", "money", "decimal", "language"],
    &["person"],
    &["centre"],
    &["booking"],
    &["activity", "club", "feed"],
    &["sign_up", "case"],
    &["page"],
    &["audit", "figures", "hook", "message"],
    &["problem", "text"],
    &["api"],
    &["view"],
];

/// Parts of a crate that may not import others of it.
const WALLS: &[(&str, &str, &[&str])] = &[
    ("server", "db", &["usecase", "http", "state", "demo"]),
    ("server", "usecase", &["http", "state", "demo", "jobs"]),
    ("app", "components", &["pages"]),
];

/// Where SQL may stand.
const SQL: &[&str] = &["db", "usecase", "demo"];

/// The modules of one crate, by path (`booking::admission`; the root is empty), with the modules that each imports.
struct Modules(BTreeMap<String, BTreeSet<String>>);

/// Fails with a sentence per fault.
pub(crate) fn check() -> Done {
    let mut faults = Vec::new();
    for name in ["domain", "server", "app", "xtask"] {
        let files = sources(&root().join(name).join("src"))?;
        let modules = Modules::read(&files)?;
        faults.extend(
            modules
                .circle()
                .map(|circle| format!("{name}: import circle {circle}")),
        );
        modules.check_walls(name, &mut faults);
        if name == "domain" {
            modules.check_floors(&mut faults);
        }
        if name == "server" {
            for (module, file) in &files {
                let part = module.split("::").next().unwrap_or_default();
                if !SQL.contains(&part) && holds_sql(file.to_token_stream()) {
                    faults.push(format!("server: SQL in `{module}`"));
                }
            }
        }
    }
    match faults.is_empty() {
        true => Ok(()),
        false => Err(faults.join("\n")),
    }
}

/// All source files below `src`, parsed, without their tests, by module path.
fn sources(src: &Path) -> Result<BTreeMap<String, syn::File>, String> {
    let mut found = BTreeMap::new();
    let mut folders: Vec<PathBuf> = vec![src.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(|cause| cause.to_string())? {
            let path = entry.map_err(|cause| cause.to_string())?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = fs::read_to_string(&path).map_err(|cause| cause.to_string())?;
                let mut file = syn::parse_file(&text)
                    .map_err(|cause| format!("{}: {cause}", path.display()))?;
                file.items
                    .retain(|item| !matches!(item, Item::Mod(part) if is_test(&part.attrs)));
                found.insert(module(src, &path), file);
            }
        }
    }
    Ok(found)
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .any(|one| one.to_token_stream().to_string().contains("test"))
}

fn module(src: &Path, path: &Path) -> String {
    let path = path.strip_prefix(src).unwrap_or(path).with_extension("");
    let mut parts: Vec<_> = path
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    if parts
        .last()
        .is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str()))
    {
        parts.pop();
    }
    parts.join("::")
}

impl Modules {
    fn read(files: &BTreeMap<String, syn::File>) -> Result<Self, String> {
        let mut modules = Self(
            files
                .keys()
                .map(|name| (name.clone(), BTreeSet::new()))
                .collect(),
        );
        for (name, file) in files {
            let mut paths = Vec::new();
            let mut names: BTreeMap<String, String> = BTreeMap::new();
            for item in &file.items {
                if let Item::Use(item) = item {
                    read_tree(&item.tree, Vec::new(), &mut paths);
                }
            }
            let mut imports = BTreeSet::new();
            for (path, known_as) in paths {
                let Some(full) = modules.absolute(name, &path) else {
                    continue;
                };
                // A module that is imported by name is followed to where the name is used.
                if modules.0.contains_key(&full) {
                    names.insert(known_as, full);
                } else {
                    imports.extend(modules.home(&full));
                }
            }
            let mut used = Vec::new();
            read_paths(file.to_token_stream(), &mut used);
            for path in used {
                let full = match names.get(&path[0]) {
                    Some(module) => Some(format!("{module}::{}", path[1..].join("::"))),
                    None if ["crate", "super", "self"].contains(&path[0].as_str()) => {
                        modules.absolute(name, &path)
                    }
                    None => None,
                };
                // A module as such, as in `pub(in crate::http)`, is no import.
                let full = full.filter(|full| !modules.0.contains_key(full));
                imports.extend(full.and_then(|full| modules.home(&full)));
            }
            imports.remove(name);
            modules.0.insert(name.clone(), imports);
        }
        Ok(modules)
    }

    /// A path from `crate::`, `super::` or `self::`, written from the root.
    fn absolute(&self, from: &str, path: &[String]) -> Option<String> {
        let mut at: Vec<&str> = from.split("::").filter(|part| !part.is_empty()).collect();
        let mut rest = path;
        match path.first()?.as_str() {
            "crate" => at.clear(),
            "self" => {}
            "super" => {
                at.pop();
            }
            first => {
                let child = [from, first].join(if from.is_empty() { "" } else { "::" });
                return self
                    .0
                    .contains_key(&child)
                    .then(|| [&[child], &path[1..]].concat().join("::"));
            }
        }
        rest = &rest[1..];
        while rest.first().is_some_and(|part| part == "super") {
            at.pop();
            rest = &rest[1..];
        }
        let parts: Vec<&str> = at
            .into_iter()
            .chain(rest.iter().map(String::as_str))
            .collect();
        Some(parts.join("::"))
    }

    /// The module in which what a path names is found.
    fn home(&self, path: &str) -> Option<String> {
        let mut path = path;
        loop {
            if self.0.contains_key(path) {
                return Some(path.to_owned());
            }
            path = path.rsplit_once("::").map_or("", |(before, _)| before);
            if path.is_empty() {
                return self.0.contains_key("").then(String::new);
            }
        }
    }

    /// Modules that import each other around, if there are some.
    fn circle(&self) -> Option<String> {
        fn walk<'a>(
            modules: &'a Modules,
            way: &mut Vec<&'a str>,
            done: &mut BTreeSet<&'a str>,
        ) -> Option<String> {
            let here = *way.last()?;
            for next in &modules.0[here] {
                if let Some(begin) = way.iter().position(|one| *one == next) {
                    return Some([&way[begin..], &[next]].concat().join(" → "));
                }
                if done.contains(next.as_str()) {
                    continue;
                }
                way.push(next);
                if let Some(circle) = walk(modules, way, done) {
                    return Some(circle);
                }
                way.pop();
            }
            done.insert(here);
            None
        }
        let mut done = BTreeSet::new();
        self.0
            .keys()
            .find_map(|name| walk(self, &mut vec![name], &mut done))
    }

    fn check_floors(&self, faults: &mut Vec<String>) {
        let part = |module: &str| module.split("::").next().unwrap_or_default().to_owned();
        let floor = |part: &str| FLOORS.iter().position(|floor| floor.contains(&part));
        for (name, imports) in &self.0 {
            let own = part(name);
            if own.is_empty() || own == "samples" {
                continue;
            }
            let Some(height) = floor(&own) else {
                faults.push(format!(
                    "domain: `{own}` has no floor in xtask/src/structure.rs"
                ));
                continue;
            };
            for import in imports {
                let other = part(import);
                if floor(&other).is_some_and(|above| above > height) {
                    faults.push(format!(
                        "domain: `{name}` imports `{import}` from a floor above"
                    ));
                }
            }
        }
    }

    fn check_walls(&self, name: &str, faults: &mut Vec<String>) {
        let within =
            |module: &str, part: &str| module == part || module.starts_with(&format!("{part}::"));
        for (_, part, barred) in WALLS.iter().filter(|(of, ..)| *of == name) {
            for (module, imports) in self.0.iter().filter(|(module, _)| within(module, part)) {
                for import in imports {
                    if barred.iter().any(|barred| within(import, barred)) {
                        faults.push(format!("{name}: `{module}` imports `{import}`"));
                    }
                }
            }
        }
    }
}

/// The paths of a `use`, each with the name by which it is known afterwards.
fn read_tree(tree: &UseTree, mut before: Vec<String>, found: &mut Vec<(Vec<String>, String)>) {
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            read_tree(&path.tree, before, found);
        }
        UseTree::Name(name) if name.ident == "self" => {
            let known_as = before.last().cloned().unwrap_or_default();
            found.push((before, known_as));
        }
        UseTree::Name(name) => {
            before.push(name.ident.to_string());
            found.push((before, name.ident.to_string()));
        }
        UseTree::Rename(name) => {
            if name.ident != "self" {
                before.push(name.ident.to_string());
            }
            found.push((before, name.rename.to_string()));
        }
        UseTree::Glob(_) => {
            found.push((before.clone(), before.last().cloned().unwrap_or_default()));
        }
        UseTree::Group(group) => {
            for tree in &group.items {
                read_tree(tree, before.clone(), found);
            }
        }
    }
}

/// All paths of two or more names, also within macros. Those of `use` come along, which does no harm.
fn read_paths(tokens: TokenStream, found: &mut Vec<Vec<String>>) {
    let mut path: Vec<String> = Vec::new();
    let (mut colons, mut dotted) = (0, false);
    let mut end = |path: &mut Vec<String>| {
        if path.len() > 1 {
            found.push(path.clone());
        }
        path.clear();
    };
    let mut inner = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Ident(name) => {
                if colons != 2 {
                    end(&mut path);
                }
                if !(dotted && path.is_empty()) {
                    path.push(name.to_string());
                }
                (colons, dotted) = (0, false);
            }
            TokenTree::Punct(mark) if mark.as_char() == ':' => colons += 1,
            other => {
                end(&mut path);
                colons = 0;
                dotted = matches!(&other, TokenTree::Punct(mark) if mark.as_char() == '.');
                if let TokenTree::Group(group) = other {
                    inner.push(group.stream());
                }
            }
        }
    }
    end(&mut path);
    for tokens in inner {
        read_paths(tokens, found);
    }
}

fn holds_sql(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => holds_sql(group.stream()),
        TokenTree::Literal(literal) => {
            let text = literal.to_string();
            let text = text.trim_start_matches(['r', '#', '"', ' ', '\n']);
            ["select ", "insert into ", "update ", "delete from "]
                .iter()
                .any(|word| text.starts_with(word))
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modules(files: &[(&str, &str)]) -> Modules {
        let files = files
            .iter()
            .map(|(name, text)| ((*name).to_owned(), syn::parse_file(text).unwrap()));
        Modules::read(&files.collect()).unwrap()
    }

    #[test]
    fn circles_are_found_also_through_names_of_modules() {
        let house = modules(&[
            ("", "mod a; mod b;"),
            ("a", "use crate::b; fn f() { b::g() }"),
            ("b", "mod c;"),
            ("b::c", "use super::super::a::f; use super::D;"),
        ]);
        assert_eq!(
            house.circle(),
            None,
            "a module that is only named is not imported"
        );
        let house = modules(&[
            ("", ""),
            ("a", "use crate::b; fn f() { b::c::g() }"),
            ("b", "mod c;"),
            ("b::c", "use super::super::a::f;"),
        ]);
        assert_eq!(house.circle().unwrap(), "a → b::c → a");
    }

    #[test]
    fn a_floor_imports_none_above_it() {
        let mut faults = Vec::new();
        let house = modules(&[
            ("", ""),
            ("person", "use crate::{booking::Booking, time::Date};"),
            ("booking", "use crate::person::Person;"),
            ("time", ""),
            ("attic", ""),
        ]);
        house.check_floors(&mut faults);
        assert_eq!(faults.len(), 2, "{faults:?}");
    }

    #[test]
    fn sql_is_known_by_its_first_word() {
        let holds = |text: &str| holds_sql(text.parse().unwrap());
        assert!(holds("fn f() { tx.exec(\"delete from booking\") }"));
        assert!(!holds("fn f() { say(\"please select a room\") }"));
    }
}
