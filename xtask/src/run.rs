//! `cargo xtask run`: from a clone to an open house.

use std::path::PathBuf;

use crate::{
    build,
    shell::{Done, Running, command, finish, now, only, option, root, step, wait_for},
};

/// The demo's accounts, as the sign-in page offers them.
const ACCOUNTS: &str = "\
  resident   居民      13800000000
  organiser  组织者    13800000001
  staff      工作人员  13800000002
  manager    负责人    13800000003
On the sign-in page each is one tap; the code for a phone number is shown on the screen.";

/// Sets up, builds, fills a new database with the demo, and serves until it is stopped.
pub(crate) fn run(words: &[String]) -> Done {
    only(words, &["--port", "--data", "--database-url"], &["--empty"])?;
    let started = now();
    let port: u16 = match option(words, "--port") {
        Some(port) => port
            .parse()
            .map_err(|_| format!("--port {port} is not a port"))?,
        None => 8080,
    };
    let data = option(words, "--data").map_or_else(|| root().join("linli-data"), PathBuf::from);
    let url = option(words, "--database-url");
    build::app()?;
    let linli = build::server()?;
    let place = |name: &str| {
        let mut linli = command(&linli);
        linli.arg(name);
        match &url {
            Some(url) => linli.args(["--database-url", url]),
            None => linli.arg("--data").arg(&data),
        };
        linli
    };
    let demo = !words.iter().any(|word| word == "--empty");
    if demo {
        step("a new database gets the demo", || {
            finish(place("demo").arg("--if-empty"))
        })?;
    }
    let mut server = place("serve");
    let mut server = Running::start(server.args(["--listen", &format!("127.0.0.1:{port}")]))?;
    wait_for(port, 20)?;
    println!(
        "\nReady after {:.1} s: http://127.0.0.1:{port}",
        started.elapsed().as_secs_f64()
    );
    if demo {
        println!("{ACCOUNTS}");
    }
    println!("Ctrl-C ends it.");
    server.wait()
}
