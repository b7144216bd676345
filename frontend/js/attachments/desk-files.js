import { freshId, make } from "../shared/dom.js";
import { fill, formatSize, readStrings } from "../shared/strings.js";
import { mayRetry, upload } from "../shared/upload.js";
import { takeFiles } from "./area.js";
import { readLimits, refusal } from "./limits.js";
import { FileRow, rowButton } from "./row.js";
import { STRINGS } from "./strings.js";

/** Uploads at the same time; more only share the same line. */
const PARALLEL = 3;

/**
 * @typedef {object} Job
 * @property {File} file
 * @property {FileRow} row
 * @property {((id: string, name: string) => void) | undefined} insertImage
 * @property {(() => void) | null} abort stops the running upload
 */

/**
 * `<desk-files>`: a file field that uploads at once, with a row per file. Until the attribute `ready` is set, and
 * without scripts, the plain field is posted with the form. The contract is in ../README.md.
 */
class DeskFiles extends HTMLElement {
  static observedAttributes = ["ready"];

  /** @type {AbortController | null} */
  #end = null;
  /** @type {Job[]} */
  #queue = [];
  /** @type {Set<Job>} */
  #running = new Set();
  /** Rows made here, not by the page. @type {WeakSet<Element>} */
  #own = new WeakSet();
  /** @type {{ submitter: HTMLElement | null } | null} */
  #heldSubmit = null;

  connectedCallback() {
    this.#upgrade();
  }

  attributeChangedCallback() {
    this.#upgrade();
  }

  disconnectedCallback() {
    this.#end?.abort();
    this.#end = null;
    for (const job of this.#running) job.abort?.();
    this.#queue = [];
    this.status?.remove();
    if (this.input && this.inputName) this.input.name = this.inputName;
  }

  /** Whether something is still on its way. */
  get uploading() {
    return this.#running.size + this.#queue.length > 0;
  }

  /** Takes every file out, as after a post; speaks to nobody. */
  clear() {
    for (const job of [...this.#running]) job.abort?.();
    this.#queue = [];
    for (const item of [...(this.list?.children ?? [])]) this.#takeOut(/** @type {HTMLElement} */ (item));
  }

  #upgrade() {
    const input = /** @type {HTMLInputElement | null} */ (this.querySelector('input[type="file"]'));
    if (this.#end || !this.isConnected || !this.hasAttribute("ready") || !input) return;
    this.#end = new AbortController();
    const { signal } = this.#end;
    this.input = input;
    // The files go ahead of the form, the field itself must not be posted a second time.
    this.inputName = input.name;
    input.removeAttribute("name");
    this.strings = readStrings(this, STRINGS);
    this.sprite = this.getAttribute("icons") ?? "/icons.svg";
    this.list = this.querySelector("ul.file-list") ?? this.appendChild(make("ul", { class: "file-list" }));
    this.status = this.appendChild(make("p", { class: "sr-only", role: "status" }));
    for (const item of this.list.querySelectorAll("li[data-id]")) this.#adopt(/** @type {HTMLElement} */ (item));
    input.addEventListener("change", (event) => this.#onPick(event), { signal });
    this.#listenToForm(signal);
    addEventListener("beforeunload", (event) => this.uploading && event.preventDefault(), { signal });
    if (input.files?.length) this.#onPick();
  }

  /** @param {AbortSignal} signal */
  #listenToForm(signal) {
    const area = this.closest("form") ?? this;
    area.addEventListener("submit", (event) => this.#onSubmit(/** @type {SubmitEvent} */ (event)), {
      signal,
      capture: true,
    });
    area.addEventListener("desk-editor:files", (event) => this.#onEditorFiles(/** @type {CustomEvent} */ (event)), {
      signal,
    });
    takeFiles(area, signal, (files) => this.#add(files));
  }

  /** @param {Event} [event] */
  #onPick(event) {
    // The form hears of a file when it is stored, not when it was picked.
    event?.stopPropagation();
    const { input } = this;
    const files = [...(input?.files ?? [])];
    if (input) input.value = "";
    this.#add(files);
  }

  /** @param {CustomEvent<{ files: File[], insertImage: (id: string, name: string) => void }>} event */
  #onEditorFiles(event) {
    event.preventDefault();
    this.#add(event.detail.files, event.detail.insertImage);
  }

