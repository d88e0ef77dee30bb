// What one side thinks of how the other kept a commitment: written inside, let go to the side judged, replied to; and a side's consent to
// what the other's text says of it. The pages that nothing else leads to.
import assert from "node:assert/strict";

const WORDS = {
  en: { side: "Japan", account: "The list came, without its telephone numbers.", reply: "The numbers follow by the end of the year." },
  fr: { side: "Japon", account: "La liste est venue, sans numéros de téléphone.", reply: "Les numéros suivront avant la fin de l’année." },
};

/** Chooses what its label says, among those of one name. */
async function called({ page, hands }, name, label) {
  const id = await page.locator(`input[name=${name}]`).evaluateAll((all, label) => all.find((one) => one.labels[0].textContent.includes(label))?.id, label);
  assert.ok(id, `${label} can be chosen`);
  await hands.choose(`#${id}`);
}

export async function judged({ houses, ours, theirs, way, picture, commitment }) {
  const words = WORDS[way.language];
  const { page, hands } = ours;
  await ours.go(commitment);
  await hands.press(`a[href='${commitment}/appraisal']`);
  // Without what it rests on it is none: told beside the field, and what was written stays.
  await called(ours, "of", words.side);
  await hands.choose("input[name=score][value='0']");
  await hands.write("#f-account", words.account);
  await hands.press("main form button.go");
  await page.waitForSelector("#f-basis-error");
  assert.equal(await page.inputValue("#f-account"), words.account);
  await picture(ours, "appraisal");
  await hands.write("#f-basis", "CERT Valmora, 2026");
  await hands.press("main form button.go");
  assert.equal(new URL(page.url()).pathname, commitment);
  for (const house of [...houses, ...houses]) await house.asks();
  await theirs.go(commitment);
  assert.ok(!(await theirs.says("main")).includes(words.account), "it stays inside");
  assert.equal(await theirs.page.locator("#appraisals").count(), 0);

  // It goes to the side judged, and not without a day until which that may reply.
  await hands.press("#appraisals a[href$='/release']");
  const day = await page.inputValue("#f-reply_by");
  assert.match(day, /^\d{4}-\d\d-\d\d$/);
  await picture(ours, "appraisal-release");
  await hands.press("main form button.go");
  assert.equal(new URL(page.url()).pathname, commitment);
  await picture(ours, "appraised");
  for (const house of [...houses, ...houses]) await house.asks();
  await theirs.go(commitment);
  assert.ok((await theirs.says("#appraisals")).includes(words.account), "the side judged reads it");

  // Its reply stands beside, and as large.
  await theirs.hands.press("#appraisals a[href$='/reply']");
  await theirs.hands.press("main form button.go");
  await theirs.page.waitForSelector("#f-words-error");
  await picture(theirs, "appraisal-reply");
  await theirs.hands.write("#f-words", words.reply);
  await theirs.hands.press("main form button.go");
  assert.equal(new URL(theirs.page.url()).pathname, commitment);
  for (const house of [...houses, ...houses]) await house.asks();
  await ours.go(commitment);
  assert.ok((await ours.says("#appraisals")).includes(words.reply));
  const sizes = await page.locator("#appraisals .columns > div").evaluateAll((all) => all.map((one) => getComputedStyle(one.querySelector("p")).fontSize));
  assert.deepEqual(sizes, [sizes[0], sizes[0]]);
  await picture(ours, "appraisal-replied");

  // A commitment that the other side's text reports of us: we confirm it, or not.
  await ours.go(`${commitment}/consent`);
  await picture(ours, "commitment-consent");
  await hands.press("main form button.go");
  assert.ok((await page.locator("main .said, main #summary, main .error").count()) > 0, "it says what came of it");
}
