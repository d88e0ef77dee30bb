// What was put forward, entered or shared is moved or taken back, and what stands in its place is read on both nodes: a round of a text, what
// runs between sessions, a session for an observer less, a text and its session that were entered by mistake.
import assert from "node:assert/strict";

const WORDS = {
  en: { gone: "Withdrawn", reason: "It went out too early.", name: "Working arrangement", mistake: "Entered by mistake", observer: "Canada" },
  fr: { gone: "Retiré", reason: "Il est parti trop tôt.", name: "Arrangement de travail", mistake: "Enregistrement par erreur", observer: "Canada" },
};
const PARAGRAPHS = "Both sides will exchange contact points.\n\nBoth sides will meet again.";

/** The steps, in their order: the last leaves nothing to take back. */
export const TAKEN = [
  ["a text in the making is moved by its next round, which is asked back, and then the draft", rounds],
  ["what runs between sessions is withdrawn on its page", between],
  ["a session is shared again with fewer, and it is asked first", fewer],
  ["a text and its session that were entered by mistake are withdrawn", mistaken],
];

/** All nodes have what they may have of each other. */
async function exchanged({ houses }) {
  for (const house of [...houses, ...houses]) await house.asks();
}

/** Where somebody is. */
const here = ({ page }) => new URL(page.url()).pathname;

/** How far it may go, and these of whom it can go to, no others. */
async function goes({ page, hands }, whom) {
  await hands.choose('input[name=tlp][value="AMBER+STRICT"]');
  const boxes = await page.locator("input[name=for]").evaluateAll((all) => all.map((one) => ({ id: one.id, name: one.labels[0].textContent.trim() })));
  assert.ok(whom.every((name) => boxes.some((box) => box.name === name)), `${whom} can be named: ${boxes.map((box) => box.name)}`);
  for (const { id, name } of boxes) await hands.choose(`#${id}`, whom.includes(name));
}

/** Sends the form of a page; it goes on to another. */
async function sends(somebody) {
  const before = here(somebody);
  await somebody.hands.press("main form button.go");
  assert.notEqual(here(somebody), before, `${before}: ${await somebody.page.locator("#summary").allTextContents()}`);
}

/** Sends a form that takes something back: not before it is meant from those whom it names. */
async function means(somebody, name) {
  const { page, hands } = somebody;
  const before = here(somebody);
  await hands.press("main form button.go");
  await page.waitForSelector("#f-take-back-error");
  assert.equal(here(somebody), before);
  assert.match(await somebody.says("#f-take-back-error"), new RegExp(name));
  await hands.choose("#f-take-back");
  await sends(somebody);
}

/** Takes back what a page shows, by its way there, with a reason. */
async function takesBack({ state, way, reason, look }) {
  const { ours, picture } = state;
  await ours.hands.press(`a[href='${way}']`);
  if (reason) await ours.hands.write("#f-reason", reason);
  if (look) await picture(ours, look);
  await means(ours, state.theirName);
}

/** A page that says that something was withdrawn, and why. */
async function isGone(somebody, path, ...told) {
  const answer = await somebody.go(path);
  assert.equal(answer.status(), 410, path);
  const text = await somebody.says("main");
  for (const part of told) assert.ok(text.includes(part), `${part} is not in ${text}`);
}

