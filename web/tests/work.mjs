// What two people of one house do with records: find one, ask who has it, speak of it, publish by two, decide, go back to an earlier version.
import assert from "node:assert/strict";
import { report } from "./house.mjs";

export async function work(state) {
  const { house, step } = state;
  await house.bring([report(1, "Wiper against the port authority", "The harbour systems stopped on Monday."), report(2, "Phishing of two ministries", "Letters in the name of the treasury.")], "--tlp", "AMBER");
  await step("search, a record, and why they did not get this", finds);
  await step("a remark under a label, and who will see it", remarks);
  await step("a publication is stopped, and another agreed to and stopped within its delay", publishes);
  await step("what awaits a decision is admitted or thrown away", decides);
  await step("two versions are compared, and the earlier one is written again", comparesVersions);
  await step("all records from both ends, and of one type", lists);
}

const REPORT = "/records/report--00000000-0000-4000-8000-000000000001";

async function finds({ first, picture }) {
  const { page, hands } = first;
  await first.go("/");
  // The index follows within a second.
  for (let again = 0; again < 40; again += 1) {
    await first.go("/search?q=harbour");
    if ((await page.locator("ol.records li").count()) > 0) break;
    await page.waitForTimeout(100);
  }
  await first.go("/");
  if (hands.keyboard) {
    await page.keyboard.press("/");
    await page.keyboard.type("harbour");
    await page.keyboard.press("Enter");
  } else {
    await page.click("input[name=q]");
    await page.fill("input[name=q]", "harbour");
    await page.keyboard.press("Enter");
  }
  await page.waitForURL(/\/search\?q=harbour/);
  assert.match(await first.says("ol.records"), /Wiper against the port authority/);
  assert.equal(await page.locator("ol.records li").count(), 1);
  await picture(first, "search");
  await hands.press("ol.records a.row");
  assert.equal(new URL(page.url()).pathname, REPORT);
  const csirt = await page.locator("#for option").evaluateAll((all) => all.find((one) => one.textContent.includes("CSIRT")).value);
  await hands.pick("#for", csirt);
  await hands.press("#why form button");
  assert.match(await first.says("#why"), /CSIRT of Valmora/);
  assert.ok((await page.locator("#why ul li").count()) > 0, "there is a reason");
  await picture(first, "why");
}

/** Says something about the report, under a label. */
async function says(somebody, text, tlp, stance) {
  const { hands } = somebody;
  await somebody.go(REPORT);
  await hands.press(`a[href='${REPORT}/remark']`);
  await hands.write("#f-text", text);
  if (stance) await hands.choose(`input[name=stance][value=${stance}]`);
  await hands.choose(`input[name=tlp][value="${tlp}"]`);
}

async function remarks({ first, way, picture }) {
  const { page, hands } = first;
  const told = page.waitForResponse((answer) => answer.url().includes("/label?"));
  await says(first, "Our own systems are not touched.", "AMBER", "agree");
  const csirt = page.locator("label", { hasText: "CSIRT of Valmora" }).first();
  await hands.choose(`#${await csirt.getAttribute("for")}`);
  assert.equal((await told).status(), 200);
  await page.waitForFunction(() => document.querySelector("[data-who]").textContent.includes("CSIRT of Valmora"));
  await picture(first, "label");
  await hands.press(`form[action='${REPORT}/remark'] button.go`);
  assert.match(await first.says("#remarks"), /Our own systems are not touched/);
  assert.match(await first.says("#remarks"), /TLP:AMBER/);
  await picture(first, `record-${way.keyboard ? "keys" : "mouse"}`);
  // Nothing said is an error beside its field.
  await first.go(`${REPORT}/remark`);
  await hands.press(`form[action='${REPORT}/remark'] button.go`);
  await page.waitForSelector("#f-text-error");
  assert.equal(await page.evaluate(() => document.activeElement.id), "summary");
}

/** The case that was opened last, as somebody finds it. */
async function opened(somebody) {
  await somebody.go("/clearance");
  const path = await somebody.page.locator("main table a[href^='/clearance/cases/']").first().getAttribute("href");
  await somebody.go(path);
  return path;
}

