//! Shipped texts of mails that ask their reader for something and that no setting changes (M-OUT-06): reminders of pending
//! tickets, the survey after closing.

use domain::lang::Lang;

/// A reminder of a ticket that waits (T-PEN-04).
#[must_use]
pub(super) const fn reminder(lang: Lang) -> &'static str {
    match lang {
        Lang::En => REMINDER_EN,
        Lang::PtBr => REMINDER_PT_BR,
        Lang::Es => REMINDER_ES,
        Lang::Fr => REMINDER_FR,
    }
}

/// The survey after closing (T-SRV-01).
#[must_use]
pub(super) const fn survey(lang: Lang) -> &'static str {
    match lang {
        Lang::En => SURVEY_EN,
        Lang::PtBr => SURVEY_PT_BR,
        Lang::Es => SURVEY_ES,
        Lang::Fr => SURVEY_FR,
    }
}

/// On the button that leads to the survey.
#[must_use]
pub(super) const fn answer(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Answer the survey",
        Lang::PtBr => "Responder à pesquisa",
        Lang::Es => "Responder a la encuesta",
        Lang::Fr => "Répondre à l'enquête",
    }
}

const REMINDER_EN: &str = "\
Hello{% if recipient.name %} {{ recipient.name }}{% endif %},

your request #{{ ticket.number }}, “{{ ticket.title }}”, is waiting{% if ticket.pending_label %} ({{ ticket.pending_label }}){% endif %}:

{{ entry.text }}
";

const REMINDER_PT_BR: &str = "\
Olá{% if recipient.name %}, {{ recipient.name }}{% endif %}.

Sua solicitação #{{ ticket.number }}, “{{ ticket.title }}”, está pendente{% if ticket.pending_label %} ({{ ticket.pending_label }}){% endif %}:

{{ entry.text }}
";

const REMINDER_ES: &str = "\
Hola{% if recipient.name %}, {{ recipient.name }}{% endif %}:

Su solicitud #{{ ticket.number }}, “{{ ticket.title }}”, está en espera{% if ticket.pending_label %} ({{ ticket.pending_label }}){% endif %}:

{{ entry.text }}
";

const REMINDER_FR: &str = "\
Bonjour{% if recipient.name %} {{ recipient.name }}{% endif %},

Votre demande #{{ ticket.number }}, «\u{a0}{{ ticket.title }}\u{a0}», est en attente{% if ticket.pending_label %} ({{ ticket.pending_label }}){% endif %}\u{a0}:

{{ entry.text }}
";

const SURVEY_EN: &str = "\
Hello{% if recipient.name %} {{ recipient.name }}{% endif %},

your request #{{ ticket.number }}, “{{ ticket.title }}”, is closed. How satisfied are you with our work? One click and, if you like, a sentence are enough.
";

const SURVEY_PT_BR: &str = "\
Olá{% if recipient.name %}, {{ recipient.name }}{% endif %}.

Sua solicitação #{{ ticket.number }}, “{{ ticket.title }}”, foi fechada. Qual é a sua satisfação com o nosso trabalho? Basta um clique e, se quiser, uma frase.
";

const SURVEY_ES: &str = "\
Hola{% if recipient.name %}, {{ recipient.name }}{% endif %}:

Su solicitud #{{ ticket.number }}, “{{ ticket.title }}”, se ha cerrado. ¿Qué tan satisfecho está con nuestro trabajo? Bastan un clic y, si lo desea, una frase.
";

const SURVEY_FR: &str = "\
Bonjour{% if recipient.name %} {{ recipient.name }}{% endif %},

Votre demande #{{ ticket.number }}, «\u{a0}{{ ticket.title }}\u{a0}», est close. Êtes-vous satisfait de notre travail\u{a0}? Un clic et, si vous le souhaitez, une phrase suffisent.
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::template::{self, Values};

    #[test]
    fn t_tpl_02_every_text_compiles_and_leaves_nothing_over() {
        for lang in Lang::ALL {
            for text in [reminder(lang), survey(lang)] {
                assert_eq!(template::check(text), Ok(()), "{lang}");
                let mut values = Values::new(lang, chrono_tz::Tz::UTC);
                values.set("recipient.name", "Ana Souza");
                values.set("ticket.number", "42");
                values.set("ticket.title", "Printer <offline>");
                values.set_rich("entry.text", "Any news?", "<p>Any news?</p>");
                let made = template::render(text, &values).unwrap();
                assert!(!made.text.contains(['{', '}', '%']), "{lang}: {}", made.text);
                assert!(made.text.contains("Ana Souza") && made.text.contains("#42"), "{lang}: {}", made.text);
                assert!(made.html.contains("Printer &lt;offline&gt;"), "{lang}: {}", made.html);
            }
        }
    }

    #[test]
    fn m_rcp_04_no_language_borrows_the_words_of_another() {
        for words in [Lang::ALL.map(reminder), Lang::ALL.map(survey), Lang::ALL.map(answer)] {
            let different: std::collections::BTreeSet<&str> = words.into_iter().collect();
            assert_eq!(different.len(), 4);
        }
    }
}
