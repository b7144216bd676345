// Checks the licence of every crate that is built for us against the lists in deny.toml; works without the network.
// It stands in for cargo-deny where that is not installed. Usage: node scripts/lib/licences.mjs, in the project folder.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const quoted = (text) => [...text.matchAll(/"([^"]+)"/g)].map((found) => found[1]);
const deny = readFileSync("deny.toml", "utf8").replace(/^\s*#.*$/gm, "").replace(/\s#[^"\n]*$/gm, "");
const section = (name) => new RegExp(`^\\[${name}\\]$([\\s\\S]*?)(?=^\\[|(?![\\s\\S]))`, "m").exec(deny)?.[1] ?? "";
const allowed = new Set(quoted(/^allow\s*=\s*\[([\s\S]*?)\]/m.exec(section("licenses"))?.[1] ?? ""));
const exceptions = new Map();
for (const found of deny.matchAll(/^\[\[licenses\.exceptions\]\]$([\s\S]*?)(?=^\[|(?![\s\S]))/gm)) {
  const crate = /^(?:crate|name)\s*=\s*"([^"@]+)/m.exec(found[1])?.[1];
  exceptions.set(crate, new Set(quoted(/^allow\s*=\s*\[([\s\S]*?)\]/m.exec(found[1])?.[1] ?? "")));
}
if (allowed.size === 0) throw new Error("deny.toml has no [licenses] allow list");

// SPDX expressions: OR binds weaker than AND; "/" is the old spelling of OR; WITH makes one name of two.
const satisfied = (expression, known) => {
  const tokens = expression.replaceAll("/", " OR ").replace(/\s+WITH\s+/g, "+WITH+").match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  const term = () => {
    const token = tokens[at++];
    if (token === "(") {
      const inner = either();
      at += 1;
      return inner;
    }
    return known.has(token.replaceAll("+WITH+", " WITH "));
  };
  const both = () => {
    let result = term();
    while (tokens[at] === "AND") {
      at += 1;
      const next = term();
      result = result && next;
    }
    return result;
  };
  const either = () => {
    let result = both();
    while (tokens[at] === "OR") {
      at += 1;
      const next = both();
      result = result || next;
    }
    return result;
  };
  return either() && at === tokens.length;
};

const crates = new Map();
for (const platform of ["x86_64-unknown-linux-gnu", "wasm32-unknown-unknown"]) {
  const args = ["metadata", "--format-version", "1", "--locked", "--filter-platform", platform];
  const run = (more) => spawnSync("cargo", [...args, ...more], { encoding: "utf8", maxBuffer: 2 ** 28 });
  // Offline first; the second try fetches what no build on this machine has needed yet.
  let answer = run(["--offline"]);
  if (answer.status !== 0) answer = run([]);
  if (answer.status !== 0) {
    console.error(answer.stderr);
    process.exit(1);
  }
  const metadata = JSON.parse(answer.stdout);
  const built = new Set(metadata.resolve.nodes.map((node) => node.id));
  for (const crate of metadata.packages) if (built.has(crate.id)) crates.set(crate.id, crate);
}

const complaints = [...crates.values()]
  .filter(({ name, license }) => !license || !satisfied(license, new Set([...allowed, ...(exceptions.get(name) ?? [])])))
  .map(({ name, version, license }) => `${name} ${version}: ${license ?? "no licence expression"}`);
for (const complaint of complaints) console.error(`licence not allowed by deny.toml: ${complaint}`);
console.log(`    ${crates.size} crates, ${complaints.length} with a licence that deny.toml does not allow`);
process.exit(complaints.length === 0 ? 0 : 1);
