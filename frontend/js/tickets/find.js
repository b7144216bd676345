/** The hit stepped to last. @type {HTMLElement | null} */
let current = null;

/** Forgets a hit that is no longer on the page. */
export function refresh() {
  if (!current || current.isConnected) return;
  current = null;
  say("");
}

/**
 * Leads from hit to hit, round at the ends; false if there is none.
 * @param {number} by 1 or -1
 */
export function step(by) {
  const hits = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".timeline mark")]);
  if (hits.length === 0) return false;
  const at = current ? hits.indexOf(current) : -1;
  const next = at < 0 ? (by > 0 ? 0 : hits.length - 1) : (at + by + hits.length) % hits.length;
  current?.removeAttribute("data-current");
  current = hits[next];
  current.dataset.current = "";
  current.scrollIntoView({ block: "center" });
  say(`${next + 1}/${hits.length}`);
  return true;
}

/** @param {string} words */
function say(words) {
  const place = document.querySelector("[data-find-place]");
  if (place && place.textContent !== words) place.textContent = words;
}
