//! `/api/docs`: the same tables as plain pages, without scripts and without any other host.

use std::fmt::Write as _;

use super::codes::{ERRORS, FIELD_CODES};
use super::schemas::{FORMS, SCHEMAS, forms, words};
use super::{Field, ROUTES, Route, fields};

/// All operations with their fields and codes; `css` is the address of the site's style.
#[must_use]
pub fn operations(css: &str) -> String {
    let mut out = String::new();
    out.push_str("<p>Base <code>/api/v1</code>. <a href=\"/api/v1/openapi.json\">OpenAPI document</a>. <a href=\"/api/docs/errors\">Errors</a>. ");
    out.push_str("Every call but those marked <em>open</em> needs <code>Authorization: Bearer</code> and a token.</p>\n<nav><ul>\n");
    for route in ROUTES {
        // Writing into a String cannot fail.
        let _ = writeln!(out, "<li><a href=\"#{}\">{} {}</a></li>", route.operation, route.method, escape(route.path));
    }
    out.push_str("</ul></nav>\n");
    for route in ROUTES {
        operation(&mut out, route);
    }
    out.push_str("<h2>Objects</h2>\n");
    for (name, words) in SCHEMAS {
        let _ = writeln!(out, "<section id=\"{name}\"><h3>{name}</h3>");
        table(&mut out, &fields(words));
        out.push_str("</section>\n");
    }
    for (name, forms) in FORMS {
        let _ = writeln!(
            out,
            "<section id=\"{name}\"><h3>{name}</h3><p>For agents, then for everybody else: {}</p></section>",
            links(forms)
        );
    }
    page(css, "REST API", &out)
}

/// Every code with its sentence.
#[must_use]
pub fn errors(css: &str) -> String {
    let mut out = String::from(
        "<p>Refusals are <code>application/problem+json</code>; programs go by <code>code</code>.</p>\n<table>\n",
    );
    out.push_str("<thead><tr><th scope=\"col\">status</th><th scope=\"col\">code</th><th scope=\"col\">meaning</th></tr></thead><tbody>\n");
    for (status, code, sentence) in ERRORS {
        let _ = writeln!(
            out,
            "<tr id=\"{code}\"><td>{status}</td><td><code>{code}</code></td><td>{}</td></tr>",
            escape(sentence)
        );
    }
    out.push_str("</tbody></table>\n<h2 id=\"fields\">Codes of single fields</h2>\n<table>\n");
    out.push_str("<thead><tr><th scope=\"col\">code</th><th scope=\"col\">meaning</th></tr></thead><tbody>\n");
    for (code, sentence) in FIELD_CODES {
        let _ = writeln!(out, "<tr id=\"field-{code}\"><td><code>{code}</code></td><td>{}</td></tr>", escape(sentence));
    }
    out.push_str("</tbody></table>\n");
    page(css, "Errors of the REST API", &out)
}

fn operation(out: &mut String, route: &Route) {
    let _ = writeln!(
        out,
        "<section id=\"{}\"><h3><code>{} {}</code></h3>",
        route.operation,
        route.method,
        escape(route.path)
    );
    let open = if route.is_signed_in { "" } else { " <em>open</em>" };
    let _ = writeln!(out, "<p>{}.{open}</p>", escape(route.summary));
    if let Some(capability) = route.capability {
        let _ = writeln!(out, "<p>Needs <code>{capability}</code>.</p>");
    }
    let query = fields(route.query);
    if !query.is_empty() {
        out.push_str("<h4>Query</h4>\n");
        table(out, &query);
    }
    match route.body {
        "" => {}
        "multipart" => {
            out.push_str("<h4>Body</h4>\n<p><code>multipart/form-data</code> with one part <code>file</code>.</p>\n")
        }
        name => {
            let (item, list) = name.strip_suffix("[]").map_or((name, ""), |item| (item, "list of "));
            let _ = writeln!(out, "<h4>Body: {list}{}</h4>", link(item));
            table(out, &fields(words(item)));
        }
    }
    let answer = match route.answer {
        "" => "no content".to_owned(),
        "binary" => "the content".to_owned(),
        "csv" => "a table, <code>text/csv</code>".to_owned(),
        "table" => "a table, <code>text/csv</code> or a workbook".to_owned(),
        "events" => format!("<code>text/event-stream</code> of {}", link("Change")),
        "openapi" => "the OpenAPI document".to_owned(),
        name => name.strip_suffix("[]").map_or_else(|| link(name), |name| format!("a page of {}", link(name))),
    };
    let _ = writeln!(out, "<p>Answer {}: {answer}</p>", route.status);
    let codes: Vec<String> = route
        .all_codes()
        .iter()
        .map(|code| format!("<a href=\"/api/docs/errors#{code}\"><code>{code}</code></a>"))
        .collect();
    let _ = writeln!(out, "<p>Codes: {}</p></section>", codes.join(", "));
}

fn table(out: &mut String, fields: &[Field]) {
    if fields.is_empty() {
        return;
    }
    out.push_str("<table><thead><tr><th scope=\"col\">field</th><th scope=\"col\">type</th><th scope=\"col\"></th></tr></thead><tbody>\n");
    for field in fields {
        let mut kind = if field.kind.starts_with(char::is_uppercase) {
            link(field.kind)
        } else {
            escape(&field.kind.replace('|', " | "))
        };
        if field.is_list {
            kind = format!("list of {kind}");
        }
        if field.is_nullable {
            kind.push_str(" or null");
        }
        let limit = field.most.map(|most| format!(", at most {most}")).unwrap_or_default();
        let note = match (field.is_required, field.is_negatable) {
            (true, _) => "required".to_owned(),
            (false, true) => format!("negated by <code>not.{}</code>", field.name),
            (false, false) => String::new(),
        };
        let _ = writeln!(out, "<tr><td><code>{}</code></td><td>{kind}{limit}</td><td>{note}</td></tr>", field.name);
    }
    out.push_str("</tbody></table>\n");
}

fn links(names: &[&str]) -> String {
    names.iter().map(|name| link(name)).collect::<Vec<_>>().join(", ")
}

/// A link to an object; the forms of one that has several stand behind it.
fn link(name: &str) -> String {
    let forms = forms(name);
    let more = if forms.is_empty() { String::new() } else { format!(" ({})", links(forms)) };
    format!("<a href=\"#{name}\">{name}</a>{more}")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn page(css: &str, title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title} · Guichet</title>\n<link rel=\"stylesheet\" href=\"{}\">\n</head>\n<body>\n<main class=\"docs\">\n<h1>{title}</h1>\n{body}</main>\n</body>\n</html>\n",
        escape(css)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bas_01_the_pages_name_every_operation_and_code_and_no_other_host() {
        let (all, errors) = (operations("/v/x/main.css"), errors("/v/x/main.css"));
        for route in ROUTES {
            assert!(all.contains(&format!("id=\"{}\"", route.operation)), "{}", route.operation);
        }
        for (_, code, _) in ERRORS {
            assert!(errors.contains(&format!("id=\"{code}\"")), "{code}");
        }
        for page in [all, errors] {
            assert!(!page.contains("//") && !page.contains("<script"), "no other host, no script");
        }
    }

    #[test]
    fn a_bas_01_ids_of_operations_and_objects_differ() {
        for route in ROUTES {
            assert!(!SCHEMAS.iter().any(|(name, _)| *name == route.operation), "{}", route.operation);
        }
    }
}
