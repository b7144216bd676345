//! `guichet user`, `guichet token`: the way in when no administrator is at hand.

use anyhow::Context as _;
use service::{account, tokens};

use crate::config::Options;

/// Adds a person with a role at the root entity, or gives an existing one a new password.
#[derive(Debug, clap::Args)]
pub struct User {
    /// Address.
    email: String,
    /// Name; needed for a new person.
    #[arg(long)]
    name: Option<String>,
    /// `requester`, `observer`, `technician`, `supervisor`, `admin`; needed for a new person.
    #[arg(long)]
    role: Option<String>,
    /// File that holds the password in its first line; `-` reads standard input.
    #[arg(long)]
    password_file: String,
}

/// Makes a token of the REST API.
#[derive(Debug, clap::Args)]
pub struct Token {
    /// Address of the person.
    email: String,
    /// Name of the token.
    #[arg(long, default_value = "command line")]
    name: String,
    /// `full` or `read`.
    #[arg(long, default_value = "full")]
    scope: String,
    /// Days until it expires, 1..365.
    #[arg(long)]
    days: Option<i64>,
}

/// Adds or changes a person.
pub(super) async fn run(options: &Options, user: User) -> anyhow::Result<()> {
    let services = options.open(options.listen).await?;
    let text = if user.password_file == "-" {
        std::io::read_to_string(std::io::stdin())?
    } else {
        std::fs::read_to_string(&user.password_file).with_context(|| user.password_file.clone())?
    };
    let password = text.lines().next().unwrap_or_default();
    let made =
        account::ensure_user(&services, &user.email, user.name.as_deref(), user.role.as_deref(), password).await?;
    println!("{} {}", if made { "added" } else { "new password for" }, user.email);
    services.db.close().await?;
    Ok(())
}

/// Prints a new token, once.
pub(super) async fn token(options: &Options, token: Token) -> anyhow::Result<()> {
    let services = options.open(options.listen).await?;
    let made = tokens::create_for(&services, &token.email, &token.name, &token.scope, token.days).await?;
    println!("{}", made.token);
    services.db.close().await?;
    Ok(())
}
