//! Users, groups and entities as the caller may see them (section 8).

use serde_json::Value;
use service::people::{self, EntityQuery, GroupQuery, UserQuery};

use super::extract::{Caller, Id, Params};
use super::json::{Answer, page, value};
use super::problem::ApiError;

/// `GET /users`.
pub async fn users(caller: Caller, mut params: Params) -> Result<Answer, ApiError> {
    let query = UserQuery {
        q: params.text("q"),
        entity: params.many("entity"),
        group: params.many("group"),
        active: params.switch("active"),
        assignable: params.switch("assignable"),
        can_validate: params.switch("can_validate"),
        not_q: params.text("not.q"),
        not_entity: params.many("not.entity"),
        not_group: params.many("not.group"),
        count: params.flag("count"),
        cursor: params.text("cursor"),
        limit: params.limit(),
    };
    params.finish()?;
    Ok(Answer::ok(page(&people::users(&caller.ctx, query).await?)))
}

/// `GET /users/{id}`.
pub async fn user(caller: Caller, Id(id): Id, params: Params) -> Result<Answer, ApiError> {
    params.finish()?;
    Ok(Answer::ok(value(&people::user(&caller.ctx, &id.to_string()).await?)))
}

/// `GET /groups`.
pub async fn groups(caller: Caller, mut params: Params) -> Result<Answer, ApiError> {
    let query = GroupQuery {
        q: params.text("q"),
        entity: params.many("entity"),
        may_be_assigned: params.switch("may_be_assigned"),
        may_be_asked: params.switch("may_be_asked"),
        may_be_requester: params.switch("may_be_requester"),
        not_q: params.text("not.q"),
        not_entity: params.many("not.entity"),
        count: params.flag("count"),
        cursor: params.text("cursor"),
        limit: params.limit(),
    };
    params.finish()?;
    Ok(Answer::ok(page(&people::groups(&caller.ctx, query).await?)))
}

/// `GET /groups/{id}`.
pub async fn group(caller: Caller, Id(id): Id, params: Params) -> Result<Answer, ApiError> {
    params.finish()?;
    Ok(Answer::ok(value(&people::group(&caller.ctx, &id.to_string()).await?)))
}

/// `GET /entities`.
pub async fn entities(caller: Caller, mut params: Params) -> Result<Answer, ApiError> {
    let query = EntityQuery {
        q: params.text("q"),
        parent: params.many("parent"),
        not_q: params.text("not.q"),
        not_parent: params.many("not.parent"),
        count: params.flag("count"),
        cursor: params.text("cursor"),
        limit: params.limit(),
    };
    params.finish()?;
    Ok(Answer::ok(page(&people::entities(&caller.ctx, query).await?)))
}

/// `GET /entities/{id}`.
pub async fn entity(caller: Caller, Id(id): Id, params: Params) -> Result<Answer, ApiError> {
    params.finish()?;
    let found: Value = value(&people::entity(&caller.ctx, &id.to_string()).await?);
    Ok(Answer::ok(found))
}
