// Loaded on every page. The plain fields work alone; once the application runs (`data-hydrated` on <html>) the richer
// ones are fetched where a page has them: files at once, the editor when it is focused, or visible and there is time.
// What the agents' pages gain besides is in tickets/.

const root = document.documentElement;
const editors = document.getElementsByTagName("desk-editor");
const files = document.getElementsByTagName("desk-files");
const idle = globalThis.requestIdleCallback ?? ((/** @type {() => void} */ act) => setTimeout(act, 200));

/** @type {Set<string>} */
const asked = new Set();

/**
 * Fetches a module once. If that fails the plain field stays, and the next occasion asks again.
 * @param {string} name
 * @param {() => Promise<unknown>} fetchModule
 */
function once(name, fetchModule) {
  if (asked.has(name)) return;
  asked.add(name);
  fetchModule().catch(() => asked.delete(name));
}

const loadEditor = () => once("editor", () => import("./editor/desk-editor.js"));
const loadFiles = () => once("files", () => import("./attachments/desk-files.js"));
const loadTickets = () =>
  once("tickets", async () => {
    tickets = await import("./tickets/tickets.js");
    tickets.look();
  });

/** @type {typeof import("./tickets/tickets.js") | undefined} */
let tickets;

const seen = new IntersectionObserver((entries) => {
  if (entries.some((entry) => entry.isIntersecting)) idle(loadEditor);
});

function look() {
  if (files.length > 0) loadFiles();
  if (tickets) tickets.look();
  else if (document.querySelector(".ticket-place, .row-title, .computed-priority")) loadTickets();
  for (const editor of editors) {
    if (editor.contains(document.activeElement)) loadEditor();
    seen.observe(editor);
  }
}

/**
 * A link to further entries leads to a page of its own; with scripts the same entries are added to this page.
 * @param {MouseEvent} event
 */
function lengthen({ target }) {
  const link = target instanceof Element ? target.closest("a[data-append]") : null;
  if (!link) return;
  link.setAttribute("href", link.getAttribute("data-append") ?? "");
  // What is being read stays where it is.
  link.setAttribute("data-noscroll", "");
}

function start() {
  look();
  addEventListener("click", lengthen, { capture: true });
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  addEventListener("focusin", ({ target }) => {
    if (target instanceof Element && target.closest("desk-editor")) loadEditor();
  });
}

if ("hydrated" in root.dataset) {
  start();
} else {
  const waiting = new MutationObserver(() => {
    if (!("hydrated" in root.dataset)) return;
    waiting.disconnect();
    start();
  });
  waiting.observe(root, { attributeFilter: ["data-hydrated"] });
}
