//! What the page of the audit log asks of the server.

use domain::views::{AuditFilter, AuditPage};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::request_context;
use crate::error::Refusal;

/// Who changed what in the administration, newest first.
#[server(output = crate::error::Wire)]
pub async fn audit_log(filter: AuditFilter) -> Result<AuditPage, Refusal> {
    Ok(service::access::audit_page(&request_context()?, &filter).await?)
}
