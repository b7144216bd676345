// A form whose refusal must not cost what was typed, and for which there is no draft, as nobody is signed in: it is sent beside
// the page. If the answer is the same form again, its complaints are shown around what was typed; anything else is followed.

import { look as lookAtPasswords } from "./password.js";

const FORM = "form[data-stay]";

/** Looks at the page once. */
export function look() {
  for (const form of document.querySelectorAll(FORM)) form.addEventListener("submit", submit);
}

/** @param {Event} event */
async function submit(event) {
  const form = event.currentTarget;
  if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
  event.preventDefault();
  // A double click sends once.
  if (form.hasAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector(FORM);
    if (fresh instanceof HTMLFormElement && new URL(fresh.action).pathname === new URL(form.action).pathname) complain(form, fresh);
    else location.assign(answer.url);
  } catch {
    // The browser says best what it could not reach.
    form.submit();
  }
  form.removeAttribute("aria-busy");
}

/**
 * Shows what the fresh form says; the fields themselves stay, with what is in them.
 * @param {HTMLFormElement} form
 * @param {HTMLFormElement} fresh
 */
function complain(form, fresh) {
  for (const next of [...fresh.elements]) {
    const name = next.getAttribute("name");
    const field = name ? form.elements.namedItem(name) : null;
    if (!(field instanceof Element)) continue;
    for (const told of ["aria-invalid", "aria-describedby"]) {
      const value = next.getAttribute(told);
      if (value === null) field.removeAttribute(told);
      else field.setAttribute(told, value);
    }
    next.replaceWith(field);
  }
  form.replaceChildren(...fresh.childNodes);
  lookAtPasswords();
  const refused = form.querySelector(".error-summary");
  if (refused instanceof HTMLElement) refused.focus();
}
