// The pages in a browser, of a node that really serves: node tests/run.mjs PROGRAM [PATH...]
//
// For every page that the node lists: axe in two languages, three themes and both directions; no scrolling sideways at 320 px (which is
// 1280 px at 400 %); no request to anybody else and nothing that the content policy refused; a picture of each, wide, narrow and dark.
// Then what only a browser can show: keys, drafts, and that all works without script.
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { sideways, violations } from "./faults.mjs";
import { flows } from "./flows.mjs";
import { node } from "./node.mjs";
import { openid } from "./openid.mjs";
import { prepared, reached } from "./reach.mjs";
import { stories } from "./stories.mjs";
import { Tally } from "./tally.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const pictures = process.env.PICTURES ?? join(here, "../../target/screenshots");
const [program = join(here, "../../target/debug/entente"), ...only] = process.argv.slice(2);
const quick = process.env.QUICK === "1";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const THEMES = ["light", "dark", "contrast"];
const LANGUAGES = ["en", "fr"];

/** Pages that the demo has nothing for, each with its reason. */
const NOWHERE = {};

const tally = new Tally();
const served = await node(program);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: FLAGS });
await mkdir(pictures, { recursive: true });

try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, bypassCSP: false });
  const page = await watched(context);
  await page.goto(served.link);
  const unspent = await violations(page);
  tally.check(unspent.length === 0, `/enter: ${unspent.join("; ")}`);
  await page.screenshot({ path: join(pictures, "enter-wide.png"), fullPage: true });
  await page.click("main form button");
  await page.waitForURL(`${served.origin}/`);
  const answer = await page.request.get(`${served.origin}/design/routes`);
  const routes = await answer.json();
  const shown = routes.filter((route) => route.kind === "page" && route.method === "GET" && !route.path.startsWith("/enter"));
  const plain = [];
  for (const path of [...shown.flatMap((route) => route.examples), "/no-such-page"]) {
    const kind = (await page.request.get(served.origin + path)).headers()["content-type"] ?? "";
    tally.check(kind.startsWith("text/html"), `${path} is listed as a page and gives ${kind}`);
    if (kind.startsWith("text/html")) plain.push(path);
  }
  const abouts = await reached(page, served.origin, shown, plain);
  const about = abouts.flatMap((one) => one.found);
  const pages = [...new Set([...plain, ...about])].filter((path) => only.length === 0 || only.includes(path));
  tally.check(pages.length > 0, "the node lists its pages");
  for (const path of pages) await look(page, path);
  const draft = about.find((path) => /^\/dialogues\/drafts\/[^/]+$/.test(path));
  tally.check(draft !== undefined, "a text is in the making");
  const more = draft !== undefined && (only.length === 0 || only.includes("prepared")) ? await prepared(page, served.origin, draft, look) : [];
  for (const one of abouts) {
    const known = one.found.length > 0 || more.some((path) => one.pattern.test(path));
    if (!known) console.log(`nothing links to ${one.path}`);
    if (only.length === 0) tally.check(known || Object.hasOwn(NOWHERE, one.path), `nothing links to ${one.path}`);
  }
  if (only.length === 0) {
    await stories({ browser, context, page, served, tally, pictures });
    await flows({ browser, program, tally, pictures });
  }
  // Last: it changes how the one who signed in signs in.
  if (only.length === 0 || only.includes("openid")) await openid({ browser, context, served, tally, pictures });
} finally {
  await browser.close();
  await served.stop();
}
process.exitCode = tally.end();

/** A page whose requests and errors are watched. */
async function watched(context) {
  const page = await context.newPage();
  page.on("request", (request) => {
    const own = request.url().startsWith(`${served.origin}/`) || request.url().startsWith("data:");
    if (!own) tally.check(false, `a request to ${request.url()}`);
  });
  page.on("console", (message) => {
    const fault = message.type() === "error" && !/status of 4\d\d/.test(message.text());
    if (fault) tally.check(false, `${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => tally.check(false, `${page.url()}: ${error.message}`));
  return page;
}

async function look(page, path) {
  const at = (query) => `${served.origin}${path}${path.includes("?") ? "&" : "?"}${query}`;
  const name = path === "/" ? "home" : path.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "");
  await page.setViewportSize({ width: 1280, height: 900 });
  for (const language of quick ? ["en"] : LANGUAGES) {
    for (const theme of THEMES) {
      await page.goto(at(`lang=${language}&theme=${theme}`));
      const text = await page.evaluate(() => document.body.innerText);
      tally.check(!text.includes("⟨"), `${path} ${language}: a text is missing: ${text.match(/⟨[^⟩]*⟩/)?.[0]}`);
      if (language === "en" && theme === "dark") await page.screenshot({ path: join(pictures, `${name}-dark.png`), fullPage: true });
      if (language === "en" && theme === "light") await page.screenshot({ path: join(pictures, `${name}-wide.png`), fullPage: true });
      for (const direction of quick ? ["ltr"] : ["ltr", "rtl"]) {
        await page.evaluate((direction) => (document.documentElement.dir = direction), direction);
        const found = await violations(page);
        tally.check(found.length === 0, `${path} ${language} ${theme} ${direction}: ${found.join("; ")}`);
      }
    }
  }
  for (const language of ["en", "fr", "ar-XB"]) {
    await page.setViewportSize({ width: 320, height: 700 });
    await page.goto(at(`lang=${language}&theme=light`));
    const wide = await sideways(page);
    tally.check(wide === "", `${path} ${language} scrolls sideways at 320 px: ${wide}`);
    if (language === "fr") await page.screenshot({ path: join(pictures, `${name}-narrow.png`), fullPage: true });
    if (language === "ar-XB") {
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.screenshot({ path: join(pictures, `${name}-turned.png`), fullPage: true });
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  console.log(`looked at ${path}`);
}
