import { Image } from "@tiptap/extension-image";
import { ListItem } from "@tiptap/extension-list";
import { Placeholder } from "@tiptap/extensions";
import StarterKit from "@tiptap/starter-kit";
import { documentPath, isAllowedLink } from "./clean.js";
import { tables } from "./table.js";

// Tab leaves the editor (WCAG 2.1.2): list items move with Ctrl/Cmd and a bracket instead.
const Item = ListItem.extend({
  addKeyboardShortcuts() {
    return {
      Enter: () => this.editor.commands.splitListItem(this.name),
      "Mod-]": () => this.editor.commands.sinkListItem(this.name),
      "Mod-[": () => this.editor.commands.liftListItem(this.name),
    };
  },
});

/** Only documents of ours are images; an address typed as Markdown is none. */
const DocumentImage = Image.extend({
  addOptions() {
    return { ...this.parent?.(), inline: true, documents: "/documents/" };
  },
  addAttributes: () => ({ src: { default: null }, alt: { default: null } }),
  parseHTML() {
    const { documents } = this.options;
    return [
      {
        tag: "img[src]",
        getAttrs: (/** @type {HTMLElement} */ image) => {
          const src = documentPath(image.getAttribute("src"), documents);
          return src ? { src, alt: image.getAttribute("alt") } : false;
        },
      },
    ];
  },
  addInputRules: () => [],
});

/**
 * The tools of the editor, and with them what HTML it can hold.
 * @param {{ placeholder: string, documents: string }} options
 */
export function extensions({ placeholder, documents }) {
  return [
    StarterKit.configure({
      heading: { levels: [2, 3] },
      underline: false,
      listItem: false,
      link: {
        openOnClick: false,
        defaultProtocol: "https",
        HTMLAttributes: { target: null, rel: null },
        // Typed addresses are asked about before their scheme is added.
        isAllowedUri: (url) => isAllowedLink(url) || /^(www\.|[^/@:\s]+@)/i.test(url),
        // "main.rs" and "server.local" are names in this trade, no addresses.
        shouldAutoLink: (url) => /^(https?:\/\/|mailto:|tel:|www\.)|@/i.test(url),
      },
    }),
    Item,
    DocumentImage.configure({ documents }),
    ...tables,
    Placeholder.configure({ placeholder }),
  ];
}
