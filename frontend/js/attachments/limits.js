/**
 * What can be said about a file before it is sent. The server decides by content; this only saves the wait.
 * @param {{ name: string, size: number, type?: string }} file
 * @param {{ maxBytes: number, maxFiles: number, forbidden: Set<string>, types: Set<string> }} limits
 * @param {number} present how many files are there already
 * @returns {string | null} a code, or null if nothing speaks against it
 */
export function refusal(file, limits, present) {
  if (present >= limits.maxFiles) return "too_many";
  if (file.size === 0) return "file_empty";
  if (file.size > limits.maxBytes) return "too_large";
  // A type the browser does not know is for the server to tell.
  if (limits.types.size > 0 && file.type && !limits.types.has(file.type)) return "type_not_allowed";
  const endings = file.name.toLowerCase().split(".").slice(1);
  return endings.length > 0 && limits.forbidden.has(endings[endings.length - 1]) ? "type_not_allowed" : null;
}

/**
 * Limits as the page gives them; what is not given does not limit.
 * @param {Element} element
 */
export function readLimits(element) {
  const number = (/** @type {string} */ name) => {
    const value = Number.parseInt(element.getAttribute(name) ?? "", 10);
    return Number.isFinite(value) ? value : Number.POSITIVE_INFINITY;
  };
  const forbidden = (element.getAttribute("forbidden") ?? "")
    .toLowerCase()
    .split(/[\s,;]+/)
    .map((ending) => ending.replace(/^\./, ""))
    .filter(Boolean);
  const types = (element.getAttribute("types") ?? "").split(",").filter(Boolean);
  return {
    maxBytes: number("max-bytes"),
    maxFiles: number("max-files"),
    forbidden: new Set(forbidden),
    types: new Set(types),
  };
}
