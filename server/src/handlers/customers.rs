//! What pages of customers need besides themselves: customers for words that are typed, files of the report, images of former
//! versions, a file that is to be taken in. All of it for whoever is signed in, with the rights of the use cases.

use app::context::Request as PageRequest;
use app::customers::address;
use app::customers::server_fns::ImportCustomers;
use app::error::Refusal;
use axum::extract::{Extension, Multipart, Path, Query};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::error::{AppError, Code};
use domain::ids::TicketNumber;
use domain::policy::Capability;
use domain::views::ReportQuery;
use leptos::server_fn::ServerFn;
use leptos::server_fn::error::ServerFnUrlError;
use serde::Deserialize;
use serde_json::{Value, json};
use service::customers::{self, Purpose};
use service::{Ctx, customer_occurrences, tickets};
use uuid::Uuid;

use super::attachments::missing_file;
use super::draft_form::with_query;
use crate::api::customer_occurrences::table;
use crate::api::{self, problem};

/// What a choice of a customer asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    /// `register`, `filter`, `new-ticket`, `ticket:42`.
    r#for: String,
    /// Words.
    q: String,
}

/// `GET /customers/options?for=register&q=acme`: at most 20 as JSON (C-CUS-03).
pub async fn options(Extension(request): Extension<PageRequest>, Query(wanted): Query<Wanted>) -> Response {
    let Some(ctx) = request.ctx else { return problem::response(&AppError::Unauthenticated, None) };
    match found(&ctx, &wanted).await {
        Ok(items) => {
            let headers = [(header::CACHE_CONTROL, "private, no-store")];
            (headers, axum::Json(json!({ "items": items }))).into_response()
        }
        Err(error) => problem::response(&error, None),
    }
}

async fn found(ctx: &Ctx, wanted: &Wanted) -> Result<Vec<Value>, AppError> {
    let purpose = match wanted.r#for.split_once(':') {
        Some(("ticket", number)) => {
            let number: TicketNumber = number.parse().map_err(|_no_number| AppError::NotFound)?;
            // The ticket itself says whose customers it may name; one out of sight is not found.
            Purpose::Ticket(tickets::detail(ctx, number.get()).await?.entity.id)
        }
        _ if wanted.r#for == "filter" => Purpose::Filter,
        _ if wanted.r#for == "new-ticket" => Purpose::NewTicket,
        _ => Purpose::Register,
    };
    let found = customers::pick(ctx, &wanted.q, purpose).await?;
    let item = |one: &domain::views::CustomerChoice| json!({ "id": one.id, "name": one.name, "legal_name": one.legal_name, "entity": one.entity });
    Ok(found.iter().map(item).collect())
}

/// `GET /reports/customer-occurrences.csv`, with the filters of the page.
pub async fn report_csv(
    Extension(request): Extension<PageRequest>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let Some(ctx) = request.ctx else { return sign_in_first() };
    answer(table::csv(&ctx, filters(&pairs), None).await)
}

/// `GET /reports/customer-occurrences.xlsx`.
pub async fn report_xlsx(
    Extension(request): Extension<PageRequest>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let Some(ctx) = request.ctx else { return sign_in_first() };
    answer(table::xlsx(&ctx, filters(&pairs)).await)
}

fn answer(made: Result<Response, AppError>) -> Response {
    made.unwrap_or_else(|error| problem::response(&error, None))
}