async function publishes({ first, second, picture }) {
  const send = `form[action='${REPORT}/remark'] button.go`;
  const [sign, withdraw] = ["form[action$='/sign/0']", "form[action$='/withdraw']"];
  await says(first, "The port is open again.", "CLEAR");
  await first.hands.press(send);
  await opened(second);
  assert.match(await second.says("main"), /The port is open again/);
  await picture(second, "publication");
  // Who asked cannot sign, and may stop it.
  await opened(first);
  assert.equal(await first.page.locator(sign).count(), 0);
  await second.hands.press(`${withdraw} button`);
  assert.equal(await second.page.locator(withdraw).count(), 0);
  await says(first, "The port works as before.", "CLEAR");
  await first.hands.press(send);
  const path = await opened(second);
  await second.hands.choose("input[name='verdict-0'][value=given]");
  await second.hands.press(`${sign} button.go`);
  assert.equal(await second.page.locator(sign).count(), 0, "it waits for its delay now");
  const outside = await first.page.request.get(first.at("/public"), { headers: { cookie: "" } });
  assert.ok(!(await outside.text()).includes("The port works"), "and is not public meanwhile");
  await first.go(path);
  await first.hands.press(`${withdraw} button`);
  assert.equal(await first.page.locator(withdraw).count(), 0);
}

async function decides({ house, first, picture }) {
  const { page, hands } = first;
  // A program brings other versions of what the operator brought: nobody knows whether it may.
  await house.bring([report(7, "A first report", "As it came by file."), report(8, "Another first report", "As it came by file.")], "--tlp", "AMBER");
  await house.post([report(7, "A report revised by a program", "Otherwise.", "2026-03-01T00:00:00.000Z"), report(8, "Another revised by a program", "Otherwise.", "2026-03-01T00:00:00.000Z")]);
  await first.go("/awaiting");
  assert.equal(await page.locator("main tbody tr").count(), 2);
  await picture(first, "awaiting");
  await hands.press("main tbody tr:first-child button[value=admit]");
  assert.equal(await page.locator("main tbody tr").count(), 1);
  await hands.tap("main tbody tr:first-child details:has(button[value=discard]) summary");
  await hands.press("main tbody tr:first-child button[value=discard]");
  assert.equal(await page.locator("main tbody tr").count(), 0);
  await first.go("/records/report--00000000-0000-4000-8000-000000000007");
  assert.match(await first.says("h1"), /A report revised by a program/);
  await first.go("/records/report--00000000-0000-4000-8000-000000000008");
  assert.match(await first.says("h1"), /Another first report/);
}

async function comparesVersions({ house, first, second, picture }) {
  const { page, hands } = first;
  await house.bring([report(1, "Wiper against the port authority", "The harbour systems stopped on Tuesday night.", "2026-02-01T00:00:00.000Z")], "--tlp", "AMBER");
  await first.go(REPORT);
  await hands.press(`a[href='${REPORT}/versions']`);
  assert.match(await page.locator("#changed-head ~ .difference del").first().textContent(), /Monday/);
  assert.match(await page.locator("#changed-head ~ .difference ins").first().textContent(), /Tuesday/);
  await picture(first, "versions");
  await second.go(`${REPORT}/versions`);
  await hands.press(`form[method=post][action='${REPORT}/versions'] button`);
  assert.ok((await first.says(".said")).length > 10);
  assert.equal(await page.locator("ol.history > li").count(), 3);
  await first.go(REPORT);
  assert.match(await first.says("main dl.facts"), /stopped on Monday/);
  // Who looked before hears that it is another by now.
  const answer = second.page.waitForResponse((got) => got.request().method() === "POST");
  await second.hands.press(`form[method=post][action='${REPORT}/versions'] button`);
  assert.equal((await answer).status(), 409);
}

async function lists({ first, picture }) {
  const { page, hands } = first;
  await first.go("/records");
  const newest = await page.locator("ol.records a.row").allTextContents();
  await hands.press("ul.order li:nth-child(2) a");
  const oldest = await page.locator("ol.records a.row").allTextContents();
  assert.deepEqual(oldest, [...newest].reverse());
  await hands.pick("#kind", "opinion");
  await hands.press("form:has(#kind) button");
  assert.equal(await page.locator("ol.records li").count(), 1);
  await picture(first, "records");
}
