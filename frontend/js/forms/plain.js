// Forms of pages that are HTML alone: nobody but this module tells their richer fields that they may begin, and keeps what is
// typed on the server a second after the last key. Without scripts each post does (T-DRF-02).

const SAVE_AFTER = 1000;
/** Fields that belong to the form and not to its writer. */
const NOT_KEPT = ["key", "id", "version", "seen", "decided", "publish", "confirm_public"];

/** @type {WeakSet<HTMLFormElement>} */
const known = new WeakSet();

/**
 * Makes the fields and forms of the page ready.
 * @param {Set<Element>} early forms in which somebody has typed already
 */
export function look(early) {
  for (const element of document.querySelectorAll("desk-editor:not([ready]), desk-files:not([ready])")) {
    element.setAttribute("ready", "");
    // Files go ahead of the form from now on: the buttons for pages without scripts have nothing to do.
    for (const button of element.querySelectorAll("button[formaction]")) button.setAttribute("hidden", "");
  }
  for (const form of document.querySelectorAll("form[data-draft]")) {
    if (form instanceof HTMLFormElement && !known.has(form)) keep(form, early.has(form));
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {boolean} isTyped
 */
function keep(form, isTyped) {
  known.add(form);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {AbortController | undefined} */
  let saving;
  const typed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      saving?.abort();
      saving = new AbortController();
      save(form, saving.signal);
    }, SAVE_AFTER);
  };
  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  // What is sent is kept by the server, and must not come back behind it.
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    saving?.abort();
  });
  if (isTyped) typed();
}

/**
 * The fields as a draft names them: `form[body]` → `body`, `form[attachments][]` → a list.
 * @param {HTMLFormElement} form
 */
function fields(form) {
  /** @type {Record<string, string | string[]>} */
  const out = {};
  const without = [...NOT_KEPT, ...(form.dataset.draftWithout ?? "").split(" ")];
  const parse = (/** @type {string} */ name) => {
    const [, field = "", list] = /^form\[(\w+)\](\[\])?$/.exec(name) ?? [];
    return { field: without.includes(field) ? "" : field, isList: list !== undefined };
  };
  // What is not ticked, and a list that has become empty, is in no form data, and the draft must know.
  for (const control of form.elements) {
    if (control instanceof HTMLButtonElement) continue;
    const { field, isList } = parse(control.getAttribute("name") ?? "");
    if (field) out[field] ??= isList ? [] : "";
  }
  if (form.querySelector("desk-files")) out.attachments ??= [];
  for (const [name, value] of new FormData(form)) {
    const { field, isList } = parse(name);
    if (!field || typeof value !== "string") continue;
    out[field] = isList ? [.../** @type {string[]} */ (out[field] ?? []), value] : value;
  }
  return out;
}

/**
 * @param {HTMLFormElement} form
 * @param {AbortSignal} signal
 */
async function save(form, signal) {
  const { draft, draftKind, draftObject, draftSaved } = form.dataset;
  if (!draft) return;
  const body = new URLSearchParams({
    "form[kind]": draftKind ?? "",
    "form[object]": draftObject ?? "",
    "form[fields]": JSON.stringify(fields(form)),
    "form[device]": "",
  });
  try {
    const answer = await fetch(draft, { method: "POST", body, signal, headers: { accept: "application/json" } });
    if (!answer.ok) return;
    const kept = await answer.json();
    const time = /T(\d\d:\d\d)/.exec(kept.saved_at)?.[1] ?? "";
    const place = form.querySelector("[data-draft-state]");
    if (place) place.textContent = (draftSaved ?? "").replace("{time}", time);
  } catch {
    // A server that is away is asked again at the next key.
  }
}
