//! Passwords: Argon2id, never more than two at a time, and what a new one has to be.

use argon2::password_hash::phc::PasswordHash;
use argon2::{ARGON2ID_IDENT, Argon2, Params, PasswordHasher, PasswordVerifier};
use domain::error::Code;
use domain::text;
use tokio::sync::{Semaphore, SemaphorePermit};
use zxcvbn::{Score, zxcvbn};

use crate::error::ServiceError;

/// Fewest characters of a password.
pub const MIN_LENGTH: usize = 12;
/// Most characters of a password.
pub const MAX_LENGTH: usize = 256;

/// Each hash takes 19 MiB and a processor: more at once would starve everybody else.
static GATE: Semaphore = Semaphore::const_new(2);

/// A place at the gate.
pub(crate) type Turn = SemaphorePermit<'static>;

/// A hash that no password has, made with today's parameters: whoever has no account costs the same time (A-AUT-03).
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$Z3VpY2hldC1ub2JvZHkteA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Argon2id with m = 19 MiB, t = 2, p = 1, which are this crate's defaults; a test watches over them.
fn hasher() -> Argon2<'static> {
    Argon2::default()
}

/// Waits for a place at the gate.
pub(crate) async fn turn() -> Result<Turn, ServiceError> {
    GATE.acquire().await.map_err(ServiceError::internal)
}

/// Hashes a password, for `app_user.password_hash`.
///
/// # Errors
/// `Internal` when the machine gives no randomness.
pub async fn hash(password: &str) -> Result<String, ServiceError> {
    let (turn, password) = (turn().await?, password.to_owned());
    let hashed = tokio::task::spawn_blocking(move || {
        // The place is given back when the work is done, even if nobody waits for it any more.
        let _turn = turn;
        hasher().hash_password(password.as_bytes()).map(|hash: PasswordHash| hash.to_string())
    });
    hashed.await.map_err(ServiceError::internal)?.map_err(ServiceError::internal)
}

/// Whether a password belongs to a stored hash; without hash the answer is no, after the same time.
///
/// # Errors
/// `Internal` when the work could not be done.
pub async fn verify(password: &str, stored: Option<&str>) -> Result<bool, ServiceError> {
    let (right, _turn) = verify_in(turn().await?, password, stored).await?;
    Ok(right)
}

/// `verify` by a caller who has his place and keeps it for what he does next.
pub(crate) async fn verify_in(turn: Turn, password: &str, stored: Option<&str>) -> Result<(bool, Turn), ServiceError> {
    let (password, stored) = (password.to_owned(), stored.map(str::to_owned));
    let verified = tokio::task::spawn_blocking(move || (is_of(&password, stored.as_deref()), turn));
    verified.await.map_err(ServiceError::internal)
}

fn is_of(password: &str, stored: Option<&str>) -> bool {
    // A hash that cannot be read belongs to nobody, and takes as long.
    let (known, hash) = match stored.map(PasswordHash::new) {
        Some(Ok(hash)) => (true, Ok(hash)),
        _ => (false, PasswordHash::new(NOBODY)),
    };
    let Ok(hash) = hash else { return false };
    let right = hasher().verify_password(password.as_bytes(), &hash).is_ok();
    known && right
}

/// Whether a stored hash was made with other parameters than today's.
#[must_use]
pub fn is_outdated(stored: &str) -> bool {
    let Ok(hash) = PasswordHash::new(stored) else { return true };
    let Ok(params) = Params::try_from(&hash) else { return true };
    let today = Params::DEFAULT;
    hash.algorithm != ARGON2ID_IDENT
        || hash.version != Some(19)
        || (params.m_cost(), params.t_cost(), params.p_cost()) != (today.m_cost(), today.t_cost(), today.p_cost())
}

/// Whether a new password may be used by somebody with this name and address.
///
/// # Errors
/// `Required`; `TooLong` above 256 characters; `WeakPassword` below 12 characters or when it is easily guessed.
pub fn check_new(password: &str, about: [&str; 2]) -> Result<(), Code> {
    match text::length(password) {
        0 => return Err(Code::Required),
        length if length > MAX_LENGTH => return Err(Code::TooLong),
        length if length < MIN_LENGTH => return Err(Code::WeakPassword),
        _ => {}
    }
    // The words of a name and the parts of an address are guessed one by one.
    let mut words: Vec<&str> = about.to_vec();
    words.extend(
        about.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric())).filter(|word| !word.is_empty()),
    );
    if zxcvbn(password, &words).score() < Score::Three { Err(Code::WeakPassword) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stack_6_the_parameters_are_those_decided() {
        let today = Params::DEFAULT;
        assert_eq!((today.m_cost(), today.t_cost(), today.p_cost()), (19 * 1024, 2, 1));
        assert!(!is_outdated(NOBODY), "whoever has no account costs as much as somebody with one");
    }

    #[test]
    fn stack_6_a_hash_of_other_parameters_is_outdated() {
        assert!(is_outdated(
            "$argon2id$v=19$m=4096,t=3,p=1$Z3VpY2hldC1ub2JvZHkteA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        ));
        assert!(is_outdated(
            "$argon2i$v=19$m=19456,t=2,p=1$Z3VpY2hldC1ub2JvZHkteA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        ));
        assert!(is_outdated("nonsense"));
    }

    #[test]
    fn a_aut_03_nobody_has_no_password() {
        assert!(!is_of("", None));
        assert!(!is_of("guichet", Some("nonsense")));
    }

    #[tokio::test]
    async fn a_aut_03_a_password_belongs_to_its_hash_only() {
        let hash = hash("correct horse battery").await.unwrap();
        assert!(!is_outdated(&hash));
        assert!(verify("correct horse battery", Some(&hash)).await.unwrap());
        assert!(!verify("correct horse batterz", Some(&hash)).await.unwrap());
        assert!(!verify("correct horse battery", None).await.unwrap());
    }

    #[test]
    fn a_new_password_is_long_and_hard_to_guess() {
        let about = ["Ana Souza", "ana@example.org"];
        let cases = [
            ("", Err(Code::Required)),
            ("short7!", Err(Code::WeakPassword)),
            ("aaaaaaaaaaaa", Err(Code::WeakPassword)),
            ("password1234", Err(Code::WeakPassword)),
            ("ana souza ana", Err(Code::WeakPassword)),
            ("quartz lantern 83 mossy", Ok(())),
        ];
        for (password, expected) in cases {
            assert_eq!(check_new(password, about), expected, "{password}");
        }
        assert_eq!(check_new(&"x".repeat(257), about), Err(Code::TooLong));
    }
}
