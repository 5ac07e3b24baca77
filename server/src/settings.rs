//! Settings: a flag wins over the environment, the environment over the file, the file over the default.

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;
use serde::Deserialize;

use crate::db::Place;

/// Settings of the server. Each can stand in the TOML file under the same name with `_` for `-`.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// A TOML file with settings.
    #[arg(long, env = "LINLI_CONFIG", global = true)]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// The folder for the SQLite database [default: ./linli-data].
    #[arg(long, env = "LINLI_DATA", global = true)]
    pub data: Option<PathBuf>,
    /// A PostgreSQL URL to use instead of SQLite.
    #[arg(
        long,
        env = "LINLI_DATABASE_URL",
        global = true,
        hide_env_values = true
    )]
    pub database_url: Option<String>,
    /// The address to listen on [default: 127.0.0.1:8080].
    #[arg(long, env = "LINLI_LISTEN", global = true)]
    pub listen: Option<SocketAddr>,
    /// The address that people type, as `https://linli.example`: with https, cookies are for https only.
    #[arg(long, env = "LINLI_PUBLIC_URL", global = true)]
    pub public_url: Option<String>,
    /// The server is reached through a proxy of ours that sets X-Forwarded-For.
    #[arg(long, env = "LINLI_BEHIND_PROXY", global = true)]
    pub behind_proxy: Option<bool>,
    /// A program that sends a text: the number is its argument, the text its standard input.
    #[arg(long, env = "LINLI_SMS_COMMAND", global = true)]
    pub sms_command: Option<String>,
    /// Calling codes of the countries to which codes are sent, with commas between them [default: 86].
    #[arg(long, env = "LINLI_PHONE_COUNTRIES", global = true)]
    pub phone_countries: Option<String>,
    /// Most writes per minute from one address; 0 for no limit [default: 240].
    #[arg(long, env = "LINLI_WRITES_PER_MINUTE", global = true)]
    pub writes_per_minute: Option<u32>,
    /// Send push messages and webhooks also to addresses of the house's own network, and without https.
    #[arg(long, env = "LINLI_INTERNAL_TARGETS", global = true)]
    pub internal_targets: Option<bool>,
    /// Serve the app from this folder instead of from the binary.
    #[arg(long, env = "LINLI_APP", global = true)]
    pub app: Option<PathBuf>,
    /// One JSON object per line of log.
    #[arg(long, env = "LINLI_LOG_JSON", global = true)]
    pub log_json: Option<bool>,
}

impl Settings {
    /// Fills in from the file what neither flags nor environment say.
    ///
    /// # Errors
    /// When the file cannot be read or holds unknown settings.
    pub fn with_file(self) -> Result<Self, String> {
        let Some(path) = &self.config else {
            return Ok(self);
        };
        let named = |cause: &dyn std::fmt::Display| format!("{}: {cause}", path.display());
        let text = std::fs::read_to_string(path).map_err(|cause| named(&cause))?;
        let file: Self = toml::from_str(&text).map_err(|cause| named(&cause))?;
        Ok(Self {
            data: self.data.or(file.data),
            database_url: self.database_url.or(file.database_url),
            listen: self.listen.or(file.listen),
            public_url: self.public_url.or(file.public_url),
            behind_proxy: self.behind_proxy.or(file.behind_proxy),
            sms_command: self.sms_command.or(file.sms_command),
            phone_countries: self.phone_countries.or(file.phone_countries),
            writes_per_minute: self.writes_per_minute.or(file.writes_per_minute),
            internal_targets: self.internal_targets.or(file.internal_targets),
            app: self.app.or(file.app),
            log_json: self.log_json.or(file.log_json),
            config: self.config,
        })
    }

    /// Where the data is.
    pub fn place(&self) -> Place {
        if let Some(url) = &self.database_url {
            return Place::Url(url.clone());
        }
        let folder = self
            .data
            .clone()
            .unwrap_or_else(|| PathBuf::from("linli-data"));
        Place::File(folder.join("linli.db"))
    }

    /// The address to listen on.
    pub fn address(&self) -> SocketAddr {
        self.listen
            .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)))
    }
}
