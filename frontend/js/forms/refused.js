// Small forms of pages that are HTML alone have no draft on the server. What was typed into one stays in this tab while it is
// posted, and stands in its fields again where the answer is a refusal, also after its writer had to sign in again: for him and
// for nobody else. Passwords and files are never kept. The server keeps most of these forms, too, for browsers without scripts;
// this is for those of which it does not know whose they were.

const KEY = "guichet-posted";
/** Milliseconds after which nobody waits for it any more. */
const AGE = 600_000;
const KINDS = ["text", "search", "email", "tel", "url", "number", "date", "time", "datetime-local", "checkbox", "radio", "select-one", "textarea"];

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control */
/** @typedef {{ name: string, value: string, checked: boolean }} Field */
/** @typedef {{ who: string, path: string, action: string, id: string, at: number, fields: Field[] }} Kept */

/** Id of who is signed in on this page; empty = nobody. */
function reader() {
  /** @type {{ viewer?: { id?: string } | null }} */
  const boot = JSON.parse(document.documentElement.dataset.boot || "{}");
  return boot.viewer?.id ?? "";
}

/** @param {HTMLFormElement} form */
const isSmall = (form) =>
  form.getAttribute("method") === "post" &&
  !form.matches("[data-draft], [data-task-form]") &&
  !form.querySelector('desk-editor, desk-files, [type="password"], [type="file"]');

/**
 * The fields people fill in, not those that belong to the form.
 * @param {HTMLFormElement} form
 */
const controls = (form) =>
  /** @type {Control[]} */ ([...form.elements]).filter((field) => field.name && KINDS.includes(field.type));

/** @param {Control} field */
const isChecked = (field) => field instanceof HTMLInputElement && field.checked;

/** @param {HTMLFormElement} form */
const action = (form) => form.getAttribute("action") ?? "";

/**
 * What the form is about: several of a page may have the same address.
 * @param {HTMLFormElement} form
 */
const idOf = (form) => form.querySelector('input[type="hidden"][name="form[id]"]')?.getAttribute("value") ?? "";

/** @param {Event} event */
function keep({ target }) {
  if (!(target instanceof HTMLFormElement) || !isSmall(target)) return;
  const fields = controls(target).map((field) => ({ name: field.name, value: field.value, checked: isChecked(field) }));
  if (fields.length === 0) return;
  const kept = { who: reader(), path: location.pathname, action: action(target), id: idOf(target), at: Date.now(), fields };
  try {
    sessionStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing posts all the same.
  }
}

/** @returns {Kept | null} */
function take() {
  try {
    const text = sessionStorage.getItem(KEY);
    /** @type {Kept | null} */
    const kept = text ? JSON.parse(text) : null;
    const who = reader();
    // On the way through the page "Sign in" it waits for its writer.
    if (kept?.who && !who) return null;
    sessionStorage.removeItem(KEY);
    return kept?.who === who ? kept : null;
  } catch {
    return null;
  }
}

/**
 * @param {Control} field
 * @param {Field[]} fields
 */
function fill(field, fields) {
  if (field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio")) {
    const is = fields.some((one) => one.name === field.name && one.value === field.value && one.checked);
    if (field.checked === field.defaultChecked) field.checked = is;
    return;
  }
  const was = fields.find((one) => one.name === field.name);
  // Who has begun to type again goes on with that.
  const isTouched = !(field instanceof HTMLSelectElement) && field.value !== field.defaultValue;
  if (!was || isTouched || field.value === was.value) return;
  field.value = was.value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Puts back what was refused, and keeps what is posted next. */
export function look() {
  const kept = take();
  const isRefused = document.querySelector('.error-summary, .banner[role="alert"]') !== null;
  if (kept && isRefused && kept.path === location.pathname && Date.now() - kept.at < AGE) {
    const form = [...document.forms].find((one) => isSmall(one) && action(one) === kept.action && idOf(one) === kept.id);
    for (const field of form ? controls(form) : []) fill(field, kept.fields);
  }
  addEventListener("submit", keep);
}
