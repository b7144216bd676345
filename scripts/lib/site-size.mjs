// Prints what a browser loads, raw and brotli, and fails above the ceiling. Usage: node scripts/lib/site-size.mjs SITE PACKED
// (PACKED is what pack-site.mjs made of the site).
// "Agent first load" is wasm + JavaScript + CSS of a first page, and the words of the largest language: a script counts
// when its name carries no content hash (pkg/guichet.js, js/boot.js) or when such a script imports it statically. The rest
// is imported only when shown.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";

// The target, and the ceiling that no build may pass until the target is met: it goes down, and up only with a line in
// docs/CHANGELOG.md that says what for.
const TARGET = 350 * 1024;
const CEILING = 470 * 1024;
// Not on the pages of the agents' bundle.
const PAGES = "pages.css";
const HASHED = /-[A-Z0-9]{8}\.js$/;
const STATIC_IMPORT = /(?:^|[;}\s])(?:import|export)\s*(?:[\w$*{},\s]+?from\s*)?["'](\.[^"']+)["']/g;

const [site, packed] = process.argv.slice(2);
const names = readdirSync(site, { recursive: true }).map(String).sort();
const scripts = new Map(
  names.filter((name) => /\.m?js$/.test(name)).map((name) => [name, readFileSync(join(site, name), "utf8")]),
);

const first = new Set();
const follow = (name) => {
  if (first.has(name) || !scripts.has(name)) return;
  first.add(name);
  for (const [, target] of scripts.get(name).matchAll(STATIC_IMPORT)) follow(posix.join(posix.dirname(name), target));
};
[...scripts.keys()].filter((name) => !HASHED.test(name)).forEach(follow);

const sizes = names
  .filter((name) => /\.(wasm|m?js|css)$|^words\//.test(name))
  .map((name) => {
    const later = name === PAGES || (scripts.has(name) && !first.has(name));
    return { name, later, raw: statSync(join(site, name)).size, brotli: statSync(join(packed, `${name}.br`)).size };
  });

// A page loads the words of its own language alone.
const words = sizes.filter(({ name }) => name.startsWith("words/")).sort((a, b) => b.brotli - a.brotli);
const others = new Set(words.slice(1));

const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`.padStart(11);
const line = (name, raw, brotli, remark) => console.log(`${name.padEnd(36)}${kb(raw)}${kb(brotli)}  ${remark}`.trimEnd());
console.log(`${"file".padEnd(36)}${"raw".padStart(11)}${"brotli".padStart(11)}`);
for (const entry of sizes) {
  line(entry.name, entry.raw, entry.brotli, entry.later ? "when shown" : others.has(entry) ? "other language" : "");
}

// The pages agents live in load the bundle and its words; they are what the budget is for. All others load neither.
const ofAgents = (entry) => !entry.later && !others.has(entry);
const ofOthers = (entry) => (!entry.later || entry.name === PAGES) && !/^(pkg|words)\//.test(entry.name);
const total = (key, of = ofAgents) => sizes.filter(of).reduce((sum, entry) => sum + entry[key], 0);
line("agent first load", total("raw"), total("brotli"), `target ${TARGET / 1024} KB, ceiling ${CEILING / 1024} KB brotli`);
line("portal first load", total("raw", ofOthers), total("brotli", ofOthers), "no WASM");

if (!names.some((name) => name.endsWith(".wasm")) || words.length === 0) {
  console.error("error: the site has no wasm file or no words");
  process.exit(1);
}
if (total("brotli") > TARGET) console.log(`agent first load is ${kb(total("brotli") - TARGET).trim()} over its target`);
if (total("brotli") > CEILING) {
  console.error(`error: agent first load is ${total("brotli")} bytes brotli, the ceiling is ${CEILING}`);
  process.exit(1);
}
