//! Rows of the editable lists: categories, sources, locations, pending reasons (T-SET-09..11).

use std::collections::BTreeMap;

use domain::error::Code;
use domain::lang::Lang;
use serde_json::{Map, Value, json};
use service::{lists, people, search};
use uuid::Uuid;

use super::extract::{Caller, ListName, Params, uuid};
use super::json::{Answer, Cut, object};
use super::problem::ApiError;

/// `GET /lists/{list}`: the rows an entity sees; for everybody who is no agent there, those shown in the portal.
pub async fn show(caller: Caller, ListName(list): ListName, mut params: Params) -> Result<Answer, ApiError> {
    let cut = Cut::read(&mut params);
    let entity = entity(&caller, &mut params);
    let (q, not_q) = (params.text("q"), params.text("not.q"));
    let (active, portal) = (params.switch("active"), params.switch("portal"));
    params.finish()?;
    // Lists of later parts are no addresses yet.
    let list = lists::ALL.iter().copied().find(|known| *known == list).ok_or(ApiError::NOT_FOUND)?;
    let (ctx, entity) = (&caller.ctx, entity.ok_or(ApiError::NOT_FOUND)?);
    let agent = ctx.actor.is_agent_in(entity);
    let reader = ctx.db().reader();
    let rows = lists::rows(reader, list, &ctx.actor.path_of(entity)).await?;
    let groups: Vec<Uuid> = rows.iter().filter_map(|row| row.group_id).filter(|_| agent).collect();
    let directory = people::actor_views(reader, &[], &groups).await?;
    let (wanted, unwanted) = (search::fold(q.trim()), search::fold(not_q.trim()));
    let mut out: Vec<(Uuid, Value)> = Vec::new();
    for row in &rows {
        let name = lists::name(row, ctx.actor.lang);
        let folded = search::fold(&name);
        let is_wanted = (agent || (row.portal && row.active))
            && (active.is_empty() || row.active == (active == "true"))
            && (portal.is_empty() || row.portal == (portal == "true"))
            && (wanted.is_empty() || folded.contains(&wanted))
            && (unwanted.is_empty() || !folded.contains(&unwanted));
        if !is_wanted {
            continue;
        }
        let parent = row.parent_id.and_then(|id| rows.iter().find(|other| other.id == id));
        let mut members = Map::new();
        members.insert("id".to_owned(), json!(row.id));
        members.insert("name".to_owned(), json!(name));
        members.insert("names".to_owned(), names(&row.names));
        let parent = parent.map_or(Value::Null, |parent| {
            object([("id", json!(parent.id)), ("name", json!(lists::name(parent, ctx.actor.lang)))])
        });
        members.insert("parent".to_owned(), parent);
        members.insert("active".to_owned(), json!(row.active));
        members.insert("position".to_owned(), json!(row.position));
        members.insert("code".to_owned(), json!(row.code));
        members.insert("portal".to_owned(), json!(row.portal));
        match list {
            lists::SOURCES => {
                members.insert("for_tickets".to_owned(), json!(row.for_tickets));
                members.insert("for_occurrences".to_owned(), json!(row.for_occurrences));
            }
            lists::TICKET_CATEGORIES => {
                members.insert("for_incident".to_owned(), json!(row.for_incident));
                members.insert("for_request".to_owned(), json!(row.for_request));
                if agent {
                    let group =
                        row.group_id.map(|id| object([("id", json!(id)), ("name", json!(directory.group(id).name))]));
                    members.insert("routing_group".to_owned(), group.unwrap_or(Value::Null));
                }
            }
            lists::PENDING_REASONS => {
                members.insert("label".to_owned(), json!(lists::label(row, ctx.actor.lang)));
                members.insert("labels".to_owned(), names(row.labels.as_deref().unwrap_or("{}")));
            }
            _ => {}
        }
        out.push((row.id, Value::Object(members)));
    }
    cut.page(ctx, &format!("list:{list}:{entity}:{:?}:{active}:{portal}", (&q, &not_q)), out).map(Answer::ok)
}

/// The entity of the query, one in which the caller holds something; others are like unknown ones.
fn entity(caller: &Caller, params: &mut Params) -> Option<Uuid> {
    let text = params.text("entity");
    let code = match uuid(&text) {
        Some(id) if caller.ctx.actor.entities().contains(&id) => return Some(id),
        Some(_) => Code::UnknownReference,
        None if text.is_empty() => Code::Required,
        None => Code::Invalid,
    };
    params.wrong("entity", code);
    None
}

/// The name in each of the four languages, `null` where it has none.
fn names(stored: &str) -> Value {
    let stored: BTreeMap<String, String> = serde_json::from_str(stored).unwrap_or_default();
    let of = |lang: Lang| stored.get(lang.code()).filter(|name| !name.is_empty());
    Value::Object(Lang::ALL.into_iter().map(|lang| (lang.code().to_owned(), json!(of(lang)))).collect())
}
