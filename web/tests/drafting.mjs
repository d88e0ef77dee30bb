// A text in the making, in both languages: from the session to what is open, a round prepared by keyboard, put aside, compared, as a file.
import assert from "node:assert/strict";
import { sideways, violations } from "./faults.mjs";
import { picture } from "./pictures.mjs";

const WORDS = {
  en: { drafts: "Texts in the making", open: "Open", instead: "would say “once” instead of “twice”", held: "in brackets", edit: "Edit paragraph 1", keep: "Save the paragraph", unclosed: "is not closed", shall: "would put in", refuse: "Object", gone: "Nothing had left" },
  fr: { drafts: "Textes en préparation", open: "En suspens", instead: "dirait «\u00a0once\u00a0» au lieu de «\u00a0twice\u00a0»", held: "entre crochets", edit: "Modifier le paragraphe 1", keep: "Enregistrer le paragraphe", unclosed: "n’est pas fermé", shall: "ajouterait", refuse: "S’opposer", gone: "Rien n’était sorti" },
};

export async function drafting({ page, at, tally }) {
  for (const [language, words] of Object.entries(WORDS)) {
    await tally.story(`a text is made in rounds (${language})`, async () => {
      await page.goto(at(`/dialogues?lang=${language}&theme=light`));
      await page.click("a[href^='/dialogues/sessions/'][href$='/brief']");
      await page.goto(page.url().replace(/\/brief.*/, "/drafts"));
      assert.match(await page.textContent("h1"), new RegExp(words.drafts));
      await page.click("tr[data-row] a");
      const draft = page.url();
      const shown = await page.textContent("main");
      for (const told of [words.open, words.instead, words.held]) assert.ok(shown.includes(told), `${told} is not in ${shown}`);
      assert.ok((await page.locator("main ins").count()) >= 2 && (await page.locator("main del").count()) >= 1);

      // A round as a file, and compared with the one before.
      const file = await page.request.get(at(await page.getAttribute("aside a[href$='round.docx']", "href")));
      assert.match(file.headers()["content-type"], /wordprocessingml/);
      assert.match(file.headers()["content-disposition"], /^attachment/);
      assert.equal((await file.body()).subarray(0, 2).toString(), "PK");
      await page.click("form[action$='/compare'] button");
      assert.equal(await page.locator("main ins").first().textContent(), "once");

      // The next round, by keyboard: a wrong bracket is told beside its field, what was typed stays.
      await page.goto(draft);
      await page.locator("form[action$='/work'] button").press("Enter");
      await page.waitForURL(/\/work$/);
      await page.getByText(words.edit).press("Enter");
      await page.waitForURL(/\/work[/]/);
      const text = await page.inputValue("#f-words");
      await page.fill("#f-words", `${text} [`);
      await page.getByRole("button", { name: words.keep }).press("Enter");
      assert.match(await page.textContent("#f-words-error"), new RegExp(words.unclosed));
      await page.fill("#f-words", text.replace("law", "law, as a whole,"));
      await page.getByRole("button", { name: words.keep }).press("Enter");
      await page.waitForURL(/\/work\b/);
      const before = await page.textContent("main");
      await page.getByRole("button", { name: words.refuse }).first().press("Enter");
      await page.waitForURL(/\/work\b/);
      assert.notEqual(await page.textContent("main"), before);
      assert.deepEqual([await violations(page), await sideways(page)], [[], ""]);
      await picture(page, `drafting-work-${language}`);

      // On paper it is the text; and let go, nothing is left.
      await page.emulateMedia({ media: "print" });
      assert.equal(await page.locator(".desks, .search").filter({ visible: true }).count(), 0);
      await page.emulateMedia({ media: null });
      await page.locator("form[action$='/drop'] button").press("Enter");
      await page.waitForURL(draft);
      assert.match(await page.textContent(".said"), new RegExp(words.gone));
    });
  }
}
