// What the pages of customers gain where scripts run. Each of them works without: forms are posted, searches lead to a
// page, news come with a reload.

import { chooser } from "./chooser.js";
import { day } from "./day.js";
import { news } from "./news.js";
import { pictures } from "./pictures.js";

/** Looks at the page once: none of these pages changes by itself. */
export function look() {
  for (const element of all("[data-chooser]")) chooser(element);
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
