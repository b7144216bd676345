// Builds everything a browser gets besides the application itself: scripts, style, words, icons, font, fixed files.
// Usage, from the project's root after `npm ci`: node scripts/build-assets.mjs --out <folder>
// Writes js/, words/, fonts/, icons.svg, the style, licences.txt and the files of public/; says the size of each part.

import { spawn } from "node:child_process";
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";

const MODULES = "frontend/js";
const ENTRY = `${MODULES}/boot.js`;
const EDITOR = `${MODULES}/editor/desk-editor.js`;
const FILES = `${MODULES}/attachments/desk-files.js`;
const TICKETS = `${MODULES}/tickets/tickets.js`;
const DRAWER = `${MODULES}/history/drawer.js`;
const CHAT = `${MODULES}/chat/chat.js`;
const CUSTOMERS = `${MODULES}/customers/customers.js`;
const PALETTE = `${MODULES}/palette/palette.js`;
const ICON_LISTS = ["style/icons.txt", `${MODULES}/icons.txt`];
const ICONS = "node_modules/lucide-static/icons";
const LOCALES = "app/locales";
// Areas of pages that are HTML alone (app/src/bundle.rs): a browser never looks their words up, so their lines are empty.
const PLAIN_AREAS = [
  "admin",
  "audit",
  "chat",
  "customers",
  "documents",
  "history",
  "home",
  "knowledge",
  "lists_admin",
  "mail",
  "notifications",
  "palette",
  "reports",
  "search",
  "settings",
  "solve",
  "survey",
  "tasks",
  "templates",
  "validations",
];
const STYLES = ["main.css", "pages.css"];
const FONT = "node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2";
const KIB = 1024;
/** Brotli bytes a part may have. */
const LIMITS = { [ENTRY]: 3 * KIB, [EDITOR]: 180 * KIB };

/** A mistake in the sources, told without a stack. */
class BuildError extends Error {}

const { values } = parseArgs({ options: { out: { type: "string" } } });
if (!values.out) {
  console.error("usage: node scripts/build-assets.mjs --out <folder>");
  process.exit(2);
}
const out = path.resolve(values.out);

try {
  await mkdir(out, { recursive: true });
  const [metafile] = await Promise.all([bundle(), ...STYLES.map(style), words(), icons(), font(), fixedFiles()]);
  await licences(metafile);
  await report(metafile);
} catch (error) {
  console.error(error instanceof BuildError ? `build-assets: ${error.message}` : error);
  process.exit(1);
}

/** Bundles the modules; the entry keeps its name, what it fetches later is named by its content. */
async function bundle() {
  // Chunks of an earlier run have other names and would stay for ever.
  await rm(path.join(out, "js"), { recursive: true, force: true });
  const { metafile } = await build({
    entryPoints: { boot: ENTRY },
    outdir: path.join(out, "js"),
    bundle: true,
    minify: true,
    format: "esm",
    splitting: true,
    target: ["es2022"],
    entryNames: "[name]",
    chunkNames: "[name]-[hash]",
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  return metafile;
}

/**
 * The tool is called directly: the package runner's warnings would look like failures.
 * @param {string} name
 */
function style(name) {
  const args = ["-i", `style/${name}`, "-o", path.join(out, name), "--minify"];
  return new Promise((resolve, reject) => {
    const tool = spawn("node_modules/.bin/tailwindcss", args, { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    tool.stderr.on("data", (part) => {
      said += part;
    });
    tool.on("error", reject);
    tool.on("close", (code) => (code === 0 ? resolve(undefined) : reject(new BuildError(`tailwindcss failed\n${said}`))));
  });
}

/**
 * The words of each language, a line for each number that app/build.rs gives. The first line is the fingerprint of keys
 * and slots, which the application compares with its own before it starts.
 */
async function words() {
  const folder = path.join(out, "words");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const languages = await Promise.all((await readdir(LOCALES)).sort().map(catalogue));
  for (const { tag, lines } of languages) {
    if (lines[0] !== languages[0].lines[0]) {
      throw new BuildError(`${LOCALES}: keys or slots of ${tag} are not those of ${languages[0].tag}`);
    }
    await writeFile(path.join(folder, `${tag}.txt`), lines.join("\n"));
  }
}

/** @param {string} tag */
async function catalogue(tag) {
  const folder = path.join(LOCALES, tag);
  const areas = (await readdir(folder)).filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -".json".length));
  const names = [];
  const texts = [];
  for (const area of areas.sort()) {
    const sentences = JSON.parse(await readFile(path.join(folder, `${area}.json`), "utf8"));
    for (const key of Object.keys(sentences).sort()) {
      const value = sentences[key];
      const isPlural = typeof value === "object";
      const forms = isPlural ? [value.one, value.many ?? value.other, value.other] : [value];
      const slots = slotsOf(forms, isPlural);
      names.push(`${area}.${key}${isPlural ? "#" : ""}${slots.map((slot) => ` ${slot}`).join("")}\n`);
      for (const text of forms) {
        // The `{n}` of a plural is in no list, and stays.
        const line = text.replace(/\{(\w+)\}/g, (whole, slot) => (slots.includes(slot) ? `{${slots.indexOf(slot)}}` : whole));
        if (line.includes("\n")) throw new BuildError(`${folder}/${area}.json: ${key} has a line break`);
        texts.push(PLAIN_AREAS.includes(area) ? "" : line);
      }
    }
  }
  return { tag, lines: [fingerprint(names.join("")), ...texts] };
}

/**
 * Names of the slots a sentence takes as texts, in the order of the alphabet.
 * @param {string[]} forms
 * @param {boolean} isPlural
 */
function slotsOf(forms, isPlural) {
  const names = new Set(forms.flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, slot]) => slot)));
  if (isPlural) names.delete("n");
  return [...names].sort();
}

