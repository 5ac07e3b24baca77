//! Cutting the app into the part that every visit loads and parts that are fetched when a page of theirs is first
//! opened. trunk calls this after each build, with the files it is about to publish in a folder.
//!
//! The functions marked with `wasm_split` are the seams. Cutting needs what the linker knows about addresses
//! (`--emit-relocs`), so it starts from the linker's output, and what trunk made of that is replaced.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use crate::{
    build,
    shell::{Done, command, finish, which},
};

/// What today's browsers understand; wasm-opt would otherwise refuse what the compiler made.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// For what every visit loads: loops and branches are made anew from flat code, which takes 3.6 KB less over the wire than `-Oz`
/// alone, and minutes for the parts that come later. No address below 1,024 is ever read: the stack ends there, and overflows before.
const SHRINK: [&str; 5] = [
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--low-memory-unused",
];

/// The module that connects the parts, as the cutter names it.
const LINK: &str = "__wasm_split.js";

/// Replaces the program in trunk's staging folder by its parts.
pub(crate) fn split() -> Done {
    let said = |name: &str| std::env::var_os(name).ok_or("this is for trunk to call");
    let stage = PathBuf::from(said("TRUNK_STAGING_DIR")?);
    let release = said("TRUNK_PROFILE")? == "release";
    let profile = if release { "wasm-release" } else { "debug" };
    let linked = build::target()
        .join("wasm32-unknown-unknown")
        .join(profile)
        .join("app.wasm");
    let script = names(&stage)?
        .into_iter()
        .find(|name| name.starts_with("app-") && name.ends_with(".js"))
        .ok_or("trunk made no script")?;
    let name = script.trim_end_matches(".js");
    let hash = name.trim_start_matches("app-");

    let parts = stage.join("parts");
    finish(
        command("wasm-split-cli")
            .arg(&linked)
            .arg(&parts)
            .args(["--out-name", name]),
    )?;
    finish(
        command("wasm-bindgen")
            .args(["--target", "web", "--no-typescript", "--keep-lld-exports"])
            .args(["--out-name", name, "--out-dir"])
            .arg(&stage)
            .arg(parts.join(format!("{name}.wasm"))),
    )?;
    let link = format!("split-{hash}.js");
    // Only where it is fetched from: inside of the program the module keeps its name.
    let fetched = |name: &str| format!("from \"./{name}\"");
    replace(&stage.join(&script), &[(fetched(LINK), fetched(&link))])?;
    let mut renamed = Vec::new();
    for part in names(&parts)? {
        let Some(stem) = part.strip_suffix(".wasm").filter(|stem| *stem != name) else {
            continue;
        };
        let published = format!("{}-{hash}.wasm", stem.trim_start_matches("split_"));
        move_file(&parts.join(&part), &stage.join(&published))?;
        renamed.push((part, published));
    }
    move_file(&parts.join(LINK), &stage.join(&link))?;
    replace(&stage.join(&link), &renamed)?;
    fs::remove_dir_all(&parts).map_err(|cause| cause.to_string())?;
    // The script imports the connecting module: told of early, the browser fetches both at once.
    let preload = format!("<link rel=\"modulepreload\" href=\"/{link}\">");
    replace(
        &stage.join("index.html"),
        &[("</head>".to_owned(), format!("{preload}</head>"))],
    )?;
    if release && which(&["esbuild"]).is_some() {
        for name in names(&stage)? {
            // Into the service worker the server writes the files of the build, at a mark that is a comment.
            if name != "sw.js" && (name.ends_with(".js") || name.ends_with(".css")) {
                let file = stage.join(name);
                finish(
                    command("esbuild")
                        .args(["--minify", "--log-level=error", "--allow-overwrite"])
                        .arg(&file)
                        .arg(format!("--outfile={}", file.display())),
                )?;
            }
        }
    }
    if release {
        shorten_imports(&stage.join(&script), &stage.join(format!("{name}_bg.wasm")))?;
    }
    if release && which(&["wasm-opt"]).is_some() {
        for part in names(&stage)?.iter().filter(|name| name.ends_with(".wasm")) {
            let file = stage.join(part);
            let how: &[&str] = if part.starts_with(name) {
                &SHRINK
            } else {
                &["-Oz"]
            };
            finish(
                command("wasm-opt")
                    .args(FEATURES)
                    .args(["--strip-producers", "--strip-target-features"])
                    .args(how)
                    .arg(&file)
                    .arg("-o")
                    .arg(&file),
            )?;
        }
    }
    Ok(())
}

/// Gives what the program imports from its script short names. wasm-bindgen ends each with sixteen digits of a hash, which no
/// compression makes smaller, and which both files carry.
fn shorten_imports(script: &Path, program: &Path) -> Done {
    let told = |path: &Path, cause: &dyn std::fmt::Display| format!("{}: {cause}", path.display());
    let mut text = fs::read_to_string(script).map_err(|cause| told(script, &cause))?;
    let mut module = walrus::Module::from_file(program).map_err(|cause| told(program, &cause))?;
    let mut short: BTreeMap<String, String> = BTreeMap::new();
    for import in module.imports.iter_mut() {
        let is_hashed = import
            .name
            .rsplit_once('_')
            .is_some_and(|(_, end)| end.len() == 16 && u64::from_str_radix(end, 16).is_ok());
        // A name that stands for nothing in the script is of another part.
        if is_hashed && text.contains(&import.name) {
            let next = format!("i{}", short.len());
            let name = short.entry(import.name.clone()).or_insert(next);
            import.name.clone_from(name);
        }
    }
    if short.is_empty() {
        return Err(
            "no import of the program ends in a hash any more: shorten_imports can go".to_owned(),
        );
    }
    for (long, name) in &short {
        text = text.replace(long, name);
    }
    fs::write(script, text).map_err(|cause| told(script, &cause))?;
    module
        .emit_wasm_file(program)
        .map_err(|cause| told(program, &cause))
}

fn names(folder: &Path) -> Done<Vec<String>> {
    let entries = fs::read_dir(folder).map_err(|cause| format!("{}: {cause}", folder.display()))?;
    Ok(entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect())
}

fn move_file(from: &Path, to: &Path) -> Done {
    fs::rename(from, to).map_err(|cause| format!("{}: {cause}", from.display()))
}

fn replace(file: &Path, pairs: &[(String, String)]) -> Done {
    let mut text =
        fs::read_to_string(file).map_err(|cause| format!("{}: {cause}", file.display()))?;
    for (from, to) in pairs {
        if !text.contains(from) {
            return Err(format!("{} does not name {from}", file.display()));
        }
        text = text.replace(from, to);
    }
    fs::write(file, text).map_err(|cause| format!("{}: {cause}", file.display()))
}
