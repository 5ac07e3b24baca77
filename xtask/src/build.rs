//! Building the app and the server.

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use crate::{
    shell::{Done, cargo, command, finish, root, step},
    tools::{self, Tools},
};

/// The app for release, in `app/dist`; nothing is done when it is newer than all it is made of.
pub(crate) fn app() -> Done {
    let sources = [
        "app",
        "domain",
        "public",
        "xtask/src/split.rs",
        "Cargo.toml",
        "Cargo.lock",
    ]
    .map(|name| root().join(name));
    let built = modified(&root().join("app/dist/index.html"));
    let newest = sources.iter().filter_map(|source| newest(source)).max();
    if built
        .zip(newest)
        .is_some_and(|(built, newest)| built > newest)
    {
        return Ok(());
    }
    let tools = tools::ensure()?;
    step("build the app", || trunk(&tools, &["build", "--release"]))
}

/// Runs trunk on the app with our own tools.
pub(crate) fn trunk(tools: &Tools, words: &[&str]) -> Done {
    let app = root().join("app");
    let mut trunk = command(&tools.trunk);
    trunk
        .current_dir(&app)
        .args(words)
        .arg("--offline=true")
        .env("PATH", tools.path()?)
        .env("NO_COLOR", "true");
    finish(&mut trunk)
}

/// The server for release with the app inside.
pub(crate) fn server() -> Done<PathBuf> {
    step("build the server", || {
        finish(cargo().args(["build", "--quiet", "--release", "--package", "server"]))
    })?;
    Ok(target().join("release").join("linli"))
}

/// Cargo's target folder.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|data| data.modified()).ok()
}

fn newest(path: &Path) -> Option<SystemTime> {
    let skipped = ["dist", "target", "node_modules"];
    if path.is_dir() {
        if path
            .file_name()
            .is_some_and(|name| skipped.iter().any(|skipped| name == *skipped))
        {
            return None;
        }
        return fs::read_dir(path)
            .ok()?
            .flatten()
            .filter_map(|entry| newest(&entry.path()))
            .max();
    }
    modified(path)
}

/// When the newest source of the server was changed.
pub(crate) fn newest_source() -> Option<SystemTime> {
    let sources = [
        "server/src",
        "server/migrations",
        "server/centres",
        "domain/src",
        "Cargo.lock",
    ];
    sources
        .iter()
        .filter_map(|name| newest(&root().join(name)))
        .max()
}
