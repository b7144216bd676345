import { freshId, icon, make } from "../shared/dom.js";
import { formatSize } from "../shared/strings.js";

/**
 * One file of the list. It only draws; what the buttons do is told to it.
 * States (`data-state`): `waiting`, `uploading`, `failed`, `done`.
 */
export class FileRow {
  /**
   * @param {{ name: string, size: number }} file
   * @param {{ sprite: string, strings: Record<string, string> }} look
   */
  constructor(file, { sprite, strings }) {
    this.sprite = sprite;
    this.strings = strings;
    this.nameId = freshId();
    this.name = make("span", { id: this.nameId, class: "file-name" }, [file.name]);
    this.actions = make("span", { class: "file-actions" });
    this.element = make("li", { class: "file-row" }, [
      icon(sprite, "paperclip"),
      this.name,
      make("span", { class: "file-size" }, [formatSize(file.size)]),
      this.actions,
    ]);
  }

  /**
   * @param {"waiting" | "uploading" | "failed" | "done"} state
   * @param {Record<string, () => void>} buttons act by key of their word, in order
   */
  show(state, buttons) {
    const held = this.actions.contains(document.activeElement);
    this.element.dataset.state = state;
    this.actions.replaceChildren(
      ...Object.entries(buttons).map(([key, act]) => rowButton(this.strings[key], this.nameId, act)),
    );
    this.progress?.remove();
    this.reason?.remove();
    // A button that was just used has gone: its successor takes the focus, or it would fall to the page's start.
    if (held) this.actions.querySelector("button")?.focus();
  }

  /** @param {number} fraction */
  setProgress(fraction) {
    if (!this.progress) this.progress = make("progress", { max: "1", "aria-labelledby": this.nameId });
    if (!this.progress.isConnected) this.actions.before(this.progress);
    /** @type {HTMLProgressElement} */ (this.progress).value = fraction;
  }

  /** @param {string} reason */
  setReason(reason) {
    this.reason = make("p", { class: "file-error", role: "alert" }, [icon(this.sprite, "circle-alert"), reason]);
    this.element.append(this.reason);
  }

  /**
   * Makes the file part of the form.
   * @param {string} id
   * @param {string} field
   */
  setStored(id, field) {
    this.element.dataset.id = id;
    this.element.append(make("input", { type: "hidden", name: field, value: id }));
  }
}

/**
 * A button with a word; the file's name describes it, so that the word needs no grammar around a name.
 * @param {string} word
 * @param {string | null} nameId
 * @param {() => void} act
 */
export function rowButton(word, nameId, act) {
  const button = make("button", { type: "button", class: "btn btn-ghost btn-xs", "aria-describedby": nameId }, [word]);
  button.addEventListener("click", act);
  return button;
}
