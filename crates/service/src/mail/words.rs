//! The fixed words of mails in the four languages: what no template says. Does not belong here: the interface (`app/locales`),
//! texts an administrator may change (`shipped`).

use domain::lang::Lang;

const fn pick(lang: Lang, [en, pt_br, es, fr]: [&'static str; 4]) -> &'static str {
    match lang {
        Lang::En => en,
        Lang::PtBr => pt_br,
        Lang::Es => es,
        Lang::Fr => fr,
    }
}

/// Before the title of an entry that is sent again (M-OUT-10).
#[must_use]
pub(crate) const fn changed(lang: Lang) -> &'static str {
    pick(lang, ["Changed:", "Alterado:", "Modificado:", "Modifié\u{a0}:"])
}

/// On the button that leads to the request (M-CON-04).
#[must_use]
pub(crate) const fn open_request(lang: Lang) -> &'static str {
    pick(lang, ["Open your request", "Abrir sua solicitação", "Abrir su solicitud", "Ouvrir votre demande"])
}

/// On the button that leads to the ticket (M-CON-04).
#[must_use]
pub(crate) const fn open_ticket(lang: Lang) -> &'static str {
    pick(lang, ["Open the ticket", "Abrir o ticket", "Abrir el ticket", "Ouvrir le ticket"])
}

/// Why a requester got the mail (M-CON-05).
#[must_use]
pub(crate) fn because_requester(lang: Lang, number: i64) -> String {
    let sentence = pick(
        lang,
        [
            "Why you got this: you are the requester of request #{number}.",
            "Por que você recebeu isto: você é solicitante da solicitação #{number}.",
            "Por qué recibe esto: usted es solicitante de la solicitud #{number}.",
            "Pourquoi vous recevez ceci\u{a0}: vous êtes demandeur de la demande #{number}.",
        ],
    );
    sentence.replace("{number}", &number.to_string())
}

/// Why somebody of the team got the mail (M-CON-05).
#[must_use]
pub(crate) fn because_responsible(lang: Lang, number: i64) -> String {
    let sentence = pick(
        lang,
        [
            "Why you got this: you are responsible for ticket #{number}.",
            "Por que você recebeu isto: você é responsável pelo ticket #{number}.",
            "Por qué recibe esto: usted es responsable del ticket #{number}.",
            "Pourquoi vous recevez ceci\u{a0}: vous êtes responsable du ticket #{number}.",
        ],
    );
    sentence.replace("{number}", &number.to_string())
}

/// Why an observer got the mail (M-CON-05).
#[must_use]
pub(crate) fn because_observer(lang: Lang, number: i64) -> String {
    let sentence = pick(
        lang,
        [
            "Why you got this: you are an observer of request #{number}.",
            "Por que você recebeu isto: você é observador da solicitação #{number}.",
            "Por qué recibe esto: usted es observador de la solicitud #{number}.",
            "Pourquoi vous recevez ceci\u{a0}: vous êtes observateur de la demande #{number}.",
        ],
    );
    sentence.replace("{number}", &number.to_string())
}

/// Why an address that a group copies to got the mail (M-CON-05, M-RCP-05).
#[must_use]
pub(crate) fn because_copy(lang: Lang, number: i64) -> String {
    let sentence = pick(
        lang,
        [
            "Why you got this: the group in charge of ticket #{number} copies its emails to this address.",
            "Por que você recebeu isto: o grupo responsável pelo ticket #{number} envia cópias a este endereço.",
            "Por qué recibe esto: el grupo a cargo del ticket #{number} envía copias a esta dirección.",
            "Pourquoi vous recevez ceci\u{a0}: le groupe en charge du ticket #{number} envoie des copies à cette adresse.",
        ],
    );
    sentence.replace("{number}", &number.to_string())
}

/// Subject of an invitation, behind the tag (M-OUT-07).
#[must_use]
pub(crate) const fn invitation_subject(lang: Lang) -> &'static str {
    pick(lang, ["Choose your password", "Escolha a sua senha", "Elija su contraseña", "Choisissez votre mot de passe"])
}

