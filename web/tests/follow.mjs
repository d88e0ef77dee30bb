// A text comes in by a file, is corrected, enters the register, is shared with the other party, and each side says from its own node what
// followed: in English with the mouse, in French by keyboard alone.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { House, acquainted, person, settled } from "./house.mjs";
import { judged } from "./judged.mjs";
import { TAKEN } from "./taken.mjs";

const TEXTS = {
  en: `Joint elements of the 4th EU-Japan Cyber Dialogue

Brussels, 01/07/2019

The European Union and Japan held the fourth meeting of their Cyber Dialogue in Brussels on 11 June 2019.
Both sides condemned any attempt to misuse information and communication technologies.
The EU and Japan will exchange contact points for cyber incidents by 31 December 2019, and will report on it to each other.
They agreed to strengthen their cooperation on capacity building in third countries.
The fifth EU-Japan Cyber Dialogue will be held in Tokyo in June 2020.

Ann Press: +32 460 00 00 00 - ann.press@example.org
`,
  fr: `Éléments communs du 4e dialogue UE-Japon sur le cyberespace

Bruxelles, 01/07/2019

L’Union européenne et le Japon ont tenu la quatrième réunion de leur dialogue sur le cyberespace à Bruxelles le 11 juin 2019.
Les deux parties ont condamné toute tentative d’utiliser les technologies de l’information et des communications à des fins malveillantes.
L’UE et le Japon échangeront des points de contact pour les incidents de cybersécurité avant le 31 décembre 2019, et s’en rendront compte.
Ils sont convenus de renforcer leur coopération en matière de renforcement des capacités dans les pays tiers.
Le cinquième dialogue UE-Japon sur le cyberespace se tiendra à Tokyo en juin 2020.

Ann Press : +32 460 00 00 00 - ann.press@example.org
`,
};
const WORDS = {
  en: { theirs: "Ministry of Japan", differ: "Accounts differ", points: "contact points", capacity: "capacity building", condemned: "condemned", corrected: "corrected", ours: "The lists were exchanged in March.", other: "Our list is being drawn up." },
  fr: { theirs: "Ministry of Japan", differ: "Les récits diffèrent", points: "points de contact", capacity: "renforcement des capacités", condemned: "condamné", corrected: "corrigé", ours: "Les listes ont été échangées en mars.", other: "Notre liste est en cours d’établissement." },
};
const WAYS = [{ language: "en", keyboard: false }, { language: "fr", keyboard: true }];

/** The whole way, twice. `picturing` looks at a page. */
export async function follow({ browser, program, tally, picturing, only = "" }) {
  for (const way of WAYS) {
    const name = `a text and what followed, ${way.language}, ${way.keyboard ? "keyboard" : "mouse"}`;
    if (only && !name.includes(only)) continue;
    const houses = [await House.open(program, "External Action Service", "--kind", "organ", "--of", "European Union"), await House.open(program, "Ministry of Japan", "--kind", "organ", "--of", "Japan", "--country", "JP")];
    try {
      const people = [];
      for (const house of houses) {
        const somebody = await person(browser, house, way);
        await settled(somebody, house, way.language);
        people.push(somebody);
      }
      await acquainted(...houses, true);
      const state = { houses, ours: people[0], theirs: people[1], way, words: WORDS[way.language], picture: picturing(tally, way) };
      const steps = [["a file is brought, tried and read", brings], ["what was read is looked at beside the source, and corrected", corrects], ["it is confirmed", confirms], ["the session is shared with the other party", shares], ["each side says what followed, and both accounts stand alike on both nodes", accounts], ["one side's appraisal goes to the side judged, which replies", judged], ...TAKEN];
      for (const [what, run] of steps) if (!(await tally.story(`${name}: ${what}`, () => run(state)))) break;
      for (const somebody of people) {
        tally.check(somebody.faults.length === 0, `${name}: ${somebody.faults.join("; ")}`);
        await somebody.context.close();
      }
    } finally {
      for (const house of houses) await house.close();
    }
  }
}

/** Drops files on a place of a page, as somebody does who drags them from a folder. */
async function drops({ page, context }, place, paths) {
  const box = await page.locator(place).first().boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const devtools = await context.newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) await devtools.send("Input.dispatchDragEvent", { type, x, y, data });
  await devtools.detach();
}

