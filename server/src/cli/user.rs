//! `guichet user`, `guichet token`: the way in when no administrator is at hand.

use anyhow::Context as _;
use domain::error::{AppError, Code, FieldErrors};
use service::{ServiceError, account, tokens};

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
    let made = account::ensure_user(&services, &user.email, user.name.as_deref(), user.role.as_deref(), password).await;
    let made = made.map_err(told)?;
    println!("{} {}", if made { "added" } else { "new password for" }, user.email);
    services.db.close().await?;
    Ok(())
}

/// Prints a new token, once.
pub(super) async fn token(options: &Options, token: Token) -> anyhow::Result<()> {
    let services = options.open(options.listen).await?;
    let made = tokens::create_for(&services, &token.email, &token.name, &token.scope, token.days).await;
    let made = made.map_err(told)?;
    println!("{}", made.token);
    services.db.close().await?;
    Ok(())
}

/// A refusal in words for whoever sits at the command line.
fn told(error: ServiceError) -> anyhow::Error {
    match &error.public {
        AppError::Invalid(FieldErrors(wrong)) => {
            let sentences: Vec<String> = wrong.iter().map(|wrong| sentence(&wrong.field, wrong.code)).collect();
            anyhow::anyhow!(sentences.join("; "))
        }
        AppError::Refused { code: Code::SetupClosed, .. } => {
            anyhow::anyhow!("the desk is not set up yet: run `guichet serve` and open the address it prints")
        }
        _ => error.into(),
    }
}

fn sentence(field: &str, code: Code) -> String {
    match (field, code) {
        ("email", Code::UnknownReference) => "nobody active has this address".to_owned(),
        ("email", _) => "this is no address".to_owned(),
        ("name", Code::Required) => "a new person needs --name".to_owned(),
        ("name", _) => "--name has at most 100 characters".to_owned(),
        ("role", _) => "a new person needs --role: requester, observer, technician, supervisor or admin".to_owned(),
        ("password", Code::Required) => "the first line of --password-file is empty".to_owned(),
        ("password", Code::WeakPassword) => {
            "this password is easy to guess: choose another one with 12 characters or more".to_owned()
        }
        ("scope", _) => "--scope is full or read".to_owned(),
        ("expires_in_days", _) => "--days is a number from 1 to 365".to_owned(),
        (field, code) => format!("{field}: {code}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_command_says_what_is_wrong() {
        let refused = |error: AppError| told(error.into()).to_string();
        let mut both = FieldErrors::one("scope", Code::Invalid);
        both.add("expires_in_days", Code::OutOfRange);
        assert_eq!(refused(AppError::Invalid(both)), "--scope is full or read; --days is a number from 1 to 365");
        for (field, code, word) in [
            ("email", Code::UnknownReference, "nobody"),
            ("name", Code::Required, "--name"),
            ("role", Code::UnknownReference, "supervisor"),
            ("password", Code::WeakPassword, "12 characters"),
            ("password", Code::TooLong, "password: too_long"),
        ] {
            let told = refused(AppError::field(field, code));
            assert!(told.contains(word), "{told}");
        }
        assert!(refused(AppError::refused(Code::SetupClosed)).contains("guichet serve"));
    }
}