/// Text of an invitation (M-OUT-07).
#[must_use]
pub(crate) const fn invitation_text(lang: Lang) -> &'static str {
    pick(
        lang,
        [
            "An account was made for you. Choose a password to sign in. The link works once, for seven days.",
            "Uma conta foi criada para você. Escolha uma senha para entrar. O link funciona uma vez, por sete dias.",
            "Se creó una cuenta para usted. Elija una contraseña para entrar. El enlace funciona una vez, durante siete días.",
            "Un compte a été créé pour vous. Choisissez un mot de passe pour vous connecter. Le lien fonctionne une fois, pendant sept jours.",
        ],
    )
}

/// On the button of an invitation (M-OUT-07).
#[must_use]
pub(crate) const fn invitation_open(lang: Lang) -> &'static str {
    pick(lang, ["Choose a password", "Escolher uma senha", "Elegir una contraseña", "Choisir un mot de passe"])
}

/// Why somebody got an invitation (M-CON-05).
#[must_use]
pub(crate) const fn because_invited(lang: Lang) -> &'static str {
    pick(
        lang,
        [
            "Why you got this: an administrator sent you a link to choose a password.",
            "Por que você recebeu isto: um administrador enviou a você um link para escolher uma senha.",
            "Por qué recibe esto: un administrador le envió un enlace para elegir una contraseña.",
            "Pourquoi vous recevez ceci\u{a0}: un administrateur vous a envoyé un lien pour choisir un mot de passe.",
        ],
    )
}

/// The same as [`not_read`] for the team.
#[must_use]
pub(crate) fn not_read_by_team(lang: Lang) -> String {
    let sentence = pick(
        lang,
        [
            "This mailbox is not read: answer in the ticket.",
            "Esta caixa de e-mail não é lida: responda no ticket.",
            "Este buzón no se lee: responda en el ticket.",
            "Cette boîte aux lettres n'est pas lue\u{a0}: répondez dans le ticket.",
        ],
    );
    sentence.to_owned()
}

/// The same as [`too_large`] for the team.
#[must_use]
pub(crate) fn too_large_for_team(lang: Lang, files: &str) -> String {
    let sentence = pick(
        lang,
        [
            "These files are too large to travel along; open them in the ticket: {files}",
            "Estes arquivos são grandes demais para seguir junto; abra-os no ticket: {files}",
            "Estos archivos son demasiado grandes para ir adjuntos; ábralos en el ticket: {files}",
            "Ces fichiers sont trop volumineux pour être joints\u{a0}; ouvrez-les dans le ticket\u{a0}: {files}",
        ],
    );
    sentence.replace("{files}", files)
}

/// How to answer, for people with account, while no mail is taken in (M-CON-05).
#[must_use]
pub(crate) fn not_read(lang: Lang) -> String {
    let sentence = pick(
        lang,
        [
            "This mailbox is not read: answer in My requests.",
            "Esta caixa de e-mail não é lida: responda em Minhas solicitações.",
            "Este buzón no se lee: responda en Mis solicitudes.",
            "Cette boîte aux lettres n'est pas lue\u{a0}: répondez dans Mes demandes.",
        ],
    );
    sentence.to_owned()
}

/// The same for people without account; `contact` is where they find help, or empty (M-CON-05).
#[must_use]
pub(crate) fn not_read_outside(lang: Lang, contact: &str) -> String {
    let sentence = pick(
        lang,
        [
            "This mailbox is not read.",
            "Esta caixa de e-mail não é lida.",
            "Este buzón no se lee.",
            "Cette boîte aux lettres n'est pas lue.",
        ],
    );
    if contact.trim().is_empty() {
        return sentence.to_owned();
    }
    let help = pick(lang, ["Help:", "Ajuda:", "Ayuda:", "Aide\u{a0}:"]);
    format!("{sentence} {help} {}", contact.trim())
}

