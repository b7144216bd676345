//! Mails of occurrences and messages: the tick that sends it and what that does to its visibility, what became of each mail, and
//! what cannot be taken back (T-OCC-12, T-OCC-13, T-OCC-18). Who gets one and whether any may leave is `service`'s.

use domain::error::{AppError, Code};
use domain::format;
use domain::lang::Lang;
use domain::mail::MailState;
use domain::occurrence::Visibility;
use domain::views::{DraftView, MailOffer, MailView, MessageView, OccurrenceView, SolutionView};
use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Event, HtmlFormElement, HtmlInputElement};

use super::draft::check;
use super::entry::Place;
use crate::boot::use_lang;
use crate::components::field::{Checkbox, FieldError};
use crate::components::icon::Icon;
use crate::components::mail_sign::{answer_words, state_sign};
use crate::components::when::Time;
use crate::form_action::{form_action, refusal_of};
use crate::message;
use crate::settings::address;
use crate::t::tickets as t;
use crate::tickets::server_fns::SendMailAgain;

/// Id of the sentence that says why a mailed entry cannot be private.
pub(crate) const IS_PUBLIC: &str = "mail-is-public";
/// Recipients named before the rest is folded.
const NAMED: usize = 3;
/// Mails of an entry shown before they are folded to the worst of them.
const SHOWN: usize = 2;

/// The tick of one form, and the visibility it locks: what is sent by email is public (T-OCC-12). Without scripts
/// nothing locks; the form then says what does not go together, and so does the server.
#[derive(Clone, Copy)]
pub(crate) struct MailLock {
    ticked: RwSignal<bool>,
    was_private: StoredValue<bool>,
}

impl MailLock {
    /// As the form begins: ticked only where a draft says so, a mail can leave, and the entry begins public.
    pub(crate) fn new(offer: Option<&MailOffer>, draft: Option<&DraftView>, begins: Visibility) -> Self {
        let drafted = draft.is_some_and(|draft| draft.text("send_mail") == "true");
        let is_open = offer.is_some_and(|offer| offer.reason.is_none() && offer.insists.is_none());
        let ticked = drafted && !begins.is_private() && is_open;
        Self { ticked: RwSignal::new(ticked), was_private: StoredValue::new(false) }
    }

    /// The entry can only be public.
    pub(crate) fn is_on(self) -> bool {
        self.ticked.get()
    }

    /// The same, asked once.
    pub(crate) fn is_on_untracked(self) -> bool {
        self.ticked.get_untracked()
    }

    /// Private was chosen: not while the tick is set.
    pub(crate) fn private_chosen(self, event: &Event) {
        let form = event_target::<HtmlInputElement>(event).form();
        if let (true, Some(form)) = (self.ticked.get_untracked(), form) {
            check(&form, "visibility", Visibility::Public.as_str());
        }
    }

    /// Takes the tick away and leaves the visibility alone.
    pub(crate) fn release(self, form: &HtmlFormElement) {
        self.ticked.set(false);
        self.was_private.set_value(false);
        let found = form.query_selector("[name='form[send_mail]']").ok().flatten();
        if let Some(input) = found.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) {
            input.set_checked(false);
        }
    }

    /// The tick was set: public with it. It was taken away: what was chosen before comes back.
    fn turned(self, input: &HtmlInputElement) {
        let ticked = input.checked();
        self.ticked.set(ticked);
        let Some(form) = input.form() else { return };
        if ticked {
            self.was_private.set_value(is_private(&form));
            check(&form, "visibility", Visibility::Public.as_str());
        } else if self.was_private.get_value() {
            check(&form, "visibility", Visibility::Private.as_str());
        }
    }
}

/// Whether private is chosen.
pub(crate) fn is_private(form: &HtmlFormElement) -> bool {
    form.query_selector("[name='form[visibility]'][value='private']:checked").is_ok_and(|found| found.is_some())
}

/// "Send by email" with what is known before it is sent: who gets one, who gets none, why nobody can (M-TRN-03).
#[component]
pub(crate) fn MailTick(
    /// Whether and to whom; nothing is shown to those who may not send mail.
    #[prop(into)]
    offer: Signal<Option<MailOffer>>,
    /// What it does to the visibility.
    lock: MailLock,
    /// The entry was mailed before.
    #[prop(optional)]
    again: bool,
    /// What is wrong with it.
    error: Signal<Option<String>>,
) -> impl IntoView {
    let lang = use_lang();
    let input = NodeRef::<html::Input>::new();
    // Also for what was ticked before the scripts ran, and for an offer that ended meanwhile.
    Effect::new(move |_| {
        let can_leave = offer.with(|offer| offer.as_ref().is_some_and(|offer| offer.reason.is_none()));
        let Some(input) = input.get() else { return };
        if !can_leave {
            input.set_checked(false);
        }
        if input.checked() != lock.ticked.get_untracked() {
            lock.turned(&input);
        }
    });
    let turned = move |_: Event| {
        if let Some(input) = input.get_untracked() {
            lock.turned(&input);
        }
    };
    let words = if again { t::send_by_mail_again(lang) } else { t::send_by_mail(lang) };
    move || {
        offer.get().map(|offer| {
            if let Some(group) = &offer.insists {
                return insisted(lang, words, group, &offer);
            }
            view! {
                <div class="mail-offer">
                    <label class="check-row">
                        <input
                            class="checkbox checkbox-primary"
                            r#type="checkbox"
                            id="form-send_mail"
                            name="form[send_mail]"
                            value="true"
                            checked=lock.ticked.get_untracked()
                            disabled=offer.reason.is_some()
                            aria-describedby="mail-about form-send_mail-error"
                            node_ref=input
                            on:change=turned
                        />
                        <span>{words}</span>
                    </label>
                    <div class="mail-about" id="mail-about">{about(lang, &offer)}</div>
                    <FieldError id="form-send_mail-error" error=error/>
                </div>
            }
            .into_any()
        })
    }
}

