// Articles that may help while a new request is typed (P-NEW-04). The page of suggestions is fetched and its list shown below the
// form. "That solved it" sends nothing: it counts, and discards the draft after ten seconds, unless it is undone.

import { make } from "../shared/dom.js";

const WAIT = 300;
const LETTERS = 3;
/** More than this says nothing new, and addresses are short. */
const LONGEST = 300;
const UNDO_FOR = 10_000;
const LIST = "[data-suggestions]";

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** @type {AbortController | null} */
let loading = null;
let asked = "";
/** @type {Element | null} */
let place = null;

/** Begins on a page that has a place for articles. */
export function look() {
  const found = document.querySelector("[data-suggest]");
  if (!found || found === place) return;
  place = found;
  asked = "";
  const form = document.getElementById("new-request");
  form?.addEventListener("input", typed);
  form?.addEventListener("change", typed);
  // Typed before this module had come.
  const title = document.querySelector('#new-request [name="form[title]"]');
  if (title instanceof HTMLInputElement && title.value !== title.defaultValue) typed();
  for (const button of document.querySelectorAll("[data-look]")) button.setAttribute("hidden", "");
  place.addEventListener("click", click);
}

/** What stands in the field of that name, without markup. @param {string} name */
function text(name) {
  const field = document.querySelector(`#new-request [name="form[${name}]"]`);
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement)) return "";
  if (!field.value.includes("<")) return field.value;
  return new DOMParser().parseFromString(field.value, "text/html").body.textContent ?? "";
}

function typed() {
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT);
}

async function ask() {
  if (!(place instanceof HTMLElement)) return;
  const words = `${text("title")} ${text("description")}`.replace(/\s+/g, " ").trim().slice(0, LONGEST);
  if (words.replace(/[^\p{L}\p{N}]/gu, "").length < LETTERS || words === asked) return;
  asked = words;
  loading?.abort();
  loading = new AbortController();
  const query = new URLSearchParams({ q: words, entity: text("entity") });
  try {
    const answer = await fetch(`${place.dataset.suggest}?${query}`, { signal: loading.signal });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    show(page.querySelector(LIST));
  } catch {
    // The next key asks again; the form needs none of it.
  }
}

/** @param {Element | null} list */
function show(list) {
  const shown = place?.querySelector("[data-suggested]");
  if (!shown || !place) return;
  // One that is being read stays.
  if (shown.querySelector("details[open]")) return;
  const has = list !== null && list.querySelector("li") !== null;
  shown.replaceChildren(...(has && list ? [document.importNode(list, true)] : []));
  place.toggleAttribute("data-empty", !has);
}

/** @param {Event} event */
function click(event) {
  const button = event.target instanceof Element ? event.target.closest("button[data-helped]") : null;
  if (!(button instanceof HTMLButtonElement)) return;
  event.preventDefault();
  solved(button);
}

/** @param {HTMLButtonElement} button */
function solved(button) {
  if (!(place instanceof HTMLElement)) return;
  const { discard, said, undo } = place.dataset;
  const post = (/** @type {string} */ url, /** @type {Record<string, string>} */ fields) =>
    fetch(url, { method: "POST", body: new URLSearchParams(fields), headers: { accept: "application/json" }, keepalive: true });
  post(button.getAttribute("formaction") ?? "", { id: button.value }).catch(() => undefined);
  const back = make("button", { class: "btn btn-sm", type: "button" }, [undo ?? ""]);
  const line = make("p", { class: "banner", "data-tone": "done", role: "status" }, [make("span", {}, [said ?? ""]), back]);
  button.replaceWith(line);
  const leave = setTimeout(async () => {
    // The draft goes only now: until then everything typed is still there.
    await post(discard ?? "", { kind: "ticket", object: "new", back: "/requests" }).catch(() => undefined);
    location.assign("/requests");
  }, UNDO_FOR);
  back.addEventListener("click", () => {
    clearTimeout(leave);
    line.replaceWith(button);
  });
  back.focus();
}
