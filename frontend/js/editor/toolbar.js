import { icon, make } from "../shared/dom.js";
import { GROUPS } from "./tools.js";

/** @typedef {import("@tiptap/core").Editor} Editor */

const MAC = /Mac|iP(hone|ad|od)/.test(navigator.platform);

/** @param {string} keys */
function keyWords(keys) {
  return keys.replace("Mod", MAC ? "⌘" : "Ctrl");
}

/**
 * The `toolbar` of WAI-ARIA: one stop for Tab, arrows move inside. Nothing is ever `disabled`, because a disabled
 * button loses the focus; what is impossible now says so by `aria-disabled`.
 */
export class Toolbar {
  /** @type {{ tool: import("./tools.js").Tool, button: HTMLElement }[]} */
  #entries = [];

  /**
   * @param {Editor} editor
   * @param {{ strings: Record<string, string>, sprite: string, surfaceId: string,
   *   special: Record<string, (button: HTMLElement) => void> }} options `special`: tools that are no plain command
   */
  constructor(editor, { strings, sprite, surfaceId, special }) {
    this.editor = editor;
    this.special = special;
    this.element = make("div", {
      class: "desk-editor-toolbar",
      role: "toolbar",
      "aria-label": strings.toolbar,
      "aria-controls": surfaceId,
    });
    GROUPS.forEach((group, index) => {
      if (index > 0) this.element.append(make("span", { class: "desk-editor-gap", "aria-hidden": "true" }));
      for (const tool of group) this.#add(tool, strings, sprite);
    });
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
    // The caret stays where it is while a button is pressed with the mouse.
    this.element.addEventListener("mousedown", (event) => event.preventDefault());
    this.#rove(0);
    this.update();
  }

  /**
   * @param {import("./tools.js").Tool} tool
   * @param {Record<string, string>} strings
   * @param {string} sprite
   */
  #add(tool, strings, sprite) {
    const word = strings[tool.name];
    const button = make(
      "button",
      {
        type: "button",
        "aria-label": word,
        title: tool.keys ? `${word} (${keyWords(tool.keys)})` : word,
        "data-tool": tool.name,
      },
      [icon(sprite, tool.icon)],
    );
    button.addEventListener("click", () => this.#run(tool, button));
    button.addEventListener("focus", () => this.#rove(this.#entries.findIndex((entry) => entry.button === button)));
    this.#entries.push({ tool, button });
    this.element.append(button);
  }

  /**
   * @param {import("./tools.js").Tool} tool
   * @param {HTMLElement} button
   */
  #run(tool, button) {
    if (!this.editor.isEditable || button.getAttribute("aria-disabled") === "true") return;
    if (tool.run) {
      this.editor.view.focus();
      tool.run(this.editor);
    } else this.special[tool.name]?.(button);
  }

  /** @param {number} index */
  #rove(index) {
    this.#entries.forEach(({ button }, at) => {
      button.tabIndex = at === index ? 0 : -1;
    });
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const last = this.#entries.length - 1;
    const at = this.#entries.findIndex(({ button }) => button === document.activeElement);
    const to = {
      ArrowRight: at === last ? 0 : at + 1,
      ArrowLeft: at === 0 ? last : at - 1,
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    this.#entries[to].button.focus();
  }

  /** Focuses the button that Tab would reach. */
  focus() {
    this.#entries.find(({ button }) => button.tabIndex === 0)?.button.focus();
  }

  /** Shows what applies at the caret. */
  update() {
    const { editor } = this;
    for (const { tool, button } of this.#entries) {
      if (tool.pressed) set(button, "aria-pressed", String(tool.pressed(editor)));
      const possible = editor.isEditable && (tool.possible?.(editor) ?? true);
      set(button, "aria-disabled", possible ? null : "true");
    }
  }
}

/**
 * Writes an attribute only if it changes: screen readers and style do less work.
 * @param {Element} element
 * @param {string} name
 * @param {string | null} value
 */
function set(element, name, value) {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}
