// Sentences come from the page in the user's language; nothing in these modules is written for reading by people
// except the English fall-backs, which only show when the page forgot a key.

/**
 * Reads a JSON attribute of sentences. A broken or absent one leaves the fall-backs.
 * @param {Element} element
 * @param {Record<string, string>} fallback
 * @returns {Record<string, string>}
 */
export function readStrings(element, fallback) {
  try {
    return { ...fallback, ...JSON.parse(element.getAttribute("strings") ?? "{}") };
  } catch {
    return { ...fallback };
  }
}

/**
 * Puts values into the `{name}` slots of a sentence.
 * @param {string} sentence
 * @param {Record<string, string>} slots
 */
export function fill(sentence, slots) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => slots[name] ?? whole);
}

/**
 * A file size in the page's language: "14 MB", "14 Mo". Limits are set in MiB, so steps are of 1024.
 * @param {number} bytes
 */
export function formatSize(bytes) {
  const steps = ["byte", "kilobyte", "megabyte", "gigabyte"];
  let value = bytes;
  let step = 0;
  while (value >= 1024 && step < steps.length - 1) {
    value /= 1024;
    step += 1;
  }
  return new Intl.NumberFormat(document.documentElement.lang || undefined, {
    style: "unit",
    unit: steps[step],
    unitDisplay: step === 0 ? "long" : "short",
    maximumFractionDigits: step > 1 && value < 10 ? 1 : 0,
  }).format(value);
}
