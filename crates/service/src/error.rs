//! The one error of every use case: what the caller may know, and what only the log may.

use domain::error::{AppError, Code, ErrorRef};
use sea_orm::{DbErr, RuntimeErr};

/// Why a use case said no. `public` crosses the wire, `cause` never does.
#[derive(Debug)]
pub struct ServiceError {
    /// What the caller is told.
    pub public: AppError,
    /// What happened, for the log.
    pub cause: Option<String>,
    retryable: bool,
}

impl ServiceError {
    /// A defect or a failure of something we need; logged here, once, under a reference.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        let reference = ErrorRef(crate::ctx::random_token(9));
        tracing::error!(error_ref = %reference.0, cause = %cause, "internal error");
        Self { public: AppError::Internal(reference), cause: Some(cause.to_string()), retryable: false }
    }

    /// Something we need is away for the moment.
    pub fn unavailable(cause: impl std::fmt::Display) -> Self {
        tracing::warn!(cause = %cause, "unavailable");
        Self { public: AppError::Unavailable { retry_s: 2 }, cause: Some(cause.to_string()), retryable: false }
    }

    /// Whether the same transaction may succeed when run again: serialisation failure or deadlock, nothing else.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        self.retryable
    }
}

impl std::fmt::Display for ServiceError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.public.fmt(f)
    }
}

impl std::error::Error for ServiceError {}

impl From<AppError> for ServiceError {
    fn from(public: AppError) -> Self {
        Self { public, cause: None, retryable: false }
    }
}

impl From<Code> for ServiceError {
    fn from(code: Code) -> Self {
        AppError::refused(code).into()
    }
}

impl From<ServiceError> for AppError {
    fn from(error: ServiceError) -> Self {
        error.public
    }
}

impl From<serde_json::Error> for ServiceError {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(error)
    }
}

impl From<DbErr> for ServiceError {
    fn from(error: DbErr) -> Self {
        match kind(&error) {
            Kind::Retryable => {
                Self { public: AppError::Unavailable { retry_s: 1 }, cause: Some(error.to_string()), retryable: true }
            }
            Kind::Away => Self::unavailable(error),
            Kind::Full => {
                tracing::error!(cause = %error, "no room to write");
                Self { public: AppError::StorageFull, cause: Some(error.to_string()), retryable: false }
            }
            Kind::Other => Self::internal(error),
        }
    }
}

/// Whether PostgreSQL gave up waiting for what another transaction holds.
pub(crate) fn is_lock_timeout(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) = error else {
        return false;
    };
    matches!(error.as_ref(), sqlx::Error::Database(database) if database.code().as_deref() == Some("55P03"))
}

/// Whether a row could not go, or could not come, because of another row that names it.
pub(crate) fn is_foreign_key(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) = error else {
        return false;
    };
    matches!(error.as_ref(), sqlx::Error::Database(database) if database.is_foreign_key_violation())
}

enum Kind {
    Retryable,
    Away,
    Full,
    Other,
}

fn kind(error: &DbErr) -> Kind {
    let runtime = match error {
        DbErr::ConnectionAcquire(_) => return Kind::Away,
        DbErr::Conn(e) | DbErr::Exec(e) | DbErr::Query(e) => e,
        _ => return Kind::Other,
    };
    let RuntimeErr::SqlxError(error) = runtime else { return Kind::Other };
    match error.as_ref() {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => Kind::Away,
        sqlx::Error::Database(database) => match database.code().as_deref() {
            Some("40001" | "40P01") => Kind::Retryable,
            // SQLite: BUSY and its kinds, LOCKED, CANTOPEN, IOERR family; PostgreSQL: connection, resources, shutdown, timeout.
            Some(
                "5" | "261" | "517" | "773" | "6" | "262" | "14" | "10" | "57P01" | "57P02" | "57P03" | "57014"
                | "53300" | "55P03",
            ) => Kind::Away,
            Some(code) if code.starts_with("08") => Kind::Away,
            Some("13" | "53100") => Kind::Full,
            _ => Kind::Other,
        },
        _ => Kind::Other,
    }
}
