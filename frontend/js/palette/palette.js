// The command palette: a dialog with a combobox over what the page offers and what the server finds. Opened by Ctrl/Cmd+K or by
// the link beside the search, which leads to the page of the search where there are no scripts.

import { freshId, icon, make } from "../shared/dom.js";
import { fill } from "../shared/strings.js";
import { commands, fits, run } from "./commands.js";

/** Milliseconds after the last key before the server is asked. */
const PAUSE = 150;
/** Milliseconds of rest after which it is said how many there are. */
const REST = 500;
const OPTIONS = "/search/options";
const NEW = "/tickets/new";
/** A sign before the words asks for one kind alone. @type {Record<string, string>} */
const SIGNS = { ">": "command", "#": "ticket", "?": "article" };
/** @type {Record<string, string>} */
const ICONS = { ticket: "ticket", article: "book-open", customer: "building-2" };

/** The words, where the page forgot them. @type {Record<string, string>} */
const FALLBACK = {
  name: "Search and commands",
  field: "Command, words or #number",
  hint: "> commands, # tickets, ? articles",
  ticket: "This ticket",
  place: "Go to",
  create: "Create",
  found: "Found",
  article: "Article",
  customer: "Customer",
  searching: "Searching",
  failed: "The search failed. Try again.",
  nothing: "Nothing found for {q}",
  create_with: "Create a ticket with this title",
  one: "{n} found",
  several: "{n} found",
  close: "Close",
};

/**
 * @typedef {object} Found
 * @property {string} kind `ticket`, `article`, `customer`
 * @property {string} href
 * @property {string} title
 * @property {string} note
 */

/**
 * @typedef {object} Row
 * @property {string} word
 * @property {string} note
 * @property {string} key
 * @property {string} sign
 * @property {string} href
 * @property {import("./commands.js").Command | null} command what it does besides leading somewhere
 */

/** @type {HTMLDialogElement | null} */
let shown = null;

/** @returns {Record<string, string>} */
function words() {
  try {
    return { ...FALLBACK, ...JSON.parse(document.documentElement.dataset.paletteWords || "{}") };
  } catch {
    return FALLBACK;
  }
}

/**
 * What is asked for: the kind that a sign before the words names, empty for all, and the words.
 * @param {string} typed
 */
function read(typed) {
  const text = typed.trim();
  const kind = SIGNS[text.slice(0, 1)] ?? "";
  return { kind, text: kind ? text.slice(1).trim() : text };
}

/**
 * Opens the palette; closed, it gives the focus back to what has it now.
 * @param {HTMLElement} [opener] what was clicked
 */
