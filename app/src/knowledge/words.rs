//! Words of articles: where they stand, for whom they are, what was done.

use domain::error::Code;
use domain::format;
use domain::knowledge::{ArticleStatus, Audience};
use domain::lang::Lang;
use domain::views::{ArticleAbout, Count, Moment};

use crate::message;
use crate::t::knowledge as t;

/// Where an article stands.
pub(crate) fn status(lang: Lang, status: ArticleStatus) -> &'static str {
    match status {
        ArticleStatus::Draft => t::draft(lang),
        ArticleStatus::Published => t::published(lang),
        ArticleStatus::Archived => t::archived(lang),
    }
}

/// For whom it is.
pub(crate) fn audience(lang: Lang, audience: Audience) -> &'static str {
    match audience {
        Audience::Public => t::audience_public(lang),
        Audience::Agents => t::audience_agents(lang),
    }
}

/// A part of the list.
pub(crate) fn part(lang: Lang, part: &str) -> &'static str {
    match part {
        "public" => t::part_public(lang),
        "internal" => t::part_internal(lang),
        "draft" => t::part_drafts(lang),
        "archived" => t::part_archived(lang),
        "review" => t::part_review(lang),
        "trash" => t::part_trash(lang),
        _ => t::part_all(lang),
    }
}

/// What the last post did; nothing for words that are none of ours.
pub(crate) fn done(lang: Lang, what: &str) -> Option<&'static str> {
    Some(match what {
        "saved" => t::done_saved(lang),
        "published" => t::done_published(lang),
        "archived" => t::done_archived(lang),
        "deleted" => t::done_deleted(lang),
        "restored" => t::done_restored(lang),
        "went_back" => t::done_went_back(lang),
        "linked" => t::done_linked(lang),
        "unlinked" => t::done_unlinked(lang),
        "begun" => t::done_begun(lang),
        "helped" => t::done_helped(lang),
        _ => return None,
    })
}

/// What made a version.
pub(crate) fn step(lang: Lang, what: &str) -> &'static str {
    match what {
        "created" => t::step_created(lang),
        "published" => t::step_published(lang),
        "archived" => t::step_archived(lang),
        "withdrawn" => t::step_withdrawn(lang),
        "restored" => t::step_restored(lang),
        _ => t::step_edited(lang),
    }
}

/// A day as people write it; one that cannot be read as it is.
pub(crate) fn day(lang: Lang, day: &str) -> String {
    let noon = [day, "T12:00:00+00:00"].concat();
    Moment::try_from(noon).map_or_else(|_unreadable| day.to_owned(), |moment| format::date(&moment, lang))
}

/// How many there are.
pub(crate) fn count(lang: Lang, count: Count) -> String {
    let value = i64::from(count.value);
    if count.exact { t::count(lang, value) } else { t::count_capped(lang, &format::count_capped(value, false, lang)) }
}

/// In how many tickets it is used, as far as the reader may see them (T-KNO-02).
pub(crate) fn used(lang: Lang, about: &ArticleAbout) -> String {
    let value = i64::from(about.used.value);
    if about.used.exact {
        t::used(lang, value)
    } else {
        t::used_capped(lang, &format::count_capped(value, false, lang))
    }
}

/// The fields of the form, as refusals name them.
pub(crate) const FIELDS: [&str; 10] = [
    "title",
    "body",
    "audience",
    "confirm_public",
    "language",
    "category",
    "owner",
    "review_on",
    "entity",
    "attachments",
];

/// Name of a field.
pub(crate) fn field(lang: Lang, field: &str) -> &'static str {
    match field {
        "title" => t::field_title(lang),
        "body" => t::field_body(lang),
        "audience" => t::field_audience(lang),
        "confirm_public" => t::confirm_public(lang),
        "language" => t::language(lang),
        "category" => t::category(lang),
        "owner" => t::owner(lang),
        "review_on" => t::review_on(lang),
        "recursive" => t::recursive(lang),
        "status" => t::field_status(lang),
        "attachments" => t::files(lang),
        _ => t::entity(lang),
    }
}

/// What is wrong with a field, where it is special to articles.
pub(crate) fn wrong(lang: Lang, field: &str, code: Code) -> String {
    match (field, code) {
        ("language", Code::Duplicate) => t::wrong_language(lang).to_owned(),
        ("confirm_public", Code::Required) => t::wrong_confirm(lang).to_owned(),
        _ => message::code_sentence(lang, code).to_owned(),
    }
}
