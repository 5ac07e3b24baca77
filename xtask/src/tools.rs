//! The tools that build the app, pinned and kept in a per-user folder, so that a fresh clone does not build them again.

use std::path::{Path, PathBuf};

use crate::shell::{Done, cargo, command, finish, output, root, step, which};

/// The newest trunk that this Rust can build.
const TRUNK: &str = "0.21.14";
/// Cuts the app into parts; goes with the `wasm_split_helpers` that Leptos depends on.
const SPLIT: &str = "0.2.3";
/// The npm package that brings wasm-opt.
const BINARYEN: &str = "132.0.0";
/// Makes scripts and style sheets smaller.
const ESBUILD: &str = "0.28.2";

/// The folders with the tools, for the path.
pub(crate) struct Tools {
    folders: Vec<PathBuf>,
    /// trunk itself.
    pub(crate) trunk: PathBuf,
}

impl Tools {
    /// The path with the tools in front.
    pub(crate) fn path(&self) -> Done<std::ffi::OsString> {
        let old = std::env::var_os("PATH").unwrap_or_default();
        let all = self
            .folders
            .iter()
            .cloned()
            .chain(std::env::split_paths(&old));
        std::env::join_paths(all).map_err(|cause| cause.to_string())
    }
}

/// The per-user folder for tools: `$LINLI_TOOLS`, else below the user's cache.
pub(crate) fn cache() -> Done<PathBuf> {
    let home = || std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"));
    let chosen = std::env::var_os("LINLI_TOOLS").map(PathBuf::from);
    let below = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(home()?).join(".cache")));
    let folder = chosen.or_else(|| Some(below?.join("linli").join("tools")));
    let folder = folder.ok_or("neither LINLI_TOOLS nor HOME is set")?;
    std::fs::create_dir_all(&folder).map_err(|cause| format!("{}: {cause}", folder.display()))?;
    Ok(folder)
}

/// Makes sure that everything is there.
pub(crate) fn ensure() -> Done<Tools> {
    wasm_target()?;
    let cache = cache()?;
    let trunk = cache.join(format!("trunk-{TRUNK}"));
    install(
        &trunk,
        "trunk",
        TRUNK,
        &["--locked", "--no-default-features", "--features", "rustls"],
    )?;
    let version = locked("wasm-bindgen")?;
    let bindgen = cache.join(format!("wasm-bindgen-{version}"));
    install(&bindgen, "wasm-bindgen-cli", &version, &[])?;
    let split = cache.join(format!("wasm-split-{SPLIT}"));
    install(
        &split,
        "wasm_split_cli_support",
        SPLIT,
        &["--features", "build-binary"],
    )?;
    let mut folders = vec![trunk.join("bin"), bindgen.join("bin"), split.join("bin")];
    if which(&["npm"]).is_some() {
        for (package, version, program) in [
            ("binaryen", BINARYEN, "wasm-opt"),
            ("esbuild", ESBUILD, "esbuild"),
        ] {
            folders.push(npm(&cache, package, version, program)?);
        }
    } else {
        println!(
            "Node is not there: the app is built without wasm-opt and esbuild and will be larger than it could be."
        );
    }
    Ok(Tools {
        trunk: folders[0].join("trunk"),
        folders,
    })
}

/// The folder with a program of an npm package.
fn npm(cache: &Path, package: &str, version: &str, program: &str) -> Done<PathBuf> {
    let folder = cache.join(format!("{package}-{version}"));
    let bin = folder.join("node_modules").join(".bin");
    if !bin.join(program).exists() {
        step(&format!("install {program}"), || {
            finish(
                command("npm")
                    .args(["install", "--silent", "--no-audit", "--no-fund", "--prefix"])
                    .arg(&folder)
                    .arg(format!("{package}@{version}")),
            )
        })?;
    }
    Ok(bin)
}

/// Two programs that read calendar feeds, each by a library of its own; pinned with all that they need.
const CALENDAR_CLIENTS: &str = include_str!("calendar_clients.txt");

/// The folder with `vdirsyncer` and `khal`, for the tests of calendar feeds.
pub(crate) fn calendar_clients() -> Done<PathBuf> {
    let folder = cache()?.join("calendar-clients");
    let (bin, list) = (folder.join("bin"), folder.join("installed.txt"));
    if std::fs::read_to_string(&list).is_ok_and(|installed| installed == CALENDAR_CLIENTS) {
        return Ok(bin);
    }
    step("install vdirsyncer and khal (once per user)", || {
        finish(
            command("python3")
                .args(["-m", "venv", "--clear"])
                .arg(&folder),
        )?;
        let wanted = folder.join("wanted.txt");
        std::fs::write(&wanted, CALENDAR_CLIENTS).map_err(|cause| cause.to_string())?;
        let mut pip = command(bin.join("pip"));
        pip.args([
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--requirement",
        ]);
        finish(pip.arg(&wanted))
    })?;
    std::fs::write(list, CALENDAR_CLIENTS).map_err(|cause| cause.to_string())?;
    Ok(bin)
}

fn wasm_target() -> Done {
    let folder = output(command("rustc").args([
        "--print",
        "target-libdir",
        "--target",
        "wasm32-unknown-unknown",
    ]))?;
    if PathBuf::from(folder).is_dir() {
        return Ok(());
    }
    step("add the WebAssembly target", || {
        finish(command("rustup").args(["target", "add", "wasm32-unknown-unknown"])).map_err(|cause| {
            format!("{cause}\nThe app needs Rust's WebAssembly target. Install it with `rustup target add wasm32-unknown-unknown`, or the package of your system (Debian: libstd-rust-dev-wasm32), and try again.")
        })
    })
}

fn install(folder: &PathBuf, package: &str, version: &str, more: &[&str]) -> Done {
    // The tools are not optimised: they are built twice as fast, and what they make is the same.
    if folder.join(".crates.toml").exists() {
        return Ok(());
    }
    step(
        &format!("install {package} {version} (once per user, some minutes)"),
        || {
            let mut install = cargo();
            install
                .args(["install", "--debug", "--quiet", "--root"])
                .arg(folder)
                .args(more)
                .arg(format!("{package}@{version}"));
            // Built outside of this workspace's settings.
            finish(
                install
                    .current_dir(folder.parent().unwrap_or(folder))
                    .env_remove("CARGO_TARGET_DIR"),
            )
        },
    )
}

/// The version of a package in `Cargo.lock`.
fn locked(package: &str) -> Done<String> {
    let text = std::fs::read_to_string(root().join("Cargo.lock"))
        .map_err(|cause| format!("Cargo.lock: {cause}"))?;
    let lock: toml::Table = text
        .parse()
        .map_err(|cause| format!("Cargo.lock: {cause}"))?;
    let packages = lock
        .get("package")
        .and_then(toml::Value::as_array)
        .cloned()
        .unwrap_or_default();
    let found = packages
        .iter()
        .find(|one| one.get("name").and_then(toml::Value::as_str) == Some(package));
    let version = found.and_then(|one| one.get("version")?.as_str().map(str::to_owned));
    version.ok_or_else(|| format!("{package} is not in Cargo.lock"))
}
