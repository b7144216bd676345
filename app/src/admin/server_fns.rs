//! What the pages of the administration ask of the server.

use domain::forms;
use domain::views::{
    EntityTree, GroupPage, GroupRow, InvitationView, Page, RoleList, RolePage, UserList, UserListQuery, UserPage,
    WhyView,
};
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use service::access::{self, Versions};

#[cfg(feature = "ssr")]
use crate::admin::address;
#[cfg(feature = "ssr")]
use crate::context::{keep_once, redirect, request, request_context, set_session_cookie};
use crate::error::Refusal;

/// The users the reader may administer.
#[server(output = crate::error::Wire)]
pub async fn admin_users(query: UserListQuery) -> Result<UserList, Refusal> {
    Ok(access::users(&request_context()?, query).await?)
}

/// The page of a user, or of a new one (`new`).
#[server(output = crate::error::Wire)]
pub async fn admin_user(id: String) -> Result<UserPage, Refusal> {
    Ok(access::user_page(&request_context()?, &id).await?)
}

/// Saves an account. A new one comes with a link to choose a password by, which its page shows once.
#[server(output = crate::error::Wire)]
pub async fn save_user(form: forms::SaveUser) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let typed = |_: &service::ServiceError| {
        keep_once(&[
            ("form", "save_user"),
            ("name", form.name.as_str()),
            ("email", form.email.as_str()),
            ("language", form.language.as_str()),
            ("time_zone", form.time_zone.as_str()),
            ("phone", form.phone.as_str()),
            ("extension", form.extension.as_str()),
            ("entity", form.entity.as_str()),
            ("role", form.role.as_str()),
            ("recursive", on(form.recursive)),
        ]);
    };
    if form.id.is_empty() {
        let made = access::create_user(&ctx, form.patch(), true, "").await.inspect_err(typed)?;
        let id = made.id.to_string();
        keep_once(&[("invitation", made.invitation.unwrap_or_default().as_str()), ("for", id.as_str())]);
        redirect(&address::user(&made.id.to_string(), "created"));
    } else {
        let versions = Versions::of_page(form.version);
        access::save_user(&ctx, &form.id, form.patch(), versions).await.inspect_err(typed)?;
        redirect(&address::user(&form.id, "saved"));
    }
    Ok(())
}

/// Gives somebody one role more, or takes one away.
#[server(output = crate::error::Wire)]
pub async fn save_assignment(form: forms::SaveAssignment) -> Result<(), Refusal> {
    let ctx = request_context()?;
    access::change_assignment(&ctx, form.clone()).await.inspect_err(|_refused| {
        keep_once(&[
            ("form", "save_assignment"),
            ("entity", form.entity.as_str()),
            ("role", form.role.as_str()),
            ("recursive", on(form.recursive)),
        ]);
    })?;
    redirect(&address::user(&form.user, "roles"));
    Ok(())
}

/// Disables, enables, forgets, signs out or invites somebody.
#[server(output = crate::error::Wire)]
pub async fn run_user_command(form: forms::RunUserCommand) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let (id, command, versions) = (form.id.clone(), form.command, Versions::of_page(form.version));
    let done = access::run_user_command(&ctx, form, versions).await?;
    if let Some(secret) = done.invitation {
        keep_once(&[("invitation", secret.as_str()), ("for", id.as_str())]);
    }
    redirect(&address::user(&id, command.as_str()));
    Ok(())
}

/// The groups the reader may administer.
#[server(output = crate::error::Wire)]
pub async fn admin_groups(q: String, cursor: String) -> Result<Page<GroupRow>, Refusal> {
    Ok(access::groups(&request_context()?, &q, &cursor).await?)
}

/// The page of a group, or of a new one (`new`).
#[server(output = crate::error::Wire)]
pub async fn admin_group(id: String) -> Result<GroupPage, Refusal> {
    Ok(access::group_page(&request_context()?, &id).await?)
}

/// Saves a group; its members have forms of their own.
#[server(output = crate::error::Wire)]
pub async fn save_group(form: forms::SaveGroup) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let mails = form.mandatory_notifications.join(" ");
    let typed = |_: &service::ServiceError| {
        keep_once(&[
            ("form", "save_group"),
            ("name", form.name.as_str()),
            ("entity", form.entity.as_str()),
            ("recursive", on(form.recursive)),
            ("may_be_assigned", on(form.may_be_assigned)),
            ("may_be_asked", on(form.may_be_asked)),
            ("may_be_requester", on(form.may_be_requester)),
            ("extra_addresses", form.extra_addresses.as_str()),
            ("mandatory_notifications", mails.as_str()),
        ]);
    };
    if form.id.is_empty() {
        let id = access::create_group(&ctx, form.patch(), "").await.inspect_err(typed)?;
        redirect(&address::group(&id.to_string(), "created"));
    } else {
        let versions = Versions::of_page(form.version);
        access::save_group(&ctx, &form.id, form.patch(), versions).await.inspect_err(typed)?;
        redirect(&address::group(&form.id, "saved"));
    }
    Ok(())
}

