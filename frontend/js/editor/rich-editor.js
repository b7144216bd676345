import { Editor } from "@tiptap/core";
import { freshId, make } from "../shared/dom.js";
import { readStrings } from "../shared/strings.js";
import { cleanHtml } from "./clean.js";
import { extensions } from "./extensions.js";
import { EditorFiles, meantFiles } from "./files.js";
import { LinkBox } from "./link-box.js";
import { STRINGS } from "./strings.js";
import { textToDocument } from "./text.js";
import { Toolbar } from "./toolbar.js";

/** Attributes of the text area that the surface repeats. */
const PASSED = ["aria-describedby", "aria-invalid", "aria-labelledby", "readonly", "disabled"];

/** The editor counts on spaces and line ends being kept; the utility class says so wherever it is shown. */
const SURFACE_CLASS = "desk-editor-surface whitespace-break-spaces";

/** The upgraded state of a `<desk-editor>`: from taking over the text area until giving it back. */
export class RichEditor {
  /** Whether people have changed the text since it was last set from outside. */
  typed = false;
  /** Ends every listener outside the editor itself. */
  #end = new AbortController();

  /**
   * @param {HTMLElement} host
   * @param {HTMLTextAreaElement} textarea
   * @param {HTMLInputElement | null} format
   */
  constructor(host, textarea, format) {
    this.host = host;
    this.textarea = textarea;
    this.format = format;
    this.documents = host.getAttribute("documents") ?? "/documents/";
    this.strings = readStrings(host, STRINGS);
    this.required = textarea.required;
    this.#build(this.#takeOver());
    this.#listen();
  }

