//! The text of the mail "solved" (M-OUT-06): it comes with the product and no setting changes it. The links act only when their
//! page is posted (T-SOL-08), so a scanner that opens them changes nothing.

use domain::lang::Lang;

/// The template in a language.
pub(super) const fn text(lang: Lang) -> &'static str {
    match lang {
        Lang::En => EN,
        Lang::PtBr => PT_BR,
        Lang::Es => ES,
        Lang::Fr => FR,
    }
}

const EN: &str = "\
Hello{% if recipient.name %} {{ recipient.name }}{% endif %},

Your request #{{ ticket.number }}, “{{ ticket.title }}”, is solved. Tell us if it works.
{% if solution.text %}

{{ solution.author | default(\"The service desk\") }} wrote:

{{ solution.text }}
{% endif %}

It works: {{ links.approve }}

Not solved: {{ links.refuse }}
";

const PT_BR: &str = "\
Olá{% if recipient.name %}, {{ recipient.name }}{% endif %}.

A sua solicitação #{{ ticket.number }}, “{{ ticket.title }}”, foi resolvida. Diga se está tudo certo.
{% if solution.text %}

{{ solution.author | default(\"A central de serviços\") }} escreveu:

{{ solution.text }}
{% endif %}

Está resolvido: {{ links.approve }}

Não resolveu: {{ links.refuse }}
";

const ES: &str = "\
Hola{% if recipient.name %}, {{ recipient.name }}{% endif %}:

Su solicitud #{{ ticket.number }}, “{{ ticket.title }}”, está resuelta. Díganos si funciona.
{% if solution.text %}

{{ solution.author | default(\"La mesa de servicio\") }} escribió:

{{ solution.text }}
{% endif %}

Funciona: {{ links.approve }}

No se resolvió: {{ links.refuse }}
";

const FR: &str = "\
Bonjour{% if recipient.name %} {{ recipient.name }}{% endif %},

Votre demande #{{ ticket.number }}, «\u{a0}{{ ticket.title }}\u{a0}», est résolue. Dites-nous si tout fonctionne.
{% if solution.text %}

{{ solution.author | default(\"Le centre de services\") }} a écrit\u{a0}:

{{ solution.text }}
{% endif %}

Ça fonctionne\u{a0}: {{ links.approve }}

Pas résolu\u{a0}: {{ links.refuse }}
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::template::{self, Values};

    #[test]
    fn m_out_06_the_text_says_what_solved_it_and_how_to_answer_in_the_four_languages() {
        for lang in Lang::ALL {
            assert_eq!(template::check(text(lang)), Ok(()), "{lang}");
            let mut values = Values::new(lang, chrono_tz::Tz::UTC);
            values.set("ticket.number", "42");
            values.set("ticket.title", "Printer <offline>");
            values.set_rich("solution.text", "The cable was loose.", "<p>The cable was <em>loose</em>.</p>");
            values.set("links.approve", "https://desk.example/solution?token=a&answer=approve");
            values.set("links.refuse", "https://desk.example/solution?token=a&answer=refuse");
            let made = template::render(text(lang), &values).unwrap();
            assert!(made.text.contains("#42") && made.text.contains("The cable was loose."), "{}", made.text);
            for answer in ["approve", "refuse"] {
                let plain = format!("https://desk.example/solution?token=a&answer={answer}");
                assert!(made.text.contains(&plain), "{lang}: {}", made.text);
                let marked = plain.replace('&', "&amp;");
                assert!(made.html.contains(&format!("<a href=\"{marked}\">")), "{lang}: {}", made.html);
            }
            assert!(!made.text.contains("\n\n\n") && !made.text.contains(" ,"), "{}", made.text);
        }
    }

    #[test]
    fn p_hid_01_where_the_portal_hides_solutions_the_mail_has_no_word_of_it() {
        for lang in Lang::ALL {
            let made = template::render(text(lang), &Values::new(lang, chrono_tz::Tz::UTC)).unwrap();
            for word in ["wrote", "escreveu", "escribió", "écrit"] {
                assert!(!made.text.contains(word), "{lang}: {}", made.text);
            }
        }
    }
}
