//! The sentences of notices in the four languages.

use domain::lang::Lang;
use domain::notification::{Event, Why};

/// What is said in place of `{name}` and `{number}`.
fn fill(lang: Lang, [en, pt_br, es, fr]: [&'static str; 4], name: &str, number: i64) -> String {
    let sentence = match lang {
        Lang::En => en,
        Lang::PtBr => pt_br,
        Lang::Es => es,
        Lang::Fr => fr,
    };
    // The name last: it may hold anything.
    sentence.replace("{number}", &number.to_string()).replace("{name}", name)
}

/// The first line.
pub(super) fn hello(lang: Lang, name: &str) -> String {
    if name.is_empty() {
        return fill(lang, ["Hello,", "Olá.", "Hola:", "Bonjour,"], name, 0);
    }
    fill(lang, ["Hello {name},", "Olá, {name}.", "Hola {name}:", "Bonjour {name},"], name, 0)
}

/// Who did what, in one sentence.
pub(super) fn happened(lang: Lang, event: Event, why: Why, name: &str, number: i64) -> String {
    let sentences = match (event, why) {
        (Event::Assigned, Why::Assignee) => [
            "{name} assigned #{number} to you.",
            "{name} atribuiu #{number} a você.",
            "{name} le asignó #{number}.",
            "{name} vous a assigné #{number}.",
        ],
        (Event::Assigned, _) => [
            "{name} assigned #{number} to your group.",
            "{name} atribuiu #{number} ao seu grupo.",
            "{name} asignó #{number} a su grupo.",
            "{name} a assigné #{number} à votre groupe.",
        ],
        (Event::Delegated, Why::Assignee) => [
            "{name} delegated #{number} to you.",
            "{name} delegou #{number} a você.",
            "{name} le delegó #{number}.",
            "{name} vous a délégué #{number}.",
        ],
        (Event::Delegated, _) => [
            "{name} delegated #{number} to your group.",
            "{name} delegou #{number} ao seu grupo.",
            "{name} delegó #{number} a su grupo.",
            "{name} a délégué #{number} à votre groupe.",
        ],
        (Event::RequesterOccurrence | Event::PublicOccurrence, _) => [
            "{name} added a note to #{number}.",
            "{name} adicionou uma nota a #{number}.",
            "{name} agregó una nota a #{number}.",
            "{name} a ajouté une note à #{number}.",
        ],
        (Event::Message, _) => [
            "{name} sent a message about #{number}.",
            "{name} enviou uma mensagem sobre #{number}.",
            "{name} envió un mensaje sobre #{number}.",
            "{name} a envoyé un message au sujet de #{number}.",
        ],
        (Event::Chat, _) => [
            "{name} began a chat about #{number}.",
            "{name} iniciou um chat sobre #{number}.",
            "{name} inició un chat sobre #{number}.",
            "{name} a commencé un chat au sujet de #{number}.",
        ],
        (Event::Reopened, _) => [
            "{name} reopened #{number}.",
            "{name} reabriu #{number}.",
            "{name} reabrió #{number}.",
            "{name} a rouvert #{number}.",
        ],
        (Event::Registered, _) => [
            "{name} registered #{number}.",
            "{name} registrou #{number}.",
            "{name} registró #{number}.",
            "{name} a enregistré #{number}.",
        ],
        (Event::Pending, _) => [
            "{name} put #{number} on hold.",
            "{name} colocou #{number} em espera.",
            "{name} puso #{number} en espera.",
            "{name} a mis #{number} en attente.",
        ],
        (Event::Solved, _) => [
            "{name} solved #{number}.",
            "{name} resolveu #{number}.",
            "{name} resolvió #{number}.",
            "{name} a résolu #{number}.",
        ],
        (Event::Closed, _) => [
            "{name} closed #{number}.",
            "{name} fechou #{number}.",
            "{name} cerró #{number}.",
            "{name} a clos #{number}.",
        ],
        (Event::Cancelled, _) => [
            "{name} cancelled #{number}.",
            "{name} cancelou #{number}.",
            "{name} canceló #{number}.",
            "{name} a annulé #{number}.",
        ],
        (Event::Reminder, _) => [
            "#{number} waits for you.",
            "#{number} espera por você.",
            "#{number} espera por usted.",
            "#{number} vous attend.",
        ],
        (Event::Survey, _) => [
            "How satisfied are you with #{number}?",
            "Qual é a sua satisfação com #{number}?",
            "¿Qué tan satisfecho está con #{number}?",
            "Êtes-vous satisfait de #{number}\u{a0}?",
        ],
        (Event::SolutionApproved, _) => [
            "{name} approved the solution of #{number}.",
            "{name} aprovou a solução de #{number}.",
            "{name} aprobó la solución de #{number}.",
            "{name} a approuvé la solution de #{number}.",
        ],
        (Event::SolutionRefused, _) => [
            "{name} refused the solution of #{number}.",
            "{name} recusou a solução de #{number}.",
            "{name} rechazó la solución de #{number}.",
            "{name} a refusé la solution de #{number}.",
        ],
        (Event::DueAtRisk, _) => [
            "A deadline of #{number} is near.",
            "Uma data limite de #{number} está próxima.",
            "Una fecha límite de #{number} está próxima.",
            "Une échéance de #{number} approche.",
        ],
        (Event::Overdue, _) => [
            "A deadline of #{number} has passed.",
            "Uma data limite de #{number} passou.",
            "Una fecha límite de #{number} pasó.",
            "Une échéance de #{number} est dépassée.",
        ],
        (Event::TaskGiven, Why::TaskGroup) => [
            "{name} gave your group a task of #{number}.",
            "{name} passou uma tarefa de #{number} ao seu grupo.",
            "{name} dio a su grupo una tarea de #{number}.",
            "{name} a confié à votre groupe une tâche de #{number}.",
        ],
        (Event::TaskGiven, _) => [
            "{name} gave you a task of #{number}.",
            "{name} passou uma tarefa de #{number} a você.",
            "{name} le dio una tarea de #{number}.",
            "{name} vous a confié une tâche de #{number}.",
        ],
        (Event::TaskChanged, _) => [
            "{name} changed your task of #{number}.",
            "{name} alterou sua tarefa de #{number}.",
            "{name} cambió su tarea de #{number}.",
            "{name} a modifié votre tâche de #{number}.",
        ],
        (Event::TaskReminder, _) => [
            "A task of yours of #{number} begins soon.",
            "Uma tarefa sua de #{number} começa em breve.",
            "Una tarea suya de #{number} empieza pronto.",
            "Une de vos tâches de #{number} commence bientôt.",
        ],
        (Event::ValidationAsked, _) => [
            "{name} asks you for validation of #{number}.",
            "{name} pede sua validação de #{number}.",
            "{name} pide su validación de #{number}.",
            "{name} vous demande de valider #{number}.",
        ],
        (Event::ValidationWithdrawn, _) => [
            "{name} withdrew a request for validation of #{number}.",
            "{name} retirou um pedido de validação de #{number}.",
            "{name} retiró una solicitud de validación de #{number}.",
            "{name} a retiré une demande de validation de #{number}.",
        ],
        (Event::ValidationAnswered, _) => [
            "{name} answered a request for validation of #{number}.",
            "{name} respondeu a um pedido de validação de #{number}.",
            "{name} respondió a una solicitud de validación de #{number}.",
            "{name} a répondu à une demande de validation de #{number}.",
        ],
        (Event::MailLimited, _) => [
            "Too many emails were to be sent about #{number}.",
            "Havia e-mails demais a enviar sobre #{number}.",
            "Había demasiados correos por enviar sobre #{number}.",
            "Trop d'e-mails devaient partir au sujet de #{number}.",
        ],
    };
    fill(lang, sentences, name, number)
}

/// That a ticket waits, with the public label of why (T-NTF-02).
pub(super) fn on_hold(lang: Lang, name: &str, number: i64, label: &str) -> String {
    let sentences = [
        "{name} put #{number} on hold:",
        "{name} colocou #{number} em espera:",
        "{name} puso #{number} en espera:",
        "{name} a mis #{number} en attente\u{a0}:",
    ];
    [fill(lang, sentences, name, number).as_str(), " ", label].concat()
}

/// That a request has come in (M-OUT-06).
pub(super) fn received(lang: Lang, number: i64) -> String {
    let sentences = [
        "We have received your request. Its number is #{number}.",
        "Recebemos a sua solicitação. O número dela é #{number}.",
        "Hemos recibido su solicitud. Su número es #{number}.",
        "Nous avons bien reçu votre demande. Son numéro est #{number}.",
    ];
    fill(lang, sentences, "", number)
}

/// Why somebody got it (M-CON-05).
pub(super) fn because(lang: Lang, why: Why, number: i64) -> String {
    let sentences = match why {
        Why::Assignee => [
            "Why you got this: #{number} is assigned to you.",
            "Por que você recebeu isto: #{number} está atribuído a você.",
            "Por qué recibe esto: #{number} está asignado a usted.",
            "Pourquoi vous recevez ceci\u{a0}: #{number} vous est assigné.",
        ],
        Why::AssignedGroup => [
            "Why you got this: #{number} is assigned to your group.",
            "Por que você recebeu isto: #{number} está atribuído ao seu grupo.",
            "Por qué recibe esto: #{number} está asignado a su grupo.",
            "Pourquoi vous recevez ceci\u{a0}: #{number} est assigné à votre groupe.",
        ],
        Why::RoutingGroup => [
            "Why you got this: tickets like #{number} go to your group.",
            "Por que você recebeu isto: tickets como #{number} vão para o seu grupo.",
            "Por qué recibe esto: los tickets como #{number} van a su grupo.",
            "Pourquoi vous recevez ceci\u{a0}: les tickets comme #{number} vont à votre groupe.",
        ],
        Why::Requester => return super::common::because_requester(lang, number),
        Why::RequesterGroup => [
            "Why you got this: your group is the requester of #{number}.",
            "Por que você recebeu isto: o seu grupo é solicitante de #{number}.",
            "Por qué recibe esto: su grupo es solicitante de #{number}.",
            "Pourquoi vous recevez ceci\u{a0}: votre groupe est demandeur de #{number}.",
        ],
        Why::Observer => return super::common::because_observer(lang, number),
        Why::ObserverGroup => [
            "Why you got this: your group is an observer of #{number}.",
            "Por que você recebeu isto: o seu grupo é observador de #{number}.",
            "Por qué recibe esto: su grupo es observador de #{number}.",
            "Pourquoi vous recevez ceci\u{a0}: votre groupe est observateur de #{number}.",
        ],
        Why::TaskUser => [
            "Why you got this: the task of #{number} is yours.",
            "Por que você recebeu isto: a tarefa de #{number} é sua.",
            "Por qué recibe esto: la tarea de #{number} es suya.",
            "Pourquoi vous recevez ceci\u{a0}: la tâche de #{number} est la vôtre.",
        ],
        Why::TaskGroup => [
            "Why you got this: the task of #{number} is your group's.",
            "Por que você recebeu isto: a tarefa de #{number} é do seu grupo.",
            "Por qué recibe esto: la tarea de #{number} es de su grupo.",
            "Pourquoi vous recevez ceci\u{a0}: la tâche de #{number} est celle de votre groupe.",
        ],
        Why::Approver => [
            "Why you got this: you are asked for validation of #{number}.",
            "Por que você recebeu isto: sua validação de #{number} foi solicitada.",
            "Por qué recibe esto: se solicita su validación de #{number}.",
            "Pourquoi vous recevez ceci\u{a0}: votre validation de #{number} est demandée.",
        ],
        Why::ApproverGroup => [
            "Why you got this: your group is asked for validation of #{number}.",
            "Por que você recebeu isto: a validação de #{number} pelo seu grupo foi solicitada.",
            "Por qué recibe esto: se solicita la validación de #{number} a su grupo.",
            "Pourquoi vous recevez ceci\u{a0}: la validation de #{number} par votre groupe est demandée.",
        ],
        Why::Asker => [
            "Why you got this: you asked for the validation of #{number}.",
            "Por que você recebeu isto: você solicitou a validação de #{number}.",
            "Por qué recibe esto: usted solicitó la validación de #{number}.",
            "Pourquoi vous recevez ceci\u{a0}: vous avez demandé la validation de #{number}.",
        ],
        Why::Administrator => [
            "Why you got this: you administer the settings.",
            "Por que você recebeu isto: você administra as configurações.",
            "Por qué recibe esto: usted administra la configuración.",
            "Pourquoi vous recevez ceci\u{a0}: vous administrez les paramètres.",
        ],
    };
    fill(lang, sentences, "", number)
}

/// On the button that leads to a request for validation.
pub(super) fn open_approval(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Open the request for validation",
        Lang::PtBr => "Abrir o pedido de validação",
        Lang::Es => "Abrir la solicitud de validación",
        Lang::Fr => "Ouvrir la demande de validation",
    }
}

