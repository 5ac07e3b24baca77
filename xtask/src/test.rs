//! `cargo xtask check` and `cargo xtask test`.

use std::{path::PathBuf, process::Command};

use crate::{
    build,
    postgres::{self, Postgres},
    shell::{
        Done, Running, Scratch, cargo, command, finish, free_port, now, output, root, step,
        wait_for, which,
    },
    structure, tools,
};

/// Formatting, structure, clippy with warnings denied, documentation.
pub(crate) fn check() -> Done {
    tools::ensure()?;
    let wasm = ["--target", "wasm32-unknown-unknown"];
    step("formatting", || {
        finish(cargo().args(["fmt", "--all", "--check"]))
    })?;
    step("structure", structure::check)?;
    step("clippy", || {
        finish(cargo().args(["clippy", "--quiet", "--all-targets", "--", "-D", "warnings"]))
    })?;
    step("clippy for the app", || {
        finish(
            cargo()
                .args(["clippy", "--quiet", "--package", "app"])
                .args(wasm)
                .args(["--", "-D", "warnings"]),
        )
    })?;
    step("documentation", || {
        let mut doc = cargo();
        doc.args([
            "doc",
            "--quiet",
            "--no-deps",
            "--document-private-items",
            "--package",
            "domain",
            "--package",
            "server",
            "--package",
            "xtask",
        ]);
        finish(doc.env("RUSTDOCFLAGS", "-D warnings"))?;
        let mut doc = cargo();
        doc.args(["doc", "--quiet", "--no-deps", "--document-private-items"])
            .args(["--package", "app"])
            .args(wasm);
        finish(doc.env("RUSTDOCFLAGS", "-D warnings"))
    })
}

/// A part of the tests with its result.
struct Part {
    name: &'static str,
    done: Done,
    seconds: f64,
}

/// Runs the tests and ends with one summary. What stands behind `--` goes to the runner of the browser tests.
pub(crate) fn test(words: &[String]) -> Done {
    let mut split = words.splitn(2, |word| word == "--");
    let words = split.next().unwrap_or_default();
    let stories = split.next().unwrap_or_default();
    let wanted = |name: &str| words.is_empty() || words.iter().any(|word| word == name);
    let known = ["domain", "server", "app", "browser"];
    if let Some(unknown) = words.iter().find(|word| !known.contains(&word.as_str())) {
        return Err(format!(
            "there are no `{unknown}` tests; there are {}",
            known.join(", ")
        ));
    }
    let mut parts: Vec<Part> = Vec::new();
    let mut run = |name: &'static str, work: &mut dyn FnMut() -> Done| {
        let started = now();
        let done = step(&format!("test {name}"), work);
        parts.push(Part {
            name,
            done,
            seconds: started.elapsed().as_secs_f64(),
        });
    };
    if wanted("domain") {
        run("domain", &mut || {
            finish(cargo().args([
                "test",
                "--quiet",
                "--package",
                "domain",
                "--package",
                "xtask",
            ]))
        });
    }
    if wanted("server") {
        let venv = || output(command("python3").args(["-m", "ensurepip", "--version"])).is_ok();
        need("Python", venv, &["python3", "python3-venv"])?;
        need("PostgreSQL", || postgres::find().is_ok(), &["postgresql"])?;
        run("server on SQLite and PostgreSQL", &mut || {
            let clients = tools::calendar_clients()?;
            let postgres = Postgres::start()?;
            let mut test = cargo();
            test.args(["test", "--package", "server"])
                .env("LINLI_TEST_POSTGRES", postgres.url("postgres"))
                .env("LINLI_CALENDAR_CLIENTS", clients);
            finish(&mut test)
        });
    }
    if wanted("app") {
        run("app", &mut || {
            finish(cargo().args(["test", "--quiet", "--package", "app"]))
        });
    }
    if wanted("browser") {
        need_chromium()?;
        run("app in the browser", &mut || browser(stories));
        // Elsewhere WebKit has no driver that is installed so.
        if stories.is_empty() && cfg!(target_os = "linux") {
            need("Firefox", || firefox().is_some(), &["firefox-esr"])?;
            let packages = ["webkit2gtk-driver", "xvfb", "xauth"];
            need("WebKit", || WebKit::find().is_some(), &packages)?;
            run("one story in Firefox and WebKit", &mut engines);
        }
    }
    println!("\nSummary");
    for part in &parts {
        let mark = if part.done.is_ok() {
            "passed"
        } else {
            "FAILED"
        };
        println!("  {mark}  {}  {:.0} s", part.name, part.seconds);
    }
    let failed = parts.iter().filter(|part| part.done.is_err()).count();
    println!("parts: {} passed, {failed} failed", parts.len() - failed);
    if failed == 0 {
        Ok(())
    } else {
        Err("some tests failed".to_owned())
    }
}

