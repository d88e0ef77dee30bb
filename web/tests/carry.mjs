// A bundle is made on one node, carried to another, tried, taken, and its receipt carried back; what is brought twice is refused with its reason.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { House, acquainted, person, report, settled } from "./house.mjs";

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
      assert.match(await first.says("main"), way.language === "fr" ? /n°.1.: 1 pièce prise avec 1 sceau/i : /No\. 1: 1 record taken with 1 seal/);
      await picture(first, "receipts");
    } finally {
      await theirs.context.close();
      await other.close();
    }
  });
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