/// How somebody answers who is asked for a validation (M-CON-05).
pub(super) fn not_read_by_approvers(lang: Lang) -> String {
    let sentences = [
        "This mailbox is not read: answer under To validate.",
        "Esta caixa de e-mail não é lida: responda em Para validar.",
        "Este buzón no se lee: responda en Por validar.",
        "Cette boîte aux lettres n'est pas lue\u{a0}: répondez dans À valider.",
    ];
    fill(lang, sentences, "", 0)
}

/// Where somebody chooses what he is mailed (M-CON-05).
pub(super) fn change(lang: Lang, page: &str) -> String {
    let sentences = [
        "You choose which emails you get: {name}",
        "Você escolhe que e-mails recebe: {name}",
        "Usted elige qué correos recibe: {name}",
        "Vous choisissez les e-mails que vous recevez\u{a0}: {name}",
    ];
    fill(lang, sentences, page, 0)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Every sentence in a language.
    fn all(lang: Lang) -> Vec<String> {
        let mut out =
            vec![hello(lang, ""), hello(lang, "Ana"), received(lang, 42), change(lang, "https://desk.example/")];
        out.extend([open_approval(lang).to_owned(), not_read_by_approvers(lang), on_hold(lang, "Tom", 42, "")]);
        for why in Why::ALL.iter().copied() {
            out.push(because(lang, why, 42));
            out.extend(Event::ALL.iter().map(|event| happened(lang, *event, why, "Tom", 42)));
        }
        out
    }

    #[test]
    fn m_rcp_04_every_sentence_is_there_in_the_four_languages() {
        let spoken: Vec<Vec<String>> = Lang::ALL.into_iter().map(all).collect();
        for at in 0..spoken[0].len() {
            let different: BTreeSet<&String> = spoken.iter().map(|sentences| &sentences[at]).collect();
            assert_eq!(different.len(), 4, "{different:?}");
            assert!(different.iter().all(|sentence| !sentence.contains(['{', '}']) && !sentence.trim().is_empty()));
        }
    }

    #[test]
    fn m_out_05_a_notice_names_the_ticket_and_who_did_it() {
        for lang in Lang::ALL {
            for event in Event::MAILED.iter().copied() {
                let said = happened(lang, event, Why::Assignee, "Tom {number}", 42);
                let is_by_itself = matches!(
                    event,
                    Event::Reminder | Event::Survey | Event::DueAtRisk | Event::Overdue | Event::TaskReminder
                );
                assert!(said.contains("#42") && (is_by_itself || said.starts_with("Tom {number}")), "{said}");
            }
        }
    }
}
