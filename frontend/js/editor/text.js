/** @typedef {import("@tiptap/core").JSONContent} JSONContent */

/**
 * Plain text as an editor document: blank lines end a paragraph, a single line end becomes a line break.
 * `positionOf` turns an offset in the text (the caret of the text area) into a position of the document.
 * @param {string} text
 * @returns {{ content: JSONContent, positionOf: (offset: number) => number }}
 */
export function textToDocument(text) {
  const paragraphs = splitParagraphs(text.replace(/\r\n?/g, "\n"));
  let position = 0;
  const placed = paragraphs.map((paragraph) => {
    const first = position + 1;
    position = first + paragraph.text.length + 1;
    return { ...paragraph, first };
  });
  return {
    content: { type: "doc", content: paragraphs.map((paragraph) => toNode(paragraph.text)) },
    positionOf(offset) {
      const last = placed.filter((paragraph) => paragraph.start <= offset).at(-1);
      if (!last) return 1;
      return last.first + Math.min(offset - last.start, last.text.length);
    },
  };
}

/**
 * @param {string} text
 * @returns {{ start: number, text: string }[]}
 */
function splitParagraphs(text) {
  const lines = text.split("\n");
  /** @type {{ start: number, text: string }[]} */
  const paragraphs = [];
  let open = false;
  let offset = 0;
  for (const line of lines) {
    const current = paragraphs.at(-1);
    if (line.trim() === "") {
      open = false;
    } else if (open && current) {
      current.text += `\n${line}`;
    } else {
      paragraphs.push({ start: offset, text: line });
      open = true;
    }
    offset += line.length + 1;
  }
  // Somebody who has just pressed Enter goes on writing on the new line.
  const ended = !open && lines.length > 1;
  if (ended || paragraphs.length === 0) paragraphs.push({ start: text.length, text: "" });
  return paragraphs;
}

/**
 * @param {string} text
 * @returns {JSONContent}
 */
function toNode(text) {
  const content = text.split("\n").flatMap((line, index) => {
    /** @type {JSONContent[]} */
    const nodes = index === 0 ? [] : [{ type: "hardBreak" }];
    if (line !== "") nodes.push({ type: "text", text: line });
    return nodes;
  });
  return content.length === 0 ? { type: "paragraph" } : { type: "paragraph", content };
}
