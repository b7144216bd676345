/** @typedef {import("@tiptap/core").Editor} Editor */

/**
 * @typedef {object} Tool
 * @property {string} name key of its word in `strings`
 * @property {string} icon name in the sprite (also listed in frontend/js/icons.txt)
 * @property {string} [keys] shortcut, `Mod` stands for Ctrl or Command
 * @property {(editor: Editor) => boolean} [pressed] makes it a toggle: whether it applies at the caret
 * @property {(editor: Editor) => boolean} [possible] whether it can do something now
 * @property {(editor: Editor) => boolean} [run] absent: the toolbar's owner acts (link, image)
 */

/** @type {Tool[][]} */
export const GROUPS = [
  [
    {
      name: "bold",
      icon: "bold",
      keys: "Mod+B",
      pressed: (editor) => editor.isActive("bold"),
      run: (editor) => editor.commands.toggleBold(),
    },
    {
      name: "italic",
      icon: "italic",
      keys: "Mod+I",
      pressed: (editor) => editor.isActive("italic"),
      run: (editor) => editor.commands.toggleItalic(),
    },
    {
      name: "strike",
      icon: "strikethrough",
      keys: "Mod+Shift+S",
      pressed: (editor) => editor.isActive("strike"),
      run: (editor) => editor.commands.toggleStrike(),
    },
    {
      name: "code",
      icon: "code",
      keys: "Mod+E",
      pressed: (editor) => editor.isActive("code"),
      run: (editor) => editor.commands.toggleCode(),
    },
    {
      name: "link",
      icon: "link",
      keys: "Mod+K",
      pressed: (editor) => editor.isActive("link"),
      possible: (editor) => !editor.isActive("codeBlock"),
    },
    { name: "image", icon: "image" },
  ],
  [
    {
      name: "heading_2",
      icon: "heading-2",
      keys: "Mod+Alt+2",
      pressed: (editor) => editor.isActive("heading", { level: 2 }),
      run: (editor) => editor.commands.toggleHeading({ level: 2 }),
    },
    {
      name: "heading_3",
      icon: "heading-3",
      keys: "Mod+Alt+3",
      pressed: (editor) => editor.isActive("heading", { level: 3 }),
      run: (editor) => editor.commands.toggleHeading({ level: 3 }),
    },
    {
      name: "quote",
      icon: "text-quote",
      keys: "Mod+Shift+B",
      pressed: (editor) => editor.isActive("blockquote"),
      run: (editor) => editor.commands.toggleBlockquote(),
    },
    {
      name: "code_block",
      icon: "square-code",
      keys: "Mod+Alt+C",
      pressed: (editor) => editor.isActive("codeBlock"),
      run: (editor) => editor.commands.toggleCodeBlock(),
    },
  ],
  [
    {
      name: "bullet_list",
      icon: "list",
      keys: "Mod+Shift+8",
      pressed: (editor) => editor.isActive("bulletList"),
      run: (editor) => editor.commands.toggleBulletList(),
    },
    {
      name: "ordered_list",
      icon: "list-ordered",
      keys: "Mod+Shift+7",
      pressed: (editor) => editor.isActive("orderedList"),
      run: (editor) => editor.commands.toggleOrderedList(),
    },
    {
      name: "outdent",
      icon: "list-indent-decrease",
      keys: "Mod+[",
      possible: (editor) => editor.can().liftListItem("listItem"),
      run: (editor) => editor.commands.liftListItem("listItem"),
    },
    {
      name: "indent",
      icon: "list-indent-increase",
      keys: "Mod+]",
      possible: (editor) => editor.can().sinkListItem("listItem"),
      run: (editor) => editor.commands.sinkListItem("listItem"),
    },
  ],
  [
    {
      name: "undo",
      icon: "undo-2",
      keys: "Mod+Z",
      possible: (editor) => editor.can().undo(),
      run: (editor) => editor.commands.undo(),
    },
    {
      name: "redo",
      icon: "redo-2",
      keys: "Mod+Shift+Z",
      possible: (editor) => editor.can().redo(),
      run: (editor) => editor.commands.redo(),
    },
  ],
];
