//! `linli`: the one binary.
#![expect(
    clippy::print_stdout,
    reason = "a command talks to the operator on standard output"
)]

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use clap::{Parser, Subcommand};
use domain::{centre::Centre, id::CentreId, text::Lang};
use server::{
    assets::Assets,
    clock::Clock,
    db::{Fail, Fault},
    demo, http, jobs,
    sender::{Command as SmsCommand, Nobody, Sender},
    settings::Settings,
    state::{Parts, Site},
    usecase::{
        centre::{self, NotSaved},
        idempotency::forget_old,
        sign_in,
    },
};
use tokio::{net::TcpListener, signal};

/// Runs neighbourhood community centres.
#[derive(Parser)]
#[command(name = "linli", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the app and its API.
    Serve,
    /// Fill an empty database with six real centres, one invented abroad, and eight weeks of life.
    Demo {
        /// Seed of the invented people and bookings.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Leave a database alone that is not empty, without a complaint.
        #[arg(long)]
        if_empty: bool,
    },
    /// Write a centre to a file.
    Export {
        /// The centre's id.
        centre: CentreId,
        /// The file; standard output when there is none.
        file: Option<PathBuf>,
    },
    /// Read a centre from a file: a new one, or a new description of a known one.
    Import {
        /// The file.
        file: PathBuf,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = cli.settings.with_file().and_then(|settings| {
        log(settings.log_json.unwrap_or_default());
        run(cli.command, settings)
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            #[expect(clippy::print_stderr, reason = "the last word to the operator")]
            {
                eprintln!("linli: {cause}");
            }
            ExitCode::FAILURE
        }
    }
}

fn log(json: bool) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("LINLI_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,linli=info,server=warn"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if json {
        builder.json().init()
    } else {
        builder.init()
    }
}

fn words(fail: Fail) -> String {
    match fail {
        Fail::Problem(problem) => problem.sentence(Lang::En),
        Fail::Fault(fault) => fault.cause,
    }
}

fn run(command: Command, settings: Settings) -> Result<(), String> {
    let sender: Arc<dyn Sender> = match &settings.sms_command {
        Some(program) => Arc::new(SmsCommand {
            program: program.clone(),
        }),
        None => Arc::new(Nobody),
    };
    let assets = settings
        .app
        .clone()
        .map_or_else(Assets::embedded, Assets::Folder);
    let secure = settings
        .public_url
        .as_ref()
        .is_some_and(|url| url.starts_with("https://"));
    let site = Site::open(Parts {
        place: settings.place()?,
        clock: Clock::System,
        assets,
        sender,
        writes_per_minute: settings.writes_per_minute.unwrap_or(240),
        secure,
        behind_proxy: settings.behind_proxy.unwrap_or_default(),
    })
    .map_err(|fault: Fault| fault.cause)?;
    match command {
        Command::Serve => serve(site, &settings),
        Command::Demo { seed, if_empty } => {
            let now_ms = site.clock.now_ms();
            let made = site
                .db
                .write_blocking(move |tx| match if_empty && demo::is_taken(tx)? {
                    true => Ok(None),
                    false => demo::fill(tx, now_ms, seed).map(Some),
                });
            if let Some(made) = made.map_err(words)? {
                println!(
                    "{} centres, {} people, {} bookings, {} sign-ups",
                    made.centres, made.people, made.bookings, made.sign_ups
                );
            }
            Ok(())
        }
        Command::Export { centre, file } => {
            let centres = Arc::clone(&site.centres);
            let known = site
                .db
                .write_blocking(move |tx| centres.get(tx, &centre))
                .map_err(words)?;
            let text = toml::to_string(&known.centre).map_err(|cause| cause.to_string())?;
            match file {
                Some(file) => std::fs::write(&file, text)
                    .map_err(|cause| format!("{}: {cause}", file.display())),
                None => {
                    println!("{text}");
                    Ok(())
                }
            }
        }
        Command::Import { file } => import(&site, &file),
    }
}

fn import(site: &Site, file: &PathBuf) -> Result<(), String> {
    let text =
        std::fs::read_to_string(file).map_err(|cause| format!("{}: {cause}", file.display()))?;
    let centre: Centre =
        toml::from_str(&text).map_err(|cause| format!("{}: {cause}", file.display()))?;
    let now = site.clock.now();
    let name = centre.name.en.clone();
    let saved = site
        .db
        .write_blocking(move |tx| centre::save(tx, now, &centre))
        .map_err(words)?;
    match saved {
        Ok(()) => {
            println!("{name} is in. A server that is running shows it within a minute.");
            Ok(())
        }
        Err(NotSaved::Faults(faults)) => {
            let lines: Vec<_> = faults
                .iter()
                .map(|fault| format!("  {}", fault.sentence(Lang::En)))
                .collect();
            Err(format!(
                "{} was not imported:\n{}",
                file.display(),
                lines.join("\n")
            ))
        }
        Err(NotSaved::Zone(zone)) => Err(format!("there is no time zone {zone}")),
        Err(NotSaved::RoomsInUse(rooms)) => {
            let rooms: Vec<_> = rooms.iter().map(ToString::to_string).collect();
            Err(format!(
                "these rooms have bookings to come and are missing in the file: {}",
                rooms.join(", ")
            ))
        }
    }
}

fn serve(site: Site, settings: &Settings) -> Result<(), String> {
    let address = settings.address();
    let public = settings
        .public_url
        .clone()
        .unwrap_or_else(|| format!("http://{address}"));
    let secret = site
        .db
        .write_blocking(sign_in::first_secret)
        .map_err(words)?;
    let runtime = tokio::runtime::Runtime::new().map_err(|cause| cause.to_string())?;
    runtime.block_on(async move {
        let listener = TcpListener::bind(address).await.map_err(|cause| format!("{address}: {cause}"))?;
        println!("Linli is open at {public}");
        if let Some(secret) = secret {
            println!("Nobody manages this house yet. The first manager follows this link, once: {public}/first-manager?key={secret}");
        }
        let hourly = site.clone();
        tokio::spawn(async move {
            let mut hour = tokio::time::interval(std::time::Duration::from_secs(3600));
            loop {
                hour.tick().await;
                let now = hourly.clock.now();
                if let Some(limiter) = &hourly.limiter {
                    limiter.retain_recent();
                }
                if let Err(Fail::Fault(fault)) = hourly.db.write(move |tx| forget_old(tx, now)).await {
                    tracing::warn!(cause = %fault.cause, "old keys were not forgotten");
                }
            }
        });
        tokio::spawn(jobs::pass_offers_on(site.clone()));
        tokio::spawn(jobs::count_refusals(site.clone()));
        let last = site.clone();
        let bus = Arc::clone(&site.bus);
        let service = http::router(site).into_make_service_with_connect_info::<std::net::SocketAddr>();
        let stop = async move {
            stopped().await;
            // Streams of open pages would hold the door for ever.
            bus.close();
        };
        let served = axum::serve(listener, service).with_graceful_shutdown(stop).await;
        jobs::write_refusals(&last).await;
        served.map_err(|cause| cause.to_string())
    })
}

async fn stopped() {
    let interrupt = async {
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    () = interrupt => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(_) => interrupt.await,
        }
    }
    #[cfg(not(unix))]
    interrupt.await;
}
