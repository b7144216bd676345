//! A form that was refused and is saved again: it decides the fields its writer was shown, and takes back no others (T-GEN-07).

use domain::customer::Impact;
use domain::error::FieldConflict;
use domain::forms::{
    AddSolution, AddTask, CustomerOccurrencePatch, CustomerPatch, Decided, EditSolution, EditTask, OccurrencePatch,
    Patch, SaveArticle, SaveCustomer, SaveCustomerOccurrence, SolutionPatch, TaskPatch,
};
use domain::occurrence::BodyFormat;
use domain::task::TaskState;
use domain::views::DraftView;
use service::customer_occurrences::{self as happenings, Door};
use service::customers::{self, Basis};
use service::knowledge::{self, ArticleChange, BODY, FormQuery, NewArticle, REVIEW_ON, TITLE, Values};
use service::{drafts, lists, occurrences, solutions, tasks};
use testing::{both_engines, conflict};

fn set(text: &str) -> Patch<String> {
    Patch::Set(text.to_owned())
}

fn names(told: &[FieldConflict]) -> Vec<&str> {
    told.iter().map(|one| one.field.as_str()).collect()
}

fn values(pairs: &[(&'static str, &str)]) -> Values {
    pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

fn text(body: &str) -> OccurrencePatch {
    OccurrencePatch { body: set(body), format: BodyFormat::Text, ..OccurrencePatch::default() }
}

/// The whole form of an occurrence, begun in its first version.
fn whole(body: &str, minutes: &str, decided: Decided) -> OccurrencePatch {
    OccurrencePatch {
        version: Some(1),
        decided,
        visibility: set("public"),
        minutes: Patch::from_text(minutes.to_owned()),
        attachments: Patch::Set(Vec::new()),
        ..text(body)
    }
}

both_engines!(t_gen_07_an_occurrence_saved_again_decides_what_was_shown_and_nothing_else, |world: World| async move {
    let number = world.ticket().create().await;
    let id = world.occurrence("tech1", number, "public", "One.").await;
    let (tech1, supervisor) = (world.ctx("tech1").await, world.ctx("supervisor").await);
    let now = async || {
        let view = occurrences::get(&tech1, id).await.unwrap();
        (view.body_text, view.minutes.map(|minutes| minutes.0), view.version)
    };
    let theirs = OccurrencePatch { minutes: set("20"), ..text("Theirs.") };
    occurrences::edit(&tech1, id, theirs).await.unwrap();
    let told = conflict(occurrences::edit(&supervisor, id, whole("Mine.", "", Decided::default())).await);
    assert_eq!(names(&told), ["body"]);
    let draft = drafts::find(&supervisor, "occurrence_edit", &id.to_string()).await.unwrap();
    assert_eq!(draft.as_ref().and_then(DraftView::begun), Some(1), "what was typed knows what it was begun from");
    // Changed once more before he chose: he is asked again.
    occurrences::edit(&tech1, id, text("Theirs, again.")).await.unwrap();
    let again = whole("Mine.", "", Decided::read(2, "body"));
    assert_eq!(names(&conflict(occurrences::edit(&supervisor, id, again).await)), ["body"]);
    // A field he was not shown is asked, and the one he decided is told beside it.
    let more = whole("Mine.", "30", Decided::read(3, "body"));
    assert_eq!(names(&conflict(occurrences::edit(&supervisor, id, more).await)), ["body", "minutes"]);
    assert_eq!(now().await, ("Theirs, again.".to_owned(), Some(20), 3), "nothing was saved");
    occurrences::edit(&supervisor, id, whole("Mine.", "", Decided::read(3, "body"))).await.unwrap();
    assert_eq!(now().await, ("Mine.".to_owned(), Some(20), 4), "the time stays as the other left it");
    assert!(drafts::find(&supervisor, "occurrence_edit", &id.to_string()).await.unwrap().is_none());
    world.assert_sound().await;
});

both_engines!(t_gen_07_whoever_was_shown_both_values_may_go_back_to_the_first, |world: World| async move {
    let number = world.ticket().create().await;
    let id = world.occurrence("tech1", number, "public", "One.").await;
    let (tech1, supervisor) = (world.ctx("tech1").await, world.ctx("supervisor").await);
    occurrences::edit(&tech1, id, text("Theirs.")).await.unwrap();
    occurrences::edit(&supervisor, id, whole("One.", "10", Decided::default())).await.unwrap();
    let view = occurrences::get(&tech1, id).await.unwrap();
    assert_eq!((view.body_text.as_str(), view.version), ("Theirs.", 3), "he typed nothing there");
    conflict(occurrences::edit(&supervisor, id, whole("Mine.", "10", Decided::default())).await);
    occurrences::edit(&supervisor, id, whole("One.", "10", Decided::read(3, "body"))).await.unwrap();
    assert_eq!(occurrences::get(&tech1, id).await.unwrap().body_text, "One.");
});

both_engines!(t_gen_07_a_task_saved_again_takes_back_no_other_field, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let (tech1, supervisor) = (world.ctx("tech1").await, world.ctx("supervisor").await);
    let new = AddTask {
        ticket: number,
        content: "Look".to_owned(),
        format: BodyFormat::Text,
        visibility: "public".to_owned(),
        ..AddTask::default()
    };
    let id = tasks::add(&tech1, new).await.unwrap().id;
    let theirs = TaskPatch {
        content: set("Theirs"),
        format: BodyFormat::Text,
        state: set("in_progress"),
        actual_minutes: set("20"),
        ..TaskPatch::default()
    };
    tasks::edit(&tech1, id, theirs).await.unwrap();
    let form = |seen: i32, decided: &str| EditTask {
        id: id.to_string(),
        ticket: number,
        version: 1,
        begun: "1".to_owned(),
        seen,
        decided: decided.to_owned(),
        content: "Mine".to_owned(),
        format: BodyFormat::Text,
        state: "todo".to_owned(),
        visibility: "public".to_owned(),
        ..EditTask::default()
    };
    let told = conflict(tasks::edit(&supervisor, id, form(0, "").into()).await);
    assert_eq!(names(&told), ["content"]);
    let draft = drafts::find(&supervisor, "task", &id.to_string()).await.unwrap();
    assert_eq!(draft.as_ref().and_then(DraftView::begun), Some(1));
    tasks::edit(&supervisor, id, form(2, "content").into()).await.unwrap();
    let view = tasks::get(&tech1, id).await.unwrap();
    assert_eq!((view.entry.body_text.as_str(), view.facts.state), ("Mine", TaskState::InProgress));
    assert_eq!(view.facts.actual.map(|minutes| minutes.0), Some(20));
});

both_engines!(t_gen_07_a_solution_saved_again_takes_back_no_other_field, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let (tech1, supervisor) = (world.ctx("tech1").await, world.ctx("supervisor").await);
    let new = AddSolution { ticket: number, body: "Done.".into(), format: BodyFormat::Text, ..AddSolution::default() };
    let id = solutions::add(&tech1, new).await.unwrap();
    let kind = world.list_row(lists::SOLUTION_TYPES, "By hand", |_| {}).await;
    let theirs =
        SolutionPatch { body: set("Theirs."), format: BodyFormat::Text, kind: set(&kind), ..SolutionPatch::default() };
    solutions::edit(&tech1, id, theirs).await.unwrap();
    let form = |seen: i32, decided: &str| EditSolution {
        id: id.to_string(),
        ticket: number,
        version: 1,
        begun: "1".to_owned(),
        seen,
        decided: decided.to_owned(),
        body: "Mine.".to_owned(),
        format: BodyFormat::Text,
        ..EditSolution::default()
    };
    assert_eq!(names(&conflict(solutions::edit(&supervisor, id, form(0, "").into()).await)), ["body"]);
    let draft = drafts::find(&supervisor, "solution", &id.to_string()).await.unwrap();
    assert_eq!(draft.as_ref().and_then(DraftView::begun), Some(1));
    solutions::edit(&supervisor, id, form(2, "body").into()).await.unwrap();
    let view = solutions::get(&tech1, id).await.unwrap();
    assert_eq!(view.body_text, "Mine.");
    assert_eq!(view.kind.map(|kind| kind.name).as_deref(), Some("By hand"), "the type stays as the other left it");
});

both_engines!(t_gen_07_an_article_saved_again_takes_back_no_other_field, |world: World| async move {
    let (tech1, tech2) = (world.ctx("tech1").await, world.ctx("tech2").await);
    let new = NewArticle {
        values: values(&[(TITLE, "VPN"), (BODY, "Choose the gateway.")]),
        format: BodyFormat::Text,
        ..NewArticle::default()
    };
    let id = knowledge::create(&tech1, new).await.unwrap();
    let theirs =
        ArticleChange { values: values(&[(TITLE, "Theirs"), (REVIEW_ON, "2026-09-01")]), ..ArticleChange::default() };
    knowledge::update(&tech1, id, theirs).await.unwrap();
    let form = |seen: i32, decided: &str| SaveArticle {
        id: id.to_string(),
        version: 1,
        begun: "1".into(),
        seen,
        decided: decided.into(),
        title: "Mine".into(),
        body: "Choose the gateway.".into(),
        format: BodyFormat::Text,
        language: "en".into(),
        audience: "agents".into(),
        recursive: true,
        ..SaveArticle::default()
    };
    assert_eq!(names(&conflict(knowledge::save_form(&tech2, &form(0, "")).await)), ["title"]);
    let query = FormQuery { id: id.to_string(), ..FormQuery::default() };
    let page = knowledge::form(&tech2, &query).await.unwrap();
    assert_eq!((page.form.title.as_str(), page.form.version), ("Mine", 1), "the draft knows what it was begun from");
    assert!(page.is_stale);
    knowledge::save_form(&tech2, &form(2, "title")).await.unwrap();
    let view = knowledge::get(&tech1, id).await.unwrap();
    assert_eq!((view.row.title.as_str(), view.row.review_on.as_deref()), ("Mine", Some("2026-09-01")));
});

both_engines!(t_gen_07_a_customer_saved_again_is_asked_of_what_was_not_shown, |world: World| async move {
    let (tech1, tech2) = (world.ctx("tech1").await, world.ctx("tech2").await);
    let name = |name: &str| CustomerPatch { name: set(name), ..CustomerPatch::default() };
    let new = CustomerPatch { entity: set(&world.root.to_string()), recursive: Some(true), ..name("Acme") };
    let id = customers::create(&world.ctx("supervisor").await, new, "").await.unwrap().id;
    let theirs = CustomerPatch { legal_name: set("Acme Sociedade"), ..name("Acme SA") };
    customers::update(&tech1, id, theirs, Basis::default()).await.unwrap();
    let form = |seen: i32, decided: &str| SaveCustomer {
        id: id.to_string(),
        version: 1,
        begun: "1".into(),
        seen,
        decided: decided.into(),
        entity: world.root.to_string(),
        recursive: true,
        name: "Acme Ltda".into(),
        status: "active".into(),
        ..SaveCustomer::default()
    };
    assert_eq!(names(&conflict(customers::save_form(&tech2, &form(0, "")).await)), ["name"]);
    let draft = customers::form(&tech2, &id.to_string()).await.unwrap().draft.unwrap();
    assert_eq!(
        (draft.begun(), draft.text("name"), draft.text("legal_name")),
        (Some(1), "Acme Ltda".into(), "Acme Sociedade".into())
    );
    customers::update(&tech1, id, name("Acme AG"), Basis::default()).await.unwrap();
    assert_eq!(names(&conflict(customers::save_form(&tech2, &form(2, "name")).await)), ["name"], "changed once more");
    customers::save_form(&tech2, &form(3, "name")).await.unwrap();
    let view = customers::get(&tech1, id).await.unwrap();
    assert_eq!((view.name.as_str(), view.legal_name.as_deref()), ("Acme Ltda", Some("Acme Sociedade")));
});

both_engines!(
    c_occ_08_an_occurrence_of_a_customer_saved_again_is_asked_of_what_was_not_shown,
    |world: World| async move {
        let (tech1, tech2) = (world.ctx("tech1").await, world.ctx("tech2").await);
        let new = CustomerPatch {
            name: set("Acme"),
            entity: set(&world.root.to_string()),
            recursive: Some(true),
            ..CustomerPatch::default()
        };
        let acme = customers::create(&world.ctx("supervisor").await, new, "").await.unwrap().id;
        let category = world.coded(lists::CUSTOMER_CATEGORIES, "delivery").await;
        let today = happenings::form(&tech1, "", "", "").await.unwrap().today.to_string();
        let new = CustomerOccurrencePatch {
            body: set("Pallets arrived wet."),
            category: set(&category),
            impact: set("negative"),
            occurred_on: set(&today),
            ..CustomerOccurrencePatch::default()
        };
        let id = happenings::create(&tech1, Door { fixed: Some(acme), ..Door::default() }, new, "").await.unwrap();
        let from = happenings::Basis::default();
        let body = |body: &str| CustomerOccurrencePatch { body: set(body), ..CustomerOccurrencePatch::default() };
        let theirs = CustomerOccurrencePatch { impact: set("neutral"), ..body("Theirs.") };
        happenings::update(&tech1, id, theirs, from).await.unwrap();
        let form = |seen: i32, decided: &str| SaveCustomerOccurrence {
            id: id.to_string(),
            version: 1,
            begun: "1".into(),
            seen,
            decided: decided.into(),
            body: "Mine.".into(),
            category: category.clone(),
            impact: "negative".into(),
            occurred_on: today.clone(),
            ..SaveCustomerOccurrence::default()
        };
        assert_eq!(names(&conflict(happenings::save_form(&tech2, &form(0, "")).await)), ["body"]);
        let draft = happenings::edit_page(&tech2, &id.to_string()).await.unwrap().form.unwrap().draft.unwrap();
        assert_eq!(
            (draft.begun(), draft.text("body"), draft.text("impact")),
            (Some(1), "Mine.".into(), "neutral".into())
        );
        happenings::update(&tech1, id, body("Theirs, again."), from).await.unwrap();
        assert_eq!(
            names(&conflict(happenings::save_form(&tech2, &form(2, "body")).await)),
            ["body"],
            "changed once more"
        );
        happenings::save_form(&tech2, &form(3, "body")).await.unwrap();
        let view = happenings::edit_page(&tech1, &id.to_string()).await.unwrap().occurrence;
        assert_eq!((view.body.as_str(), view.impact.map(Impact::as_str)), ("Mine.", Some("neutral")));
    }
);