/// Installs Chromium and what drives it. Without a Chinese font each letter is looked for in all others, which no phone does.
pub(crate) fn need_chromium() -> Done {
    need("Node", || which(&["npm"]).is_some(), &["nodejs", "npm"])?;
    need("Chromium", || chromium().is_some(), &["chromium"])?;
    let fonts = ["fontconfig", "fonts-noto-cjk"];
    need("a Chinese font", has_chinese_font, &fonts)
}

/// True where fontconfig knows a font for Chinese; elsewhere than on Linux there is one.
fn has_chinese_font() -> bool {
    let found = || output(command("fc-list").args([":lang=zh", "family"]));
    !cfg!(target_os = "linux") || found().is_ok_and(|names| !names.trim().is_empty())
}

/// Chromium or Chrome on the path.
pub(crate) fn chromium() -> Option<PathBuf> {
    which(&["chromium", "chromium-browser", "google-chrome", "chrome"])
}

fn firefox() -> Option<PathBuf> {
    which(&["firefox-esr", "firefox"])
}

/// WebKit with its driver, as Debian packages them (WebKitGTK), and a screen that is none.
struct WebKit {
    driver: PathBuf,
    browser: PathBuf,
    screen: PathBuf,
}

impl WebKit {
    fn find() -> Option<Self> {
        let libraries = std::fs::read_dir("/usr/lib").ok()?.flatten();
        let mut browsers = libraries.flat_map(|one| {
            ["webkitgtk-6.0", "webkit2gtk-4.1", "webkit2gtk-4.0"]
                .map(|version| one.path().join(version).join("MiniBrowser"))
        });
        Some(Self {
            driver: which(&["WebKitWebDriver"])?,
            browser: browsers.find(|path| path.exists())?,
            screen: which(&["xvfb-run"])?,
        })
    }
}

/// One story in the engines of other browsers: look, book, sign up, take both back.
fn engines() -> Done {
    build::app()?;
    build::server()?;
    let folder = node_packages()?;
    let demo = Demo::start("engines")?;
    let webkit = WebKit::find().ok_or("WebKit is gone")?;
    finish(
        command("node")
            .args(["engines.mjs", "firefox"])
            .current_dir(&folder)
            .env("LINLI_URL", demo.url())
            .env("FIREFOX", firefox().unwrap_or_default()),
    )?;
    finish(
        command(webkit.screen)
            .args(["-a", "node", "engines.mjs", "webkit"])
            .current_dir(&folder)
            .env("LINLI_URL", demo.url())
            .env("WEBKIT_DRIVER", webkit.driver)
            .env("WEBKIT", webkit.browser),
    )
}

