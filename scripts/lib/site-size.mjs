// Prints what a browser loads, raw and brotli, and fails above the ceiling. Usage: node scripts/lib/site-size.mjs SITE PACKED
// (PACKED is what pack-site.mjs made of the site).
// The first load of an agent is wasm + JavaScript + CSS of the page he begins with, and the words of the largest language; each
// bundle (pkg/NAME.wasm) is such a page. A script counts when its name carries no content hash (pkg/NAME.js, js/boot.js) or when
// such a script imports it statically. The rest is imported only when shown.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";

// The target, and the ceilings that no build may pass where the target is not met yet: they go down, and up only with a line in
// docs/CHANGELOG.md that says what for.
const TARGET = 350 * 1024;
const CEILINGS = { "guichet-ticket": 440 * 1024 };
const ceilingOf = (bundle) => CEILINGS[bundle] ?? TARGET;
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

// The pages agents live in load their bundle and its words; they are what the budget is for. All others load neither.
const total = (key, of) => sizes.filter(of).reduce((sum, entry) => sum + entry[key], 0);
const firstLoads = names
  .filter((name) => name.startsWith("pkg/") && name.endsWith(".wasm"))
  .map((name) => {
    const bundle = name.slice("pkg/".length, -".wasm".length);
    const isOther = (entry) => entry.name.startsWith("pkg/") && !entry.name.startsWith(`pkg/${bundle}.`);
    const of = (entry) => !entry.later && !others.has(entry) && !isOther(entry);
    return { bundle, raw: total("raw", of), brotli: total("brotli", of) };
  });
const ofOthers = (entry) => (!entry.later || entry.name === PAGES) && !/^(pkg|words)\//.test(entry.name);
for (const { bundle, raw, brotli } of firstLoads) {
  line(`first load of ${bundle}`, raw, brotli, `target ${TARGET / 1024} KB, ceiling ${ceilingOf(bundle) / 1024} KB brotli`);
}
line("portal first load", total("raw", ofOthers), total("brotli", ofOthers), "no WASM");

if (firstLoads.length === 0 || words.length === 0) {
  console.error("error: the site has no wasm file or no words");
  process.exit(1);
}
for (const { bundle, brotli } of firstLoads) {
  if (brotli > TARGET) console.log(`the first load of ${bundle} is ${kb(brotli - TARGET).trim()} over its target`);
  if (brotli > ceilingOf(bundle)) {
    console.error(`error: the first load of ${bundle} is ${brotli} bytes brotli, the ceiling is ${ceilingOf(bundle)}`);
    process.exitCode = 1;
  }
}
