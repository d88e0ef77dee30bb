// The pages in a browser, of a node that really serves: node tests/run.mjs PROGRAM [PATH...]
//
// For every page that the node lists: axe in two languages, three themes and both directions; no scrolling sideways at 320 px (which is
// 1280 px at 400 %); no request to anybody else and nothing that the content policy refused; a picture of each, wide, narrow and dark,
// unless PICTURES is empty.
// Beside it the ways of people through several nodes; then what only a browser can show: keys, drafts, and that all works without script.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { sideways, violations } from "./faults.mjs";
import { first } from "./first.mjs";
import { flows } from "./flows.mjs";
import { inEveryLook } from "./looks.mjs";
import { node } from "./node.mjs";
import { openid } from "./openid.mjs";
import { picture } from "./pictures.mjs";
import { prepared, reached } from "./reach.mjs";
import { stories } from "./stories.mjs";
import { Tally } from "./tally.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const [program = join(here, "../../target/debug/entente"), ...only] = process.argv.slice(2);
const quick = process.env.QUICK === "1";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const LANGUAGES = ["en", "fr"];

const tally = new Tally();
// What is waited for and never comes is a fault of one story; the others go on.
process.on("unhandledRejection", (error) => tally.check(false, error.message));
const served = await node(program);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: FLAGS });

try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, bypassCSP: false });
  const page = await watched(context);
  await page.goto(served.link);
  const unspent = await violations(page);
  tally.check(unspent.length === 0, `/enter: ${unspent.join("; ")}`);
  await picture(page, "enter-wide");
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
  const pages = [...new Set([...plain, ...about])].filter((path) => only.length === 0 || only.some((begin) => path.startsWith(begin)));
  tally.check(pages.length > 0 || only.length > 0, "the node lists its pages");
  const beside = await watched(await browser.newContext({ viewport: { width: 1280, height: 900 }, storageState: await context.storageState() }));
  await Promise.all([every(pages, [page, beside]), only.length === 0 ? flows({ browser, program, tally }) : undefined]);
  await beside.context().close();
  if (only.length === 0 || only.includes("first")) await first({ browser, program, tally });
  const draft = about.find((path) => /^\/dialogues\/drafts\/[^/]+$/.test(path));
  tally.check(draft !== undefined, "a text is in the making");
  const more = draft !== undefined && (only.length === 0 || only.includes("prepared")) ? await prepared(page, served.origin, draft, look) : [];
  for (const one of abouts) {
    const known = one.found.length > 0 || more.some((path) => one.pattern.test(path));
    // What the demo has nothing for is come to on the ways of people, and looked at there in each language.
    const unseen = LANGUAGES.filter((language) => !tally.saw(one.pattern, language));
    if (only.length === 0) tally.check(known || unseen.length === 0, `nobody looks at ${one.path} in ${unseen.join(" or ")}`);
  }
  if (only.length === 0) await stories({ browser, context, page, served, tally });
  // Last: it changes how the one who signed in signs in.
  if (only.length === 0 || only.includes("openid")) await openid({ browser, context, served, tally });
} finally {
  await browser.close();
  await served.stop();
}
process.exitCode = tally.end();

/** Looks at these pages with as many hands, each taking the next. */
async function every(paths, hands) {
  const left = [...paths];
  await Promise.all(hands.map(async (hand) => {
    for (let path = left.shift(); path !== undefined; path = left.shift()) await look(hand, path);
  }));
}

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

/** A page in every language, theme and direction. What is chosen in the address is the language; theme and direction are attributes. */
async function look(page, path) {
  const at = (language) => `${served.origin}${path}${path.includes("?") ? "&" : "?"}lang=${language}&theme=light`;
  const name = path === "/" ? "home" : path.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "");
  for (const language of quick ? ["en"] : LANGUAGES) {
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(at(language));
    const text = await page.evaluate(() => document.body.innerText);
    tally.check(!text.includes("⟨"), `${path} ${language}: a text is missing: ${text.match(/⟨[^⟩]*⟩/)?.[0]}`);
    const given = await page.evaluate(() => document.documentElement.dataset.theme);
    tally.check(given === "light", `${path} ${language} is served in ${given}`);
    await inEveryLook(page, (holds, what) => tally.check(holds, `${path} ${language} ${what}`), {
      directions: quick ? ["ltr"] : undefined,
      worn: (theme) => (language === "en" && theme !== "contrast" ? picture(page, `${name}-${theme === "dark" ? "dark" : "wide"}`) : undefined),
    });
    await narrow(page, path, language, name);
  }
  // The pseudo-language that runs from right to left.
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(at("ar-XB"));
  await picture(page, `${name}-turned`);
  await narrow(page, path, "ar-XB", name);
  await page.setViewportSize({ width: 1280, height: 900 });
  console.log(`looked at ${path}`);
}

async function narrow(page, path, language, name) {
  await page.setViewportSize({ width: 320, height: 700 });
  const wide = await sideways(page);
  tally.check(wide === "", `${path} ${language} scrolls sideways at 320 px: ${wide}`);
  if (language === "fr") await picture(page, `${name}-narrow`);
}
