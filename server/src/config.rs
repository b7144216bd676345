//! Configuration: flags and `GUICHET_*` variables, typed, unknown ones refused, secrets never printed.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use migration::{Migrator, MigratorTrait as _};
use service::db::Db;
use service::documents::Files;
use service::events::Hub;
use service::mail::{Dkim, Mailer, Server, Transport};
use service::{Clock, Services, install};

/// Options of every command.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Folder of database and files.
    #[arg(long, env = "GUICHET_DATA", default_value = "./data", global = true)]
    pub data: PathBuf,
    /// `sqlite://path` or `postgres://…`; default: a SQLite file in the data folder. May hold a password: never printed.
    #[arg(long, env = "GUICHET_DATABASE_URL", global = true, hide_env_values = true)]
    pub database_url: Option<String>,
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, env = "GUICHET_LISTEN", default_value = "127.0.0.1:3000", global = true)]
    pub listen: SocketAddr,
    /// Public address; https makes cookies `Secure`. Default: http on the listening address.
    #[arg(long, env = "GUICHET_BASE_URL", global = true)]
    pub base_url: Option<String>,
    /// Server for outgoing mail, `smtps://user:password@host:465` or `smtp://…:587?tls=required`. Holds a password: never printed.
    #[arg(long, env = "GUICHET_SMTP_URL", global = true, hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// File with the certificate of a private authority the mail server is signed by.
    #[arg(long, env = "GUICHET_SMTP_CA", global = true)]
    pub smtp_ca: Option<PathBuf>,
    /// Sender of mails: an address, or `Name <address>`.
    #[arg(long, env = "GUICHET_MAIL_FROM", global = true)]
    pub mail_from: Option<String>,
    /// File with the private key that mails are signed with by DKIM, in PEM form: RSA or Ed25519. Needs a selector.
    #[arg(long, env = "GUICHET_DKIM_KEY", global = true)]
    pub dkim_key: Option<PathBuf>,
    /// Selector of that key: its public half stands in DNS under `<selector>._domainkey.<domain of the sender>`.
    #[arg(long, env = "GUICHET_DKIM_SELECTOR", global = true)]
    pub dkim_selector: Option<String>,
    /// Proxies whose `X-Forwarded-For` is believed, comma separated.
    #[arg(long, env = "GUICHET_TRUSTED_PROXIES", value_delimiter = ',', global = true)]
    pub trusted_proxies: Vec<IpAddr>,
    /// Assets from this folder instead of those inside the binary.
    #[arg(long, env = "GUICHET_SITE_DIR", global = true)]
    pub site_dir: Option<PathBuf>,
    /// Log filter: `info`, `warn,server=debug`.
    #[arg(long, env = "GUICHET_LOG", default_value = "info", global = true)]
    pub log: String,
    /// `text` or `json`.
    #[arg(long, env = "GUICHET_LOG_FORMAT", default_value = "text", value_parser = ["text", "json"], global = true)]
    pub log_format: String,
}

/// Every variable the binary reads.
pub const VARIABLES: &[&str] = &[
    "GUICHET_DATA",
    "GUICHET_DATABASE_URL",
    "GUICHET_LISTEN",
    "GUICHET_BASE_URL",
    "GUICHET_SMTP_URL",
    "GUICHET_SMTP_CA",
    "GUICHET_MAIL_FROM",
    "GUICHET_DKIM_KEY",
    "GUICHET_DKIM_SELECTOR",
    "GUICHET_TRUSTED_PROXIES",
    "GUICHET_SITE_DIR",
    "GUICHET_LOG",
    "GUICHET_LOG_FORMAT",
];

/// Refuses `GUICHET_*` variables nobody reads: a typing error must not pass in silence.
///
/// # Errors
/// Names every unknown variable.
pub fn refuse_unknown_variables() -> anyhow::Result<()> {
    let unknown: Vec<String> = std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .filter(|name| name.starts_with("GUICHET_") && !VARIABLES.contains(&name.as_str()))
        .collect();
    if unknown.is_empty() {
        Ok(())
    } else {
        bail!("unknown variables: {}; known are: {}", unknown.join(", "), VARIABLES.join(", "))
    }
}

/// Starts structured logs on standard error.
///
/// # Errors
/// When the filter cannot be read.
pub fn start_logging(options: &Options) -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_new(&options.log).context("GUICHET_LOG")?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    if options.log_format == "json" {
        builder.json().flatten_event(true).init()
    } else {
        builder.init()
    }
    Ok(())
}

impl Options {
    /// Address of the database.
    #[must_use]
    pub fn database(&self) -> String {
        self.database_url
            .clone()
            .unwrap_or_else(|| format!("sqlite://{}?mode=rwc", self.data.join("guichet.db").display()))
    }

    /// The configuration in force, secrets left out.
    #[must_use]
    pub fn redacted(&self) -> String {
        let database = self.database();
        let shown = match database.split_once("://") {
            Some((scheme, rest)) if scheme != "sqlite" => format!("{scheme}://{}", without_secrets(rest)),
            _ => database,
        };
        format!(
            "data={} database={shown} listen={} base_url={} mail={}",
            self.data.display(),
            self.listen,
            self.base_url.as_deref().unwrap_or("-"),
            self.mail_from.as_deref().unwrap_or("-")
        )
    }

