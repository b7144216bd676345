//! Where mails leave: reads `GUICHET_SMTP_URL` (M-TRN-01).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::text::normalise_line;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, TlsParameters, TlsParametersBuilder};
use percent_encoding::percent_decode_str;
use url::{Host, Url};

/// Most characters of an answer that is shown or kept.
const ANSWER_LENGTH: usize = 500;
/// What stands for the password if a server repeats it.
const HIDDEN: &str = "•••";

/// How the connection is encrypted; where it is, certificate and host name are verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// From the first byte (`smtps://`).
    Implicit,
    /// By STARTTLS; a server that does not offer it gets nothing (`smtp://` and `tls=required`).
    Required,
    /// By STARTTLS if the server offers it (`tls=opportunistic`).
    Opportunistic,
    /// Never (`tls=none`).
    None,
}

/// What is wrong with the URL of the server or with its certificates; never says the password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ServerError {
    /// No URL at all.
    #[error(
        "it is not a URL such as smtps://user:password@mail.example.org:465 ({0}); signs such as @ / # in the password are written as %40 %2F %23"
    )]
    Url(#[from] url::ParseError),
    /// Neither `smtp` nor `smtps`.
    #[error("it has to begin with smtps:// or smtp://")]
    Scheme,
    /// No host.
    #[error("it names no host")]
    Host,
    /// A path or a fragment.
    #[error(
        "nothing but ?tls= may follow the host and the port; signs such as / # in the password are written as %2F %23"
    )]
    Rest,
    /// Something else than one `tls=` of a known value, or `tls=` where TLS is there from the start.
    #[error("only smtp:// takes an option, and only one: tls=required, tls=opportunistic or tls=none")]
    Options,
    /// A user without a password or the reverse.
    #[error("user and password have to be there both, or neither")]
    HalfLogin,
    /// Percent signs that do not give UTF-8.
    #[error("user and password have to be UTF-8 where they are written with percent signs")]
    Encoding,
    /// A password that would travel in plain text.
    #[error("user and password need TLS: smtps://, or smtp:// with tls=required")]
    PlainLogin,
    /// The certificates cannot be used.
    #[error("its certificates cannot be used: {0}")]
    Certificates(String),
}

/// A mail server (M-TRN-01).
#[derive(Clone)]
pub struct Server {
    host: String,
    port: u16,
    tls: Tls,
    credentials: Option<Credentials>,
    /// The password in each form in which a server gets to know it.
    secrets: Vec<String>,
    roots: Vec<Certificate>,
    parameters: Option<TlsParameters>,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("tls", &self.tls)
            .field("signs_in", &self.credentials.is_some())
            .finish_non_exhaustive()
    }
}

impl Server {
    /// Reads a URL: `smtps://user:password@host:465`, or `smtp://…:587` with `?tls=required` (also without), and, without
    /// user and password, `tls=opportunistic` or `tls=none`. Ports are 465, 587, 587 and 25 if not said. Loads the
    /// certificates of the system once.
    ///
    /// # Errors
    /// See [`ServerError`].
    pub fn read(url: &str) -> Result<Self, ServerError> {
        let url = Url::parse(url.trim())?;
        let tls = read_tls(&url)?;
        let host = match Host::parse(url.host_str().ok_or(ServerError::Host)?)? {
            Host::Domain(name) => name,
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        };
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(ServerError::Rest);
        }
        let port = url.port().unwrap_or(match tls {
            Tls::Implicit => 465,
            Tls::Required | Tls::Opportunistic => 587,
            Tls::None => 25,
        });
        let login = read_login(&url)?;
        if login.is_some() && matches!(tls, Tls::Opportunistic | Tls::None) {
            return Err(ServerError::PlainLogin);
        }
        let secrets = login.as_ref().map(|(user, password)| spellings(user, password)).unwrap_or_default();
        let credentials = login.map(|(user, password)| Credentials::new(user, password));
        Self { host, port, tls, credentials, secrets, roots: Vec::new(), parameters: None }.prepared()
    }

    /// Trusts the certificates of a PEM file besides those of the system: for private authorities, and for tests.
    ///
    /// # Errors
    /// `Certificates` if there is none in it, or one cannot be read.
    pub fn trusting(mut self, pem: &[u8]) -> Result<Self, ServerError> {
        if !String::from_utf8_lossy(pem).contains("-----BEGIN CERTIFICATE-----") {
            return Err(ServerError::Certificates("the file holds no certificate".to_owned()));
        }
        self.roots.push(Certificate::from_pem(pem).map_err(unusable)?);
        self.prepared()
    }

    /// Name or IP address, without brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// TCP port.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// How connections are encrypted.
    #[must_use]
    pub const fn tls(&self) -> Tls {
        self.tls
    }

    /// Builds what a handshake needs, unless there will never be one.
    fn prepared(mut self) -> Result<Self, ServerError> {
        if self.tls != Tls::None {
            let builder = TlsParameters::builder(self.host.clone());
            let builder = self.roots.iter().cloned().fold(builder, TlsParametersBuilder::add_root_certificate);
            self.parameters = Some(builder.build().map_err(unusable)?);
        }
        Ok(self)
    }

    pub(super) const fn credentials(&self) -> Option<&Credentials> {
        self.credentials.as_ref()
    }

    pub(super) const fn parameters(&self) -> Option<&TlsParameters> {
        self.parameters.as_ref()
    }

    /// A text of the server or about it as it may be shown: one line, not too long, without the password.
    pub(super) fn said(&self, text: &str) -> String {
        let hidden = self.secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, HIDDEN));
        normalise_line(&hidden).chars().take(ANSWER_LENGTH).collect()
    }
}

fn read_tls(url: &Url) -> Result<Tls, ServerError> {
    let mut asked = None;
    for (key, value) in url.query_pairs() {
        if key != "tls" || asked.is_some() {
            return Err(ServerError::Options);
        }
        asked = Some(value);
    }
    match (url.scheme(), asked.as_deref()) {
        ("smtps", None) => Ok(Tls::Implicit),
        ("smtp", None | Some("required")) => Ok(Tls::Required),
        ("smtp", Some("opportunistic")) => Ok(Tls::Opportunistic),
        ("smtp", Some("none")) => Ok(Tls::None),
        ("smtp" | "smtps", Some(_)) => Err(ServerError::Options),
        _ => Err(ServerError::Scheme),
    }
}

fn read_login(url: &Url) -> Result<Option<(String, String)>, ServerError> {
    let decoded = |text: &str| {
        let decoded = percent_decode_str(text).decode_utf8().map_err(|_invalid| ServerError::Encoding)?;
        Ok::<String, ServerError>(decoded.into_owned())
    };
    match (url.username(), url.password().unwrap_or_default()) {
        ("", "") => Ok(None),
        ("", _) | (_, "") => Err(ServerError::HalfLogin),
        (user, password) => Ok(Some((decoded(user)?, decoded(password)?))),
    }
}

/// The password as it is, and as the two ways of signing in send it.
fn spellings(user: &str, password: &str) -> Vec<String> {
    vec![STANDARD.encode(format!("\0{user}\0{password}")), STANDARD.encode(password), password.to_owned()]
}

fn unusable(error: lettre::transport::smtp::Error) -> ServerError {
    ServerError::Certificates(error.to_string())
}
