// The history beside its ticket. Its link leads to a page; with scripts a drawer shows what that page holds, under an
// address of its own (`?panel=history`), so that back, forward, reload and a link to it work.

import { icon, make } from "../shared/dom.js";

const PANEL = "history";
const OPENER = "a[data-drawer]";
/** What of a page the drawer shows. */
const CONTENT = "[data-history]";

/** @type {HTMLDialogElement | null} */
let drawer = null;
/** The drawer was opened here: closing it goes back instead of leaving one more step. */
let isOwnStep = false;
/** @type {AbortController | null} */
let loading = null;

/** @returns {HTMLAnchorElement | null} */
const opener = () => document.querySelector(OPENER);

/**
 * @param {HTMLElement} shown
 * @returns {HTMLElement | null}
 */
const title = (shown) => shown.querySelector("#drawer-title");

const isAsked = () => new URLSearchParams(location.search).get("panel") === PANEL;

/** @param {boolean} open */
function address(open) {
  const url = new URL(location.href);
  if (open) url.searchParams.set("panel", PANEL);
  else url.searchParams.delete("panel");
  return url.pathname + url.search + url.hash;
}

/** Opens or closes as the address says. */
export function sync() {
  const link = opener();
  if (isAsked() && link) open(link);
  else shut();
}

/** Opens the drawer, one step further in what "back" goes through. */
export function show() {
  if (!isAsked()) {
    // The router keeps what it needs in the state; this step is none of its own.
    history.pushState(history.state, "", address(true));
    isOwnStep = true;
  }
  sync();
}

/**
 * A click without a key held: on the link to the history, or inside the drawer.
 * @param {MouseEvent} event
 */
export function click(event) {
  const target = event.target instanceof Element ? event.target : null;
  const link = target?.closest("a");
  if (!(link instanceof HTMLAnchorElement)) return;
  if (link.matches(OPENER)) {
    event.preventDefault();
    show();
  } else if (drawer?.contains(link) && link !== drawer.querySelector(".drawer-page")) {
    if (isPage(link)) {
      event.preventDefault();
      load(link.href);
    } else if (!link.relList.contains("external")) {
      // It leads to the ticket: the drawer goes, the router does the rest. Back brings the drawer again.
      shut();
    }
  }
}

/**
 * Whether a link leads to another page of this history, which the drawer can show; one to print is a page of its own.
 * @param {HTMLAnchorElement} link
 */
function isPage(link) {
  const own = opener();
  return own !== null && link.origin === location.origin && link.pathname === own.pathname && !link.search.includes("print=");
}

/** @param {SubmitEvent} event */
function submit(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  event.preventDefault();
  const url = new URL(form.action);
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value !== "") url.searchParams.append(name, value);
  }
  load(url.href);
}

/** @param {HTMLAnchorElement} link */
function open(link) {
  if (drawer) return;
  const words = link.dataset;
  const sprite = link.querySelector("use")?.getAttribute("href")?.split("#")[0] ?? "";
  const close = make("button", { class: "btn btn-ghost btn-sm btn-icon", type: "button", "aria-label": words.close ?? "", title: words.close ?? "" }, [
    icon(sprite, "x"),
  ]);
  close.addEventListener("click", leave);
  const page = make("a", { class: "btn btn-ghost btn-sm drawer-page", href: link.href, rel: "external" }, [words.open ?? ""]);
  const heading = make("h2", { id: "drawer-title", tabindex: "-1" }, [words.drawer ?? ""]);
  const dialog = document.createElement("dialog");
  dialog.className = "drawer";
  dialog.setAttribute("aria-labelledby", "drawer-title");
  dialog.append(make("div", { class: "drawer-head" }, [heading, page, close]), make("div", { class: "drawer-body" }));
  // Esc and a click beside the drawer.
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    leave();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) leave();
  });
  dialog.addEventListener("submit", submit);
  document.body.append(dialog);
  drawer = dialog;
  dialog.showModal();
  heading.focus();
  load(link.href);
}

/** Takes the drawer away and gives the focus back. */
function shut() {
  if (!drawer) return;
  loading?.abort();
  const gone = drawer;
  drawer = null;
  isOwnStep = false;
  gone.close();
  opener()?.focus({ preventScroll: true });
  // A link that was clicked in it must stay in the document until the click is over.
  setTimeout(() => gone.remove());
}

/** Closed by its reader: the address is again that of the ticket. */
function leave() {
  if (isOwnStep) {
    history.back();
    return;
  }
  history.replaceState(history.state, "", address(false));
  shut();
}

/**
 * Shows what a page of the history holds.
 * @param {string} href
 */
async function load(href) {
  const body = drawer?.querySelector(".drawer-body");
  if (!drawer || !body) return;
  loading?.abort();
  const mine = new AbortController();
  loading = mine;
  body.setAttribute("aria-busy", "true");
  let content = null;
  try {
    const answer = await fetch(href, { headers: { accept: "text/html" }, signal: mine.signal });
    content = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(CONTENT);
  } catch {
    // Told below, unless somebody asked for something else meanwhile.
  }
  if (mine.signal.aborted) return;
  const failed = opener()?.dataset.failed ?? "";
  body.replaceChildren(content ? document.adoptNode(content) : make("p", { class: "muted", role: "alert" }, [failed]));
  body.removeAttribute("aria-busy");
  drawer.querySelector(".drawer-page")?.setAttribute("href", href);
  drawer.scrollTop = 0;
  // What had the focus may be gone with the rows before.
  if (!drawer.contains(document.activeElement)) title(drawer)?.focus();
}
