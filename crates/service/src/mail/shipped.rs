//! The mail templates an instance starts with (mail.md section 2): short, and with nothing the frame of a mail says already (the
//! way to the request, the foot).

use domain::lang::Lang;

/// A template that is there from the start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shipped {
    /// What it is for, as the settings 251, 253, 417 and 447 name it.
    pub(crate) purpose: &'static str,
    /// Its name in the list of templates.
    pub(crate) name: &'static str,
    /// Its text per language.
    pub(crate) texts: [(Lang, &'static str); 4],
}

/// Every shipped mail template.
pub(crate) const ALL: &[Shipped] = &[
    Shipped {
        purpose: "requester",
        name: "Public occurrence, to the requester",
        texts: [
            (Lang::En, REQUESTER_EN),
            (Lang::PtBr, REQUESTER_PT_BR),
            (Lang::Es, REQUESTER_ES),
            (Lang::Fr, REQUESTER_FR),
        ],
    },
    Shipped {
        purpose: "responsible",
        name: "Note of the requester, to the responsible",
        texts: [
            (Lang::En, RESPONSIBLE_EN),
            (Lang::PtBr, RESPONSIBLE_PT_BR),
            (Lang::Es, RESPONSIBLE_ES),
            (Lang::Fr, RESPONSIBLE_FR),
        ],
    },
    Shipped {
        purpose: "message",
        name: "Message to the requester",
        texts: [(Lang::En, MESSAGE_EN), (Lang::PtBr, MESSAGE_PT_BR), (Lang::Es, MESSAGE_ES), (Lang::Fr, MESSAGE_FR)],
    },
    Shipped {
        purpose: "chat_offline",
        name: "Unread chat lines",
        texts: [(Lang::En, CHAT_EN), (Lang::PtBr, CHAT_PT_BR), (Lang::Es, CHAT_ES), (Lang::Fr, CHAT_FR)],
    },
];

const REQUESTER_EN: &str = "\
Hello{% if recipient.name %} {{ recipient.name }}{% endif %},

{{ entry.author | default(\"The service desk\") }} wrote about your request #{{ ticket.number }}, “{{ ticket.title }}”, on {{ entry.occurred_at | date }} at {{ entry.occurred_at | time }}:

{{ entry.text }}
{% if entry.files %}

Attachments: {{ entry.files }}
{% endif %}
";

const REQUESTER_PT_BR: &str = "\
Olá{% if recipient.name %}, {{ recipient.name }}{% endif %}.

{{ entry.author | default(\"A central de serviços\") }} escreveu sobre a sua solicitação #{{ ticket.number }}, “{{ ticket.title }}”, em {{ entry.occurred_at | date }} às {{ entry.occurred_at | time }}:

{{ entry.text }}
{% if entry.files %}

Anexos: {{ entry.files }}
{% endif %}
";

const REQUESTER_ES: &str = "\
Hola{% if recipient.name %}, {{ recipient.name }}{% endif %}:

{{ entry.author | default(\"La mesa de servicio\") }} escribió sobre su solicitud #{{ ticket.number }}, “{{ ticket.title }}”, el {{ entry.occurred_at | date }} a las {{ entry.occurred_at | time }}:

{{ entry.text }}
{% if entry.files %}

Archivos adjuntos: {{ entry.files }}
{% endif %}
";

const REQUESTER_FR: &str = "\
Bonjour{% if recipient.name %} {{ recipient.name }}{% endif %},

{{ entry.author | default(\"Le centre de services\") }} a écrit au sujet de votre demande #{{ ticket.number }}, «\u{a0}{{ ticket.title }}\u{a0}», le {{ entry.occurred_at | date }} à {{ entry.occurred_at | time }}\u{a0}:

{{ entry.text }}
{% if entry.files %}

Pièces jointes\u{a0}: {{ entry.files }}
{% endif %}
";

const RESPONSIBLE_EN: &str = "\
Hello{% if recipient.name %} {{ recipient.name }}{% endif %},

{{ entry.author | default(\"The requester\") }} added a note to ticket #{{ ticket.number }}, “{{ ticket.title }}”, on {{ entry.occurred_at | date }} at {{ entry.occurred_at | time }}:

{{ entry.text }}
{% if entry.files %}

Attachments: {{ entry.files }}
{% endif %}
";

const RESPONSIBLE_PT_BR: &str = "\
Olá{% if recipient.name %}, {{ recipient.name }}{% endif %}.

{{ entry.author | default(\"O solicitante\") }} adicionou uma nota ao ticket #{{ ticket.number }}, “{{ ticket.title }}”, em {{ entry.occurred_at | date }} às {{ entry.occurred_at | time }}:

{{ entry.text }}
{% if entry.files %}

Anexos: {{ entry.files }}
{% endif %}
";

const RESPONSIBLE_ES: &str = "\
Hola{% if recipient.name %}, {{ recipient.name }}{% endif %}:

{{ entry.author | default(\"El solicitante\") }} agregó una nota al ticket #{{ ticket.number }}, “{{ ticket.title }}”, el {{ entry.occurred_at | date }} a las {{ entry.occurred_at | time }}:

{{ entry.text }}
{% if entry.files %}

Archivos adjuntos: {{ entry.files }}
{% endif %}
";

const RESPONSIBLE_FR: &str = "\
Bonjour{% if recipient.name %} {{ recipient.name }}{% endif %},

{{ entry.author | default(\"Le demandeur\") }} a ajouté une note au ticket #{{ ticket.number }}, «\u{a0}{{ ticket.title }}\u{a0}», le {{ entry.occurred_at | date }} à {{ entry.occurred_at | time }}\u{a0}:

{{ entry.text }}
{% if entry.files %}

Pièces jointes\u{a0}: {{ entry.files }}
{% endif %}
";

const MESSAGE_EN: &str = "\
Hello{% if recipient.name %} {{ recipient.name }}{% endif %},

{{ user.name | default(\"The service desk\") }} sent you a message about your request #{{ ticket.number }}, “{{ ticket.title }}”, on {{ now | date }} at {{ now | time }}:

{{ message.text }}

{{ user.signature }}
";

const MESSAGE_PT_BR: &str = "\
Olá{% if recipient.name %}, {{ recipient.name }}{% endif %}.

{{ user.name | default(\"A central de serviços\") }} enviou uma mensagem sobre a sua solicitação #{{ ticket.number }}, “{{ ticket.title }}”, em {{ now | date }} às {{ now | time }}:

{{ message.text }}

{{ user.signature }}
";

const MESSAGE_ES: &str = "\
Hola{% if recipient.name %}, {{ recipient.name }}{% endif %}:

{{ user.name | default(\"La mesa de servicio\") }} le envió un mensaje sobre su solicitud #{{ ticket.number }}, “{{ ticket.title }}”, el {{ now | date }} a las {{ now | time }}:

{{ message.text }}

{{ user.signature }}
";

const MESSAGE_FR: &str = "\
Bonjour{% if recipient.name %} {{ recipient.name }}{% endif %},

{{ user.name | default(\"Le centre de services\") }} vous a envoyé un message au sujet de votre demande #{{ ticket.number }}, «\u{a0}{{ ticket.title }}\u{a0}», le {{ now | date }} à {{ now | time }}\u{a0}:

{{ message.text }}

{{ user.signature }}
";

const CHAT_EN: &str = "\
Hello{% if recipient.name %} {{ recipient.name }}{% endif %},

While you were away, this was written in the chat of #{{ ticket.number }}, “{{ ticket.title }}”:

{{ message.text }}
";

const CHAT_PT_BR: &str = "\
Olá{% if recipient.name %}, {{ recipient.name }}{% endif %}.

Enquanto você estava ausente, isto foi escrito no chat de #{{ ticket.number }}, “{{ ticket.title }}”:

{{ message.text }}
";

const CHAT_ES: &str = "\
Hola{% if recipient.name %}, {{ recipient.name }}{% endif %}:

Mientras usted no estaba, se escribió esto en el chat de #{{ ticket.number }}, “{{ ticket.title }}”:

{{ message.text }}
";

const CHAT_FR: &str = "\
Bonjour{% if recipient.name %} {{ recipient.name }}{% endif %},

En votre absence, ceci a été écrit dans le chat de #{{ ticket.number }}, «\u{a0}{{ ticket.title }}\u{a0}»\u{a0}:

{{ message.text }}
";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::mail::template::{self, Values};

    fn values(lang: Lang) -> Values {
        let mut values = Values::new(lang, chrono_tz::Tz::America__Sao_Paulo);
        values.set("recipient.name", "Ana Souza");
        values.set("ticket.number", "42");
        values.set("ticket.title", "Printer <offline>");
        values.set("entry.author", "Bruno Lima");
        values.set("user.name", "Bruno Lima");
        values.set_time("entry.occurred_at", Some(1_773_320_520));
        values.set_time("now", Some(1_773_320_520));
        values.set_rich("entry.text", "It works again.", "<p>It works <em>again</em>.</p>");
        values.set_rich("message.text", "It works again.", "<p>It works <em>again</em>.</p>");
        values
    }

    #[test]
    fn t_tpl_02_every_shipped_text_compiles() {
        for shipped in ALL {
            for (lang, text) in shipped.texts {
                assert_eq!(template::check(text), Ok(()), "{} {lang}", shipped.purpose);
            }
        }
    }

    #[test]
    fn t_tpl_01_every_shipped_template_has_a_purpose_a_name_and_the_four_languages() {
        let purposes: BTreeSet<&str> = ALL.iter().map(|shipped| shipped.purpose).collect();
        let names: BTreeSet<&str> = ALL.iter().map(|shipped| shipped.name).collect();
        assert_eq!(purposes, BTreeSet::from(["requester", "responsible", "message", "chat_offline"]));
        assert_eq!(names.len(), ALL.len());
        for shipped in ALL {
            assert_eq!(shipped.texts.map(|(lang, _)| lang), Lang::ALL);
            assert!((1..=100).contains(&shipped.name.chars().count()));
        }
    }

    #[test]
    fn m_con_02_every_shipped_text_says_who_wrote_what_and_leaves_nothing_over() {
        for shipped in ALL {
            for (lang, text) in shipped.texts {
                let made = template::render(text, &values(lang)).unwrap();
                for part in [&made.text, &made.html] {
                    assert!(!part.contains(['{', '}', '%']), "{} {lang}: {part}", shipped.purpose);
                    assert!(part.contains("Ana Souza") && part.contains("#42"), "{} {lang}: {part}", shipped.purpose);
                }
                assert!(made.text.contains("“Printer <offline>”") || lang == Lang::Fr, "{}", made.text);
                assert!(made.text.ends_with("It works again."), "{}", made.text);
                assert!(made.html.ends_with("<p>It works <em>again</em>.</p>"), "{}", made.html);
                assert!(made.html.contains("Printer &lt;offline&gt;"), "{}", made.html);
                assert!(made.text.contains("Bruno Lima") || shipped.purpose == "chat_offline", "{}", made.text);
            }
        }
    }

    #[test]
    fn t_tpl_03_a_shipped_text_reads_well_without_names_and_with_files() {
        for shipped in ALL {
            for (lang, text) in shipped.texts {
                let mut values = Values::new(lang, chrono_tz::Tz::UTC);
                values.set("ticket.number", "42");
                values.set_list("entry.files", vec!["plan.pdf".to_owned(), "notes.txt".to_owned()]);
                let made = template::render(text, &values).unwrap();
                assert!(!made.text.contains(" ,") && !made.text.contains("\n\n\n"), "{}", made.text);
                let has_files = matches!(shipped.purpose, "requester" | "responsible");
                assert_eq!(made.text.contains("plan.pdf, notes.txt"), has_files, "{}", made.text);
            }
        }
    }
}
