//! What the pages of the account ask the server.

use domain::forms;
use domain::views::{DraftView, Moment};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{
    clear_session_cookie, keep_typed_email, redirect, redirect_plain_form, request, request_context,
    set_preference_cookie, set_session_cookie,
};
use crate::error::Refusal;

/// Signs in and leads back to where one came from.
#[server(output = crate::error::Wire)]
pub async fn sign_in(form: forms::SignIn) -> Result<(), Refusal> {
    let request = request()?;
    let (next, email) = (form.next.clone(), form.email.clone());
    let signed_in = service::account::sign_in(&request.services, form, &request.address, &request.agent)
        .await
        .inspect_err(|_refused| keep_typed_email(&email))?;
    set_session_cookie(&signed_in.cookie_token);
    redirect(&next);
    Ok(())
}

/// Ends the sign-in of this browser.
#[server(output = crate::error::Wire)]
pub async fn sign_out() -> Result<(), Refusal> {
    let request = request()?;
    if let Some(token) = &request.session_token {
        service::account::sign_out(&request.services, token).await?;
    }
    clear_session_cookie();
    redirect("/sign-in");
    Ok(())
}

/// Whether nobody has an account yet.
#[server(output = crate::error::Wire)]
pub async fn is_set_up_open() -> Result<bool, Refusal> {
    Ok(service::account::set_up_needed(&request()?.services).await?)
}

/// Creates the organisation and its first administrator, who is signed in at once.
#[server(output = crate::error::Wire)]
pub async fn set_up(form: forms::SetUp) -> Result<(), Refusal> {
    let signed_in = service::account::set_up(&request()?.services, form).await?;
    set_session_cookie(&signed_in.cookie_token);
    redirect_plain_form("/");
    Ok(())
}

/// Saves the own profile. The page sends all of it, so an empty signature empties it.
#[server(output = crate::error::Wire)]
pub async fn save_profile(form: forms::SaveProfile) -> Result<(), Refusal> {
    let form = forms::SaveProfile { signature: Some(form.signature.unwrap_or_default()), ..form };
    for (name, value) in
        [("guichet_lang", &form.language), ("guichet_theme", &form.theme), ("guichet_density", &form.density)]
    {
        set_preference_cookie(name, value);
    }
    service::account::save(&request_context()?, form).await?;
    redirect("/profile?saved=profile");
    Ok(())
}

/// Sets a new password; other sessions end.
#[server(output = crate::error::Wire)]
pub async fn change_password(form: forms::ChangePassword) -> Result<(), Refusal> {
    service::account::change_password(&request_context()?, form).await?;
    redirect("/profile?saved=password");
    Ok(())
}

/// Ends all other sessions of the person.
#[server(output = crate::error::Wire)]
pub async fn sign_out_others() -> Result<(), Refusal> {
    service::account::end_other_sessions(&request_context()?).await?;
    redirect("/profile?saved=devices");
    Ok(())
}

/// Keeps language, theme or density in the browser, and in the profile of whoever is signed in.
#[server(output = crate::error::Wire)]
pub async fn set_preference(name: String, value: String, back: String) -> Result<(), Refusal> {
    set_preference_cookie(&name, &value);
    if let Ok(ctx) = request_context() {
        service::account::save(&ctx, super::preferences::as_profile(&name, value)).await?;
    }
    redirect(&back);
    Ok(())
}

/// The own drafts, newest first, and what time it is.
#[server(output = crate::error::Wire)]
pub async fn list_drafts() -> Result<(Vec<DraftView>, Moment), Refusal> {
    let ctx = request_context()?;
    Ok((service::drafts::list(&ctx).await?, ctx.moment()))
}