async function rounds(all) {
  const { ours, theirs, way, picture, session } = all;
  const state = { ...all, words: WORDS[way.language], theirName: all.words.theirs };
  const { words } = state;
  const { page, hands } = ours;
  await ours.go(session);
  await hands.press("a[href^='/dialogues/series/']");
  await hands.press("a[href^='/dialogues/sessions/new']");
  await hands.write("#f-ordinal", "6");
  await hands.write("#f-start", "2027-05-20");
  await goes(ours, [state.theirName]);
  await sends(ours);
  const next = here(ours);
  assert.match(next, /^\/dialogues\/sessions\/[^/]+$/);
  await ours.go(session);
  await hands.press(`a[href='${session}/drafts']`);
  await hands.press(`main a[href='${session}/drafts/new']`);
  await hands.write("#f-title", "Elements");
  await hands.write("#f-text", PARAGRAPHS);
  await goes(ours, [state.theirName]);
  await sends(ours);
  const draft = here(ours);
  await hands.press("form[action$='/work'] button");
  await hands.press(`a[href='${draft}/forward']`);
  // Begun for the wrong session: the round takes the text to the next one.
  assert.equal(await page.inputValue("#f-session"), `session--${session.split("/").pop()}`);
  await hands.pick("#f-session", `session--${next.split("/").pop()}`);
  await goes(ours, [state.theirName]);
  await picture(ours, "forward");
  await sends(ours);
  const second = here(ours);
  assert.match(second, /\/rounds\/[^/]+$/);
  const first = `${draft}/rounds/${draft.split("/").pop()}`;
  const files = (somebody) => somebody.page.locator("aside a[href$='/round.docx']").count();
  const listed = async (somebody, of = next) => {
    await somebody.go(`${of}/drafts`);
    return somebody.page.locator(`main tbody a[href='${draft}']`).count();
  };
  await exchanged(state);
  await theirs.go(draft);
  assert.equal(await files(theirs), 2, "the other side has both rounds");
  for (const somebody of [ours, theirs]) assert.deepEqual([await listed(somebody), await listed(somebody, session)], [1, 0], "it is listed where it is now");

  // The second one back: the draft goes on from the first, and says so on both nodes.
  await ours.go(second);
  await takesBack({ state, way: `${second}/withdraw`, reason: words.reason, look: "round-withdraw" });
  assert.equal(here(ours), draft);
  assert.equal(await files(ours), 1);
  await exchanged(state);
  for (const somebody of [ours, theirs]) {
    await somebody.go(draft);
    assert.equal(await files(somebody), 1, "one round stands");
    const text = await somebody.says("main");
    assert.ok(text.includes(words.gone) && text.includes(words.reason), text);
    await isGone(somebody, second, words.reason);
  }
  await ours.go(draft);
  await picture(ours, "round-withdrawn");

  // The first one too: nothing of it stands, and it is listed nowhere.
  await hands.press(`aside a[href='${first}']`);
  await takesBack({ state, way: `${first}/withdraw`, reason: words.reason });
  await exchanged(state);
  for (const somebody of [ours, theirs]) {
    await isGone(somebody, draft, words.gone, words.reason);
    for (const one of [next, session]) assert.equal(await listed(somebody, one), 0, "a draft of which nothing stands is listed nowhere");
  }
}

async function between(all) {
  const { ours, theirs, way, picture, commitment } = all;
  const state = { ...all, words: WORDS[way.language], theirName: all.words.theirs };
  const { words } = state;
  const { page, hands } = ours;
  const make = async (from, room, fields) => {
    await ours.go(from);
    await hands.press(`main a[href^='/dialogues/${room}/new'], aside a[href^='/dialogues/${room}/new']`);
    for (const [field, text] of Object.entries(fields)) {
      if (field === "progress") await hands.choose(`input[name=progress][value=${text}]`);
      else await hands.write(`#f-${field}`, text);
    }
    await goes(ours, [state.theirName]);
    await sends(ours);
    return here(ours);
  };
  const arrangement = await make(commitment, "arrangements", { name: words.name, parties: "EU, JP" });
  await make(arrangement, "strands", { name: "Strand one" });
  const activity = await make(arrangement, "activities", { name: "Visit", progress: "planned" });
  const event = await make(commitment, "events", { name: "Workshop", start: "2027-03-01" });
  const demarche = await make(commitment, "demarches", { subject: "Points of contact", towards: "BR", by: "EU", at: "2026-10-05" });
  await exchanged(state);
  for (const path of [arrangement, activity, event, demarche]) {
    assert.equal((await theirs.go(path)).status(), 200, `${path} is there`);
    assert.equal(await theirs.page.locator("a[href$='/withdraw']").count(), 0, "what another wrote is not ours to withdraw");
  }
  // What hangs on an arrangement goes first.
  for (const [path, kind] of [[activity, "activity"], [arrangement, "strand"], [arrangement, "arrangement"], [event, "event"], [demarche, "demarche"]]) {
    await ours.go(path);
    await hands.press(`a[href^='/records/${kind}--'][href$='/withdraw']`);
    assert.match(await ours.says("main"), new RegExp(state.theirName), "who had it is named first");
    if (kind === "event") await picture(ours, "withdraw-event");
    await hands.press("main form button.go");
    await page.waitForSelector("#f-reason-error");
    await hands.write("#f-reason", words.reason);
    await sends(ours);
  }
  await exchanged(state);
  for (const somebody of [ours, theirs]) for (const path of [activity, arrangement, event, demarche]) await isGone(somebody, path, words.gone);
  await ours.go(event);
  await picture(ours, "event-withdrawn");
  await theirs.go(commitment);
  for (const path of [arrangement, event, demarche]) assert.equal(await theirs.page.locator(`a[href='${path}']`).count(), 0, "it serves nothing any more");
}

