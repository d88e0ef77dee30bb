// Builds scripts and styles into crates/site/assets, where the program takes them from. With --check it only tells whether they are up
// to date.
import { build } from "esbuild";
import { cp, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const assets = join(here, "../crates/site/assets");
const check = process.argv.includes("--check");

const made = await build({
  entryPoints: { entente: join(here, "src/entente.js"), "entente-style": join(here, "style/entente.css") },
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome115", "firefox115", "safari16.4"],
  external: ["fonts/*"],
  legalComments: "none",
  banner: {
    js: "// What pages gain by a script: built from web/src by npm run build.",
    css: "/* The look of all pages: built from web/style by npm run build. */",
  },
  charset: "utf8",
  outdir: assets,
  write: false,
});

const stale = [];
for (const file of made.outputFiles) {
  const name = file.path.endsWith(".css") ? "entente.css" : "entente.js";
  const place = join(assets, name);
  const before = await readFile(place, "utf8").catch(() => "");
  if (before !== file.text) stale.push(name);
  if (!check) await writeFile(place, file.text);
}

// The faces that the style names, with their licences.
const style = await readFile(join(here, "style/fonts.css"), "utf8");
const wanted = [...style.matchAll(/url\("fonts\/([^"]+)"\)/g)].map((found) => found[1]);
const there = await readdir(join(assets, "fonts")).catch(() => []);
stale.push(...wanted.filter((name) => !there.includes(name)));
if (!check) {
  await mkdir(join(assets, "fonts"), { recursive: true });
  for (const name of wanted) {
    const folder = name.startsWith("source-code-pro") ? "source-code-pro" : "source-sans-3";
    await cp(join(here, "node_modules/@fontsource", folder, "files", name), join(assets, "fonts", name));
    await cp(join(here, "node_modules/@fontsource", folder, "LICENSE"), join(assets, "fonts", `${folder}.LICENSE.txt`));
  }
}
if (check && stale.length > 0) {
  console.error(`not built from the sources here: ${stale.join(", ")}; run npm run build in web/`);
  process.exit(1);
}
