// The chat without reloading: what is said appears by itself, what is typed is sent once, also after a lost connection. The page is
// a list and a form without it; what appears here is what the same page shows for the lines after the last one.

const chat = /** @type {HTMLElement | null} */ (document.querySelector("[data-chat][data-live]"));

/** Most lines of one answer of the page. */
const PART = 200;
/** Lines that are looked at again when somebody has read them. */
const BACK = 20;
/** A sign of typing lasts five seconds: so often it is given again. */
const SIGN_EVERY = 2_500;
const SIGN_LASTS = 5_000;
/** Rest after the last key before the draft is kept. */
const DRAFT_AFTER = 1_500;

if (chat) start(chat);

/** @param {HTMLElement} root */
function start(root) {
  const { here = "", ticket = "", signs = "", drafts = "", viewer = "" } = root.dataset;
  const copy = `guichet-chat-${viewer}-${ticket}`;
  let last = Number(root.dataset.last);
  let isReading = false;
  let isStale = false;
  let isBack = false;
  let isSending = false;
  /** The text could not be sent: it goes when the connection returns. */
  let isWaiting = false;
  let signedAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let drafting;
  /** @type {Promise<unknown>} */
  let kept = Promise.resolve();
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */
  const silences = new Map();

  const form = () => /** @type {HTMLFormElement | null} */ (root.querySelector("#chat-form"));
  const area = () => /** @type {HTMLTextAreaElement | null} */ (form()?.querySelector("textarea") ?? null);
  const key = () => /** @type {HTMLInputElement | null} */ (form()?.querySelector('[name="form[key]"]') ?? null);

  /** @param {string | undefined} words */
  function tell(words) {
    const line = /** @type {HTMLElement | null} */ (root.querySelector("[data-chat-connection]"));
    if (!line) return;
    line.hidden = !words;
    line.textContent = words ?? "";
  }

  /** Asks the page for what it does not show yet; `back` = also for the last lines again, which somebody has read. */
  async function refresh(back = false) {
    isBack ||= back;
    // What is not looked at is not read: it waits until the page is seen.
    if (document.hidden || isReading) {
      isStale = true;
      return;
    }
    isReading = true;
    do {
      isStale = false;
      const from = isBack ? Math.max(0, last - BACK) : last;
      isBack = false;
      try {
        const answer = await fetch(`${here}?after=${from}`, { headers: { accept: "text/html" } });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const shown = /** @type {HTMLElement | null} */ (page.querySelector("[data-chat]"));
        if (!shown) {
          // Signed out, or the request is out of sight: the page itself says which.
          location.reload();
          return;
        }
        if (show(shown) >= PART) isStale = true;
        if (!isWaiting) tell(undefined);
      } catch {
        tell(isWaiting ? root.dataset.offline : root.dataset.lost);
      }
    } while (isStale && !document.hidden);
    isReading = false;
  }

  /**
   * Takes over what another reading of the page shows; answers how many lines it had.
   * @param {HTMLElement} shown
   */
  function show(shown) {
    const list = root.querySelector("[data-chat-lines]");
    const log = list?.parentElement;
    const isAtEnd = !log || log.scrollHeight - log.scrollTop - log.clientHeight < 48;
    const lines = [...shown.querySelectorAll("[data-chat-lines] > li")];
    for (const line of lines) {
      const present = document.getElementById(line.querySelector("article")?.id ?? "")?.closest("li");
      if (present) {
        // Read meanwhile: only its foot differs.
        const foot = line.querySelector(".entry-foot");
        present.querySelector(".entry-foot")?.remove();
        if (foot) present.querySelector("article")?.append(document.adoptNode(foot));
      } else {
        list?.append(document.adoptNode(line));
      }
    }
    if (lines.length > 0) root.querySelector("[data-chat-empty]")?.setAttribute("hidden", "");
    last = Math.max(last, Number(shown.dataset.last));
    replace("[data-chat-state]", shown);
    replaceForm(shown);
    if (log && isAtEnd && lines.length > 0) log.scrollTop = log.scrollHeight;
    return lines.length;
  }

  /**
   * @param {string} part
   * @param {HTMLElement} shown
   */
  function replace(part, shown) {
    const [old, fresh] = [root.querySelector(part), shown.querySelector(part)];
    if (fresh && old && !old.contains(document.activeElement)) old.replaceWith(document.adoptNode(fresh));
    // Switched off: nothing of it is shown any more.
    else if (!fresh) old?.remove();
  }

  /**
   * The form stays as it is while there is one; where it goes or comes, what was typed goes with it (T-CHT-07).
   * @param {HTMLElement} shown
   */
  function replaceForm(shown) {
    const old = /** @type {HTMLElement | null} */ (root.querySelector("[data-chat-form]"));
    const fresh = /** @type {HTMLElement | null} */ (shown.querySelector("[data-chat-form]"));
    if (!old || !fresh || old.dataset.chatForm === fresh.dataset.chatForm) return;
    const text = area()?.value || root.querySelector("[data-chat-kept-text]")?.textContent || "";
    old.replaceWith(document.adoptNode(fresh));
    const field = area();
    if (field) {
      field.value = text;
      return;
    }
    const place = root.querySelector("[data-chat-kept-text]");
    if (!place || text === "") return;
    place.textContent = text;
    place.closest("[data-chat-kept]")?.removeAttribute("hidden");
  }

  /**
   * Posts fields to a function of the server.
   * @param {string} address
   * @param {Record<string, string>} fields
   */
  const post = (address, fields) =>
    fetch(address, { method: "POST", headers: { accept: "application/json" }, body: new URLSearchParams(fields) });

  /** Sends what is typed, once: the same key until it has arrived. */
  async function send() {
    const [own, field] = [form(), area()];
    if (!own || !field || isSending || field.value.trim() === "") return;
    isSending = true;
    clearTimeout(drafting);
    // A draft that is on its way must not arrive behind the line it became.
    await kept.catch(() => undefined);
    /** @type {Record<string, string>} */
    const fields = {};
    for (const [name, value] of new FormData(own)) if (typeof value === "string") fields[name] = value;
    const text = field.value;
    try {
      const answer = await post(own.action, fields);
      if (answer.ok) {
        isWaiting = false;
        // What was typed while it was under way is the next line.
        field.value = field.value === text ? "" : field.value.startsWith(text) ? field.value.slice(text.length) : field.value;
        renew();
        remember();
        // The line ended the sign on the server: the next key gives it again.
        signedAt = 0;
        tell(undefined);
      } else if (answer.status >= 500) {
        isWaiting = true;
        tell(root.dataset.lost);
      } else {
        isWaiting = false;
        renew();
        tell(root.dataset.refused);
      }
      isSending = false;
      await refresh();
      if (!answer.ok && answer.status < 500) tell(root.dataset.refused);
    } catch {
      isWaiting = true;
      isSending = false;
      tell(root.dataset.offline);
    }
  }

  /** Another line has another key. */
  function renew() {
    const field = key();
    if (field) field.value = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /** Keeps what is typed in this tab: it survives a reload without connection. */
  function remember() {
    const text = area()?.value ?? "";
    try {
      if (text === "") sessionStorage.removeItem(copy);
      else sessionStorage.setItem(copy, text);
    } catch {
      // No room, or forbidden: the server keeps it all the same.
    }
  }

  function typed() {
    const field = area();
    if (!field) return;
    remember();
    // Other words under the key of those before would be refused.
    if (isWaiting && !isSending) renew();
    if (field.value !== "" && Date.now() - signedAt > SIGN_EVERY) {
      signedAt = Date.now();
      post(signs, { number: ticket, typing: "true" }).catch(() => undefined);
    }
    clearTimeout(drafting);
    drafting = setTimeout(() => {
      kept = post(drafts, {
        "form[kind]": "chat",
        "form[object]": ticket,
        "form[fields]": JSON.stringify({ text: area()?.value ?? "" }),
        "form[device]": "",
      }).catch(() => undefined);
    }, DRAFT_AFTER);
  }

  /**
   * Somebody writes, or has stopped: known people show it at once, others by asking who is here.
   * @param {{ user: string, state: string }} sign
   */
  function sign({ user, state }) {
    const person = [...root.querySelectorAll("[data-person]")].find((one) => one.getAttribute("data-person") === user);
    if (!person) {
      refresh();
      return;
    }
    const writes = state === "typing";
    person.querySelector("[data-here]")?.toggleAttribute("hidden", writes);
    person.querySelector("[data-writes]")?.toggleAttribute("hidden", !writes);
    clearTimeout(silences.get(user));
    if (writes) silences.set(user, setTimeout(() => sign({ user, state: "idle" }), SIGN_LASTS));
  }

  function listen() {
    const source = new EventSource(`/events?ticket=${ticket}&kinds=chat`);
    const read = (/** @type {Event} */ event) => JSON.parse(/** @type {MessageEvent} */ (event).data);
    source.addEventListener("open", () => {
      // Whatever was missed is asked for; what waits is sent.
      refresh();
      if (isWaiting) send();
    });
    source.addEventListener("error", () => tell(isWaiting ? root.dataset.offline : root.dataset.lost));
    source.addEventListener("change", (event) => refresh(read(event).what === "changed"));
    source.addEventListener("reset", () => refresh());
    source.addEventListener("presence", () => refresh());
    source.addEventListener("typing", (event) => sign(read(event)));
    addEventListener("pagehide", () => source.close());
  }

  root.querySelector("[data-chat-reload]")?.remove();
  const log = root.querySelector("[data-chat-lines]")?.parentElement;
  if (log && !location.hash) log.scrollTop = log.scrollHeight;
  const field = area();
  try {
    if (field && field.value === "") field.value = sessionStorage.getItem(copy) ?? "";
  } catch {
    // As if nothing had been kept.
  }
  root.addEventListener("submit", (event) => {
    if (event.target !== form()) return;
    event.preventDefault();
    send();
  });
  root.addEventListener("input", (event) => {
    if (event.target === area()) typed();
  });
  root.addEventListener("keydown", (event) => {
    if (event.target !== area() || event.key !== "Enter" || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && isStale) refresh();
  });
  addEventListener("online", () => {
    if (isWaiting) send();
  });
  listen();
}
