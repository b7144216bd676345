//! How a refusal crosses the wire between the pages and the server. Does not belong here: sentences (`message`).

use domain::error::AppError;
use leptos::server_fn::codec::Post;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// How every server function answers. JSON read as text, like the data of a hydrated page: one reader of each view in
/// the browser's bundle instead of two.
pub type Wire = Post<TextJson>;

/// JSON, decoded from `&str`.
#[derive(Clone, Copy, Debug)]
pub struct TextJson;

impl ContentType for TextJson {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for TextJson {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for TextJson {
    type Error = serde_json::Error;

    fn encode(value: &T) -> Result<Bytes, Self::Error> {
        serde_json::to_vec(value).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for TextJson {
    type Error = serde_json::Error;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        // Bytes that are no text are refused by the reader itself, as text that is no JSON.
        serde_json::from_str(std::str::from_utf8(&bytes).unwrap_or_default())
    }
}

/// The error of every server function. Wraps [`AppError`], because `domain` does not know the framework.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Refusal(pub AppError);

impl FromServerFnError for Refusal {
    type Encoder = TextJson;

    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        #[cfg(feature = "ssr")]
        if let Some(error) = crate::unread::refusal(&value) {
            return error.into();
        }
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
