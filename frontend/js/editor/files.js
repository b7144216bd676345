import { fill } from "../shared/strings.js";
import { upload } from "../shared/upload.js";
import { parseInert } from "./clean.js";

/** @typedef {import("@tiptap/core").Editor} Editor */

/**
 * Where a file goes once it is stored, although people write on meanwhile: a position that moves with the text.
 */
class Anchor {
  /**
   * @param {Editor} editor
   * @param {number} position
   */
  constructor(editor, position) {
    this.editor = editor;
    this.position = position;
    /** @param {{ transaction: import("@tiptap/pm/state").Transaction }} change */
    this.follow = ({ transaction }) => {
      this.position = transaction.mapping.map(this.position);
    };
    editor.on("transaction", this.follow);
  }

  /**
   * @param {import("@tiptap/core").JSONContent} node inline content
   */
  insert(node) {
    if (this.editor.isDestroyed) return;
    const position = Math.min(this.position, this.editor.state.doc.content.size);
    this.editor.commands.insertContentAt(position, node, { updateSelection: position === this.editor.state.selection.to });
  }
}

/**
 * Files of the clipboard or of a drag, if they are what was meant. Word processors and spreadsheets add a picture of
 * the text to the text: then the text is meant.
 * @param {DataTransfer | null} data
 * @returns {File[]}
 */
export function meantFiles(data) {
  const files = [...(data?.files ?? [])];
  if (files.length === 0) return [];
  const html = data?.getData("text/html") ?? "";
  return parseInert(html).textContent?.trim() ? [] : files;
}

/** Takes files that were pasted, dropped or picked in the editor and sees that they are stored. */
export class EditorFiles {
  /**
   * @param {HTMLElement} host the `<desk-editor>`
   * @param {Editor} editor
   * @param {{ strings: Record<string, string>, status: HTMLElement, documents: string }} options
   */
  constructor(host, editor, { strings, status, documents }) {
    this.host = host;
    this.editor = editor;
    this.strings = strings;
    this.status = status;
    this.documents = documents;
    /** @type {Set<() => void>} */
    this.running = new Set();
  }

  /**
   * Offers the files to the form (`<desk-files>` takes them); without a taker they are uploaded here.
   * @param {File[]} files
   * @param {number} [position]
   */
  take(files, position = this.editor.state.selection.to) {
    const anchor = new Anchor(this.editor, position);
    const insertImage = (/** @type {string} */ id, /** @type {string} */ name) => {
      anchor.insert({ type: "image", attrs: { src: this.documents + encodeURIComponent(id), alt: name } });
    };
    const event = new CustomEvent("desk-editor:files", {
      bubbles: true,
      cancelable: true,
      detail: { files, insertImage },
    });
    if (this.host.dispatchEvent(event)) this.#uploadAll(files, insertImage, anchor);
  }

  /** Lets the user pick images, the keyboard's way to what drop and paste do. */
  pick() {
    const input = document.createElement("input");
    input.type = "file";
    input.multiple = true;
    input.accept = "image/png,image/jpeg,image/gif,image/webp";
    input.addEventListener("change", () => {
      const files = [...(input.files ?? [])];
      if (files.length > 0) this.take(files);
      this.editor.view.focus();
    });
    input.click();
  }

  /**
   * @param {File[]} files
   * @param {(id: string, name: string) => void} insertImage
   * @param {Anchor} anchor
   */
  async #uploadAll(files, insertImage, anchor) {
    const url = this.host.getAttribute("upload-url");
    if (!url) return;
    for (const file of files) {
      this.status.textContent = fill(this.strings.uploading, { name: file.name });
      const { stored, abort } = upload(url, file);
      this.running.add(abort);
      try {
        const { id, name, media_type } = await stored;
        if (media_type.startsWith("image/")) insertImage(id, name);
        else anchor.insert(this.#fileLink(id, name));
        this.status.textContent = fill(this.strings.uploaded, { name });
      } catch (error) {
        const code = /** @type {{ code?: string }} */ (error).code ?? "failed";
        this.status.textContent = fill(this.strings[code] ?? this.strings.upload_failed, { name: file.name });
      } finally {
        this.running.delete(abort);
      }
    }
  }

  /**
   * @param {string} id
   * @param {string} name
   */
  #fileLink(id, name) {
    const href = new URL(this.documents + encodeURIComponent(id), location.href).href;
    return { type: "text", text: name, marks: [{ type: "link", attrs: { href } }] };
  }

  /**
   * Takes the images of a document out of the text, because it was removed from the files.
   * @param {string} id
   */
  removeImages(id) {
    const src = this.documents + encodeURIComponent(id);
    const { state, view } = this.editor;
    const transaction = state.tr;
    state.doc.descendants((node, position) => {
      if (node.type.name === "image" && node.attrs.src === src) {
        transaction.delete(transaction.mapping.map(position), transaction.mapping.map(position + node.nodeSize));
      }
    });
    if (transaction.docChanged) view.dispatch(transaction);
  }

  /** Stops what still runs. */
  abort() {
    for (const abort of this.running) abort();
  }
}
