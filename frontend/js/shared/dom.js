const SVG = "http://www.w3.org/2000/svg";

/**
 * Makes an element with attributes and children. Attributes with value null are left out; there is no `style`.
 * @param {string} tag
 * @param {Record<string, string | null>} [attributes]
 * @param {(Node | string)[]} [children]
 * @returns {HTMLElement}
 */
export function make(tag, attributes = {}, children = []) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/**
 * A decorative icon out of the sprite.
 * @param {string} sprite address of icons.svg
 * @param {string} name
 */
export function icon(sprite, name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

let serial = 0;

/** An id that no other element of the page has. */
export function freshId() {
  serial += 1;
  return `desk-js-${serial}`;
}
