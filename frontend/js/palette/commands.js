// What the page offers, read from what stands on it. Menus, links and buttons are there only for those who may use them, and say
// what they do in the reader's language: the palette has no list of its own.

/**
 * @typedef {object} Command
 * @property {"ticket" | "place" | "create"} group
 * @property {string} word
 * @property {string} key the key that does the same; empty = none
 * @property {string} sign name of its icon
 * @property {string} href where a link leads; empty = a button
 * @property {HTMLElement} source what it stands for
 */

/** About the ticket that is shown, what comes next first. */
const TICKET = [
  ".ticket-next :is(a, button)",
  "#dock > summary",
  ".ticket-actions > a",
  "#pop-more .menu-list :is(a, button)",
  "#pop-status .menu-list :is(a, button)",
  ".ticket-facts > :is(a, button)",
  ".ticket-tabs a",
  ".ticket-place a[href]",
];
/** Places, and what begins something new. */
const PLACES = [".shell-rail a", ".bottom-bar a", ".shell-tools > a", "#pop-me .menu-list a"];
/** Where the words of a source are, if more than words stands in it. */
const WORDS = ".cmd-word, .rail-word, .btn-word, .dock-prompt";

/**
 * The words of a source without numbers, keys and what is only heard.
 * @param {HTMLElement} source
 */
function wordOf(source) {
  const own = source.querySelector(WORDS)?.textContent || source.getAttribute("aria-label");
  if (own) return own.trim();
  const copy = /** @type {HTMLElement} */ (source.cloneNode(true));
  for (const part of copy.querySelectorAll("svg, kbd, .count, .vh")) part.remove();
  return copy.textContent?.trim() || source.title;
}

/**
 * @param {HTMLElement} source
 * @param {"ticket" | "place"} group
 * @returns {Command}
 */
function read(source, group) {
  const link = source instanceof HTMLAnchorElement ? source : null;
  const isNew = group === "place" && link?.pathname.endsWith("/new");
  return {
    group: isNew ? "create" : group,
    word: wordOf(source),
    key: source.getAttribute("aria-keyshortcuts") ?? source.querySelector("kbd")?.textContent ?? "",
    sign: source.querySelector("use")?.getAttribute("href")?.split("#")[1] ?? "chevron-right",
    href: link?.href ?? "",
    source,
  };
}

/**
 * What the page offers, each once: a command may have several doors.
 * @returns {Command[]}
 */
export function commands() {
  /** @type {Command[]} */
  const all = [];
  /** @param {string[]} selectors @param {"ticket" | "place"} group */
  const add = (selectors, group) => {
    for (const selector of selectors) {
      for (const source of document.querySelectorAll(selector)) {
        if (!(source instanceof HTMLElement) || source.getAttribute("aria-disabled") === "true") continue;
        const one = read(source, group);
        // A link to where one is leads nowhere.
        if (!one.word || one.href === location.href) continue;
        if (all.some((other) => other.group === one.group && (other.word === one.word || (one.href !== "" && other.href === one.href)))) continue;
        all.push(one);
      }
    }
  };
  add(TICKET, "ticket");
  add(PLACES, "place");
  return all;
}

/**
 * Does what its door does. The page may have been drawn anew since it was read.
 * @param {Command} command
 */
export function run(command) {
  const now = command.source.isConnected
    ? command
    : commands().find((other) => other.group === command.group && other.word === command.word);
  if (!now) return;
  const { source } = now;
  const details = source.matches("summary") ? source.closest("details") : null;
  if (details) {
    // A form that is folded is opened, never shut, and its text takes the focus.
    details.open = true;
    const text = details.querySelector("desk-editor .desk-editor-surface") ?? details.querySelector("desk-editor > textarea") ?? source;
    if (text instanceof HTMLElement) text.focus();
    return;
  }
  // A menu opens beside its button; from there Tab leads into it.
  if (source.matches("[popovertarget]")) source.focus();
  source.click();
}

/** @param {string} text */
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/**
 * Whether every word typed is the beginning of a word of a command, accents and case aside.
 * @param {string} word
 * @param {string} typed
 */
export function fits(word, typed) {
  const own = fold(word).split(/[^\p{L}\p{N}]+/u);
  const asked = fold(typed).split(/\s+/).filter(Boolean);
  return asked.every((part) => own.some((piece) => piece.startsWith(part)) || fold(word).startsWith(part));
}
