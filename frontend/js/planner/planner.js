// The planner by mouse and keys: a task is dragged to another time, day or person, or made longer; what is let go is posted by
// the same form as on the page. Without this module links lead to that form.

/** Minutes of a row. */
const STEP = 30;
const ROWS = 48;

/** @type {HTMLElement | null} */
let root = null;
/** @type {Record<string, string>} */
let words = {};
/** @type {Change | null} */
let change = null;

/**
 * A task under way: where it is, where it was.
 * @typedef {object} Change
 * @property {HTMLElement} block
 * @property {HTMLElement | null} day
 * @property {number} row
 * @property {number} rows
 * @property {{ parent: Element | null, next: Element | null, style: string }} before
 * @property {boolean} resized
 * @property {number} grip rows between the top of the block and the pointer
 */

/** @param {HTMLElement} block @param {string} name */
const number = (block, name) => Number(block.style.getPropertyValue(name) || 0);

/** @param {number} row */
const clock = (row) => `${String(Math.floor(row / 2)).padStart(2, "0")}:${row % 2 ? "30" : "00"}`;

/** @param {number} rows */
function span(rows) {
  const [hours, minutes] = [Math.floor((rows * STEP) / 60), (rows * STEP) % 60];
  return [hours && `${hours} h`, minutes && `${minutes} min`].filter(Boolean).join(" ");
}

/** On a phone the days are lists: a place in them is no time, and the form does the moving. */
const isList = () => matchMedia("(max-width: 47.99rem)").matches;

/** @param {HTMLElement} block @returns {Change} */
function begin(block) {
  const day = block.closest(".planner-day");
  return {
    block,
    day: day instanceof HTMLElement ? day : null,
    row: number(block, "--row"),
    rows: number(block, "--rows") || 2,
    before: { parent: block.parentElement, next: block.nextElementSibling, style: block.getAttribute("style") ?? "" },
    resized: false,
    grip: 0,
  };
}

/** @param {Change} now */
function show(now) {
  const { block, day } = now;
  const list = day?.querySelector(".planner-blocks");
  if (list && block.parentElement !== list) list.append(block);
  block.style.setProperty("--row", String(now.row));
  block.style.setProperty("--rows", String(now.rows));
  block.dataset.moving = "";
  const said = document.querySelector("[data-planner-said]");
  if (!said || !day) return;
  const name = day.querySelector("h2")?.firstChild?.textContent ?? "";
  said.textContent = now.resized
    ? (words.resized ?? "").replace("{time}", span(now.rows))
    : (words.moved ?? "").replace("{time}", `${name}, ${clock(now.row)}`);
}

/** @param {Change} now */
function undo(now) {
  const { block, before } = now;
  before.parent?.insertBefore(block, before.next);
  block.setAttribute("style", before.style);
  delete block.dataset.moving;
  change = null;
}

/**
 * Posts the form of the page: a full answer, so that everything shown is what is stored.
 * @param {Change} now
 */
