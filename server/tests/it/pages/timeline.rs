//! What an entry of a ticket tells an agent, and what the form of a new one says before it is sent.

use app::t::{common, tickets as t};
use domain::forms::{AddOccurrence, OccurrencePatch, Patch};
use domain::lang::Lang;
use domain::occurrence::BodyFormat;
use service::{lists, occurrences};

use crate::support::{Desk, PNG, Story, html_text};

const EN: Lang = Lang::En;

#[tokio::test]
async fn t_tim_05_an_entry_tells_all_that_is_known_of_it() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let (number, tech1) = (story.number, desk.ctx("tech1").await);
    let upload = desk.upload("router.png", PNG, "tech1").await.expect(201).json();
    let form = AddOccurrence {
        ticket: number,
        body: "Router checked.".to_owned(),
        format: BodyFormat::Text,
        visibility: "private".to_owned(),
        occurred_at: "2026-03-12T11:00:00Z".to_owned(),
        minutes: "1h30".to_owned(),
        category: desk.world.coded(lists::OCCURRENCE_CATEGORIES, "analysis").await,
        source: desk.world.coded(lists::SOURCES, "phone").await,
        attachments: vec![upload["id"].as_str().unwrap().to_owned()],
        ..AddOccurrence::default()
    };
    let id = occurrences::add(&tech1, form).await.unwrap();
    desk.world.advance(60);
    let body = Patch::Set("Router checked twice.".to_owned());
    let patch = OccurrencePatch { body, format: BodyFormat::Text, ..OccurrencePatch::default() };
    occurrences::edit(&tech1, id, patch).await.unwrap();
    let reply = AddOccurrence {
        ticket: number,
        body: "Looks worn out.".to_owned(),
        format: BodyFormat::Text,
        reply_to: id.to_string(),
        ..AddOccurrence::default()
    };
    occurrences::add(&desk.ctx("tech2").await, reply).await.unwrap();
    let page = desk.get(&format!("/tickets/{number}"), "tech2").await.expect(200).text();
    let entry = |id: uuid::Uuid| {
        let (_, rest) = page.split_once(&format!("id=\"occurrence-{id}\"")).unwrap_or_else(|| panic!("{id}: {page}"));
        rest.split("</ol>").next().unwrap_or_default()
    };
    let own = entry(id);
    let words = html_text(own);
    let (kind, reply) = (t::kind_occurrence_source(EN, "Phone"), t::kind_reply(EN, "tech1"));
    for told in ["tech1", kind.as_str(), common::private(EN), "Analysis", "edited ", "11:00", "router.png"] {
        assert!(words.contains(told), "{told}: {words}");
    }
    assert!(words.contains(&reply) && words.contains("Looks worn out."), "{words}");
    // Never by colour alone.
    assert!(own.contains("#lock\"") && own.contains("<time") && own.contains("/revisions\""), "{words}");
    let public = entry(story.public).split("</article>").next().unwrap_or_default();
    assert!(public.contains("#eye\"") && html_text(public).contains(common::public(EN)), "{}", html_text(public));
}

#[tokio::test]
async fn t_occ_04_the_form_says_who_reads_it_by_icon_and_word_and_its_button_what_it_does() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number;
    let form = desk.get(&format!("/tickets/{number}/note"), "tech1").await.expect(200).text();
    let (_, switch) = form.split_once("class=\"visibility-switch\"").unwrap_or_else(|| panic!("{}", html_text(&form)));
    let switch = switch.split("</fieldset>").next().unwrap_or_default();
    assert_eq!(switch.matches("type=\"radio\"").count(), 2, "{switch}");
    for (icon, word) in [("lock", common::private(EN)), ("eye", common::public(EN))] {
        assert!(switch.contains(&format!("#{icon}\"")) && html_text(switch).contains(word), "{word}: {switch}");
    }
    let words = html_text(&form);
    for button in [t::add_private_occurrence(EN), t::add_occurrence(EN), t::add_and_send(EN), t::seen_by_team(EN)] {
        assert!(words.contains(button), "{button}: {words}");
    }
}