/// Installs what is missing where that can be done without asking, else names it.
fn need(what: &str, is_there: impl Fn() -> bool, packages: &[&str]) -> Done {
    if is_there() {
        return Ok(());
    }
    if which(&["apt-get"]).is_some() && postgres::is_root() {
        step(&format!("install {what}"), || {
            finish(command("apt-get").args(["update", "-qq"]))?;
            let mut install = command("apt-get");
            install
                .args(["install", "-y", "-qq", "--no-install-recommends"])
                .args(packages);
            finish(install.env("DEBIAN_FRONTEND", "noninteractive"))
        })?;
    }
    if is_there() {
        return Ok(());
    }
    Err(format!(
        "the tests need {what}; on Debian: apt-get install {}",
        packages.join(" ")
    ))
}

/// The Node packages of the browser tests.
pub(crate) fn node_packages() -> Done<PathBuf> {
    let folder = root().join("tests");
    let lock = std::fs::read(folder.join("package-lock.json")).unwrap_or_default();
    let installed = folder.join("node_modules/.linli-lock");
    if std::fs::read(&installed).ok().as_ref() != Some(&lock) {
        step("install the browser tests' packages", || {
            let mut ci = command("npm");
            ci.args(["ci", "--silent", "--no-audit", "--no-fund"])
                .current_dir(&folder);
            finish(ci.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))
        })?;
        std::fs::write(installed, lock).map_err(|cause| cause.to_string())?;
    }
    Ok(folder)
}

/// A release server with the demo in a folder of its own.
pub(crate) struct Demo {
    port: u16,
    server: Running,
    _scratch: Scratch,
}

impl Demo {
    /// Starts it.
    pub(crate) fn start(name: &str) -> Done<Self> {
        let linli = build::target().join("release").join("linli");
        let scratch = Scratch::new(name)?;
        let port = free_port()?;
        let at = |word: &str| -> Command {
            let mut at = command(&linli);
            at.arg(word)
                .arg("--data")
                .arg(scratch.path())
                .env("LINLI_WRITES_PER_MINUTE", "0")
                // Push services and programs of the stories run beside them.
                .env("LINLI_INTERNAL_TARGETS", "true")
                // Stories say where they come from, as a proxy would.
                .env("LINLI_BEHIND_PROXY", "true");
            at
        };
        finish(at("demo").stdout(std::process::Stdio::null()))?;
        let mut serve = at("serve");
        serve
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .stdout(std::process::Stdio::null());
        let server = Running::start(&mut serve)?;
        wait_for(port, 20)?;
        Ok(Self {
            port,
            server,
            _scratch: scratch,
        })
    }

    /// Starts one on an empty database, with the link by which its first manager comes in.
    pub(crate) fn start_empty(name: &str) -> Done<(Self, String)> {
        let linli = build::target().join("release").join("linli");
        let scratch = Scratch::new(name)?;
        let port = free_port()?;
        let listen = format!("127.0.0.1:{port}");
        let at = |word: &str| -> Command {
            let mut at = command(&linli);
            at.arg(word).arg("--data").arg(scratch.path());
            at
        };
        let mut serve = at("serve");
        serve
            .args(["--listen", &listen])
            .stdout(std::process::Stdio::null());
        let server = Running::start(&mut serve)?;
        wait_for(port, 20)?;
        let link = output(at("manager-link").args(["--listen", &listen]))?;
        let started = Self {
            port,
            server,
            _scratch: scratch,
        };
        Ok((started, link.trim().to_owned()))
    }

    /// Its port.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Its server's process id.
    pub(crate) fn id(&self) -> u32 {
        self.server.id()
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

fn browser(stories: &[String]) -> Done {
    build::app()?;
    build::server()?;
    let folder = node_packages()?;
    let demo = Demo::start("browser")?;
    let (empty, link) = Demo::start_empty("empty")?;
    let mut tests = command(folder.join("node_modules/.bin/playwright"));
    tests
        .arg("test")
        .args(stories)
        .current_dir(&folder)
        .env("LINLI_URL", demo.url())
        .env("LINLI_EMPTY_URL", empty.url())
        .env("LINLI_EMPTY_LINK", link)
        .env("CHROMIUM", chromium().unwrap_or_default());
    finish(&mut tests)
}
