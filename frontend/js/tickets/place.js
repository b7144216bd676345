import { icon, make } from "../shared/dom.js";

/** The rows that this tab came from: their numbers in order, and what of the list they are. */
const KEY = "guichet-list";

/** Keeps the list that is shown: a ticket may be opened from it. */
export function keepList() {
  const rows = [...document.querySelectorAll("a.row-title")];
  if (rows.length === 0) return;
  try {
    const numbers = rows.map((row) => row.getAttribute("href")?.split("/")[2]);
    const begins = !document.querySelector(".paging a[href]:not([rel])");
    const ends = !document.querySelector('.paging a[rel="next"]');
    sessionStorage.setItem(KEY, JSON.stringify({ numbers, begins, ends }));
  } catch {
    // Without a store there is no way from ticket to ticket but the list.
  }
}

/** @returns {{ numbers: string[], begins: boolean, ends: boolean }} */
function readList() {
  try {
    const { numbers, begins, ends } = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
    const known = Array.isArray(numbers) ? numbers.filter((number) => /^\d+$/.test(number)) : [];
    return { numbers: known, begins: begins === true, ends: ends === true };
  } catch {
    return { numbers: [], begins: false, ends: false };
  }
}

/** Fills in where the ticket stands in that list; the place stays empty if it is not in it. */
export function showPlace() {
  const place = /** @type {HTMLElement | null} */ (document.querySelector(".ticket-place:not([data-known])"));
  if (!place) return;
  place.dataset.known = "";
  // The address may still be that of the ticket before.
  const number = place.parentElement?.querySelector(".ticket-number")?.textContent?.replace(/\D/g, "") ?? "";
  const { numbers, begins, ends } = readList();
  const at = numbers.indexOf(number);
  if (at < 0) return;
  const sprite = document.querySelector("svg.icon use")?.getAttribute("href")?.split("#")[0] ?? "/icons.svg";
  // Of a list with further pages only the beginning is known.
  const words = begins ? [make("span", {}, [ends ? `${at + 1}/${numbers.length}` : `${at + 1}`])] : [];
  place.append(
    link("prev", numbers[at - 1], place.dataset.previous ?? "", icon(sprite, "chevron-up")),
    ...words,
    link("next", numbers[at + 1], place.dataset.next ?? "", icon(sprite, "chevron-down")),
  );
}

/**
 * @param {"prev" | "next"} rel
 * @param {string | undefined} number
 * @param {string} words
 * @param {Node} sign
 */
function link(rel, number, words, sign) {
  const keys = { prev: "[", next: "]" };
  const where = number ? { rel, href: `/tickets/${number}`, "aria-keyshortcuts": keys[rel] } : { role: "link", "aria-disabled": "true" };
  return make("a", { ...where, "aria-label": words, title: words }, [sign]);
}

/**
 * Goes to the neighbour, if there is one.
 * @param {"prev" | "next"} rel
 */
export function follow(rel) {
  const found = /** @type {HTMLElement | null} */ (document.querySelector(`.ticket-place a[rel="${rel}"]`));
  found?.click();
  return found !== null;
}
