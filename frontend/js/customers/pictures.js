import { make } from "../shared/dom.js";

/**
 * Beside the images of a form: a small picture of each, and a field for what it shows as long as it is there. A
 * description goes with its image when the order changes.
 * @param {HTMLElement} element the `<desk-files>`
 */
export function pictures(element) {
  const area = element.closest(".field");
  const inputs = /** @type {HTMLInputElement[]} */ ([...(area?.querySelectorAll(".picture-alts input") ?? [])]);
  /** What was said of each image. @type {Map<string, string>} */
  const said = new Map();
  /** @type {string[]} */
  let present = ids(element);

  const draw = () => {
    present.forEach((id, at) => {
      said.set(id, inputs[at]?.value ?? "");
    });
    present = ids(element);
    inputs.forEach((input, at) => {
      const id = present[at];
      input.closest(".field")?.toggleAttribute("hidden", !id);
      input.value = id ? (said.get(id) ?? "") : "";
    });
    for (const row of element.querySelectorAll("li[data-id]")) {
      const id = row.getAttribute("data-id");
      if (!id || row.querySelector("img")) continue;
      row.prepend(make("img", { class: "customer-picture", src: `/documents/${id}`, alt: "", width: "48", height: "36" }));
    }
  };

  draw();
  element.addEventListener("change", draw);
}

/** Ids of the images the form would carry now. @param {HTMLElement} element */
function ids(element) {
  const fields = element.querySelectorAll('li[data-id] input[type="hidden"]:not(:disabled)');
  return [.../** @type {NodeListOf<HTMLInputElement>} */ (fields)].map((field) => field.value);
}