/// The filters by the names they have in the address of the page.
fn filters(pairs: &[(String, String)]) -> ReportQuery {
    let all = |name: &str| -> Vec<&str> {
        pairs
            .iter()
            .filter(|(known, value)| known == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
            .collect()
    };
    let one = |name: &str| all(name).last().copied().unwrap_or_default().to_owned();
    ReportQuery {
        impact: all("impact").join(","),
        category: one("category"),
        customer: one("customer"),
        from: one("from"),
        to: one("to"),
        responsible: one("responsible"),
        segment: one("segment"),
        entity: one("entity"),
        entity_only: !all("entity_only").is_empty(),
        ..ReportQuery::default()
    }
}

/// Leads back to the page: a file that comes by itself after signing in would surprise.
fn sign_in_first() -> Response {
    let location = "/sign-in?next=%2Freports%2Fcustomer-occurrences";
    (StatusCode::FOUND, [(header::LOCATION, location)]).into_response()
}

/// `GET /customer-occurrences/{id}/images/{image}`: an image some version of the occurrence had (C-IMG-06).
pub async fn former_image(
    Extension(request): Extension<PageRequest>,
    Path((id, image)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let (Some(ctx), Ok(id), Ok(image)) = (request.ctx, id.parse::<Uuid>(), image.parse::<Uuid>()) else {
        return not_found();
    };
    api::documents::file_response(customer_occurrences::former_image(&ctx, id, image).await, true, &headers).await
}

/// `POST /customers/import/file`: a whole form with the file, streamed; leads to its preview, or back with the refusal.
pub async fn import_file(Extension(request): Extension<PageRequest>, form: Multipart) -> Response {
    let Some(ctx) = request.ctx else {
        return Redirect::to("/sign-in?next=%2Fcustomers%2Fimport").into_response();
    };
    // Who sees no customers learns of no import either.
    if ctx.actor.entities_with(Capability::CustomerView).is_empty() {
        return not_found();
    }
    let mut chosen = Chosen::default();
    match looked_at(&ctx, form, &mut chosen).await {
        Ok(preview) => Redirect::to(&address::preview(&preview)).into_response(),
        Err(error) => refused(error, &chosen),
    }
}

/// What was chosen beside the file, as far as the form was read.
#[derive(Debug, Default)]
struct Chosen {
    entity: String,
    is_ignoring: bool,
}

async fn looked_at(ctx: &Ctx, mut form: Multipart, chosen: &mut Chosen) -> Result<String, AppError> {
    let broken = || AppError::field("upload", Code::Invalid);
    let mut upload = None;
    while let Some(mut part) = form.next_field().await.map_err(|_unreadable| broken())? {
        let field = part.name().unwrap_or_default().to_owned();
        match field.as_str() {
            "entity" => chosen.entity = short(&mut part).await.ok_or_else(broken)?,
            "ignore_unknown" => chosen.is_ignoring = short(&mut part).await.ok_or_else(broken)? == "true",
            "file" => {
                let name = part.file_name().unwrap_or_default().to_owned();
                if name.is_empty() {
                    return Err(AppError::field("upload", Code::Required));
                }
                let stored = api::documents::receive_customers(ctx, &name, &mut part).await.map_err(at_upload)?;
                upload = Some(stored.id);
            }
            _ => {}
        }
    }
    let upload = upload.ok_or_else(|| at_upload(missing_file()))?;
    Ok(customers::preview(ctx, &upload.to_string(), &chosen.entity, chosen.is_ignoring).await?.id)
}

/// A refused file is told at the field of this form.
fn at_upload(error: AppError) -> AppError {
    match error {
        AppError::Invalid(wrong) => {
            AppError::field("upload", wrong.0.first().map_or(Code::Invalid, |wrong| wrong.code))
        }
        error => error,
    }
}

/// The text of a small part.
async fn short(part: &mut axum::extract::multipart::Field<'_>) -> Option<String> {
    const MOST: usize = 200;
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.ok()? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MOST {
            return None;
        }
    }
    String::from_utf8(bytes).ok()
}

/// Leads back to the page, which shows the refusal as that of the form that takes the file in, and what was chosen beside it.
fn refused(error: AppError, chosen: &Chosen) -> Response {
    // The base is only there because the framework wants one.
    let address = ServerFnUrlError::new(ImportCustomers::url(), Refusal(error)).to_url("http://localhost/");
    let piece = address.ok().and_then(|address| address.query().map(str::to_owned)).unwrap_or_default();
    let mut back = with_query(address::IMPORT, &piece);
    // A choice is an id or a word of ours; anything else was not chosen here.
    if let Ok(entity) = chosen.entity.parse::<Uuid>() {
        back = with_query(&back, &format!("entity={entity}"));
    }
    if chosen.is_ignoring {
        back = with_query(&back, "ignore_unknown=true");
    }
    Redirect::to(&back).into_response()
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], "Not found").into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c_rep_04_a_file_has_the_filters_of_its_page() {
        let pairs: Vec<(String, String)> = [
            ("impact", "positive"),
            ("impact", "negative"),
            ("category", ""),
            ("from", "2026-01-01"),
            ("entity_only", "true"),
            ("words", "acme"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
        let expected = ReportQuery {
            impact: "positive,negative".to_owned(),
            from: "2026-01-01".to_owned(),
            entity_only: true,
            ..ReportQuery::default()
        };
        assert_eq!(filters(&pairs), expected);
    }
}
