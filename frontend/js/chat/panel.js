// The agents' panel of chats, kept as it is on the server: whoever begins to wait appears by himself.

const PANEL = "[data-chat-panel]";
/** Changes that come together are one reading. */
const REST = 800;

if (document.querySelector(PANEL)) start();

function start() {
  let isStale = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;

  async function refresh() {
    if (document.hidden) {
      isStale = true;
      return;
    }
    isStale = false;
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(PANEL);
      const old = document.querySelector(PANEL);
      if (!fresh || !old) return;
      const held = old.contains(document.activeElement) ? document.activeElement?.id : "";
      old.replaceWith(document.adoptNode(fresh));
      if (held) document.getElementById(held)?.focus();
    } catch {
      // The next change asks again.
    }
  }

  function soon() {
    clearTimeout(resting);
    resting = setTimeout(refresh, REST);
  }

  const source = new EventSource("/events?kinds=chat,ticket");
  for (const name of ["open", "change", "reset"]) source.addEventListener(name, soon);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && isStale) soon();
  });
  addEventListener("pagehide", () => source.close());
}
