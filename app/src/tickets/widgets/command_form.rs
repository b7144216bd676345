//! Commands given by one click, and the links to those that ask for words.

use domain::error::{AppError, Code};
use domain::forms::Command;
use domain::views::TicketDetail;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::words;
use crate::boot::{use_lang, use_viewer};
use crate::components::banner::{Banner, Tone};
use crate::components::icon::Icon;
use crate::form_action::{FormAction, send};
use crate::message;
use crate::t::tickets as t;
use crate::tickets::server_fns::RunCommand;

/// The action behind every command of a page.
pub(crate) type RunAction = FormAction<RunCommand>;

/// The commands the reader may give now, in the order of the menu.
pub(crate) fn allowed(ticket: &TicketDetail) -> Vec<Command> {
    Command::ALL.iter().copied().filter(|command| may(ticket, *command)).collect()
}

/// Whether the reader may give a command now.
pub(crate) fn may(ticket: &TicketDetail, command: Command) -> bool {
    ticket.actions.iter().any(|action| action == command.as_str())
}

/// A button that gives a command at once.
#[component]
pub(crate) fn CommandButton(
    /// The command.
    command: Command,
    /// Number of the ticket.
    number: i64,
    /// The action of the page.
    run: RunAction,
    /// Classes of the button; empty inside a menu.
    #[prop(default = "")]
    class: &'static str,
    /// Take: replace whoever is assigned.
    #[prop(optional)]
    take_over: bool,
) -> impl IntoView {
    let lang = use_lang();
    let words = if take_over { t::command_take_over(lang) } else { words::command(lang, command) };
    let take_over = take_over.then(|| view! { <input r#type="hidden" name="form[take_over]" value="true"/> });
    view! {
        <form method="post" action=RunCommand::url() on:submit=send(run)>
            <input r#type="hidden" name="form[number]" value=number.to_string()/>
            <input r#type="hidden" name="form[command]" value=command.as_str()/>
            {take_over}
            <button class=class r#type="submit"><Icon name=words::command_icon(command)/>{words}</button>
        </form>
    }
}

/// The address of the page of a command.
pub(crate) fn command_path(number: i64, command: Command) -> String {
    format!("/tickets/{number}/do/{}", command.as_str())
}

/// A command in a menu: a button or the link to its page.
pub(crate) fn menu_item(number: i64, command: Command, run: RunAction) -> AnyView {
    let lang = use_lang();
    if words::is_direct(command) {
        return view! { <li><CommandButton command=command number=number run=run/></li> }.into_any();
    }
    let danger = matches!(command, Command::Cancel | Command::Delete | Command::Purge);
    view! {
        <li>
            <a class=if danger { "menu-danger" } else { "" } href=command_path(number, command)>
                <Icon name=words::command_icon(command)/>{words::command(lang, command)}
            </a>
        </li>
    }
    .into_any()
}

/// Why a command was refused, with the way on where there is one.
#[component]
pub(crate) fn CommandRefused(
    /// The refusal.
    error: Memo<Option<AppError>>,
    /// Number of the ticket.
    number: i64,
    /// The action of the page.
    run: RunAction,
) -> impl IntoView {
    let lang = use_lang();
    let may_take_over = use_viewer().is_some_and(|viewer| viewer.can("ticket.assign"));
    move || {
        error.get().map(|error| {
            let taken = matches!(&error, AppError::Refused { code: Code::AlreadyTaken, .. });
            let way_on = (taken && may_take_over)
                .then(|| view! { <CommandButton command=Command::Take number=number run=run class="btn btn-sm" take_over=true/> });
            view! { <Banner tone=Tone::Error text=message::sentence(lang, &error)>{way_on}</Banner> }
        })
    }
}
