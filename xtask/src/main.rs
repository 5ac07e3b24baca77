//! `cargo xtask`: run, develop, check, test and measure Linli.
#![expect(clippy::print_stdout, reason = "these commands talk to the developer")]

mod build;
mod dev;
mod http;
mod measure;
mod pages;
mod postgres;
mod run;
mod shell;
mod split;
mod structure;
mod test;
mod tools;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask run [--port N] [--data DIR] [--database-url URL] [--empty]
    Set everything up, build the app and the server for release, and open the house with the demo.
cargo xtask dev [--port N] [--data DIR]
    The same for development: builds and reloads when a file changes.
cargo xtask check
    Formatting, clippy with warnings denied, and documentation.
cargo xtask test [WORD]
    All tests: domain, server on SQLite and PostgreSQL, app, browser. WORD is one of domain, server, app, browser;
    `test browser -- desk.spec.ts` runs some of the browser's.
cargo xtask measure NAME
    size, start, load, book, rush, rush-live, read, memory, availability, consequences, series, report, taps, flat,
    live, calendar, crash, load-links, map, or all of them.";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let rest = words.get(1..).unwrap_or_default();
    let done = match words.first().map(String::as_str) {
        Some("run") => run::run(rest),
        Some("dev") => dev::dev(rest),
        Some("check") => test::check(),
        Some("test") => test::test(rest),
        Some("split") => split::split(),
        Some("measure") => measure::measure(rest),
        None | Some("help" | "--help" | "-h") => {
            println!("{HELP}");
            Ok(())
        }
        Some(other) => Err(format!("there is no `{other}`\n\n{HELP}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            println!("\nxtask: {cause}");
            ExitCode::FAILURE
        }
    }
}
