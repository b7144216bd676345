const [URGENCY, IMPACT] = ["form-urgency", "form-impact"];
/** What a level that is not chosen counts as. */
const MIDDLE = 3;

/**
 * Whether a field decides on the priority.
 * @param {EventTarget | null} field
 */
export function isFactor(field) {
  return field instanceof HTMLSelectElement && (field.id === URGENCY || field.id === IMPACT);
}

/** Shows the priority that urgency and impact of the form make. */
export function showPriority() {
  const output = /** @type {HTMLElement | null} */ (document.querySelector(".computed-priority"));
  const badge = /** @type {HTMLElement | null | undefined} */ (output?.querySelector(".priority"));
  if (!output || !badge) return;
  const row = levelOf(URGENCY);
  const column = levelOf(IMPACT);
  const level = output.dataset.matrix?.[(row - 1) * 5 + column - 1];
  if (!level || badge.dataset.level === level) return;
  // Urgency and priority have the same words.
  const word = document.querySelector(`#${URGENCY} option[value="${level}"]`)?.textContent ?? level;
  const text = [...badge.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.nodeValue?.trim());
  if (text) text.nodeValue = word;
  badge.dataset.level = level;
}

/** @param {string} id */
function levelOf(id) {
  const field = document.getElementById(id);
  return (field instanceof HTMLSelectElement && Number(field.value)) || MIDDLE;
}
