// The schema of the editor decides what stays; here is only what it cannot say. The server cleans again on save.

/** Elements whose text is no text for people. */
const REMOVED = "script,style,template,noscript,iframe,object,embed,svg,math,title,head,link,meta,button,select,textarea,[hidden]";
/** Heading levels that the product does not have, and the nearest one it has. */
const HEADINGS = { H1: "h2", H4: "h3", H5: "h3", H6: "h3" };

const SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);

/**
 * Whether an address may stand in a link: absolute, and a scheme that runs nothing.
 * @param {string} address
 */
export function isAllowedLink(address) {
  try {
    return SCHEMES.has(new URL(address).protocol);
  } catch {
    return false;
  }
}

/**
 * What somebody typed as a link: `example.com` and `ana@example.com` are completed. Null if it cannot be one.
 * @param {string} typed
 * @returns {string | null}
 */
export function completeLink(typed) {
  const text = typed.trim();
  if (text === "" || /\s/.test(text)) return null;
  if (/^[a-z][a-z0-9+.-]*:(?!\d+(\/|$))/i.test(text)) return isAllowedLink(text) ? text : null;
  const completed = /^[^/@]+@[^/@]+$/.test(text) ? `mailto:${text}` : `https://${text.replace(/^\/\//, "")}`;
  return isAllowedLink(completed) ? completed : null;
}

/**
 * The path of an image that is a document of ours, or null.
 * @param {string | null} src
 * @param {string} documents path under which documents are, with a slash at the end
 */
export function documentPath(src, documents) {
  if (!src) return null;
  try {
    const address = new URL(src, location.href);
    const ours = address.origin === location.origin && address.pathname.startsWith(documents);
    return ours ? address.pathname : null;
  } catch {
    return null;
  }
}

/**
 * Foreign HTML as an inert tree: nothing in it loads or runs. Styles and handlers are taken out of the text before,
 * only because the browser complains of each in the console although it would block them.
 * @param {string} html
 */
export function parseInert(html) {
  const quiet = html
    .replace(/<(style|script)\b[\s\S]*?<\/\1\s*>/gi, "")
    .replace(/<[^<>]+>/g, (tag) => tag.replace(/[\s/]on\w+\s*=\s*("[^"]*"|'[^']*'|[^\s>]*)/gi, ""));
  return new DOMParser().parseFromString(quiet, "text/html").body;
}

/**
 * Prepares foreign HTML (pasted, inserted, loaded) for the schema.
 * @param {string} html
 * @param {string} documents
 */
export function cleanHtml(html, documents) {
  const body = parseInert(html);
  for (const element of body.querySelectorAll(REMOVED)) element.remove();
  for (const [from, to] of Object.entries(HEADINGS)) {
    for (const heading of body.querySelectorAll(from)) {
      const kept = heading.ownerDocument.createElement(to);
      kept.append(...heading.childNodes);
      heading.replaceWith(kept);
    }
  }
  for (const link of body.querySelectorAll("a")) {
    for (const { name } of [...link.attributes]) if (name !== "href") link.removeAttribute(name);
  }
  for (const image of body.querySelectorAll("img")) {
    const path = documentPath(image.getAttribute("src"), documents);
    if (path) image.setAttribute("src", path);
    else image.remove();
  }
  return body.innerHTML;
}