async function brings(state) {
  const { houses, ours, way, picture } = state;
  const { page, hands } = ours;
  const file = join(houses[0].root, "joint-elements.txt");
  await writeFile(file, TEXTS[way.language]);
  await ours.go("/dialogues");
  await picture(ours, "dialogues-empty");
  await hands.press("a[href='/dialogues/readings']");
  await hands.press("a[href='/dialogues/readings/files']");
  await picture(ours, "dialogues-files");
  if (way.keyboard) {
    const chosen = page.waitForEvent("filechooser");
    await hands.tap("#f-files");
    await (await chosen).setFiles([file]);
  } else {
    await drops(ours, "form[data-portions]", [file]);
    await page.waitForFunction(() => /1/.test(document.querySelector("form[data-portions] .kept").textContent));
  }
  await hands.press("form[data-portions] button.go");
  await page.waitForURL(/\/dialogues\/intakes\//);
  // The page looks again by itself until the trial is over, and leads to it then.
  await page.waitForSelector("#progress a.go", { timeout: 30_000 });
  if ((await page.locator("#trial").count()) === 0) await hands.press("#progress a.go");
  assert.match(await ours.says("#trial"), /joint-elements\.txt/);
  await picture(ours, "intake-tried");
  await hands.press("form[action$='/take'] button");
  await page.waitForSelector("#progress a.go", { timeout: 30_000 });
  if ((await page.locator("#taken").count()) === 0) await page.reload();
  await picture(ours, "intake-taken");
  await hands.press("#taken a");
  assert.match(page.url(), /\/dialogues\/readings\/[^/]+$/);
}

/** The clause that has a word: what is found of it. */
const clause = (page, word) => page.locator("ol.records > li", { hasText: word }).first();

async function corrects({ ours, words, picture }) {
  const { page, hands } = ours;
  const reading = page.url();
  assert.ok(!(await ours.says("main")).includes("example.org"), "who answers the press is left out");
  await picture(ours, "reading");
  // From the source to what was found, and back.
  const mark = page.locator("article.source mark", { hasText: words.points }).first();
  const place = await mark.locator("a").getAttribute("href");
  await hands.tap(`article.source mark a[href='${place}']`);
  const at = (hash) => page.waitForFunction((hash) => location.hash === hash, hash);
  await at(place);
  await hands.tap(`${place} .name a`);
  await at(`#${await mark.getAttribute("id")}`);

  // Another act for a clause.
  const id = await clause(page, words.condemned).getAttribute("id");
  await hands.press(`a[href$='/clauses/${id}']`);
  const act = await page.locator("input[name=act]:checked").inputValue();
  const other = act === "reaffirmation" ? "position" : "reaffirmation";
  await hands.choose(`input[name=act][value=${other}]`);
  await picture(ours, "clause");
  await hands.press("main form button.go");
  assert.equal(page.url().split("#")[0], reading.split("#")[0]);
  assert.match(await clause(page, words.condemned).textContent(), new RegExp(words.corrected, "i"));

  // Cut in two, and joined again.
  const before = await page.locator("ol.records > li").count();
  const cut = await clause(page, words.points).getAttribute("id");
  await hands.press(`form[action$='/split/${cut}'] button`);
  assert.equal(await page.locator("ol.records > li").count(), before + 1);
  await picture(ours, "reading-cut");
  const first = await clause(page, words.points).getAttribute("id");
  await hands.press(`form[action$='/merge/${first}'] button`);
  assert.equal(await page.locator("ol.records > li").count(), before);

  // The head: a date that is none is told beside its field, and what was typed stays.
  await hands.press("a[href$='/head']");
  await hands.write("#f-place", "Bruxelles");
  await hands.write("#f-end", "yesterday");
  await hands.press("main form button.go");
  await page.waitForSelector("#f-end-error");
  await picture(ours, "head");
  assert.equal(await page.inputValue("#f-place"), "Bruxelles");
  await hands.write("#f-end", "2019-06-11");
  await hands.press("main form button.go");
  assert.match(await ours.says("main dl.facts"), /Bruxelles/);
}

async function confirms({ ours, words, picture }) {
  const { page, hands } = ours;
  assert.equal((await page.request.get(ours.at("/dialogues/register"))).status(), 200);
  await hands.press("main a.go[href$='/confirm']");
  await picture(ours, "confirm");
  await hands.choose("input[name=standing][value=joint]");
  await hands.press("main form button.go");
  assert.match(new URL(page.url()).pathname, /^\/dialogues\/sessions\//);
  assert.match(await ours.says("#committed"), new RegExp(words.points));
  await picture(ours, "session");
}

/** Chooses the other party, and how far it may go. */
async function names({ page, hands }, whom) {
  await hands.choose('input[name=tlp][value="AMBER+STRICT"]');
  const box = await page.locator("input[name=for]").evaluateAll((all, whom) => all.find((one) => one.labels[0].textContent.trim() === whom)?.id, whom);
  assert.ok(box, `${whom} can be named`);
  await hands.choose(`#${box}`);
}

async function shares(state) {
  const { houses, ours, theirs, words, picture } = state;
  const { page, hands } = ours;
  const session = new URL(page.url()).pathname;
  state.session = session;
  await theirs.go(session);
  assert.ok(!(await theirs.says("main")).includes(words.points), "confirmed is for us alone");
  await hands.press(`a[href='${session}/share']`);
  // For nobody it goes to nobody, and it says so.
  await hands.press("main form button.go");
  await page.waitForSelector("#f-for-error");
  await names(ours, words.theirs);
  await picture(ours, "share");
  await hands.press("main form button.go");
  assert.equal(new URL(page.url()).pathname, session);
  await houses[1].asks();
  await theirs.go("/dialogues");
  assert.ok((await theirs.page.locator("#came li").count()) >= 1, "it came");
  await picture(theirs, "came-in");
  await theirs.go(session);
  assert.match(await theirs.says("#committed"), new RegExp(words.points));
}

/** Says what followed of the commitment that has a word; its path. */
async function says(somebody, session, word, { state, account, whom }) {
  const { page, hands } = somebody;
  await somebody.go(session);
  const path = await page.locator("#committed a[href^='/dialogues/commitments/']", { hasText: word }).first().getAttribute("href");
  await hands.press(`#committed a[href='${path}']`);
  await hands.press("#followed a.go");
  await hands.choose(`input[name=state][value=${state}]`);
  await hands.write("#f-account", account);
  await names(somebody, whom);
  await hands.press("main form button.go");
  assert.equal(new URL(page.url()).pathname, path);
  return path;
}

async function accounts(state) {
  const { houses, ours, theirs, words, picture } = state;
  const session = new URL(ours.page.url()).pathname;
  const path = await says(ours, session, words.points, { state: "implemented", account: words.ours, whom: words.theirs });
  await says(theirs, session, words.points, { state: "under_way", account: words.other, whom: "External Action Service" });
  state.commitment = path;
  for (const house of [...houses, ...houses]) await house.asks();
  const shown = [];
  for (const somebody of [ours, theirs]) {
    await somebody.go(path);
    const told = await somebody.says("#followed");
    for (const account of [words.differ, words.ours, words.other]) assert.ok(told.includes(account), `${account} is not in ${told}`);
    const boxes = await somebody.page.locator("#followed .columns > div").evaluateAll((all) => all.map((one) => [Math.round(one.getBoundingClientRect().width), getComputedStyle(one).fontSize]));
    assert.equal(boxes.length, 2);
    assert.deepEqual(boxes[0], boxes[1], "both voices have the same size");
    // To whom one's own goes is told to oneself alone.
    shown.push(await somebody.page.locator("#followed .columns > div").evaluateAll((all) =>
      all.map((one) => [...one.children].filter((part) => !part.matches("p.meta")).map((part) => part.textContent)),
    ));
    await somebody.go("/dialogues");
    assert.equal(await somebody.page.locator("#differ ol > li, #differ tbody tr").count(), 1);
  }
  assert.deepEqual(shown[0], shown[1], "on both nodes the same");
  await ours.go(path);
  await picture(ours, "accounts");
  const before = await ours.page.getAttribute("a[href*='/versions/']", "href");
  await ours.go(before);
  await picture(ours, "version");
  await ours.go(session);
  const text = await ours.page.getAttribute("main a[href^='/dialogues/texts/']", "href");
  await ours.go(text);
  await picture(ours, "text");
  await ours.go(`${text}/consent`);
  await picture(ours, "consent");
  await ours.go(`${text}/confirm`);
  await picture(ours, "confirm-whole");
  // What puts right what was entered wrong, and takes back what was given.
  const series = await ours.page.request.get(ours.at(session));
  const [, home] = /href="(\/dialogues\/series\/[^"/]+)"/.exec(await series.text());
  for (const [way, name] of [
    [`${text}/consent/back`, "consent-back"],
    [`${text}/confirm/back`, "confirm-back"],
    [`${path}/consent/back`, "statement-back"],
    [`${text}/edit`, "text-edit"],
    [`${text}/withdraw`, "withdraw-text"],
    [`${session}/withdraw`, "withdraw-session"],
    [`${session}/told`, "session-told"],
    [`${home}/withdraw`, "withdraw-series"],
    [home, "series"],
    [`${home}/same`, "series-same"],
  ]) {
    await ours.go(way);
    await picture(ours, name);
  }
}
