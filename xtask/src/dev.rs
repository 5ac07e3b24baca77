//! `cargo xtask dev`: build and reload when a file changes.

use std::path::PathBuf;

use crate::{
    build,
    shell::{Done, Running, cargo, command, finish, free_port, only, option, root, step},
    tools,
};

/// trunk builds the app, serves it and reloads the page when a file of the app or the domain changes; it passes the API
/// on to a server behind it, which is built and started anew when one of its files changes.
pub(crate) fn dev(words: &[String]) -> Done {
    only(words, &["--port", "--data"], &[])?;
    let port = option(words, "--port").unwrap_or_else(|| "8080".to_owned());
    let data = option(words, "--data").map_or_else(|| root().join("linli-data"), PathBuf::from);
    let tools = tools::ensure()?;
    let behind = free_port()?;
    let linli = build::target().join("debug").join("linli");
    let build = || {
        step("build the server", || {
            finish(cargo().args(["build", "--quiet", "--package", "server"]))
        })
    };
    build()?;
    step("a new database gets the demo", || {
        finish(
            command(&linli)
                .args(["demo", "--if-empty", "--data"])
                .arg(&data),
        )
    })?;
    let mut trunk = command(&tools.trunk);
    trunk
        .current_dir(root().join("app"))
        .env("PATH", tools.path()?)
        .env("NO_COLOR", "true");
    trunk.args([
        "serve",
        "--offline=true",
        "--watch",
        ".",
        "--watch",
        "../domain",
    ]);
    trunk.args([
        "--port",
        &port,
        "--proxy-backend",
        &format!("http://127.0.0.1:{behind}/api/"),
    ]);
    let _trunk = Running::start(&mut trunk)?;
    let mut seen = None;
    let mut server: Option<Running> = None;
    loop {
        let newest = build::newest_source();
        if newest != seen {
            seen = newest;
            drop(server.take());
            if build().is_ok() {
                let mut serve = command(&linli);
                serve
                    .args([
                        "serve",
                        "--listen",
                        &format!("127.0.0.1:{behind}"),
                        "--data",
                    ])
                    .arg(&data);
                server = Some(Running::start(&mut serve)?);
            }
        }
        std::thread::sleep(std::time::Duration::from_millis(500));
    }
}
