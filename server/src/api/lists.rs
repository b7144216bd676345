//! Rows of the editable lists: categories, sources, locations, pending reasons (T-SET-09..11).

use std::collections::BTreeMap;

use domain::error::Code;
use domain::forms::{ListRowPatch, Patch, RulePatch};
use domain::lang::Lang;
use domain::lists::List;
use domain::views::{ListRowView, Ref};
use serde_json::{Map, Value, json};
use service::lists::{self, Basis};
use service::search;
use uuid::Uuid;

use super::body::JsonBody;
use super::extract::{Caller, Conditions, Id, Key, ListName, Params, uuid};
use super::fields::Fields;
use super::json::{Answer, Cut, value};
use super::problem::ApiError;
use super::replay::Once;

/// `GET /lists/{list}`: the rows an entity sees; for everybody who is no agent there, those shown in the portal.
pub async fn show(caller: Caller, ListName(list): ListName, mut params: Params) -> Result<Answer, ApiError> {
    let cut = Cut::read(&mut params);
    let entity = entity(&caller, &mut params);
    let (q, not_q) = (params.text("q"), params.text("not.q"));
    let (active, portal) = (params.switch("active"), params.switch("portal"));
    params.finish()?;
    let list = known(&list)?;
    let (ctx, entity) = (&caller.ctx, entity.ok_or(ApiError::NOT_FOUND)?);
    let agent = ctx.actor.is_agent_in(entity);
    let (wanted, unwanted) = (search::fold(q.trim()), search::fold(not_q.trim()));
    let is_wanted = |row: &ListRowView| {
        let folded = search::fold(&row.name);
        (active.is_empty() || row.active == (active == "true"))
            && (portal.is_empty() || row.portal == (portal == "true"))
            && (wanted.is_empty() || folded.contains(&wanted))
            && (unwanted.is_empty() || !folded.contains(&unwanted))
    };
    let rows = lists::visible(ctx, list, entity).await?;
    let rows = rows.iter().filter(|row| is_wanted(row)).map(|row| (row.id, form(list, row, agent))).collect();
    let about = format!("list:{}:{entity}:{:?}:{active}:{portal}", list.as_str(), (&q, &not_q));
    cut.page(ctx, &about, rows).map(Answer::ok)
}

/// `GET /lists/{list}/{id}`.
pub async fn row(caller: Caller, ListName(list): ListName, Id(id): Id, params: Params) -> Result<Answer, ApiError> {
    params.finish()?;
    let list = known(&list)?;
    let (row, agent) = lists::get(&caller.ctx, list, id).await?;
    Ok(Answer::ok(form(list, &row, agent)))
}

/// `POST /lists/{list}`.
pub async fn create(
    caller: Caller,
    ListName(list): ListName,
    key: Key,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let list = known(&list)?;
    let entity = body.required("entity");
    let patch = patch(list, &mut body);
    body.finish()?;
    let ctx = &caller.ctx;
    let once = Once::begin(ctx, &key, "create_list_row", None).await?;
    let id = lists::create(ctx, list, &entity, patch, &key.0).await?;
    let (row, agent) = lists::get(ctx, list, id).await?;
    once.finish(ctx, Answer::created(&format!("/lists/{}/{id}", list.as_str()), form(list, &row, agent))).await
}

/// `PATCH /lists/{list}/{id}`.
pub async fn update(
    caller: Caller,
    ListName(list): ListName,
    Id(id): Id,
    conditions: Conditions,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let list = known(&list)?;
    let version = body.version();
    let patch = patch(list, &mut body);
    body.finish()?;
    conditions.require(version)?;
    let ctx = &caller.ctx;
    lists::update(ctx, list, id, patch, Basis { version, if_match: conditions.if_match }).await?;
    let (row, agent) = lists::get(ctx, list, id).await?;
    Ok(Answer::changed(form(list, &row, agent)))
}

/// `DELETE /lists/{list}/{id}`: only what nothing uses.
pub async fn delete(
    caller: Caller,
    ListName(list): ListName,
    Id(id): Id,
    conditions: Conditions,
    mut params: Params,
) -> Result<Answer, ApiError> {
    let version = params.version();
    params.finish()?;
    let list = known(&list)?;
    conditions.require(version)?;
    lists::remove(&caller.ctx, list, id, Basis { version, if_match: conditions.if_match }).await?;
    Ok(Answer::nothing())
}

/// Lists of later parts are no addresses yet.
fn known(name: &str) -> Result<List, ApiError> {
    List::read(name).ok_or(ApiError::NOT_FOUND)
}

/// What is to become of a row; fields that its list does not have are unknown ones.
fn patch(list: List, body: &mut Fields) -> ListRowPatch {
    let mut flags = BTreeMap::new();
    for flag in list.flags() {
        flags.extend(body.switch(flag.as_str()).map(|on| (*flag, on)));
    }
    ListRowPatch {
        names: texts(body, "names"),
        labels: if list.has_labels() { texts(body, "labels") } else { BTreeMap::new() },
        parent: if list.is_tree() { body.patch("parent") } else { Patch::Keep },
        group: if list.has_group() { body.patch("routing_group") } else { Patch::Keep },
        recursive: body.switch("recursive"),
        active: body.switch("active"),
        position: body.integer("position"),
        flags,
        rule: if list.has_rule() { rule(body) } else { RulePatch::default() },
        week: if list.has_hours() { week(body) } else { Patch::Keep },
        holidays: if list.has_hours() { holidays(body) } else { Patch::Keep },
    }
}

