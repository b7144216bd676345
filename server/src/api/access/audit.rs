//! The audit log.

use service::access::{self, AuditQuery};

use crate::api::extract::{Caller, Params};
use crate::api::json::{Answer, page};
use crate::api::problem::ApiError;

/// `GET /audit`.
pub async fn list(caller: Caller, mut params: Params) -> Result<Answer, ApiError> {
    let query = AuditQuery {
        person: params.id("person").map(|id| id.to_string()).unwrap_or_default(),
        kind: params.text("kind"),
        from: params.period("from"),
        to: params.period("to"),
        count: params.flag("count"),
        cursor: params.text("cursor"),
        limit: params.limit(),
    };
    params.finish()?;
    Ok(Answer::ok(page(&access::audit_rows(&caller.ctx, query).await?)))
}
