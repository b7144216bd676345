// Loaded on every page. The plain fields work alone; once the application runs (`data-hydrated` on <html>) the richer
// ones are fetched where a page has them: files at once, the editor when it is focused, or visible and there is time.
// What the agents' pages gain besides is in tickets/ and palette/.

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

const loadTaskForm = () => once("task form", async () => (await import("./tasks/form.js")).look());
const loadPlanner = () => once("planner", async () => (await import("./planner/planner.js")).look());

const loadCustomers = () => once("customers", async () => (await import("./customers/customers.js")).look());

const loadDrawer = () =>
  once("drawer", async () => {
    drawer = await import("./history/drawer.js");
    drawer.sync();
  });

const loadChat = () => once("chat", () => import("./chat/chat.js"));
const loadPanel = () => once("panel", () => import("./chat/panel.js"));

// A page that is HTML alone says from its first byte that nothing is waited for: nobody else readies its fields.
const isPlain = "hydrated" in root.dataset && !document.querySelector('link[rel="modulepreload"]');
const loadRefused = () => once("refused", async () => (await import("./forms/refused.js")).look());
const TYPED = 'form[method="post"] :is(textarea, select, input:not([type="hidden"]))';
/** Forms in which somebody typed before the module that keeps it had come. @type {Set<Element>} */
const early = new Set();
const loadPlain = () => once("plain", async () => (await import("./forms/plain.js")).look(early));
const loadPassword = () => once("password", async () => (await import("./forms/password.js")).look());
const loadStay = () => once("stay", async () => (await import("./forms/stay.js")).look());
const loadRequest = () => once("request", async () => (await import("./requests/request.js")).look());
const loadSuggest = () =>
  once("suggest", async () => {
    suggest = await import("./knowledge/suggest.js");
    suggest.look();
  });

/** @type {typeof import("./knowledge/suggest.js") | undefined} */
let suggest;

/** @type {typeof import("./tickets/tickets.js") | undefined} */
let tickets;
/** @type {typeof import("./history/drawer.js") | undefined} */
let drawer;

const seen = new IntersectionObserver((entries) => {
  if (entries.some((entry) => entry.isIntersecting)) idle(loadEditor);
});

function look() {
  if (files.length > 0) loadFiles();
  if (isPlain && document.querySelector("desk-editor, desk-files, form[data-draft]")) loadPlain();
  if (isPlain && document.querySelector(TYPED)) loadRefused();
  if (document.querySelector("button[data-show][hidden]")) loadPassword();
  if (document.querySelector("form[data-stay]")) loadStay();
  if (document.querySelector("[data-request]")) loadRequest();
  if (suggest) suggest.look();
  else if (document.querySelector("[data-suggest]")) loadSuggest();
  if (tickets) tickets.look();
  else if (document.querySelector(".ticket-place, .row-title, .computed-priority")) loadTickets();
  if (document.querySelector("form[data-task-form]:not([data-ready])")) loadTaskForm();
  if (document.querySelector("[data-planner]:not([data-ready])")) loadPlanner();
  if (!drawer && document.querySelector("[data-drawer]")) loadDrawer();
  if (document.querySelector("[data-chat]")) loadChat();
  if (document.querySelector("[data-chat-panel]")) loadPanel();
  if (document.querySelector(".customer-form, .customer-entry, [data-chooser], [data-news]")) loadCustomers();
  for (const button of document.querySelectorAll("[data-print][hidden]")) button.removeAttribute("hidden");
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

/**
 * Opens the command palette; if its module does not come, the link leads on.
 * @param {HTMLAnchorElement} link
 * @param {boolean} isClicked
 */
function openPalette(link, isClicked) {
  import("./palette/palette.js").then(
    (module) => module.show(isClicked ? link : undefined),
    () => (isClicked ? location.assign(link.href) : link.focus()),
  );
}

/** @param {KeyboardEvent} event */
function key(event) {
  const isHeld = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
  // In an editor the same keys make a link.
  if (!isHeld || event.key.toLowerCase() !== "k" || event.defaultPrevented || event.isComposing) return;
  if (event.target instanceof Element && event.target.closest("desk-editor")) return;
  const link = document.querySelector("a[data-palette]");
  // What lies before the page is answered first.
  if (!(link instanceof HTMLAnchorElement) || document.querySelector("dialog:modal")) return;
  event.preventDefault();
  openPalette(link, false);
}

/** @param {MouseEvent} event */
function click(event) {
  lengthen(event);
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest("[data-print]")) print();
  // With a key held a link is for another tab.
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const palette = target?.closest("a[data-palette]");
  if (palette instanceof HTMLAnchorElement) {
    event.preventDefault();
    openPalette(palette, true);
    return;
  }
  const further = isPlain ? target?.closest("a[data-append]") : null;
  if (further instanceof HTMLAnchorElement) {
    const { href } = further;
    event.preventDefault();
    import("./requests/request.js").then(
      (module) => module.lengthen(href),
      () => location.assign(href),
    );
    return;
  }
  if (drawer) {
    drawer.click(event);
    return;
  }
  const link = target?.closest("a[data-drawer]");
  if (!(link instanceof HTMLAnchorElement)) return;
  event.preventDefault();
  import("./history/drawer.js").then(
    (module) => {
      drawer = module;
      module.show();
    },
    () => location.assign(link.href),
  );
}

/** @param {Event} event */
function typed({ target }) {
  const form = target instanceof Element ? target.closest("form[data-draft]") : null;
  if (form) early.add(form);
}

function start() {
  look();
  addEventListener("input", typed);
  // Why a form was refused is read first; where the application runs, it sees to that.
  const refused = document.querySelector(".error-summary");
  if (isPlain && refused instanceof HTMLElement) refused.focus();
  addEventListener("click", click, { capture: true });
  addEventListener("keydown", key);
  addEventListener("popstate", () => drawer?.sync());
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
