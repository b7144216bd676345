//! Accounts: signing in, the first set-up, the own profile, sessions, passwords.
//!
//! Does not belong here: cookies (`server`), API tokens (`tokens`), other people (`people`).

mod command_line;
mod invitations;
pub mod passwords;
mod profile;
mod sessions;
mod set_up;
mod sign_in;

use domain::error::Code;
use domain::text;
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

pub use command_line::ensure_user;
pub(crate) use invitations::invite;
pub use invitations::{accept_invitation, invitation};
pub use profile::{change_password, change_password_once, save, save_from};
pub use sessions::{Visit, end_other_sessions, load_actor, session_of, sign_out, sweep, visit, who_was};
pub use set_up::{set_up, set_up_needed, set_up_token};
pub use sign_in::{SignedIn, sign_in};

pub(crate) use sign_in::prove;

/// What finds an account by its address: trimmed, lower case.
#[must_use]
pub fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

/// SHA-256 of a secret as 64 hexadecimal digits: the only form in which the database knows it.
#[must_use]
pub fn secret_hash(secret: &str) -> String {
    Sha256::digest(secret.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One line of text a person typed, 1..`max` characters after cleaning (T-GEN-04).
pub(crate) fn line(typed: &str, max: usize) -> Result<String, Code> {
    let composed: String = typed.nfc().collect();
    let clean = text::normalise_line(&composed);
    match text::length(&clean) {
        0 => Err(Code::Required),
        length if length > max => Err(Code::TooLong),
        _ => Ok(clean),
    }
}

/// The beginning of a text that came with a request, for a column that only informs.
fn cut(text: &str, max: usize) -> String {
    text.chars().take(max).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_aut_01_a_secret_is_kept_as_its_sha_256() {
        assert_eq!(secret_hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn a_aut_03_case_and_blanks_do_not_make_another_account() {
        assert_eq!(email_key("  Ana@Example.ORG "), "ana@example.org");
    }

    #[test]
    fn t_gen_04_a_name_is_one_line_within_its_limit() {
        assert_eq!(line(" Ana\nSouza ", 100), Ok("Ana Souza".to_owned()));
        assert_eq!(line(" \t", 100), Err(Code::Required));
        assert_eq!(line("abc", 2), Err(Code::TooLong));
        assert_eq!(line("e\u{301}", 1), Ok("é".to_owned()));
    }
}
