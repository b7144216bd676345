//! The knowledge base: who reads what, versions, search, what helps before a request is sent (T-KNO-01, 02, 05, P-NEW-04).

mod of_tickets;

use domain::error::{AppError, Code};
use domain::forms::{CreateTicket, SaveArticle};
use domain::occurrence::BodyFormat;
use domain::policy::ShippedRole;
use domain::settings::Key;
use domain::views::{ArticleList, ArticleQuery, ArticleView};
use service::knowledge::{
    self, AUDIENCE, ArticleChange, BODY, CATEGORY, FormQuery, LANGUAGE, NewArticle, RECURSIVE, REVIEW_ON, STATUS,
    TITLE, Values,
};
use service::{ServiceError, drafts, lists, requests};
use testing::{World, both_engines, conflict, error, field, forbidden, refused};
use uuid::Uuid;

const FOR_ALL: [(&str, &str); 2] = [(AUDIENCE, "public"), (STATUS, "published")];

const FOR_AGENTS: [(&str, &str); 2] = [(AUDIENCE, "agents"), (STATUS, "published")];

fn values(pairs: &[(&'static str, &str)]) -> Values {
    pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

/// An article to be, of the writer's own entity.
fn new(title: &str, body: &str, more: &[(&'static str, &str)]) -> NewArticle {
    let mut given = values(&[(TITLE, title), (BODY, body)]);
    given.extend(values(more));
    NewArticle { values: given, format: BodyFormat::Text, ..NewArticle::default() }
}

async fn make(world: &World, who: &str, title: &str, body: &str, more: &[(&'static str, &str)]) -> Uuid {
    knowledge::create(&world.ctx(who).await, new(title, body, more)).await.unwrap()
}

async fn change(
    world: &World,
    who: &str,
    id: Uuid,
    version: i32,
    pairs: &[(&'static str, &str)],
) -> Result<(), ServiceError> {
    let change = ArticleChange {
        values: values(pairs),
        format: BodyFormat::Text,
        version: Some(version),
        ..ArticleChange::default()
    };
    knowledge::update(&world.ctx(who).await, id, change).await
}

async fn get(world: &World, who: &str, id: Uuid) -> Result<ArticleView, ServiceError> {
    knowledge::get(&world.ctx(who).await, id).await
}

async fn find(world: &World, who: &str, query: ArticleQuery) -> ArticleList {
    knowledge::list(&world.ctx(who).await, &query).await.unwrap()
}

fn words(q: &str) -> ArticleQuery {
    ArticleQuery { q: q.to_owned(), ..ArticleQuery::default() }
}

fn part(part: &str) -> ArticleQuery {
    ArticleQuery { part: part.to_owned(), ..ArticleQuery::default() }
}

fn titles(list: &ArticleList) -> Vec<&str> {
    list.items.iter().map(|row| row.title.as_str()).collect()
}

both_engines!(t_kno_02_who_reads_what, |world: World| async move {
    let draft = make(&world, "tech1", "Draft", "Words.", &[]).await;
    let internal = make(&world, "tech1", "Internal", "Words.", &FOR_AGENTS).await;
    let public = make(&world, "tech1", "Public", "Words.", &FOR_ALL).await;
    let archived = make(&world, "tech1", "Archived", "Words.", &[(AUDIENCE, "public"), (STATUS, "archived")]).await;
    let table = [
        (draft, [false, false, true]),
        (internal, [false, true, true]),
        (public, [true, true, true]),
        (archived, [false, false, true]),
    ];
    for (id, outcomes) in table {
        for (who, may) in ["requester1", "observer", "tech2"].into_iter().zip(outcomes) {
            match get(&world, who, id).await {
                Ok(view) => assert!(may, "{who} reads {}", view.row.title),
                Err(refusal) => assert!(!may && refusal.public == AppError::NotFound, "{who}: {refusal:?}"),
            }
        }
    }
    assert_eq!(titles(&find(&world, "requester1", words("")).await), ["Public"]);
    let mut seen: Vec<String> =
        titles(&find(&world, "tech2", words("")).await).iter().map(|t| (*t).to_owned()).collect();
    seen.sort();
    assert_eq!(seen, ["Draft", "Internal", "Public"], "archived ones are a part of their own");
    assert_eq!(titles(&find(&world, "tech2", part("archived")).await), ["Archived"]);
    assert_eq!(forbidden(change(&world, "observer", internal, 1, &[(TITLE, "Mine")]).await), "knowledge.edit");
    assert_eq!(error(change(&world, "requester1", internal, 1, &[(TITLE, "Mine")]).await), AppError::NotFound);
    let made = knowledge::create(&world.ctx("observer").await, new("Mine", "Words.", &[])).await;
    assert_eq!(forbidden(made), "knowledge.edit");
    let asked = knowledge::list(&world.ctx("requester1").await, &part("draft")).await;
    assert_eq!(field(asked, "part"), Some(Code::Invalid));
    world.assert_sound().await;
});

both_engines!(t_kno_02_requesters_learn_nothing_that_is_the_teams, |world: World| async move {
    let number = world.ticket().create().await;
    let id = make(&world, "tech1", "VPN", "Choose the gateway.", &FOR_ALL).await;
    knowledge::link(&world.ctx("tech1").await, number, &id.to_string()).await.unwrap();
    let theirs = get(&world, "requester1", id).await.unwrap();
    assert!(theirs.about.is_none() && theirs.row.audience.is_none() && theirs.row.review_on.is_none());
    let list = find(&world, "requester1", words("")).await;
    assert!(list.parts.is_empty() && !list.may_write);
    let about = get(&world, "tech2", id).await.unwrap().about.unwrap();
    assert_eq!((about.used.value, about.tickets[0].number, about.editable), (1, number, true));
    let versions = knowledge::revisions(&world.ctx("requester1").await, id).await;
    assert_eq!(error(versions), AppError::NotFound);
    assert_eq!(error(knowledge::of_ticket(&world.ctx("requester1").await, number, "", "").await), AppError::NotFound);
});

both_engines!(t_kno_02_an_article_counts_in_its_entity_and_where_it_says_so, |world: World| async move {
    let iberia = world.entity("Iberia", world.root).await;
    world.hire("requester9", ShippedRole::Requester, iberia).await;
    let at = async |entity: Uuid, title: &str, recursive: &str| {
        let mut form = new(title, "Words.", &FOR_ALL);
        form.values.insert(RECURSIVE, recursive.to_owned());
        form.entity = entity.to_string();
        knowledge::create(&world.ctx("supervisor").await, form).await.unwrap()
    };
    let everywhere = at(world.root, "Everywhere", "true").await;
    at(world.root, "Above", "false").await;
    at(world.brasil, "Brasil", "true").await;
    let brazilian = find(&world, "requester1", words("")).await;
    assert_eq!(brazilian.items.len(), 2, "{:?}", titles(&brazilian));
    assert_eq!(titles(&find(&world, "requester9", words("")).await), ["Everywhere"]);
    assert!(get(&world, "requester9", everywhere).await.is_ok());
});

both_engines!(t_kno_01_each_change_is_a_version_and_an_old_one_comes_back, |world: World| async move {
    let id = make(&world, "tech1", "VPN", "Choose the gateway.", &[]).await;
    world.advance(60);
    change(&world, "tech2", id, 1, &[(TITLE, "VPN client"), (BODY, "Choose the nearest gateway.")]).await.unwrap();
    let supervisor = world.ctx("supervisor").await;
    knowledge::publish(&supervisor, id, Some(2), None).await.unwrap();
    let stale = knowledge::restore_revision(&supervisor, id, 1, Some(1), None).await;
    assert!(conflict(stale).is_empty());
    knowledge::restore_revision(&supervisor, id, 1, Some(3), None).await.unwrap();
    let view = get(&world, "tech1", id).await.unwrap();
    assert_eq!((view.row.title.as_str(), view.body_text.as_str()), ("VPN", "Choose the gateway."));
    assert_eq!(view.row.status.as_str(), "published", "words come back, not the status");
    let found = knowledge::revisions(&supervisor, id).await.unwrap();
    let told: Vec<(i32, &str)> = found.revisions.iter().map(|one| (one.revision, one.what.as_str())).collect();
    assert_eq!(told, [(1, "created"), (2, "edited"), (3, "published"), (4, "restored")]);
    let edited = &found.revisions[1].diff;
    assert!(edited.iter().any(|part| part.op == "added" && part.text.contains("nearest")), "{edited:?}");
    // Whoever does not write sees what was published.
    let theirs = knowledge::revisions(&world.ctx("observer").await, id).await.unwrap();
    let told: Vec<i32> = theirs.revisions.iter().map(|one| one.revision).collect();
    assert_eq!((told, theirs.editable), (vec![3, 4], false));
    assert_eq!(error(knowledge::restore_revision(&supervisor, id, 9, None, None).await), AppError::NotFound);
    world.assert_sound().await;
});

both_engines!(t_gen_07_two_people_meet_field_by_field, |world: World| async move {
    let id = make(&world, "tech1", "VPN", "Choose the gateway.", &[]).await;
    change(&world, "tech1", id, 1, &[(TITLE, "VPN client")]).await.unwrap();
    change(&world, "tech2", id, 1, &[(REVIEW_ON, "2026-09-01")]).await.unwrap();
    let met = conflict(change(&world, "tech2", id, 1, &[(TITLE, "VPN access")]).await);
    assert_eq!((met.len(), met[0].field.as_str()), (1, "title"));
    let view = get(&world, "tech1", id).await.unwrap();
    assert_eq!((view.row.title.as_str(), view.row.review_on.as_deref()), ("VPN client", Some("2026-09-01")));
    let only = ArticleChange { values: values(&[(TITLE, "x")]), if_match: Some(1), ..ArticleChange::default() };
    let late = knowledge::update(&world.ctx("tech1").await, id, only).await;
    assert_eq!(error(late), AppError::PreconditionFailed(3));
});

both_engines!(t_drf_02_a_refused_article_keeps_its_text, |world: World| async move {
    let tech1 = world.ctx("tech1").await;
    let form = SaveArticle {
        title: "VPN".into(),
        body: "Long text.".into(),
        format: BodyFormat::Text,
        language: "de".into(),
        audience: "agents".into(),
        recursive: true,
        ..SaveArticle::default()
    };
    assert_eq!(field(knowledge::save_form(&tech1, &form).await, "language"), Some(Code::Invalid));
    let shown = knowledge::form(&tech1, &FormQuery::default()).await.unwrap();
    assert!(shown.is_unsaved);
    assert_eq!((shown.form.title.as_str(), shown.text.as_str()), ("VPN", "Long text."));
    let id = knowledge::save_form(&tech1, &SaveArticle { language: "en".into(), ..form }).await.unwrap();
    assert!(drafts::find(&tech1, "article", "new").await.unwrap().is_none());
    let query = FormQuery { id: id.to_string(), ..FormQuery::default() };
    let shown = knowledge::form(&tech1, &query).await.unwrap();
    assert!(!shown.is_unsaved);
    assert_eq!((shown.form.version, shown.text.as_str()), (1, "Long text."));
    assert_eq!(error(knowledge::form(&world.ctx("observer").await, &query).await), AppError::NotFound);
});

both_engines!(t_kno_01_a_form_without_the_editor_keeps_the_markup, |world: World| async move {
    let tech1 = world.ctx("tech1").await;
    let marked =
        NewArticle { format: BodyFormat::Html, ..new("VPN", "<p>Choose the <strong>gateway</strong>.</p>", &[]) };
    let id = knowledge::create(&tech1, marked).await.unwrap();
    let form = |body: &str, version: i32| SaveArticle {
        id: id.to_string(),
        version,
        title: "VPN client".into(),
        body: body.into(),
        format: BodyFormat::Text,
        language: "en".into(),
        audience: "agents".into(),
        recursive: true,
        ..SaveArticle::default()
    };
    knowledge::save_form(&tech1, &form("Choose the gateway.", 1)).await.unwrap();
    let view = get(&world, "tech1", id).await.unwrap();
    assert_eq!(view.row.title, "VPN client");
    assert!(view.body.as_str().contains("<strong>gateway</strong>"), "{:?}", view.body);
    knowledge::save_form(&tech1, &form("Choose another one.", 2)).await.unwrap();
    assert_eq!(get(&world, "tech1", id).await.unwrap().body.as_str(), "<p>Choose another one.</p>");
});

both_engines!(t_kno_02_words_are_found_folded_and_the_own_language_comes_first, |world: World| async move {
    make(&world, "tech1", "VPN: keep the connection", "Choose the gateway.", &FOR_ALL).await;
    world.advance(60);
    let mut more = FOR_ALL.to_vec();
    more.push((LANGUAGE, "pt-BR"));
    make(&world, "tech1", "VPN: manter a conexão", "Escolha o servidor.", &more).await;
    world.advance(60);
    make(&world, "tech1", "Zebra", "The vpn of the team.", &FOR_AGENTS).await;
    let english = find(&world, "requester1", words("vpn")).await;
    assert_eq!(titles(&english), ["VPN: keep the connection", "VPN: manter a conexão"]);
    world.prefer("requester1", "language", "pt-BR").await;
    let own = find(&world, "requester1", words("VPN")).await;
    assert_eq!(titles(&own), ["VPN: manter a conexão", "VPN: keep the connection"]);
    assert_eq!(titles(&find(&world, "requester1", words("conexao")).await), ["VPN: manter a conexão"]);
    let hidden = find(&world, "requester1", words("zebra")).await;
    let unknown = find(&world, "requester1", words("giraffe")).await;
    assert_eq!((hidden.items.len(), hidden.count), (unknown.items.len(), unknown.count));
    assert_eq!(titles(&find(&world, "tech2", words("zebra")).await), ["Zebra"]);
    // Page by page, nothing twice.
    let one = |cursor: String| ArticleQuery { limit: 1, cursor, ..ArticleQuery::default() };
    let mut seen = Vec::new();
    let mut cursor = String::new();
    for _page in 0..3 {
        let list = find(&world, "tech2", one(cursor)).await;
        seen.extend(titles(&list).iter().map(|title| (*title).to_owned()));
        cursor = list.next_cursor.unwrap_or_default();
    }
    assert_eq!((seen.len(), cursor.as_str()), (3, ""));
    seen.dedup();
    assert_eq!(seen.len(), 3);
});

both_engines!(t_kno_01_languages_of_one_article_know_each_other, |world: World| async move {
    let english = make(&world, "tech1", "VPN", "Words.", &FOR_ALL).await;
    let translate = async |lang: &str, more: &[(&'static str, &str)]| {
        let mut form = new("VPN outra", "Palavras.", more);
        form.values.insert(LANGUAGE, lang.to_owned());
        form.translation_of = english.to_string();
        knowledge::create(&world.ctx("tech2").await, form).await
    };
    assert_eq!(field(translate("en", &[]).await, "language"), Some(Code::Duplicate));
    translate("pt-BR", &[]).await.unwrap();
    assert_eq!(get(&world, "tech1", english).await.unwrap().translations.len(), 1);
    assert!(get(&world, "requester1", english).await.unwrap().translations.is_empty(), "it is a draft");
    let french = translate("fr", &FOR_ALL).await.unwrap();
    assert_eq!(get(&world, "requester1", english).await.unwrap().translations[0].id, french);
});

both_engines!(t_kno_01_categories_are_a_tree_of_their_own, |world: World| async move {
    let above = world.list_row(lists::KNOWLEDGE_CATEGORIES, "Network", |_| {}).await;
    let parent = above.parse().unwrap();
    let below = world.list_row(lists::KNOWLEDGE_CATEGORIES, "Wi-Fi", |row| row.parent_id = Some(parent)).await;
    world.list_row(lists::KNOWLEDGE_CATEGORIES, "Secrets", |_| {}).await;
    let foreign = world.coded(lists::OCCURRENCE_CATEGORIES, "analysis").await;
    let wrong = knowledge::create(&world.ctx("tech1").await, new("x", "x", &[(CATEGORY, &foreign)])).await;
    assert!(field(wrong, "category").is_some());
    let mut more = FOR_ALL.to_vec();
    more.push((CATEGORY, &below));
    make(&world, "tech1", "Guests", "Words.", &more).await;
    let of = |category: &str| ArticleQuery { category: category.to_owned(), ..ArticleQuery::default() };
    for category in [&above, &below] {
        let list = find(&world, "requester1", of(category)).await;
        assert_eq!(titles(&list), ["Guests"]);
        let named: Vec<&str> = list.categories.iter().map(|choice| choice.name.as_str()).collect();
        assert_eq!(named.len(), 2, "only those that hold something for the reader: {named:?}");
    }
});

both_engines!(p_new_04_articles_help_while_a_request_is_typed, |world: World| async move {
    make(&world, "tech1", "VPN: keep the connection", "Choose the nearest gateway.", &FOR_ALL).await;
    make(&world, "tech1", "VPN of the team", "Words.", &FOR_AGENTS).await;
    make(&world, "tech1", "Holidays", "Who is away.", &FOR_ALL).await;
    let requester1 = world.ctx("requester1").await;
    let told = async |text: &str| -> Vec<String> {
        let found = knowledge::suggest(&requester1, text, "").await.unwrap();
        found.into_iter().map(|hint| hint.title).collect()
    };
    assert_eq!(told("My VPN drops every morning").await, ["VPN: keep the connection"]);
    assert!(told("vp").await.is_empty() && told("printer paper").await.is_empty());
    assert!(told("' OR 1=1 -- \"*").await.is_empty(), "signs are no syntax");
    // Without scripts: the form is kept and its page shows the same.
    let form = CreateTicket { title: "VPN drops".into(), ..CreateTicket::default() };
    knowledge::look(&requester1, &form).await.unwrap();
    let view = requests::new_request_with_articles(&requester1, "").await.unwrap();
    assert!(view.suggests);
    let shown: Vec<String> = view.articles.unwrap_or_default().into_iter().map(|hint| hint.title).collect();
    assert_eq!(shown, ["VPN: keep the connection"]);
    assert_eq!(drafts::find(&requester1, "ticket", "new").await.unwrap().unwrap().text("title"), "VPN drops");
    let id = knowledge::suggest(&requester1, "vpn", "").await.unwrap()[0].id;
    knowledge::helped(&requester1, id).await.unwrap();
    assert_eq!(get(&world, "tech1", id).await.unwrap().about.unwrap().helped, 1);
    world.set(Key::KnowledgeSuggestions, world.brasil, "false").await;
    assert!(knowledge::suggest(&requester1, "vpn", "").await.unwrap().is_empty());
});

both_engines!(t_kno_05_the_trash_and_out_of_it_for_ever, |world: World| async move {
    let number = world.ticket().create().await;
    let id = make(&world, "tech1", "Zebra", "Words.", &FOR_ALL).await;
    let (tech1, admin) = (world.ctx("tech1").await, world.ctx("admin").await);
    knowledge::link(&tech1, number, &id.to_string()).await.unwrap();
    assert_eq!(refused(knowledge::restore(&tech1, id, None, None).await), Code::TransitionNotAllowed);
    knowledge::delete(&tech1, id, Some(1), None).await.unwrap();
    assert_eq!(error(get(&world, "requester1", id).await), AppError::NotFound);
    assert_eq!(error(get(&world, "observer", id).await), AppError::NotFound);
    assert!(find(&world, "tech2", words("zebra")).await.items.is_empty());
    assert_eq!(titles(&find(&world, "tech2", part("trash")).await), ["Zebra"]);
    assert_eq!(refused(change(&world, "tech1", id, 2, &[(TITLE, "x")]).await), Code::EntryDeleted);
    knowledge::restore(&tech1, id, None, None).await.unwrap();
    assert_eq!(titles(&find(&world, "requester1", words("zebra")).await), ["Zebra"]);
    knowledge::delete(&tech1, id, None, None).await.unwrap();
    assert_eq!(forbidden(knowledge::purge(&tech1, id, None, None).await), "ticket.purge");
    knowledge::purge(&admin, id, None, None).await.unwrap();
    for table in ["article", "article_revision", "search_article_public", "search_article_internal"] {
        assert_eq!(world.count(table).await, 0, "{table}");
    }
    let tab = knowledge::of_ticket(&tech1, number, "", "").await.unwrap();
    assert!(tab.linked[0].is_removed);
    world.assert_sound().await;
});

both_engines!(t_kno_05_what_shall_be_looked_at_again_is_its_owners_list, |world: World| async move {
    let owner = world.person("tech1").await.id.to_string();
    let day = |day: &str| vec![(REVIEW_ON, day.to_owned()), (knowledge::OWNER, owner.clone())];
    for (title, on) in [("Past", "2026-03-11"), ("Today", "2026-03-12"), ("Later", "2026-09-01")] {
        let pairs = day(on);
        let pairs: Vec<(&'static str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        make(&world, "tech2", title, "Words.", &pairs).await;
    }
    assert_eq!(titles(&find(&world, "tech1", part("review")).await), ["Past"]);
    assert!(find(&world, "tech2", part("review")).await.items.is_empty());
    assert!(find(&world, "tech1", part("review")).await.items[0].is_review_due);
    let wrong = change(&world, "tech1", Uuid::nil(), 1, &[(REVIEW_ON, "soon")]).await;
    assert_eq!(field(wrong, "review_on"), Some(Code::Invalid));
});

both_engines!(t_gen_06_one_key_makes_one_article, |world: World| async move {
    let tech1 = world.ctx("tech1").await;
    let number = world.ticket().create().await;
    let form = || NewArticle { key: "once".into(), ticket: number, ..new("VPN", "Words.", &[]) };
    let id = knowledge::create(&tech1, form()).await.unwrap();
    assert_eq!(knowledge::create(&tech1, form()).await.unwrap(), id);
    assert_eq!((world.count("article").await, world.count("article_link").await), (1, 1));
});
