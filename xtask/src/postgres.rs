//! A PostgreSQL for the length of a run: in a temporary folder, on a free port, for this machine only.

use std::path::PathBuf;

use crate::shell::{Done, Scratch, command, finish, free_port, output, which};

/// It stops when this is dropped.
pub(crate) struct Postgres {
    bin: PathBuf,
    data: PathBuf,
    port: u16,
    _scratch: Scratch,
}

impl Postgres {
    /// Starts it.
    pub(crate) fn start() -> Done<Self> {
        let bin = find()?;
        let scratch = Scratch::new("postgres")?;
        let data = scratch.path().join("data");
        let port = free_port()?;
        if is_root() {
            finish(command("chown").arg("postgres").arg(scratch.path()))?;
        }
        let postgres = Self {
            bin,
            data,
            port,
            _scratch: scratch,
        };
        let data = postgres.data.display().to_string();
        postgres.call(
            "initdb",
            &[
                "-D",
                &data,
                "-U",
                "linli",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
        )?;
        let options = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300"
        );
        let log = format!("{data}.log");
        postgres.call(
            "pg_ctl",
            &["-D", &data, "-w", "-l", &log, "-o", &options, "start"],
        )?;
        Ok(postgres)
    }

    /// The URL of a database on it.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://linli@127.0.0.1:{}/{database}", self.port)
    }

    /// PostgreSQL's programs refuse to be run by root.
    fn call(&self, name: &str, words: &[&str]) -> Done {
        let program = self.bin.join(name);
        let mut call = if is_root() {
            let mut call = command("runuser");
            call.args(["-u", "postgres", "--"]).arg(program);
            call
        } else {
            command(program)
        };
        finish(
            call.args(words)
                .current_dir("/")
                .stdout(std::process::Stdio::null()),
        )
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let data = self.data.display().to_string();
        // Nothing more can be done if it does not stop.
        let _ = self.call("pg_ctl", &["-D", &data, "-m", "immediate", "stop"]);
    }
}

/// True when this is run by root.
pub(crate) fn is_root() -> bool {
    output(command("id").arg("-u")).is_ok_and(|id| id == "0")
}

/// The folder with `initdb` and `pg_ctl`.
pub(crate) fn find() -> Done<PathBuf> {
    let mut folders: Vec<PathBuf> = Vec::new();
    folders.extend(which(&["initdb"]).and_then(|file| file.parent().map(PathBuf::from)));
    if which(&["pg_config"]).is_some() {
        folders.extend(output(command("pg_config").arg("--bindir")).map(PathBuf::from));
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    folders.extend(versions.map(|version| version.path().join("bin")));
    let found = folders
        .into_iter()
        .find(|folder| folder.join("initdb").exists() && folder.join("pg_ctl").exists());
    found.ok_or_else(|| "PostgreSQL is not installed".to_owned())
}
