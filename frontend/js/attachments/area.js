/**
 * Makes a whole form take files by drop and paste. While files are dragged over it, it has the class `dragover`.
 * What something inside has already taken (the editor prevents the default) is left to it.
 * @param {HTMLElement} area
 * @param {AbortSignal} signal ends it
 * @param {(files: File[]) => void} take
 */
export function takeFiles(area, signal, take) {
  /**
   * @param {"dragover" | "dragleave" | "drop" | "paste"} type
   * @param {(event: any) => void} listener
   */
  const on = (type, listener) => area.addEventListener(type, listener, { signal });
  const leave = () => area.classList.remove("dragover");

  on("dragover", (/** @type {DragEvent} */ event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    area.classList.add("dragover");
  });
  on("dragleave", (/** @type {DragEvent} */ event) => {
    if (!(event.relatedTarget instanceof Node) || !area.contains(event.relatedTarget)) leave();
  });
  on("drop", (/** @type {DragEvent} */ event) => {
    leave();
    offer(event, event.dataTransfer, take);
  });
  on("paste", (/** @type {ClipboardEvent} */ event) => {
    // Words with a picture of the words, as spreadsheets copy them, are meant as words.
    if (!event.clipboardData?.types.includes("text/plain")) offer(event, event.clipboardData, take);
  });
}

/**
 * @param {Event} event
 * @param {DataTransfer | null} data
 * @param {(files: File[]) => void} take
 */
function offer(event, data, take) {
  const files = [...(data?.files ?? [])];
  if (event.defaultPrevented || files.length === 0) return;
  event.preventDefault();
  take(files);
}
