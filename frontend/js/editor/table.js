import { Node } from "@tiptap/core";

// Tables are kept (they arrive by mail, paste and the API) and their cells can be written in. There is no tool that
// makes or reshapes them, so the 12 KB of the full table extension are spared.

/** @param {string} name */
function span(name) {
  return {
    default: null,
    parseHTML: (/** @type {Element} */ element) => {
      const count = Number(element.getAttribute(name));
      return Number.isInteger(count) && count > 1 && count < 100 ? count : null;
    },
  };
}

/**
 * @param {string} name
 * @param {string} tag
 */
function cell(name, tag) {
  return Node.create({
    name,
    content: "block+",
    isolating: true,
    addAttributes: () => ({ colspan: span("colspan"), rowspan: span("rowspan") }),
    parseHTML: () => [{ tag }],
    renderHTML: ({ HTMLAttributes }) => [tag, HTMLAttributes, 0],
  });
}

const Table = Node.create({
  name: "table",
  group: "block",
  content: "tableRow+",
  isolating: true,
  parseHTML: () => [{ tag: "table" }],
  renderHTML: () => ["table", ["tbody", 0]],
});

const TableRow = Node.create({
  name: "tableRow",
  content: "(tableCell | tableHeader)+",
  parseHTML: () => [{ tag: "tr" }],
  renderHTML: () => ["tr", 0],
});

export const tables = [Table, TableRow, cell("tableCell", "td"), cell("tableHeader", "th")];