    /// Opens database and files, brings the schema up to date.
    ///
    /// # Errors
    /// When the folder cannot be written, the database cannot be opened or a migration fails.
    pub async fn open(&self, address: SocketAddr) -> anyhow::Result<Services> {
        let db = self.connect().await?;
        Migrator::up(db.writer(), None).await.context("migrations")?;
        let clock = Clock::System;
        install::sync_shipped(&db, clock.now()).await.context("roles and templates")?;
        let secret = install::ensure_secret(&db, clock.now()).await.context("secret")?;
        let files = Files::local(self.data.join("files")).context("files folder")?;
        let base_url = self.base_url.as_deref().map(|url| url.trim_end_matches('/').to_owned());
        let base_url = base_url.unwrap_or_else(|| format!("http://{address}"));
        Ok(Services {
            db,
            clock,
            files,
            hub: Hub::default(),
            bell: Arc::default(),
            mailer: self.mailer()?,
            secret: Arc::new(secret),
            base_url: base_url.into(),
        })
    }

    /// The way out for mails (M-TRN-01).
    ///
    /// # Errors
    /// When one of the variables is missing or cannot be read; never names the password.
    fn mailer(&self) -> anyhow::Result<Option<Arc<Mailer>>> {
        let Some(url) = &self.smtp_url else {
            if self.mail_from.is_some() {
                bail!("GUICHET_MAIL_FROM needs GUICHET_SMTP_URL");
            }
            return Ok(None);
        };
        let from = self.mail_from.as_deref().context("GUICHET_SMTP_URL needs GUICHET_MAIL_FROM")?;
        if self.base_url.is_none() {
            bail!("GUICHET_SMTP_URL needs GUICHET_BASE_URL: every link in a mail begins with it");
        }
        let mut server = Server::read(url).context("GUICHET_SMTP_URL")?;
        if let Some(path) = &self.smtp_ca {
            let pem = std::fs::read(path).with_context(|| format!("GUICHET_SMTP_CA {}", path.display()))?;
            server = server.trusting(&pem).context("GUICHET_SMTP_CA")?;
        }
        let mailer =
            Mailer::new(Transport::new(server), from).map_err(|code| anyhow::anyhow!("GUICHET_MAIL_FROM: {code}"))?;
        let mailer = match self.dkim()? {
            Some(dkim) => mailer.signing(dkim),
            None => mailer,
        };
        Ok(Some(Arc::new(mailer)))
    }

    /// The signature of mails (M-HDR-06).
    ///
    /// # Errors
    /// When one of the two variables is missing, or the key cannot be read.
    fn dkim(&self) -> anyhow::Result<Option<Dkim>> {
        match (&self.dkim_key, &self.dkim_selector) {
            (Some(path), Some(selector)) => {
                let pem =
                    std::fs::read_to_string(path).with_context(|| format!("GUICHET_DKIM_KEY {}", path.display()))?;
                Ok(Some(Dkim::new(&pem, selector).context("GUICHET_DKIM_KEY, GUICHET_DKIM_SELECTOR")?))
            }
            (None, None) => Ok(None),
            _ => bail!("GUICHET_DKIM_KEY and GUICHET_DKIM_SELECTOR need each other"),
        }
    }

    /// Opens the database without touching its schema.
    ///
    /// # Errors
    /// When the folder cannot be written or the database cannot be opened.
    pub async fn connect(&self) -> anyhow::Result<Db> {
        std::fs::create_dir_all(self.data.join("files"))
            .with_context(|| format!("data folder {}", self.data.display()))?;
        Db::connect(&self.database()).await.context("database")
    }
}

/// Host and name of a database: what stands before an `@` or in the query may be a password.
fn without_secrets(address: &str) -> String {
    let place = address.split('?').next().unwrap_or_default();
    match place.rsplit_once('@') {
        Some((_, host)) => format!("***@{host}"),
        // A password with a question mark that nobody escaped: where it ends is a guess.
        None if address.contains('@') => "***".to_owned(),
        None => place.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(database_url: &str) -> Options {
        Options {
            data: "./data".into(),
            database_url: Some(database_url.into()),
            listen: "127.0.0.1:3000".parse().unwrap(),
            base_url: None,
            smtp_url: Some("smtps://desk:secret@mail.example".into()),
            smtp_ca: None,
            mail_from: None,
            dkim_key: None,
            dkim_selector: None,
            trusted_proxies: Vec::new(),
            site_dir: None,
            log: "info".into(),
            log_format: "text".into(),
        }
    }

    #[test]
    fn the_printed_configuration_hides_passwords() {
        for url in [
            "postgres://guichet:secret@db.example/guichet",
            "postgres://db.example/guichet?user=guichet&password=secret",
            "postgres://guichet:sec@secret@db.example/guichet?sslmode=require&password=secret",
        ] {
            let shown = options(url).redacted();
            assert!(!shown.contains("sec") && shown.contains("db.example/guichet"), "{shown}");
        }
        for url in ["postgres://guichet:sec?ret@db.example/guichet", "postgres://db.example/guichet?password=sec@ret"] {
            let shown = options(url).redacted();
            assert!(!shown.contains("sec") && !shown.contains("ret"), "{shown}");
        }
        assert!(options("sqlite:///srv/desk.db?mode=rwc").redacted().contains("sqlite:///srv/desk.db?mode=rwc"));
    }
}