  /** What the text area holds, as the editor's content, and where its caret stands (null: it has no focus). */
  #takeOver() {
    const { textarea, host } = this;
    this.typed = textarea.value !== textarea.defaultValue;
    const focused = textarea === document.activeElement;
    const given = this.#givenHtml();
    if (given !== null && !this.typed) return { content: given, caret: focused ? "end" : null };
    if (this.format?.value === "html") {
      return { content: cleanHtml(textarea.value, this.documents), caret: focused ? "end" : null };
    }
    const { content, positionOf } = textToDocument(textarea.value);
    const selection = { from: positionOf(textarea.selectionStart), to: positionOf(textarea.selectionEnd) };
    return { content, caret: focused || host.contains(document.activeElement) ? selection : null, selection };
  }

  #givenHtml() {
    const html = this.host.getAttribute("html");
    return html === null ? null : cleanHtml(html, this.documents);
  }

  /** @param {{ content: any, caret: any, selection?: { from: number, to: number } }} taken */
  #build({ content, caret, selection }) {
    const { host, textarea, strings } = this;
    const surfaceId = freshId();
    this.surface = make("div", { id: surfaceId, class: SURFACE_CLASS });
    this.status = make("p", { class: "desk-editor-status", role: "status" });
    this.editor = new Editor({
      element: { mount: this.surface },
      injectCSS: false,
      content,
      extensions: extensions({ placeholder: host.getAttribute("placeholder") ?? "", documents: this.documents }),
      editorProps: {
        attributes: () => this.#surfaceAttributes(surfaceId),
        transformPastedHTML: (html) => cleanHtml(html, this.documents),
        clipboardTextParser: (text) => this.#parseText(text),
        handlePaste: (_view, event) => this.#onPaste(event),
        handleDrop: (view, event, _slice, moved) => !moved && this.#onDrop(view, event),
      },
      onUpdate: () => this.#onUpdate(),
      onTransaction: () => this.toolbar?.update(),
    });
    this.editor.setEditable(!textarea.disabled && !textarea.readOnly, false);
    this.linkBox = new LinkBox(this.editor, strings);
    this.files = new EditorFiles(host, this.editor, { strings, status: this.status, documents: this.documents });
    this.toolbar = new Toolbar(this.editor, {
      strings,
      sprite: host.getAttribute("icons") ?? "/icons.svg",
      surfaceId,
      special: { link: () => this.openLink(), image: () => this.files?.pick() },
    });
    host.append(this.toolbar.element, this.linkBox.element, this.surface, this.status);
    host.setAttribute("data-ready", "");
    textarea.hidden = true;
    // A hidden required field would stop the form without a word; the server says what is missing.
    textarea.required = false;
    this.#mirror();
    if (this.format) this.format.value = "html";
    if (selection) this.editor.commands.setTextSelection(selection);
    if (caret === "end") this.editor.commands.setTextSelection(this.editor.state.doc.content.size);
    if (caret) this.focus();
  }

  #listen() {
    const { host, textarea } = this;
    const { signal } = this.#end;
    const form = host.closest("form");
    // "reset" comes before the fields change.
    form?.addEventListener("reset", () => setTimeout(() => this.#reset()), { signal });
    form?.addEventListener(
      "desk-files:removed",
      (event) => this.files?.removeImages(/** @type {CustomEvent} */ (event).detail.id),
      { signal },
    );
    for (const label of textarea.labels ?? []) label.addEventListener("click", () => this.focus(), { signal });
    // Links of an error summary point at the text area.
    document.addEventListener(
      "click",
      (event) => {
        const link = event.target instanceof Element ? event.target.closest("a[href^='#']") : null;
        if (!textarea.id || link?.getAttribute("href") !== `#${textarea.id}`) return;
        event.preventDefault();
        this.focus();
      },
      { signal },
    );
    textarea.focus = () => this.focus();
    this.observer = new MutationObserver(() => this.#onPassedChange());
    this.observer.observe(textarea, { attributeFilter: PASSED });
  }

  /**
   * @param {string} id
   * @returns {Record<string, string>}
   */
  #surfaceAttributes(id) {
    const { host, textarea } = this;
    /** @type {Record<string, string>} */
    const attributes = { id, class: SURFACE_CLASS, role: "textbox", "aria-multiline": "true" };
    const label = host.getAttribute("label");
    if (label) attributes["aria-label"] = label;
    if (this.required || textarea.getAttribute("aria-required") === "true") attributes["aria-required"] = "true";
    if (textarea.disabled || textarea.readOnly) attributes["aria-readonly"] = "true";
    const placeholder = host.getAttribute("placeholder");
    if (placeholder) attributes["aria-placeholder"] = placeholder;
    for (const name of PASSED.filter((passed) => passed.startsWith("aria-"))) {
      const value = textarea.getAttribute(name);
      if (value !== null) attributes[name] = value;
    }
    return attributes;
  }

  #onPassedChange() {
    // Setting it renews the attributes of the surface, too.
    this.editor?.setEditable(!this.textarea.disabled && !this.textarea.readOnly, false);
    this.toolbar?.update();
  }

  /** @param {string} text */
  #parseText(text) {
    const { schema } = /** @type {Editor} */ (this.editor);
    return schema.nodeFromJSON(textToDocument(text).content).slice(1, undefined, true);
  }

  /** @param {ClipboardEvent} event */
  #onPaste(event) {
    const files = meantFiles(event.clipboardData);
    if (files.length === 0) return false;
    event.preventDefault();
    this.#syncSelection();
    this.files?.take(files);
    return true;
  }

  /**
   * @param {import("@tiptap/pm/view").EditorView} view
   * @param {DragEvent} event
   */
  #onDrop(view, event) {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0) return false;
    event.preventDefault();
    this.files?.take(files, view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos);
    return true;
  }

  #onUpdate() {
    this.typed = true;
    this.#mirror();
    this.textarea.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }

  #mirror() {
    this.textarea.value = this.html;
  }

  #reset() {
    if (this.editor?.isDestroyed) return;
    const given = this.#givenHtml();
    this.#set(given ?? textToDocument(this.textarea.defaultValue).content);
  }

  /** @param {any} content */
  #set(content) {
    const { editor } = this;
    // Undo must not bring back what was posted or discarded.
    editor?.chain().setMeta("addToHistory", false).setContent(content, { emitUpdate: false }).run();
    this.typed = false;
    this.#mirror();
    this.toolbar?.update();
  }

  /** The text as HTML; the empty paragraph that the editor keeps at the end is no part of it. */
  get html() {
    const { editor } = this;
    if (!editor) return "";
    let empty = editor.state.doc.textContent.trim() === "";
    editor.state.doc.descendants((node) => {
      if (node.type.name === "image") empty = false;
      return empty;
    });
    if (empty) return "";
    return editor.getHTML().replace(/(<p><\/p>)+$/, "");
  }

  /** @param {string} html */
  replace(html) {
    this.#set(html === "" ? "" : cleanHtml(html, this.documents));
  }

  /**
   * Behind the selection: what people chose in their text stays.
   * @param {string} html
   */
  insert(html) {
    const { editor } = this;
    if (!editor) return;
    this.#syncSelection();
    const content = cleanHtml(html, this.documents);
    editor.commands.insertContentAt(editor.state.selection.to, content);
    this.focus();
  }

  /** At once: the editor's own command waits for the next frame, and keys typed meanwhile would be lost. */
  focus() {
    this.editor?.view.focus();
  }

  /**
   * The browser tells of a moved caret a moment later, too late for somebody who types fast: what needs the selection
   * reads it first. ProseMirror has no public call for it; its version is pinned, and the browser tests notice.
   */
  #syncSelection() {
    const view = /** @type {any} */ (this.editor?.view);
    view?.domObserver?.flush?.();
  }

  focusToolbar() {
    this.toolbar?.focus();
  }

  openLink() {
    this.#syncSelection();
    // Code holds no links.
    if (this.editor?.isEditable && !this.editor.isActive("codeBlock")) this.linkBox?.open();
  }

  /** @param {EventTarget | null} target */
  holds(target) {
    return target instanceof Node && Boolean(this.surface?.contains(target));
  }

  /** Gives the text area back, with the text as HTML and the format saying so. */
  destroy() {
    this.#end.abort();
    this.observer?.disconnect();
    this.files?.abort();
    this.editor?.destroy();
    for (const part of [this.toolbar?.element, this.linkBox?.element, this.surface, this.status]) part?.remove();
    this.textarea.hidden = false;
    this.textarea.required = this.required;
    Reflect.deleteProperty(this.textarea, "focus");
    this.host.removeAttribute("data-ready");
  }
}
