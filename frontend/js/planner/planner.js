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

/** Lists of blocks in the order of the page: a day each, then what is not planned. */
const lists = () => [...(root?.querySelectorAll(".planner-blocks, .planner-unplanned > ol") ?? [])];

/** @param {Element} list */
const links = (list) => /** @type {HTMLElement[]} */ ([...list.querySelectorAll(".planner-link")]);

/**
 * Goes to the block above or below, or to the one of the next day with any that begins nearest in time.
 * @param {HTMLElement} block
 * @param {number} down
 * @param {number} right
 * @returns {boolean} whether there is one
 */
function toNext(block, down, right) {
  const all = lists();
  const at = all.findIndex((list) => list.contains(block));
  const here = all[at];
  const own = block.querySelector(".planner-link");
  if (!here || !(own instanceof HTMLElement)) return false;
  let next;
  if (down) {
    const inList = links(here);
    next = inList[inList.indexOf(own) + down];
  } else {
    const rest = right > 0 ? all.slice(at + 1) : all.slice(0, at).reverse();
    const row = number(block, "--row");
    /** @param {HTMLElement} link */
    const far = (link) => Math.abs(number(/** @type {HTMLElement} */ (link.closest(".planner-block")), "--row") - row);
    const others = rest.map(links).find((found) => found.length > 0) ?? [];
    next = others.sort((one, other) => far(one) - far(other))[0];
  }
  next?.focus();
  return next !== undefined;
}

/**
 * Moves a block, or changes its length; nothing is stored before Enter.
 * @param {HTMLElement} block
 * @param {{ down: number, right: number, longer: number }} by
 */
function shift(block, { down, right, longer }) {
  const now = change?.block === block ? change : begin(block);
  if (!now.day) {
    // What is not planned yet goes to the morning of the first day.
    const first = document.querySelector(".planner-day[data-user]");
    if (!(first instanceof HTMLElement)) return;
    now.day = first;
    now.row = 18;
  } else if (longer) {
    now.resized = true;
    now.rows = Math.min(Math.max(now.rows + longer, 1), ROWS - now.row);
  } else if (down) {
    now.row = Math.min(Math.max(now.row + down, 0), ROWS - 1);
  } else {
    const days = [...document.querySelectorAll(".planner-day[data-user]")];
    const next = days[days.indexOf(now.day) + right];
    if (next instanceof HTMLElement) now.day = next;
  }
  change = now;
  show(now);
  // Moving the block takes the focus from its link.
  block.querySelector("a")?.focus();
}

/**
 * Arrows go from task to task, Shift with an arrow moves a task, plus and minus change its length, a full stop opens its form,
 * Home leads to today. Enter keeps what was moved, or opens the task; Escape puts it back.
 * @param {KeyboardEvent} event
 */
function key(event) {
  if (isList() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const target = event.target instanceof Element ? event.target.closest(".planner-block") : null;
  if (event.key === "Home" && !event.shiftKey) {
    const today = document.querySelector("[data-planner-today]");
    if (!(today instanceof HTMLElement)) return;
    event.preventDefault();
    today.click();
    return;
  }
  if (!(target instanceof HTMLElement)) return;
  const down = { ArrowUp: -1, ArrowDown: 1 }[event.key] ?? 0;
  const right = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0;
  const longer = { "-": -1, "+": 1 }[event.key] ?? 0;
  const isMove = longer !== 0 || (event.shiftKey && (down !== 0 || right !== 0));
  const isOther = change !== null && change.block !== target;
  if (event.key === "Escape" && change) {
    event.preventDefault();
    const { block } = change;
    undo(change);
    block.querySelector("a")?.focus();
  } else if (event.key === "Enter" && change && !isOther) {
    event.preventDefault();
    post(change);
  } else if (isMove) {
    if (!("movable" in target.dataset)) return;
    event.preventDefault();
    // One task moves at a time: what was left elsewhere goes back where it was.
    if (change && isOther) undo(change);
    shift(target, { down, right, longer });
  } else if (down || right) {
    // A task on its way is kept or put back before one goes on.
    if (change && !isOther) event.preventDefault();
    else if (toNext(target, down, right)) event.preventDefault();
  } else if (event.key === ".") {
    const form = target.querySelector(".planner-move");
    if (!(form instanceof HTMLElement)) return;
    event.preventDefault();
    form.click();
  }
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
