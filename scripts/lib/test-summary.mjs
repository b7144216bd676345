// Counts the tests of a run and prints the table and the last line "N passed, N failed"; exits 1 unless all is well.
// Usage: node scripts/lib/test-summary.mjs LOGS FAILED-STEPS REMARKS   (both lists separated by commas, may be empty)
// LOGS holds binaries.json (cargo's JSON), rust.log (cargo test), browser.log (Playwright); each may be missing.
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

const [logs, failedSteps = "", remarks = ""] = process.argv.slice(2);
const list = (text) => text.split(",").filter(Boolean);
const lines = (name) => {
  const file = join(logs, name);
  // eslint-disable-next-line no-control-regex -- colour codes
  return existsSync(file) ? readFileSync(file, "utf8").replace(/\u001b\[[0-9;]*[A-Za-z]/g, "").split(/\r?\n/) : [];
};

// Which kind of tests a binary holds: by its package and by what cargo calls its target.
const kinds = new Map();
for (const line of lines("binaries.json")) {
  if (!line.startsWith("{")) continue;
  const message = JSON.parse(line);
  if (message.reason !== "compiler-artifact" || !message.executable || !message.profile?.test) continue;
  const name = /#([^@]+)@/.exec(message.package_id)?.[1] ?? basename(message.package_id.split("#")[0]);
  const integration = message.target.kind.includes("test");
  const places = { "guichet-service": "service", "guichet-server": "router", guichet: "service", "guichet-migration": "migration" };
  kinds.set(basename(message.executable), integration ? (places[name] ?? "unit") : "unit");
}

const counts = new Map(["unit", "service", "migration", "router", "matrix", "browser"].map((kind) => [kind, [0, 0, 0]]));
const add = (kind, passed, failed, ignored) => {
  const row = counts.get(kind);
  [passed, failed, ignored].forEach((count, index) => (row[index] += count));
};

// The rights matrix is told by the module a test lives in, whichever binary that is part of.
const MATRIX = /(^|::)(\w+_)?(matrix|rights)(_\w+)?::/;
const failures = [];
let kind = "unit";
let matrix = [0, 0, 0];
for (const line of lines("rust.log")) {
  const running = /^\s+Running .*\(([^()]+)\)$/.exec(line);
  if (running) kind = kinds.get(basename(running[1])) ?? "unit";
  if (/^\s+Doc-tests /.test(line)) kind = "unit";
  if (/^running \d+ tests?$/.test(line)) matrix = [0, 0, 0];
  const test = /^test (.+?)(?: - should panic)? \.\.\. (ok|FAILED|ignored)/.exec(line);
  if (test) {
    const outcome = ["ok", "FAILED", "ignored"].indexOf(test[2]);
    if (outcome === 1) failures.push(test[1]);
    if (MATRIX.test(test[1])) matrix[outcome] += 1;
  }
  const result = /^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/.exec(line);
  if (result) {
    const totals = result.slice(1).map(Number);
    add("matrix", ...matrix);
    add(kind, ...totals.map((total, index) => Math.max(0, total - matrix[index])));
    matrix = [0, 0, 0];
  }
}
const browserLines = lines("browser.log");
for (const line of browserLines) {
  const found = /^\s+(\d+) (passed|failed|flaky|interrupted|skipped|did not run)\b/.exec(line);
  if (!found) continue;
  const count = Number(found[1]);
  // A test that passed only when repeated is a failure not yet understood, but Playwright decides about the exit code.
  if (found[2] === "passed" || found[2] === "flaky") add("browser", count, 0, 0);
  else if (found[2] === "failed" || found[2] === "interrupted") add("browser", 0, count, 0);
  else add("browser", 0, 0, count);
}

const total = (index, kindsOfIt = [...counts.keys()]) => kindsOfIt.reduce((sum, each) => sum + counts.get(each)[index], 0);
const rust = [...counts.keys()].filter((each) => each !== "browser");
const complaints = list(failedSteps).map((step) => `step failed: ${step}`);
if (total(0, rust) + total(1, rust) === 0) complaints.push("not one Rust test ran");
if (total(0, ["browser"]) + total(1, ["browser"]) === 0) complaints.push("not one browser test ran");

const row = (name, values) => console.log(name.padEnd(12) + values.map((value) => String(value).padStart(9)).join(""));
console.log("");
row("tests", ["passed", "failed", "ignored"]);
for (const [name, values] of counts) row(name, values);
for (const failure of failures) console.log(`failed: ${failure}`);
for (const remark of list(remarks)) console.log(`note: ${remark}`);
for (const complaint of complaints) console.log(complaint);

// A step that broke without naming a test still counts, so that the last line never looks green after a failure.
const failed = Math.max(total(1), complaints.length > 0 ? 1 : 0);
console.log(`${total(0)} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
