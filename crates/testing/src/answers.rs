//! What a use case said, taken apart: every function fails where it was called when the answer is another one.

use std::fmt::Debug;

use domain::error::{AppError, Code, FieldConflict};
use service::ServiceError;

/// The refusal as the caller of the product gets it.
#[track_caller]
pub fn error<T: Debug>(answer: Result<T, ServiceError>) -> AppError {
    match answer {
        Err(error) => error.public,
        Ok(value) => panic!("was accepted: {value:?}"),
    }
}

/// The code at one field of a 422; `None` when that field is right.
#[track_caller]
pub fn field<T: Debug>(answer: Result<T, ServiceError>, name: &str) -> Option<Code> {
    match error(answer) {
        AppError::Invalid(errors) => errors.of(name),
        other => panic!("no wrong field but {other:?}"),
    }
}

/// The code of a refusal by state or business rule.
#[track_caller]
pub fn refused<T: Debug>(answer: Result<T, ServiceError>) -> Code {
    match error(answer) {
        AppError::Refused { code, .. } => code,
        other => panic!("not refused by a rule but {other:?}"),
    }
}

/// The name of the missing capability.
#[track_caller]
pub fn forbidden<T: Debug>(answer: Result<T, ServiceError>) -> String {
    match error(answer) {
        AppError::Forbidden(capability) => capability,
        other => panic!("not forbidden but {other:?}"),
    }
}

/// The key of the setting that switches it off.
#[track_caller]
pub fn disabled<T: Debug>(answer: Result<T, ServiceError>) -> String {
    match error(answer) {
        AppError::Disabled(key) => key,
        other => panic!("not switched off but {other:?}"),
    }
}

/// The fields two people changed.
#[track_caller]
pub fn conflict<T: Debug>(answer: Result<T, ServiceError>) -> Vec<FieldConflict> {
    match error(answer) {
        AppError::Conflict { conflicts, .. } => conflicts,
        other => panic!("no conflict but {other:?}"),
    }
}
