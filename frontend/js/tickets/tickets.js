// What scripts add to the agents' list and pages of tickets. All of it stands on markup that is complete without them.

import { chooseAll, isChoice, showChosen } from "./bulk.js";
import { refresh as refreshFind, step } from "./find.js";
import { follow, keepList, showPlace } from "./place.js";
import { isFactor, showPriority } from "./priority.js";

/** Looks at the page again: the application has changed it. */
export function look() {
  keepList();
  showChosen();
  showPlace();
  showPriority();
  refreshFind();
}

addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest("[data-find-step]") : null;
  if (button) step(Number(button.getAttribute("data-find-step")));
  if (target instanceof Element && target.closest("[data-bulk-all]")) chooseAll();
});

addEventListener("change", ({ target }) => {
  if (isFactor(target)) showPriority();
  if (isChoice(target)) showChosen();
});

addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (event.isComposing || event.defaultPrevented || !(target instanceof Element)) return;
  // Asked once more for the same words, the field leads on to the next hit.
  if (target instanceof HTMLInputElement && target.matches(".stream-find")) {
    const isSame = target.value.trim() !== "" && target.value === target.defaultValue;
    if (key === "Enter" && isSame && step(event.shiftKey ? -1 : 1)) event.preventDefault();
    return;
  }
  // On many keyboards brackets are typed with AltGr, which some systems report as Ctrl and Alt.
  const isHeld = (event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState("AltGraph");
  if (isHeld || target.closest("input, textarea, select, [contenteditable]")) return;
  if ((key === "[" && follow("prev")) || (key === "]" && follow("next"))) event.preventDefault();
});