/// Makes somebody a member, or one who leads, or none.
#[server(output = crate::error::Wire)]
pub async fn change_member(form: forms::ChangeMember) -> Result<(), Refusal> {
    let ctx = request_context()?;
    access::change_member(&ctx, form.clone()).await.inspect_err(|_refused| {
        keep_once(&[("form", "change_member"), ("user", form.user.as_str())]);
    })?;
    redirect(&address::group(&form.group, "members"));
    Ok(())
}

/// Takes a group away.
#[server(output = crate::error::Wire)]
pub async fn delete_group(id: String, version: i32) -> Result<(), Refusal> {
    access::delete_group(&request_context()?, &id, Versions::of_page(version)).await?;
    redirect(&address::list("groups", "deleted"));
    Ok(())
}

/// All roles.
#[server(output = crate::error::Wire)]
pub async fn admin_roles() -> Result<RoleList, Refusal> {
    Ok(access::roles(&request_context()?).await?)
}

/// The page of a role, beside another one.
#[server(output = crate::error::Wire)]
pub async fn admin_role(id: String, compare: String) -> Result<RolePage, Refusal> {
    Ok(access::role_page(&request_context()?, &id, &compare).await?)
}

/// Saves a copy, or makes one.
#[server(output = crate::error::Wire)]
pub async fn save_role(form: forms::SaveRole) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let typed = |_: &service::ServiceError| {
        let form_name = if form.id.is_empty() { "copy_role" } else { "save_role" };
        let ticked = form.capabilities.join(" ");
        keep_once(&[("form", form_name), ("name", form.name.as_str()), ("capabilities", ticked.as_str())]);
    };
    let name = Some(form.name.clone());
    if form.id.is_empty() {
        let patch = forms::RolePatch { name, capabilities: None };
        let id = access::create_role(&ctx, patch, &form.copy_of, "").await.inspect_err(typed)?;
        redirect(&address::role(&id.to_string(), "created"));
    } else {
        let patch = forms::RolePatch { name, capabilities: Some(form.capabilities.clone()) };
        let versions = Versions::of_page(form.version);
        access::save_role(&ctx, &form.id, patch, versions).await.inspect_err(typed)?;
        redirect(&address::role(&form.id, "saved"));
    }
    Ok(())
}

/// Takes a copy away.
#[server(output = crate::error::Wire)]
pub async fn delete_role(id: String, version: i32) -> Result<(), Refusal> {
    access::delete_role(&request_context()?, &id, Versions::of_page(version)).await?;
    redirect(&address::list("roles", "deleted"));
    Ok(())
}

/// Why somebody may do something, or may not.
#[server(output = crate::error::Wire)]
pub async fn why_may(form: forms::WhyForm) -> Result<WhyView, Refusal> {
    Ok(access::why(&request_context()?, form).await?)
}

/// The tree of entities the reader administers.
#[server(output = crate::error::Wire)]
pub async fn admin_entities() -> Result<EntityTree, Refusal> {
    Ok(access::entity_tree(&request_context()?).await?)
}

/// Makes an entity, renames or moves one.
#[server(output = crate::error::Wire)]
pub async fn save_entity(form: forms::SaveEntity) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let typed = |_: &service::ServiceError| {
        keep_once(&[("form", "save_entity"), ("name", form.name.as_str()), ("parent", form.parent.as_str())]);
    };
    // The root has no parent, and its form sends none.
    let parent = (form.id.is_empty() || !form.parent.is_empty()).then(|| form.parent.clone());
    let patch = forms::EntityPatch { name: Some(form.name.clone()), parent };
    if form.id.is_empty() {
        access::create_entity(&ctx, patch, "").await.inspect_err(typed)?;
        redirect(&address::list("entities", "created"));
    } else {
        let versions = Versions::of_page(form.version);
        access::save_entity(&ctx, &form.id, patch, versions).await.inspect_err(typed)?;
        redirect(&address::list("entities", "saved"));
    }
    Ok(())
}

/// Takes an empty entity away.
#[server(output = crate::error::Wire)]
pub async fn delete_entity(id: String, version: i32) -> Result<(), Refusal> {
    access::delete_entity(&request_context()?, &id, Versions::of_page(version)).await?;
    redirect(&address::list("entities", "deleted"));
    Ok(())
}

/// Whom a link to choose a password is for; nothing for one that opens nothing.
#[server(output = crate::error::Wire)]
pub async fn invitation(token: String) -> Result<Option<InvitationView>, Refusal> {
    Ok(service::account::invitation(&request()?.services, &token).await?)
}

/// Sets the password of whom a link is for, and signs him in.
#[server(output = crate::error::Wire)]
pub async fn accept_invitation(form: forms::AcceptInvitation) -> Result<(), Refusal> {
    let request = request()?;
    let signed_in =
        service::account::accept_invitation(&request.services, form, &request.address, &request.agent).await?;
    set_session_cookie(&signed_in.cookie_token);
    redirect("/");
    Ok(())
}

/// A box as it is kept.
#[cfg(feature = "ssr")]
const fn on(ticked: bool) -> &'static str {
    if ticked { "true" } else { "" }
}