/// The tick, set and locked: a group has every public occurrence mailed, whoever writes it (M-RCP-05). It posts nothing.
fn insisted(lang: Lang, words: &'static str, group: &str, offer: &MailOffer) -> AnyView {
    view! {
        <div class="mail-offer">
            <label class="check-row">
                <input class="checkbox checkbox-primary" r#type="checkbox" checked=true disabled=true aria-describedby="mail-about"/>
                <span>{words}</span>
            </label>
            <div class="mail-about" id="mail-about"><p>{t::mail_insisted(lang, group)}</p>{people(lang, offer)}</div>
        </div>
    }
    .into_any()
}

/// What there is to know before the tick is set.
fn about(lang: Lang, offer: &MailOffer) -> AnyView {
    // Style shows what fits the choice: the first while it is locked, the second where nothing locks it.
    view! {
        {people(lang, offer)}
        <p class="when-mail" id=IS_PUBLIC>{t::mail_is_public(lang)}</p>
        <p class="mail-needs-public">
            <Icon name="circle-alert" small=true/>{message::code_sentence(lang, Code::MailRequiresPublic)}
        </p>
    }
    .into_any()
}

/// Who gets a mail and who gets none, or why nobody can.
pub(crate) fn people(lang: Lang, offer: &MailOffer) -> AnyView {
    let people = match offer.reason {
        Some(reason) => {
            let mend = offer.fix.map(|entity| mend(lang, reason, &entity.to_string()));
            view! { <p class="mail-off"><Icon name="mail-x" small=true/>{message::code_sentence(lang, reason)}{mend}</p> }
                .into_any()
        }
        None => recipients(lang, &offer.recipients),
    };
    let without = (!offer.without.is_empty())
        .then(|| view! { <p class="mail-without">{t::mail_not_to(lang, &offer.without.join(", "))}</p> });
    view! { {people}{without} }.into_any()
}

/// The way to the setting that lets mails leave, for those who may set it (M-TRN-03).
fn mend(lang: Lang, reason: Code, entity: &str) -> AnyView {
    let href = match reason {
        Code::MailNotConfigured => address::mail_server(entity),
        // The number of the template of this mail.
        _ => address::page(entity, "251"),
    };
    view! { " "<a class="link" href=href>{t::mail_mend(lang)}</a> }.into_any()
}

fn recipients(lang: Lang, all: &[String]) -> AnyView {
    let (named, rest) = all.split_at(all.len().min(NAMED));
    let more = (!rest.is_empty()).then(|| {
        let count = i64::try_from(rest.len()).unwrap_or(i64::MAX);
        view! { <details class="mail-more"><summary class="link">{t::mail_more(lang, count)}</summary>{rest.join(", ")}</details> }
    });
    view! { <p>{t::mail_goes_to(lang, &named.join(", "))}</p>{more} }.into_any()
}

/// An entry whose mails are shown.
struct Mailed<'a> {
    /// Kind and id: `occurrence-<id>`.
    anchor: String,
    /// The worst state.
    state: Option<MailState>,
    /// The mails, oldest first.
    mails: &'a [MailView],
}

/// The mails of an occurrence.
pub(crate) fn mails(place: &Place, entry: &OccurrenceView) -> Option<AnyView> {
    let anchor = format!("occurrence-{}", entry.id);
    shown(place, &Mailed { anchor, state: entry.mail_state, mails: &entry.mails })
}

/// The mails of a message.
pub(crate) fn mails_of_message(place: &Place, entry: &MessageView) -> Option<AnyView> {
    let anchor = format!("message-{}", entry.id);
    shown(place, &Mailed { anchor, state: entry.mail_state, mails: &entry.mails })
}

/// The mails of a solution.
pub(crate) fn mails_of_solution(place: &Place, entry: &SolutionView) -> Option<AnyView> {
    let anchor = format!("solution-{}", entry.id);
    shown(place, &Mailed { anchor, state: entry.mail_state, mails: &entry.mails })
}

