//! The audit log.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use domain::error::AppError;
use domain::views::AuditFilter;
use futures::{StreamExt as _, stream};
use service::Ctx;
use service::access::{self, AuditQuery};

use crate::api::extract::{Caller, Params};
use crate::api::json::{Answer, page};
use crate::api::problem::ApiError;
use crate::api::table;

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

/// `GET /audit/export`, in the words of the caller's language.
pub async fn export(caller: Caller, mut params: Params) -> Result<Response, ApiError> {
    let _only_one = params.word("format", &["csv"]);
    let filter = AuditFilter {
        person: params.id("person").map(|id| id.to_string()).unwrap_or_default(),
        kind: params.text("kind"),
        from: params.period("from"),
        to: params.period("to"),
        cursor: String::new(),
    };
    params.finish()?;
    Ok(csv(&caller.ctx, filter).await?)
}

/// The log as a file that is read while it is sent. The page shares it.
///
/// # Errors
/// As `service::access::audit_export`.
pub async fn csv(ctx: &Ctx, filter: AuditFilter) -> Result<Response, AppError> {
    let export = access::audit_export(ctx, filter).await?;
    let lang = ctx.actor.lang;
    let head = stream::once(std::future::ready(Ok(Bytes::from(app::audit::table::head(lang)))));
    // What fails now breaks the answer off: half a table must not look like a whole one.
    let rows = stream::try_unfold(export, move |mut export| async move {
        let rows = export.next().await.map_err(std::io::Error::other)?;
        let text = rows.map(|rows| app::audit::table::lines(lang, &rows));
        Ok::<_, std::io::Error>(text.map(|text| (Bytes::from(text), export)))
    });
    Ok(table::csv("audit.csv", Body::from_stream(head.chain(rows))))
}
