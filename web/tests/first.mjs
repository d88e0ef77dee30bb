// The first minute of the demo, as somebody has it who has just started it: what the terminal prints, what the first home says, the page to
// print before a call, what the others see of a line to take, and what `verify` says of a byte that was changed.
import assert from "node:assert/strict";
import { cp, mkdtemp, open, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sideways, violations } from "./faults.mjs";
import { command } from "./house.mjs";
import { started } from "./node.mjs";

/** What only the first node's words to Kestria say. */
const WORDS = "Harbour gate four stays closed until the advisory is withdrawn.";
/** How long a record may take to arrive on a busy machine, in ms. */
const PATIENCE = 60_000;

export async function first({ browser, program, tally }) {
  const root = await mkdtemp(join(tmpdir(), "entente-first-"));
  const folder = join(root, "demo");
  const demo = await started(program, ["demo", folder], (line) => line.includes("Ctrl-C"));
  try {
    const nodes = printed(demo.lines);
    const told = await tally.story("first minute: three addresses, a line on each, a link each", () => {
      assert.equal(nodes.length, 3, demo.lines.join("\n"));
      for (const node of nodes) assert.ok(node.about.length > 20 && node.link.startsWith(node.address), JSON.stringify(node));
    });
    if (!told) return;
    const all = await Promise.all(nodes.map((node) => entered(browser, node)));
    const [valmora] = all;
    await tally.story("first minute: the home says what needs one, each phrase a link", () => home(valmora));
    await tally.story("first minute: three keys to the page to print", () => brief(valmora));
    await tally.story("first minute: what is for Kestria is there once it is signed, and nothing of it at the Union", () => said(browser, program, folder, all));
    await tally.story("a key is revoked as stolen: what came under it is listed at the others", () => revoked(program, folder, valmora, tally));
  } finally {
    await demo.stop();
  }
  await tally.story("first minute: verify names the record whose byte was changed", () => proven(program, folder));
  await rm(root, { recursive: true, force: true });
}

/** Each node of which the terminal speaks: its address, what it is, and the link that signs in. */
function printed(lines) {
  const nodes = [];
  for (const [n, line] of lines.entries()) {
    if (!line.startsWith("http")) continue;
    const link = lines.slice(n).find((later) => later.includes("/enter?"));
    nodes.push({ address: line.split(" ")[0], about: lines[n + 1].trim(), link: link.slice(link.indexOf("http")).trim() });
  }
  return nodes;
}

async function entered(browser, node) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(node.link);
  await page.click('form[action="/enter"] button');
  await page.waitForURL(`${node.address}/`);
  return { node, page, go: (path) => page.goto(node.address + path), main: () => page.innerText("main") };
}

async function home({ page, go }) {
  // What the others wrote last comes within seconds.
  await until(async () => {
    await go("/?lang=en");
    return /accounts differ/.test(await page.innerText("main"));
  }, "the other side's account");
  const sentences = await page.$$eval("main ul.sentences a", (links) => links.map((link) => ({ text: link.innerText, to: link.href })));
  const wanted = [
    /^3 commitments have passed their date without a recorded follow-up$/,
    /^On 1 commitment the accounts differ$/,
    /^The next session with Kestria Cyber Agency is in 18 days$/,
    /^\d+ records were received from others since /,
    /^1 record awaits your decision/,
    /^You withheld \d+ records? from Secretariat of the Northern Gulf Union/,
  ];
  for (const like of wanted) assert.ok(sentences.some(({ text }) => like.test(text)), `${like} is not among ${JSON.stringify(sentences)}`);
  for (const { text, to } of sentences) {
    const answer = await page.goto(to);
    // A link within the page that is open gives no answer of its own.
    assert.ok(answer === null || answer.status() === 200, `${text}: ${to}`);
    const place = new URL(to).hash;
    assert.ok(place === "" || (await page.$(place)) !== null, `${text}: there is no ${place}`);
  }
  await go("/dialogues");
  assert.equal(await page.locator("#past li .name").count(), 3);
  assert.equal(await page.locator("#differ > ol > li").count(), 1);
}

async function brief({ page, go, main }) {
  await go("/");
  for (const key of ["g", "d"]) await page.keyboard.press(key);
  await page.waitForURL("**/dialogues");
  await page.keyboard.press("b");
  await page.waitForURL("**/brief");
  const text = await main();
  // Both languages, each side's account, where they differ, and the same words before with what changed.
  for (const like of [/at any hour, and test it twice a year/, /Les deux parties/, /Accounts differ/, /Implemented/, /Under way/, /tested on Tuesday/, /Struck through: only in session/]) {
    assert.match(text, like);
  }
  assert.ok((await page.locator(".before del, .before ins").count()) > 0, "nothing is shown of what changed");
  await page.emulateMedia({ media: "print" });
  assert.ok(await page.locator(".before").first().isVisible(), "it is not on paper");
  await page.emulateMedia({ media: "screen" });
}