export function show(opener) {
  if (shown) return;
  opener?.focus({ preventScroll: true });
  const say = words();
  const sprite = document.querySelector("svg.icon use")?.getAttribute("href")?.split("#")[0] ?? "/icons.svg";
  const all = commands();
  const mayCreate = all.some((one) => one.href !== "" && new URL(one.href).pathname === NEW);

  const hint = make("p", { class: "palette-foot", id: freshId() }, [say.hint]);
  const list = make("div", { class: "palette-list", id: freshId(), role: "listbox", "aria-label": say.name });
  const input = /** @type {HTMLInputElement} */ (
    make("input", {
      class: "palette-field",
      type: "text",
      role: "combobox",
      maxlength: "200",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      enterkeyhint: "go",
      placeholder: say.field,
      "aria-label": say.field,
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": list.id,
      "aria-describedby": hint.id,
    })
  );
  const close = make("button", { class: "btn btn-ghost btn-sm btn-icon", type: "button", "aria-label": say.close, title: say.close }, [icon(sprite, "x")]);
  const state = make("p", { class: "palette-state", hidden: "" });
  const said = make("p", { class: "vh", role: "status" });
  const dialog = /** @type {HTMLDialogElement} */ (
    make("dialog", { class: "palette", "aria-label": say.name }, [
      make("div", { class: "palette-box" }, [icon(sprite, "search"), input, close]),
      list,
      state,
      hint,
      said,
    ])
  );

  /** @type {{ row: Row, option: HTMLElement }[]} */
  let rows = [];
  let active = -1;
  /** @type {Found[]} */
  let found = [];
  /** @type {"rest" | "waiting" | "searching" | "done" | "failed"} */
  let stage = "rest";
  /** Enter was pressed before there was anything: the first that is found is taken. */
  let isWanted = false;
  let timer = 0;
  let rest = 0;
  /** @type {AbortController | null} */
  let asking = null;

  const shut = () => {
    if (shown !== dialog) return;
    shown = null;
    asking?.abort();
    clearTimeout(timer);
    clearTimeout(rest);
    // Gives the focus back by itself.
    dialog.close();
    // A link that was clicked in it must stay in the document until the click is over.
    setTimeout(() => dialog.remove());
  };

  /** @param {number} at */
  const mark = (at) => {
    active = at;
    input.removeAttribute("aria-activedescendant");
    rows.forEach(({ option }, n) => {
      option.setAttribute("aria-selected", String(n === at));
      if (n !== at) return;
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    });
  };

  /** The groups and what is in them now. @returns {[title: string, rows: Row[]][]} */
  const groups = () => {
    const { kind, text } = read(input.value);
    const own = kind && kind !== "command" ? [] : all.filter((one) => fits(one.word, text));
    /** @param {string} group @returns {Row[]} */
    const of = (group) =>
      own.filter((one) => one.group === group).map((one) => ({ word: one.word, note: "", key: one.key, sign: one.sign, href: one.href, command: one }));
    const hits = found
      .filter((one) => !kind || one.kind === kind)
      .map((one) => ({
        word: one.title,
        note: [say[one.kind === "ticket" ? "" : one.kind], one.note].filter(Boolean).join(" · "),
        key: "",
        sign: ICONS[one.kind] ?? "chevron-right",
        href: one.href,
        command: null,
      }));
    const create = of("create");
    // A number is no title.
    if (stage === "done" && mayCreate && own.length + hits.length === 0 && kind !== "article" && /[^\d\s]/.test(text)) {
      create.push({ word: say.create_with, note: "", key: "", sign: "plus", href: `${NEW}?title=${encodeURIComponent(text)}`, command: null });
    }
    return [
      [say.ticket, of("ticket")],
      [say.place, of("place")],
      [say.create, create],
      [say.found, hits],
    ];
  };

  /** @param {Row} row */
  const draw = (row) => {
    const children = [
      icon(sprite, row.sign),
      make("span", { class: "palette-word" }, [row.word]),
      ...(row.note ? [make("small", {}, [row.note])] : []),
      ...(row.key ? [make("kbd", { class: "kbd" }, [row.key])] : []),
    ];
    const link = row.href ? { href: row.href, tabindex: "-1" } : {};
    const option = make(row.href ? "a" : "div", { ...link, class: "combo-option palette-option", id: freshId(), role: "option", "aria-selected": "false" }, children);
    rows.push({ row, option });
    return option;
  };

  /** What is said instead of rows, or beside them: that is looked, that it failed, that there is nothing. */
  const told = () => {
    if (stage === "searching") return say.searching;
    if (stage === "failed") return say.failed;
    const { kind, text } = read(input.value);
    const isEmpty = rows.every(({ row }) => row.word === say.create_with && !row.command);
    const isOver = stage === "done" || (stage === "rest" && kind === "command");
    return text && isEmpty && isOver ? fill(say.nothing, { q: text }) : "";
  };

  const refresh = () => {
    const last = rows[active]?.row;
    rows = [];
    list.replaceChildren(
      ...groups()
        .filter(([, members]) => members.length > 0)
        .map(([title, members]) => {
          const heading = make("div", { class: "palette-title", id: freshId(), role: "presentation" }, [title]);
          return make("div", { role: "group", "aria-labelledby": heading.id }, [heading, ...members.map(draw)]);
        }),
    );
    const { text } = read(input.value);
    list.hidden = rows.length === 0;
    input.setAttribute("aria-expanded", String(rows.length > 0));
    // What was marked stays so; with words the first is, so that Enter takes it.
    const again = last ? rows.findIndex(({ row }) => row.word === last.word && row.href === last.href) : -1;
    mark(again >= 0 ? again : text && rows.length > 0 ? 0 : -1);
    const sentence = told();
    state.textContent = sentence;
    state.hidden = sentence === "";
    clearTimeout(rest);
    said.textContent = "";
    // Who is still typing, or waiting, is not interrupted.
    if (!text || stage === "waiting" || stage === "searching") return;
    rest = setTimeout(() => {
      said.textContent = sentence || fill(rows.length === 1 ? say.one : say.several, { n: String(rows.length) });
    }, REST);
  };

  const find = async () => {
    clearTimeout(timer);
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    stage = "searching";
    refresh();
    const url = new URL(OPTIONS, location.href);
    url.searchParams.set("q", read(input.value).text);
    try {
      const answer = await fetch(url, { signal, headers: { accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const { items } = await answer.json();
      if (signal.aborted) return;
      found = items;
      stage = "done";
    } catch {
      // Other words were begun, or it failed.
      if (signal.aborted) return;
      stage = "failed";
    }
    refresh();
    const first = isWanted ? rows.find(({ row }) => found.some((one) => one.href === row.href)) : undefined;
    isWanted = false;
    first?.option.click();
  };

  const typed = () => {
    clearTimeout(timer);
    asking?.abort();
    found = [];
    isWanted = false;
    active = -1;
    const { kind, text } = read(input.value);
    const isAsked = text !== "" && kind !== "command";
    stage = isAsked ? "waiting" : "rest";
    if (isAsked) timer = setTimeout(find, PAUSE);
    refresh();
  };

  /** @param {boolean} isElsewhere in another tab */
  const enter = (isElsewhere) => {
    const taken = rows[active];
    if (taken && isElsewhere) {
      if (!taken.row.href) return;
      window.open(taken.row.href, "_blank", "noopener");
      shut();
    } else if (taken) {
      taken.option.click();
    } else if (stage === "waiting" || stage === "searching") {
      isWanted = true;
      if (stage === "waiting") find();
    }
  };

  input.addEventListener("input", typed);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const last = rows.length - 1;
    if (event.key === "ArrowDown" && last >= 0) mark(active >= last ? 0 : active + 1);
    else if (event.key === "ArrowUp" && last >= 0) mark(active <= 0 ? last : active - 1);
    else if (event.key === "Enter") enter(event.ctrlKey || event.metaKey);
    else return;
    event.preventDefault();
  });
  // The field keeps the focus.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target instanceof Element ? event.target.closest('[role="option"]') : null;
    const taken = rows.find((one) => one.option === option);
    // With a key held a link is for another tab.
    if (!taken || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const { command } = taken.row;
    if (command) event.preventDefault();
    shut();
    if (command) run(command);
  });
  close.addEventListener("click", shut);
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog) shut();
  });
  dialog.addEventListener("keydown", (event) => {
    const isOpener = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k";
    if (!isOpener) return;
    event.preventDefault();
    shut();
  });
  // By Esc.
  dialog.addEventListener("close", shut);

  document.body.append(dialog);
  shown = dialog;
  refresh();
  dialog.showModal();
  input.focus();
}
