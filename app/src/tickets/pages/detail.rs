//! The page of a ticket: head, stream, side and the form of an occurrence. All of its state is in its address.

use std::sync::Arc;

use domain::views::PropertyView;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::components::toast::use_toasts;
use crate::error::Refusal;
use crate::form_action::{form_action, refusal_of};
use crate::layouts::agent::AgentLayout;
use crate::layouts::answer::{Loading, refused};
use crate::t::tickets as t;
use crate::tickets::server_fns::{AddOccurrence, RunCommand, UpdateTicket, ticket_page};
use crate::tickets::widgets::address::{Address, use_address, use_number};
use crate::tickets::widgets::command_form::{CommandRefused, RunAction};
use crate::tickets::widgets::composer::{AddAction, Composer, is_begun};
use crate::tickets::widgets::conflict::UpdateRefused;
use crate::tickets::widgets::header::{UpdateAction, head};
use crate::tickets::widgets::keys::{focus_anchor, open_dock, unfold_dock, use_keys};
use crate::tickets::widgets::news::News;
use crate::tickets::widgets::parts::others;
use crate::tickets::widgets::side::side;
use crate::tickets::widgets::stream::{StreamBar, timeline};

type PageData = Resource<Result<PropertyView, Refusal>>;

/// What the page may do; each action loads its data again.
#[derive(Clone, Copy)]
struct Actions {
    add: AddAction,
    run: RunAction,
    update: UpdateAction,
}

/// Page `/tickets/:number`.
#[component]
pub fn TicketDetailPage() -> impl IntoView {
    let number = use_number();
    let address = use_address();
    let actions = Actions {
        add: form_action::<AddOccurrence>(),
        run: form_action::<RunCommand>(),
        update: form_action::<UpdateTicket>(),
    };
    let query = Memo::new(move |_| address.with(|address| address.query.clone()));
    let (added, ran, updated) = (actions.add.version(), actions.run.version(), actions.update.version());
    let data = Resource::new_blocking(
        move || (number.get(), query.get(), added.get(), ran.get(), updated.get()),
        |(number, query, ..)| ticket_page(number, query),
    );
    use_keys(number);
    // One item for each ticket: another number makes a new page, so that nothing typed for one reaches the other. New
    // data of the same ticket leaves the form alone.
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            <For
                each=move || data.get().into_iter()
                key=key_of
                children=move |answer| match answer {
                    Ok(first) => view! { <Ticket first=first data=data address=address actions=actions/> }.into_any(),
                    Err(refusal) => refused(&refusal),
                }
            />
        </Transition>
    }
}

fn key_of(answer: &Result<PropertyView, Refusal>) -> String {
    match answer {
        Ok(page) => page.ticket.number.to_string(),
        Err(Refusal(error)) => error.to_string(),
    }
}

#[component]
fn Ticket(first: PropertyView, data: PageData, address: Memo<Address>, actions: Actions) -> impl IntoView {
    let lang = use_lang();
    let number = first.ticket.number;
    let first = Arc::new(first);
    // An answer that fails or is another ticket's leaves what is shown.
    let page = Memo::new(move |last: Option<&Arc<PropertyView>>| {
        let fresh = data.with(|answer| match answer {
            Some(Ok(page)) if page.ticket.number == number => Some(Arc::new(page.clone())),
            _ => None,
        });
        fresh.or_else(|| last.cloned()).unwrap_or_else(|| Arc::clone(&first))
    });
    let (adding, running, updating) = (actions.add.pending(), actions.run.pending(), actions.update.pending());
    let busy = Signal::derive(move || adding.get() || running.get() || updating.get());
    let refresh = Callback::new(move |()| data.refetch());
    let news = News::listen(number, page, busy, refresh);
    follow_post(actions.add, news);
    follow_address(number, page, address);
    let title = Signal::derive(move || page.with(|page| format!("#{number} {}", page.ticket.title)));
    let panel = Signal::derive(move || Some(address.with(|address| address.panel.clone())));
    let stream = move || {
        let address = address.get();
        page.with(|page| {
            view! {
                <StreamBar number=number address=address.clone() order=page.timeline.order.clone() hits=page.timeline.hits/>
                {timeline(page, &address, news, refresh, actions.update)}
            }
            .into_any()
        })
    };
    view! {
        <PageTitle text=title/>
        <AgentLayout main_class="ticket" panel=panel skip_to_form="dock">
            {move || page.with(|page| head(page, actions.run, actions.update))}
            <Tabs number=number address=address/>
            <div class="ticket-columns">
                <section class="ticket-stream" aria-label=t::execution(lang)>
                    <div class="stream-scroll">
                        <CommandRefused error=refusal_of(actions.run) number=number run=actions.run/>
                        <UpdateRefused error=refusal_of(actions.update) page=page update=actions.update/>
                        {move || page.with(|page| states(page))}
                        {stream}
                    </div>
                    <Dock page=page address=address add=actions.add/>
                </section>
                {move || page.with(|page| side(page, actions.update))}
            </div>
        </AgentLayout>
    }
}

