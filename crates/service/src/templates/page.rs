//! What the page of a template needs: the stored one, or what was typed and not saved, with what is wrong with it.

use std::collections::BTreeMap;

use domain::error::AppError;
use domain::forms::SaveTemplate;
use domain::ids::TicketNumber;
use domain::lang::Lang;
use domain::policy::Capability;
use domain::template::TemplateKind;
use domain::views::{Choice, DraftView, TemplateFault, TemplatePage, TemplatePreview, TemplateView};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::list::{Sight, seen, views};
use super::preview::shown;
use super::save::{DRAFT, draft_object};
use super::{faults, kind_of, scope_of, text_among, uses};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::mail::language_of;
use crate::{drafts, lists, people, tickets};

/// Which template, and the ticket it is shown with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageQuery {
    /// Id; empty = a new one.
    pub id: String,
    /// `replies`, `tasks`, `solutions`, `mails`: of a new one.
    pub kind: String,
    /// Number of a ticket; empty = it is not shown.
    pub ticket: String,
    /// Language it is shown in; empty = the reader's.
    pub language: String,
}

/// Everything the page of a template shows.
///
/// # Errors
/// `NotFound` for unknown ones, and for those who do not administer them (T-SET-02).
pub async fn page(ctx: &Ctx, query: &PageQuery) -> Result<TemplatePage, ServiceError> {
    let sight = Sight::of(&ctx.actor);
    let id = match query.id.trim() {
        "" => None,
        id => Some(id.parse::<Uuid>().map_err(|_not_an_id| AppError::NotFound)?),
    };
    let asked = TemplateKind::of_plural(&query.kind);
    if !sight.is_manager() || (id.is_none() && asked.is_none()) {
        return Err(AppError::NotFound.into());
    }
    let draft = drafts::find(ctx, DRAFT, &draft_object(id, asked.unwrap_or_default())).await?;
    let snapshot = ctx.db().snapshot().await?;
    let row = match id {
        Some(id) => Some(seen(&snapshot, &ctx.actor, id).await?),
        None => None,
    };
    if row.as_ref().is_some_and(|row| !sight.manages(row)) {
        return Err(AppError::NotFound.into());
    }
    let kind = row.as_ref().map(kind_of).or(asked).unwrap_or_default();
    let entities = people::entity_choices(&ctx.actor, &ctx.actor.entities_with(Capability::AdminTemplates));
    let stored = match &row {
        Some(row) => views(ctx, &snapshot, std::slice::from_ref(row)).await?.into_iter().next(),
        None => None,
    };
    let form = form_of(stored.as_ref(), kind, draft.as_ref(), &entities);
    let entity = row.as_ref().map(|row| row.entity_id).or_else(|| form.entity.parse().ok()).unwrap_or_default();
    let (categories, sources) = match kind {
        TemplateKind::Reply => offered(ctx, &snapshot, entity).await?,
        TemplateKind::Task => {
            let found = lists::rows(&snapshot, lists::TASK_CATEGORIES, &ctx.actor.path_of(entity)).await?;
            (lists::choices(&found, ctx.actor.lang), Vec::new())
        }
        TemplateKind::Solution => {
            let types = lists::rows(&snapshot, lists::SOLUTION_TYPES, &ctx.actor.path_of(entity)).await?;
            (lists::choices(&types, ctx.actor.lang), Vec::new())
        }
        TemplateKind::Mail => (Vec::new(), Vec::new()),
    };
    let assignable = if kind == TemplateKind::Task {
        people::assignable_choices(&snapshot, &ctx.actor, entity).await?
    } else {
        Vec::new()
    };
    let begun: i32 = draft.as_ref().and_then(|draft| draft.text("version").parse().ok()).unwrap_or(0);
    let uses = match &row {
        Some(row) => uses::views(&ctx.actor, &uses::of(&snapshot, row).await?),
        None => Vec::new(),
    };
    let (preview, is_ticket_unknown) = preview(ctx, &snapshot, kind, entity, &form, query).await?;
    Ok(TemplatePage {
        is_unsaved: draft.is_some(),
        is_stale: draft.is_some() && row.as_ref().is_some_and(|row| begun < row.version),
        faults: faults_of(kind, &form),
        kind,
        form,
        uses,
        entities,
        categories,
        sources,
        assignable,
        variables: scope_of(kind).variables().map(str::to_owned).collect(),
        preview,
        is_ticket_unknown,
        row: stored.map(|stored| stored.row),
    })
}