/// Before the names and sizes of files over the limit (M-CON-03).
#[must_use]
pub(crate) fn too_large(lang: Lang, files: &str) -> String {
    let sentence = pick(
        lang,
        [
            "These files are too large to travel along; open them in My requests: {files}",
            "Estes arquivos são grandes demais para seguir junto; abra-os em Minhas solicitações: {files}",
            "Estos archivos son demasiado grandes para ir adjuntos; ábralos en Mis solicitudes: {files}",
            "Ces fichiers sont trop volumineux pour être joints\u{a0}; ouvrez-les dans Mes demandes\u{a0}: {files}",
        ],
    );
    sentence.replace("{files}", files)
}

/// Subject of a test mail, behind the tag (M-TRN-02).
#[must_use]
pub(crate) const fn test_subject(lang: Lang) -> &'static str {
    pick(lang, ["Test mail", "E-mail de teste", "Correo de prueba", "E-mail d'essai"])
}

/// Text of a test mail (M-TRN-02).
#[must_use]
pub(crate) const fn test_text(lang: Lang) -> &'static str {
    pick(
        lang,
        [
            "This mail has arrived: email is set up.",
            "Este e-mail chegou: o envio de e-mails está configurado.",
            "Este correo ha llegado: el envío de correos está configurado.",
            "Cet e-mail est arrivé\u{a0}: l'envoi d'e-mails est configuré.",
        ],
    )
}

/// Why somebody got a test mail (M-CON-05).
#[must_use]
pub(crate) const fn because_test(lang: Lang) -> &'static str {
    pick(
        lang,
        [
            "Why you got this: you asked for a test mail in the settings.",
            "Por que você recebeu isto: você pediu um e-mail de teste nas configurações.",
            "Por qué recibe esto: usted pidió un correo de prueba en la configuración.",
            "Pourquoi vous recevez ceci\u{a0}: vous avez demandé un e-mail d'essai dans les paramètres.",
        ],
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Every sentence in a language.
    fn all(lang: Lang) -> Vec<String> {
        vec![
            changed(lang).to_owned(),
            open_request(lang).to_owned(),
            open_ticket(lang).to_owned(),
            because_requester(lang, 42),
            because_responsible(lang, 42),
            because_observer(lang, 42),
            because_copy(lang, 42),
            invitation_subject(lang).to_owned(),
            invitation_text(lang).to_owned(),
            invitation_open(lang).to_owned(),
            because_invited(lang).to_owned(),
            not_read(lang),
            not_read_by_team(lang),
            too_large_for_team(lang, "plan.pdf (14 MB)"),
            not_read_outside(lang, ""),
            not_read_outside(lang, "https://help.example.org/"),
            too_large(lang, "plan.pdf (14 MB)"),
            test_subject(lang).to_owned(),
            test_text(lang).to_owned(),
            because_test(lang).to_owned(),
        ]
    }

    #[test]
    fn m_rcp_04_every_sentence_is_there_in_the_four_languages() {
        for lang in Lang::ALL {
            for sentence in all(lang) {
                assert!(!sentence.trim().is_empty(), "{lang}");
                assert!(!sentence.contains(['{', '}']), "{lang}: {sentence}");
            }
        }
    }

    #[test]
    fn m_rcp_04_no_language_borrows_the_sentence_of_another() {
        let spoken: Vec<Vec<String>> = Lang::ALL.into_iter().map(all).collect();
        for at in 0..spoken[0].len() {
            let different: BTreeSet<&String> = spoken.iter().map(|sentences| &sentences[at]).collect();
            assert_eq!(different.len(), 4, "{different:?}");
        }
    }

    #[test]
    fn m_con_05_the_foot_names_the_request_the_help_and_the_files() {
        for lang in Lang::ALL {
            assert!(because_requester(lang, 42).contains("#42"), "{lang}");
            assert!(not_read_outside(lang, " https://help.example.org/ ").ends_with(" https://help.example.org/"));
            assert!(not_read_outside(lang, " ").starts_with(&not_read_outside(lang, "")));
            assert!(too_large(lang, "a.pdf, b.pdf").ends_with(": a.pdf, b.pdf"), "{lang}");
        }
    }

    #[test]
    fn m_out_10_the_prefix_of_a_changed_entry_ends_with_a_colon() {
        assert_eq!(changed(Lang::En), "Changed:");
        for lang in Lang::ALL {
            assert!(changed(lang).ends_with(':'), "{lang}");
        }
    }
}
