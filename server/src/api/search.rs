//! Finding tickets by what was written in them (T-OCC-25..27), articles and customers (T-LST-08).

use domain::error::Code;
use domain::knowledge::{ArticleStatus, Audience};
use domain::views::{ArticleRow, Count, FoundCustomer, Page};
use serde_json::{Value, json};
use service::search;

use super::extract::{Caller, Params};
use super::json::{self, Answer, object, without};
use super::problem::ApiError;

/// Hits, where the next ones begin, how many there are.
type Hits = (Vec<Value>, Option<String>, Option<Count>);

/// `GET /search`: tickets with their entries are the items; articles and customers stand beside the first page, or are the items where
/// they alone are asked for.
pub async fn show(caller: Caller, mut params: Params) -> Result<Answer, ApiError> {
    let q = params.text("q");
    if q.trim().is_empty() {
        params.wrong("q", Code::Required);
    }
    let kinds: Vec<String> =
        params.many("kinds").split(',').map(|kind| kind.trim().to_owned()).filter(|kind| !kind.is_empty()).collect();
    let entity = params.id("entity");
    let (cursor, limit, is_counted) = (params.text("cursor"), params.limit(), params.flag("count"));
    params.finish()?;
    let page = search::search(&caller.ctx, &q, &kinds, entity, &cursor, limit).await?;
    let articles = page.articles.as_ref().map(|found| hits(found, article));
    let customers = page.customers.as_ref().map(|found| hits(found, customer));
    if search::is_alone(&kinds) {
        // Whoever may see none is answered as if there were none.
        let (items, next_cursor, count) = articles.or(customers).unwrap_or_default();
        return Ok(Answer::ok(json::list(items, next_cursor, is_counted.then_some(count.unwrap_or(page.count)))));
    }
    let items = page.items.iter().map(json::search_hit).collect();
    let mut body = json::list(items, page.next_cursor, is_counted.then_some(page.count));
    if let Some(members) = body.as_object_mut() {
        for (name, found) in [("articles", articles), ("customers", customers)] {
            if let Some((items, next_cursor, _)) = found {
                members.insert(name.to_owned(), json::list(items, next_cursor, None));
            }
        }
    }
    Ok(Answer::ok(body))
}

fn hits<T>(found: &Page<T>, hit: impl Fn(&T) -> Value) -> Hits {
    (found.items.iter().map(hit).collect(), found.next_cursor.clone(), found.count)
}

/// An article as a hit; visibility is for agents.
fn article(row: &ArticleRow) -> Value {
    let is_public = row.status == ArticleStatus::Published && row.audience == Some(Audience::Public);
    let whole = object([
        ("kind", json!("article")),
        ("ticket", Value::Null),
        ("id", json!(row.id)),
        ("title", json!(row.title)),
        ("author", Value::Null),
        ("at", json!(row.updated_at)),
        ("visibility", json!(if is_public { "public" } else { "private" })),
        ("snippet", json!(row.snippet)),
    ]);
    if row.audience.is_some() { whole } else { without(whole, &["visibility"]) }
}

/// A customer as a hit.
fn customer(found: &FoundCustomer) -> Value {
    object([
        ("kind", json!("customer")),
        ("ticket", Value::Null),
        ("id", json!(found.id)),
        ("title", json!(found.name)),
        ("author", Value::Null),
        ("at", json!(found.updated_at)),
        ("snippet", json!(found.snippet)),
    ])
}
