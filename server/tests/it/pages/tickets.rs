//! The agents' pages.

use app::t::{shell, tickets};
use domain::lang::Lang;
use domain::ticket::Status;

use crate::pages::is_whole;
use crate::support::{Desk, Story, html_text};

#[tokio::test]
async fn pages_are_whole_and_show_what_they_are_about() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let number = story.number;
    let public = story.public;
    for (path, words) in [
        ("/".to_owned(), vec![]),
        ("/tickets".to_owned(), vec!["VPN drops"]),
        ("/tickets?status=open&sort=-priority".to_owned(), vec!["VPN drops"]),
        ("/tickets/new".to_owned(), vec![]),
        (format!("/tickets/{number}"), vec!["VPN drops", "Every ten minutes", "Cable replaced.", Story::SECRET]),
        (format!("/tickets/{number}/note"), vec!["VPN drops"]),
        (format!("/tickets/{number}/history"), vec!["Ticket created"]),
        (format!("/tickets/{number}/occurrences/{public}/edit"), vec!["Cable replaced."]),
        (format!("/tickets/{number}/occurrences/{public}/remove"), vec!["Cable replaced."]),
        (format!("/tickets/{number}/occurrences/{public}/revisions"), vec!["Cable replaced."]),
        (format!("/tickets/{number}/do/suspend"), vec!["VPN drops"]),
        ("/trash".to_owned(), vec![]),
        ("/profile".to_owned(), vec![]),
        ("/drafts".to_owned(), vec![]),
    ] {
        let page = desk.get(&path, "tech1").await.expect(200);
        is_whole(&page);
        let text = page.text();
        for word in words {
            assert!(text.contains(word), "{path} shows {word}: {}", html_text(&text));
        }
    }
}

#[tokio::test]
async fn the_menu_leads_to_the_tickets() {
    let desk = Desk::new().await;
    let home = desk.get("/", "tech1").await.expect(200).text();
    let (_, assistance) = home.split_once("id=\"rail-assistance\"").unwrap();
    let (group, _) = assistance.split_once("</ul>").unwrap();
    assert!(group.contains("href=\"/tickets\""), "Home > Assistance > Tickets: {}", html_text(group));
}

#[tokio::test]
async fn t_lst_01_processes_leads_to_the_same_list_in_the_readers_language() {
    let desk = Desk::new().await;
    for (language, lang) in [("pt-BR", Lang::PtBr), ("es", Lang::Es)] {
        desk.world.prefer("tech1", "language", language).await;
        let home = desk.get("/", "tech1").await.expect(200).text();
        let (_, more) = home.split_once("class=\"rail-more\"").unwrap();
        let (way, _) = more.split_once("</details>").unwrap();
        let words = html_text(way);
        let at = |word: &str| words.find(word).unwrap_or_else(|| panic!("{word}: {words}"));
        assert!(at(shell::processes(lang)) < at(shell::ticket_management(lang)), "{words}");
        assert!(words.trim_end().ends_with(shell::ticket(lang)) && way.contains("href=\"/tickets\""), "{words}");
    }
    // As the followed documents write it.
    assert_eq!(
        (shell::processes(Lang::PtBr), shell::ticket_management(Lang::PtBr)),
        ("Processos", "Gerência de ticket")
    );
    assert_eq!(shell::ticket_management(Lang::Es), "Gestión de requerimiento e incidente");
}

#[tokio::test]
async fn t_lst_01_the_title_and_the_icon_open_the_ticket() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number;
    let list = desk.get("/tickets?status=all", "tech1").await.expect(200).text();
    let leads = |class: &str| {
        let links = list.split('<').filter(|tag| tag.starts_with("a ") && tag.contains(&format!("class=\"{class}\"")));
        links.filter(|tag| tag.contains(&format!("href=\"/tickets/{number}\""))).count()
    };
    assert_eq!(["row-number", "row-title", "row-open"].map(leads), [1, 1, 1], "{list}");
    assert!(list.contains(&format!("title=\"Open #{number}\"")), "{list}");
}