function post(now) {
  const { block, day } = now;
  change = null;
  if (!root || !day) return;
  const was = now.before.style;
  if (was === block.getAttribute("style") && block.parentElement === now.before.parent) return;
  const form = document.createElement("form");
  form.method = "post";
  form.action = root.dataset.move ?? "";
  form.hidden = true;
  // A begin within a half hour and a length that is none of whole half hours stay as they are where only the day changes.
  const isSameRow = Number(/--row:\s*(\d+)/.exec(was)?.[1]) === now.row;
  const minute = (block.dataset.begin ?? "").slice(11, 16);
  const time = isSameRow && minute && !now.resized ? minute : clock(now.row);
  const pairs = {
    id: block.dataset.task ?? "",
    planned_begin: `${day.dataset.day}T${now.resized && minute ? minute : time}`,
    duration_minutes: now.resized || !block.dataset.minutes ? String(now.rows * STEP) : block.dataset.minutes,
    user: day.dataset.user ?? "",
    back: root.dataset.planner ?? "/planner",
  };
  for (const [name, value] of Object.entries(pairs)) {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = `form[${name}]`;
    input.value = value;
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}

/** @param {Change} now @param {number} x @param {number} y */
function follow(now, x, y) {
  const day = document.elementsFromPoint(x, y).find((element) => element.classList.contains("planner-day"));
  if (!now.resized && day instanceof HTMLElement && day.dataset.user) now.day = day;
  const list = now.day?.querySelector(".planner-blocks");
  if (!list) return;
  const box = list.getBoundingClientRect();
  const at = Math.floor(((y - box.top) / box.height) * ROWS);
  if (now.resized) now.rows = Math.min(Math.max(at - now.row + 1, 1), ROWS - now.row);
  else now.row = Math.min(Math.max(at - now.grip, 0), ROWS - 1);
  show(now);
}

/** @param {PointerEvent} event */
function down(event) {
  const target = event.target instanceof Element ? event.target : null;
  const block = target?.closest("[data-movable]");
  if (!(block instanceof HTMLElement) || event.button !== 0 || isList() || target?.closest(".planner-move")) return;
  const now = begin(block);
  const box = block.getBoundingClientRect();
  now.resized = now.day !== null && box.bottom - event.clientY < 8;
  const height = box.height / now.rows;
  now.grip = now.day ? Math.floor((event.clientY - box.top) / height) : 0;
  const [x, y] = [event.clientX, event.clientY];
  let hasMoved = false;
  /** @param {PointerEvent} moved */
  const move = (moved) => {
    // A click is no drag.
    if (!hasMoved && Math.hypot(moved.clientX - x, moved.clientY - y) < 6) return;
    hasMoved = true;
    change = now;
    moved.preventDefault();
    follow(now, moved.clientX, moved.clientY);
  };
  const up = () => {
    removeEventListener("pointermove", move);
    removeEventListener("pointerup", up);
    removeEventListener("pointercancel", cancel);
    if (!hasMoved) return;
    // The link under the pointer must not be followed.
    addEventListener("click", (click) => click.preventDefault(), { capture: true, once: true });
    post(now);
  };
  const cancel = () => {
    removeEventListener("pointermove", move);
    removeEventListener("pointerup", up);
    removeEventListener("pointercancel", cancel);
    if (hasMoved) undo(now);
  };
  addEventListener("pointermove", move);
  addEventListener("pointerup", up);
  addEventListener("pointercancel", cancel);
}

/** @param {KeyboardEvent} event */
function key(event) {
  const target = event.target instanceof Element ? event.target.closest("[data-movable]") : null;
  if (!(target instanceof HTMLElement) || isList() || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && change) {
    event.preventDefault();
    undo(change);
    target.querySelector("a")?.focus();
    return;
  }
  if (event.key === "Enter" && change) {
    event.preventDefault();
    post(change);
    return;
  }
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step === undefined && side === undefined) return;
  event.preventDefault();
  const now = change?.block === target ? change : begin(target);
  change = now;
  if (!now.day) {
    // What is not planned yet goes to the morning of the first day.
    const first = document.querySelector(".planner-day[data-user]");
    if (!(first instanceof HTMLElement)) return;
    now.day = first;
    now.row = 18;
  } else if (step !== undefined && event.shiftKey) {
    now.resized = true;
    now.rows = Math.min(Math.max(now.rows + step, 1), ROWS - now.row);
  } else if (step !== undefined) {
    now.row = Math.min(Math.max(now.row + step, 0), ROWS - 1);
  } else {
    const days = [...document.querySelectorAll(".planner-day[data-user]")];
    const next = days[days.indexOf(now.day) + (side ?? 0)];
    if (next instanceof HTMLElement) now.day = next;
  }
  show(now);
  // Moving the block takes the focus from its link.
  target.querySelector("a")?.focus();
}

/**
 * The day begins at midnight and the work at seven, or with the first task: that is what one sees first.
 * @param {HTMLElement} planner
 */
function toMorning(planner) {
  const grid = planner.querySelector(".planner-grid");
  const list = grid?.querySelector(".planner-blocks");
  if (!grid || !list) return;
  const rows = [...grid.querySelectorAll(".planner-block")].map((block) => number(/** @type {HTMLElement} */ (block), "--row"));
  grid.scrollTop = (list.getBoundingClientRect().height / ROWS) * Math.min(14, ...rows);
}

/** Begins where a page has a planner. */
export function look() {
  const found = document.querySelector("[data-planner]:not([data-ready])");
  if (!(found instanceof HTMLElement)) return;
  root = found;
  words = JSON.parse(root.dataset.strings ?? "{}");
  root.setAttribute("aria-description", words.keys ?? "");
  toMorning(root);
  root.addEventListener("pointerdown", down);
  // The browser drags links by itself, and would take the pointer away from the block the link stands in.
  root.addEventListener("dragstart", (event) => event.preventDefault());
  root.addEventListener("keydown", key);
  root.dataset.ready = "";
}
