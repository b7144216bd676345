// What the page of a request gains where scripts run: it says that something was written meanwhile and shows it when asked
// (P-DET-07), and further entries come without leaving it. Both fetch the page again and take over its parts (`data-part`),
// never the form somebody is typing in.

import { fill } from "../shared/strings.js";

/** What is counted; of other changes it is only said that there are any. */
const WRITTEN = ["occurrence", "task", "message", "solution"];
/** What the page does not show. */
const ELSEWHERE = ["notification", "chat"];
/** Entries a page shows at most. */
const MOST = "200";

/** Looks at the page once. */
export function look() {
  const place = document.querySelector("[data-request]");
  const button = place?.querySelector("button");
  if (place instanceof HTMLElement && button) listen(place, button);
}

/**
 * Hears that something changed, never what.
 * @param {HTMLElement} place
 * @param {HTMLButtonElement} button
 */
function listen(place, button) {
  const number = new Intl.NumberFormat(document.documentElement.lang);
  let heard = 0;
  let written = 0;
  const tell = () => {
    const n = Math.max(written, 1);
    button.textContent = fill((n === 1 ? place.dataset.one : place.dataset.several) ?? "{n}", { n: number.format(n) });
    place.hidden = false;
  };
  const source = new EventSource(`/events?ticket=${place.dataset.request}`);
  source.addEventListener("change", ({ data }) => {
    const change = JSON.parse(data);
    if (ELSEWHERE.includes(change.kind)) return;
    heard += 1;
    if (change.what === "created" && WRITTEN.includes(change.kind)) written += 1;
    tell();
  });
  // Changes were missed.
  source.addEventListener("reset", () => {
    heard += 1;
    tell();
  });
  addEventListener("pagehide", () => source.close());
  button.addEventListener("click", async () => {
    const [before, counted] = [heard, written];
    const first = await show(newest());
    // A server that is away leaves the button where it is.
    if (first === undefined) return;
    written -= counted;
    if (heard === before) place.hidden = true;
    else tell();
    first?.focus({ preventScroll: true });
  });
}

/** Address of the present entries and all that came since. */
function newest() {
  const here = new URLSearchParams(location.search);
  const query = new URLSearchParams({ limit: MOST });
  for (const name of ["cursor", "around"]) {
    const value = here.get(name);
    if (value) query.set(name, value);
  }
  return `${location.pathname}?${query}`;
}

/**
 * Makes the page as long as the one of that address; what is being read stays where it is.
 * @param {string} href
 */
export async function lengthen(href) {
  const first = await show(href);
  if (first === undefined) {
    location.assign(href);
    return;
  }
  // A reload shows as much; back leaves the page.
  history.replaceState(history.state, "", href);
  first?.focus({ preventScroll: true });
}

/**
 * Takes over the parts of another reading of this page.
 * @param {string} address
 * @returns {Promise<HTMLElement | null | undefined>} the first entry that is new; undefined where the answer is no such page
 */
async function show(address) {
  let page;
  try {
    const answer = await fetch(address, { headers: { accept: "text/html" } });
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return undefined;
  }
  const [present, entries] = [part(document, "conversation"), part(page, "conversation")];
  if (!present || !entries) return undefined;
  const first = join(present, entries);
  for (const name of ["head", "before", "after", "next", "files"]) {
    const [old, fresh] = [part(document, name), part(page, name)];
    if (!fresh) old?.remove();
    else if (old && !old.isEqualNode(fresh)) old.replaceWith(document.adoptNode(fresh));
  }
  return first;
}

/**
 * @param {Document} page
 * @param {string} name
 */
const part = (page, name) => page.querySelector(`[data-part="${name}"]`);

/**
 * Entries that did not change stay as they are, unfolded or not.
 * @param {Element} present
 * @param {Element} entries
 * @returns {HTMLElement | null} the first that is new
 */
function join(present, entries) {
  const known = new Map([...present.children].map((item) => [idOf(item), item]));
  /** @type {HTMLElement | null} */
  let first = null;
  const items = [...entries.children].map((fresh) => {
    const old = known.get(idOf(fresh));
    if (old && folded(old).isEqualNode(folded(fresh))) return old;
    if (!old) first ??= fresh.querySelector("article");
    return document.adoptNode(fresh);
  });
  present.replaceChildren(...items);
  return first;
}

/** @param {Element} item */
const idOf = (item) => item.id || item.querySelector("[id]")?.id || "";

/** @param {Element} item */
function folded(item) {
  const copy = /** @type {Element} */ (item.cloneNode(true));
  for (const details of copy.querySelectorAll("details[open]")) details.removeAttribute("open");
  return copy;
}
