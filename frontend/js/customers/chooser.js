import { combobox } from "../shared/combobox.js";
import { make } from "../shared/dom.js";
import { fill } from "../shared/strings.js";

/** Milliseconds after the last key before the server is asked. */
const PAUSE = 150;
/** Milliseconds of rest after which it is said how many were found. */
const REST = 500;

/**
 * @typedef {object} Found
 * @property {string} id
 * @property {string} name
 * @property {string} legal_name
 * @property {string} entity
 */

/**
 * A choice of a customer: the field of words is a combobox, and the one that is taken stands below it as the chosen radio, which
 * the form carries. Those that the page came with stay until something else is looked for.
 * @param {HTMLElement} fieldset
 */
export function chooser(fieldset) {
  const input = /** @type {HTMLInputElement | null} */ (fieldset.querySelector('input[type="search"]'));
  const list = fieldset.querySelector(".customer-choices");
  const said = fieldset.querySelector("[data-said]");
  if (!input || !list) return;
  const button = fieldset.querySelector("button");
  const nothing = /** @type {HTMLElement | null} */ (list.querySelector("[data-nothing]"));
  let timer = 0;
  let rest = 0;
  /** @type {AbortController | null} */
  let asking = null;

  /** @param {string} words */
  const say = (words) => {
    clearTimeout(rest);
    if (said) said.textContent = words;
  };

  /** Leaves the radios that count: the chosen one, and that of nobody where there is another. */
  const tidy = () => {
    for (const row of [...list.children]) {
      const radio = row.querySelector("input");
      if (radio?.value && !radio.checked) row.remove();
    }
    if (nothing) nothing.hidden = list.children.length === 1;
  };

  /** @param {Found} item */
  const take = (item) => {
    asking?.abort();
    clearTimeout(timer);
    const known = [...list.querySelectorAll("input")].find((radio) => radio.value === item.id);
    if (!known) list.append(choice(fieldset.dataset.name ?? "customer", item));
    const radio = known ?? list.querySelector("li:last-child input");
    if (!(radio instanceof HTMLInputElement)) return;
    radio.checked = true;
    tidy();
    input.value = "";
    say(item.name);
    // A draft is kept of it like of any choice.
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const label = input.labels?.[0]?.textContent ?? "";
  const found = combobox(input, { label, draw: words, take });

  /** @param {Found[]} items */
  const show = (items) => {
    tidy();
    found.show(items);
    say("");
    // Who is still typing is not interrupted.
    if (input.value.trim()) rest = setTimeout(() => say(told(fieldset, items.length)), REST);
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
      const { items } = await answer.json();
      // Another one was taken, or other words were begun, meanwhile.
      if (!signal.aborted) show(items);
    } catch {
      // A later question has taken its place, or it failed.
      if (!signal.aborted) say(fieldset.dataset.failed ?? "");
    }
  };

  input.addEventListener("input", () => {
    asking?.abort();
    clearTimeout(timer);
    clearTimeout(rest);
    timer = setTimeout(find, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    // The list has taken the key, or nothing is marked in it: the form is not sent from here.
    if (event.key !== "Enter" || event.defaultPrevented || event.isComposing) return;
    event.preventDefault();
    find();
  });
  // The button looks for the words without leaving the page. Enter in another field of the form clicks it too, being its first.
  button?.addEventListener("click", (event) => {
    if (event.detail === 0 && document.activeElement !== button) return;
    event.preventDefault();
    input.focus();
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
 * Its name, and what tells it from another of that name.
 * @param {Found} item
 */
function words(item) {
  return [item.name, make("small", {}, [[item.legal_name, item.entity].filter(Boolean).join(" · ")])];
}

/**
 * @param {string} name
 * @param {Found} item
 */
function choice(name, item) {
  const radio = make("input", { class: "radio radio-primary radio-sm", type: "radio", name, value: item.id });
  return make("li", {}, [make("label", { class: "customer-choice" }, [radio, make("span", {}, words(item))])]);
}
