import { RichEditor } from "./rich-editor.js";

/**
 * `<desk-editor>`: around a plain text area. Until the attribute `ready` is set it leaves the area alone, and without
 * scripts the area is the editor. The contract (attributes, events, strings) is in ../README.md.
 */
class DeskEditor extends HTMLElement {
  static observedAttributes = ["ready", "html"];

  /** @type {RichEditor | null} */
  #rich = null;
  #composing = false;

  constructor() {
    super();
    this.addEventListener("keydown", (event) => this.#onKey(event), { capture: true });
    // Only the text area speaks to the form: events of the surface and of the link field would come before its value.
    for (const type of ["input", "change"]) {
      this.addEventListener(type, (event) => {
        if (event.target !== this.textarea) event.stopPropagation();
      });
    }
    this.addEventListener("compositionstart", () => {
      this.#composing = true;
    });
    this.addEventListener("compositionend", () => {
      this.#composing = false;
      this.#upgrade();
    });
  }

  /** @returns {HTMLTextAreaElement | null} */
  get textarea() {
    return this.querySelector(":scope > textarea");
  }

  /** @returns {HTMLInputElement | null} */
  get formatInput() {
    return this.querySelector(':scope > input[type="hidden"]');
  }

  /** The HTML, "" when there is neither text nor image. Setting replaces all and counts as not typed. */
  get value() {
    return this.#rich ? this.#rich.html : (this.textarea?.value ?? "");
  }

  set value(html) {
    if (this.#rich) {
      this.#rich.replace(html);
    } else {
      this.setAttribute("html", html);
    }
  }

  /** Empties the editor, as after a post; speaks to nobody. */
  clear() {
    if (this.#rich) this.#rich.replace("");
    else if (this.textarea) this.textarea.value = "";
  }

  focus() {
    if (this.#rich) this.#rich.focus();
    else this.textarea?.focus();
  }

  /**
   * Puts HTML behind the selection (a template, an article); counts as typed and replaces nothing. While only the plain area
   * is there it takes `text`, the same without markup.
   * @param {string} html
   * @param {string} [text]
   */
  insertHtml(html, text = "") {
    const { textarea } = this;
    if (this.#rich) {
      this.#rich.insert(html);
    } else if (textarea && text !== "") {
      const end = textarea.selectionEnd;
      const gap = textarea.value.slice(0, end).trim() === "" ? "" : "\n\n";
      textarea.setRangeText(gap + text, end, end, "end");
      textarea.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
  }

  connectedCallback() {
    this.#upgrade();
  }

  disconnectedCallback() {
    this.#rich?.destroy();
    this.#rich = null;
  }

  /**
   * @param {string} name
   * @param {string | null} _old
   * @param {string | null} now
   */
  attributeChangedCallback(name, _old, now) {
    if (name === "ready") this.#upgrade();
    else if (this.#rich && now !== null && !this.#rich.typed) this.#rich.replace(now);
  }

  #upgrade() {
    const { textarea } = this;
    const wanted = this.isConnected && this.hasAttribute("ready");
    // Taking the field away in the middle of a composed character would lose it.
    if (this.#rich || !wanted || !textarea || this.#composing) return;
    this.#rich = new RichEditor(this, textarea, this.formatInput);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const command = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && !event.isComposing;
    const inText = event.target === this.textarea || this.#rich?.holds(event.target);
    if (!inText) return;
    if (command && event.key === "Enter") {
      event.preventDefault();
      event.stopPropagation();
      this.#submit();
    } else if (command && event.key.toLowerCase() === "k" && this.#rich) {
      // In a text Ctrl+K is the link, everywhere else the palette.
      event.preventDefault();
      event.stopPropagation();
      this.#rich.openLink();
    } else if (event.altKey && event.key === "F10" && this.#rich) {
      event.preventDefault();
      this.#rich.focusToolbar();
    }
  }

  #submit() {
    const event = new CustomEvent("desk-editor:submit", { bubbles: true, cancelable: true });
    const form = this.closest("form");
    if (!this.dispatchEvent(event) || !form) return;
    // As Enter in a one-line field does: with the form's first submit button.
    const first = [...form.elements].find(
      (element) =>
        (element instanceof HTMLButtonElement || element instanceof HTMLInputElement) &&
        ["submit", "image"].includes(element.type) &&
        !element.disabled,
    );
    form.requestSubmit(/** @type {HTMLElement | undefined} */ (first));
  }
}

if (!customElements.get("desk-editor")) customElements.define("desk-editor", DeskEditor);
