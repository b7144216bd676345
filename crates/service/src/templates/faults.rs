//! What is wrong with a text, and where (T-TPL-02); of an unknown variable also the known one that was probably meant.

use domain::error::Code;
use domain::lang::Lang;
use domain::template::TemplateKind;
use domain::views::TemplateFault;
use serde_json::{Value, json};

use super::{check, scope_of};
use crate::mail::template::{Fault, TemplateError};

/// What is wrong with the text in a language; nothing for one that compiles.
pub(super) fn of_text(kind: TemplateKind, lang: Lang, text: &str) -> Option<TemplateFault> {
    let error = check(kind, text).err()?;
    let nearest = (error.fault == Fault::UnknownVariable).then(|| nearest(kind, name_at(text, &error))).flatten();
    Some(TemplateFault {
        lang,
        code: code_of(error.fault),
        line: error.line,
        column: error.column,
        nearest: nearest.map(str::to_owned),
        reason: error.reason,
    })
}

/// The code of a fault.
pub(super) const fn code_of(fault: Fault) -> Code {
    match fault {
        Fault::Invalid => Code::TemplateInvalid,
        Fault::UnknownVariable => Code::TemplateUnknownVariable,
        Fault::TooLarge => Code::TemplateTooLarge,
    }
}

/// Line, column and reason, as a refusal carries them.
pub(super) fn place(line: u32, column: u32, reason: &str) -> Value {
    json!({ "line": line, "column": column, "reason": reason })
}

/// The name that stands where the fault is.
fn name_at<'a>(text: &'a str, error: &TemplateError) -> &'a str {
    let nth = |number: u32| usize::try_from(number.saturating_sub(1)).unwrap_or(0);
    let line = text.lines().nth(nth(error.line)).unwrap_or_default();
    let start = line.char_indices().nth(nth(error.column)).map_or(line.len(), |(at, _)| at);
    let rest = line.get(start..).unwrap_or_default();
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    rest.get(..rest.find(|c| !is_part(c)).unwrap_or(rest.len())).unwrap_or_default()
}

/// The variable whose name takes the fewest changes; none where it would take too many to be meant.
fn nearest(kind: TemplateKind, name: &str) -> Option<&'static str> {
    let most = (name.len() / 3).max(2);
    let all = scope_of(kind).variables().map(|known| (distance(name, known), known));
    all.min().filter(|(distance, _)| !name.is_empty() && *distance <= most).map(|(_, known)| known)
}

/// How many signs have to be added, left out or exchanged (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, left) in a.chars().take(100).enumerate() {
        let mut next = vec![at.saturating_add(1)];
        for (right, pair) in b.iter().zip(row.windows(2)) {
            let [before, above] = pair else { continue };
            let beside = next.last().copied().unwrap_or(usize::MAX);
            let exchanged = before.saturating_add(usize::from(left != *right));
            next.push(exchanged.min(above.saturating_add(1)).min(beside.saturating_add(1)));
        }
        row = next;
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_tpl_02_a_fault_says_where_it_is_and_what_was_meant() {
        let fault = of_text(TemplateKind::Reply, Lang::En, "Hello\n  {{ ticket.titel }}").unwrap();
        assert_eq!((fault.code, fault.line, fault.column), (Code::TemplateUnknownVariable, 2, 6));
        assert_eq!(fault.nearest.as_deref(), Some("ticket.title"));
        assert!(fault.reason.contains("ticket.titel"), "{}", fault.reason);
        let fault = of_text(TemplateKind::Reply, Lang::En, "{{ entry.text }}").unwrap();
        assert_eq!(fault.code, Code::TemplateUnknownVariable, "there is no entry yet");
        let fault = of_text(TemplateKind::Mail, Lang::Fr, "{% if now %}").unwrap();
        assert_eq!((fault.code, fault.nearest), (Code::TemplateInvalid, None));
        let fault = of_text(TemplateKind::Mail, Lang::En, &"a".repeat(200_001)).unwrap();
        assert_eq!(fault.code, Code::TemplateTooLarge);
        assert_eq!(of_text(TemplateKind::Mail, Lang::En, "{{ entry.text }}"), None);
        assert_eq!(of_text(TemplateKind::Reply, Lang::En, ""), None);
    }

    #[test]
    fn t_tpl_02_the_nearest_variable_is_named_only_where_it_is_near() {
        for (typed, expected) in [
            ("user.signatur", Some("user.signature")),
            ("requester", Some("requesters")),
            ("ticket.number", Some("ticket.number")),
            ("recipient.name", None),
            ("something.else", None),
            ("", None),
        ] {
            assert_eq!(nearest(TemplateKind::Reply, typed), expected, "{typed}");
        }
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
    }
}