/// The parts of the ticket; on a phone also its properties.
#[component]
fn Tabs(number: i64, address: Memo<Address>) -> impl IntoView {
    let lang = use_lang();
    let panel = move || address.with(|address| address.panel.clone());
    let current = |on: bool| on.then_some("page");
    let all = format!("/tickets/{number}");
    let properties = format!("/tickets/{number}?panel=properties");
    let all_short = all.clone();
    // There is room for two of them on a phone: the rest stands behind a word.
    let rest = others(number, "").into_iter().map(|link| view! { <li>{link}</li> }).collect_view();
    view! {
        <nav class="ticket-tabs tabs-wide" aria-label=t::parts(lang)>
            <a href=all aria-current="page">{t::timeline(lang)}</a>
            {others(number, "")}
        </nav>
        <nav class="ticket-tabs tabs-phone" aria-label=t::parts_short(lang)>
            <a href=all_short aria-current=move || current(panel() == "timeline")>{t::timeline(lang)}</a>
            <a href=properties aria-current=move || current(panel() == "properties")>{t::properties(lang)}</a>
            <button r#type="button" popovertarget="pop-parts">{t::more(lang)}<Icon name="chevron-down" small=true/></button>
        </nav>
        <div id="pop-parts" class="pop pop-end" popover="auto"><ul class="menu-list">{rest}</ul></div>
    }
}

/// What is special about the ticket: in the trash, merged.
fn states(page: &PropertyView) -> AnyView {
    let lang = use_lang();
    let ticket = &page.ticket;
    let deleted = ticket.deleted_at.is_some().then(|| view! { <Banner tone=Tone::Warning text=t::in_trash(lang)/> });
    let merged = ticket.merged_into.map(|into| {
        let words = t::merged_into(lang, &into.to_string());
        view! { <Banner text=words><a class="link" href=format!("/tickets/{into}")>{t::open(lang)}</a></Banner> }
    });
    let awaited = ticket.answer_awaited.then(|| view! { <Banner text=t::answer_awaited(lang)/> });
    view! { {deleted}{merged}{awaited} }.into_any()
}

/// The form at the foot of the stream, folded to one line until it is wanted. Nothing for those who may not write;
/// why not, where it is the ticket that takes no more. A text that was begun stays, whatever becomes of the ticket (T-DRF-03).
#[component]
fn Dock(page: Memo<Arc<PropertyView>>, address: Memo<Address>, add: AddAction) -> impl IntoView {
    let lang = use_lang();
    let may_write =
        Memo::new(move |_| page.with(|page| page.ticket.actions.iter().any(|action| action == "occurrence")));
    let is_over = Memo::new(move |_| page.with(|page| page.ticket.status.is_over()));
    let reply = Signal::derive(move || address.with(|address| address.reply));
    let refused = refusal_of(add);
    let (has_text, added) = (RwSignal::new(page.with_untracked(|page| is_begun(page))), add.value());
    let shows_form = Memo::new(move |_| may_write.get() || has_text.get() || refused.with(Option::is_some));
    let open_at_first = address.with_untracked(|address| address.composing)
        || refused.with_untracked(Option::is_some)
        || (has_text.get_untracked() && !may_write.get_untracked());
    Effect::new(move |_| {
        if added.with(|answer| matches!(answer, Some(Ok(_)))) {
            has_text.set(false);
        }
    });
    Effect::new(move |_| {
        // A refusal takes the focus by itself.
        if refused.with(Option::is_some) {
            unfold_dock();
        } else if address.with(|address| address.composing) {
            open_dock();
        }
    });
    move || {
        if shows_form.get() {
            view! {
                <details class="dock no-print" id="dock" open=open_at_first on:input=move |_| has_text.set(true)>
                    <DockLine/>
                    <Composer page=page add=add reply=reply/>
                </details>
            }
            .into_any()
        } else if is_over.get() {
            view! { <div class="dock no-print" id="dock"><p class="dock-line">{t::dock_over(lang)}</p></div> }
                .into_any()
        } else {
            ().into_any()
        }
    }
}

#[component]
fn DockLine() -> impl IntoView {
    let lang = use_lang();
    view! {
        <summary class="dock-line" title=t::fold_or_unfold(lang)>
            <span class="dock-private-mark private-mark dock-when-folded"><Icon name="lock"/>{t::private(lang)}</span>
            <span class="dock-public-mark public-mark dock-when-folded"><Icon name="eye"/>{t::public(lang)}</span>
            <span class="dock-prompt dock-when-folded">{t::write_an_occurrence(lang)}</span>
            <kbd class="kbd dock-when-folded phone-hide">"N"</kbd>
            <span class="dock-when-open"><Icon name="chevron-down"/><span class="vh">{t::fold_draft_kept(lang)}</span></span>
        </summary>
    }
}

/// The own entry is said at once and is no news.
fn follow_post(add: AddAction, news: News) {
    let (lang, toasts, value) = (use_lang(), use_toasts(), add.value());
    Effect::new(move |_| {
        let id = value.with(|value| if let Some(Ok(id)) = value { Some(*id) } else { None });
        if let Some(id) = id {
            news.is_own(id.to_string());
            if let Some(toasts) = toasts {
                toasts.say(t::occurrence_added(lang));
            }
        }
    });
}

/// A link to an entry leads to it: at once if it is shown, else by loading the timeline around it.
fn follow_address(number: i64, page: Memo<Arc<PropertyView>>, address: Memo<Address>) {
    let navigate = use_navigate();
    let followed = StoredValue::new(String::new());
    Effect::new(move |_| {
        page.track();
        let around = address.with(|address| address.query.around.clone());
        let anchor = location().hash().unwrap_or_default().trim_start_matches('#').to_owned();
        if anchor.is_empty() || followed.get_value() == anchor {
            return;
        }
        if focus_anchor(&anchor) {
            followed.set_value(anchor);
        } else if ["occurrence-", "task-", "solution-", "validation_", "message-", "document-"]
            .iter()
            .any(|kind| anchor.starts_with(kind))
            && around != anchor
        {
            let path = address.with_untracked(|address| address.link(number, &[("around", anchor.as_str())]));
            navigate(&format!("{path}#{anchor}"), NavigateOptions { replace: true, ..Default::default() });
        }
    });
}
