import { freshId, make } from "../shared/dom.js";
import { completeLink } from "./clean.js";

/** @typedef {import("@tiptap/core").Editor} Editor */

/**
 * The small box that asks for the address of a link. It is no `form`, because it stands inside one; its field has no
 * name and no constraint, so it is neither posted nor able to stop the posting.
 */
export class LinkBox {
  /**
   * @param {Editor} editor
   * @param {Record<string, string>} strings
   */
  constructor(editor, strings) {
    this.editor = editor;
    const inputId = freshId();
    const errorId = freshId();
    this.input = /** @type {HTMLInputElement} */ (
      make("input", {
        id: inputId,
        type: "text",
        inputmode: "url",
        class: "input input-sm",
        autocomplete: "off",
        autocapitalize: "none",
        spellcheck: "false",
        placeholder: "https://",
      })
    );
    this.error = make("p", { id: errorId, class: "desk-editor-link-error", role: "alert", hidden: "" });
    this.errorText = strings.link_invalid;
    this.removeButton = button(strings.link_remove, "btn btn-sm btn-ghost", () => this.#remove());
    this.element = make("div", { class: "desk-editor-link", role: "group", "aria-label": strings.link, hidden: "" }, [
      make("label", { for: inputId }, [strings.link_address]),
      this.input,
      button(strings.link_apply, "btn btn-sm", () => this.#apply()),
      this.removeButton,
      button(strings.link_cancel, "btn btn-sm btn-ghost", () => this.close()),
      this.error,
    ]);
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
    this.input.addEventListener("input", () => this.#complain(false));
  }

  open() {
    const { href } = this.editor.getAttributes("link");
    this.input.value = typeof href === "string" ? href : "";
    this.removeButton.hidden = !href;
    this.#complain(false);
    this.element.hidden = false;
    this.input.focus();
    this.input.select();
  }

  close() {
    if (this.element.hidden) return;
    this.element.hidden = true;
    this.editor.view.focus();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      // Only the box closes, not the form around it.
      event.stopPropagation();
      event.preventDefault();
      this.close();
    } else if (event.key === "Enter" && event.target === this.input) {
      event.stopPropagation();
      event.preventDefault();
      this.#apply();
    }
  }

  #apply() {
    if (this.input.value.trim() === "") {
      this.#remove();
      return;
    }
    const href = completeLink(this.input.value);
    if (href === null) {
      this.#complain(true);
      this.input.focus();
      return;
    }
    this.close();
    const chain = this.editor.chain().extendMarkRange("link");
    const { empty } = this.editor.state.selection;
    if (empty && !this.editor.isActive("link")) {
      const text = this.input.value.trim();
      chain
        .insertContent({ type: "text", text, marks: [{ type: "link", attrs: { href } }] })
        // What is typed next is no longer part of the link.
        .command(({ tr }) => {
          tr.setStoredMarks([]);
          return true;
        })
        .run();
    } else {
      chain.setLink({ href }).run();
    }
  }

  #remove() {
    this.close();
    this.editor.chain().extendMarkRange("link").unsetLink().run();
  }

  /** @param {boolean} wrong */
  #complain(wrong) {
    this.error.hidden = !wrong;
    this.error.textContent = wrong ? this.errorText : "";
    if (wrong) {
      this.input.setAttribute("aria-invalid", "true");
      this.input.setAttribute("aria-describedby", this.error.id);
    } else {
      this.input.removeAttribute("aria-invalid");
      this.input.removeAttribute("aria-describedby");
    }
  }
}

/**
 * @param {string} word
 * @param {string} className
 * @param {() => void} act
 */
function button(word, className, act) {
  const element = make("button", { type: "button", class: className }, [word]);
  element.addEventListener("click", act);
  return element;
}
