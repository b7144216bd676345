//! Turns the catalogues `locales/<language>/<area>.json` into one function for each sentence, so that a
//! missing translation, key or slot stops the build and not a reader.
//!
//! A value is a text with `{slots}` or an object of plural forms (`one`, `many`, `other`) whose `{n}` is a number.
//!
//! The server has the sentences of all languages in these functions. The browser's functions know only the number of
//! their sentence in the file of the page's language (`src/words.rs`), which `scripts/build-assets.mjs` writes by the
//! same rule: areas and keys in the order of their bytes, three numbers for a plural (one, many, other).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, process};

use serde_json::Value;

/// Tag of the folder and variant of `domain::lang::Lang`; the first language is the one others are compared with.
const LANGUAGES: [(&str, &str); 4] = [("en", "En"), ("pt-BR", "PtBr"), ("es", "Es"), ("fr", "Fr")];
const KEYWORDS: [&str; 16] = [
    "as", "box", "do", "else", "final", "for", "if", "in", "loop", "match", "move", "return", "static", "type", "use",
    "where",
];

/// Pieces of a text in order.
enum Part {
    Words(String),
    Slot(String),
}

enum Text {
    Plain(Vec<Part>),
    Plural { one: Vec<Part>, many: Option<Vec<Part>>, other: Vec<Part> },
}

type Catalogue = BTreeMap<String, Text>;
/// One catalogue for each language, in the order of `LANGUAGES`.
type Area = Vec<Catalogue>;

fn main() {
    println!("cargo::rerun-if-changed=locales");
    let mut problems = Vec::new();
    let areas = read_all(Path::new("locales"), &mut problems);
    for (name, area) in &areas {
        compare(name, area, &mut problems);
    }
    if problems.is_empty()
        && let Err(problem) = save(&areas)
    {
        problems.push(problem);
    }
    for problem in &problems {
        println!("cargo::error={problem}");
    }
    if !problems.is_empty() {
        process::exit(1);
    }
}

fn save(areas: &BTreeMap<String, Area>) -> Result<(), String> {
    let folder = env::var("OUT_DIR").map_err(|e| e.to_string())?;
    let is_browser = env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32");
    let mut code = format!(
        "/// Fingerprint of all keys and slots, the first line of a file of words.\npub const KEYS: &str = {:?};\n",
        fingerprint(areas)
    );
    let mut number = 0;
    for (name, area) in areas {
        write_area(&mut code, name, area, is_browser, &mut number).map_err(|e| e.to_string())?;
    }
    fs::write(PathBuf::from(folder).join("t.rs"), code).map_err(|e| e.to_string())
}

fn read_all(root: &Path, problems: &mut Vec<String>) -> BTreeMap<String, Area> {
    let mut names = BTreeSet::new();
    for (tag, _) in LANGUAGES {
        match fs::read_dir(root.join(tag)) {
            Ok(files) => names.extend(files.filter_map(Result::ok).filter_map(|f| area_name(&f.path()))),
            Err(error) => problems.push(format!("locales/{tag}: {error}")),
        }
    }
    let mut areas = BTreeMap::new();
    for name in names {
        let area = LANGUAGES.iter().map(|(tag, _)| read(root, tag, &name, problems)).collect();
        areas.insert(name, area);
    }
    areas
}

fn area_name(path: &Path) -> Option<String> {
    if path.extension()? != "json" {
        return None;
    }
    Some(path.file_stem()?.to_str()?.to_owned())
}

