// The form of a task stands on a plain page: nothing hydrates it. Here its editor and its files are made ready, and what is
// typed is kept as a draft, after a pause and when the page is left.

const WAIT = 1500;
/** Fields that belong to the form and not to its writer, or to one sending of it. */
const NOT_KEPT = ["key", "ticket", "id", "version", "seen", "decided"];

/** @param {HTMLElement} root */
function ready(root) {
  for (const element of root.querySelectorAll("desk-editor, desk-files")) element.setAttribute("ready", "");
  // With scripts files go ahead of the form: the field itself must not be posted, and its button is needless.
  for (const input of root.querySelectorAll("desk-files input[type=file]")) input.removeAttribute("name");
  for (const button of root.querySelectorAll("desk-files button[formenctype]")) button.setAttribute("hidden", "");
}

/**
 * The fields of the form by the names the draft knows them by.
 * @param {HTMLFormElement} form
 */
function fields(form) {
  /** @type {Record<string, string | string[]>} */
  const kept = { attachments: [] };
  for (const [name, value] of new FormData(form)) {
    const [, field, list] = /^form\[(\w+)\](\[\d*\])?$/.exec(name) ?? [];
    if (!field || typeof value !== "string" || NOT_KEPT.includes(field)) continue;
    if (!list) kept[field] = value;
    else if (Array.isArray(kept[field])) kept[field].push(value);
  }
  return kept;
}

/** @param {HTMLFormElement} form */
function keepDrafts(form) {
  const address = form.dataset.saveDraft;
  const object = form.dataset.taskForm;
  if (!address || !object) return;
  let timer = 0;
  let isSent = false;
  const save = () => {
    clearTimeout(timer);
    timer = 0;
    if (isSent) return;
    const body = new URLSearchParams({
      "form[kind]": "task",
      "form[object]": object,
      "form[fields]": JSON.stringify(fields(form)),
      "form[device]": "",
    });
    // What is not kept now is kept with the next word, and the form itself is still here.
    fetch(address, { method: "POST", body, keepalive: true, headers: { accept: "application/json" } }).catch(() => {});
  };
  const typed = () => {
    clearTimeout(timer);
    timer = setTimeout(save, WAIT);
  };
  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  form.addEventListener("submit", () => {
    isSent = true;
    clearTimeout(timer);
  });
  addEventListener("pagehide", () => {
    if (timer) save();
  });
}

/** Looks for a form that is not ready yet. */
export function look() {
  for (const form of document.querySelectorAll("form[data-task-form]:not([data-ready])")) {
    if (!(form instanceof HTMLFormElement)) continue;
    form.dataset.ready = "";
    ready(form);
    keepDrafts(form);
  }
}