/// One line for each, folded to the worst of them where they are many (M-DLV-04).
fn shown(place: &Place, entry: &Mailed<'_>) -> Option<AnyView> {
    let lang = place.lang;
    let worst = entry.state.or_else(|| MailState::worst(entry.mails.iter().map(|mail| mail.state)))?;
    if entry.mails.is_empty() {
        // Rows do not outlive 90 days, the state of the entry does (M-DLV-08).
        return Some(state_sign(lang, worst));
    }
    let lines = entry.mails.iter().map(|mail| line(place, entry, mail)).collect_view();
    let list = view! { <ul class="mail-list">{lines}</ul> };
    let list = if entry.mails.len() > SHOWN {
        let count = i64::try_from(entry.mails.len()).unwrap_or(i64::MAX);
        view! {
            <details class="mail-fold">
                <summary>{state_sign(lang, worst)}<span>{t::mails_count(lang, count)}</span><Icon name="chevron-down" small=true/></summary>
                {list}
            </details>
        }
        .into_any()
    } else {
        list.into_any()
    };
    let refused = entry.mails.iter().any(|mail| mail.can_send_again).then(|| refused(lang, entry));
    Some(view! { {list}{refused} }.into_any())
}

/// Why the last *Send again* did not happen; it is posted as a page of its own, so the address brings the answer.
fn refused(lang: Lang, entry: &Mailed<'_>) -> AnyView {
    let refusal = refusal_of(form_action::<SendMailAgain>());
    let words = Signal::derive(move || {
        refusal.with(|error| {
            let error = error.as_ref()?;
            let of_field = message::field_sentence(lang, &message::fields(Some(error)), "mail");
            Some(of_field.unwrap_or_else(|| message::sentence(lang, error)))
        })
    });
    view! { <FieldError id=format!("mail-{}-error", entry.anchor) error=words/> }.into_any()
}

fn line(place: &Place, entry: &Mailed<'_>, mail: &MailView) -> AnyView {
    let lang = place.lang;
    let address = (!mail.to.is_empty() && mail.to != mail.name)
        .then(|| view! { <span class="mail-address">{mail.to.clone()}</span> });
    let answer =
        mail.answer.as_deref().map(|answer| view! { <span class="mail-answer">{answer_words(lang, answer)}</span> });
    let next = mail
        .next_try_at
        .as_ref()
        .map(|at| view! { <span>{t::mail_next_try(lang, &format::smart(at, &place.now, lang))}</span> });
    let again = mail.can_send_again.then(|| again(place, entry, mail));
    view! {
        <li>
            {state_sign(lang, mail.state)}
            <span class="mail-name">{mail.name.clone()}</span>
            {address}
            <Time moment=mail.at.clone() now=Some(place.now.clone())/>
            {answer}
            {next}
            {again}
        </li>
    }
    .into_any()
}

/// *Send again*. Its key is the mail that did not arrive: however often it is pressed, that one is sent again once.
fn again(place: &Place, entry: &Mailed<'_>, mail: &MailView) -> AnyView {
    let lang = place.lang;
    // Browsers carry the fragment over the redirect: it leads back to the entry, after a refusal too.
    let action = format!("{}#{}", SendMailAgain::url(), entry.anchor);
    view! {
        <form class="mail-again" method="post" action=action>
            <input r#type="hidden" name="form[mail]" value=mail.id.to_string()/>
            <input r#type="hidden" name="form[ticket]" value=place.number.to_string()/>
            <input r#type="hidden" name="form[key]" value=format!("again-{}", mail.id)/>
            <button class="btn btn-ghost btn-xs" r#type="submit" aria-label=t::send_again_to(lang, &mail.name)>
                <Icon name="send" small=true/>{t::send_again(lang)}
            </button>
        </form>
    }
    .into_any()
}

/// Whether a mail of the entry has left or is about to; one that was refused for good has not.
pub(crate) fn went_out(entry: &OccurrenceView) -> bool {
    let is_out = |mail: &MailView| mail.state != MailState::Failed || mail.next_try_at.is_some();
    let is_told = entry.mail_state.is_some_and(|state| state != MailState::Failed);
    entry.sent_by_mail || is_told || entry.mails.iter().any(is_out)
}

/// That a mail cannot be recalled, with the tick of whoever knows it (T-OCC-18). Also after a refusal that says so: a
/// mail may have left since the form was made.
#[component]
pub(crate) fn MustKnow(
    /// Known from the start.
    known: bool,
    /// The refusal of the form.
    error: Memo<Option<AppError>>,
) -> impl IntoView {
    let lang = use_lang();
    let is_refused =
        move || error.with(|error| matches!(error, Some(AppError::Refused { code: Code::MailAlreadySent, .. })));
    let shown = Memo::new(move |_| known || is_refused());
    move || {
        shown.get().then(|| {
            view! {
                <div class="mail-must-know">
                    <p><Icon name="triangle-alert"/><span>{t::mail_not_recalled(lang)}</span></p>
                    <Checkbox name="form[acknowledge_mail_sent]" label=t::i_know_mail_sent(lang)/>
                </div>
            }
        })
    }
}
