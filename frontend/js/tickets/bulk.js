// What is chosen in a list of tickets: how much of it, and all of a page at once. The bar itself comes and goes by style alone.

const boxes = () => /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll(".row-check input")]);

/**
 * Whether a change is one of what is chosen.
 * @param {EventTarget | null} target
 */
export const isChoice = (target) => target instanceof Element && target.matches(".row-check input");

/**
 * Says something once: the page is looked at after each of its changes, also after this one.
 * @param {Element | null} element
 * @param {string} words
 */
function say(element, words) {
  if (element && element.textContent !== words) element.textContent = words;
}

/** Says how many are chosen. The button takes all of the page, or none where all are chosen. */
export function showChosen() {
  const said = /** @type {HTMLElement | null} */ (document.querySelector("[data-bulk-said]"));
  if (!said) return;
  const all = boxes();
  const chosen = all.filter((box) => box.checked).length;
  const one = said.dataset.one ?? "";
  const several = (said.dataset.several ?? "").replace("{n}", String(chosen));
  const words = chosen === 0 ? "" : chosen === 1 ? one : several;
  say(said, words);
  say(document.querySelector("[data-bulk-count]"), words);
  const button = /** @type {HTMLElement | null} */ (document.querySelector("[data-bulk-all]"));
  if (!button) return;
  if (button.hidden) button.hidden = false;
  const { bulkAll, bulkNone } = button.dataset;
  say(button, (chosen === all.length ? bulkNone : bulkAll) ?? "");
}

/** Takes all rows of the page, or none where all are taken. */
export function chooseAll() {
  const all = boxes();
  const isWanted = all.some((box) => !box.checked);
  for (const box of all) box.checked = isWanted;
  showChosen();
}
