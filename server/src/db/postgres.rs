//! PostgreSQL: each thread has a connection and takes jobs of both kinds.

use std::{collections::HashMap, error::Error, sync::Arc, time::Duration};

use postgres::{
    Client, Config, Notifications, SimpleQueryMessage, Statement,
    config::SslMode,
    error::SqlState,
    fallible_iterator::FallibleIterator,
    types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked},
};

use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{
    fault::{Fault, FaultKind},
    schema::{VERSION, other_version},
    value::{Row, Value},
};

/// TLS by the certificates that the system trusts (`SSL_CERT_FILE` names others).
fn tls() -> Result<MakeRustlsConnect, Fault> {
    let mut roots = RootCertStore::empty();
    for certificate in rustls_native_certs::load_native_certs().certs {
        // One that cannot be read is trusted by nobody.
        let _ = roots.add(certificate);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|cause| Fault::new(FaultKind::Unavailable, cause))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

/// A connection with its prepared statements.
pub(super) struct Connection {
    client: Client,
    prepared: HashMap<String, (Statement, Arc<[String]>)>,
}

impl Connection {
    pub(super) fn open(url: &str) -> Result<Self, Fault> {
        let mut config: Config = url.parse()?;
        // A host that has gone silent must not hold a thread for minutes.
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(5));
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(Duration::from_secs(10));
        }
        config.keepalives_idle(Duration::from_secs(30));
        // One connector whatever the mode, which decides whether TLS is spoken: with `NoTls` a connection that listens was found to
        // hear nothing of other processes.
        let mut client = match config.connect(tls()?) {
            // `prefer` is what stands where nothing is said: a server whose certificate nobody vouches for is reached without.
            Err(cause)
                if config.get_ssl_mode() == SslMode::Prefer
                    && cause.to_string().contains("TLS") =>
            {
                config.ssl_mode(SslMode::Disable);
                config.connect(tls()?)?
            }
            other => other?,
        };
        // A transaction that hangs must not hold its rows for ever.
        client.batch_execute("set lock_timeout = '5s'; set statement_timeout = '15s'")?;
        Ok(Self {
            client,
            prepared: HashMap::new(),
        })
    }

    /// Begins a transaction, unless another process has brought the tables to another version.
    pub(super) fn begin(&mut self) -> Result<(), Fault> {
        // Both in one message: it costs no round trip.
        let begin =
            "begin isolation level read committed; select count(*) as applied from migration";
        let answers = self.client.simple_query(begin)?;
        let count = answers.iter().find_map(|answer| match answer {
            SimpleQueryMessage::Row(row) => row.get(0)?.parse().ok(),
            _ => None,
        });
        match count {
            Some(VERSION) => Ok(()),
            found => Err(other_version(found.unwrap_or_default())),
        }
    }

    /// Refuses a schema that this Linli's statements are not written for.
    pub(super) fn need_version(&mut self) -> Result<(), Fault> {
        let rows = self.all("select count(*) as applied from migration", &[])?;
        let applied: i64 = match rows.first() {
            Some(row) => row.get("applied")?,
            None => 0,
        };
        let found = usize::try_from(applied).unwrap_or_default();
        match found == VERSION {
            true => Ok(()),
            false => Err(other_version(found)),
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// What other sessions tell.
    pub(super) fn notifications(&mut self) -> Notifications<'_> {
        self.client.notifications()
    }

    pub(super) fn batch(&mut self, sql: &str) -> Result<(), Fault> {
        Ok(self.client.batch_execute(sql)?)
    }

    /// A statement with the names of its columns.
    fn prepare(&mut self, sql: &str) -> Result<(Statement, Arc<[String]>), Fault> {
        if let Some(known) = self.prepared.get(sql) {
            return Ok(known.clone());
        }
        let statement = self.client.prepare(sql)?;
        let names = statement.columns().iter();
        let names: Arc<[String]> = names.map(|column| column.name().to_owned()).collect();
        self.prepared
            .insert(sql.to_owned(), (statement.clone(), Arc::clone(&names)));
        Ok((statement, names))
    }

    pub(super) fn all(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Fault> {
        let (statement, names) = self.prepare(sql)?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|v| v as _).collect();
        let rows = self.client.query(&statement, &values)?;
        rows.iter().map(|row| read(row, &names)).collect()
    }

    /// Goes through the rows as they come.
    pub(super) fn each(
        &mut self,
        sql: &str,
        values: &[Value],
        with: &mut dyn FnMut(&Row) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let (statement, names) = self.prepare(sql)?;
        let mut rows = self.client.query_raw(&statement, values)?;
        while let Some(row) = rows.next()? {
            with(&read(&row, &names)?)?;
        }
        Ok(())
    }

    pub(super) fn exec(&mut self, sql: &str, values: &[Value]) -> Result<u64, Fault> {
        let (statement, _) = self.prepare(sql)?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|v| v as _).collect();
        Ok(self.client.execute(&statement, &values)?)
    }
}

