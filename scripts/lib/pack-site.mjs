// Packs every file of a site with brotli, as small as it gets: for the binary (server/build.rs) and for the sizes
// (site-size.mjs). Usage: node scripts/lib/pack-site.mjs SITE PACKED. What is packed already is left alone, file times
// included, so that the server is not rebuilt for nothing.
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

const compress = promisify(brotliCompress);
const [site, packed] = process.argv.slice(2);
const build = await readFile(join(site, "BUILD"), "utf8");
const present = await readFile(join(packed, "BUILD"), "utf8").catch(() => "");
if (present !== build) {
  const fresh = `${packed}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh);
  const names = await readdir(site, { recursive: true });
  // The threads of node share the work.
  await Promise.all(names.filter((name) => name !== "BUILD").map((name) => pack(name, fresh)));
  await writeFile(join(fresh, "BUILD"), build);
  await rm(packed, { recursive: true, force: true });
  await rename(fresh, packed);
}

/**
 * @param {string} name
 * @param {string} folder
 */
async function pack(name, folder) {
  const source = join(site, name);
  if (!(await stat(source)).isFile()) return;
  const bytes = await readFile(source);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  const target = join(folder, `${name}.br`);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, await compress(bytes, { params }));
}
