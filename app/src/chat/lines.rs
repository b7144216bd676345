//! The lines of a chat as bubbles, all on one side like messages.

use domain::lang::Lang;
use domain::ticket::Side;
use domain::views::{ActorView, ChatLineView, ChatView, Moment};
use leptos::prelude::*;

use crate::components::person::{Avatar, AvatarSize};
use crate::components::rich_text::{RichText, is_long};
use crate::components::when::Time;
use crate::t::chat as t;
use crate::t::{messages, requests};

/// The list. Scripts add what is said later.
pub(crate) fn lines(lang: Lang, page: &ChatView) -> AnyView {
    let items = page.lines.iter().map(|line| bubble(lang, line, &page.now)).collect_view();
    let has_some = !page.lines.is_empty();
    view! {
        <div class="chat-log" role="log" aria-label=messages::chat(lang) tabindex="0">
            <p class="muted" data-chat-empty="" hidden=has_some>{t::none(lang)}</p>
            <ol class="bubbles" data-chat-lines="">{items}</ol>
        </div>
    }
    .into_any()
}

fn bubble(lang: Lang, line: &ChatLineView, now: &Moment) -> AnyView {
    let anchor = ["chat-", &line.id.to_string()].concat();
    let heading = ["h-", &anchor].concat();
    let fresh = line.unread.then(|| view! { <span class="count count-new">{messages::is_new(lang)}</span> });
    let readers = line.readers.iter().map(|reader| {
        let words = messages::read_by(lang, &reader.name, &domain::format::smart(&reader.at, now, lang));
        view! { <span>{words}</span> }
    });
    let readers = readers.collect::<Vec<_>>();
    let foot = (!readers.is_empty()).then(|| view! { <footer class="entry-foot">{readers}</footer> });
    view! {
        <li>
            <article class="entry entry-message" id=anchor tabindex="-1" aria-labelledby=heading.clone() data-mine=line.mine.then_some("")>
                <header class="entry-head" id=heading.clone()>
                    <Avatar name=line.author.name.clone() team=line.side == Side::Service size=AvatarSize::Small/>
                    <span class="entry-author">{author(lang, &line.author, line.mine)}</span>
                    {fresh}
                    <span class="entry-time"><Time moment=line.sent_at.clone() now=Some(now.clone())/></span>
                </header>
                <RichText html=line.html.clone() long=is_long(&line.text)/>
                {foot}
            </article>
        </li>
    }
    .into_any()
}

/// Who said it; the name of somebody who is gone is that of his side.
fn author(lang: Lang, author: &ActorView, mine: bool) -> String {
    if mine {
        requests::you(lang).to_owned()
    } else if author.name.is_empty() {
        requests::team(lang).to_owned()
    } else {
        author.name.clone()
    }
}