#[tokio::test]
async fn t_occ_02_the_area_execution_holds_timeline_and_form() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number;
    let page = desk.get(&format!("/tickets/{number}"), "tech1").await.expect(200).text();
    let (_, area) = page.split_once(&format!("aria-label=\"{}\"", tickets::execution(Lang::En))).unwrap();
    let (area, _) = area.split_once("</section>").unwrap();
    assert!(area.contains("class=\"timeline\"") && area.contains("name=\"form[body]\""), "{}", html_text(area));
    assert!(page.contains(&format!("href=\"/tickets/{number}/note\"")), "and Add note above it");
}

#[tokio::test]
async fn an_unknown_a_foreign_and_no_number_answer_alike() {
    let desk = Desk::new().await;
    // A technician of the root sees everything, so somebody without sight of Brasil asks.
    desk.world
        .hire("stranger", domain::policy::ShippedRole::Technician, desk.world.entity("Iberia", desk.world.root).await)
        .await;
    let story = Story::tell(&desk).await;
    let unnumbered = |text: String, number: &str| text.replace(&format!("/tickets/{number}"), "/tickets/N");
    let number = story.number.to_string();
    for ending in ["", "/note", "/history", "/do/cancel"] {
        let foreign = desk.get(&format!("/tickets/{number}{ending}"), "stranger").await.expect(404);
        let unknown = desk.get(&format!("/tickets/987654321{ending}"), "stranger").await.expect(404);
        assert_eq!(
            unnumbered(foreign.comparable(), &number),
            unnumbered(unknown.comparable(), "987654321"),
            "{ending}"
        );
        assert!(!foreign.text().contains("VPN drops"), "{ending}");
    }
    for path in ["/tickets/0", "/tickets/-1", "/tickets/abc", "/tickets/99999999999999999999"] {
        assert_eq!(desk.get(path, "tech1").await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_requester_sees_no_page_of_agents() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    for path in ["/tickets", "/tickets/new", "/trash", "/search?q=cable"] {
        let page = desk.get(path, "requester1").await.expect(404);
        assert!(!page.text().contains("VPN drops") || path.contains("search"), "{path}");
        assert!(!page.text().contains(Story::SECRET), "{path}");
    }
    let moved = desk.get(&format!("/tickets/{}", story.number), "requester1").await.expect(302);
    assert_eq!(moved.location(), format!("/requests/{}", story.number));
}

#[tokio::test]
async fn the_list_keeps_its_state_in_its_address() {
    let desk = Desk::new().await;
    Story::tell(&desk).await;
    let page = desk.get("/tickets?text=VPN&status=open&sort=number", "tech1").await.expect(200).text();
    assert!(page.contains("value=\"VPN\""), "the filter is filled: {}", html_text(&page));
    let none = desk.get("/tickets?text=nothinglikethis", "tech1").await.expect(200).text();
    assert!(!html_text(&none).contains("VPN drops"));
    let wrong = desk.get("/tickets?cursor=forged&sort=colour", "tech1").await;
    assert!(wrong.status < 500, "{}", wrong.status);
}

#[tokio::test]
async fn t_drf_03_a_text_stays_when_its_ticket_was_closed_meanwhile() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let number = story.number.to_string();
    let here = format!("/tickets/{number}");
    desk.world.put_status(story.number, Status::Closed).await;
    let fields = [("form[ticket]", number.as_str()), ("form[body]", "Words worth keeping."), ("form[format]", "text")];
    let back = desk.post_form("add_occurrence", &here, &fields, "tech1").await.expect(302).location();
    let reopen = format!("href=\"{here}/do/reopen\"");
    for path in [back, here.clone(), format!("{here}/note")] {
        let page = desk.get(&path, "tech1").await.expect(200).text();
        let words = html_text(&page);
        assert!(page.contains("name=\"form[body]\"") && words.contains("Words worth keeping."), "{path}: {words}");
        assert!(words.contains(tickets::dock_over_kept(Lang::En)) && page.contains(&reopen), "{path}: {words}");
    }
    // Who has begun nothing is told why there is no form.
    for path in [here.clone(), format!("{here}/note")] {
        let page = desk.get(&path, "supervisor").await.expect(200).text();
        assert!(!page.contains("name=\"form[body]\""), "{path}");
        assert!(html_text(&page).contains(tickets::dock_over(Lang::En)), "{path}: {}", html_text(&page));
    }
}
