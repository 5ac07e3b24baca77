//! `cargo xtask dev`: build and reload when a file changes.

use std::path::PathBuf;

use crate::{
    build,
    shell::{Done, Running, cargo, command, finish, only, option, root, step},
    tools,
};

/// trunk watches the app and serves it with reload; its proxy passes the API to the server, which cargo rebuilds when
/// this command is started again.
pub(crate) fn dev(words: &[String]) -> Done {
    only(words, &["--port", "--data"], &[])?;
    let port = option(words, "--port").unwrap_or_else(|| "8080".to_owned());
    let data = option(words, "--data").map_or_else(|| root().join("linli-data"), PathBuf::from);
    let tools = tools::ensure()?;
    step("build the app for development", || {
        build::trunk(&tools, &["build"])
    })?;
    step("build the server", || {
        finish(cargo().args(["build", "--quiet", "--package", "server"]))
    })?;
    let linli = build::target().join("debug").join("linli");
    if !data.join("linli.db").exists() {
        step("fill the new database with the demo", || {
            finish(command(&linli).arg("demo").arg("--data").arg(&data))
        })?;
    }
    let mut watch = command(&tools.trunk);
    watch
        .current_dir(root().join("app"))
        .args(["watch", "--offline=true"])
        .env("PATH", tools.path()?)
        .env("NO_COLOR", "true");
    let _watch = Running::start(&mut watch)?;
    let mut seen = None;
    let mut server: Option<Running> = None;
    loop {
        let now = build::newest_source();
        if now != seen {
            seen = now;
            drop(server.take());
            let built = step("build the server", || {
                finish(cargo().args(["build", "--quiet", "--package", "server"]))
            });
            if built.is_ok() {
                let mut serve = command(&linli);
                serve.args([
                    "serve",
                    "--listen",
                    &format!("127.0.0.1:{port}"),
                    "--app",
                    "app/dist",
                ]);
                server = Some(Running::start(serve.arg("--data").arg(&data))?);
            }
        }
        std::thread::sleep(std::time::Duration::from_millis(500));
    }
}
