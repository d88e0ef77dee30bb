// A bundle is made on one node, carried to another, tried, taken, and its receipt carried back; what is brought twice is refused with its reason.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { House, command, person, report } from "./house.mjs";

export async function carry({ house, way, first, browser, picture, step, program }) {
  await step("a bundle is sealed, carried, tried and taken, and its receipt comes back", async () => {
    const other = await House.open(program, "Belmark");
    const theirs = await person(browser, other, way);
    try {
      await acquainted(house, other);
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
      assert.match(await first.says("main"), way.language === "fr" ? /\d+ prises/ : /No\. 1: \d+ taken/);
      await picture(first, "receipts");
    } finally {
      await theirs.context.close();
      await other.close();
    }
  });
}

/** Sets the other node up, by the shortest way. */
async function settled({ hands, page, go }, house, language) {
  await go(`/setup?lang=${language}&theme=light`);
  await hands.write("#f-secret-code", house.code);
  await hands.write("#f-name", "Cleo Marin");
  await hands.write("#f-login", "cleo");
  await hands.press("main form button.go");
  await hands.write("#f-label", "grey key");
  await hands.tap("form[data-passkey] button.go");
  await page.waitForSelector("ol.codes");
  await hands.press("main a.go");
  await hands.press("main form button.go");
  await hands.press("main form button.go");
  assert.equal(new URL(page.url()).pathname, "/");
}

/** Each reads its words to the other. */
async function acquainted(one, other) {
  const files = [join(one.root, "own.introduction"), join(other.root, "own.introduction")];
  const words = [];
  for (const [house, file] of [[one, files[0]], [other, files[1]]]) {
    const made = await command(house.program, ["peer", "introduce", house.folder, "--output", file, "--json"]);
    words.push(JSON.parse(made).words.english.split(" "));
  }
  for (const [house, file, spoken] of [[one, files[1], words[1]], [other, files[0], words[0]]]) {
    const added = JSON.parse(await command(house.program, ["peer", "add", house.folder, file, "--json"]));
    await command(house.program, ["peer", "confirm", house.folder, added.name, ...spoken]);
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
