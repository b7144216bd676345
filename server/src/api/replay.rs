//! Answers under an idempotency key: what was answered first is kept as it was given, and given again (A-IDM-01).
//!
//! Belongs here: keeping and giving again. Does not belong here: that a command runs once (`service::idempotency`).

use serde_json::{Value, json};
use service::{Ctx, idempotency};

use super::extract::Key;
use super::json::Answer;
use super::problem::ApiError;

/// A POST under way with its key, if it has one.
#[derive(Debug)]
pub struct Once {
    key: String,
    about: String,
    is_known: bool,
}

impl Once {
    /// Begins before the command runs. `command` is its name among the keys of the services, `ticket` the number of the ticket
    /// whose texts the answer will hold: they leave with it.
    ///
    /// # Errors
    /// `unavailable` when the database is away.
    pub async fn begin(ctx: &Ctx, key: &Key, command: &str, ticket: Option<i64>) -> Result<Self, ApiError> {
        let is_known = idempotency::is_answered(ctx, command, &key.0).await?;
        Ok(Self { key: key.0.clone(), about: about(ticket), is_known })
    }

    /// The same for a command that makes its ticket.
    #[must_use]
    pub fn of_ticket(self, number: i64) -> Self {
        Self { about: about(Some(number)), ..self }
    }

    /// Whether the command had run before.
    #[must_use]
    pub const fn is_known(&self) -> bool {
        self.is_known
    }

    /// The first answer under the key: `answer`, unless one was given before. The caller has just read the object of `answer`;
    /// one without content stands for an object out of his sight.
    ///
    /// # Errors
    /// `not_found` when an object that was answered first is out of the caller's sight by now.
    pub async fn finish(self, ctx: &Ctx, answer: Answer) -> Result<Answer, ApiError> {
        if self.key.is_empty() {
            return Ok(answer);
        }
        let kept = idempotency::keep_reply(ctx, &self.about, &self.key, answer.to_stored()).await?;
        let Some(kept) = kept.as_deref().and_then(Answer::from_stored) else {
            return Ok(answer.replayed(self.is_known));
        };
        if answer.is_empty() && !kept.is_empty() {
            return Err(ApiError::NOT_FOUND);
        }
        Ok(kept.replayed(true))
    }
}

fn about(ticket: Option<i64>) -> String {
    ticket.map(|number| format!("ticket {number}")).unwrap_or_default()
}

impl Answer {
    /// The answer as it is kept under a key.
    fn to_stored(&self) -> String {
        let (status, location, body) = self.parts();
        json!({ "status": status, "location": location, "body": body }).to_string()
    }

    /// What was kept; nothing for what is none.
    fn from_stored(text: &str) -> Option<Self> {
        let mut stored: Value = serde_json::from_str(text).ok()?;
        let status = stored.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok())?;
        let location = stored.get("location").and_then(Value::as_str).map(str::to_owned);
        let body = stored.get_mut("body").map(Value::take).unwrap_or_default();
        Self::from_parts(status, location, body)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{StatusCode, header};
    use axum::response::IntoResponse;

    use super::*;

    #[test]
    fn a_idm_01_an_answer_is_given_again_as_it_was() {
        let first = Answer::created("/tickets/7", json!({ "number": 7, "version": 3 }));
        let again = Answer::from_stored(&first.to_stored()).unwrap().replayed(true).into_response();
        assert_eq!(again.status(), StatusCode::CREATED);
        assert_eq!(again.headers().get(header::LOCATION).unwrap(), "/api/v1/tickets/7");
        assert_eq!(again.headers().get(header::ETAG).unwrap(), "\"3\"");
        assert_eq!(again.headers().get("idempotency-replayed").unwrap(), "true");
        let nothing = Answer::from_stored(&Answer::nothing().to_stored()).unwrap();
        assert!(nothing.is_empty());
        assert!(Answer::from_stored("{}").is_none());
    }
}
