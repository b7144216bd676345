//! How a refusal crosses the wire between the pages and the server. Does not belong here: sentences (`message`).

use domain::error::AppError;
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// The error of every server function. Wraps [`AppError`], because `domain` does not know the framework.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Refusal(pub AppError);

impl FromServerFnError for Refusal {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        Self(AppError::Transport(value.to_string()))
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Refusal {}

/// On the server this also sets the HTTP status of the answer, so that `?` suffices in a server function.
impl From<AppError> for Refusal {
    fn from(error: AppError) -> Self {
        #[cfg(feature = "ssr")]
        crate::context::answer_with_status_of(&error);
        Self(error)
    }
}

/// As above; the cause stays on the server.
#[cfg(feature = "ssr")]
impl From<service::ServiceError> for Refusal {
    fn from(error: service::ServiceError) -> Self {
        AppError::from(error).into()
    }
}