async function said(browser, program, folder, [valmora, kestria, union]) {
  const { page, go } = valmora;
  await go("/dialogues");
  await page.click("#past li .name a");
  const at = new URL(page.url()).pathname;
  await page.click('main a[href$="/follow-up"]');
  await page.check('input[name="state"][value="under_way"]');
  await page.fill('textarea[name="account"]', WORDS);
  await page.check('input[name="tlp"][value="AMBER"]');
  for (const label of await page.locator("#f-for label").all()) {
    const box = page.locator(`[id="${await label.getAttribute("for")}"]`);
    await box.setChecked((await label.innerText()).trim() === "Kestria Cyber Agency");
  }
  await page.waitForFunction(() => /Kestria Cyber Agency/.test(document.querySelector("[data-who] > .who p")?.innerText ?? ""));
  assert.ok(!/will be seen by[^.]*Union/.test(await page.innerText("[data-who]")), "the sentence lets the Union see it");
  await page.locator("#f-for").locator("xpath=ancestor::form").locator("button.go").first().click();
  await page.waitForURL(`**${at}*`);
  // Who wrote it may not release it: it waits for the second person's signature, and is nowhere else until then.
  await kestria.go(at);
  assert.ok(!(await kestria.main()).includes(WORDS), "it left without a signature");
  const recovered = await command(program, ["user", "recover", join(folder, "valmora"), "Tomas Brekkan", "--once"]);
  const second = await entered(browser, { ...valmora.node, link: /http\S+enter\S+/.exec(recovered)[0] });
  await second.go("/clearance");
  const cases = await second.page.$$eval("main table a[href^='/clearance/cases/']", (links) => [...new Set(links.map((link) => link.getAttribute("href")))]);
  for (const one of cases) {
    await second.go(one);
    if ((await second.main()).includes("Kestria Cyber Agency") && (await second.page.locator("form[action$='/sign/0'] button.go").count()) > 0) {
      await second.page.check("form[action$='/sign/0'] input[type=radio][value=given]").catch(() => undefined);
      await second.page.click("form[action$='/sign/0'] button.go");
      await second.page.waitForLoadState();
    }
  }
  await until(async () => {
    await kestria.go(at);
    return (await kestria.main()).includes(WORDS);
  }, "what was said, at Kestria");
  for (const path of [at, "/dialogues", "/records", "/", `/search?q=${encodeURIComponent("Harbour gate four")}`]) {
    await union.go(path);
    assert.ok(!(await union.page.innerText("body")).includes(WORDS), `the Union has it on ${path}`);
  }
}

/** Kestria says that its seal key was stolen; Valmora's administrator sees what came under it. */
async function revoked(program, folder, { page, go }, tally) {
  await command(program, ["key", "revoke", join(folder, "kestria"), "seal", "--because", "stolen", "--since", "2020-01-01T00:00:00Z"]);
  await go("/participants");
  const kestria = await page.getByRole("link", { name: "Kestria Cyber Agency" }).first().getAttribute("href");
  const listed = page.locator("main a[href*='/keys/']").first();
  await until(async () => {
    await go(kestria);
    return (await listed.count()) > 0;
  }, "the revocation, at Valmora");
  const path = await listed.getAttribute("href");
  for (const language of ["en", "fr"]) {
    await go(`${path}?lang=${language}&theme=light`);
    assert.ok((await page.locator("tr[data-row]").count()) > 0, "nothing is listed");
    assert.deepEqual([await violations(page), await sideways(page)], [[], ""]);
    tally.looks(path, language);
  }
}

/** One byte of the second node's store is another. */
async function proven(program, folder) {
  const parties = await readdir(folder);
  const kestria = join(folder, parties.find((name) => name.startsWith("kestria")));
  await command(program, ["verify", kestria]);
  const copy = `${kestria}-copy`;
  await cp(kestria, copy, { recursive: true });
  const file = await open(join(copy, "node.db"), "r+");
  const bytes = await file.readFile();
  const place = bytes.indexOf("at any hour, and test it twice a year");
  assert.ok(place > 0, "the words are not in the store as they are");
  await file.write(Buffer.from("o"), 0, 1, place + 3);
  await file.close();
  const failed = await command(program, ["verify", copy]).then(() => "", (error) => error.message);
  assert.match(failed, /commitment--|report--|record/, failed);
}

async function until(holds, what) {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 1_000))) {
    if (await holds()) return;
  }
  throw new Error(`${what} did not come`);
}
