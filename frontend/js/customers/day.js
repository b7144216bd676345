/** Where a day has no comma behind its weekday, as the server writes it. */
const PLAIN = ["en", "es"];

/**
 * The day in words below a field follows what is chosen in it (C-OCC-03); a day that is none has no words.
 * @param {HTMLInputElement} input
 */
export function day(input) {
  const words = document.getElementById(`${input.id}-hint`);
  if (!words) return;
  input.addEventListener("input", () => {
    const at = input.valueAsDate;
    words.textContent = at ? written(at, document.documentElement.lang || "en") : "";
  });
}

/**
 * A day as the server writes it: "Thu 12 March 2026", "jueves 12 de marzo de 2026".
 * @param {Date} at midnight in UTC
 * @param {string} lang
 */
function written(at, lang) {
  const locale = lang === "en" ? "en-GB" : lang;
  const weekday = lang === "en" ? "short" : "long";
  const format = new Intl.DateTimeFormat(locale, { weekday, day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  const text = format.format(at);
  if (lang === "fr") return text.replace(/ 1 /, " 1er ");
  return PLAIN.includes(lang) ? text.replace(",", "") : text;
}
