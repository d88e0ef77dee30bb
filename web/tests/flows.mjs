// What people do from the first start on, each flow in both languages, with the mouse and by keyboard alone: node tests/flows.mjs PROGRAM
//
// In each house somebody signs in by passkey or by password; together every way is gone with the mouse and with the keyboard, in English
// and in French.
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { carry } from "./carry.mjs";
import { astray, sideways, violations } from "./faults.mjs";
import { follow } from "./follow.mjs";
import { House, person, totp } from "./house.mjs";
import { kills } from "./kills.mjs";
import { inEveryLook } from "./looks.mjs";
import { picture } from "./pictures.mjs";
import { Tally } from "./tally.mjs";
import { work } from "./work.mjs";

const WAYS = [
  { language: "en", keyboard: false, passkey: true },
  { language: "fr", keyboard: true, passkey: true },
  { language: "en", keyboard: true, passkey: false },
  { language: "fr", keyboard: false, passkey: false },
];
const PASSWORD = "a harbour without any lights";

/** All flows, in a browser that runs. */
export async function flows({ browser, program, tally, only = "" }) {
  for (const way of WAYS) {
    const name = `${way.language}, ${way.keyboard ? "keyboard" : "mouse"}, ${way.passkey ? "passkey" : "password"}`;
    if (only && !name.includes(only)) continue;
    const house = await House.open(program, "Valmora");
    const picture = picturing(tally, way);
    try {
      const first = await person(browser, house, way);
      const state = { house, way, first, browser, picture };
      const step = (what, run) => tally.story(`${name}: ${what}`, () => run(state));
      if (!(await step("from the code on the terminal to the home page", firstStart))) continue;
      await step("out, and in again every way there is", inAndOut);
      if (!(await step("somebody is invited, gets roles, and signs in", invites))) continue;
      await work({ ...state, step });
      if (way.passkey) await carry({ ...state, step, program });
      if (!way.keyboard && way.language === "en") await kills({ ...state, step });
      await step("the trail is read, narrowed and taken along by who audits", audits);
      await step("a session is over at once, and so is a token", revokes);
      tally.check(first.faults.length === 0, `${name}: ${first.faults.join("; ")}`);
      await first.context.close();
    } finally {
      await house.close();
    }
  }
  await follow({ browser, program, tally, picturing, only });
}

/** What was looked at in every theme and direction, by its name and its language: once is enough. */
const looked = new Set();

/** Looks at a page: axe, no scrolling sideways at 320 px, nothing missing; and keeps pictures of it. */
function picturing(tally, way) {
  return async (somebody, name) => {
    const { page } = somebody;
    const check = (holds, what) => tally.check(holds, `${name} ${way.language} ${what}`);
    const text = await page.evaluate(() => document.body.innerText);
    tally.check(!text.includes("⟨"), `${name} ${way.language}: a text is missing: ${text.match(/⟨[^⟩]*⟩/)?.[0]}`);
    if (looked.has(`${name} ${way.language}`)) {
      const found = await violations(page);
      check(found.length === 0, found.join("; "));
    } else {
      await inEveryLook(page, check);
      looked.add(`${name} ${way.language}`);
      tally.looks(new URL(page.url()).pathname, way.language);
    }
    const led = await astray(page);
    check(led.length === 0, `Enter leads astray: ${led.join("; ")}`);
    await picture(page, `flow-${name}-${way.language}-wide`);
    await page.setViewportSize({ width: 320, height: 700 });
    const wide = await sideways(page);
    tally.check(wide === "", `${name} ${way.language} scrolls sideways at 320 px: ${wide}`);
    await picture(page, `flow-${name}-${way.language}-narrow`);
    await page.setViewportSize({ width: 1280, height: 900 });
  };
}

/** Chooses how to sign in, where somebody is asked to; what they have then. */
async function chooses(somebody, passkey, label) {
  const { hands, page } = somebody;
  const means = { codes: [] };
  if (passkey) {
    await hands.write("#f-label", label);
    await hands.tap("form[data-passkey] button.go");
  } else {
    means.secret = await page.locator("main p > code.code").first().textContent();
    await hands.write("#f-secret-password", PASSWORD);
    await hands.write("#f-secret-again", PASSWORD);
    await hands.write("#f-secret-code", totp(means.secret));
    await hands.tap("form[action='/account/choose'] button.go");
  }
  await page.waitForSelector("ol.codes", { timeout: 20_000 });
  means.codes = await page.locator("ol.codes li").allTextContents();
  assert.ok(means.codes.length >= 8, `${means.codes.length} recovery codes`);
  return means;
}

