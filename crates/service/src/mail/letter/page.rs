//! What stands around the text of a mail: the page of its HTML form, the way to the request and the foot of both forms (M-CON-02,
//! M-CON-04, M-CON-05).

use domain::lang::Lang;

use crate::links::{escaped, linked};

/// Styles that cannot stand at an element: dark mode, and the tags inside texts. Programs that do not know them show the light page.
const STYLE: &str = ":root{color-scheme:light dark;supported-color-schemes:light dark}\
img{max-width:100%;height:auto}\
pre{white-space:pre-wrap}\
table{border-collapse:collapse}td,th{border:1px solid #d6dbe1;padding:4px 8px;text-align:left}\
blockquote{margin:0 0 0 8px;padding-left:12px;border-left:3px solid #d6dbe1}\
@media (prefers-color-scheme:dark){\
.page{background:#0f1318!important;color:#e5e8ec!important}\
.card{background:#181c21!important;border-color:#383e46!important}\
.foot{color:#a9b2bd!important}\
a{color:#5ec2d1!important}\
.go{background:#5ec2d1!important;color:#04191e!important}\
td,th,blockquote{border-color:#383e46!important}}";

/// A whole HTML document around the inside of a text: one column of at most 600 px, readable at 320 px and in dark mode, without
/// remote image and script (M-CON-02). `foot` is plain text, a paragraph each; `link` is an address and its words.
#[must_use]
pub(crate) fn frame(lang: Lang, html: &str, foot: &[String], link: Option<(&str, &str)>) -> String {
    let button = link.map_or_else(String::new, |(url, words)| {
        format!(
            "\n<p style=\"margin:24px 0 4px\"><a class=\"go\" href=\"{}\" style=\"display:inline-block;\
             padding:12px 20px;border-radius:6px;background:#035a67;color:#ffffff;font-weight:600;\
             text-decoration:none\">{}</a></p>",
            escaped(url),
            escaped(words)
        )
    });
    let foot: String = foot.iter().map(|line| format!("\n<p style=\"margin:0 0 8px\">{}</p>", linked(line))).collect();
    let lang = lang.code();
    format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"supported-color-schemes\" content=\"light dark\">\n\
         <title></title>\n<style>{STYLE}</style>\n</head>\n<body style=\"margin:0;padding:0\">\n\
         <div class=\"page\" style=\"padding:16px 8px;background:#f4f6f8;color:#1b222b;\
         font-family:system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif;font-size:16px;line-height:1.5\">\n\
         <div class=\"card\" style=\"box-sizing:border-box;max-width:600px;margin:0 auto;padding:12px 20px;\
         background:#fdfdfe;border:1px solid #d6dbe1;border-radius:8px;overflow-wrap:break-word;word-break:break-word\">\n\
         {html}{button}\n</div>\n\
         <div class=\"foot\" style=\"box-sizing:border-box;max-width:600px;margin:12px auto 0;padding:0 20px;\
         color:#4f5763;font-size:13px;overflow-wrap:break-word;word-break:break-word\">{foot}\n</div>\n</div>\n</body>\n</html>\n"
    )
}

/// The same around the plain form: the text, the way to the request, the foot.
#[must_use]
pub(crate) fn plain(text: &str, foot: &[String], link: Option<(&str, &str)>) -> String {
    let mut parts = vec![text.trim_end().to_owned()];
    parts.extend(link.map(|(url, words)| format!("{words}\n{url}")));
    if !foot.is_empty() {
        parts.push(format!("-- \n{}", foot.join("\n")));
    }
    parts.join("\n\n") + "\n"
}

/// Whether markup is a document already.
pub(super) fn is_whole(html: &str) -> bool {
    const START: &str = "<!doctype html";
    html.trim_start().get(..START.len()).is_some_and(|start| start.eq_ignore_ascii_case(START))
}