/// What the fields begin with.
fn form_of(
    stored: Option<&TemplateView>,
    kind: TemplateKind,
    draft: Option<&DraftView>,
    entities: &[Choice],
) -> SaveTemplate {
    let id = |named: Option<&domain::views::Ref>| named.map(|named| named.id.to_string()).unwrap_or_default();
    let mut form = SaveTemplate { kind: kind.plural().to_owned(), ..SaveTemplate::default() };
    if let Some(TemplateView { row, texts }) = stored {
        form.id = row.id.to_string();
        form.version = row.version;
        form.name.clone_from(&row.name);
        form.entity = row.entity.id.to_string();
        form.recursive = row.recursive;
        form.active = row.active;
        form.category = id(row.category.as_ref());
        form.source = id(row.source.as_ref());
        form.visibility = row.visibility.map(|visibility| visibility.as_str().to_owned()).unwrap_or_default();
        let set = |field: &str| row.sets.get(field).cloned().unwrap_or_default();
        form.state = set("state");
        form.estimated_minutes = set("estimated_minutes");
        form.user = set("user");
        form.group = set("group");
        form.reminder_minutes = set("reminder_minutes");
        for (lang, text) in texts {
            form.set_text(*lang, text.clone());
        }
    } else {
        form.entity = entities.first().map(|choice| choice.value.clone()).unwrap_or_default();
        form.recursive = true;
        form.active = true;
    }
    if let Some(draft) = draft {
        form.name = draft.text("name");
        form.recursive = draft.text("recursive") == "true";
        form.active = draft.text("active") == "true";
        form.category = draft.text("category");
        form.source = draft.text("source");
        form.visibility = draft.text("visibility");
        form.state = draft.text("state");
        form.estimated_minutes = draft.text("estimated_minutes");
        form.user = draft.text("user");
        form.group = draft.text("group");
        form.reminder_minutes = draft.text("reminder_minutes");
        for lang in Lang::ALL {
            form.set_text(lang, draft.text(SaveTemplate::text_name(lang)));
        }
        let entity = draft.text("entity");
        if stored.is_none() && entities.iter().any(|choice| choice.value == entity) {
            form.entity = entity;
        }
    }
    form
}

/// Categories and sources a reply of an entity may set.
async fn offered(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    entity: Uuid,
) -> Result<(Vec<Choice>, Vec<Choice>), ServiceError> {
    let path = ctx.actor.path_of(entity);
    let categories = lists::rows(connection, lists::OCCURRENCE_CATEGORIES, &path).await?;
    let mut sources = lists::rows(connection, lists::SOURCES, &path).await?;
    sources.retain(|row| row.for_occurrences);
    Ok((lists::choices(&categories, ctx.actor.lang), lists::choices(&sources, ctx.actor.lang)))
}

fn faults_of(kind: TemplateKind, form: &SaveTemplate) -> Vec<TemplateFault> {
    let text = |lang: Lang| crate::sanitise::lines(form.text(lang));
    Lang::ALL.into_iter().filter_map(|lang| faults::of_text(kind, lang, &text(lang))).collect()
}

/// The texts on the page with the ticket that was asked for; and whether that one cannot be seen. A text with a fault has none:
/// the fault stands at its field.
async fn preview(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    kind: TemplateKind,
    entity: Uuid,
    form: &SaveTemplate,
    query: &PageQuery,
) -> Result<(Option<TemplatePreview>, bool), ServiceError> {
    let asked = query.ticket.trim().trim_start_matches('#');
    if asked.is_empty() {
        return Ok((None, false));
    }
    let Ok(number) = asked.parse::<TicketNumber>() else { return Ok((None, true)) };
    let loaded = match tickets::load_visible(connection, &ctx.actor, number.get()).await {
        Err(error) if error.public == AppError::NotFound => return Ok((None, true)),
        other => other?,
    };
    let lang = query.language.parse().unwrap_or(ctx.actor.lang);
    let home = language_of(connection, entity).await?;
    let texts: BTreeMap<String, String> =
        Lang::ALL.into_iter().map(|lang| (lang.code().to_owned(), form.text(lang).to_owned())).collect();
    let source = text_among(texts, lang, home).unwrap_or_default();
    match shown(ctx, connection, kind, &source, &loaded, lang).await {
        Ok(preview) => Ok((Some(preview), false)),
        Err(error) if matches!(error.public, AppError::Invalid(_)) => Ok((None, false)),
        Err(error) => Err(error),
    }
}