async function firstStart(state) {
  const { house, way, first, picture } = state;
  const { page, hands } = first;
  await first.go(`/?lang=${way.language}&theme=light`);
  await hands.press("main a[href='/setup']");
  // A wrong code first: it says so, and how many tries are left.
  await hands.write("#f-secret-code", "AAAA-AAAA-AAAA");
  await hands.write("#f-name", "Ada Lind");
  await hands.write("#f-login", "ada");
  await hands.press("main form button.go");
  assert.equal(await page.inputValue("#f-name"), "Ada Lind", "what was typed is kept");
  await page.waitForSelector("#f-secret-code-error");
  await hands.write("#f-secret-code", house.code);
  await hands.press("main form button.go");
  assert.match(page.url(), /\/account\/choose$/);
  await picture(first, "choose");
  state.means = await chooses(first, way.passkey, "office notebook");
  await picture(first, "codes");
  await hands.press("main a.go");
  assert.match(page.url(), /\/setup\/participant$/);
  assert.equal(await page.inputValue("#f-name"), "Valmora");
  // A name that is none is told beside its field; the organs that were typed stay.
  await hands.write("#f-organs", "CSIRT of Valmora\nMission to the Union");
  await hands.write("#f-name", " ");
  await hands.press("main form button.go");
  await page.waitForSelector("#f-name-error");
  assert.match(await page.inputValue("#f-organs"), /Mission to the Union/);
  await picture(first, "participant");
  await hands.write("#f-name", "Ministry for Digital Affairs of Valmora");
  await hands.press("main form button.go");
  assert.match(page.url(), /\/setup\/languages$/);
  await hands.choose(`input[name=language][value=${way.language}]`);
  await hands.press("main form button.go");
  assert.equal(new URL(page.url()).pathname, "/");
  assert.equal(await first.language(), way.language);
  assert.match(await first.says("h1"), /Ministry for Digital Affairs of Valmora/);
  assert.ok((await first.says(".said")).length > 20, "it says what to do next");
  await picture(first, "home");
  await first.go("/participants");
  assert.match(await first.says("main"), /CSIRT of Valmora/);
}

/** Signs out by the account's page. */
async function leaves(somebody) {
  await somebody.go("/account");
  await somebody.hands.press("form[action='/sign-out'] button");
  assert.match(somebody.page.url(), /\/sign-in$/);
}

/** Signs in with a name and, beside a password, a code. */
async function entersBy(somebody, login, password, code) {
  const { hands } = somebody;
  await hands.write("#f-login", login);
  if (password) await hands.write("#f-secret-password", password);
  await hands.write("#f-secret-code", code);
  await hands.press("form[action='/sign-in'] button.go");
}

async function inAndOut({ way, first, means, picture }) {
  const { page, hands, at } = first;
  await leaves(first);
  await picture(first, "sign-in");
  await first.go("/users");
  assert.equal(await page.locator("h1").count(), 1);
  assert.ok(!/ada/.test(await first.says("main")), "who is outside sees nobody");
  await first.go("/sign-in");
  if (way.passkey) {
    await hands.tap("form[data-passkey] button.go");
    await page.waitForURL(at("/"), { timeout: 20_000 });
  } else {
    await entersBy(first, "ada", PASSWORD, "000000");
    assert.match(page.url(), /\/sign-in/);
    await page.waitForSelector("#summary, .field .error");
    // The app's next code: the first was used up.
    await entersBy(first, "ada", PASSWORD, totp(means.secret, 30));
    assert.equal(page.url(), at("/"));
  }
  await leaves(first);
  await entersBy(first, "ada", way.passkey ? "" : PASSWORD, means.codes[0]);
  assert.equal(page.url(), at("/"), "a recovery code lets in");
  await leaves(first);
  await entersBy(first, "ada", way.passkey ? "" : PASSWORD, means.codes[0]);
  assert.match(page.url(), /\/sign-in/, "and lets in once");
  await entersBy(first, "ada", way.passkey ? "" : PASSWORD, means.codes[1]);
  assert.equal(page.url(), at("/"));
  assert.equal(await first.language(), way.language);
}