/**
 * FNV-1a, as in app/build.rs.
 * @param {string} names
 */
function fingerprint(names) {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(names)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

/** One sprite of all icons that the lists name. */
async function icons() {
  const names = new Set();
  for (const list of ICON_LISTS) {
    const text = await readFile(list, "utf8");
    for (const line of text.split("\n")) {
      const name = line.replace(/#.*/, "").trim();
      if (name) names.add(name);
    }
  }
  const symbols = await Promise.all([...names].sort().map(symbol));
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
  await writeFile(path.join(out, "icons.svg"), sprite);
}

/** @param {string} name */
async function symbol(name) {
  let source;
  try {
    source = await readFile(path.join(ICONS, `${name}.svg`), "utf8");
  } catch {
    throw new BuildError(`no icon is called "${name}" (${ICON_LISTS.join(", ")})`);
  }
  const inner = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(source)?.[1];
  if (!inner) throw new BuildError(`the icon "${name}" cannot be read`);
  const look = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${name}" viewBox="0 0 24 24" ${look}>${inner.replace(/\s*\n\s*/g, "").replace(/ \/>/g, "/>")}</symbol>`;
}

async function font() {
  const folder = path.join(out, "fonts");
  await mkdir(folder, { recursive: true });
  await cp(FONT, path.join(folder, path.basename(FONT)));
}

/** Files that are served as they are; when building into public/ itself they are already there. */
async function fixedFiles() {
  if (path.resolve("public") === out) return;
  for (const entry of await readdir("public", { withFileTypes: true })) {
    // Folders there are what an earlier build left.
    if (entry.isFile()) await cp(path.join("public", entry.name), path.join(out, entry.name));
  }
}

/**
 * The licences of everything whose code or drawing is shipped ask to be shipped with it.
 * @param {import("esbuild").Metafile} metafile
 */
async function licences(metafile) {
  const packages = new Set(["lucide-static", "@fontsource-variable/inter", "tailwindcss", "daisyui"]);
  for (const input of Object.keys(metafile.inputs)) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(input)?.[1];
    if (name) packages.add(name);
  }
  const parts = await Promise.all([...packages].sort().map(licence));
  await writeFile(path.join(out, "licences.txt"), parts.join("\n\n"));
}

/** @param {string} name */
async function licence(name) {
  const folder = path.join("node_modules", name);
  const { version, license, author } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const by = typeof author === "string" ? author : author?.name;
  const text = file ? await readFile(path.join(folder, file), "utf8") : `${license}${by ? `, ${by}` : ""}`;
  return `${name} ${version}\n${"-".repeat(60)}\n${text.trim()}`;
}

/** @param {import("esbuild").Metafile} metafile */
async function report(metafile) {
  const parts = [
    ["boot", ENTRY, new Set()],
    ["editor", EDITOR, new Set()],
    ["files", FILES, new Set()],
    ["tickets", TICKETS, new Set()],
    ["drawer", DRAWER, new Set()],
    ["chat", CHAT, new Set()],
    ["customers", CUSTOMERS, new Set()],
    ["palette", PALETTE, new Set()],
  ];
  const tooLarge = [];
  for (const [title, source, chunks] of parts) {
    collect(metafile, outputOf(metafile, source), chunks);
    const { raw, brotli } = await weigh([...chunks].map((chunk) => path.resolve(chunk)));
    print(`${title} (${chunks.size} file${chunks.size === 1 ? "" : "s"})`, raw, brotli);
    if (brotli > (LIMITS[source] ?? Infinity)) tooLarge.push(`${title} is ${brotli} bytes, the limit is ${LIMITS[source]}`);
  }
  const languages = (await readdir(path.join(out, "words"))).sort().map((name) => `words/${name}`);
  for (const name of [...STYLES, ...languages, "icons.svg", "fonts/inter-latin-wght-normal.woff2"]) {
    const { raw, brotli } = await weigh([path.join(out, name)]);
    print(name, raw, brotli);
  }
  if (tooLarge.length > 0) throw new BuildError(tooLarge.join("; "));
}

/**
 * @param {import("esbuild").Metafile} metafile
 * @param {string} source
 */
function outputOf(metafile, source) {
  const found = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint === source);
  if (!found) throw new BuildError(`${source} is in no bundle`);
  return found[0];
}

/**
 * A chunk and all that it loads at once; what it may load later is a part of its own.
 * @param {import("esbuild").Metafile} metafile
 * @param {string} chunk
 * @param {Set<string>} chunks
 */
function collect(metafile, chunk, chunks) {
  if (chunks.has(chunk)) return;
  chunks.add(chunk);
  for (const { path: next, kind } of metafile.outputs[chunk].imports) {
    if (kind === "import-statement") collect(metafile, next, chunks);
  }
}

/** @param {string[]} files */
async function weigh(files) {
  let raw = 0;
  let brotli = 0;
  for (const file of files) {
    raw += (await stat(file)).size;
    brotli += brotliCompressSync(await readFile(file)).length;
  }
  return { raw, brotli };
}

/**
 * @param {string} title
 * @param {number} raw
 * @param {number} brotli
 */
function print(title, raw, brotli) {
  const kib = (/** @type {number} */ bytes) => `${(bytes / KIB).toFixed(1)} KiB`.padStart(11);
  console.log(`${title.padEnd(40)}${kib(raw)}${kib(brotli)} brotli`);
}
