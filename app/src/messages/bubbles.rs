//! The messages of a ticket from the oldest to the newest, as bubbles: all on one side, the reader's own tinted, so that they
//! use the whole width of a phone.

use domain::format;
use domain::lang::Lang;
use domain::ticket::Side;
use domain::views::{ActorView, MessageView, MessagesView, Moment};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::server_fns::WithdrawMessage;
use crate::components::person::{Avatar, AvatarSize};
use crate::components::rich_text::{RichText, is_long};
use crate::components::when::Time;
use crate::t::messages as t;
use crate::t::requests;

/// The list. `from` names the page that taking one back returns to; `foot` what stands under a message besides its readers.
pub(crate) fn bubbles(
    lang: Lang,
    view: &MessagesView,
    from: &'static str,
    foot: impl Fn(&MessageView) -> Option<AnyView>,
) -> AnyView {
    if view.messages.is_empty() {
        return view! { <p class="muted">{t::none(lang)}</p> }.into_any();
    }
    let items =
        view.messages.iter().map(|message| bubble(lang, message, &view.now, from, foot(message))).collect_view();
    view! { <div role="log" aria-label=t::messages(lang)><ol class="bubbles">{items}</ol></div> }.into_any()
}

fn bubble(lang: Lang, message: &MessageView, now: &Moment, from: &'static str, foot: Option<AnyView>) -> AnyView {
    let anchor = ["message-", &message.id.to_string()].concat();
    let heading = ["h-", &anchor].concat();
    let foot = foot.or_else(|| message.sent_by_mail.then(|| view! { <span>{t::sent_by_mail(lang)}</span> }.into_any()));
    let withdraw = message.can_withdraw.then(|| withdraw(lang, message, from));
    view! {
        <li>
            <article class="entry entry-message" id=anchor tabindex="-1" aria-labelledby=heading.clone() data-mine=message.mine.then_some("")>
                <header class="entry-head" id=heading.clone()>
                    <Avatar name=message.author.name.clone() team=message.side == Side::Service size=AvatarSize::Small/>
                    <span class="entry-author">{author(lang, &message.author, message.mine)}</span>
                    {fresh(lang, message)}
                    <span class="entry-time"><Time moment=message.sent_at.clone() now=Some(now.clone())/></span>
                </header>
                <RichText html=message.html.clone() long=is_long(&message.text)/>
                <footer class="entry-foot">
                    {readers(lang, message, now)}
                    {foot}
                    <span class="entry-actions">{withdraw}</span>
                </footer>
            </article>
        </li>
    }
    .into_any()
}

/// Who wrote it; the name of somebody who is gone is that of his side.
fn author(lang: Lang, author: &ActorView, mine: bool) -> String {
    if mine {
        requests::you(lang).to_owned()
    } else if author.name.is_empty() {
        requests::team(lang).to_owned()
    } else {
        author.name.clone()
    }
}

/// The mark of a message that its reader has before him for the first time.
pub(crate) fn fresh(lang: Lang, message: &MessageView) -> Option<AnyView> {
    message.unread.then(|| view! { <span class="count count-new">{t::is_new(lang)}</span> }.into_any())
}

/// Who of the other side has read it and when (T-MSG-02).
pub(crate) fn readers(lang: Lang, message: &MessageView, now: &Moment) -> Vec<AnyView> {
    let words = message.readers.iter().map(|reader| {
        let words = t::read_by(lang, &reader.name, &format::smart(&reader.at, now, lang));
        view! { <span>{words}</span> }.into_any()
    });
    words.collect()
}

fn withdraw(lang: Lang, message: &MessageView, from: &'static str) -> AnyView {
    view! {
        <form method="post" action=WithdrawMessage::url()>
            <input r#type="hidden" name="form[id]" value=message.id.to_string()/>
            <input r#type="hidden" name="form[ticket]" value=message.ticket.to_string()/>
            <input r#type="hidden" name="form[from]" value=from/>
            <button r#type="submit">{t::withdraw(lang)}</button>
        </form>
    }
    .into_any()
}