/// What is to become of what a pending reason does by itself (T-PEN-01).
fn rule(body: &mut Fields) -> RulePatch {
    RulePatch {
        is_default: body.switch("default"),
        reminder_every: body.patch("reminder_every"),
        reminder_template: body.patch("reminder_template"),
        reminders_before_solving: body.patch_number("reminders_before_solving"),
        solution_template: body.patch("solution_template"),
    }
}

/// Working hours: seven lists of `08:00-12:00`, Monday first, or seven texts.
fn week(body: &mut Fields) -> Patch<Vec<String>> {
    match body.raw("week") {
        None => Patch::Keep,
        Some(Value::Null) => Patch::Clear,
        Some(Value::Array(days)) => {
            let line = |day: &Value| match day {
                Value::String(text) => Some(text.clone()),
                Value::Array(segments) => {
                    let texts: Option<Vec<&str>> = segments.iter().map(Value::as_str).collect();
                    texts.map(|texts| texts.join(", "))
                }
                _ => None,
            };
            match days.iter().map(line).collect::<Option<Vec<String>>>() {
                Some(lines) => Patch::Set(lines),
                None => wrong(body, "week"),
            }
        }
        Some(_other) => wrong(body, "week"),
    }
}

/// Holidays: `{date, name}` each, the date as `2026-12-25`, or `12-25` for every year.
fn holidays(body: &mut Fields) -> Patch<String> {
    match body.raw("holidays") {
        None => Patch::Keep,
        Some(Value::Null) => Patch::Clear,
        Some(Value::Array(days)) => {
            let line = |day: &Value| {
                let text = |name: &str| day.get(name).and_then(Value::as_str).unwrap_or_default();
                // A line break would be another holiday.
                let line = [text("date").trim(), " ", text("name")].concat().replace(['\n', '\r'], " ");
                day.is_object().then_some(line)
            };
            match days.iter().map(line).collect::<Option<Vec<String>>>() {
                Some(lines) => Patch::from_text(lines.join("\n")),
                None => wrong(body, "holidays"),
            }
        }
        Some(_other) => wrong(body, "holidays"),
    }
}

fn wrong<T>(body: &mut Fields, field: &str) -> Patch<T> {
    body.wrong(field, Code::Invalid);
    Patch::Keep
}

/// Texts by language; those that are not named stay.
fn texts(body: &mut Fields, field: &str) -> BTreeMap<Lang, Patch<String>> {
    let Some(mut inner) = body.object(field) else { return BTreeMap::new() };
    let mut out = BTreeMap::new();
    for lang in Lang::ALL {
        let text = inner.patch(lang.code());
        if !text.is_keep() {
            out.insert(lang, text);
        }
    }
    body.absorb(inner);
    out
}

/// A row; what only those who administer the desk need is for agents.
fn form(list: List, row: &ListRowView, agent: bool) -> Value {
    let mut members = Map::new();
    for (name, value) in [
        ("id", json!(row.id)),
        ("name", json!(row.name)),
        ("names", names(&row.names)),
        ("parent", value(&row.parent)),
        ("active", json!(row.active)),
        ("position", json!(row.position)),
        ("code", json!(row.code)),
        ("portal", json!(row.portal)),
    ] {
        members.insert(name.to_owned(), value);
    }
    for flag in list.flags() {
        members.insert(flag.as_str().to_owned(), json!(row.flag(*flag)));
    }
    if list.has_labels() {
        members.insert("label".to_owned(), json!(row.label));
        members.insert("labels".to_owned(), names(&row.labels));
    }
    if list.has_hours() {
        let week: Vec<Vec<String>> =
            row.calendar.week.days().map(|day| day.iter().map(ToString::to_string).collect()).collect();
        members.insert("week".to_owned(), json!(week));
        members.insert("holidays".to_owned(), value(&row.calendar.holidays));
    }
    if agent {
        members.insert("entity".to_owned(), value(&row.entity));
        members.insert("recursive".to_owned(), json!(row.recursive));
        members.insert("version".to_owned(), json!(row.version));
        if list.has_group() {
            members.insert("routing_group".to_owned(), value(&row.group));
        }
        if list.has_rule() {
            let template =
                |id: Option<Uuid>| -> Option<&Ref> { row.rule_templates.iter().find(|one| Some(one.id) == id) };
            let rule = &row.rule;
            for (name, value) in [
                ("default", json!(rule.is_default)),
                ("reminder_every", json!(rule.reminder_every)),
                ("reminder_template", json!(template(rule.reminder_template))),
                ("reminders_before_solving", json!(rule.reminders_before_solving)),
                ("solution_template", json!(template(rule.solution_template))),
                ("faults", json!(row.faults)),
            ] {
                members.insert(name.to_owned(), value);
            }
        }
    }
    Value::Object(members)
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

/// The text in each of the four languages, `null` where there is none.
fn names(stored: &BTreeMap<String, String>) -> Value {
    Value::Object(Lang::ALL.into_iter().map(|lang| (lang.code().to_owned(), json!(stored.get(lang.code())))).collect())
}
