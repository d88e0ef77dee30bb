// Two nodes are introduced to each other. A bundle is made on one of them, carried to another, tried, taken, and its receipt carried back; what is brought twice is refused with its reason.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { House, command, person, report, settled } from "./house.mjs";

export async function carry(state) {
  const other = await House.open(state.program, "Belmark");
  try {
    if (!(await state.step("two nodes are introduced to each other, by a file and by words", () => introduces(state, other)))) return;
    await state.step("a bundle is sealed, carried, tried and taken, and its receipt comes back", () => carries(state, other));
  } finally {
    await other.close();
  }
}

/** Our people use the pages, theirs the terminal. What was typed wrongly stays beside its error. */
async function introduces({ house, first, picture, program }, other) {
  const { page, hands } = first;
  const theirs = join(other.root, "own.introduction");
  const made = JSON.parse(await command(program, ["peer", "introduce", other.folder, "--output", theirs, "--json"]));
  await first.go("/peers");
  await hands.write("#f-address", "by post");
  await hands.press("#introduce form button.go");
  await page.waitForSelector("#f-address-error");
  assert.equal(await page.inputValue("#f-address"), "by post");
  await hands.write("#f-address", "");
  await hands.press("#introduce form button.go");
  const words = (await page.textContent(".aloud")).trim().split(" ");
  const ours = join(house.root, "own.introduction");
  await writeFile(ours, await (await page.request.get(first.at("/peers/introduction"))).body());
  const added = JSON.parse(await command(program, ["peer", "add", other.folder, ours, "--json"]));
  await command(program, ["peer", "confirm", other.folder, added.name, ...words]);
  await hands.write("#f-file", '{ "type": "something else" }');
  await hands.press("#add form button.go");
  await page.waitForSelector("#f-file-error");
  assert.match(await page.inputValue("#f-file"), /something else/);
  await hands.write("#f-file", await readFile(theirs, "utf8"));
  await hands.press("#add form button.go");
  await hands.write("#f-words", words.join(" "));
  await hands.press("#confirm form button.go");
  await page.waitForSelector("#f-words-error");
  assert.equal(await page.inputValue("#f-words"), words.join(" "), "what was heard is kept");
  await picture(first, "words");
  await hands.write("#f-words", made.words.english);
  await hands.press("#confirm form button.go");
  assert.equal(await page.locator("#confirm").count(), 0, "it is confirmed");
  await first.go("/peers");
  assert.match(await first.says("main table"), /Belmark/);
  await picture(first, "peers");
}

async function carries({ house, way, first, browser, picture }, other) {
  const theirs = await person(browser, other, way);
  try {
    await settled(theirs, other, way.language);
    await house.bring([report(20, "For Belmark alone", "What the port told us.")], "--tlp", "AMBER", "--for", "Belmark");
    const one = await seals(first);
    assert.ok(!one.includes("For Belmark alone"), "it is encrypted");
    await brings(theirs, one, "from-valmora.bundle");
    assert.match(theirs.page.url(), /\/bundles\/brought$/);
    assert.match(await theirs.says("main dl.facts"), /Ministry for Digital Affairs of Valmora|Valmora/);
    assert.equal((await theirs.page.request.get(theirs.at("/records/report--00000000-0000-4000-8000-000000000020"))).status(), 404, "nothing is taken yet");
    await picture(theirs, "brought");
    await theirs.hands.press("form[action='/bundles/take'] button");
    await theirs.go("/records/report--00000000-0000-4000-8000-000000000020");
    assert.match(await theirs.says("h1"), /For Belmark alone/);
    await brings(theirs, one, "from-valmora.bundle");
    await theirs.page.waitForSelector("#f-file-error");
    assert.match(await theirs.says("table"), /from-valmora\.bundle/);
    await picture(theirs, "bundles");
    const back = await seals(theirs);
    await brings(first, back, "from-belmark.bundle");
    await first.hands.press("form[action='/bundles/take'] button");
    assert.match(await first.says("main"), way.language === "fr" ? /n°.1.: 1 pièce prise avec 1 sceau/i : /No\. 1: 1 record taken with 1 seal/);
    await picture(first, "receipts");
  } finally {
    await theirs.context.close();
  }
}

/** Makes a bundle for the only peer: its content. */
async function seals(somebody) {
  await somebody.go("/bundles");
  const coming = somebody.page.waitForEvent("download");
  await somebody.hands.tap("form[action='/bundles/seal'] button.go, form[action='/bundles/seal'] button");
  const download = await coming;
  assert.match(download.suggestedFilename(), /\.bundle$/);
  return readFile(await download.path());
}

/** Brings one in; the file dialog itself is the browser's. */
async function brings(somebody, content, name) {
  await somebody.go("/bundles");
  await somebody.page.setInputFiles("#f-file", { name, mimeType: "application/octet-stream", buffer: content });
  await somebody.hands.press("form[action='/bundles/try'] button.go");
}