fn read(root: &Path, tag: &str, name: &str, problems: &mut Vec<String>) -> Catalogue {
    let place = format!("locales/{tag}/{name}.json");
    let text = match fs::read_to_string(root.join(tag).join(format!("{name}.json"))) {
        Ok(text) => text,
        Err(error) => {
            problems.push(format!("{place}: {error}"));
            return Catalogue::new();
        }
    };
    let values: BTreeMap<String, Value> = match serde_json::from_str(&text) {
        Ok(values) => values,
        Err(error) => {
            problems.push(format!("{place}: {error}"));
            return Catalogue::new();
        }
    };
    let mut catalogue = Catalogue::new();
    for (key, value) in values {
        if !is_name(&key) {
            problems.push(format!("{place}: key {key}: only a-z, 0-9 and _ are allowed, a letter first"));
            continue;
        }
        match parse(&value) {
            Ok(text) => drop(catalogue.insert(key, text)),
            Err(problem) => problems.push(format!("{place}: key {key}: {problem}")),
        }
    }
    catalogue
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn parse(value: &Value) -> Result<Text, String> {
    match value {
        Value::String(text) => Ok(Text::Plain(parts(text)?)),
        Value::Object(forms) => {
            if let Some(odd) = forms.keys().find(|k| !["one", "many", "other"].contains(&k.as_str())) {
                return Err(format!("unknown plural form {odd}"));
            }
            let form = |name: &str| match forms.get(name) {
                Some(Value::String(text)) => parts(text).map(Some),
                Some(_) => Err(format!("plural form {name} is not a text")),
                None => Ok(None),
            };
            let one = form("one")?.ok_or("plural form one is missing")?;
            let other = form("other")?.ok_or("plural form other is missing")?;
            if !slots_of(&other).contains("n") {
                return Err("plural form other lacks {n}".to_owned());
            }
            Ok(Text::Plural { one, many: form("many")?, other })
        }
        _ => Err("neither a text nor plural forms".to_owned()),
    }
}

fn parts(text: &str) -> Result<Vec<Part>, String> {
    // A file of words has a line for each text.
    if text.contains('\n') {
        return Err("a line break".to_owned());
    }
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((words, after)) = rest.split_once('{') {
        let (slot, after) = after.split_once('}').ok_or("a { is not closed")?;
        if !is_name(slot) {
            return Err(format!("slot {{{slot}}} is no name"));
        }
        if !words.is_empty() {
            parts.push(Part::Words(words.to_owned()));
        }
        parts.push(Part::Slot(slot.to_owned()));
        rest = after;
    }
    if rest.contains('}') {
        return Err("a } was not opened".to_owned());
    }
    if !rest.is_empty() || parts.is_empty() {
        parts.push(Part::Words(rest.to_owned()));
    }
    Ok(parts)
}

fn slots_of(parts: &[Part]) -> BTreeSet<&str> {
    parts.iter().filter_map(|p| if let Part::Slot(s) = p { Some(s.as_str()) } else { None }).collect()
}

/// The slots a function takes as texts: of a plural those besides `{n}`.
fn arguments(text: &Text) -> BTreeSet<&str> {
    match text {
        Text::Plain(parts) => slots_of(parts),
        Text::Plural { one, many, other } => {
            let mut all = slots_of(other);
            all.extend(slots_of(one));
            all.extend(many.iter().flat_map(|m| slots_of(m)));
            all.remove("n");
            all
        }
    }
}

fn compare(name: &str, area: &[Catalogue], problems: &mut Vec<String>) {
    let Some(model) = area.first() else { return };
    for ((tag, _), catalogue) in LANGUAGES.iter().zip(area).skip(1) {
        let place = format!("locales/{tag}/{name}.json");
        for (key, text) in model {
            match catalogue.get(key) {
                None => problems.push(format!("{place}: key {key} is missing")),
                Some(other) => {
                    let is_plural = matches!(text, Text::Plural { .. });
                    if is_plural != matches!(other, Text::Plural { .. }) {
                        problems.push(format!("{place}: key {key}: plural forms in one language, a text in the other"));
                    } else if arguments(text) != arguments(other) {
                        problems.push(format!(
                            "{place}: key {key}: slots {:?}, expected {:?}",
                            arguments(other),
                            arguments(text)
                        ));
                    }
                }
            }
        }
        for key in catalogue.keys().filter(|k| !model.contains_key(*k)) {
            problems.push(format!("{place}: key {key} is not in locales/en/{name}.json"));
        }
    }
}

fn ident(name: &str) -> String {
    if KEYWORDS.contains(&name) { format!("r#{name}") } else { name.to_owned() }
}

/// FNV-1a over the names of all sentences and slots: equal only where every number means the same.
fn fingerprint(areas: &BTreeMap<String, Area>) -> String {
    let mut hash: u32 = 0x811c_9dc5;
    for (name, area) in areas {
        for (key, text) in area.first().into_iter().flatten() {
            let sign = if matches!(text, Text::Plural { .. }) { "#" } else { "" };
            let slots: String = arguments(text).iter().map(|s| format!(" {s}")).collect();
            for byte in format!("{name}.{key}{sign}{slots}\n").bytes() {
                hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
            }
        }
    }
    format!("{hash:08x}")
}

/// `number` is that of the area's first sentence and becomes that of the next area's.
fn write_area(
    code: &mut String,
    name: &str,
    area: &[Catalogue],
    is_browser: bool,
    number: &mut usize,
) -> std::fmt::Result {
    let Some(model) = area.first() else { return Ok(()) };
    writeln!(code, "/// Sentences of `{name}.json`.\npub mod {} {{\nuse domain::lang::Lang as L;", ident(name))?;
    for (key, text) in model {
        let slots = arguments(text);
        let is_plural = matches!(text, Text::Plural { .. });
        let is_static = !is_plural && slots.is_empty();
        // The browser has one language; it needs the name of it only to write numbers.
        let lang = if is_browser && !is_plural { "_lang" } else { "lang" };
        let n = if is_plural { ", n: i64" } else { "" };
        let texts: String = slots.iter().map(|s| format!(", {}: &str", ident(s))).collect();
        let result = if is_static { "&'static str" } else { "String" };
        writeln!(code, "#[must_use] pub fn {}({lang}: L{n}{texts}) -> {result} {{", ident(key))?;
        if is_browser {
            writeln!(code, "{}", call(text, *number))?;
        } else {
            write_table(code, key, text, area)?;
        }
        writeln!(code, "}}")?;
        *number += if is_plural { 3 } else { 1 };
    }
    writeln!(code, "}}")
}

/// The browser's function: one call, which looks the sentence up by its number.
fn call(text: &Text, number: usize) -> String {
    let slots = arguments(text).into_iter().map(ident).collect::<Vec<_>>().join(", ");
    match text {
        Text::Plural { .. } => format!("crate::words::count({number}, n, lang, &[{slots}])"),
        Text::Plain(_) if slots.is_empty() => format!("crate::words::text({number})"),
        Text::Plain(_) => format!("crate::words::fill({number}, &[{slots}])"),
    }
}

/// The server's function: the sentence in every language.
fn write_table(code: &mut String, key: &str, text: &Text, area: &[Catalogue]) -> std::fmt::Result {
    let is_static = matches!(text, Text::Plain(_)) && arguments(text).is_empty();
    if matches!(text, Text::Plural { .. }) {
        writeln!(
            code,
            "let form_of_n = domain::format::plural(n, lang); let n = domain::format::number(n, lang); let n = n.as_str();"
        )?;
        writeln!(code, "match (lang, form_of_n) {{")?;
    } else {
        writeln!(code, "match lang {{")?;
    }
    for ((_, variant), catalogue) in LANGUAGES.iter().zip(area) {
        match catalogue.get(key) {
            Some(Text::Plain(parts)) => writeln!(code, "L::{variant} => {},", expression(parts, is_static))?,
            Some(Text::Plural { one, many, other }) => {
                writeln!(code, "(L::{variant}, domain::format::Plural::One) => {},", expression(one, false))?;
                if let Some(many) = many {
                    writeln!(code, "(L::{variant}, domain::format::Plural::Many) => {},", expression(many, false))?;
                }
                writeln!(code, "(L::{variant}, _) => {},", expression(other, false))?;
            }
            None => {}
        }
    }
    writeln!(code, "}}")
}

/// Joining texts is less work than formatting them.
fn expression(parts: &[Part], is_static: bool) -> String {
    let pieces: Vec<String> = parts
        .iter()
        .map(|part| match part {
            Part::Words(words) => format!("{words:?}"),
            Part::Slot(slot) => ident(slot),
        })
        .collect();
    if is_static { pieces.join("") } else { format!("[{}].concat()", pieces.join(", ")) }
}
