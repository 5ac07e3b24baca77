//! `linli`: the one binary.
#![expect(
    clippy::print_stdout,
    reason = "a command talks to the operator on standard output"
)]

use std::{
    io::IsTerminal,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use clap::{Parser, Subcommand};
use domain::{
    centre::{
        Centre,
        consequence::{Hit, HitDecision, Standing},
    },
    id::{BookingId, CentreId},
    language::Lang,
    page::Page,
};
use server::{
    assets::Assets,
    clock::Clock,
    db::{Access, Fail, Fault, FaultKind, Place},
    delivery, demo,
    http::{
        self,
        serve::{self, Bounds},
    },
    jobs,
    outgoing::Targets,
    sender::{Command as SmsCommand, Countries, Nobody, Sender},
    settings::Settings,
    state::{Parts, Site},
    usecase::{
        Call,
        centre::{self, save::NotSaved},
        person::{account, role, sign_in},
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
    /// Bring the database's tables up to date without serving, as before an upgrade of several servers.
    Migrate,
    /// Print a link by which somebody becomes a manager of all centres, once: the way back in.
    ManagerLink,
    /// Write all of a SQLite database into a new file, while the server runs.
    Backup {
        /// The file; there must be none yet.
        file: PathBuf,
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
        /// A TOML file with a decision for each booking that the new description would leave outside.
        #[arg(long)]
        decisions: Option<PathBuf>,
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
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    if json {
        builder.json().init();
    } else {
        builder.init();
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
    let countries = settings.phone_countries.as_deref().map(Countries::parse);
    let site = Site::open(Parts {
        place: settings.place(),
        access: match &command {
            Command::Serve | Command::Demo { .. } | Command::Migrate => Access::Migrate,
            Command::ManagerLink
            | Command::Backup { .. }
            | Command::Export { .. }
            | Command::Import { .. } => Access::Existing,
        },
        clock: Clock::System,
        assets,
        sender,
        countries: countries.transpose()?.unwrap_or_default(),
        writes_per_minute: settings.writes_per_minute.unwrap_or(240),
        public_url: settings
            .public_url
            .as_ref()
            .map(|url| url.trim_end_matches('/').to_owned()),
        behind_proxy: settings.behind_proxy.unwrap_or_default(),
        targets: match settings.internal_targets.unwrap_or_default() {
            true => Targets::Internal,
            false => Targets::Public,
        },
    })
    .map_err(|fault: Fault| fault.cause)?;
    match command {
        Command::Serve => serve(site, &settings),
        Command::Migrate => {
            println!("The database is up to date.");
            Ok(())
        }
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
        Command::ManagerLink => {
            let secret = site.db.write_blocking(|tx| match account::is_demo(tx)? {
                true => Ok(None),
                false => role::make_manager_secret(tx).map(Some),
            });
            let secret = secret
                .map_err(words)?
                .ok_or("this database holds the demo, whose accounts are open to everybody")?;
            println!("{}", manager_link(&public_url(&settings), &secret));
            Ok(())
        }
        Command::Backup { file } => {
            let place = settings.place();
            place.back_up(&file).map_err(|fault: Fault| fault.cause)?;
            println!("{} holds all of it.", file.display());
            Ok(())
        }
        Command::Export { centre, file } => {
            let centres = Arc::clone(&site.centres);
            let known = site
                .db
                .write_blocking(move |tx| centres.get(tx, &centre))
                .map_err(words)?;
            let text = toml::to_string(&known.centre).map_err(|cause| cause.to_string())?;
            if let Some(file) = file {
                std::fs::write(&file, text).map_err(|cause| format!("{}: {cause}", file.display()))
            } else {
                println!("{text}");
                Ok(())
            }
        }
        Command::Import { file, decisions } => import(&site, &file, decisions.as_deref()),
    }
}

/// Decisions as they stand in a file.
#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Decisions {
    #[serde(default)]
    booking: Vec<HitDecision>,
}

/// What an operator writes a decision into, for each booking.
fn template(hits: &[(Hit, String)]) -> String {
    let lines = hits.iter().map(|(hit, person)| {
        let Standing {
            booking,
            room,
            before,
            ..
        } = &hit.booking;
        format!(
            "\n[[booking]]\nid = \"{booking}\" # {} · {room} · {person}: {}\ndecision = \"\"\n",
            Lang::En.slot(*before),
            hit.why.words(Lang::En),
        )
    });
    format!(
        "# Each decision is \"keep\", or \"cancel\" with reason = \"…\" that people read,\n\
         # or \"move\" with room = \"…\" and start = \"2026-11-27T10:00\".\n{}",
        lines.collect::<String>()
    )
}

fn import(site: &Site, file: &Path, decisions: Option<&Path>) -> Result<(), String> {
    let text =
        std::fs::read_to_string(file).map_err(|cause| format!("{}: {cause}", file.display()))?;
    let centre: Centre =
        toml::from_str(&text).map_err(|cause| format!("{}: {cause}", file.display()))?;
    let demo = site.db.write_blocking(account::is_demo).map_err(words)?;
    if demo {
        return Err("this database holds the demo, whose accounts are open to everybody; import into a new one (--data or --database-url)".to_owned());
    }
    let decided = match decisions {
        None => Decisions::default(),
        Some(path) => {
            let named = |cause: &dyn std::fmt::Display| format!("{}: {cause}", path.display());
            let text = std::fs::read_to_string(path).map_err(|cause| named(&cause))?;
            toml::from_str(&text).map_err(|cause| named(&cause))?
        }
    };
    let name = centre.name.en.clone();
    let call = Call::nobody(site.clock.now_ms(), &site.centres);
    let saved = site
        .db
        .write_blocking(move |tx| centre::save::save(tx, &call, &centre, &decided.booking))
        .map_err(|fail| match fail {
            Fail::Fault(fault) if fault.kind == FaultKind::Constraint => {
                "two bookings would have the same floor at the same time; nothing was changed"
                    .to_owned()
            }
            other => words(other),
        })?;
    site.db.finish();
    match saved {
        Ok(_) => {
            println!("{name} is in.");
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
        Err(NotSaved::Undecided(hits)) => {
            println!("{}", template(&hits));
            Err(format!(
                "{} bookings to come would stand outside; nothing was changed. Write a decision for each into a file like \
                 the one above, and import with --decisions FILE",
                hits.len()
            ))
        }
        Err(NotSaved::NotHit(ids)) => Err(format!(
            "these bookings are not hit by the change: {}",
            listed(&ids)
        )),
        Err(NotSaved::NotPossible(ids)) => Err(format!(
            "these bookings cannot be kept or moved like that (no such room, in the past, outside of the hours, closed, or too many people): {}",
            listed(&ids)
        )),
        Err(NotSaved::DecidedTwice(ids)) => Err(format!(
            "more than one decision is given for these bookings: {}",
            listed(&ids)
        )),
    }
}

fn listed(ids: &[BookingId]) -> String {
    let ids: Vec<_> = ids.iter().map(BookingId::as_str).collect();
    ids.join(", ")
}

/// Where people reach this server, without a slash at the end.
fn public_url(settings: &Settings) -> String {
    match &settings.public_url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => format!("http://{}", settings.address()),
    }
}

/// Where the data is, without secrets.
fn describe(place: &Place) -> String {
    match place {
        Place::File(path) => format!("SQLite at {}", path.display()),
        Place::Url(url) => {
            let host = url.rsplit_once('@').map_or(url.as_str(), |(_, host)| host);
            let host = host.split('?').next().unwrap_or_default();
            format!("PostgreSQL at {}", host.trim_start_matches("postgres://"))
        }
    }
}

/// The link by which somebody becomes a manager of all centres.
fn manager_link(public: &str, secret: &str) -> String {
    format!("{public}{}?key={secret}", Page::FirstManager.path())
}

fn serve(site: Site, settings: &Settings) -> Result<(), String> {
    let address = settings.address();
    let public = public_url(settings);
    let store = describe(&settings.place());
    let secret = site
        .db
        .write_blocking(sign_in::get_first_secret)
        .map_err(words)?;
    let demo = site.db.write_blocking(account::is_demo).map_err(words)?;
    let no_codes = settings.sms_command.is_none() && !demo;
    let runtime = tokio::runtime::Runtime::new().map_err(|cause| cause.to_string())?;
    runtime.block_on(async move {
        let listener = TcpListener::bind(address)
            .await
            .map_err(|cause| format!("{address}: {cause}"))?;
        println!("Linli is open at {public}");
        println!("Version {}, on {store}.", env!("CARGO_PKG_VERSION"));
        if no_codes {
            println!("No program sends texts (--sms-command): nobody can sign in by a code.");
        }
        if let Some(secret) = secret {
            let link = manager_link(&public, &secret);
            println!(
                "Nobody manages this house yet. The first manager follows this link, once: {link}"
            );
        }
        tokio::spawn(jobs::keep_house(site.clone()));
        tokio::spawn(jobs::meet_deadlines(site.clone()));
        tokio::spawn(delivery::send_messages(site.clone()));
        tokio::spawn(delivery::tell_hooks(site.clone()));
        if demo {
            // Its accounts are everybody's: nobody is to send anything to others by them.
            site.outgoing.stay_inside();
        }
        tokio::spawn(jobs::count_refusals(site.clone()));
        let last = site.clone();
        let bus = Arc::clone(&site.bus);
        let stop = async move {
            stopped().await;
            // Streams of open pages would hold the door for ever.
            bus.close();
        };
        let bounds = Bounds::of_system(site.behind_proxy);
        serve::serve(listener, http::router(site), bounds, stop).await;
        jobs::write_refusals(&last).await;
        Ok(())
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