  /** @param {SubmitEvent} event */
  #onSubmit(event) {
    if (!this.uploading) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#heldSubmit = { submitter: event.submitter };
    this.#say(this.strings?.waiting ?? "");
  }

  /** How many files the form would carry now. */
  get #present() {
    const done = this.list?.querySelectorAll('input[type="hidden"]:not(:disabled)').length ?? 0;
    return done + this.#running.size + this.#queue.length;
  }

  /**
   * @param {File[]} files
   * @param {(id: string, name: string) => void} [insertImage]
   */
  #add(files, insertImage) {
    const { strings = STRINGS, sprite = "" } = this;
    const limits = readLimits(this);
    for (const file of files) {
      const row = new FileRow(file, { sprite, strings });
      /** @type {Job} */
      const job = { file, row, insertImage, abort: null };
      this.#own.add(row.element);
      this.list?.append(row.element);
      const code = refusal(file, limits, this.#present);
      if (code) this.#fail(job, code);
      else this.#enqueue(job);
    }
    this.#next();
  }

  /** @param {Job} job */
  #enqueue(job) {
    job.row.show("waiting", { cancel: () => this.#discard(job) });
    this.#queue.push(job);
  }

  #next() {
    while (this.#running.size < PARALLEL) {
      const job = this.#queue.shift();
      if (!job) break;
      this.#run(job);
    }
    if (this.uploading || !this.#heldSubmit) return;
    const { submitter } = this.#heldSubmit;
    this.#heldSubmit = null;
    const failed = this.list?.querySelector('[data-state="failed"] button');
    // A post without a file that was meant to go along would be wrong: the user decides.
    if (failed instanceof HTMLElement) failed.focus();
    else this.closest("form")?.requestSubmit(submitter);
  }

  /** @param {Job} job */
  async #run(job) {
    const { file, row } = job;
    const url = this.getAttribute("upload-url") ?? "/attachments";
    this.#running.add(job);
    row.show("uploading", { cancel: () => job.abort?.() });
    row.setProgress(0);
    this.#say(fill(this.strings?.uploading ?? "", { name: file.name }));
    const { stored, abort } = upload(url, file, (fraction) => row.setProgress(fraction));
    job.abort = abort;
    try {
      this.#finish(job, await stored);
    } catch (error) {
      const code = /** @type {{ code?: string }} */ (error).code ?? "failed";
      if (code === "aborted") this.#discard(job);
      else this.#fail(job, code);
    } finally {
      this.#running.delete(job);
      this.#next();
    }
  }

  /**
   * @param {Job} job
   * @param {import("../shared/upload.js").Stored} stored
   */
  #finish(job, stored) {
    const { row, insertImage } = job;
    const name = stored.name ?? job.file.name;
    row.name.textContent = name;
    row.show("done", { remove: () => this.#remove(row.element, name) });
    row.setStored(stored.id, this.getAttribute("name") ?? "form[attachments][]");
    if (stored.media_type?.startsWith("image/")) insertImage?.(stored.id, name);
    this.#say(fill(this.strings?.uploaded ?? "", { name }));
    this.#changed();
  }

  /**
   * @param {Job} job
   * @param {string} code
   */
  #fail(job, code) {
    const { strings = STRINGS } = this;
    const { maxBytes, maxFiles } = readLimits(this);
    const remove = () => this.#discard(job);
    const retry = () => {
      this.#enqueue(job);
      this.#next();
    };
    job.row.show("failed", mayRetry(code) ? { retry, remove } : { remove });
    const sentence = /** @type {Record<string, string>} */ (strings)[code] ?? strings.failed;
    const limit = code === "too_many" ? String(maxFiles) : Number.isFinite(maxBytes) ? formatSize(maxBytes) : "";
    job.row.setReason(fill(sentence, { name: job.file.name, size: formatSize(job.file.size), limit }));
  }

  /**
   * Forgets a file that is not stored.
   * @param {Job} job
   */
  #discard(job) {
    this.#queue = this.#queue.filter((other) => other !== job);
    this.#leave(job.row.element);
    job.row.element.remove();
  }

  /**
   * Gives a row that came with the page its Remove button.
   * @param {HTMLElement} item
   */
  #adopt(item) {
    const label = item.querySelector(".file-name, a");
    const remove = () => this.#remove(item, label?.textContent?.trim() ?? "");
    const given = item.querySelector("[data-remove]");
    if (given) {
      given.addEventListener("click", remove, { signal: this.#end?.signal });
      return;
    }
    if (label && !label.id) label.id = freshId();
    item.append(rowButton(this.strings?.remove ?? "", label?.id ?? null, remove));
  }

  /**
   * @param {HTMLElement} item
   * @param {string} name
   */
  #remove(item, name) {
    this.#leave(item);
    this.#takeOut(item);
    const detail = { id: item.dataset.id ?? "", name };
    this.dispatchEvent(new CustomEvent("desk-files:removed", { bubbles: true, detail }));
    this.#say(fill(this.strings?.removed ?? "", { name }));
    this.#changed();
  }

  /**
   * Rows that came with the page belong to the application: they are hidden and not posted, but stay in their place.
   * @param {HTMLElement} item
   */
  #takeOut(item) {
    if (this.#own.has(item)) {
      item.remove();
      return;
    }
    item.hidden = true;
    for (const field of item.querySelectorAll("input")) field.disabled = true;
  }

  /**
   * Moves the focus on before its row goes.
   * @param {HTMLElement} item
   */
  #leave(item) {
    if (!item.contains(document.activeElement)) return;
    const near = item.nextElementSibling ?? item.previousElementSibling;
    // A button for pages without scripts is there, but hidden.
    const button = /** @type {HTMLElement | null | undefined} */ (near?.querySelector("button:not([hidden])"));
    (button ?? this.input)?.focus();
  }

  #changed() {
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }

  #say(/** @type {string} */ sentence) {
    if (this.status) this.status.textContent = sentence;
  }
}

if (!customElements.get("desk-files")) customElements.define("desk-files", DeskFiles);
