import { freshId, make } from "./dom.js";

/**
 * Makes a field of words a combobox: what is found stands in a list below it. The focus stays in the field; arrows go through
 * the list, Enter takes the marked one, Escape and leaving the field close it, an arrow opens it again.
 * @template T
 * @param {HTMLInputElement} input
 * @param {{ label: string, draw: (item: T) => (Node | string)[], take: (item: T) => void }} of its name, how an item looks, what taking one does
 * @returns {{ show: (found: T[]) => void }} what shows other items; none closes the list
 */
export function combobox(input, { label, draw, take }) {
  const list = make("ul", { class: "combo-list", id: freshId(), role: "listbox", "aria-label": label, hidden: "" });
  /** @type {T[]} */
  let items = [];
  let active = -1;
  input.parentElement?.classList.add("combo");
  input.parentElement?.append(list);
  // A field of type "search" may have no other role.
  input.type = "text";
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);

  /** @param {number} at */
  const mark = (at) => {
    active = at;
    input.removeAttribute("aria-activedescendant");
    [...list.children].forEach((option, n) => {
      option.setAttribute("aria-selected", String(n === at));
      if (n !== at) return;
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    });
  };
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  };
  const open = () => {
    if (items.length === 0 || document.activeElement !== input) return;
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  };
  /** @param {T[]} found */
  const show = (found) => {
    close();
    items = found;
    list.replaceChildren(
      ...found.map((item) => make("li", { class: "combo-option", id: freshId(), role: "option", "aria-selected": "false" }, draw(item))),
    );
    open();
  };
  /** @param {number} at */
  const choose = (at) => {
    const [item] = items.slice(at, at + 1);
    if (item === undefined) return;
    show([]);
    take(item);
  };

  close();
  input.addEventListener("blur", close);
  // The field keeps the focus: leaving it would close the list before the click.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", ({ target }) => {
    const option = target instanceof Element ? target.closest('[role="option"]') : null;
    if (option) choose([...list.children].indexOf(option));
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const isOpen = !list.hidden;
    const last = items.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (items.length === 0) return;
      const isDown = event.key === "ArrowDown";
      open();
      if (isOpen || !event.altKey) mark(isDown ? (active >= last ? 0 : active + 1) : active <= 0 ? last : active - 1);
    } else if (event.key === "Enter" && isOpen && active >= 0) {
      choose(active);
    } else if (event.key === "Escape" && isOpen) {
      close();
    } else {
      return;
    }
    event.preventDefault();
  });
  return { show };
}
