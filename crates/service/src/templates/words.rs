//! Words of a ticket in a text that leaves the product, as requesters read them: what the pages say for the same things.

use domain::lang::Lang;
use domain::ticket::{Status, TicketType};

const fn pick(lang: Lang, [en, pt_br, es, fr]: [&'static str; 4]) -> &'static str {
    match lang {
        Lang::En => en,
        Lang::PtBr => pt_br,
        Lang::Es => es,
        Lang::Fr => fr,
    }
}

/// A status, without what only the team tells apart.
pub(super) const fn status(lang: Lang, status: Status) -> &'static str {
    let words = match status {
        Status::New => ["New", "Novo", "Nuevo", "Nouveau"],
        Status::Assigned | Status::Planned => ["In progress", "Em andamento", "En curso", "En cours"],
        Status::Pending => ["Pending", "Pendente", "En espera", "En attente"],
        Status::Solved => ["Solved", "Resolvido", "Resuelto", "Résolu"],
        Status::Closed => ["Closed", "Fechado", "Cerrado", "Clos"],
        Status::Cancelled => ["Cancelled", "Cancelado", "Cancelado", "Annulé"],
    };
    pick(lang, words)
}

/// A type.
pub(super) const fn kind(lang: Lang, kind: TicketType) -> &'static str {
    let words = match kind {
        TicketType::Incident => ["Incident", "Incidente", "Incidente", "Incident"],
        TicketType::Request => ["Request", "Requisição", "Solicitud", "Demande"],
    };
    pick(lang, words)
}

/// Urgency, impact or priority, 1..6.
pub(super) const fn level(lang: Lang, level: i32) -> &'static str {
    let words = match level {
        1 => ["Very low", "Muito baixa", "Muy baja", "Très basse"],
        2 => ["Low", "Baixa", "Baja", "Basse"],
        4 => ["High", "Alta", "Alta", "Haute"],
        5 => ["Very high", "Muito alta", "Muy alta", "Très haute"],
        6 => ["Major", "Crítica", "Crítica", "Majeure"],
        _ => ["Medium", "Média", "Media", "Moyenne"],
    };
    pick(lang, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_tpl_03_states_that_only_the_team_tells_apart_are_one_word() {
        for lang in Lang::ALL {
            assert_eq!(status(lang, Status::Assigned), status(lang, Status::Planned));
            assert_ne!(status(lang, Status::Assigned), status(lang, Status::New));
            assert!(!kind(lang, TicketType::Incident).is_empty());
            assert_ne!(level(lang, 1), level(lang, 6));
        }
        assert_eq!(status(Lang::Fr, Status::Closed), "Clos");
        assert_eq!(kind(Lang::PtBr, TicketType::Request), "Requisição");
    }
}
