// What the pages of customers gain where scripts run. Each of them works without: forms are posted, searches lead to a
// page, news come with a reload.

import { chooser } from "./chooser.js";
import { day } from "./day.js";
import { news } from "./news.js";
import { pictures } from "./pictures.js";

/** @type {WeakSet<HTMLElement>} */
const known = new WeakSet();

/** Readies the choices of a customer that are new on the page. */
function choosers() {
  for (const element of all("[data-chooser]")) {
    if (known.has(element)) continue;
    known.add(element);
    chooser(element);
  }
}

/** Looks at the page once: none of these pages changes by itself, but for the form of a ticket, which comes and goes. */
export function look() {
  choosers();
  new MutationObserver(choosers).observe(document.body, { childList: true, subtree: true });
  for (const element of all("[data-pictures]")) pictures(element);
  for (const element of all("[data-news]")) news(element);
  for (const element of all('.customer-form input[type="date"]')) {
    if (element instanceof HTMLInputElement) day(element);
  }
  // The entry one comes from, or has just registered, is where reading begins.
  const target = document.getElementById(location.hash.slice(1));
  if (target?.matches(".customer-entry")) target.focus();
}

/** @param {string} selector */
function all(selector) {
  return /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(selector));
}