async function invites(state) {
  const { house, way, first, browser, picture } = state;
  const { page, hands } = first;
  await first.go("/users");
  await hands.press("main a[href='/users/new']");
  await hands.write("#f-name", "Berthe Ormont");
  await hands.write("#f-function", "Desk officer");
  await hands.choose("input[name=roles][value=auditor]");
  await picture(first, "invite");
  await hands.press("main form button.go");
  const link = await page.locator("main code.code").textContent();
  const back = await page.locator("main a.go").getAttribute("href");
  await hands.press("main a.go");
  // Other roles: from now on reader, editor, releaser.
  for (const [role, wanted] of [["auditor", false], ["editor", true], ["releaser", true]]) await hands.choose(`input[name=roles][value=${role}]`, wanted);
  await hands.press(`form[action='${back}'] button.go`);
  assert.equal(await page.isChecked("input[name=roles][value=editor]"), true);
  assert.equal(await page.isChecked("input[name=roles][value=auditor]"), false);
  await picture(first, "user");
  state.userPath = back;
  const second = await person(browser, house, way);
  await second.page.goto(link.trim());
  await second.hands.press("main form button");
  state.secondMeans = await chooses(second, way.passkey, "blue key");
  await second.hands.press("main a.go");
  assert.match(second.page.url(), /\/account$/);
  assert.equal((await second.page.request.get(second.at("/users"))).status(), 403, "who does not administer sees no users");
  state.second = second;
}

/** Somebody who audits and does nothing else. */
async function audits({ house, way, first, browser, picture }) {
  const { hands, page } = first;
  await first.go("/users/new");
  await hands.write("#f-name", "Odile Marchand");
  await hands.choose("input[name=roles][value=reader]", false);
  await hands.choose("input[name=roles][value=auditor]");
  await hands.press("main form button.go");
  const link = await page.locator("main code.code").textContent();
  const third = await person(browser, house, way);
  await third.page.goto(link.trim());
  await third.hands.press("main form button");
  await chooses(third, way.passkey, "red key");
  await third.hands.press("main a.go");
  await third.go("/audit");
  await third.hands.tap("details.filters summary");
  await third.hands.pick("#by-deed", "session.open");
  await third.hands.press("details.filters form[method=get] button.go");
  const rows = await third.page.locator("table.rows tbody tr").count();
  assert.ok(rows > 1 && third.page.url().includes("deed=session.open"), `${rows} lines`);
  await picture(third, "trail");
  const taken = await (await third.page.request.get(third.at("/audit?as=json"))).json();
  assert.equal(taken.rows.length, Number(taken.rows[0].number), "the file has every line");
  assert.ok(taken.rows.every((line) => /^[0-9a-f]{64}$/.test(line.hash)));
  assert.equal((await first.page.request.get(first.at("/audit"))).status(), 403);
  await third.context.close();
}

async function revokes({ house, first, second, userPath, picture }) {
  const { page, hands } = first;
  await second.go("/records");
  assert.equal((await second.page.request.get(second.at("/records"))).status(), 200);
  await first.go(userPath);
  await hands.press(`form[action='${userPath}/end'] button`);
  assert.equal((await second.page.request.get(second.at("/records"))).status(), 401, "the very next request is refused");
  await second.go("/records");
  assert.equal(await second.page.locator("main a[href^='/sign-in']").count(), 1);
  await first.go("/account");
  await hands.write("form[action='/account/tokens'] input[name=name]", "notebook");
  await hands.press("form[action='/account/tokens'] button.go");
  assert.ok((await first.says("main .summary code")).length > 20, "the token is shown once");
  await picture(first, "token");
  await first.go("/account");
  assert.equal(await page.locator("main .summary code").count(), 0);
  await hands.press("form[action='/account/tokens/revoke'] button");
  assert.equal(await page.locator("form[action='/account/tokens/revoke']").count(), 0);
  assert.ok(house.port);
  await second.context.close();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const here = dirname(fileURLToPath(import.meta.url));
  const [program = join(here, "../../target/debug/entente"), only] = process.argv.slice(2);
  const tally = new Tally();
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: ["--no-sandbox", "--disable-gpu", "--disable-quic"] });
  try {
    await flows({ browser, program, tally, only });
  } finally {
    await browser.close();
  }
  process.exitCode = tally.end();
}
