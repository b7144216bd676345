//! A form that two people changed at once, without scripts: the page shows both values and keeps what was typed, and saving it
//! again takes back nothing beside them (T-GEN-07).

use domain::forms::{CustomerPatch, OccurrencePatch, Patch, TaskPatch};
use domain::occurrence::BodyFormat;
use domain::task::TaskState;
use service::{customers, occurrences, tasks};

use crate::support::{Desk, Story, html_text};

/// Fields by which a form tells what it was begun from and what its writer was shown.
const BASIS: [&str; 4] = ["version", "begun", "seen", "decided"];

fn set(text: &str) -> Patch<String> {
    Patch::Set(text.to_owned())
}

/// What a hidden field of the page holds; nothing where there is none.
fn held(page: &str, field: &str) -> Option<String> {
    let name = format!("name=\"form[{field}]\"");
    let tags = page.split("<input").skip(1).filter_map(|rest| rest.split('>').next());
    let tag = tags.into_iter().find(|tag| tag.contains(&name))?;
    tag.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).map(str::to_owned)
}

/// Posts a form that was begun in the first version and is refused, then again as the page has it that it leads back to.
async fn save_again(desk: &Desk, (name, here): (&str, &str), fields: &[(&str, &str)], who: &str, field: &str) {
    let first = [fields, &[("form[version]", "1"), ("form[begun]", "1")]].concat();
    let back = desk.post_form(name, here, &first, who).await.expect(302).location();
    assert!(back.contains("__err="), "{name}: {back}");
    let page = desk.get(&back, who).await.expect(200).text();
    assert!(page.contains("Mine.") && page.contains("Theirs."), "{name}: both values: {}", html_text(&page));
    let basis = BASIS.map(|field| held(&page, field).unwrap_or_default());
    assert_eq!(basis, ["1", "1", "2", field].map(str::to_owned), "{name}");
    // Who comes back later was shown nothing.
    let later = desk.get(here, who).await.expect(200).text();
    assert!(later.contains("Mine."), "{name}: {}", html_text(&later));
    assert_eq!(["version", "seen", "decided"].map(|field| held(&later, field)), [Some("1".to_owned()), None, None]);
    let names = BASIS.map(|field| format!("form[{field}]"));
    let again: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(basis.iter().map(String::as_str)).collect();
    let done = desk.post_form(name, here, &[fields, again.as_slice()].concat(), who).await.expect(302).location();
    assert!(!done.contains("__err="), "{name}: {done}");
}

#[tokio::test]
async fn t_gen_07_an_occurrence_is_saved_again_without_scripts() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let (number, id) = (story.number.to_string(), story.public.to_string());
    let tech1 = desk.ctx("tech1").await;
    let (body, minutes) = (set("Theirs."), set("20"));
    let theirs = OccurrencePatch { body, minutes, format: BodyFormat::Text, ..OccurrencePatch::default() };
    occurrences::edit(&tech1, story.public, theirs).await.unwrap();
    let fields = [
        ("form[id]", id.as_str()),
        ("form[ticket]", number.as_str()),
        ("form[body]", "Mine."),
        ("form[format]", "text"),
        ("form[visibility]", "public"),
        ("form[minutes]", ""),
    ];
    let here = format!("/tickets/{number}/occurrences/{id}/edit");
    save_again(&desk, ("edit_occurrence", &here), &fields, "supervisor", "body").await;
    let view = occurrences::get(&tech1, story.public).await.unwrap();
    assert_eq!((view.body_text.as_str(), view.minutes.map(|minutes| minutes.0)), ("Mine.", Some(20)));
}

#[tokio::test]
async fn t_gen_07_a_task_is_saved_again_without_scripts() {
    let desk = Desk::new().await;
    let story = Story::with_tasks(&desk).await;
    let (number, id) = (story.number.to_string(), story.public_task.to_string());
    let tech1 = desk.ctx("tech1").await;
    let (content, state) = (set("Theirs."), set("in_progress"));
    let theirs = TaskPatch { content, state, format: BodyFormat::Text, ..TaskPatch::default() };
    tasks::edit(&tech1, story.public_task, theirs).await.unwrap();
    let fields = [
        ("form[id]", id.as_str()),
        ("form[ticket]", number.as_str()),
        ("form[content]", "Mine."),
        ("form[format]", "text"),
        ("form[visibility]", "public"),
        ("form[state]", "todo"),
    ];
    let here = format!("/tickets/{number}/tasks/{id}/edit");
    save_again(&desk, ("edit_task", &here), &fields, "supervisor", "content").await;
    let view = tasks::get(&tech1, story.public_task).await.unwrap();
    assert_eq!((view.entry.body_text.as_str(), view.facts.state), ("Mine.", TaskState::InProgress));
}

#[tokio::test]
async fn t_gen_07_a_customer_is_saved_again_without_scripts() {
    let desk = Desk::new().await;
    let tech1 = desk.ctx("tech1").await;
    let named = |name: &str| CustomerPatch { name: set(name), ..CustomerPatch::default() };
    let id = customers::create(&tech1, named("Acme"), "").await.unwrap().id;
    let entity = customers::get(&tech1, id).await.unwrap().entity.id.to_string();
    let theirs = CustomerPatch { legal_name: set("Acme Sociedade"), ..named("Theirs.") };
    customers::update(&tech1, id, theirs, customers::Basis::default()).await.unwrap();
    let customer = id.to_string();
    let fields = [
        ("form[id]", customer.as_str()),
        ("form[name]", "Mine."),
        ("form[status]", "active"),
        ("form[entity]", entity.as_str()),
        ("form[recursive]", "true"),
    ];
    save_again(&desk, ("save_customer", &format!("/customers/{id}/edit")), &fields, "tech1", "name").await;
    let view = customers::get(&tech1, id).await.unwrap();
    assert_eq!((view.name.as_str(), view.legal_name.as_deref()), ("Mine.", Some("Acme Sociedade")));
}

#[tokio::test]
async fn t_tsk_03_how_far_a_task_is_is_saved_again_without_taking_back_its_time() {
    let desk = Desk::new().await;
    let story = Story::with_tasks(&desk).await;
    let id = story.public_task.to_string();
    let here = format!("/tickets/{}/tasks/{id}", story.number);
    let tech1 = desk.ctx("tech1").await;
    let theirs = TaskPatch { state: set("in_progress"), actual_minutes: set("30"), ..TaskPatch::default() };
    tasks::edit(&tech1, story.public_task, theirs).await.unwrap();
    let fields = [
        ("form[id]", id.as_str()),
        ("form[state]", "done"),
        ("form[actual_minutes]", ""),
        ("form[whole]", "true"),
        ("form[back]", here.as_str()),
    ];
    let first = [&fields[..], &[("form[version]", "1")]].concat();
    let back = desk.post_form("set_task", &here, &first, "tech1").await.expect(302).location();
    assert!(back.contains("__err="), "{back}");
    let again = [&fields[..], &[("form[version]", "1"), ("form[seen]", "2"), ("form[decided]", "state")]].concat();
    assert_eq!(desk.post_form("set_task", &here, &again, "tech1").await.expect(302).location(), here);
    let facts = tasks::get(&tech1, story.public_task).await.unwrap().facts;
    assert_eq!((facts.state, facts.actual.map(|minutes| minutes.0)), (TaskState::Done, Some(30)));
}
