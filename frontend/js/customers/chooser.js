import { make } from "../shared/dom.js";
import { fill } from "../shared/strings.js";

/** Milliseconds after the last key before the server is asked. */
const PAUSE = 150;

/**
 * @typedef {object} Found
 * @property {string} id
 * @property {string} name
 * @property {string} legal_name
 * @property {string} entity
 */

/**
 * A choice of a customer: the radios below the field follow what is typed. The one that is chosen stays.
 * @param {HTMLElement} fieldset
 */
export function chooser(fieldset) {
  const input = /** @type {HTMLInputElement | null} */ (fieldset.querySelector('input[type="search"]'));
  const list = fieldset.querySelector("ul");
  const said = fieldset.querySelector("[data-said]");
  if (!input || !list) return;
  const button = fieldset.querySelector("button");
  const nothing = /** @type {HTMLElement | null} */ (list.querySelector("[data-nothing]"));
  let timer = 0;
  /** @type {AbortController | null} */
  let asking = null;

  /** @param {string} words */
  const say = (words) => {
    if (said) said.textContent = words;
  };

  /** @param {Found[]} items */
  const show = (items) => {
    for (const row of [...list.children]) {
      const radio = /** @type {HTMLInputElement | null} */ (row.querySelector("input"));
      if (radio?.value && !radio.checked) row.remove();
    }
    const kept = new Set([...list.querySelectorAll("input")].map((radio) => radio.value));
    const fresh = items.filter((item) => !kept.has(item.id));
    list.append(...fresh.map((item) => choice(fieldset.dataset.name ?? "customer", item)));
    // "Any" is a choice where there is another one.
    if (nothing) nothing.hidden = list.children.length === 1;
    say(input.value.trim() ? told(fieldset, items.length) : "");
  };

  const find = async () => {
    asking?.abort();
    clearTimeout(timer);
    const words = input.value.trim();
    if (!words) {
      show([]);
      return;
    }
    asking = new AbortController();
    const { signal } = asking;
    const url = new URL(fieldset.dataset.chooser ?? "", location.href);
    url.searchParams.set("q", words);
    try {
      const answer = await fetch(url, { signal, headers: { accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      show((await answer.json()).items);
    } catch {
      // A later question has taken its place, or it failed.
      if (!signal.aborted) say(fieldset.dataset.failed ?? "");
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      find();
    } else if (event.key === "ArrowDown") {
      const first = list.querySelector("li:not([hidden]) input");
      if (!(first instanceof HTMLElement)) return;
      event.preventDefault();
      first.focus();
    }
  });
  // The button looks for the words without leaving the page. Enter in another field of the form clicks it too, being its first.
  button?.addEventListener("click", (event) => {
    if (event.detail === 0 && document.activeElement !== button) return;
    event.preventDefault();
    find();
  });
}

/**
 * How many were found, for those who hear the page.
 * @param {HTMLElement} fieldset
 * @param {number} n
 */
function told(fieldset, n) {
  const { none, foundOne, foundSeveral } = fieldset.dataset;
  const words = n === 0 ? none : n === 1 ? foundOne : foundSeveral;
  return fill(words ?? "", { n: String(n) });
}

/**
 * @param {string} name
 * @param {Found} item
 */
function choice(name, item) {
  const second = [item.legal_name, item.entity].filter(Boolean).join(" · ");
  const radio = make("input", { class: "radio radio-primary radio-sm", type: "radio", name, value: item.id });
  const words = make("span", {}, [item.name, make("small", {}, [second])]);
  return make("li", {}, [make("label", { class: "customer-choice" }, [radio, words])]);
}
