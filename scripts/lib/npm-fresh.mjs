// Succeeds when node_modules holds exactly the versions of package-lock.json; packages for other platforms may be absent.
// Usage: node scripts/lib/npm-fresh.mjs, in the project folder.
import { readFileSync } from "node:fs";

const packages = (file) => JSON.parse(readFileSync(file, "utf8")).packages ?? {};
const wanted = packages("package-lock.json");
const present = packages("node_modules/.package-lock.json");

const differs = Object.entries(wanted).some(([path, entry]) => {
  if (path === "" || entry.link) return false;
  const found = present[path];
  return found ? found.version !== entry.version || found.integrity !== entry.integrity : !entry.optional;
});
const superfluous = Object.keys(present).some((path) => !(path in wanted));
process.exit(differs || superfluous ? 1 : 0);