async function fewer(all) {
  const { ours, theirs, way, picture, session } = all;
  const state = { ...all, words: WORDS[way.language], theirName: all.words.theirs };
  const { words } = state;
  const { page, hands } = ours;
  await ours.go("/participants/new");
  await hands.write("#f-name", words.observer);
  await hands.choose("input[name=kind][value=state]");
  await sends(ours);
  // An observer who sees all, named where the session goes.
  await ours.go(session);
  await hands.press(`a[href='${session}/observers']`);
  const label = page.locator("label", { hasText: words.observer }).first();
  await hands.choose(`#${await label.getAttribute("for")}`);
  await hands.choose("input[name=sees][value=all]");
  await sends(ours);
  assert.match(await ours.says("main"), new RegExp(words.observer));
  await hands.press(`a[href='${session}/share']`);
  await goes(ours, [state.theirName, words.observer]);
  await sends(ours);
  await ours.go(`${session}/share`);
  const having = () => page.locator("main dl.facts > div", { hasText: words.observer }).count();
  const before = await having();
  assert.ok(before > 2, "it is told who has the series, the session and what it says");
  // Without the observer: asked first, with the name.
  await goes(ours, [state.theirName]);
  await hands.press("main form button.go");
  await page.waitForSelector("#f-take-back-error");
  assert.match(await ours.says("#f-take-back-error"), new RegExp(words.observer));
  assert.ok(!(await ours.says("#f-take-back-error")).includes(state.theirName), "who keeps it is not named");
  await picture(ours, "share-fewer");
  await hands.choose("#f-take-back");
  await sends(ours);
  await ours.go(`${session}/share`);
  // Whoever has the series by one of its sessions keeps it, and nothing else.
  assert.equal(await having(), 1);
  assert.equal(await page.locator("main dl.facts > div", { hasText: state.theirName }).count(), await page.locator("main dl.facts > div").count());
  await exchanged(state);
  await theirs.go(session);
  assert.match(await theirs.says("#committed"), new RegExp(all.words.points), "the other party keeps it");
}

async function mistaken(all) {
  const { ours, theirs, way, picture, session } = all;
  const state = { ...all, words: WORDS[way.language], theirName: all.words.theirs };
  const { words } = state;
  const { hands, page } = ours;
  await ours.go(session);
  const series = await page.locator("a[href^='/dialogues/series/']").first().getAttribute("href");
  const text = await page.locator("#texts a").first().getAttribute("href");
  // The text stands in the way of its session.
  await hands.press(`a[href='${session}/withdraw']`);
  assert.equal(await page.locator(`#hangs a[href='${text}']`).count(), 1);
  assert.equal(await page.locator("main form button.go").count(), 0);
  await hands.press(`#hangs a[href='${text}']`);
  await takesBack({ state, way: `${text}/withdraw` });
  assert.equal(here(ours), session);
  await exchanged(state);
  for (const somebody of [ours, theirs]) {
    await isGone(somebody, text, words.gone, words.mistake);
    await isGone(somebody, all.commitment, words.gone);
    await somebody.go(session);
    assert.equal(await somebody.page.locator("#committed, #texts a").count(), 0, "nothing of it stands in the session");
  }
  await ours.go(text);
  await picture(ours, "text-withdrawn");
  await ours.go(session);
  await takesBack({ state, way: `${session}/withdraw` });
  assert.equal(here(ours), series);
  await exchanged(state);
  for (const somebody of [ours, theirs]) {
    await isGone(somebody, session, words.gone, words.mistake);
    await somebody.go(series);
    assert.equal(await somebody.page.locator(`main a[href='${session}']`).count(), 0);
  }
}