fn read(row: &postgres::Row, names: &Arc<[String]>) -> Result<Row, Fault> {
    let column = |i: usize| {
        Ok(match *row.columns()[i].type_() {
            Type::INT8 => row
                .try_get::<_, Option<i64>>(i)?
                .map_or(Value::Null, Value::Int),
            Type::INT4 => row
                .try_get::<_, Option<i32>>(i)?
                .map_or(Value::Null, |n| Value::Int(n.into())),
            Type::FLOAT8 => row
                .try_get::<_, Option<f64>>(i)?
                .map_or(Value::Null, Value::Float),
            Type::BOOL => row
                .try_get::<_, Option<bool>>(i)?
                .map_or(Value::Null, Value::Bool),
            Type::BYTEA => row
                .try_get::<_, Option<Vec<u8>>>(i)?
                .map_or(Value::Null, Value::Bytes),
            _ => row
                .try_get::<_, Option<String>>(i)?
                .map_or(Value::Null, Value::Text),
        })
    };
    let values = (0..row.len())
        .map(column)
        .collect::<Result<_, postgres::Error>>()?;
    Ok(Row {
        values,
        names: Arc::clone(names),
    })
}

impl ToSql for Value {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(n) if *kind == Type::INT4 => i32::try_from(*n)?.to_sql(kind, out),
            Self::Int(n) => n.to_sql(kind, out),
            Self::Float(x) => x.to_sql(kind, out),
            Self::Bool(b) => b.to_sql(kind, out),
            Self::Text(text) => text.to_sql(kind, out),
            Self::Bytes(bytes) => bytes.to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl From<postgres::Error> for Fault {
    fn from(cause: postgres::Error) -> Self {
        let kind = match cause.code() {
            Some(code)
                if [
                    SqlState::T_R_SERIALIZATION_FAILURE,
                    SqlState::T_R_DEADLOCK_DETECTED,
                ]
                .contains(code) =>
            {
                FaultKind::Again
            }
            // Somebody's booking came in between: run again, and the rule will say so.
            Some(code)
                if [SqlState::EXCLUSION_VIOLATION, SqlState::UNIQUE_VIOLATION].contains(code) =>
            {
                FaultKind::Again
            }
            Some(code) if code.code().starts_with("23") => FaultKind::Constraint,
            Some(code)
                if [SqlState::LOCK_NOT_AVAILABLE, SqlState::QUERY_CANCELED].contains(code) =>
            {
                FaultKind::Blocked
            }
            _ => FaultKind::Unavailable,
        };
        let detail = cause.as_db_error().map(|error| error.message().to_owned());
        // Else what lies below says more than "error connecting to server".
        let below = Error::source(&cause).map(|source| format!("{cause}: {source}"));
        Self::new(kind, detail.or(below).unwrap_or_else(|| cause.to_string()))
    }
}
